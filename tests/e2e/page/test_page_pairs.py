"""Letting a phone's browser in: by an address that is used up and nowhere to be found afterwards."""

from __future__ import annotations

from fakes.browser import Look, Visit, opened
from fakes.page_on_phone import Served
from playwright.sync_api import Browser, expect


def test_the_address_of_a_pairing_leaves_no_trace_in_the_browser(browser: Browser, served: Served) -> None:
    context = opened(browser, Look())
    visit = Visit(context.new_page(), served.home)
    address = served.invitation()
    secret = address.rpartition("=")[2]
    visit.page.goto(address)
    expect(visit.page.locator("#empty")).to_be_visible()
    assert visit.page.url == f"{served.home}/"
    history = context.new_cdp_session(visit.page).send("Page.getNavigationHistory")
    assert secret not in str([(entry["url"], entry["title"]) for entry in history["entries"]])
    assert secret not in visit.page.evaluate(
        "JSON.stringify([history.state, {...localStorage}, {...sessionStorage}])"
    )
    assert not any(secret in one.url or secret in str(one.headers) for one in visit.asked)
    assert visit.complaints() == []
    context.close()

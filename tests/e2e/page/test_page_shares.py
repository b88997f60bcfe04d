"""One tap shares one file; what the person then says is what the ledger says, and nothing else is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from fakes.browser import Visit, share
from fakes.page_on_phone import Served
from playwright.sync_api import APIResponse, Route, expect

from pipeline.ledger import exclusive
from pipeline.model import WAITING_FOR_SEND, State

Open = Callable[..., Visit]


def test_one_tap_shares_the_very_file_once_and_the_person_says_what_became_of_it(
    served: Served, visit: Open
) -> None:
    served.photo("shared.jpg")
    assert served.call("run").code == 0
    row = served.delivery("shared.jpg")
    phone = visit()
    expect(phone.page.locator("#name")).to_have_text("shared.jpg")
    share(phone)
    expect(phone.page.locator("#sheet")).to_be_visible()
    (call,) = phone.shared()
    (file,) = served.call("show", str(row.id), "--json").json()["files"]
    assert call["keys"] == ["files"]  # WhatsApp on an iPhone drops the file when there is text
    assert call["can"] is True
    sent = {key: call["files"][0][key] for key in ("sha256", "size")}
    assert sent == {"sha256": file["sha256"], "size": file["bytes"]}
    assert call["files"][0]["type"] == "image/jpeg"
    served.settles("shared.jpg", State.SHARED)  # which isn't sent

    phone.page.locator("#sent").tap()
    expect(phone.page.locator("#empty")).to_be_visible()
    expect(phone.page.locator("#done li").first).to_contain_text("shared.jpg")
    told = served.call("show", str(row.id), "--json").json()
    assert [event["event"] for event in told["events"]][-3:] == ["opened", "shared", "confirmed"]
    assert len(phone.shared()) == 1


@pytest.mark.parametrize("outcome", ["AbortError", "InvalidStateError"])
def test_a_share_sheet_that_was_closed_changes_nothing(served: Served, visit: Open, outcome: str) -> None:
    served.photo(f"closed-{outcome}.jpg")
    served.run()
    phone = visit()
    share(phone, outcome)
    phone.page.wait_for_timeout(300)
    assert len(phone.shared()) == 1
    expect(phone.page.locator("#share")).to_be_enabled()
    expect(phone.page.locator("#sheet")).to_be_hidden()
    expect(phone.page.locator("#by-hand")).to_be_hidden()
    served.settles(f"closed-{outcome}.jpg", State.OPENED)
    share(phone)
    expect(phone.page.locator("#sheet")).to_be_visible()


def test_skipping_can_be_undone_and_not_yet_leaves_it_ready(served: Served, visit: Open) -> None:
    served.photo("undone.jpg")
    served.run()
    phone = visit()
    share(phone)
    phone.page.locator("#not-yet").tap()
    expect(phone.page.locator("#sheet")).to_be_hidden()
    served.settles("undone.jpg", State.OFFERED, State.OPENED)
    expect(phone.page.locator("#name")).to_have_text("undone.jpg")

    phone.page.locator("#ask").tap()
    phone.page.locator("#skip").tap()
    expect(phone.page.locator("#empty")).to_be_visible()
    served.settles("undone.jpg", State.SKIPPED)
    phone.page.locator("#toast-undo").tap()
    expect(phone.page.locator("#name")).to_have_text("undone.jpg")
    served.settles("undone.jpg", State.OFFERED, State.OPENED)


def test_a_sheet_put_aside_asks_again_when_the_page_is_opened_anew(served: Served, visit: Open) -> None:
    served.photo("aside.jpg")
    served.run()
    phone = visit()
    share(phone)
    expect(phone.page.locator("#sheet")).to_be_visible()
    phone.page.keyboard.press("Escape")
    expect(phone.page.locator("#share-text")).to_have_text("Share once more")
    served.settles("aside.jpg", State.SHARED)
    phone.page.reload()
    expect(phone.page.locator("#sheet")).to_be_visible()
    phone.page.touchscreen.tap(180, 60)  # beside it
    expect(phone.page.locator("#sheet")).to_be_hidden()
    served.settles("aside.jpg", State.SHARED)


def test_the_parts_of_a_clip_come_in_their_order(served: Served, visit: Open) -> None:
    served.photo("between.jpg")
    served.run()
    served.clip("parts.mp4", seconds=3)
    served.photo("z-after.jpg")
    served.run()
    phone = visit()
    phone.page.get_by_role("button", name="Show parts.mp4, WhatsApp · Part 1 of 2").tap()
    for part in (1, 2):
        expect(phone.page.locator("#badge")).to_have_text(f"WhatsApp · Part {part} of 2")
        share(phone)
        phone.page.locator("#sent").tap()
    expect(phone.page.locator("#name")).to_have_text("z-after.jpg")
    for part in (1, 2):
        served.settles("parts.mp4", State.CONFIRMED, part=part)
    assert served.state("between.jpg") in WAITING_FOR_SEND
    first, second = (call["files"][0] for call in phone.shared())
    assert first["type"] == second["type"] == "video/mp4"
    assert first["sha256"] != second["sha256"]


def test_what_was_sent_can_be_sent_again(served: Served, visit: Open) -> None:
    served.photo("again.jpg")
    served.run()
    phone = visit()
    share(phone)
    phone.page.locator("#sent").tap()
    expect(phone.page.locator("#empty")).to_be_visible()
    phone.page.get_by_role("button", name="Send again: again.jpg").tap()
    expect(phone.page.locator("#name")).to_have_text("again.jpg")
    share(phone)
    phone.page.locator("#sent").tap()
    expect(phone.page.locator("#empty")).to_be_visible()
    assert len(phone.shared()) == 2
    served.settles("again.jpg", State.CONFIRMED)


def test_without_web_share_the_file_is_saved_and_whatsapp_opened(served: Served, visit: Open) -> None:
    served.photo("saved.jpg")
    served.run()
    row = served.delivery("saved.jpg")
    phone = visit(shares=False)
    expect(phone.page.locator("#save")).to_be_visible()
    expect(phone.page.locator("#share")).to_be_hidden()
    with phone.page.expect_download() as saving:
        phone.page.locator("#save").tap()
    (file,) = served.call("show", str(row.id), "--json").json()["files"]
    assert hashlib.sha256(saving.value.path().read_bytes()).hexdigest() == file["sha256"]
    assert saving.value.suggested_filename == f"story-{row.id}.jpg"
    assert phone.page.locator("#open").get_attribute("href") == "https://wa.me/status"
    phone.page.evaluate(
        "document.getElementById('open').addEventListener('click', (tap) => tap.preventDefault())"
    )
    phone.page.locator("#open").tap()
    served.settles("saved.jpg", State.SHARED)
    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # back from WhatsApp
    phone.page.locator("#sent").tap()
    served.settles("saved.jpg", State.CONFIRMED)


def test_what_is_said_while_a_run_holds_the_lock_shows_at_once(served: Served, visit: Open) -> None:
    served.photo("locked.jpg")
    served.run()
    phone = visit()
    expect(phone.page.locator("#share")).to_be_enabled()
    with exclusive(served.shop.state):
        share(phone)
        phone.page.locator("#sent").tap()
        expect(phone.page.locator("#empty")).to_be_visible()
        expect(phone.page.locator("#done li").first).to_contain_text("locked.jpg")
        phone.page.reload()
        expect(phone.page.locator("#done li").first).to_contain_text("locked.jpg")
        assert served.state("locked.jpg") is not State.CONFIRMED
    served.settles("locked.jpg", State.CONFIRMED)


def test_an_answer_that_is_overtaken_by_another_does_not_bring_the_story_back(
    served: Served, visit: Open
) -> None:
    served.photo("overtaken.jpg")
    served.run()
    phone = visit()
    expect(phone.page.locator("#share")).to_be_enabled()
    held: list[tuple[Route, APIResponse]] = []
    phone.page.route("**/api/stories", lambda route: held.append((route, route.fetch())))
    phone.page.wait_for_event("request", lambda asked: asked.url.endswith("/api/stories"))
    share(phone)
    phone.page.locator("#sent").tap()
    expect(phone.page.locator("#done li").first).to_contain_text("overtaken.jpg")
    late, answered = held[0]
    late.fulfill(response=answered)
    phone.page.wait_for_timeout(200)
    expect(phone.page.locator("#empty")).to_be_visible()

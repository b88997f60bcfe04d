"""Both languages and schemes, a keyboard alone, a screen reader, less motion: nothing stands in the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from fakes.browser import ANDROID, IPHONE, Profile, Scheme, Visit, share
from fakes.page_on_phone import Served
from playwright.sync_api import Page, expect

from pipeline.model import State

Open = Callable[..., Visit]
READY = {"en": "3 stories ready", "pt-BR": "3 stories prontos"}
LONG = "A very long caption that goes on. " * 20
RING = "getComputedStyle(document.activeElement).outlineStyle"


def violations(page: Page) -> list[str]:
    """What axe-core finds, with every rule that it has."""
    told = Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [f"{found['id']}: {node['html']}" for found in told["violations"] for node in found["nodes"]]


@pytest.fixture
def full(served: Served) -> Served:
    """Something of everything: ready ones, one for later, one that is done."""
    served.photo("done.jpg")
    served.run()
    served.clear()
    served.photo("first.jpg", f"caption: {LONG}\nlink: https://wa.me/15551234567\nmentions: [casalume]\n")
    served.run()
    served.clip("film.mp4")
    served.photo("third.jpg", to="instagram")
    served.photo("tomorrow.jpg", "not_before: 2099-01-01 09:00\n")
    served.run()
    return served


@pytest.mark.parametrize(
    ("profile", "language", "scheme"),
    [
        (ANDROID, "en", "light"),
        (IPHONE, "en", "dark"),
        (IPHONE, "pt-BR", "light"),
        (ANDROID, "pt-BR", "dark"),
    ],
)
def test_axe_finds_nothing_in_any_state(
    full: Served, visit: Open, profile: Profile, language: str, scheme: Scheme
) -> None:
    phone = visit(profile=profile, language=language, scheme=scheme, still=True)
    expect(phone.page.locator("#title")).to_have_text(READY[language])
    expect(phone.page.locator("html")).to_have_attribute("lang", language)
    expect(phone.page.locator("#share")).to_be_enabled()
    assert violations(phone.page) == []
    share(phone)
    expect(phone.page.locator("#sheet")).to_be_visible()
    assert violations(phone.page) == []
    phone.page.locator("#skip").tap()
    expect(phone.page.locator("#toast")).to_be_visible()
    assert violations(phone.page) == []


def test_axe_finds_nothing_where_there_is_nothing(served: Served, visit: Open) -> None:
    phone = visit(still=True)
    expect(phone.page.locator("#empty")).to_be_visible()
    assert violations(phone.page) == []
    stranger = visit(paired=False, still=True)
    expect(stranger.page.locator("#unpaired")).to_be_visible()
    assert violations(stranger.page) == []
    assert [one.url for one in stranger.asked if "/api/" in one.url] == []


def stops(phone: Visit) -> Iterator[str]:
    """Where the focus goes, Tab by Tab, until it leaves the page; it can be seen everywhere."""
    for _ in range(40):
        phone.page.keyboard.press("Tab")
        name = phone.focused()
        if name == "BODY":
            return
        assert phone.page.evaluate(RING) != "none", name
        yield name


def test_a_keyboard_alone_reaches_everything(full: Served, visit: Open) -> None:
    phone = visit(shares=True)
    page = phone.page
    expect(page.locator("#share")).to_be_enabled()
    expect(page.locator("#done")).to_be_visible()
    reached = list(stops(phone))
    assert reached[:2] == ["copy-caption", "more"]
    assert "Show film.mp4, WhatsApp" in reached
    assert "Send again: done.jpg" in reached
    assert reached[-2:] == ["share", "ask"]

    page.locator("#more").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#more")).to_have_attribute("aria-expanded", "true")
    page.get_by_role("button", name="Show film.mp4").focus()
    page.keyboard.press("Enter")
    assert phone.focused() == "name"
    expect(page.locator("#watch")).to_be_visible()
    page.locator("#watch").focus()
    page.keyboard.press("Space")
    assert phone.focused() == "film"

    expect(page.locator("#share")).to_be_enabled()
    page.locator("#share").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_visible()
    assert phone.focused() == "question"
    inside = []
    for _ in range(6):
        page.keyboard.press("Tab")
        inside.append(phone.focused())
    assert set(inside) - {"BODY"} == {"sent", "not-yet", "skip"}  # BODY is the browser's own bar
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    assert phone.focused() == "share"
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    full.settles("film.mp4", State.CONFIRMED)
    expect(page.locator("#heard")).to_contain_text("Marked as sent")
    assert phone.focused() == "title"


def test_what_happens_is_read_aloud(served: Served, visit: Open) -> None:
    served.photo("aloud.jpg", "caption: bread\n")
    served.run()
    phone = visit(language="pt-BR")
    assert phone.page.locator("#heard").get_attribute("role") == "status"
    expect(phone.page.locator("#heard")).to_contain_text("aloud.jpg já pode ser compartilhado")
    phone.page.get_by_role("button", name="Copiar legenda").tap()
    expect(phone.page.locator("#heard")).to_contain_text("Copiado")
    phone.page.locator("#ask").tap()
    phone.page.locator("#skip").tap()
    expect(phone.page.locator("#heard")).to_contain_text("Pulado")
    phone.page.locator("#toast-undo").tap()
    expect(phone.page.locator("#heard")).to_contain_text("Está pronto de novo")


def test_who_wants_less_motion_gets_none(served: Served, visit: Open) -> None:
    served.photo("still.jpg")
    served.run()
    for still, moving in ((True, 0), (False, 1)):
        phone = visit(still=still)
        expect(phone.page.locator("#share")).to_be_enabled()
        phone.page.locator("#ask").tap()
        assert phone.page.evaluate("document.getAnimations().length") == moving
        assert phone.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == (
            "auto" if still else "smooth"
        )


@pytest.mark.parametrize("profile", [ANDROID, IPHONE])
def test_nothing_is_wider_than_the_screen_and_all_that_is_tapped_is_large_enough(
    full: Served, visit: Open, profile: Profile
) -> None:
    page = visit(profile=profile, language="pt-BR").page
    expect(page.locator("#share")).to_be_enabled()
    assert page.evaluate("document.documentElement.scrollWidth") == profile.width
    small = """[...document.querySelectorAll("button, a[href]")].filter((one) => one.checkVisibility())
        .map((one) => [one.id || one.ariaLabel, one.getBoundingClientRect()])
        .filter(([, box]) => box.width < 44 || box.height < 44).map(([name]) => name)"""
    assert page.evaluate(small) == []


def test_the_page_can_be_put_on_the_home_screen(served: Served, visit: Open) -> None:
    phone = visit(language="pt-BR")
    manifest = phone.page.evaluate(
        "fetch('/manifest.webmanifest', {credentials: 'include'}).then((one) => one.json())"
    )
    assert (manifest["lang"], manifest["name"], manifest["display"]) == (
        "pt-BR",
        "Seus stories",
        "standalone",
    )
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert {"192x192", "512x512", "any"} <= sizes
    session = phone.page.context.new_cdp_session(phone.page)
    assert json.dumps(session.send("Page.getAppManifest")["errors"]) == "[]"
    told = {
        error["errorId"] for error in session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    }
    assert told <= {"in-incognito"}

"""What changes on the computer shows on the phone by itself, and a line that breaks comes back."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable

from fakes.browser import Visit, share
from fakes.page_on_phone import Served
from playwright.sync_api import expect

from pipeline.model import WAITING_FOR_SEND, State

Open = Callable[..., Visit]
CAPTION = 'Bom dia! 🥖 It\'s "fresh"\n\nשבת שלום <b>&amp;\n$(price) 2,40 €'


def test_a_story_of_a_run_that_starts_meanwhile_appears_by_itself(served: Served, visit: Open) -> None:
    phone = visit()
    expect(phone.page.locator("#empty")).to_be_visible()
    phone.page.evaluate("window.stillTheSamePage = true")
    served.photo("meanwhile.jpg")
    assert served.call("run").code == 0
    expect(phone.page.locator("#name")).to_have_text("meanwhile.jpg")
    expect(phone.page.locator("#title")).to_have_text("1 story ready")
    expect(phone.page.locator("#heard")).to_contain_text("meanwhile.jpg can be shared now")
    assert phone.page.evaluate("window.stillTheSamePage")


def test_a_story_whose_time_is_over_goes_and_its_file_with_it(served: Served, visit: Open) -> None:
    served.photo("brief.jpg")
    served.run(hours=24, seconds=-8)
    phone = visit()
    expect(phone.page.locator("#left")).to_have_text("1 min left")
    expect(phone.page.locator("#left")).to_have_class("chip urgent")
    expect(phone.page.locator("#share")).to_be_enabled()
    media = next(one.url for one in phone.asked if "/media/" in one.url)
    expect(phone.page.locator("#empty")).to_be_visible()
    expect(phone.page.locator("#done li").first).to_contain_text("Time ran out")
    assert phone.page.request.get(media).status == 410


def test_a_server_that_is_gone_is_told_and_its_return_needs_nobody(served: Served, visit: Open) -> None:
    served.photo("gone.jpg")
    served.run()
    phone = visit()
    expect(phone.page.locator("#share")).to_be_enabled()
    served.stop(signal.SIGKILL)
    expect(phone.page.locator("#offline")).to_be_visible()
    expect(phone.page.locator("#heard")).to_contain_text("No line to your computer. Trying again …")
    share(phone)  # the file is here already
    phone.page.locator("#sent").tap()  # and what is said now isn't lost
    expect(phone.page.locator("#empty")).to_be_visible()
    served.start()
    expect(phone.page.locator("#offline")).to_be_hidden()
    expect(phone.page.locator("#done li").first).to_contain_text("gone.jpg")
    served.settles("gone.jpg", State.CONFIRMED)
    phone.said.clear()  # the browser itself complains of a line that broke


def test_a_phone_that_is_plugged_in_again_finds_the_page_again(served: Served, visit: Open) -> None:
    served.photo("plugged.jpg")
    served.run()
    phone = visit()
    expect(phone.page.locator("#share")).to_be_enabled()
    served.phone.vanish()
    served.phone.reverse.rules.clear()
    expect(phone.page.locator("#offline")).to_be_visible()
    served.phone.come_back()
    expect(phone.page.locator("#offline")).to_be_hidden()
    assert served.state("plugged.jpg") in WAITING_FOR_SEND
    phone.said.clear()


def test_a_caption_reaches_the_clipboard_as_it_is(served: Served, visit: Open) -> None:
    served.photo("words.jpg", f"caption: {json.dumps(CAPTION, ensure_ascii=False)}\n")
    served.run()
    phone = visit()
    expect(phone.page.locator("#caption")).to_contain_text("2,40 €")
    phone.page.get_by_role("button", name="Copy caption").tap()
    expect(phone.page.locator("#heard")).to_contain_text("Copied")
    assert phone.page.evaluate("navigator.clipboard.readText()") == CAPTION


def test_an_instagram_story_comes_with_its_link_and_mentions_to_copy(served: Served, visit: Open) -> None:
    words = "caption: Only today\nlink: https://wa.me/15551234567\nmentions: [casalume, bakery.friends]\n"
    served.photo("hand.jpg", words, to="instagram")
    served.run()
    phone = visit()
    expect(phone.page.locator("#badge")).to_have_text("Instagram")
    phone.page.get_by_role("button", name="Copy: Link").tap()
    expect(phone.page.locator("#heard")).to_contain_text("Copied")
    assert phone.page.evaluate("navigator.clipboard.readText()") == "https://wa.me/15551234567"
    phone.page.get_by_role("button", name="Copy: Mentions").tap()
    phone.page.wait_for_function(
        "navigator.clipboard.readText().then((text) => text === '@casalume @bakery.friends')"
    )
    expect(phone.page.locator("#share-text")).to_have_text("Share to Instagram")
    expect(phone.page.locator("#ask")).to_have_text("I have posted it …")
    share(phone)
    expect(phone.page.locator("#question")).to_have_text("Did you post it?")
    phone.page.get_by_role("button", name="Posted", exact=True).tap()
    expect(phone.page.locator("#empty")).to_be_visible()
    served.settles("hand.jpg", State.CONFIRMED)

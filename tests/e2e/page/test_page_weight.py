"""How little goes over the line before a story can be shared: counted in bytes and in waits, not in seconds."""

from __future__ import annotations

from collections.abc import Callable

from fakes.browser import Visit
from fakes.served import Served
from playwright.sync_api import Response, Route, expect

Open = Callable[..., Visit]
PAGE_BYTES = 60_000
"""The page itself, without a story: 0.3 s of a line with 200 kB/s."""
POSTER_BYTES = 90_000
WAITS = 3
"""The page; then its style, its script and the list of stories at once; then poster and file at once."""
QUIET_MS = 400


def test_a_story_can_be_shared_after_three_waits(served: Served, visit: Open) -> None:
    served.photo("waits.jpg")
    served.run()
    phone = visit()
    expect(phone.page.locator("#share")).to_be_enabled()  # its poster is made by now
    held: list[Route] = []
    phone.page.route("**/*", lambda route: held.append(route))  # noqa: PLW0108 - it sets attributes
    phone.page.evaluate("setTimeout(() => location.reload(), 50)")
    waits: list[set[str]] = []
    while not phone.page.locator("#share:enabled").count() and len(waits) < 2 * WAITS:
        phone.page.wait_for_timeout(QUIET_MS)
        waits.append({route.request.url.removeprefix(served.home).rstrip("0123456789") for route in held})
        while held:
            held.pop().continue_()
        phone.page.wait_for_timeout(QUIET_MS)
    assert len([wait for wait in waits if wait]) <= WAITS, waits
    assert waits[0] == {"/"}


def test_the_page_is_light(served: Served, visit: Open) -> None:
    served.photo("light.jpg", "caption: bread\n")
    served.run()
    phone = visit()
    expect(phone.page.locator("#share")).to_be_enabled()
    answers: list[Response] = []
    phone.page.on("response", lambda answer: answers.append(answer))
    phone.page.reload()
    expect(phone.page.locator("#share")).to_be_enabled()
    weights = {one.url.removeprefix(served.home): len(one.body()) for one in answers if one.request.method == "GET"}
    heavy = {path: weight for path, weight in weights.items() if path.startswith(("/poster/", "/media/"))}
    assert sum(weights.values()) - sum(heavy.values()) < PAGE_BYTES, weights
    assert all(weight < POSTER_BYTES for path, weight in heavy.items() if path.startswith("/poster/"))
    assert len([path for path in weights if path.startswith("/media/")]) == 1

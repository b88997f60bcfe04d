"""How little goes over the line before a story can be shared, in bytes and in waits: no clock decides."""

from __future__ import annotations

from collections.abc import Callable

from fakes.browser import Visit
from fakes.page_on_phone import Served
from playwright.sync_api import Response, expect

Open = Callable[..., Visit]
PAGE_BYTES = 60_000
"""The page itself, without a story: 0.3 s of a line with 200 kB/s."""
POSTER_BYTES = 60_000


def test_a_story_can_be_shared_after_two_waits_and_a_light_page(served: Served, visit: Open) -> None:
    """The page, then all that it names at once; only the lists of what is later and done come after."""
    served.photo("light.jpg", "caption: bread\n")
    served.run()
    phone = visit()
    expect(phone.page.locator("#share")).to_be_enabled()
    answers: list[Response] = []
    phone.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - it sets attributes
    phone.page.reload()
    expect(phone.page.locator("#share")).to_be_enabled()
    got = [one for one in answers if one.request.method == "GET"]
    weights = {one.url.removeprefix(served.home): one.request.sizes()["responseBodySize"] for one in got}
    poster = f"/poster/{served.delivery('light.jpg').id}"
    weights = {path: size for path, size in weights.items() if "/poster/" not in path or path == poster}
    html = phone.page.request.get(served.home).text()
    assert [path for path in weights if path not in ("/", "/api/stories") and f'"{path}"' not in html] == []
    heavy = {path: weight for path, weight in weights.items() if path.startswith(("/poster/", "/media/"))}
    assert sorted(path.split("/")[1] for path in heavy) == ["media", "poster"]
    weights.pop("/api/stories", None)
    assert sum(weights.values()) - sum(heavy.values()) < PAGE_BYTES, weights
    assert heavy[poster] < POSTER_BYTES

"""How long a phone on a slow line waits until it can share the first story.

    PYTHONPATH=tests .venv/bin/python tests/benchmarks/page_ready.py [PHOTO] [ROUNDS]

A run makes a story of PHOTO; the real `storyrelay serve` shows it to a real Chromium, whose network is
held to 200 kB/s with 400 ms for every request (DevTools' emulation). Measured from the start of the
navigation, with an empty cache, at the size of a phone: the first text, the poster painted, and the
Share button enabled, which needs the whole file of the story. The poster is made before.
"""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fakes.browser import ANDROID, Look, opened
from fakes.clock import FakeClock
from fakes.command import BARE, CONFIG, PROGRAM, call
from fakes.page_on_phone import ADDRESS, free_port
from fakes.shop import Shop
from playwright.sync_api import Browser, expect, sync_playwright

from pipeline.tools.clock import now

SAMPLE = Path(__file__).parents[2] / "samples" / "inbox" / "01-portrait-latte.jpg"
LINE = {"offline": False, "latency": 400, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
MARKS = """new Promise((done) => {
  const marks = {};
  const look = () => {
    const poster = document.getElementById("poster"), share = document.getElementById("share");
    if (document.getElementById("story")?.hidden === false) marks.text ??= performance.now();
    if (poster?.complete && poster.naturalWidth) marks.poster ??= performance.now();
    if (share?.disabled === false && marks.poster) { marks.share = performance.now(); done(marks); }
    else requestAnimationFrame(look);
  };
  look();
})"""


@contextmanager
def shown(root: Path, photo: Path) -> Iterator[tuple[Shop, str]]:
    """A shop with one story, its page served, and the page's address."""
    port = free_port()
    shop = Shop(root, destinations=f"{{whatsapp: {{platform: whatsapp_status}}}}\npage: {{port: {port}}}")
    shop.inbox.mkdir()
    shutil.copy(photo, shop.inbox)
    shop.settings()
    server = subprocess.Popen([PROGRAM, "serve", "-c", CONFIG], env=BARE, cwd=root, stderr=subprocess.DEVNULL)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.05)
        yield shop, ADDRESS.findall(call(shop, "phone", "pair").out)[-1]
    finally:
        server.terminate()
        server.wait()


def measure(browser: Browser, home: str, cookies: Any) -> dict[str, float]:
    """One visit with an empty cache; seconds."""
    context = opened(browser, Look(profile=ANDROID), cookies)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", LINE)
    page.goto(home, wait_until="commit")
    marks: dict[str, float] = page.evaluate(MARKS)
    sizes = page.evaluate("performance.getEntriesByType('resource').map((one) => one.transferSize)")
    context.close()
    return {name: ms / 1000 for name, ms in marks.items()} | {"kB": sum(sizes) / 1000}


def main() -> None:
    photo = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with (
        TemporaryDirectory() as folder,
        shown(Path(folder), photo) as (shop, address),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--enable-features=WebShare"]
        )
        context = opened(browser, Look())
        page = context.new_page()
        page.goto(address)
        expect(page.locator("#empty")).to_be_visible()
        shop.clock = FakeClock(now())
        shop.run()
        expect(page.locator("#share")).to_be_enabled(timeout=30_000)  # the page asks every 5 s
        cookies, home = context.storage_state(), address.partition("#")[0]
        found = [measure(browser, home, cookies) for _ in range(rounds)]
        browser.close()
    for name in found[0]:
        values = [one[name] for one in found]
        sys.stdout.write(f"{name:8} median {statistics.median(values):8.2f}   worst {max(values):8.2f}\n")


if __name__ == "__main__":
    main()

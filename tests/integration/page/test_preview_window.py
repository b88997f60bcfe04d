"""The served preview: who is answered, and that nobody sees what was before they asked."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest
from fakes.caller import Caller
from fakes.serving import Served, started
from fakes.shop import Shop, picture
from fakes.trees import tree_of

from pipeline.cli.gallery import Hung
from pipeline.cli.previewing import Album, Wish
from pipeline.errors import EnvironmentFault
from pipeline.page.window import Window, showing
from pipeline.tools.signals import StopSignal

LONG_S, AT_ONCE_S = 20.0, 0.0
MADE_BY_ITSELF = b'http-equiv="refresh"'


@dataclass(slots=True)
class Wall:
    """A gallery with one number on it, which is hung as soon as `free` is set."""

    folder: Path
    number: int = 1
    hung: int = 0
    free: Event = field(default_factory=Event)
    trouble: Exception | None = None

    def mark(self) -> int:
        return self.number

    def told(self) -> list[str]:
        return ["one of two"]

    def hang(self) -> Path:
        self.hung += 1
        seen = self.number
        assert self.free.wait(LONG_S)
        if self.trouble:
            raise self.trouble
        page = self.folder / f"{self.hung}.html"
        page.write_text(f"number {seen}")
        return page


@pytest.fixture
def wall(tmp_path: Path) -> Wall:
    wall = Wall(tmp_path)
    wall.free.set()
    return wall


@pytest.fixture
def caller(wall: Wall) -> Iterator[Caller]:
    with showing(wall, 0) as (port, alive):
        assert alive()
        yield Caller(port)


def seen(page: Path | None) -> str:
    return page.read_text() if page else "being made"


def test_every_load_looks_again(wall: Wall) -> None:
    window = Window(wall)
    assert [seen(window.page(LONG_S)) for _ in range(3)] == ["number 1"] * 3
    assert wall.hung == 3


def test_a_look_that_takes_long_is_shown_once_it_is_done_and_not_begun_again(wall: Wall) -> None:
    window = Window(wall)
    wall.free.clear()
    assert [seen(window.page(AT_ONCE_S)) for _ in range(3)] == ["being made"] * 3
    wall.free.set()
    assert seen(window.page(LONG_S)) == "number 1"
    assert wall.hung == 1


def test_what_was_changed_during_a_look_is_looked_at_again(wall: Wall) -> None:
    window = Window(wall)
    wall.free.clear()
    assert seen(window.page(AT_ONCE_S)) == "being made"
    wall.number = 2
    assert seen(window.page(AT_ONCE_S)) == "being made"
    wall.free.set()
    assert seen(window.page(LONG_S)) == "being made"  # the one that was under way
    assert seen(window.page(LONG_S)) == "number 2"


def test_the_page_is_given_to_this_computers_own_browser_only(caller: Caller) -> None:
    assert caller.get("/").body == b"number 1"
    for host in ("evil.example", f"evil.example:{caller.port}", "localhost", None):
        assert caller.get("/", {"Host": host}).status in (400, 421), host
    assert caller.get("/", {"Sec-Fetch-Site": "cross-site"}).status == 403
    assert caller.post("/").status == 405
    assert caller.get("/favicon.ico").status == 404
    assert Caller(caller.port, name="127.0.0.1").get("/").status == 200


def test_no_answer_may_run_a_script_or_be_kept_or_framed(wall: Wall, caller: Caller) -> None:
    wall.trouble = EnvironmentFault("the disk is full")
    for path, status in (("/", 503), ("/other", 404)):
        answer = caller.get(path)
        assert answer.status == status
        assert "default-src 'none'" in answer["content-security-policy"]
        assert "script-src" not in answer["content-security-policy"]
        assert answer["cache-control"] == "no-store"
        assert answer["x-frame-options"] == "DENY"
        assert answer.headers.get_all("set-cookie") is None
    assert caller.get("/").body == b"the disk is full"
    wall.trouble = None
    assert caller.get("/").body == b"number 1"


def test_while_it_is_being_made_a_page_says_so_and_follows(wall: Wall, caller: Caller) -> None:
    wall.free.clear()
    waiting = caller.get("/")
    wall.free.set()
    assert MADE_BY_ITSELF in waiting.body
    assert b"<li>one of two</li>" in waiting.body
    assert caller.get("/").body == b"number 1"


def load(served: Served) -> str:
    """The page, once it is made."""
    for _ in range(20):
        body = served.caller().get("/").body
        if MADE_BY_ITSELF not in body:
            break
    return body.decode()


def test_a_person_changes_a_sidecar_and_loads_the_page_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.picture("bread.jpg", 1, (64, 48))
    shop.sidecar("bread.txt", "Fresh at seven")
    shop.settings()
    with started(shop.root, "preview", "--serve") as served:
        assert "Fresh at seven" in load(served)
        shop.sidecar("bread.txt", "Fresh at eight")
        assert "Fresh at eight" in load(served)
        picture(shop.inbox / "rolls.jpg", 2, (64, 48))
        shop.sidecar("rolls.jpg.yaml", "caption: Warm\ncaptoin: Oops\n")
        broken = load(served)
        assert "1 story, 1 rendition." in broken
        assert "rolls.jpg.yaml:2" in broken
        shop.sidecar("rolls.jpg.yaml", "caption: Warm\n")
        mended = load(served)
        assert "2 stories, 2 renditions." in mended
        assert "Not shown" not in mended
        assert not shop.outbox.exists()
        assert not shop.state.exists() or tree_of(shop.state) == {}
        assert served.end(signal.SIGINT)[0] == 0
    assert served.said().count("\n") == 1


def test_only_the_story_that_was_changed_is_made_anew(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.picture("bread.jpg", 1, (64, 48))
    shop.picture("rolls.jpg", 2, (64, 48))
    (tmp_path / "album").mkdir()
    hung = Hung(shop.settings, Wish((), (), None), 1, Album(tmp_path / "album"), StopSignal())
    before = hung.mark()
    assert hung.mark() == before
    made = [made_for(hung)]
    shop.sidecar("rolls.jpg.yaml", "fit: cover\n")
    assert hung.mark() != before
    made += [made_for(hung), made_for(hung)]
    shop.sidecar("rolls.jpg.yaml", "fit: blur\ncaption: Warm\ncaption_as: text\n")
    made += [made_for(hung)]
    shop.sidecar("rolls.jpg.yaml", "fit: blur\ncaption: Warm\n")
    made += [made_for(hung)]
    assert made == [2, 1, 0, 0, 1]
    assert len(list(hung.album.folder.glob("page-*.html"))) == 2


def made_for(hung: Hung) -> int:
    """How many renditions a look made."""
    assert "2 stories" in hung.hang().read_text()
    return hung.progress.ready

"""The quick way of the usual commands says and does what the long one does, and leaves all else to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fakes.shop import Shop

from pipeline.cli.failures import told
from pipeline.cli.group import storyrelay
from pipeline.cli.quickly import quickly

FILE = "storyrelay.yaml"
USUAL = [
    ("status",),
    ("status", "-c", FILE),
    ("status", "--json", "--config", FILE),
    ("show", "1"),
    ("show", "-c", FILE, "bread.jpg", "--json"),
    ("show", "nothing.jpg"),
    ("show", "broken.jpg"),
    ("confirm", "1", "-c", FILE),
    ("confirm", "1", "99"),
    ("skip", "1", "bread.jpg"),
    ("retry", "cake.jpg", "broken.jpg"),
    ("retry", "broken.jpg", "-c", FILE),
]
OTHERS = [
    (),
    ("--help",),
    ("run",),
    ("-c", FILE, "status"),
    ("status", "--help"),
    ("status", "more"),
    ("status", "-c"),
    ("status", "-c", "nowhere.yaml"),
    ("status", "-c", "inbox"),
    ("status", "-c", FILE, "-c", FILE),
    ("status", f"--config={FILE}"),
    ("status", "--html", "page.html"),
    ("status", "--set", "inbox=elsewhere"),
    ("status", "--"),
    ("status", ""),
    ("show",),
    ("show", "1", "2"),
    ("confirm",),
    ("confirm", "--all"),
    ("confirm", "1", "--json"),
    ("confirm", "1", "--live-as", "5"),
    ("retry", "1", "--it-is-not-live"),
    ("session", "status"),
]


SETTLE = [("confirm", "1"), ("skip", "2")]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One story confirmed, one skipped, and a file that can't become one; a copy of all lies beside it."""
    shop = Shop(tmp_path_factory.mktemp("quickly") / "shop")
    shop.picture("bread.jpg")
    shop.picture("cake.jpg", 1)
    (shop.inbox / "broken.jpg").write_bytes(b"nothing of a picture")
    shop.run()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORYRELAY_CONFIG", str(shop.root / FILE))
        assert [short(one) for one in SETTLE] == [0, 0]
        shutil.copytree(shop.root, shop.root.with_name("copy"))
        yield shop


def short(words: Sequence[str]) -> int:
    called = quickly(words)
    assert called is not None
    return told(called)


def long(words: Sequence[str]) -> int:
    return told(lambda: storyrelay.main(list(words), prog_name="storyrelay", standalone_mode=False))


@pytest.mark.parametrize("words", USUAL, ids=" ".join)
def test_both_ways_say_and_do_the_same(
    words: Sequence[str],
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    seen = []
    for way in (short, long):
        shutil.rmtree(shop.root)
        shutil.copytree(shop.root.with_name("copy"), shop.root)
        monkeypatch.chdir(shop.root)
        capfdbinary.readouterr()
        code, said = way(words), capfdbinary.readouterr()
        seen.append((code, said, [(one.id, one.state, one.reason) for one in shop.deliveries()]))
    assert seen[0] == seen[1]
    assert any(seen[0][1])


@pytest.mark.parametrize("words", OTHERS, ids=" ".join)
def test_all_else_is_left_to_the_long_way(
    words: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / FILE).touch()
    monkeypatch.chdir(tmp_path)
    assert quickly(words) is None


def test_a_shell_that_asks_how_words_go_on_is_answered_by_the_long_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("_STORYRELAY_COMPLETE", "bash_complete")
    assert quickly(["status"]) is None

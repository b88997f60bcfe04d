"""The command on a terminal: bars, questions, and colour only where it is wanted."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
from fakes.command import BARE, CONFIG, PROGRAM
from fakes.media import Clip, save_clip
from fakes.shop import Shop

from pipeline.model import State

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.picture("bread.jpg")
    shop.settings()
    return shop


def on_a_terminal(shop: Shop, *words: str, typed: str = "", **env: str) -> tuple[int, str]:
    """Exit code and all that the terminal showed."""
    ours, theirs = pty.openpty()
    environment = BARE | {"TERM": "xterm-256color", "COLUMNS": "100", "LC_ALL": "C.UTF-8"} | env
    with subprocess.Popen(
        [PROGRAM, *words, "-c", CONFIG],
        env=environment,
        cwd=shop.root,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        if typed:
            os.write(ours, typed.encode())
        shown = _all_of(ours)
        code = process.wait(timeout=60)
    os.close(ours)
    return code, shown


def _all_of(terminal: int) -> str:
    shown = b""
    while True:
        try:
            chunk = os.read(terminal, 65_536)
        except OSError:  # how Linux says that the other side is closed
            chunk = b""
        if not chunk:
            return shown.decode(errors="replace")
        shown += chunk


def test_a_run_draws_bars_and_tells_each_story(shop: Shop) -> None:
    save_clip(shop.inbox / "clip.mp4", Clip(seconds=1.5))
    code, shown = on_a_terminal(shop, "run")
    plain = COLOUR.sub("", shown)
    assert code == 0
    assert "all of it" in plain
    assert "offered    whatsapp   clip.mp4" in plain
    assert "2 stories offered" in plain


def test_a_quiet_run_draws_nothing(shop: Shop) -> None:
    assert on_a_terminal(shop, "run", "-q") == (0, "")


def test_no_color_means_no_colour(shop: Shop) -> None:
    assert COLOUR.search(on_a_terminal(shop, "run")[1])
    shop.picture("cake.jpg", 2)
    shown = re.findall(r"\x1b\[([0-9;]*)m", on_a_terminal(shop, "run", NO_COLOR="1")[1])
    assert [code for code in shown if re.search(r"\b(3|4|9|10)\d\b|38", code)] == []


def test_a_dumb_terminal_gets_lines(shop: Shop) -> None:
    code, shown = on_a_terminal(shop, "run", TERM="dumb")
    assert (code, "\x1b" in shown, "all of it" in shown) == (0, False, False)
    assert "offered    whatsapp   bread.jpg" in shown


@pytest.mark.parametrize(("typed", "state"), [("y\n", State.CONFIRMED), ("n\n", State.OFFERED)])
def test_confirm_all_asks_first(shop: Shop, typed: str, state: State) -> None:
    shop.run()
    code, shown = on_a_terminal(shop, "confirm", "--all", typed=typed)
    assert code == 0
    assert "Did you send all of it, 1 story?" in shown
    assert shop.states() == {("bread.jpg", "whatsapp", 1): state}

"""One story costs the others neither their time nor their place."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from fakes.media import Clip, save_clip
from fakes.shop import Shop

from pipeline.model import State
from pipeline.report.events import Refused
from pipeline.tools.ffmpeg import OVERRIDE, find_ffmpeg

SMALL = "platforms.whatsapp_status.canvas={width: 270, height: 480}"
BRIEFLY = "limits.encode_minutes=0.06"


def ffmpeg_that(does: str, shop: Shop, patch: pytest.MonkeyPatch) -> None:
    """ffmpeg, but for what a `case` of shell does with its arguments before."""
    program = shop.root / "ffmpeg"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\ncase "$*" in\n{does}\nesac\nexec {shlex.quote(find_ffmpeg())} "$@"\n')
    program.chmod(0o755)
    patch.setenv(OVERRIDE, str(program))


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_an_encoder_killed_and_one_that_hangs_cost_their_own_stories_only(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ffmpeg_that("*1-dies*) kill -9 $$ ;;\n*2-hangs*) sleep 30 ;;", shop, monkeypatch)
    shop.inbox.mkdir()
    for tenths, name in enumerate(("1-dies", "2-hangs", "4-whole"), start=4):
        save_clip(shop.inbox / f"{name}.mp4", Clip(seconds=tenths / 10))
    shop.picture("3-photo.jpg", size=(270, 480))
    summary = shop.run(SMALL, BRIEFLY)
    assert shop.media() == ["0003-3-photo.jpg", "0004-4-whole.mp4"]
    assert summary.exit_code == 3
    refused = [event for event in shop.events if isinstance(event, Refused)]
    assert [event.path.name for event in refused] == ["1-dies.mp4", "2-hangs.mp4"]
    assert "limits.encode_minutes" in refused[1].reason
    assert sorted(shop.states().values()) == sorted([State.FAILED] * 2 + [State.OFFERED] * 2)


def test_the_first_story_is_out_before_the_next_is_made(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = shlex.quote(str(shop.outbox / "whatsapp")) + "/0001-1-first.jpg"
    waits = f"for turn in $(seq 100); do [ -e {first} ] && break; sleep 0.1; done; [ -e {first} ] || exit 1"
    ffmpeg_that(f"*2-waits*) {waits} ;;", shop, monkeypatch)
    shop.picture("1-first.jpg", size=(270, 480))
    save_clip(shop.inbox / "2-waits.mp4", Clip(seconds=0.4))
    assert shop.run(SMALL).exit_code == 0
    assert shop.media() == ["0001-1-first.jpg", "0002-2-waits.mp4"]

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from fakes.films import composed, frames_of, order_of, plain_photo, take_of
from fakes.orders import bench_in

from pipeline.lettering import Measure, typesetter
from pipeline.model import Animation, Overlay, Panel, Rect, Size, TitleCard, Typeface, Words
from pipeline.reformat import render

CANVAS = Size(108, 192)
BOX = Rect(8, 60, 92, 40)
PANEL = Rect(4, 50, 100, 60)
Frames = npt.NDArray[np.uint8]


def words(text: str, animation: Animation, box: Rect = BOX) -> Words:
    face = Typeface("sans", 700)
    setting = typesetter().fit(text, Measure(face, Size(box.width, box.height), 20, 8))
    assert setting is not None
    measures = (setting.size_px, setting.ascent_px, setting.line_px)
    return Words(setting.lines, box, face, *measures, "#ffffff", animation=animation)


def shown(folder: Path, overlay: Overlay, **changes: object) -> Frames:
    """The frames of a dark take of a second with it, at 24 fps."""
    photo = plain_photo(folder / "a.png", (30, 30, 30))
    composition = composed(take_of(photo, 1.25), animated=overlay, crossfade_s=0.125, **changes)
    return frames_of(render(order_of(composition, quality=12), bench_in(folder)).path)


def lit(frame: Frames, least: int = 150) -> tuple[int, int, int, int]:
    """How many pixels are light, the leftmost and rightmost of them, and the top one."""
    rows, columns = np.nonzero(frame[:, :, 1] > least)
    if not len(rows):
        return 0, 0, 0, 0
    return len(rows), int(columns.min()), int(columns.max()), int(rows.min())


def test_typed_words_appear_in_order_and_nothing_flows(tmp_path: Path) -> None:
    frames = shown(tmp_path, Overlay(CANVAS, words=(words("ready", "typewriter"),)))
    states = [lit(frame) for frame in frames]
    counts, left, right, _ = zip(*states, strict=True)
    assert counts[6] == 0
    assert 0 < counts[8] < counts[12] < counts[-1]
    assert max(np.diff(counts[7:22])) < counts[-1] / 3
    assert set(left[9:]) == {left[-1]}
    assert all(earlier <= later + 1 for earlier, later in pairwise(right[8:]))
    final = frames[-1].astype(int)
    seen = frames[12, :, : right[12] - 2].astype(int)
    assert np.abs(seen - final[:, : right[12] - 2]).max() < 40


def test_words_fade_in_and_rise_into_their_place(tmp_path: Path) -> None:
    both = (words("fade", "fade", Rect(8, 20, 92, 30)), words("slide", "slide", Rect(8, 120, 92, 30)))
    frames = shown(tmp_path, Overlay(CANVAS, words=both))
    fading = [int(frame[:60].max()) for frame in frames]
    assert fading[6] < 60
    assert 80 < fading[11] < fading[14] < 256
    assert fading[-1] > 230
    tops = [lit(frame[100:], 60)[3] for frame in frames]
    assert lit(frames[12][100:])[0] == 0  # a quarter of a second after the first
    assert tops[15] > tops[18] >= tops[-1] > 0
    assert tops[-2] == tops[-1]


def test_a_panel_is_there_just_before_its_words_and_both_stay_off_the_cards(tmp_path: Path) -> None:
    panel = Panel(PANEL, "#c82828", animation="fade")
    overlay = Overlay(CANVAS, panels=(panel,), words=(words("hi", "typewriter"),))
    card = TitleCard(0.5, "#204060", Overlay(CANVAS))
    frames = shown(tmp_path, overlay, intro=card, outro=card)
    redness = [int(frame[54, 54, 0]) for frame in frames]
    take = round((0.5 - 0.125) * 24)
    assert redness[take + 3] == pytest.approx(30, abs=6)
    assert redness[take + 7] > 50
    assert lit(frames[take + 7])[0] < lit(frames[take + 14])[0]
    assert redness[take + 26] == pytest.approx(200, abs=8)
    assert redness[-1] == redness[1] == pytest.approx(0x20, abs=6)
    assert lit(frames[-1])[0] == 0

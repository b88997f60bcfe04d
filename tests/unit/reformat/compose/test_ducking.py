from __future__ import annotations

import numpy as np
import pytest

from pipeline.reformat.compose.ducking import SILENT_DBFS, WINDOW_S, ducked_db, level_dbfs
from pipeline.reformat.compose.sound import CEILING, KNEE, limited

QUIET = -70.0


def at(seconds: float) -> int:
    return round(seconds / WINDOW_S)


def spoken(*spans_s: tuple[float, float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    levels = np.full(at(10.0), QUIET)
    for start_s, end_s in spans_s:
        levels[at(start_s) : at(end_s)] = -20.0
    return levels


def test_music_is_down_when_the_word_begins_and_comes_back_after_it() -> None:
    ducked = ducked_db(spoken((3.0, 5.0)), 12.0)
    assert ducked[at(2.7)] == 0
    assert ducked[at(2.95)] == ducked[at(3.0)] == ducked[at(4.95)] == pytest.approx(-12)
    assert -12 < ducked[at(5.6)] < 0
    assert ducked[at(6.2)] == 0


def test_music_stays_down_in_a_pause_between_words() -> None:
    ducked = ducked_db(spoken((3.0, 4.0), (4.3, 5.0)), 12.0)
    assert ducked[at(3.0) : at(5.0)] == pytest.approx(-12)


def test_music_never_jumps() -> None:
    steps = np.diff(ducked_db(spoken((1.0, 1.1), (4.0, 6.0)), 12.0))
    assert steps.min() >= -12 * WINDOW_S / 0.15 - 1e-9
    assert steps.max() <= 12 * WINDOW_S / 0.6 + 1e-9


def test_silence_and_no_sound_at_all_have_a_level() -> None:
    assert level_dbfs(np.zeros((100, 2))) == level_dbfs(np.zeros((0, 2))) == SILENT_DBFS
    assert level_dbfs(np.ones((100, 2))) == pytest.approx(0.0)


def test_what_is_not_too_loud_is_not_changed_and_nothing_is_ever_clipped() -> None:
    soft, loud = np.linspace(-KNEE, KNEE, 99), np.linspace(-4, 4, 999)
    assert limited(soft) == pytest.approx(soft)
    assert np.abs(limited(loud)).max() <= CEILING
    assert (np.diff(limited(loud)) >= 0).all()

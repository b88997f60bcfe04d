"""How music steps back while somebody speaks: it dips just before a word and comes back after the last."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

WINDOW_S = 0.05
SPEAKS_DBFS = -40.0
ATTACK_S = 0.15
RELEASE_S = 0.6
HOLD_S = 0.3
"""Between words it stays low: coming up a little in every pause is what people call pumping."""

SILENT_DBFS = -120.0

Levels = npt.NDArray[np.float64]


def level_dbfs(samples: Levels) -> float:
    """The level of a window of sound, 0 for a square wave of full scale."""
    power = float(np.mean(np.square(samples))) if samples.size else 0.0
    return max(SILENT_DBFS, 10 * float(np.log10(max(power, 1e-12))))


def ducked_db(levels_dbfs: Levels, duck_db: float) -> Levels:
    """By how many dB the music is changed in each window, given how loud the speech in it is.

    Straight lines in dB, down over ATTACK_S so that the bottom is reached when the word begins.
    """
    held = round(HOLD_S / WINDOW_S)
    speaks = levels_dbfs > SPEAKS_DBFS
    speaks[:-1] |= speaks[1:]  # a word may begin early in its window
    last = np.maximum.accumulate(np.where(speaks, np.arange(len(speaks)), -held - 1))
    target = np.where(np.arange(len(speaks)) - last <= held, -duck_db, 0.0)
    down = _ramped(target[::-1], duck_db * WINDOW_S / ATTACK_S)[::-1]
    return _ramped(down, duck_db * WINDOW_S / RELEASE_S)


def _ramped(levels: Levels, step_db: float) -> Levels:
    """Levels that rise by no more than a step from one window to the next."""
    steps = np.arange(len(levels)) * step_db
    ramped: Levels = np.minimum.accumulate(levels - steps) + steps
    return ramped

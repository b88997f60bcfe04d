"""What a new file may repeat: the same picture in another file, or another one under the same name."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pipeline.model.deliveries import State
from pipeline.values import dataclass

Again = Literal["ask", "send", "skip"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What became of an earlier file; `shows_the_same` or else lay in the very place of the new one.

    Without a `state` it was adopted as seen.
    """

    path: Path
    shows_the_same: bool
    state: State | None = None

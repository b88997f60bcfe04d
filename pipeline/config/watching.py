"""How runs that nobody sees are watched: a log, and a monitor that is told of each."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.config.accounts import Secret
from pipeline.config.fields import Section
from pipeline.config.folders import Folder


class LogSettings(Section):
    """A file that only you can read; when it's full it gets a number, and the oldest goes."""

    file: Folder | None = Field(default=None, description="Where it is written; null for no log.")
    format: Literal["text", "json"] = Field(default="text", description="One line an event, as either.")
    keep: int = Field(default=5, ge=0, le=1000, description="How many full ones are kept.")
    max_kb: int = Field(default=1000, ge=10, le=1_000_000, description="Then it is full.")


class MonitorSettings(Section):
    """Tells you when runs fail, or stop coming; its address is a secret."""

    url: Secret | None = Field(
        default=None, description="A healthchecks-style address, as env, file or keyring; null for none."
    )
    seconds: float = Field(default=5, gt=0, le=60, description="The longest that a run waits for it.")
    lines: int = Field(
        default=20, ge=0, le=200, description="How many of a run's last lines it gets; they name your files."
    )

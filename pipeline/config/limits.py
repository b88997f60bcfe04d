"""How much time, memory and room the work may take."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from pipeline.config.fields import Section


class Limits(Section):
    empty_counts: ClassVar[frozenset[str]] = frozenset({"surge", "free_mb"})

    jobs: int | None = Field(
        default=None, ge=1, le=256, description="Files worked on at once; null for one for each core."
    )
    settle_seconds: float = Field(
        default=2, ge=0, le=3600, description="How long a file must have been left alone before it is taken."
    )
    max_megapixels: int = Field(default=100, ge=1, le=1000, description="Larger pictures are refused.")
    encode_minutes: float = Field(
        default=30, gt=0, le=24 * 60, description="How long the work on one video may take."
    )
    child_memory_mb: int = Field(
        default=3000, ge=256, description="How much memory the work on one file may take, in MB."
    )
    store_mb: int | None = Field(
        default=None, ge=1, description="How large finished renditions may get in `state`; null for no limit."
    )
    free_mb: int | None = Field(
        default=500,
        ge=0,
        description="Nothing is begun that would leave less room on a disk, in MB; null never looks.",
    )
    surge: int | None = Field(
        default=20, ge=1, description="More new files at once are held until you say so; null for no limit."
    )

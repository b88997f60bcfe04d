"""What media files are, and what was made of them, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.model import Facts, Rendition
from pipeline.report.words import columns, name_of, printable, seconds, size
from pipeline.tools.plain import to_plain
from pipeline.values import dataclass


@dataclass(frozen=True, slots=True)
class Probed:
    """A file and its facts, or why it has none."""

    path: Path
    facts: Facts | None = None
    error: str | None = None


def probed_as_json(probed: Probed) -> dict[str, Any]:
    """One entry of `probe --json`; fields are only ever added."""
    if probed.facts is None:
        return {"path": str(probed.path), "error": probed.error}
    return {"path": str(probed.path), **facts_as_json(probed.facts)}


def facts_as_json(facts: Facts) -> dict[str, Any]:
    """What is known of a file, but for the many moments at which it could be cut."""
    plain: dict[str, Any] = to_plain(facts)
    return {name: value for name, value in plain.items() if name != "cuts"}


def probed_lines(found: list[Probed]) -> Iterator[str]:
    """A table of the readable ones."""
    rows = [_row(probed.path, probed.facts) for probed in found if probed.facts is not None]
    yield from columns(rows) if rows else ()


def _row(path: Path, facts: Facts) -> tuple[str, ...]:
    duration = seconds(facts.duration_s) if facts.duration_s else ""
    fps = f"{facts.fps:.5g} fps" if facts.fps else ""
    what = f"{facts.width}×{facts.height}"
    remarks = ", ".join(_remarks(facts))
    return (name_of(path), facts.kind, what, duration, fps, facts.codec, size(facts.bytes), remarks)


def _remarks(facts: Facts) -> Iterator[str]:
    if facts.rotation:
        yield f"turned by {facts.rotation}°"
    if facts.mirrored:
        yield "mirrored"
    if facts.vfr:
        yield "variable frame rate"
    if facts.hdr:
        yield f"HDR ({facts.hdr})"
    if facts.interlaced:
        yield "interlaced"
    if facts.alpha:
        yield "transparent"
    if facts.kind == "video":
        yield f"sound {facts.audio.codec}" if facts.audio else "silent"
    if facts.clip and facts.kind == "photo":
        yield "motion photo"
    if facts.metadata:
        yield "carries metadata"


def rendition_as_json(source: Path, rendition: Rendition) -> dict[str, Any]:
    """One entry of `render --json`; fields are only ever added."""
    plain: dict[str, Any] = to_plain(rendition)
    return {**plain, "source": str(source)}


def rendition_line(rendition: Rendition) -> str:
    """One line that says what was made."""
    told = [rendition.action, f"{rendition.width}×{rendition.height}"]
    if rendition.duration_s:
        told.append(seconds(rendition.duration_s))
    return f"{printable(str(rendition.path))}  {', '.join([*told, size(rendition.bytes)])}"

"""Looks: named stylings that come with the program, and a person's own beside the config."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from pipeline import model
from pipeline.config.document import read_document, validate
from pipeline.config.fields import ColourOrAuto, Section
from pipeline.config.look_files import look_file, look_names, unknown_look
from pipeline.errors import ConfigError

Share = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[int, Field(ge=20, le=300)]


def _weight(value: int) -> int:
    if not 100 <= value <= 900:  # noqa: PLR2004 - OpenType's own range
        raise ValueError(f"'{value}' is no weight: 100 (thin) to 900 (black)")
    return value


class TextKeys(Section):
    """How a text is set; sizes are pixels of a canvas 1080 wide."""

    at: model.Row = "bottom"
    family: str = "sans"
    weight: Annotated[int, AfterValidator(_weight)] = 600
    smallest_px: Points = 34
    largest_px: Points = 64
    colour: ColourOrAuto = "#ffffff"
    align: model.Align = "center"
    backing: model.Backing = "shadow"
    backing_colour: ColourOrAuto = "#000000"
    backing_opacity: Share = 0.55
    upper: bool = False
    most: Annotated[float, Field(gt=0, le=1)] = 0.45


class CardKeys(Section):
    """The card of a link, and of what can be tapped."""

    at: model.Row = "bottom"
    colour: ColourOrAuto = "#ffffff"
    ink: ColourOrAuto = "#16181d"
    code: bool = True


class LookFile(Section):
    """The keys of a look."""

    about: str
    title: TextKeys = TextKeys()
    caption: TextKeys = TextKeys()
    card: CardKeys = CardKeys()
    fit: model.Fit | None = None
    background: ColourOrAuto | None = None
    dim: Share = 0.0
    quotes: Annotated[str, Field(max_length=2)] = ""
    title_below: bool = False
    labels: Annotated[tuple[str, ...], Field(strict=False)] = ()
    motion: model.Motion = "none"
    animate: model.Animation = "none"
    seconds: Annotated[float, Field(ge=1, le=60)] = 8.0


def styling(name: str, own: Path | None) -> model.Styling:
    """A look by its name. Raises ConfigError when there is none, or when its file has mistakes."""
    file = look_file(name, own)
    if file is None:
        raise ConfigError(f"look: {unknown_look(name, own)}")
    return _read(file, file.stat().st_mtime_ns)


def check_looks(own: Path | None) -> list[str]:
    """Every mistake in looks of one's own, each with its file and line."""
    problems: list[str] = []
    for name in look_names(own):
        try:
            styling(name, own)
        except ConfigError as invalid:
            problems += invalid.problems
    return problems


@cache
def _read(file: Path, version: int) -> model.Styling:  # noqa: ARG001 - a changed file is read again
    document = read_document(file.read_text(encoding="utf-8"), str(file))
    written = validate(LookFile, document)
    plain = written.model_dump() | {
        "title": model.TextStyle(**written.title.model_dump()),
        "caption": model.TextStyle(**written.caption.model_dump()),
        "card": model.CardStyle(**written.card.model_dump()),
    }
    return model.Styling(name=file.stem, **plain)

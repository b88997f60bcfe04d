"""The sidecar: what a person writes beside an asset, as YAML."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from pipeline import model
from pipeline.config.decor import DecorKeys, decor_of
from pipeline.config.document import Document, read_anything, validate
from pipeline.config.fields import ColourOrAuto, FocalPoint, Section, WithDigits
from pipeline.config.moments import LAST_SECOND, moment
from pipeline.config.stickers import NamedPlace, Stickers, StickerSpots
from pipeline.errors import ConfigError, SidecarError


def parse_sidecar(text: str, name: str, path: Path, zone: tzinfo = UTC) -> model.Sidecar:
    """What a YAML sidecar says; a bare text is a caption, an empty file says nothing.

    `name` stands before every problem, `zone` is meant where a time has no offset.
    Raises SidecarError with all problems, one a line.
    """
    try:
        document = _document(text.removeprefix("\ufeff"), name)
        written = validate(SidecarFile, document, context=zone)
    except ConfigError as invalid:
        raise SidecarError("\n".join(invalid.problems)) from None
    said = _values(written)
    variants = {name: _sidecar({**said, **_own(variant)}, path) for name, variant in said["variants"].items()}
    return dataclasses.replace(_sidecar(said, path), variants=variants)


def _values(written: Section) -> dict[str, Any]:
    return {key: getattr(written, key) for key in type(written).model_fields}


def _own(variant: Variant) -> dict[str, Any]:
    """Only what is written for this destination; its own caption beats a text of the short form."""
    own = {key: value for key, value in _values(variant).items() if key in variant.model_fields_set}
    return {**own, "texts": {}} if "caption" in own else own


def _sidecar(said: Mapping[str, Any], path: Path) -> model.Sidecar:
    known = {field.name for field in dataclasses.fields(model.Sidecar)} - {"path", "decor", "variants"}
    plain = {key: value for key, value in said.items() if key in known}
    return model.Sidecar(path=path, decor=decor_of(said, path.parent), **plain)


def _document(text: str, name: str) -> Document:
    value, document = read_anything(text, name)
    if isinstance(value, list):
        raise ConfigError(f"{name}:{document.line_of(())}: a list; write `caption: …` or only the caption")
    if value is not None and not isinstance(value, dict):
        value = {"caption": value if isinstance(value, str) else document.written(())}
    return Document(name, value or {}, document.marks, document.problems)


def _one_or_many(value: Any) -> Any:
    """`@shop, @friend` and `[shop, friend]` are the same list."""
    return tuple(re.split(r"[\s,]+", value.strip(" \t\n,"))) if isinstance(value, str) else value


def _one_word(text: str) -> str:
    bare = text.strip().lstrip("@#")
    if not bare or re.search(r"[\s,@#]", bare):
        raise ValueError(f"'{text}' is not a single word")
    return bare


def _without_repeats(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Words = Annotated[
    tuple[Annotated[str, AfterValidator(_one_word)], ...],
    BeforeValidator(_one_or_many),
    AfterValidator(_without_repeats),
    Field(strict=False),
]


class Variant(DecorKeys):
    """What may differ from destination to destination."""

    fit: model.Fit | None = None
    background: ColourOrAuto | None = None
    focal: FocalPoint | None = None
    link: WithDigits | None = None
    whatsapp: Annotated[WithDigits, Field(min_length=1)] | None = None
    message: Text | None = None
    mentions: Words = ()
    hashtags: Words = ()
    location: NamedPlace | None = None
    stickers: StickerSpots = Field(default=Stickers(), validate_default=True)
    close_friends: bool = False

    @field_validator("link")
    @classmethod
    def _link(cls, value: str | None) -> str | None:
        if value is not None and re.search(r"[\r\n]", value):
            raise ValueError("has more than one line: write one link")
        return value


class SidecarFile(Variant):
    """The keys of a sidecar."""

    empty_counts: ClassVar[frozenset[str]] = frozenset({"destinations"})

    texts: Mapping[str, Text] = {}
    variants: Mapping[str, Variant] = {}
    motion_photo: model.MotionPhoto | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    order: int | None = None
    destinations: Words | None = None
    skip: bool = False

    @field_validator("destinations", mode="before")
    @classmethod
    def _destinations(cls, value: Any) -> Any:
        if value in (None, [], ""):
            raise ValueError("is empty: name a destination, or write skip: true to send it nowhere")
        return value

    @field_validator("not_before", mode="before")
    @classmethod
    def _not_before(cls, value: Any, info: ValidationInfo) -> datetime:
        return moment(_as_text(value), info.context or UTC, datetime.min.time())

    @field_validator("not_after", mode="before")
    @classmethod
    def _not_after(cls, value: Any, info: ValidationInfo) -> datetime:
        latest = moment(_as_text(value), info.context or UTC, LAST_SECOND)
        earliest = info.data.get("not_before")
        if earliest and latest <= earliest:
            raise ValueError("lies before not_before: the story could never go out")
        return latest


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)

"""What the platforms take: dated facts from files, and a person's own figures over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, create_model
from pydantic_core import PydanticCustomError

from pipeline import model
from pipeline.config.document import Document, read_document, validate
from pipeline.config.fields import Section
from pipeline.config.shipped import shipped
from pipeline.config.values import KeyPath

Pixels = Annotated[int, Field(ge=240, le=4096, multiple_of=2)]
Margin = Annotated[float, Field(ge=0, lt=0.5)]


class Canvas(Section):
    """The frame that every story fills, in pixels; even, as H.264 needs it."""

    width: Pixels | None = None
    height: Pixels | None = None


class SafeArea(Section):
    """Margins that the app's own chrome covers, as fractions of the canvas."""

    left: Margin | None = None
    right: Margin | None = None
    top: Margin | None = None
    bottom: Margin | None = None


class Photo(Section):
    """Limits of a photo; `quality` is JPEG's, 1 to 95."""

    max_bytes: Annotated[int, Field(ge=50_000)] | None = None
    quality: Annotated[int, Field(ge=1, le=95)] | None = None


class Video(Section):
    """Limits of a video."""

    max_seconds: Annotated[float, Field(ge=1, le=3600)] | None = None
    min_seconds: Annotated[float, Field(ge=0, le=60)] | None = None
    max_bytes: Annotated[int, Field(ge=200_000)] | None = None
    max_fps: Annotated[float, Field(ge=1, le=120)] | None = None
    max_video_kbps: Annotated[int, Field(ge=100, le=100_000)] | None = None
    audio_kbps: Annotated[int, Field(ge=16, le=512)] | None = None


class Figures(Section):
    """Everything that can be said of a platform; also what a config may write over the facts."""

    empty_counts: ClassVar[frozenset[str]] = frozenset({"caption_max_chars"})

    canvas: Canvas = Canvas()
    safe_area: SafeArea = SafeArea()
    photo: Photo = Photo()
    video: Video = Video()
    caption_max_chars: Annotated[int, Field(ge=1)] | None = None
    lifetime_hours: Annotated[float, Field(gt=0, le=24 * 365)] | None = None


Day = Annotated[
    date, BeforeValidator(lambda text: date.fromisoformat(text) if isinstance(text, str) else text)
]


class Fact(Section):
    """One figure, and why it is believed."""

    empty_counts: ClassVar[frozenset[str]] = frozenset({"value"})

    value: Any
    source: str
    as_of: Day
    confidence: Literal["official", "reversed", "third_party", "guess", "choice"]
    note: str = ""


def _with_facts(section: type[Section]) -> Any:
    """The same keys as a section of figures, each of them a Fact that must be there."""
    leaves: dict[str, Any] = {}
    for key, info in section.model_fields.items():
        inner = info.annotation
        is_group = isinstance(inner, type) and issubclass(inner, Section)
        leaves[key] = (_with_facts(inner) if is_group and inner else Fact, ...)
    return create_model(f"{section.__name__}Facts", __base__=Section, **leaves)


FactFile: Any = create_model("FactFile", __base__=_with_facts(Figures), as_of=(Day, ...))


@dataclass(frozen=True, slots=True)
class FactSheet:
    """A platform's fact file, read and checked: the figures, and by path the fact behind each."""

    as_of: date
    figures: Figures
    facts: Mapping[KeyPath, Fact]


@cache
def fact_sheet(platform: str) -> FactSheet:
    """The shipped facts of a known platform. Raises ConfigError when somebody damaged the file."""
    file = shipped(f"platforms/{platform}.yaml")
    document = read_document(file.read_text(encoding="utf-8"), str(file))
    checked = validate(FactFile, document)
    facts = dict(_leaves(checked))
    marks = {path: document.mark_of((*path, "value")) for path in facts}
    values = _nested({path: fact.value for path, fact in facts.items()})
    figures = validate(Figures, Document(str(file), values, marks))
    return FactSheet(checked.as_of, figures, facts)


def _leaves(section: Any, path: KeyPath = ()) -> list[tuple[KeyPath, Fact]]:
    if isinstance(section, Fact):
        return [(path, section)]
    if not isinstance(section, Section):
        return []
    keys = type(section).model_fields
    return [leaf for key in keys for leaf in _leaves(getattr(section, key), (*path, key))]


def _nested(leaves: Mapping[KeyPath, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, value in leaves.items():
        branch = tree
        for step in path[:-1]:
            branch = branch.setdefault(str(step), {})
        branch[str(path[-1])] = value
    return tree


def profile(platform: str, own: Figures | None = None) -> model.Profile:
    """A platform's Profile, with a person's own figures over the facts."""
    sheet = fact_sheet(platform)
    figures = _merged(sheet.figures.written(), own.written() if own else {})
    return model.Profile(
        name=platform,
        as_of=sheet.as_of,
        canvas=model.Size(**figures["canvas"]),
        safe_area=model.SafeArea(**figures["safe_area"]),
        photo=model.PhotoLimits(**figures["photo"]),
        video=model.VideoLimits(**figures["video"]),
        caption_max_chars=figures["caption_max_chars"],
        lifetime_hours=figures["lifetime_hours"],
    )


def _merged(facts: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(facts)
    for key, value in own.items():
        merged[key] = _merged(merged[key], value) if isinstance(value, dict) else value
    return merged


def check_own_figures(platform: str, own: Figures) -> None:
    """Raises a validation error where a person's own figures and the facts make no sense together."""
    video = profile(platform, own).video
    if video.min_seconds > video.max_seconds:
        key = "max_seconds" if "max_seconds" in own.video.written() else "min_seconds"
        what = f"a video of at least {video.min_seconds:g} s can't have at most {video.max_seconds:g} s"
        raise PydanticCustomError("figures", "{what}", {"what": what, "at": (platform, "video", key)})

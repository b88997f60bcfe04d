"""What a sidecar may say about decoration: the look, stickers, further pictures, music, motion."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from pipeline import model
from pipeline.config.fields import Section
from pipeline.config.folders import Folder
from pipeline.config.look_files import look_file, unknown_look
from pipeline.config.stickers import Point
from pipeline.config.values import KeyPath

File = Annotated[Path, Field(strict=False)]
Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Fraction = Annotated[float, Field(gt=0, le=1)]


class Emblem(Section):
    """A picture laid over the story: where its middle is, its width and how opaque, as fractions."""

    file: File
    at: Point = (0.5, 0.0)
    width: Fraction = 0.25
    opacity: Fraction = 1.0

    @model_validator(mode="before")
    @classmethod
    def _a_bare_name(cls, value: Any) -> Any:
        return {"file": value} if isinstance(value, str) else value


class Tune(Section):
    """A file to be heard, how loud in dB, and the second in it to begin at."""

    file: File
    gain_db: Annotated[float, Field(ge=-60, le=20)] | None = None
    start_s: Annotated[float, Field(ge=0)] = 0.0

    @model_validator(mode="before")
    @classmethod
    def _a_bare_name(cls, value: Any) -> Any:
        return {"file": value} if isinstance(value, str) else value


def _a_file(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(f"'{path}' isn't there")
    return path


class Watermark(Section):
    """A logo over every story that is made anew."""

    file: Annotated[Folder, AfterValidator(_a_file)]
    at: Point = (1.0, 0.0)
    width: Fraction = 0.14
    opacity: Fraction = 0.9


def _one_or_many(value: Any) -> Any:
    return value if value is None or isinstance(value, list) else [value]


Emblems = Annotated[tuple[Emblem, ...], BeforeValidator(_one_or_many), Field(strict=False)]
Scenes = Annotated[tuple[File, ...], BeforeValidator(_one_or_many), Field(strict=False)]


class DecorKeys(Section):
    """The words of a story and the keys that decorate it."""

    caption: Text = ""
    look: Text | None = None
    title: Text = ""
    title_at: Point | None = None
    caption_at: Point | None = None
    caption_as: model.CaptionAs | None = None
    sticker: Emblems = ()
    scenes: Scenes = ()
    music: Tune | None = None
    voice: Tune | None = None
    motion: model.Motion | None = None
    seconds: Annotated[float, Field(ge=1, le=60)] | None = None
    animate: model.Animation | None = None
    intro: Text = ""
    outro: Text = ""


def _there(own: Path) -> Path:
    if not own.is_dir():
        raise ValueError(f"'{own}' isn't there: make this folder, or leave the key out")
    return own


def _font_files(fonts: Mapping[str, Path]) -> Mapping[str, Path]:
    lacking = [name for name, file in fonts.items() if not file.is_file()]
    if lacking:
        raise ValueError(f"there is no font file {fonts[lacking[0]]} for '{lacking[0]}'")
    return fonts


OwnLooks = Annotated[Folder, AfterValidator(_there)]
FontFiles = Annotated[Mapping[str, Folder], AfterValidator(_font_files)]


def check_looks_are_known(wanted: Mapping[KeyPath, str | None], own: Path | None) -> None:
    """Raises a validation error where a key names a look that isn't there."""
    for at, name in wanted.items():
        if name and look_file(name, own) is None:
            what = unknown_look(name, own)
            raise PydanticCustomError("look", "{what}", {"what": what, "at": at})


def decor_of(written: Mapping[str, Any], folder: Path) -> model.Decor:
    """What the keys say, by their names; files are looked for from `folder` on."""
    plain = {
        field.name: written[field.name] for field in dataclasses.fields(model.Decor) if field.name in written
    }
    return model.Decor(
        **{
            **plain,
            "emblems": tuple(emblem_of(emblem, folder) for emblem in written["sticker"]),
            "scenes": tuple(folder / scene for scene in written["scenes"]),
            "music": _tune_of(written["music"], folder),
            "voice": _tune_of(written["voice"], folder),
        }
    )


def emblem_of(written: Emblem, folder: Path) -> model.Emblem:
    """The same in the model's terms."""
    return model.Emblem(folder / written.file, written.at, written.width, written.opacity)


def _tune_of(written: Tune | None, folder: Path) -> model.Tune | None:
    return None if written is None else model.Tune(folder / written.file, written.gain_db, written.start_s)

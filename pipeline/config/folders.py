"""Folders in the settings: `~`, what relative ones start at, and which may lie in which."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from pipeline.config.document import Document
from pipeline.config.place import Place
from pipeline.config.values import KeyPath


@dataclass(frozen=True, slots=True)
class Origin:
    """What settings are read from; relative folders start at `folder`, those of `--set` at the place's."""

    document: Document
    folder: Path
    place: Place
    file: Path | None = None


def _folder(value: Any, info: ValidationInfo) -> Path:
    """An absolute path; a Path is a default and lies beside the inbox."""
    origin: Any = info.context
    if isinstance(value, Path):
        return Path(info.data.get("inbox", origin.folder)).parent / value
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "not a text")
    return absolute(value, info, (info.field_name or "",))


def absolute(value: str, info: ValidationInfo, key: KeyPath) -> Path:
    """What a person wrote at `key` as a whole path. Raises ValueError."""
    origin: Any = info.context
    if not value.strip():
        raise ValueError("is empty: name a folder")
    from_command_line = origin.document.mark_of(key).line is None
    start = origin.place.cwd if from_command_line else origin.folder
    return Path(os.path.normpath(start / _at_home(value, origin.place.home)))


def _at_home(value: str, home: Path | None) -> str:
    if not value.startswith("~"):
        return value
    if value[1:2] not in ("", "/"):
        raise ValueError(f"'{value}' names somebody else's home: write the whole path")
    if home is None:
        raise ValueError("~ means nothing here, because HOME isn't set: write the whole path")
    return f"{home}{value[1:]}"


Folder = Annotated[Path, BeforeValidator(_folder), WithJsonSchema({"type": "string"})]


def lies_in(inner: Path, outer: Path) -> bool:
    """Whether a folder is another one or lies below it, symbolic links followed."""
    return inner.resolve().is_relative_to(outer.resolve())

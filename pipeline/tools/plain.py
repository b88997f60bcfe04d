"""The nouns of `model` to plain JSON values and back, so that a ledger and other programs can keep them."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pipeline.values import names_of

if TYPE_CHECKING:
    from dataclasses import Field

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """A dataclass, or anything inside one, as dicts, lists, strings and numbers."""
    names = names_of(type(value))
    if names is not None:
        return {name: to_plain(getattr(value, name)) for name in names}
    match value:
        case Mapping():
            return {str(key): to_plain(entry) for key, entry in value.items()}
        case tuple() | list():
            return [to_plain(entry) for entry in value]
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case Path():
            return str(value)
        case _:
            return value


def from_plain(kind: type[T], plain: Any) -> T:
    """The reverse of `to_plain`; missing fields get their defaults, unknown ones are passed over."""
    return cast("T", _revive(kind, plain))


def to_json(value: Any) -> str:
    """One canonical line of ASCII: equal values give equal text, and a path that isn't UTF-8 survives."""
    return json.dumps(to_plain(value), sort_keys=True, separators=(",", ":"))


def to_short_json(value: Any) -> str:
    """The same without what is as it is by default: for keeping, as `from_json` fills it in again."""
    return json.dumps(to_short_plain(value), sort_keys=True, separators=(",", ":"))


def to_short_plain(value: Any) -> Any:
    """What `to_short_json` writes."""
    return _short(value)


def _short(value: Any) -> Any:
    if names_of(type(value)) is None:
        return to_plain(value)
    told = [(field, getattr(value, field.name)) for field in _fields(value.__class__)]
    return {field.name: _short(held) for field, held in told if held != _default(field)}


@cache
def _fields(kind: type) -> tuple[Field[Any], ...]:
    import dataclasses  # with inspect

    return dataclasses.fields(kind)


def _default(field: Field[Any]) -> Any:
    import dataclasses

    factory = field.default_factory
    return field.default if factory is dataclasses.MISSING else factory()


def from_json(kind: type[T], text: str) -> T:
    """The reverse of `to_json`."""
    return from_plain(kind, json.loads(text))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _revive(kind: Any, plain: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return None if plain is None else _revive(_option(kind, plain), plain)
    if origin is tuple:
        return _revive_tuple(get_args(kind), plain)
    if origin is Literal:
        return plain
    if origin is not None and issubclass(origin, Mapping):
        return {key: _revive(get_args(kind)[1], entry) for key, entry in plain.items()}
    if isinstance(kind, type) and names_of(kind) is not None:
        known = _hints(kind)
        return kind(**{key: _revive(known[key], entry) for key, entry in plain.items() if key in known})
    if kind is datetime or kind is date:
        return kind.fromisoformat(plain)
    return kind(plain)


def _option(kind: Any, plain: Any) -> Any:
    """Which of several kinds a value is of: a word that is meant literally, or else the first other one."""
    options = [option for option in get_args(kind) if option is not type(None)]
    words = (option for option in options if get_origin(option) is Literal and plain in get_args(option))
    others = (option for option in options if get_origin(option) is not Literal)
    return next(words, None) or next(others, None) or options[0]


def _revive_tuple(kinds: tuple[Any, ...], plain: list[Any]) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(_revive(kinds[0], entry) for entry in plain)
    return tuple(_revive(kind, entry) for kind, entry in zip(kinds, plain, strict=True))

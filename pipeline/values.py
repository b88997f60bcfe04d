"""Classes of plain values as `dataclasses` makes them, in a tenth of the time.

The standard decorator writes and compiles six functions for each class, 0.4 ms, and brings `inspect`, 5 ms; a
`status` meets sixty classes and makes values of ten. Here the methods are shared, and only `__init__` is
compiled, when the first value is made. Whoever asks for the fields as `dataclasses` knows them gets them.
"""

from __future__ import annotations

from operator import attrgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from dataclasses import dataclass, field, replace
    from typing import Any, NoReturn

__all__ = ["dataclass", "field", "names_of", "replace"]

ABSENT = object()
SHAPE = "__shape__"
TOLD_LATER = ("__dataclass_fields__", "__dataclass_params__")


class _Factory:
    """Makes a default."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], object]) -> None:
        self.make = make


class _Shape:
    """What a class was asked to be; `fields` are all, with their defaults, and whether by name only."""

    __slots__ = ("fields", "frozen", "kw_only")

    def __init__(self, fields: dict[str, tuple[object, bool]], *, frozen: bool, kw_only: bool) -> None:
        self.fields = fields
        self.frozen = frozen
        self.kw_only = kw_only


class _ToldLater:
    """What `dataclasses` keeps in a class, worked out when somebody asks."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, one: object, kind: type) -> object:
        owner = _owner(kind)
        twin = _twin(owner)
        for name in TOLD_LATER:
            setattr(owner, name, getattr(twin, name))
        return getattr(kind, self.name)


def _decorator(*, frozen: bool = False, slots: bool, kw_only: bool = False) -> Callable[[type], type]:
    """As `dataclasses.dataclass`; without slots there is nothing to be gained."""
    if not slots:
        raise TypeError("only with slots")
    return lambda written: _made(written, frozen=frozen, kw_only=kw_only)


def _field(*, default_factory: Callable[[], object]) -> object:
    """As `dataclasses.field`."""
    return _Factory(default_factory)


def _replace(one: Any, /, **changes: object) -> Any:
    """As `dataclasses.replace`."""
    for name in names_of(type(one)) or ():
        if name not in changes:
            changes[name] = getattr(one, name)
    return type(one)(**changes)


def names_of(kind: type) -> tuple[str, ...] | None:
    """The names of a class's fields; None for one that isn't made of fields."""
    shape = kind.__dict__.get(SHAPE)
    fields = shape.fields if shape else getattr(kind, TOLD_LATER[0], None)
    return None if fields is None else tuple(fields)


if not TYPE_CHECKING:
    dataclass, field, replace = _decorator, _field, _replace


def _made(written: type, *, frozen: bool, kw_only: bool) -> type:
    """The same class with slots, which Python only gives to new ones."""
    body = dict(written.__dict__)
    own = body.get("__annotations__", {})
    inherited: dict[str, tuple[object, bool]] = {}
    for base in reversed(written.__mro__[1:]):
        inherited |= base.__dict__[SHAPE].fields if SHAPE in base.__dict__ else {}
    fields = inherited | {name: (body.pop(name, ABSENT), kw_only) for name in own}
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    body[SHAPE] = _Shape(fields, frozen=frozen, kw_only=kw_only)
    body["__slots__"] = tuple(name for name in own if name not in inherited)
    body["__match_args__"] = tuple(name for name, (_, by_name) in fields.items() if not by_name)
    body["__read__"] = attrgetter(*fields, "__class__")
    made = type(written)(
        written.__name__, written.__bases__, {**_SHARED, **(_FROZEN if frozen else _FREE), **body}
    )
    made.__qualname__ = written.__qualname__
    return made


def _owner(kind: type) -> type:
    return next(base for base in kind.__mro__ if SHAPE in base.__dict__)


def _init(self: object, *given: object, **named: object) -> None:
    """The first value: from now on the class has an `__init__` of its own."""
    owner: Any = _owner(type(self))
    owner.__init__ = _compiled(owner)
    owner.__init__(self, *given, **named)


def _compiled(owner: type) -> object:
    shape: _Shape = owner.__dict__[SHAPE]
    known: dict[str, Any] = {"_set": object.__setattr__, "_absent": ABSENT}
    places: tuple[list[str], list[str]] = (["self"], ["*"])
    lines = []
    for name, (default, by_name) in shape.fields.items():
        known[f"_default_{name}"] = ABSENT if isinstance(default, _Factory) else default
        places[by_name].append(name if default is ABSENT else f"{name}=_default_{name}")
        value = name
        if isinstance(default, _Factory):
            known[f"_make_{name}"] = default.make
            value = f"_make_{name}() if {name} is _absent else {name}"
        lines.append(f"_set(self, {name!r}, {value})" if shape.frozen else f"self.{name} = {value}")
    if hasattr(owner, "__post_init__"):
        lines.append("self.__post_init__()")
    by_place, by_name_only = places
    parameters = [*by_place, *(by_name_only if len(by_name_only) > 1 else ())]
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"]), known)  # noqa: S102 - names of our own fields
    known["__init__"].__qualname__ = f"{owner.__qualname__}.__init__"
    return known["__init__"]


def _twin(owner: type) -> type:
    """What the standard library makes of the same fields."""
    import dataclasses
    import inspect

    def told(default: Any) -> Any:
        return dataclasses.field(default_factory=default.make) if isinstance(default, _Factory) else default

    shape: _Shape = owner.__dict__[SHAPE]
    body = {name: owner.__dict__.get(name) for name in ("__doc__", "__module__")}
    body["__annotations__"] = own = inspect.get_annotations(owner)
    body |= {name: told(shape.fields[name][0]) for name in own if shape.fields[name][0] is not ABSENT}
    twin = type(owner)(owner.__name__, owner.__bases__, body)
    return dataclasses.dataclass(frozen=shape.frozen, kw_only=shape.kw_only)(twin)


def _refuse(self: object, name: str, *_: object) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"{name!r} of {type(self).__name__} can't be changed")


def _repr(self: object) -> str:
    told = (f"{name}={getattr(self, name)!r}" for name in _fields(self))
    return f"{type(self).__qualname__}({', '.join(told)})"


def _eq(self: Any, other: Any) -> Any:
    return (
        self.__read__(self) == self.__read__(other) if other.__class__ is self.__class__ else NotImplemented
    )


def _hash(self: Any) -> int:
    return hash(self.__read__(self))


def _getstate(self: object) -> list[object]:
    return [getattr(self, name) for name in _fields(self)]


def _setstate(self: object, state: list[object]) -> None:
    for name, value in zip(_fields(self), state, strict=True):
        object.__setattr__(self, name, value)


def _fields(one: object) -> Mapping[str, object]:
    shape: _Shape = getattr(type(one), SHAPE)
    return shape.fields


_SHARED = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _eq,
    **{name: _ToldLater(name) for name in TOLD_LATER},
}
_FREE = {"__hash__": None}
_FROZEN = {
    "__hash__": _hash,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__getstate__": _getstate,
    "__setstate__": _setstate,
}

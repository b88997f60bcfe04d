"""Classes of values behave as those of `dataclasses`, whose place they take."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable

import pytest

from pipeline.values import dataclass, field, names_of, replace


@dataclass(frozen=True, slots=True)
class Point:
    """Two numbers."""

    x: int
    y: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A base."""

    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked(Named):
    """With a field that is there whenever the base's may be left out."""

    mark: Point


@dataclass(slots=True)
class Tally:
    """What changes, with something made anew for each."""

    left: int
    seen: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left += 1


@dataclasses.dataclass(frozen=True, slots=True)
class Standard(Point):
    """A class of the standard library above one of ours."""

    z: int = 3


def test_values_are_made_by_place_or_name_and_tell_what_they_are() -> None:
    assert Point(1) == Point(x=1, y=2) != Point(2)
    assert repr(Point(1)) == "Point(x=1, y=2)"
    assert len({Point(1), Point(1, 2), Point(3)}) == 2
    assert Point(1).__eq__((1, 2)) is NotImplemented
    match Point(1, 5):
        case Point(x, y):
            assert (x, y) == (1, 5)


@pytest.mark.parametrize("wrong", [lambda: Point(1, 2, 3), lambda: Point(a=1)])  # type: ignore[call-arg]
def test_wrong_arguments_are_refused(wrong: Callable[[], Point]) -> None:
    with pytest.raises(TypeError, match="__init__"):
        wrong()


def test_a_frozen_value_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del Point(1).x


def test_one_that_may_change_has_a_default_of_its_own_and_no_hash() -> None:
    first, second = Tally(1), Tally(1)
    first.seen.append(5)
    assert (first.left, first.seen, second.seen) == (2, [5], [])
    with pytest.raises(TypeError, match="unhashable"):
        hash(first)


def test_a_subclass_has_the_fields_of_its_base() -> None:
    marked = Marked(name="a", mark=Point(1))
    assert (marked.name, marked.words, marked.mark) == ("a", (), Point(1))
    assert names_of(Marked) == ("name", "words", "mark")
    assert not hasattr(marked, "__dict__")


def test_a_changed_copy_is_of_the_same_class() -> None:
    assert replace(Point(1), y=7) == Point(1, 7)
    assert replace(Standard(1), z=7) == Standard(1, 2, 7)
    assert dataclasses.replace(Point(1), y=7) == Point(1, 7)


def test_values_are_kept_and_copied_also_by_a_process_that_has_made_none() -> None:
    given = Marked(name="a", mark=Point(1))
    assert pickle.loads(pickle.dumps(given)) == given  # noqa: S301 - our own
    assert copy.deepcopy(given) == given
    read = "import pickle, sys; sys.path[:0] = sys.argv[1:]; print(pickle.load(sys.stdin.buffer))"
    kept = pickle.dumps(given)
    told = subprocess.run(
        [sys.executable, "-c", read, *sys.path], input=kept, capture_output=True, check=True
    )
    assert told.stdout.decode().strip() == "Marked(name='a', words=(), mark=Point(x=1, y=2))"


def test_the_standard_library_finds_the_fields() -> None:
    assert dataclasses.is_dataclass(Marked)
    assert [one.name for one in dataclasses.fields(Marked)] == ["name", "words", "mark"]
    assert dataclasses.asdict(Tally(1)) == {"left": 2, "seen": []}
    assert dataclasses.asdict(Standard(1)) == {"x": 1, "y": 2, "z": 3}
    assert names_of(Standard) == ("x", "y", "z")
    assert names_of(int) is None

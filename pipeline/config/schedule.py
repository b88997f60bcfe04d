"""The times of the week at which stories go out, how many a day, in which order, and what if it's missed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, InstanceOf, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from pipeline.config.accounts import Quiet, ZoneName
from pipeline.config.fields import Section
from pipeline.config.hours import QuietHours
from pipeline.config.nearest import nearest
from pipeline.model import DAYS, Late, Order, WeeklySlots
from pipeline.model.schedules import LETTERS

EXAMPLE = '"Mon-Fri 09:00, 18:30"'
DAILY = "daily"
_DASH = re.compile(r"\s*[-\u2013]\s*")  # a hyphen or an en dash
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]")


def weekly_slots(text: str) -> WeeklySlots:
    """Reads "Mon-Fri 09:00, 18:30". Raises ValueError with a sentence for people."""
    words = [word for word in re.split(r"[\s,]+", _DASH.sub("-", text)) if word]
    first_time = next((at for at, word in enumerate(words) if word[0].isdigit()), len(words))
    days = sorted({day for word in words[:first_time] for day in _days(word, text)})
    times = sorted({_time(word, text) for word in words[first_time:]})
    if not times:
        raise ValueError(f"'{text}' has no time: write it as {EXAMPLE}")
    if not days:
        raise ValueError(f"'{text}' has no days: write {DAILY} {text.strip()}, or {EXAMPLE}")
    return WeeklySlots(tuple(days), tuple(times))


def _days(word: str, text: str) -> Iterator[int]:
    """The days of `Mon`, `Monday-Friday`, `Sat-Mon` or `daily`."""
    if word.lower() == DAILY:
        yield from range(len(DAYS))
        return
    ends = [_day(name, text) for name in word.split("-")]
    if len(ends) > len(("from", "to")):
        raise ValueError(f"'{word}' in '{text}' is not from one day to another: write it as Mon-Fri")
    first, last = ends[0], ends[-1]
    yield from ((first + day) % len(DAYS) for day in range((last - first) % len(DAYS) + 1))


def _day(name: str, text: str) -> int:
    for number, known in enumerate(DAYS):
        if len(name) >= LETTERS and known.lower().startswith(name.lower()):
            return number
    spellings = [*(day[:LETTERS] for day in DAYS), *DAYS, DAILY]
    near = nearest(name, spellings)
    hint = f"did you mean {near}?" if near else "write Mon to Sun, or daily"
    raise ValueError(f"'{name}' in '{text}' is not a day of the week; {hint}")


def _time(word: str, text: str) -> time:
    if not _CLOCK.fullmatch(word):
        raise ValueError(f"'{word}' in '{text}' is not a time such as 18:30; all days come before the times")
    return time.fromisoformat(word.zfill(len("00:00")))


def _slots(value: Any) -> Any:
    entries = [value] if isinstance(value, str) else value
    texts = isinstance(entries, list | tuple) and all(isinstance(one, str | WeeklySlots) for one in entries)
    if not texts:
        raise PydanticCustomError(
            "slots", "is not a list of times in quotes, such as [{such}]", {"such": EXAMPLE}
        )
    return tuple(weekly_slots(entry) if isinstance(entry, str) else entry for entry in entries)


Slots = Annotated[
    tuple[InstanceOf[WeeklySlots], ...],
    BeforeValidator(_slots),
    PlainSerializer(lambda slots: [str(entry) for entry in slots]),
    WithJsonSchema({"type": "array", "items": {"type": "string"}, "examples": [["Mon-Fri 09:00, 18:30"]]}),
]
PerDay = Annotated[int, Field(ge=1, le=1000)]
LateHours = Annotated[float, Field(gt=0, le=24 * 365)]


class Schedule(Section):
    timezone: ZoneName | None = Field(
        default=None, description="The zone of times without an offset; null for the computer's."
    )
    slots: Slots = Field(default=(), description="When stories go out, one at each time; [] is at once.")
    per_day: PerDay | None = Field(default=None, description="Most stories a day; null for any number.")
    order: Order = Field(
        default="sidecar",
        description="Who is first: by name (9 before 10), by date, or a sidecar's `order`, then name.",
    )
    late: Late = Field(
        default="send", description="What becomes of a story that missed its slot: sent, skipped, or you say."
    )
    late_hours: LateHours = Field(default=6, description="How many hours later a slot counts as missed.")
    quiet_hours: Quiet = Field(default=None, description="When nothing goes out, such as 22:00-07:00.")


class OwnSchedule(Section):
    """What differs at one destination; what isn't written is as everywhere."""

    slots: Slots | None = Field(default=None, description="Other slots only here; [] is at once.")
    per_day: PerDay | None = Field(default=None, description="Another number only here.")
    order: Order | None = Field(default=None, description="Another order only here.")
    late: Late | None = Field(default=None, description="Another answer only here.")
    late_hours: LateHours | None = Field(default=None, description="Another patience only here.")
    quiet_hours: Quiet = Field(default=None, description="Other quiet hours only here.")

    def over(self, everywhere: Schedule) -> Schedule:
        """What counts at this destination."""
        return everywhere.model_copy(update={key: getattr(self, key) for key in self.model_fields_set})


def quiet_slot(slots: tuple[WeeklySlots, ...], quiet: QuietHours | None) -> str | None:
    """Why a slot could never send anything, or None."""
    if quiet is None:
        return None
    lost = [at for entry in slots for at in entry.times if _lies_in(at, quiet)]
    return f"{lost[0]:%H:%M} lies in the quiet hours {quiet}: nothing would go out then" if lost else None


def _lies_in(at: time, quiet: QuietHours) -> bool:
    if quiet.start < quiet.end:
        return quiet.start <= at < quiet.end
    return at >= quiet.start or at < quiet.end

"""What happens in a run as lines of text: one for each story that went somewhere, or only the problems."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pipeline.model import State
from pipeline.report.events import (
    Alarm,
    Asked,
    Blocked,
    Delivered,
    Event,
    Held,
    Looked,
    Notified,
    NotPulled,
    Observer,
    Postponed,
    Pulled,
    Refused,
    Repeated,
    Stopped,
    Surge,
    Unheard,
    Waiting,
)
from pipeline.report.words import about, count, name_of, part_of, printable, size

MOST_PROBLEMS = 20
GOOD = frozenset({State.OFFERED, State.PUBLISHED})


def line_of(event: Event) -> str | None:
    """The line that tells an event to people; None when it isn't worth one."""
    match event:
        case Delivered():
            return _delivered(event)
        case Refused(path=path, reason=reason):
            return _line("refused", about(path, reason))
        case Postponed(path, reason):
            return _line("later", about(path, reason))
        case Repeated(path, known_as):
            return _line("known", name_of(path), f"the same as {known_as}")
        case Blocked(destination, reason):
            return _line("blocked", destination, reason)
        case Waiting(destination, until, reason):
            return _line("waiting", destination, f"{reason}; goes on at {_clock(until)}")
        case Held(destination, number, reason, until):
            next_at = f"; next at {_clock(until)}" if until else ""
            return _line("held", f"{count(number, 'story', 'stories')} for {destination}", reason + next_at)
        case Stopped(destination, _, reason):
            return _line("stopped", destination, reason)
        case Asked() | Looked() | Notified() | Unheard() | Surge() | Alarm() | Pulled() | NotPulled():
            return _of_the_whole(event)
        case _:
            return None


def is_problem(event: Event) -> bool:
    """Whether a person who only wants to hear of problems should hear of this."""
    match event:
        case Refused() | Asked() | Surge() | Alarm() | Blocked() | Stopped() | Unheard():
            return True
        case Looked(needs_person=needs_person):
            return needs_person
        case Delivered(state=state):
            return state not in GOOD and state not in (State.EXPIRED, State.SKIPPED)
        case _:
            return False


def in_lines(say: Callable[[str], None]) -> Observer:
    """An observer that says one line for each event worth it."""

    def observe(event: Event) -> None:
        line = line_of(event)
        if line is not None:
            say(line)

    return observe


class Problems:
    """An observer that tells of problems only, in a text that is short enough for a mail."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._told = 0

    def __call__(self, event: Event) -> None:
        """Say a line for each problem, as long as there aren't many."""
        line = line_of(event) if is_problem(event) else None
        if line is not None:
            self._told += 1
            if self._told <= MOST_PROBLEMS:
                self._say(line)

    def end(self) -> None:
        """Say how many there were beside."""
        if self._told > MOST_PROBLEMS:
            self._say(f"… and {count(self._told - MOST_PROBLEMS, 'more', 'more')}")


def _delivered(event: Delivered) -> str:
    story = part_of(event.path, event.part, event.parts)
    word = "try later" if event.state is State.PLANNED else str(event.state)
    return _line(word, f"{event.destination:<10} {story}", event.reason)


def _looked(event: Looked) -> str:
    story = part_of(event.path, event.part, event.parts)
    found = f"it is live ({event.external_id})" if event.external_id else event.reason
    next_command = f". Next: storyrelay show {event.delivery}" if event.needs_person else ""
    return _line("looked", f"{event.destination:<10} {story}", f"{found}{next_command}")


def _of_the_whole(
    event: Asked | Looked | Notified | Unheard | Surge | Alarm | Pulled | NotPulled,
) -> str:
    match event:
        case Surge(reason=reason):
            return _line("surge", printable(reason))
        case Pulled(source, path, byte_count):
            told = f", {size(byte_count)}" if byte_count is not None else ""
            return _line("pulled", f"{source:<10} {name_of(path)}{told}")
        case NotPulled(source, path, reason):
            return _line("not pulled", f"{source:<10} {printable(path)}" if path else source, reason)
        case Alarm(about_what, reason):
            return _line(about_what, printable(reason))
        case Asked(path, destinations, reason):
            return _line("asks you", f"{', '.join(destinations):<10} {name_of(path)}", reason)
        case Looked():
            return _looked(event)
        case Notified(title):
            return _line("told you", printable(title))
        case Unheard(address, reason):
            return _line("unheard", address, reason)


def _clock(at: datetime) -> str:
    """A moment on the clock of this machine, with the day where it isn't today's."""
    return f"{at.astimezone():%a %H:%M}"


def _line(word: str, what: str, reason: str | None = None) -> str:
    return f"{word:<10} {what}" + (f": {printable(reason)}" if reason else "")

"""The command that takes a delivery further, written the way this person calls the program."""

from __future__ import annotations

import shlex
from pathlib import Path

from pipeline.model import Delivery, State
from pipeline.values import dataclass


@dataclass(frozen=True, slots=True)
class Program:
    """How the person calls storyrelay: its name, and the options that belong to every call."""

    name: str = "storyrelay"
    options: tuple[str, ...] = ()

    def call(self, *words: str) -> str:
        """A command to copy into a shell."""
        return " ".join((self.name, *words, *map(shlex.quote, self.options)))


PLAIN = Program()


def next_words(delivery: Delivery) -> tuple[str, ...] | None:
    """What brings a delivery further, as words after the program's name; None when it rests."""
    number = str(delivery.id)
    match delivery.state:
        case State.OFFERED | State.OPENED | State.SHARED:
            return ("confirm", number)
        case State.PLANNED | State.ARMED:
            return ("run",)
        case State.PARKED | State.SKIPPED | State.EXPIRED | State.FAILED:
            return ("retry", number)
        case State.UNKNOWN:
            return ("show", number)
        case State.CONFIRMED | State.PUBLISHED:
            return None


def next_command(delivery: Delivery, program: Program = PLAIN) -> str | None:
    """The same as a whole command."""
    words = next_words(delivery)
    return None if words is None else program.call(*words)


def retry_file(path: Path, program: Program = PLAIN) -> str:
    """The command that has a refused file looked at again."""
    return program.call("retry", shlex.quote(str(path)))


def account_command(account: str, program: Program = PLAIN) -> str:
    """The command that lets a stopped account go on."""
    return program.call("session", "login", shlex.quote(account))

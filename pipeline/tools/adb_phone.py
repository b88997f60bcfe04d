"""One phone behind adb: commands that arrive word for word, and files that arrive whole."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.errors import TryAgain
from pipeline.tools.adb import Said, run_adb
from pipeline.tools.clock import fresh_name
from pipeline.values import dataclass

RECONNECT = "Next: reconnect it, then storyrelay phone devices"
DOCTOR = "Next: storyrelay phone doctor"


@dataclass(frozen=True, slots=True)
class Reply:
    """What one command on the phone answered, its complaints included."""

    returncode: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Phone:
    """A connected phone; no command may take longer than `answer_s`."""

    serial: str
    answer_s: float

    def ask(self, *commands: Sequence[str]) -> list[Reply]:
        """Run commands one after the other, in one call. Raises TryAgain when not all of them answered.

        adb joins its words with spaces for the phone's shell, so they go as one quoted word (a naive list
        kept 5 of 25 hostile captions). Each is followed by a mark with its exit code, because adb itself
        may end with 0 when the line drops (adb 29), and an old phone tells no code at all.
        """
        mark = f"__rc_{fresh_name()[:12]}="
        script = "; ".join(f"{shlex.join(command)} 2>&1; echo {mark}$?" for command in commands)
        said = run_adb(["-s", self.serial, "shell", script], self.answer_s)
        replies = list(_replies(said.lines, mark))
        if len(replies) != len(commands):
            raise _dropped(self.serial, said)
        return replies

    def push(self, source: Path, target: str, seconds: float, *then: Sequence[str]) -> list[Reply]:
        """Copy a file onto the phone, with the folders it needs, then run commands there.

        adb can report success for an empty file, so its size is compared. Raises TryAgain with the phone's
        own reason.
        """
        said = run_adb(["-s", self.serial, "push", str(source.absolute()), target], seconds)
        if said.returncode != 0:
            raise TryAgain(_why_not_pushed(said, self.serial))
        size, *replies = self.ask(["stat", "-c", "%s", target], *then)
        sent = str(source.stat().st_size)
        if size.text != sent:
            what = f"{size.text} of {sent} bytes" if size.text.isdigit() else f"nothing ({size.text})"
            raise TryAgain(f"the copy on the phone {self.serial} isn't whole: {what} arrived. {DOCTOR}")
        return replies

    def reversed_ports(self) -> frozenset[str]:
        """The ports of the phone that lead to the same ones here ("tcp:8765"). Raises TryAgain."""
        said = run_adb(["-s", self.serial, "reverse", "--list"], self.answer_s)
        rows = [line.split() for line in said.lines]
        return frozenset(words[-1] for words in rows if len(words) > 1 and words[-1] == words[-2])

    def reverse(self, port: int) -> None:
        """Let a port of the phone lead to the same one here, until it is unplugged. Raises TryAgain."""
        place = f"tcp:{port}"
        said = run_adb(["-s", self.serial, "reverse", place, place], self.answer_s)
        if said.returncode != 0:
            raise _dropped(self.serial, said)


def _replies(lines: Sequence[str], mark: str) -> Iterator[Reply]:
    kept: list[str] = []
    for line in lines:
        before, found, code = line.partition(mark)
        if before:
            kept.append(before)
        if found and code.isdigit():
            yield Reply(int(code), tuple(kept))
            kept = []


def _dropped(serial: str, said: Said) -> TryAgain:
    told = _bare(said.errors[-1]) if said.errors else "the line dropped"
    return TryAgain(f"the phone {serial} broke off: {told}. {RECONNECT}")


def _bare(line: str) -> str:
    return line.removeprefix("adb: ").removeprefix("error: ")


def _why_not_pushed(said: Said, serial: str) -> str:
    lines = (*said.errors, *said.lines)
    told = next((line for line in lines if "error" in line), lines[-1] if lines else "no reason given")
    if "No space left" in told:
        return f"the phone {serial} is full. Next: make room on it"
    return f"the phone {serial} took no file: {_bare(told)}. {RECONNECT}"

"""The command called by many at once over a crowd of files, and what must be true of every answer."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fakes.command import BARE, CONFIG, PROGRAM
from fakes.crowd import CANVAS, Crowd, crowd

AWKWARD = os.fsdecode(b"50% of Ana's caf\xe9 $HOME")
"""The folder in which all of it lies."""
SMALL = f"{{canvas: {{width: {CANVAS[0]}, height: {CANVAS[1]}}}}}"
SETTINGS = f"""\
inbox: inbox
outbox: outbox
state: state
destinations: {{whatsapp: {{platform: whatsapp_status}}, instagram: {{platform: instagram_story}}}}
platforms: {{whatsapp_status: {SMALL}, instagram_story: {SMALL}}}
limits: {{settle_seconds: 0, surge: null}}
same_picture: send
log: {{file: run.log, format: json, max_kb: 100000}}
"""
PATIENCE_S = 900
LOCKED = 5
SOME_REFUSED = 3
HELD = "another run holds the lock"
CRON = {"HOME": "/nowhere", "LOGNAME": "root", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
PLAIN_C = BARE | {"LANG": "C", "LC_ALL": "C"}
ASCII = PLAIN_C | {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""A locale in which Python itself has no UTF-8."""


@dataclass(frozen=True, slots=True)
class Call:
    """A command as somebody starts it."""

    words: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=lambda: BARE)
    umask: int = 0o022

    @property
    def is_run(self) -> bool:
        return self.words[0] == "run"


@dataclass(frozen=True, slots=True)
class Heard:
    """How a call ended."""

    call: Call
    code: int
    out: bytes
    err: bytes

    def json_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Town:
    """A crowd, and the program that is asked about it; `broken` names one that is wrong on purpose."""

    root: Path
    crowd: Crowd
    broken: str | None = None

    def start(self, call: Call) -> subprocess.Popen[bytes]:
        program = (
            [PROGRAM] if self.broken is None else [sys.executable, "-m", "fakes.crowd_victim", self.broken]
        )
        tests = {} if self.broken is None else {"PYTHONPATH": str(Path(__file__).parents[1])}
        return subprocess.Popen(
            [*program, *map(os.fsencode, call.words), "-c", os.fsencode(self.root / CONFIG)],
            cwd="/",
            env=dict(call.env) | tests,
            umask=call.umask,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def ask(self, *words: str, env: Mapping[str, str] = BARE) -> Heard:
        call = Call(words, env)
        with self.start(call) as process:
            return heard(call, process)


def heard(call: Call, process: subprocess.Popen[bytes]) -> Heard:
    """Its answer; one that never comes is as bad as one that is wrong."""
    try:
        out, err = process.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    return Heard(call, process.returncode, out, err)


@contextlib.contextmanager
def town(folder: Path, files: int, seed: int, broken: str | None = None) -> Iterator[Town]:
    """So many files and a config that takes all of them."""
    root = folder / AWKWARD
    root.mkdir()
    (root / CONFIG).write_text(SETTINGS)
    yield Town(root, crowd(root / "inbox", files, seed), broken)


def at_once(town: Town, calls: Sequence[Call]) -> list[Heard]:
    """Several commands at the same moment. Each has its pipes emptied, as none writes more than they hold."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(len(calls)) as pool:
        processes = [town.start(call) for call in calls]
        return list(pool.map(heard, calls, processes))


def wrong_with(said: Heard) -> Iterator[str]:
    """What is wrong with an answer, whatever it was about."""
    name, err = " ".join(said.call.words), said.err.decode(errors="backslashreplace")
    allowed = {0, SOME_REFUSED, LOCKED} if said.call.is_run else {0, SOME_REFUSED} if "plan" in name else {0}
    if said.code not in allowed or "Traceback" in err:
        yield f"{name} ended with {said.code}: {err[-600:]}"
        return
    if said.call.is_run:
        yield from (f"{name} ended with {said.code}: {what}" for what in _wrong_with_run(said, err))
    yield from (f"{name}: {what}" for what in _wrong_with_text(said))


def _wrong_with_run(said: Heard, err: str) -> Iterator[str]:
    """Exit codes as the README has them, and who was told to be quiet is."""
    if (said.code == LOCKED) != (HELD in err):
        yield f"yet it said: {err[-300:]}"
    elif said.code == LOCKED and len(err.splitlines()) != 1:
        yield f"with more than a line: {err[-300:]}"
    elif said.code == 0 and "-q" in said.call.words and (said.out or said.err):
        yield "and wasn't quiet"
    if "--json" in said.call.words:
        summary = said.json_lines()[-1]
        failed = summary.get("refused", 0) or summary.get("failed", 0)
        right = LOCKED if said.code == LOCKED else SOME_REFUSED if failed else 0
        if (summary["event"], summary["exit_code"], said.code) != ("summary", right, right):
            yield f"but its summary is {summary}"


def _wrong_with_text(said: Heard) -> Iterator[str]:
    """What terminals, mails and other programs get: text they can read, and nothing that commands them."""
    form = {"--json": "json", "json": "json", "csv": "csv"}
    kind = next((form[word] for word in said.call.words if word in form), "text")
    for stream in (said.out, said.err):
        try:
            text = stream.decode("utf-8")
        except UnicodeDecodeError as fault:
            yield f"isn't text: {stream[max(0, fault.start - 60) : fault.end + 20]!r}"
            continue
        obeyed = {sign for sign in text if unicodedata.category(sign) in {"Cc", "Cs"}} - {"\n"}
        if obeyed and not (kind == "csv" and stream is said.out):
            yield f"has signs that a terminal obeys: {sorted(obeyed)}"
    try:
        _parsed(said, kind)
    except ValueError as fault:
        yield f"isn't {kind}: {fault}"


def _parsed(said: Heard, kind: str) -> None:
    if kind == "json" and said.call.is_run:
        said.json_lines()
    elif kind == "json":
        json.loads(said.out)
    elif kind == "csv":
        header, *rows = csv.reader(io.StringIO(said.out.decode(), newline=""), strict=True)
        if any(len(row) != len(header) or row[2].startswith(("=", "+", "-", "@")) for row in rows):
            raise ValueError(header)

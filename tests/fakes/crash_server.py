"""A program that starts runs in forks of itself, warm and at once, and lets each be killed anywhere.

It reads one JSON request a line and answers with how the fork ended. A request may ask for a kill after so
many seconds, or at the run's k-th step: a file opened for writing, renamed or removed, a folder made, a
child started, a transaction begun or committed. Nothing of the program is changed for that: Python tells an
audit hook of every such step, and SQLite a trace callback.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fakes.destinations import Forgetful, Hasty
from fakes.disk import WEAKER, weaken

import pipeline.reformat.photo
import pipeline.reformat.verify
import pipeline.reformat.video
import pipeline.run.course
import pipeline.run.outflow
import pipeline.tools.probe_photo
import pipeline.tools.probe_video
from pipeline.config import Place, Settings, load_settings
from pipeline.deliver import Outcome, Steps
from pipeline.destination import Destination, Parcel
from pipeline.ledger import Ledger, Move
from pipeline.ledger.answers import Answer
from pipeline.model import Delivery, Rendition, State
from pipeline.run import Request, answer, run
from pipeline.tools.clock import Clock

STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "subprocess.Popen"}
BUG = 99
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(slots=True)
class Countdown:
    """Kills this process at its k-th step in the folder `world`."""

    left: int
    world: str

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            if arguments[2] & WRITING and str(arguments[0]).startswith(self.world):
                self.step()
        elif event in STEPS:
            self.step()

    def begin(self) -> None:
        connect = sqlite3.connect

        def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
            db: sqlite3.Connection = connect(*arguments, **options)
            db.set_trace_callback(self.hear_statement)
            return db

        vars(sqlite3)["connect"] = traced
        sys.addaudithook(self.hear)

    def hear_statement(self, statement: str) -> None:
        if statement.startswith(("BEGIN", "COMMIT", "VACUUM")):
            self.step()


def send_before_settling(
    delivery: Delivery, rendition: Rendition, destination: Destination, ledger: Ledger, clock: Clock
) -> Outcome:
    """Wrong: the ledger says that a story is out before it is."""
    ledger.move(delivery, Move(State.ARMED, "armed"))
    armed = ledger.delivery(delivery.id)
    assert armed
    expires_at = clock() + timedelta(hours=24)
    ledger.move(armed, Move(State.OFFERED, "offered", expires_at=expires_at))
    parcel = Parcel(armed.id, armed.path.name, rendition, armed.texts, expires_at)
    destination.deliver(parcel, Steps(armed, ledger))
    return Outcome(State.OFFERED)


def break_it(how: str) -> None:
    """Replace a part of the program by one that does it wrong."""
    channels: dict[str, Callable[[str, Path], Destination]] = {"hasty": Hasty, "forgetful": Forgetful}
    if how in WEAKER:
        weaken(how)
    elif how == "settles first":
        vars(pipeline.run.outflow)["deliver"] = send_before_settling
    else:

        def broken(settings: Settings) -> dict[str, Destination]:
            return {name: channels[how](name, settings.outbox / name) for name in settings.destinations}

        vars(pipeline.run.course)["destinations"] = broken


def carry_out(request: dict[str, Any]) -> int:
    """What the request asks for; the exit code."""
    if request["broken"]:
        break_it(request["broken"])
    world = Path(request["world"])
    settings = load_settings(world / "storyrelay.yaml", (), Place({}, world, None))
    if request["kill_at"]:
        Countdown(request["kill_at"], str(world)).begin()
    if request["confirm"]:
        said_at = datetime.fromisoformat(request["at"])
        answer(settings, [Answer("confirm", number, said_at) for number in request["confirm"]])
        return 0
    return run(settings, Request(), lambda _: None).exit_code


Act = Callable[[dict[str, Any]], int]


def in_a_fork(act: Act, request: dict[str, Any]) -> int:
    """The number of a fork that does it."""
    pid = os.fork()
    if pid:
        return pid
    code = BUG
    try:
        code = act(request)
    finally:
        if code == BUG:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(code)


def tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def serve(act: Act) -> None:
    """Have each request carried out in a fork, until there are no more."""
    for line in sys.stdin:
        request = json.loads(line)
        pid = in_a_fork(act, request)
        if request["kill_after_s"] is not None:
            time.sleep(request["kill_after_s"])
            os.kill(pid, signal.SIGKILL)  # until it is waited for, nobody else has its number
        _, status = os.waitpid(pid, 0)
        tell(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    serve(carry_out)

"""What the person says, carried out at once, or left to the run that is under way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import LockedError
from pipeline.handoff import every_destination
from pipeline.ledger import exclusive, open_ledger, snapshot
from pipeline.ledger.answers import Answer, apply, drop, pending, take
from pipeline.model import Delivery
from pipeline.run.withdrawing import withdraw_ended

if TYPE_CHECKING:
    from pipeline.config import Settings


def answer(settings: Settings, answers: Sequence[Answer]) -> list[Delivery | str | None]:
    """Carry out what the person says: each delivery as it stands now, or why nothing was changed.

    None stands for what is left to a run that is under way, or to the next. What can't be carried out as
    things stand isn't left to it: nobody has sent what isn't offered yet.
    """
    try:
        with exclusive(settings.state, brief=True), open_ledger(settings.state) as ledger:
            for said in take(settings.state):  # what was said before comes first
                apply(ledger, said)
            outcomes: list[Delivery | str | None] = [apply(ledger, said) for said in answers]
            withdraw_ended(ledger, every_destination(settings))
            return outcomes
    except LockedError:
        return _leave_to_the_run(settings, answers)


def _leave_to_the_run(settings: Settings, answers: Sequence[Answer]) -> list[Delivery | str | None]:
    left = pending(settings.state)
    with snapshot(settings.state) as copy:
        for said in left:  # what was left before comes first
            apply(copy, said)
        outcomes = [apply(copy, said) for said in answers]
    for said, outcome in zip(answers, outcomes, strict=True):
        if isinstance(outcome, Delivery):
            drop(settings.state, said)
    return [outcome if isinstance(outcome, str) else None for outcome in outcomes]


def look_again(settings: Settings, path: Path) -> bool:
    """Let the next run take a refused file once more; False when none of that path was refused."""
    with exclusive(settings.state), open_ledger(settings.state) as ledger:
        return ledger.forget_file(path)

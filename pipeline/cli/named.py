"""What a person means by a number, a file or the start of a hash, or why that isn't clear."""

from __future__ import annotations

import os
from collections.abc import Sequence

from pipeline.errors import ConfigError
from pipeline.ledger import Ledger
from pipeline.model import Delivery, Refusal
from pipeline.report.words import printable


def deliveries_named(ledger: Ledger, name: str) -> list[Delivery]:
    """The deliveries of the one story that is meant; none when nothing has this name.

    Raises ConfigError when several stories have it.
    """
    found = ledger.find(name)
    if len({delivery.asset for delivery in found}) > 1:
        places = sorted({printable(str(delivery.path)) for delivery in found})
        raise ConfigError(
            f"{name} could be several stories; nothing was done. Next: name one by its path:", *places
        )
    return found


def refusal_named(ledger: Ledger, name: str) -> Refusal | None:
    """The refused file that is meant by a path or a bare file name."""
    whole = os.path.abspath(name)  # noqa: PTH100 - must not follow links
    problems = ledger.problems()
    exact = [problem for problem in problems if str(problem.path) == whole]
    same_name = [problem for problem in problems if problem.path.name == name]
    return _only([*exact, *same_name][:1] if exact else same_name, name)


def _only(found: Sequence[Refusal], name: str) -> Refusal | None:
    if len(found) > 1:
        places = sorted(printable(str(problem.path)) for problem in found)
        raise ConfigError(
            f"{name} could be several files; nothing was done. Next: name one by its path:", *places
        )
    return found[0] if found else None


def nothing_named(names: Sequence[str], status_command: str) -> ConfigError:
    """Says which names lead nowhere."""
    return ConfigError(
        *(f"{printable(name)}: no story has this number, file name or hash" for name in names),
        f"nothing was done. Next: {status_command}",
    )

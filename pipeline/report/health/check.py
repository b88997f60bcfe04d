"""One check's answer, and how the answers are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.report.words import printable
from pipeline.tools.plain import to_plain

Result = Literal["ok", "warn", "fail", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is, and the command or the edit that puts it right."""

    name: str
    status: Result
    detail: str
    fix: str | None = None


def guarded(name: str, look: Callable[[], Check]) -> Check:
    """The check's answer; one that can't be carried out is unknown, which isn't missing."""
    try:
        return look()
    except Exception as fault:  # noqa: BLE001 - whatever keeps us from knowing isn't a fault of the machine
        return Check(name, "unknown", f"can't be checked: {type(fault).__name__}: {fault}")


def checks_as_json(checks: Sequence[Check]) -> dict[str, Any]:
    """What `doctor --json` prints; fields are only ever added."""
    return {"checks": [to_plain(check) for check in checks]}


def checks_lines(checks: Sequence[Check]) -> Iterator[str]:
    """The same for people."""
    width = max(len(check.name) for check in checks)
    for check in checks:
        yield f"{check.status:<8} {check.name:<{width}}  {printable(check.detail)}"
        if check.fix and check.status != "ok":
            yield f"{'':<8} {'':<{width}}  fix: {printable(check.fix)}"

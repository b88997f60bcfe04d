"""The usual forms of the usual commands, without click; for every other one there is None.

A `status` for every glance at a screen shouldn't take three times as long only to read its own name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.ledger.answers import Verb

VERBS: dict[str, Verb] = {"confirm": "confirm", "skip": "skip", "retry": "retry"}
Call = Callable[[], int]
COMPLETES = "_STORYRELAY_COMPLETE"


def quickly(words: Sequence[str]) -> Call | None:
    """What to call for a command with nothing but names, -c FILE, and --json where there is such a thing."""
    command, rest, names, config, as_json = words[:1], iter(words[1:]), [], None, False
    if COMPLETES in os.environ:
        return None
    for word in rest:
        if word in ("-c", "--config") and config is None:
            config = _file(next(rest, ""))
            if config is None:
                return None
        elif word == "--json":
            as_json = True
        elif not word or word[0] == "-":
            return None
        else:
            names.append(word)
    return _called(command[0] if command else "", names, config, as_json=as_json)


def _file(name: str) -> Path | None:
    """A file that can be read; click says what is wrong with any other."""
    return Path(name) if os.path.isfile(name) and os.access(name, os.R_OK) else None  # noqa: PTH113 - quicker


def _called(
    command: str, names: Sequence[str], config: Path | None, *, as_json: bool
) -> Callable[[], int] | None:
    if command == "status" and not names:
        from pipeline.cli.standing import StatusOptions, show_status

        shown = StatusOptions(config_file=config, assignments=(), as_json=as_json, page=None)
        return lambda: show_status(shown)
    if command == "show" and len(names) == 1:
        from pipeline.cli.story import ShowOptions, show_story

        asked = ShowOptions(config_file=config, assignments=(), name=names[0], as_json=as_json)
        return lambda: show_story(asked)
    if command in VERBS and names and not as_json:
        from pipeline.cli.saying import AnswerOptions, say_of_named

        said = AnswerOptions(config_file=config, assignments=(), names=tuple(names))
        return lambda: say_of_named(said, VERBS[command])
    return None

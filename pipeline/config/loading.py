"""From a config file and the command line to Settings."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.config.assignments import overlay
from pipeline.config.document import Document, read_document, validate
from pipeline.config.folders import Origin
from pipeline.config.place import Place, find_config, here, nothing_found
from pipeline.config.settings import DEFAULT_DESTINATIONS, Settings
from pipeline.config.values import Mark
from pipeline.config.yaml12 import MAX_CHARACTERS
from pipeline.errors import ConfigError

SECRETS = frozenset(("password", "totp", "token", "proxy"))
SECRET_INSIDE = re.compile(rf"\b({'|'.join(sorted(SECRETS))})['\"]?\s*:")
FROM_COMMAND_LINE = Document("--set", {}, {(): Mark(None)})


def load_settings(
    file: Path | None = None, assignments: Sequence[str] = (), place: Place | None = None
) -> Settings:
    """The settings of `file`, or of the first config that is found, with the assignments over it.

    Assignments are `key=value` as given to `--set`; with `inbox=…` among them no file is needed.
    Raises ConfigError with all problems, one line each.
    """
    place = place or here()
    found = place.cwd / file if file else find_config(place)
    if found is None and not any(assignment.startswith("inbox=") for assignment in assignments):
        raise nothing_found(place)
    document = _read(found, str(file or _short(found, place))) if found else FROM_COMMAND_LINE
    _no_secret_among(assignments)
    document = overlay(_ready_for(assignments, document), assignments)
    folder = found.parent.resolve() if found else place.cwd
    return validate(Settings, document, Origin(document, folder, place, found))


def _no_secret_among(assignments: Sequence[str]) -> None:
    """Every program on the machine can read a command line, and ours repeats it for the next command."""
    for assignment in assignments:
        key, _, value = assignment.partition("=")
        steps = key.strip().split(".")
        if steps[0] == "accounts" and (SECRETS & {*steps[2:3]} or re.search(SECRET_INSIDE, value)):
            harmless = steps[2:3] == ["proxy"] and "@" not in value
            if harmless or steps[3:4] in (["env"], ["file"], ["keyring"]) or value.strip() in ("", "null"):
                continue
            raise ConfigError(
                f"--set {key.strip()}: a secret on the command line can be read by every program; write it in"
                " the config as env, file or keyring, or let `storyrelay session login` ask for it"
            )
        if steps[0] in ("notify", "monitor") and steps[1:2] != ["link"] and "://" in value:
            raise ConfigError(
                f"--set {key.strip()}: an address on the command line can be read by every program, and is a"
                " secret; write it in the config as env, file or keyring, then: storyrelay config check"
            )


def _short(found: Path, place: Place) -> Path:
    return found.relative_to(place.cwd) if found.is_relative_to(place.cwd) else found


def _read(file: Path, name: str) -> Document:
    try:
        with file.open("rb") as content:
            # four bytes are the most a character takes; one more shows that there is too much
            text = content.read(4 * MAX_CHARACTERS + 1).decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{name}: no such file; write one with: storyrelay init") from None
    except OSError as unreadable:
        raise ConfigError(f"{name}: can't be read: {unreadable.strerror}") from None
    except UnicodeDecodeError as invalid:
        line = invalid.object.count(b"\n", 0, invalid.start) + 1
        raise ConfigError(f"{name}:{line}: not UTF-8; save it as UTF-8 in your editor") from None
    document = read_document(text, name)
    if not document.value:
        raise ConfigError(
            f"{name}:1: no settings in it; `inbox: FOLDER` at least, or write one with: storyrelay init"
        )
    return document


def _ready_for(assignments: Sequence[str], document: Document) -> Document:
    """`--set destinations.whatsapp.enabled=false` must find the default destinations there."""
    wanted = any(assignment.startswith("destinations.") for assignment in assignments)
    if not wanted or "destinations" in document.value:
        return document
    default = {name: chosen.written() for name, chosen in DEFAULT_DESTINATIONS.items()}
    value = {**document.value, "destinations": default}
    return dataclasses.replace(document, value=value)

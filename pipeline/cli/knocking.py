"""What a login needs of the person: a password, a code, a session id; never seen on screen or in a list."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from pipeline.cli.output import can_ask
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.mirror.line import Line
    from pipeline.mirror.login import Ask, Key, Way

VARIABLE = "STORYRELAY_SESSION_ID"
WAYS = {
    "authenticator": "your authenticator app (or a backup code)",
    "email": "an e-mail to you",
    "sms": "an SMS to you",
}


def key_for(line: Line, *, by_session_id: bool, stdin: bool) -> Key:
    """What opens the account. Raises ConfigError when there is nothing, and nobody to ask."""
    from pipeline.config.secrets import reveal
    from pipeline.mirror.login import Key

    where, who = f"accounts.{line.name}", f"@{line.account.username}"
    if by_session_id:
        return Key(session_id=os.environ.get(VARIABLE) or _asked(f"Session id of {who}", f"set ${VARIABLE}"))
    seed = reveal(line.account.totp, f"{where}.totp")
    if stdin:
        return Key(_first_line(), seed)
    password = reveal(line.account.password, f"{where}.password")
    other = f"set {where}.password, or: storyrelay session login {line.name} --password-stdin"
    return Key(password or _asked(f"Password of {who}", other), seed)


def ask_code(username: str) -> Ask:
    """Asks on a terminal for the code that Instagram sent."""

    def ask(way: Way) -> str:
        if not can_ask():
            return ""
        return str(click.prompt(f"Code for @{username} from {WAYS[way]}", err=True))

    return ask


def _asked(what: str, other: str) -> str:
    if not can_ask():
        raise ConfigError(f"{what}: there is nobody to ask. Next: {other}")
    return str(click.prompt(what, hide_input=True, err=True))


def _first_line() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise ConfigError("stdin holds no password; nothing was done")
    return password

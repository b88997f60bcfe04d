"""What is said of a server that answers oddly, or not at all; never with a secret in it."""

from __future__ import annotations

import re
from datetime import timedelta

UNREACHABLE = timedelta(minutes=5)
"""How long nothing else is tried when a server can't be reached, or doesn't answer in time."""
TOLD_CHARACTERS = 120


def cause_of(failure: Exception, account: str) -> str:
    """Why there is no answer; a client may keep the name of the real error in its text alone."""
    told = f"{type(failure).__name__} {failure}"
    if re.search(r"SSLError|Certificate", told):
        return f"its certificate isn't trusted; on a company network set accounts.{account}.ca_file"
    if "ProxyError" in told or "InvalidProxyURL" in told:
        return "the proxy refuses, or isn't there"
    found = re.search(r"\w*(?:Timeout|Error)\b", told.removeprefix("ClientConnectionError "))
    return found[0] if found else type(failure).__name__


def short(said: str) -> str:
    """A server's words without anything that looks like a token."""
    plain = re.sub(r"\S{25,}", "…", " ".join(said.split()))
    return plain if len(plain) <= TOLD_CHARACTERS else plain[:TOLD_CHARACTERS] + "…"

"""What went wrong at a folder elsewhere, in our words, with no secret in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import quote, urlsplit

from pipeline.config.accounts import MASK
from pipeline.errors import NeedsPerson, NotReadyError, Rejected, StoryrelayError, TryAgain
from pipeline.sources.stores import Address
from pipeline.tools.attending import Stopped

LONGEST = 200
LOGIN = frozenset({"AuthenticationException", "PasswordRequiredException", "NoCredentialsError"})
"""By name, as nobody loads all the packages to compare."""
NO_LOGIN = "No authentication methods available"
FORBIDDEN = 403
REFUSED, GONE = frozenset({401, FORBIDDEN}), frozenset({404, 410})
QUERY = re.compile(r"([a-z]+://[^\s\"'?]+)\?[^\s\"']*")
"""What is asked for, which may be signed."""


def as_told(fault: BaseException, address: Address, secrets: Collection[str]) -> StoryrelayError:
    """A failure of the whole folder as one of ours: NeedsPerson where waiting changes nothing."""
    again = f"storyrelay pull {address.source}"
    kinds = {type(one).__name__ for one in _causes(fault)}
    if isinstance(fault, StoryrelayError):
        return fault
    if "UnknownHost" in kinds:
        return _unknown_host(fault, address, again)
    if "BadHostKeyException" in kinds:
        why = "the server shows another key than before, as somebody in between would"
        return NeedsPerson(f"{why}. Next: if it's right, put the new one into known_hosts, then: {again}")
    if _is_refused(fault, kinds):
        return NeedsPerson(
            f"the login is refused, or may not read there ({_words(fault, secrets)}). Next: correct "
            f"sources.{address.source}, then: {again}"
        )
    return TryAgain(_of_the_moment(fault, secrets))


def of_a_file(fault: BaseException, secrets: Collection[str]) -> StoryrelayError:
    """A failure while one file was fetched: NotReadyError or Rejected where it says nothing of the others."""
    if isinstance(fault, StoryrelayError):
        return fault
    statuses = _statuses(fault)
    if isinstance(fault, FileNotFoundError) or GONE & statuses:
        return NotReadyError("it isn't there any more")
    if isinstance(fault, PermissionError) or FORBIDDEN in statuses:
        return Rejected("it may not be read there")
    return TryAgain(_of_the_moment(fault, secrets))


def _of_the_moment(fault: BaseException, secrets: Collection[str]) -> str:
    match fault:
        case Stopped():
            return "stopped before it was whole"
        case FileNotFoundError():
            return "there is no such folder, or its disk isn't mounted there"
        case UnicodeDecodeError():
            return "a name there isn't UTF-8: rename it there"
        case TimeoutError():
            return f"the server gave no answer in time ({_words(fault, secrets)})"
        case _:
            return f"it can't be reached or read: {_words(fault, secrets)}"


def _unknown_host(fault: BaseException, address: Address, again: str) -> NeedsPerson:
    parts = urlsplit(address.url)
    port = address.options.get("port") or parts.port
    file = address.options.get("known_hosts") or "~/.ssh/known_hosts"
    scan = f"ssh-keyscan {f'-p {port} ' if port else ''}{parts.hostname} >> {file}"
    return NeedsPerson(
        f"the server isn't known; it shows the key {fault}. Next: compare that with what its owner says, "
        f"then: {scan}; {again}"
    )


def _is_refused(fault: BaseException, kinds: Collection[str]) -> bool:
    return (
        isinstance(fault, PermissionError)
        or bool(LOGIN & set(kinds) or REFUSED & _statuses(fault))
        or NO_LOGIN in str(fault)
    )


def _statuses(fault: BaseException) -> set[int]:
    """What HTTP servers have answered."""
    answers = [one for fault in _causes(fault) for one in (fault, getattr(fault, "response", None))]
    found = (getattr(answer, "status_code", None) for answer in answers)
    return {status for status in found if isinstance(status, int)}


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while fault is not None and fault not in seen:
        seen.append(fault)
        yield fault
        fault = fault.__cause__ or fault.__context__


def _words(fault: BaseException, secrets: Collection[str]) -> str:
    """The failure's own words on one short line, without secrets."""
    text = " ".join((getattr(fault, "strerror", None) or str(fault) or type(fault).__name__).split())
    text = QUERY.sub(r"\1", text)
    for secret in sorted(secrets, key=len, reverse=True):
        for form in (secret, quote(secret, safe=""), quote(secret)):
            text = text.replace(form, MASK)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

"""What the Graph API's answers mean: whether it may be repeated, by the codes that Meta documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from requests import RequestException

from pipeline.errors import DeliveryError, NeedsPerson, OutcomeUnknown, Rejected, StoryrelayError, TryAgain
from pipeline.mirror.graph.connection import GraphError
from pipeline.mirror.odd import OddAnswerError
from pipeline.mirror.telling import UNREACHABLE, cause_of, short

if TYPE_CHECKING:
    from pipeline.mirror.line import Line

LESS = timedelta(hours=1)
"""The windows of Meta's limits; its answer may name a longer wait."""
TOO_MANY = 429
SERVER_FAULT = 500


class Kind(Enum):
    """What an answer calls for."""

    AGAIN = auto()
    """A passing fault; the request may have been carried out all the same."""
    NOT_YET = auto()
    """The server is still preparing it; nothing is live."""
    LESS = auto()
    """The server asks to be left alone for some time."""
    REST = auto()
    """The server finds the account suspicious: leave it alone for long."""
    TOKEN = auto()
    RIGHTS = auto()
    RESTRICTED = auto()
    UNREACHABLE_FILE = auto()
    """The server couldn't fetch the photo."""
    ANEW = auto()
    """What was uploaded isn't there any more: it is uploaded anew."""
    NEVER = auto()


SUBCODES: dict[int, Kind] = {
    33: Kind.ANEW,  # no such object
    1363130: Kind.ANEW,  # the upload is missing
    2207001: Kind.AGAIN,  # the server failed
    2207003: Kind.UNREACHABLE_FILE,  # took too long to fetch
    2207004: Kind.NEVER,  # too large
    2207005: Kind.NEVER,  # no such image format
    2207006: Kind.ANEW,  # no such upload
    2207008: Kind.AGAIN,  # failed for the moment
    2207009: Kind.NEVER,  # shape
    2207010: Kind.NEVER,  # caption
    2207018: Kind.NEVER,  # who can't be tagged
    2207020: Kind.ANEW,  # expired
    2207023: Kind.NEVER,  # no such kind of media
    2207026: Kind.NEVER,  # no such video format
    2207027: Kind.NOT_YET,
    2207028: Kind.NEVER,
    2207032: Kind.AGAIN,  # couldn't be made
    2207035: Kind.NEVER,
    2207036: Kind.NEVER,
    2207037: Kind.NEVER,
    2207040: Kind.NEVER,  # too many tags
    2207042: Kind.LESS,  # the day's stories are used up
    2207050: Kind.RESTRICTED,
    2207051: Kind.REST,  # it looks like spam
    2207052: Kind.UNREACHABLE_FILE,
    2207053: Kind.AGAIN,  # the upload failed
    2207057: Kind.NEVER,
}
CODES: dict[int, Kind] = {
    **dict.fromkeys((-2, -1, 1, 2), Kind.AGAIN),
    **dict.fromkeys((4, 9, 17, 32, 341, 613, *range(80000, 80015)), Kind.LESS),
    **dict.fromkeys((102, 190, 463, 467), Kind.TOKEN),
    **dict.fromkeys((3, 10, *range(200, 300)), Kind.RIGHTS),
    24: Kind.ANEW,
    25: Kind.RESTRICTED,
    100: Kind.NEVER,
    324: Kind.NEVER,
    352: Kind.NEVER,
    368: Kind.REST,
    506: Kind.NEVER,
    9004: Kind.UNREACHABLE_FILE,
    9007: Kind.NOT_YET,
    36000: Kind.NEVER,
    36001: Kind.NEVER,
    36003: Kind.NEVER,
}


STANDS_ANYWAY = frozenset({Kind.LESS, Kind.REST, Kind.TOKEN, Kind.RIGHTS, Kind.RESTRICTED})
"""What counts also where the server calls it passing."""


DECIDED_BEFOREHAND = frozenset({Kind.LESS, Kind.TOKEN, Kind.RIGHTS, Kind.RESTRICTED})
CLEAR_AT_FIRST = frozenset({Kind.NEVER, Kind.NOT_YET, Kind.UNREACHABLE_FILE})


def kind_of(failure: Exception) -> Kind | None:
    """What an answer calls for; None for one that isn't known, or no answer at all."""
    if not isinstance(failure, GraphError):
        return None
    known = SUBCODES.get(failure.subcode or 0) or CODES.get(failure.code or 0)
    if failure.status == TOO_MANY:
        return known or Kind.LESS
    if (failure.is_transient or failure.status >= SERVER_FAULT) and known not in STANDS_ANYWAY:
        return Kind.AGAIN
    return known


@dataclass(frozen=True, slots=True)
class GraphJudge:
    """Says what a failure means for one account; `network` is its name for people."""

    line: Line
    network: str

    def before(self, failure: Exception) -> StoryrelayError:
        """A failure while nothing can be live yet."""
        if isinstance(failure, StoryrelayError):
            return failure
        kind = kind_of(failure)
        clear = self._clear(kind, failure)
        if clear is not None:
            return clear
        return TryAgain(f"{self._told(failure)}; nothing was published", rest_until=self._pause(failure))

    def publishing(self, failure: Exception, *, repeated: bool = False) -> StoryrelayError:
        """A failure of the request that publishes: only a clear answer says that nothing is live.

        What is `repeated` may be refused because it is live already. "It looks like spam" was seen with
        stories that went live (2026-11), and "there is no such upload" may be said of one that is used up.
        """
        if isinstance(failure, StoryrelayError):
            return failure
        kind = kind_of(failure)
        if kind in DECIDED_BEFOREHAND or (kind in CLEAR_AT_FIRST and not repeated):
            clear = self._clear(kind, failure)
            if clear is not None:
                return clear
        reason = f"{self._told(failure)}; it may be live all the same"
        rest_until = self._rest() if kind is Kind.REST else self._pause(failure)
        return OutcomeUnknown(reason, rest_until=rest_until)

    def _clear(self, kind: Kind | None, failure: Exception) -> DeliveryError | None:
        """What an answer says that leaves nothing open; None for all others."""
        told, line, at = self._told(failure), self.line.name, self.line.clock()
        match kind:
            case Kind.NEVER:
                return Rejected(f"{self.network} doesn't take this story: {told}")
            case Kind.NOT_YET:
                return TryAgain(f"{self.network} is still preparing it; nothing was published")
            case Kind.ANEW:
                return TryAgain(f"{told}; nothing was published, it is uploaded anew")
            case Kind.LESS:
                asked = timedelta(seconds=getattr(failure, "wait_s", None) or 0)
                return TryAgain(f"{self.network} asks for less: {told}", rest_until=at + max(LESS, asked))
            case Kind.REST:
                return TryAgain(f"{self.network} asks for less: {told}", rest_until=self._rest())
            case Kind.UNREACHABLE_FILE:
                reason = f"{self.network} can't fetch the photo: {told}; nothing was published"
                return TryAgain(f"{reason}. Next: see that accounts.{line}.public is open to all")
            case Kind.TOKEN | Kind.RIGHTS | Kind.RESTRICTED:
                words = WORDS[kind].format(network=self.network, line=line)
                reason = f"{words} ({told}). Next: storyrelay session login {line}"
                return NeedsPerson(reason, everything=True)
        return None

    def _rest(self) -> datetime:
        return self.line.clock() + timedelta(hours=self.line.account.pace.rest_hours)

    def _pause(self, failure: Exception) -> datetime | None:
        silent = isinstance(failure, RequestException) or (
            isinstance(failure, GraphError) and failure.status >= SERVER_FAULT
        )
        return self.line.clock() + UNREACHABLE if silent else None

    def _told(self, failure: Exception) -> str:
        if isinstance(failure, RequestException):
            return f"{self.network} can't be reached or doesn't answer ({cause_of(failure, self.line.name)})"
        if isinstance(failure, GraphError):
            codes = ", ".join(
                f"{name} {value}"
                for name, value in (
                    ("HTTP", failure.status),
                    ("code", failure.code),
                    ("subcode", failure.subcode),
                )
                if value is not None
            )
            said = f'{self.network} said "{short(failure.message)}"' if failure.message else "no reason given"
            return f"{said} ({codes})"
        if isinstance(failure, OddAnswerError):
            return f"{self.network}'s answer is odd: {failure}"
        return f"{self.network}'s answer is odd ({type(failure).__name__})"


WORDS = {
    Kind.TOKEN: "the token has ended or was withdrawn: make a new one and put it where accounts.{line}.token "
    "says",
    Kind.RIGHTS: "the token lacks a right: make one with the rights that the README names, for "
    "accounts.{line}.token",
    Kind.RESTRICTED: "{network} has restricted the account: open its app and see what it says",
}

"""How an account stands, as `session` shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from pipeline.errors import ConfigError, DeliveryError, NeedsPerson
from pipeline.report.words import moment
from pipeline.tools.clock import now
from pipeline.tools.plain import to_plain

if TYPE_CHECKING:
    from pipeline.config import Settings


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands."""

    account: str
    username: str
    logged_in: bool | None
    since: datetime | None = None
    problem: str | None = None
    next: str | None = None
    exit_code: int = 0
    by_token: bool = False
    ends: datetime | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON; fields are only ever added. `logged_in` is null when the server can't be asked.

        `ends` is when its token ends, null for one that doesn't, or a session.
        """
        plain: dict[str, Any] = to_plain(self)
        del plain["exit_code"]
        return plain


def failed(account: str, username: str, failure: Exception) -> Standing:
    """An account that can't be used, and what to do about it."""
    problem, _, following = str(failure).partition(". Next: ")
    known = False if isinstance(failure, NeedsPerson) else None
    code = getattr(failure, "exit_code", 1)
    return Standing(account, username, known, None, problem, following or None, code)


def by_token(settings: Settings, account: str) -> Standing:
    """How an account stands whose token is kept in its own place: asked of the server.

    Raises ConfigError when nothing is published to it, DeliveryError when it can't be used.
    """
    from pipeline.errors import TryAgain
    from pipeline.mirror import every_mirror
    from pipeline.mirror.tokens import token_file

    served = [name for name, chosen in settings.destinations.items() if chosen.account == account]
    if not served:
        raise ConfigError(f"accounts.{account} has a token, but no destination is published to it")
    reason = every_mirror(settings)[served[0]].blocked()
    if reason is not None:
        raise TryAgain(reason)
    known = token_file(settings.state, account).read()
    username = settings.accounts[account].username
    ends = known.ends_at if known else None
    return Standing(account, username, logged_in=True, by_token=True, ends=ends)


def token_standing(settings: Settings, account: str) -> Standing:
    """The same, with what is wrong in it."""
    try:
        return by_token(settings, account)
    except (DeliveryError, ConfigError) as failure:
        return failed(account, settings.accounts[account].username, failure)


def standing_lines(standings: Sequence[Standing], zone: tzinfo) -> Iterator[str]:
    """A line for each, and one for what to do next."""
    for standing in standings:
        if standing.logged_in:
            yield f"{standing.account}: {_good(standing, zone)}"
            continue
        yield f"{standing.account}: {standing.problem}"
        if standing.next:
            yield f"  Next: {standing.next}"


def _good(standing: Standing, zone: tzinfo) -> str:
    if standing.by_token:
        end = f"until {moment(standing.ends, now(), zone)}" if standing.ends else "and names no end"
        return f"the token of {standing.username} is good {end}"
    since = moment(standing.since, now(), zone) if standing.since else "an unknown time"
    return f"@{standing.username} is logged in since {since}"

"""The order that every mirror of the Graph API keeps: prepare, note it, one request that publishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.errors import (
    ConfigError,
    EnvironmentFault,
    NeedsPerson,
    StoryrelayError,
    TryAgain,
)
from pipeline.mirror.graph.connection import Graph, GraphError, connect
from pipeline.mirror.graph.failures import Kind, kind_of
from pipeline.tools.clock import monotonic_s, pause

if TYPE_CHECKING:
    from pipeline.destination import Journal, Published
    from pipeline.mirror.graph.failures import GraphJudge
    from pipeline.model import Rendition

T = TypeVar("T")
FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 15.0
SHORT_NAP_S = 0.5


def why_not(judge: GraphJudge, ask: Callable[[Graph], object]) -> str | None:
    """Why an account can't be used now, or None. Raises NeedsPerson, or TryAgain with `rest_until`."""
    try:
        ask(connect(judge.line))
    except (ConfigError, EnvironmentFault) as unfit:
        return str(unfit)
    except GraphError as failure:
        if kind_of(failure) in (Kind.ANEW, Kind.NEVER):
            raise _no_such_account(judge) from None
        return _reason(judge.before(failure))
    except Exception as failure:  # noqa: BLE001 - a read changes nothing
        return _reason(judge.before(failure))
    return None


def _reason(meant: StoryrelayError) -> str:
    """What is told of a failure; raises it where it's more than that."""
    if isinstance(meant, TryAgain) and meant.rest_until is None:
        return str(meant)
    raise meant from None


def _no_such_account(judge: GraphJudge) -> NeedsPerson:
    name = judge.line.name
    reason = (
        f"{judge.network} knows no account {judge.line.account.id} that the token of {name} may use: correct "
        f"accounts.{name}.id or its token. Next: storyrelay session login {name}"
    )
    return NeedsPerson(reason, everything=True)


def connected(judge: GraphJudge) -> Graph:
    """The account's line. Raises TryAgain where it can't be set up."""
    try:
        return connect(judge.line)
    except (ConfigError, EnvironmentFault) as unfit:
        raise TryAgain(str(unfit)) from None


def read(judge: GraphJudge, act: Callable[[], T]) -> T:
    """What a read gives. Raises what the judge makes of a failure."""
    try:
        return act()
    except Exception as failure:  # noqa: BLE001 - a read changes nothing
        raise judge.before(failure) from None


def published(
    judge: GraphJudge,
    journal: Journal,
    prepare: Callable[[], tuple[T, Mapping[str, object]]],
    publish: Callable[[T], Published],
    *,
    repeated: bool,
) -> Published:
    """Prepare, note what tells the story from others, publish. Raises only what a mirror may answer.

    `prepare` gives what `publish` needs, and what is noted; nothing may be live after it. `repeated` says
    that an earlier attempt stayed in doubt.
    """
    try:
        prepared, detail = prepare()
    except Exception as failure:  # noqa: BLE001 - whatever it was, nothing can be live
        raise judge.before(failure) from None
    journal.publishing(detail)
    try:
        return publish(prepared)
    except Exception as failure:  # noqa: BLE001 - whatever it was, it may be live
        raise judge.publishing(failure, repeated=repeated) from None


def unless_gone(ask: Callable[[], T]) -> T | None:
    """What a read of one object gives; None when the server doesn't know the object any more."""
    try:
        return ask()
    except GraphError as refused:
        if kind_of(refused) is Kind.ANEW:
            return None
        raise


def awaited(judge: GraphJudge, ask: Callable[[], T | None], stop: Callable[[], bool]) -> T | None:
    """Ask until there is an answer, ever more slowly, as long as the server may take; None after that.

    Raises TryAgain when the run is to stop.
    """
    began_s, wait_s = monotonic_s(), FIRST_WAIT_S
    patience_s = judge.line.account.patience.transcode_minutes * 60
    while (found := ask()) is None:
        wait_s = min(wait_s, patience_s - (monotonic_s() - began_s))
        if wait_s <= 0:
            return None
        _wait(wait_s, stop)
        wait_s = min(max(wait_s, FIRST_WAIT_S) * 2, LONGEST_WAIT_S)
    return found


def noted(rendition: Rendition) -> dict[str, Any]:
    """What of a rendition tells its story from others."""
    kind = "video" if rendition.mime.startswith("video/") else "photo"
    return {"kind": kind, "duration_s": rendition.duration_s, "sha256": rendition.sha256}


def _wait(seconds: float, stop: Callable[[], bool]) -> None:
    until_s = monotonic_s() + seconds
    while (left_s := until_s - monotonic_s()) > 0:
        if stop():
            raise TryAgain("stopped while the server was preparing it; nothing was published")
        pause(min(left_s, SHORT_NAP_S))

"""How the sources stand: what came from each, and what holds one back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipeline.ledger import Lane, Ledger
from pipeline.plan.origin import lane_of_source, lanes_of_source
from pipeline.report.next_step import PLAIN, Program, account_command
from pipeline.report.words import count, moment, printable, without_next
from pipeline.tools.plain import to_plain
from pipeline.values import dataclass

if TYPE_CHECKING:
    from datetime import tzinfo

    from pipeline.config import Settings


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source by the ledger: `files` were pulled so far, the last at `last_at`.

    `stopped` says why a person must act before anything comes from there; until `rest_until` it isn't asked.
    """

    name: str
    account: str | None
    files: int
    last_at: datetime | None
    stopped: str | None = None
    rest_until: datetime | None = None

    def next_command(self, program: Program = PLAIN) -> str | None:
        """What lets it go on."""
        if self.stopped is None:
            return None
        return account_command(self.account, program) if self.account else program.call("pull", self.name)


def sources_of(ledger: Ledger, settings: Settings, at: datetime) -> tuple[SourceStatus, ...]:
    """Every enabled source, by the ledger alone."""
    enabled = (name for name, chosen in settings.sources.items() if chosen.enabled)
    return tuple(_source(ledger, settings, name, at) for name in enabled)


def stopped_sources(settings: Settings) -> Iterator[tuple[str, str]]:
    """The lanes of sources that no destination speaks for, with the accounts whose login frees them."""
    published = {chosen.account for chosen in settings.destinations.values() if chosen.enabled}
    for name, chosen in settings.sources.items():
        if chosen.enabled and chosen.instagram is not None and chosen.instagram not in published:
            yield lane_of_source(name), chosen.instagram


def source_as_json(source: SourceStatus) -> dict[str, Any]:
    """What `status --json` tells of it."""
    plain: dict[str, Any] = to_plain(source)
    return {**plain, "next": source.next_command()}


def source_row(source: SourceStatus, at: datetime, zone: tzinfo, program: Program) -> tuple[str, ...]:
    """A line of `status`: its name, where that is, how it stands, the command that helps."""
    where = f"Instagram, {source.account}" if source.account else "a folder"
    return (source.name, where, _stands(source, at, zone), source.next_command(program) or "")


def _stands(source: SourceStatus, at: datetime, zone: tzinfo) -> str:
    if source.stopped:
        return f"stopped: {printable(without_next(source.stopped))}"
    if source.rest_until:
        return f"left alone until {moment(source.rest_until, at, zone)}"
    if source.last_at is None:
        return "nothing was pulled yet"
    return f"{count(source.files, 'file')} pulled, the last {moment(source.last_at, at, zone)}"


def _source(ledger: Ledger, settings: Settings, name: str, at: datetime) -> SourceStatus:
    account, lanes = settings.sources[name].instagram, _lanes(ledger, settings, name)
    rests = [lane.rest_until for lane in lanes if lane.rest_until and lane.rest_until > at]
    return SourceStatus(name, account, *ledger.count_pulled(name), _stopped(lanes), max(rests, default=None))


def stopped_reason(ledger: Ledger, settings: Settings, name: str) -> str | None:
    """Why a person must act before anything comes from a source, if so."""
    return _stopped(_lanes(ledger, settings, name))


def _lanes(ledger: Ledger, settings: Settings, name: str) -> list[Lane]:
    account = settings.sources[name].instagram
    return [ledger.lane(one) for one in lanes_of_source(name, account, settings.destinations)]


def _stopped(lanes: Iterable[Lane]) -> str | None:
    return next((lane.stopped for lane in lanes if lane.stopped), None)

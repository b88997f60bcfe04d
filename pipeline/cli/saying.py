"""What `confirm`, `skip` and `retry` do with the stories that a person names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.cli.asked import Options
from pipeline.cli.named import deliveries_named, nothing_named, refusal_named
from pipeline.cli.output import can_ask, remark, say_all
from pipeline.errors import AssetError, OutcomeUnknown
from pipeline.ledger import Ledger, snapshot
from pipeline.ledger.answers import Answer, Verb
from pipeline.ledger.states import sources_of
from pipeline.model import Delivery, Refusal, State
from pipeline.report.words import name_of, part_of, printable
from pipeline.tools.clock import now
from pipeline.values import dataclass

if TYPE_CHECKING:
    from pipeline.config import Settings

TARGETS: dict[Verb, State] = {
    "confirm": State.CONFIRMED,
    "skip": State.SKIPPED,
    "retry": State.PLANNED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOptions(Options):
    """Which stories."""

    names: tuple[str, ...]
    everything: bool = False
    sure: bool = False
    not_live: bool = False
    live_as: str | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """What the names of a command line lead to."""

    deliveries: tuple[Delivery, ...]
    refusals: tuple[Refusal, ...] = ()


def say_of_named(options: AnswerOptions, verb: Verb) -> int:
    """Carry out a word about the stories that are named."""
    settings = options.known_settings()
    with snapshot(settings.state) as ledger:
        meant = _meant(options, verb, ledger)
    if options.live_as is not None and len(meant.deliveries) != 1:
        import click

        raise click.UsageError("--live-as is about one ID, by its number")
    if not _may_repeat(options, verb, meant.deliveries):
        return OutcomeUnknown.exit_code
    _look_again(options, settings, meant.refusals)
    return carry_out(options, settings, verb, meant.deliveries) if meant.deliveries else 0


def _meant(options: AnswerOptions, verb: Verb, ledger: Ledger) -> Meant:
    deliveries: dict[int, Delivery] = {}
    refusals: list[Refusal] = []
    nowhere: list[str] = []
    for name in options.names:
        named = deliveries_named(ledger, name)
        found = _applicable(named, verb) or named
        refusal = refusal_named(ledger, name) if verb == "retry" else None
        if refusal is not None:
            refusals.append(refusal)
            found = _applicable(named, verb)
        elif not found:
            nowhere.append(name)
        deliveries |= {delivery.id: delivery for delivery in found}
    if nowhere:
        raise nothing_named(nowhere, options.program.call("status"))
    return Meant(tuple(deliveries.values()), tuple(refusals))


def _applicable(found: Sequence[Delivery], verb: Verb) -> Sequence[Delivery]:
    """Those that the word can be said of."""
    fitting = sources_of(TARGETS[verb]) - {State.ARMED}
    return [delivery for delivery in found if delivery.state in fitting]


def _may_repeat(options: AnswerOptions, verb: Verb, deliveries: Sequence[Delivery]) -> bool:
    """What may be live already is repeated only when a person has looked."""
    doubtful = [delivery for delivery in deliveries if delivery.state is State.UNKNOWN]
    if verb != "retry" or options.not_live:
        return True
    return all(_is_not_live(options, delivery) for delivery in doubtful)


def _is_not_live(options: AnswerOptions, delivery: Delivery) -> bool:
    story = part_of(delivery.path, delivery.part, delivery.parts)
    if can_ask():
        import click

        return click.confirm(f"Did you look, and {story} is NOT live on {delivery.destination}?", err=True)
    again = options.program.call("retry", str(delivery.id), "--it-is-not-live")
    remark(f"storyrelay: {story} may be live on {delivery.destination}; nothing was done")
    remark(f"storyrelay: Next: look there. Not live? Then: {again}")
    return False


def _look_again(options: AnswerOptions, settings: Settings, refusals: Sequence[Refusal]) -> None:
    from pipeline.run import look_again  # with all the stages behind it

    for refusal in refusals:
        look_again(settings, refusal.path)
        say_all([f"{name_of(refusal.path)}: looked at again by the next run: {options.program.call('run')}"])


def carry_out(options: AnswerOptions, settings: Settings, verb: Verb, deliveries: Sequence[Delivery]) -> int:
    """Do it, or leave it to the run that is under way; say what came of it."""
    from pipeline.run import answer  # with all the stages behind it

    at = now()
    outcomes = answer(settings, [_said(options, verb, delivery, at) for delivery in deliveries])
    left = [str(said.id) for said, outcome in zip(deliveries, outcomes, strict=True) if outcome is None]
    if left:
        say_all([f"a run is under way; it or the next one carries this out: {verb} {', '.join(left)}"])
    done = [outcome for outcome in outcomes if isinstance(outcome, Delivery)]
    say_all(_line(delivery) for delivery in done)
    for refused in outcomes:
        if isinstance(refused, str):
            remark(f"storyrelay: {printable(refused)}")
    if verb == "retry" and done:
        remark(f"Next: {options.program.call('run')}")
    return 0 if len(done) + len(left) == len(outcomes) else AssetError.exit_code


def _said(options: AnswerOptions, verb: Verb, delivery: Delivery, at: datetime) -> Answer:
    """The answer as it's kept: that a person has looked counts only for what they were asked about."""
    doubtful = delivery.state is State.UNKNOWN
    return Answer(
        verb,
        delivery.id,
        at,
        not_live=verb == "retry" and (options.not_live or doubtful),
        in_doubt_since=delivery.since if doubtful else None,
        live_as=options.live_as,
    )


def _line(delivery: Delivery) -> str:
    story = part_of(delivery.path, delivery.part, delivery.parts)
    return f"{delivery.state:<10} {delivery.destination:<10} {story}"

"""`storyrelay confirm`, `skip` and `retry`: what the person says about stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from pipeline.cli.named import deliveries_named, nothing_named, refusal_named
from pipeline.cli.options import Options, takes
from pipeline.cli.output import can_ask, remark, say_all
from pipeline.errors import AssetError, OutcomeUnknown
from pipeline.ledger import Ledger, snapshot
from pipeline.ledger.answers import Answer, Verb
from pipeline.ledger.states import sources_of
from pipeline.model import WAITING_FOR_SEND, Delivery, Refusal, State
from pipeline.report.words import count, name_of, part_of, printable
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


ids = click.argument("names", nargs=-1, metavar="ID...")


@click.command()
@ids
@click.option("--all", "everything", is_flag=True, help="Everything that waits for your Send.")
@click.option("-y", "--yes", "sure", is_flag=True, help="Don't ask.")
@click.option("--live-as", metavar="STORY", help="Which story of your account it is; `show` lists them.")
@takes(AnswerOptions)
def confirm(options: AnswerOptions) -> int:
    """Say that you sent these stories: their files leave the outbox. Or that what is in doubt is live.

    ID is a number of `status`, a file (all its parts, everywhere), or the start of a file's hash.
    """
    if options.everything and options.live_as is not None:
        raise click.UsageError("--live-as is about one ID")
    if options.everything:
        return _confirm_all(options)
    return _answer(options, "confirm")


@click.command()
@ids
@takes(AnswerOptions)
def skip(options: AnswerOptions) -> int:
    """Say that these stories aren't to be sent: their files leave the outbox.

    ID is a number of `status`, a file (all its parts, everywhere), or the start of a file's hash.
    """
    return _answer(options, "skip")


@click.command()
@ids
@click.option("--it-is-not-live", "not_live", is_flag=True, help="You looked: what is in doubt isn't live.")
@takes(AnswerOptions)
def retry(options: AnswerOptions) -> int:
    """Offer stories again that were skipped, failed, expired or in doubt; look at refused files again.

    ID is a number of `status`, a file (all its parts, everywhere), or the start of a file's hash. The next
    run does it.
    """
    return _answer(options, "retry")


def _confirm_all(options: AnswerOptions) -> int:
    if options.names:
        raise click.UsageError("name IDs, or use --all, not both")
    settings = options.known_settings()
    with snapshot(settings.state) as ledger:
        waiting = ledger.in_states(WAITING_FOR_SEND)
    if not waiting:
        remark(f"nothing waits for your Send. Next: {options.program.call('status')}")
        return 0
    if not options.sure and not can_ask():
        raise click.UsageError("nobody is there to be asked: add --yes to confirm all of them")
    question = f"Did you send all of it, {count(len(waiting), 'story', 'stories')}?"
    if not options.sure and not click.confirm(question, err=True):
        return 0
    return _carry_out(options, settings, "confirm", waiting)


def _answer(options: AnswerOptions, verb: Verb) -> int:
    if not options.names:
        raise click.UsageError("which? Name at least one ID; `storyrelay status` lists them")
    settings = options.known_settings()
    with snapshot(settings.state) as ledger:
        meant = _meant(options, verb, ledger)
    if options.live_as is not None and len(meant.deliveries) != 1:
        raise click.UsageError("--live-as is about one ID, by its number")
    if not _may_repeat(options, verb, meant.deliveries):
        return OutcomeUnknown.exit_code
    _look_again(options, settings, meant.refusals)
    return _carry_out(options, settings, verb, meant.deliveries) if meant.deliveries else 0


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


def _carry_out(options: AnswerOptions, settings: Settings, verb: Verb, deliveries: Sequence[Delivery]) -> int:
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

"""`storyrelay confirm`, `skip` and `retry`: what the person says about stories."""

from __future__ import annotations

import click

from pipeline.cli.options import takes
from pipeline.cli.output import can_ask, remark
from pipeline.cli.saying import AnswerOptions, carry_out, say_of_named
from pipeline.ledger import snapshot
from pipeline.ledger.answers import Verb
from pipeline.model import WAITING_FOR_SEND
from pipeline.report.words import count

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
    return carry_out(options, settings, "confirm", waiting)


def _answer(options: AnswerOptions, verb: Verb) -> int:
    if not options.names:
        raise click.UsageError("which? Name at least one ID; `storyrelay status` lists them")
    return say_of_named(options, verb)

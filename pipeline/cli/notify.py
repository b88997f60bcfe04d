"""`storyrelay notify`: a message to you, to see whether it arrives."""

from __future__ import annotations

import click

from pipeline.cli.group import HELP_OPTIONS
from pipeline.cli.options import Options, takes
from pipeline.cli.output import guarded_stdout, remark
from pipeline.errors import ConfigError, DeliveryError
from pipeline.report.words import printable

TITLE = "storyrelay: a test"
BODY = "This is how you hear of stories that are ready. Nothing needs you now."


@click.group(context_settings=HELP_OPTIONS)
def notify() -> None:
    """Messages to you: test.

    They go out at the end of a run, to `notify.urls` in the config: once when stories are ready, then again
    until you have answered.
    """


@notify.command()
@takes(Options)
def test(options: Options) -> int:
    """Send a test message to every address of `notify.urls`. Exit code 3 when one doesn't take it."""
    from pipeline.notify import Message, addresses, send

    settings = options.settings()
    to = addresses(settings)
    if not to:
        raise ConfigError("notify.urls is empty: nobody is told. Next: see README, Notifications")
    with guarded_stdout() as results:
        outcomes = send(to, Message(TITLE, BODY, settings.notify.link or settings.page.url))
        for one in outcomes:
            if one.why is None:
                results.line(f"{printable(one.name)}: sent")
            else:
                remark(f"storyrelay: {printable(one.name)}: {printable(one.why)}")
    return DeliveryError.exit_code if any(one.why is not None for one in outcomes) else 0

"""`storyrelay watch`: runs whenever something changes in the inbox, and when something is due."""

from __future__ import annotations

import signal
from dataclasses import dataclass

import click

from pipeline.cli.failures import told
from pipeline.cli.options import Options, takes
from pipeline.cli.output import guarded_stdout, remark
from pipeline.cli.progress import watching
from pipeline.cli.run import Duration
from pipeline.plan.awaiting import rest_s
from pipeline.report.words import printable
from pipeline.tools.changes import Changes
from pipeline.tools.clock import now
from pipeline.tools.signals import watched

USUAL_S = 900.0
"""A quarter of an hour, as in the crontab."""
STOPPED = (128 + signal.SIGINT, 128 + signal.SIGTERM)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOptions(Options):
    """How often a run comes at least, and how changes are found."""

    every: float
    poll: bool


@click.command()
@click.option("--every", type=Duration(), default=USUAL_S, metavar="TIME", help="At least so often (15m).")
@click.option("--poll", is_flag=True, help="Look for changes, for network disks that don't tell of them.")
@takes(WatchOptions)
def watch(options: WatchOptions) -> int:
    """Do what `run -q` does: now, whenever something changes in the inbox, and when something is due.

    One run after the other, until SIGTERM or Ctrl-C. A run that fails tells so, and the next one follows.
    Instead of cron, not beside it; needs watchfiles.
    """
    with watched() as stop:
        settings = options.settings()
        changes = Changes(settings.inbox, stop.requested, options.poll)
        changes.begin()
        remark(f"storyrelay: watching {printable(str(settings.inbox))}")
        turns = _Turns(options)
        while not stop.requested():
            code = told(turns.run)
            if code in STOPPED:
                return code
            if not changes.wait(turns.rest_s):
                changes.begin()  # the disk may have been mounted anew, of which nobody tells
    return 0


@dataclass(slots=True)
class _Turns:
    """Runs, each by the config as it is then, and how long to rest after the last."""

    options: WatchOptions
    rest_s: float = USUAL_S
    unsettled: int = 0

    def run(self) -> int:
        """One run, quiet unless something is wrong; its exit code."""
        from pipeline.run import Request  # with all the stages behind it
        from pipeline.run import run as do

        self.rest_s = self.options.every
        settings = self.options.settings()
        with guarded_stdout(), watching(quiet=True) as observe:
            summary = do(settings, Request(words=("watch",)), observe)
        self.unsettled = self.unsettled + 1 if summary.postponed else 0
        due_at = summary.next_due_at
        due_in_s = None if due_at is None else (due_at - now()).total_seconds()
        self.rest_s = rest_s(self.options.every, due_in_s, self.unsettled, settings.limits.settle_seconds)
        if summary.exit_code:
            remark(f"Next: {self.options.program.call('status')}   (what to do about it)")
        return summary.exit_code

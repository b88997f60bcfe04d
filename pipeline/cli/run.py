"""`storyrelay run` and `storyrelay plan`: the same options, the same steps; a plan writes nothing."""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import Options, as_json_option, takes
from pipeline.cli.output import Results, guarded_stdout, remark, say_all, say_json
from pipeline.cli.progress import watching
from pipeline.errors import AssetError, ConfigError, StoryrelayError
from pipeline.report.calendar import calendar_lines
from pipeline.report.json_lines import JsonLines
from pipeline.report.plan_text import plan_lines
from pipeline.report.summary import Reader, summary_lines
from pipeline.report.words import about
from pipeline.tools.clock import now

if TYPE_CHECKING:
    from pipeline.config import Settings
    from pipeline.run import Request

DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")
AGO = re.compile(r"(\d+)([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
BUG = 1


class Duration(click.ParamType[float, str]):
    """`90s`, `10m`, `2h` or `1h30m`, in seconds."""

    name = "duration"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds, more than 0."""
        if isinstance(value, float):
            return value
        written = DURATION.fullmatch(value.strip())
        hours, minutes, seconds = (int(number or 0) for number in written.groups()) if written else (0, 0, 0)
        whole = hours * 3600 + minutes * 60 + seconds
        if whole <= 0:
            self.fail(f"{value!r} is no duration such as 90s, 10m or 2h", param, ctx)
        return float(whole)


class Since(click.ParamType[float, str]):
    """`2h`, `3d` or a date such as 2026-11-01 (of this machine's clock), in seconds since 1970."""

    name = "since"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The moment it stands for."""
        if isinstance(value, float):
            return value
        ago = AGO.fullmatch(value.strip())
        try:
            if ago:
                return (now() - timedelta(**{UNITS[ago[2]]: int(ago[1])})).timestamp()
            return datetime.fromisoformat(value.strip()).astimezone().timestamp()
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no moment such as 2h, 3d or 2026-11-01", param, ctx)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions(Options):
    """What a run can be told."""

    paths: tuple[Path, ...]
    dry_run: bool = False
    jobs: int | None
    limit: int | None
    only: tuple[str, ...]
    not_to: tuple[str, ...]
    as_json: bool
    quiet: bool
    max_runtime: float | None
    calendar: bool = False
    privacy: bool = False
    accept_surge: bool = False
    adopt: bool = False
    since: float | None = None
    clock_is_right: bool = False

    def request(self, settings: Settings) -> Request:
        """The same as the run understands it. Raises ConfigError for destinations that aren't there."""
        from pipeline.run import Request  # with all the stages behind it

        known = [name for name, chosen in settings.destinations.items() if chosen.enabled]
        unknown = [
            f"{option} {name}: no enabled destination has this name; there is {', '.join(known)}"
            for option, names in (("--only", self.only), ("--not-to", self.not_to))
            for name in names
            if name not in known
        ]
        if unknown:
            raise ConfigError(*unknown)
        return Request(
            paths=tuple(Path(os.path.abspath(path)) for path in self.paths),  # noqa: PTH100 - links stay links
            only=frozenset(self.only),
            not_to=frozenset(self.not_to),
            limit=self.limit,
            workers=self.jobs,
            max_runtime_s=self.max_runtime,
            calendar=self.calendar,
            accept_surge=self.accept_surge,
            adopt_before_s=math.inf if self.adopt else self.since,
            clock_is_right=self.clock_is_right,
            words=tuple(sys.argv[1:]),
        )


ON_A_RUN: tuple[Callable[[Callable[..., int]], Callable[..., int]], ...] = (
    click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]..."),
    click.option("-j", "--jobs", type=click.IntRange(1, 256), metavar="N", help="Files worked on at once."),
    click.option("--limit", type=click.IntRange(1), metavar="N", help="At most so many stories."),
    click.option("--only", multiple=True, metavar="NAME", help="Only to this destination; repeatable."),
    click.option("--not-to", multiple=True, metavar="NAME", help="Not to this destination; repeatable."),
    as_json_option("JSON instead of text; a run prints one object a line, the last is a summary."),
    click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something is wrong."),
    click.option(
        "--max-runtime", type=Duration(), metavar="TIME", help="Begin nothing new after 90s, 10m, 2h."
    ),
    click.option("--accept-surge", is_flag=True, help="Send also more new files than limits.surge."),
    click.option("--adopt", is_flag=True, help="Take what is new in the inbox as seen; send nothing of it."),
    click.option("--since", type=Since(), metavar="WHEN", help="Take what is older (2h, 3d, date) as seen."),
    click.option("--clock-is-right", is_flag=True, help="Trust the computer's clock, though it jumped."),
)


def on_a_run(command: Callable[..., int]) -> Callable[..., int]:
    """The options of a run."""
    return reduce(lambda decorated, option: option(decorated), reversed(ON_A_RUN), command)


@click.command()
@click.option("-n", "--dry-run", is_flag=True, help="Show the plan and write nothing.")
@on_a_run
@takes(RunOptions)
def run(options: RunOptions) -> int:
    """Make stories of what is new in the inbox, and lay them ready to send.

    With PATHs, these files and folders are taken instead of the inbox. What was sent already, wherever it
    lies now, isn't sent again. Exit codes: 3 when some files failed, 4 when you are needed, 5 when another
    run is under way.
    """
    if options.dry_run:
        return _plan(options)
    with guarded_stdout() as results:
        return _run_as_json(options, results) if options.as_json else _run(options, results)


@click.command()
@click.option("--calendar", is_flag=True, help="Show the next 14 days instead, with their free slots.")
@click.option(
    "--privacy", is_flag=True, help="Show instead what leaves the machine, to whom, and what stays."
)
@on_a_run
@takes(RunOptions)
def plan(options: RunOptions) -> int:
    """Show what a run would do now, in every detail; writes nothing. The same as `run -n`."""
    return _privacy(options) if options.privacy else _plan(options)


def _privacy(options: RunOptions) -> int:
    from pipeline.ledger.copies import KEEP
    from pipeline.plan.privacy import Upkeep, privacy_as_json, privacy_sheet
    from pipeline.report.privacy import privacy_lines
    from pipeline.run.upkeep import KEEP_RENDITIONS  # with all the stages behind it

    sheet = privacy_sheet(options.settings(), Upkeep(KEEP_RENDITIONS / timedelta(hours=1), KEEP))
    if options.as_json:
        say_json(privacy_as_json(sheet))
    elif not options.quiet:
        say_all(privacy_lines(sheet))
    return 0


def _run(options: RunOptions, results: Results) -> int:
    from pipeline.run import run as do  # with all the stages behind it

    settings = options.settings()
    request = options.request(settings)
    with watching(quiet=options.quiet) as observe:
        summary = do(settings, request, observe)
    if options.quiet and summary.exit_code:
        remark(f"Next: {options.program.call('status')}   (what to do about it)")
    if not options.quiet:
        reader = Reader(now(), settings.timezone(), settings.outbox, options.program)
        results.lines(summary_lines(summary, reader))
    return summary.exit_code


def _run_as_json(options: RunOptions, results: Results) -> int:
    from pipeline.run import run as do  # with all the stages behind it

    with _ends_with_a_summary(JsonLines(results.line)) as observe:
        settings = options.settings()
        return do(settings, options.request(settings), observe).exit_code


@contextmanager
def _ends_with_a_summary(observe: JsonLines) -> Iterator[JsonLines]:
    """Whoever reads the lines learns the exit code from the last one, whatever happens."""
    try:
        yield observe
    except StoryrelayError as failure:
        observe.fail(failure.exit_code, str(failure))
        raise
    except Exception as bug:
        observe.fail(BUG, f"{type(bug).__name__}: {bug}")
        raise


def _plan(options: RunOptions) -> int:
    from pipeline.plan.describe import plan_as_json
    from pipeline.run import plan as decide  # with all the stages behind it

    with guarded_stdout() as results:
        settings = options.settings()
        decided = decide(settings, options.request(settings))
        if options.as_json:
            results.json(plan_as_json(decided))
        elif not options.quiet:
            if decided.calendar is not None:
                results.lines(calendar_lines(decided.calendar, now(), settings.timezone()))
            results.lines(plan_lines(decided, options.program, settings.timezone()))
    refused = [refusal for refusal in decided.refusals if refusal.for_good]
    if options.quiet:
        for refusal in refused:
            remark(f"refused    {about(refusal.path, refusal.reason)}")
    return AssetError.exit_code if refused else 0

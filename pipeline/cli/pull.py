"""`storyrelay pull`: fetch what is new at the sources, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import Options, as_json_option, takes
from pipeline.cli.output import guarded_stdout, remark
from pipeline.errors import ConfigError
from pipeline.report.events import Alarm, Blocked, Event, NotPulled, Pulled, Stopped
from pipeline.report.json_lines import event_name
from pipeline.report.lines import Problems, in_lines
from pipeline.report.words import count
from pipeline.tools.plain import to_plain

if TYPE_CHECKING:
    from pipeline.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class PullOptions(Options):
    """Which sources, and how it is shown."""

    names: tuple[str, ...]
    dry_run: bool
    as_json: bool
    quiet: bool

    def wanted(self, settings: Settings) -> Sequence[str]:
        """The sources that are meant. Raises ConfigError for one that isn't there, or when there are none."""
        known = [name for name, chosen in settings.sources.items() if chosen.enabled]
        there = f"there is {', '.join(known)}" if known else "the config has none: see `sources:`"
        unknown = [
            f"{name}: no enabled source has this name; {there}" for name in self.names if name not in known
        ]
        if unknown:
            raise ConfigError(*unknown)
        if not known:
            raise ConfigError(f"nothing to pull from: {there}")
        return self.names


@dataclass(frozen=True, slots=True)
class _Heard:
    """What happened, for one document at the end."""

    events: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def plain(self, *, dry_run: bool, exit_code: int) -> dict[str, Any]:
        """As JSON; fields are only ever added."""
        pulled = [to_plain(event) for event in self.events if isinstance(event, Pulled)]
        others = [
            {"event": event_name(event), **to_plain(event)}
            for event in self.events
            if not isinstance(event, Pulled)
        ]
        return {"dry_run": dry_run, "pulled": pulled, "troubles": others, "exit_code": exit_code}


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("-n", "--dry-run", is_flag=True, help="Ask the sources what there is; fetch and write nothing.")
@as_json_option()
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something is wrong.")
@takes(PullOptions)
def pull(options: PullOptions) -> int:
    """Fetch what is new at your sources, or at those of these NAMEs; the next run makes stories of it.

    A run does the same at its beginning. Exit codes: 3 when a source can't be asked, 4 when you are needed, 5
    when a run is under way.
    """
    from pipeline.run.pulling import pull as fetch  # with all the stages behind it
    from pipeline.run.pulling import would_pull

    settings = options.settings()
    names = options.wanted(settings)
    heard = _Heard()
    problems = Problems(remark)
    observe = heard if options.as_json else problems if options.quiet else _all_of(heard, in_lines(remark))
    with guarded_stdout() as results:
        exit_code = (would_pull if options.dry_run else fetch)(settings, names, observe)
        problems.end()
        if options.as_json:
            results.json(heard.plain(dry_run=options.dry_run, exit_code=exit_code))
        elif not options.quiet:
            results.line(_sum(options, heard))
    return exit_code


def _all_of(heard: _Heard, say: Any) -> Any:
    def observe(event: Event) -> None:
        heard(event)
        say(event)

    return observe


def _sum(options: PullOptions, heard: _Heard) -> str:
    number = sum(isinstance(event, Pulled) for event in heard.events)
    if not number and any(_is_unasked(event) for event in heard.events):
        return "nothing was pulled"
    if not number:
        return "nothing new at the sources"
    if options.dry_run:
        pulls = options.program.call("pull")
        return f"{count(number, 'file')} would be pulled; nothing was written. Next: {pulls}"
    return f"{count(number, 'file')} pulled. Next: {options.program.call('run')}"


def _is_unasked(event: Event) -> bool:
    """Whether a source, or a part of it, wasn't reached."""
    return isinstance(event, Blocked | Stopped | Alarm) or (
        isinstance(event, NotPulled) and event.path is None
    )

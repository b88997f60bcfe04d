"""`storyrelay ledger`: copies of the memory of all runs, and what they are good for."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.group import HELP_OPTIONS
from pipeline.cli.options import Options, takes
from pipeline.cli.output import guarded_stdout, remark, say_all
from pipeline.errors import EnvironmentFault
from pipeline.ledger import Ledger, Pruned, backup, exclusive, findings, open_ledger, reading, snapshot
from pipeline.ledger.opening import FILE_NAME
from pipeline.report.export import Format, exported
from pipeline.report.words import count, part_of, printable, size
from pipeline.tools.clock import now
from pipeline.tools.files import whole_file
from pipeline.tools.whereabouts import unmounted

if TYPE_CHECKING:
    from pipeline.run.restoring import Restored

FEWEST_DAYS = 7
"""What accounts are paced by lies within them."""
STAYS = "of every story its file's hash, destination, number and state stay: it's never sent again"
a_file = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupOptions(Options):
    """Where to."""

    file: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions(Options):
    """How, and where to."""

    form: Format
    output: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PruneOptions(Options):
    """How much."""

    days: int
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreOptions(Options):
    """From where."""

    file: Path
    send_again: bool


@click.group(context_settings=HELP_OPTIONS)
def ledger() -> None:
    """The ledger, where everything that was sent is written down: backup, restore, check, export, prune."""


@ledger.command("backup")
@click.argument("file", required=False, type=a_file)
@takes(BackupOptions)
def back_up(options: BackupOptions) -> int:
    """Copy the ledger, also while a run is under way, and check the copy. Its name is printed.

    Without FILE it goes to `backups` in the state folder, where the newest 10 stay.
    """
    settings = options.settings()
    say_all([printable(str(backup(settings.state, now(), options.file)))])
    return 0


@ledger.command()
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", help="json, or csv.")
@click.option("-o", "--output", type=a_file, metavar="FILE", help="A file instead of stdout.")
@takes(ExportOptions)
def export(options: ExportOptions) -> int:
    """Every delivery with its file, its hash, its state, its times and ids; JSON has every event too."""
    settings = options.settings()
    with reading(settings.state) as found:
        pieces = exported(found, options.form)
        if options.output is None:
            with guarded_stdout() as results:
                results.lines(piece.removesuffix("\n") for piece in pieces)
            return 0
        with whole_file(options.output) as temporary, temporary.open("w", encoding="utf-8") as written:
            written.writelines(pieces)
    return 0


@ledger.command()
@takes(Options)
def check(options: Options) -> int:
    """Whether the ledger is whole, also while a run is under way. Exit code 6 when it isn't."""
    settings = options.settings()
    found = findings(settings.state)
    say_all(f"{printable(one.what)}. Next: {options.program.call(*one.next)}" for one in found)
    if not found:
        path = settings.state / FILE_NAME
        say_all([f"OK {printable(str(path))}" if path.exists() else "there is no ledger yet"])
    return EnvironmentFault.exit_code if found else 0


@ledger.command()
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(min=FEWEST_DAYS),
    required=True,
    metavar="DAYS",
    help=f"Stories that ended so many days ago or longer; at least {FEWEST_DAYS}.",
)
@click.option("-n", "--dry-run", is_flag=True, help="Say what would go; change nothing.")
@takes(PruneOptions)
def prune(options: PruneOptions) -> int:
    """Forget the histories and words of stories that ended long ago and whose files are gone.

    What keeps a story from being sent again stays: its file's hash, its destinations, numbers and states.
    A backup is made first.
    """
    settings = options.settings()
    before = now() - timedelta(days=options.days)
    path = settings.state / FILE_NAME
    if not settings.inbox.is_dir():
        raise EnvironmentFault(f"the inbox {settings.inbox} isn't there: nobody knows which files are gone")
    mount = unmounted(settings.state, "inbox", settings.inbox)
    if mount:
        raise EnvironmentFault(f"nothing is mounted at {mount}, so nobody knows which files are gone")
    opened = snapshot if options.dry_run else open_ledger
    with nullcontext() if options.dry_run else exclusive(settings.state):
        kept = backup(settings.state, now()) if path.exists() and not options.dry_run else None
        with opened(settings.state) as found:
            old = [sha256 for sha256 in found.ended_before(before) if _is_gone(found, sha256)]
            pruned = found.prune(old, before)
            if kept:
                found.shrink()
    _tell_pruned(options, pruned)
    if kept:
        before_it, after_it = size(kept.stat().st_size), size(path.stat().st_size)
        say_all([f"{before_it} before, {after_it} now; as it was: {printable(str(kept))}"])
    return 0


def _is_gone(found: Ledger, sha256: str) -> bool:
    asset = found.asset(sha256)
    places = [*found.places_of(sha256), *([asset.path] if asset else [])]
    return not any(os.path.lexists(place) for place in places)


def _tell_pruned(options: PruneOptions, pruned: Pruned) -> None:
    would = "would be forgotten" if options.dry_run else "were forgotten"
    stories = count(pruned.stories, "story", "stories")
    deliveries = count(pruned.deliveries, "delivery", "deliveries")
    events, runs = count(pruned.events, "event"), count(pruned.runs, "run")
    say_all([f"{stories} ({deliveries}): {events} {would}, and {runs}", STAYS])


@ledger.command()
@click.argument("file", type=a_file)
@click.option("--send-again", is_flag=True, help="Hold nothing: what was sent since goes out once more.")
@takes(RestoreOptions)
def restore(options: RestoreOptions) -> int:
    """Put the backup FILE in the ledger's place, after checking it; the ledger of now is laid aside.

    What was sent since the backup was made is unknown to it. So all that lies in the inbox and would go out
    is held until you have said of each: `skip` (it was sent) or `retry` (it wasn't).
    """
    from pipeline.run.restoring import restore as put_back  # with all the stages behind it

    settings = options.settings()
    restored = put_back(settings, options.file, send_again=options.send_again)
    say_all([f"{printable(str(options.file))} is the ledger now"])
    if restored.aside:
        say_all([f"the one before is {printable(str(restored.aside))}"])
    _tell_held(options, restored)
    return 0


def _tell_held(options: RestoreOptions, restored: Restored) -> None:
    program = options.program
    if options.send_again:
        remark(f"storyrelay: what was sent since the backup goes out once more. Next: {program.call('plan')}")
        return
    if not restored.held:
        return
    held = count(len(restored.held), "delivery is", "deliveries are")
    say_all([f"{held} held, as they may have been sent since:"])
    say_all(
        f"  {one.id:>4}  {one.destination}  {part_of(one.path, one.part, one.parts)}" for one in restored.held
    )
    sent, not_sent = program.call("skip", "ID"), program.call("retry", "ID")
    remark(f"Next: look at your accounts. Sent? {sent}. Not sent? {not_sent}")
    if restored.refused:
        told = count(restored.refused, "file in the inbox", "files in the inbox")
        remark(f"{told} can't be taken now. Next: {program.call('status')}")

"""`storyrelay preview`: see every story as the phone will show it, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import Options, as_json_option, takes
from pipeline.cli.output import Results, guarded_stdout, remark
from pipeline.cli.progress import watching
from pipeline.errors import AssetError, ConfigError, EnvironmentFault
from pipeline.model import Fit, Refusal
from pipeline.report.media import rendition_as_json
from pipeline.report.words import printable, size
from pipeline.tools.signals import watched

if TYPE_CHECKING:
    from pipeline.cli.previewing import View
    from pipeline.cli.studio import Studio
    from pipeline.config import Settings
    from pipeline.report.preview import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewOptions(Options):
    """What is shown, and where the preview goes."""

    files: tuple[Path, ...]
    sheet: Path | None
    page: Path | None
    served: bool
    port: int | None
    destinations: tuple[str, ...]
    fit: Fit | None
    jobs: int | None
    force: bool
    as_json: bool

    @property
    def targets(self) -> list[Path]:
        """The files that are to be written."""
        return [target for target in (self.sheet, self.page) if target]


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of a preview: the files written, what is to be seen on them, and what isn't."""

    written: tuple[Path, ...]
    sights: tuple[Sight, ...]
    refusals: tuple[Refusal, ...]


PORT = 8766
"""The one after that of `serve`."""

target = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FILE]...")
@click.option("-o", "sheet", type=target, metavar="PNG", help="Write a contact sheet.")
@click.option("--html", "page", type=target, metavar="HTML", help="Write a page with each app's bars.")
@click.option("--serve", "served", is_flag=True, help="Serve this page; each load looks at everything anew.")
@click.option("--port", type=click.IntRange(0, 65_535), metavar="N", help=f"Where --serve does so: {PORT}.")
@click.option(
    "--to", "destinations", multiple=True, metavar="NAME", help="Only for this destination; repeatable."
)
@click.option("--fit", type=click.Choice(["blur", "contain", "cover"]), help="Whatever the sidecars say.")
@click.option("-j", "--jobs", type=click.IntRange(1, 256), metavar="N", help="Files worked on at once.")
@click.option("--force", is_flag=True, help="Replace a preview that is there already.")
@as_json_option()
@takes(PreviewOptions)
def preview(options: PreviewOptions) -> int:
    """See every story as the phone will show it: no ledger, no delivery.

    With FILEs, these files and folders are shown; without, what the next run would make of the inbox. A
    video is shown by five frames, from the first to the last. The sheet has the safe area drawn; the page
    is one file that needs no network, phone-sized, with the app's bars over each story. --serve shows it to
    this computer only, until Ctrl-C. Exit code 3 when some files can't be shown.
    """
    _check_targets(options)
    if options.served:
        _serve(options)
        return 0
    with guarded_stdout() as results:
        shown = _preview(options)
        _tell(options, results, shown)
    return AssetError.exit_code if shown.refusals else 0


def _check_targets(options: PreviewOptions) -> None:
    if options.served:
        _check_serving(options)
        return
    if options.port is not None:
        raise click.UsageError("--port belongs to --serve")
    if not options.targets:
        raise click.UsageError("say what to write: -o SHEET.png, --html PAGE.html, or both; or --serve")
    for written, suffixes in ((options.sheet, (".png",)), (options.page, (".html", ".htm"))):
        if written and written.suffix.lower() not in suffixes:
            raise click.UsageError(f"{written}: its name must end with {' or '.join(suffixes)}")
        if written and written.exists() and not options.force:
            raise click.UsageError(f"{written} is there already: --force replaces it")


def _check_serving(options: PreviewOptions) -> None:
    alone = {"-o": options.sheet, "--html": options.page, "--force": options.force, "--json": options.as_json}
    others = [name for name, given in alone.items() if given]
    if others:
        raise click.UsageError(f"--serve goes without {' and '.join(others)}")


def _serve(options: PreviewOptions) -> None:
    from pipeline.cli.gallery import serve_preview  # with all the stages
    from pipeline.cli.previewing import Wish

    def read() -> Settings:
        at_once = "limits.settle_seconds=0"
        settings = options.settings_or_default(at_once) if options.files else options.settings(at_once)
        _check_destinations(options, settings)
        return settings

    read()  # what is wrong from the start is told here, not on the page
    wish = Wish(options.files, options.destinations, options.fit)
    serve_preview(read, wish, PORT if options.port is None else options.port, options.jobs)


def _preview(options: PreviewOptions) -> Shown:
    from pipeline.cli.previewing import Wish, decide  # with all the stages
    from pipeline.cli.studio import Studio
    from pipeline.execute import cores

    settings = options.settings_or_default() if options.files else options.settings()
    _check_destinations(options, settings)
    _check_inbox(options, settings)
    workers = options.jobs or settings.limits.jobs or cores()
    with watched() as stop, watching() as observe:
        studio = Studio(settings, workers, observe, stop)
        views, refusals = decide(studio, Wish(options.files, options.destinations, options.fit))
        if not views:
            return Shown((), (), tuple(refusals))
        _check_sources(options, [view.order.asset.path for view in views])
        _check_room(options, views)
        return _show(options, studio, views, refusals)


def _check_destinations(options: PreviewOptions, settings: Settings) -> None:
    known = settings.destinations
    unknown = [name for name in options.destinations if name not in known]
    if unknown:
        there = ", ".join(known)
        raise ConfigError(
            *(f"--to {name}: no destination has this name; there is {there}" for name in unknown)
        )


def _check_inbox(options: PreviewOptions, settings: Settings) -> None:
    """A picture in the inbox would be the next story."""
    from pipeline.config.folders import lies_in

    if settings.file and options.sheet and lies_in(options.sheet.parent, settings.inbox):
        raise ConfigError(
            f"{options.sheet} would lie in the inbox and be sent as a story: write it elsewhere"
        )


def _check_sources(options: PreviewOptions, sources: Sequence[Path]) -> None:
    for written in options.targets:
        if written.exists() and any(written.samefile(source) for source in sources if source.exists()):
            raise ConfigError(
                f"{written} is one of the files that are to be shown: write the preview elsewhere"
            )


def _check_room(options: PreviewOptions, views: Sequence[View]) -> None:
    """Before the work is done, not after it."""
    from pipeline.report.preview.layout import lay_out
    from pipeline.report.preview.sight import shots_in

    if options.sheet:
        lay_out([shots_in(view.order.seconds) for view in views])


def _show(options: PreviewOptions, studio: Studio, views: Sequence[View], refusals: list[Refusal]) -> Shown:
    from pipeline.cli.previewing import Album, look
    from pipeline.cli.studio import hidden_folder

    with hidden_folder(options.targets[0].parent) as hidden:
        sights, failures = look(studio, views, Album(hidden), with_before=options.page is not None)
        refusals += failures
        written = tuple(_written(options, sights, refusals)) if sights else ()
    return Shown(written, tuple(sights), tuple(refusals))


def _written(options: PreviewOptions, sights: Sequence[Sight], refusals: Sequence[Refusal]) -> Iterator[Path]:
    from pipeline.report.preview.page import page_of
    from pipeline.report.preview.sheet import draw_sheet  # Pillow
    from pipeline.tools.files import whole_file

    try:
        if options.sheet:
            with whole_file(options.sheet) as temporary:
                draw_sheet(sights, temporary)
            yield options.sheet
        if options.page:
            with whole_file(options.page) as temporary, temporary.open("w", encoding="utf-8") as page:
                page.writelines(page_of(sights, refusals))
            yield options.page
    except OSError as fault:
        raise EnvironmentFault(f"the preview can't be written: {fault.strerror or fault}") from fault


def _tell(options: PreviewOptions, results: Results, shown: Shown) -> None:
    from pipeline.report.preview.sight import sights_in_words

    if options.as_json:
        results.json(_as_json(shown))
    elif shown.written:
        told = sights_in_words(shown.sights)
        results.lines(
            f"{printable(str(path))}  {told}, {size(path.stat().st_size)}" for path in shown.written
        )
    elif not shown.refusals:
        remark("nothing to show: the inbox holds nothing that is still to be sent")


def _as_json(shown: Shown) -> dict[str, Any]:
    """Fields are only ever added. The renditions were made to be looked at, so they have no path."""
    renditions = []
    for sight in shown.sights:
        told = rendition_as_json(sight.asset.path, sight.rendition)
        told.pop("path")
        renditions.append({**told, "destinations": list(sight.destinations), "frames": len(sight.shots)})
    return {
        "written": [{"path": str(path), "bytes": path.stat().st_size} for path in shown.written],
        "renditions": renditions,
        "failures": [{"path": str(refusal.path), "reason": refusal.reason} for refusal in shown.refusals],
    }

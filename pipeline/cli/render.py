"""`storyrelay render`: only the reformatting."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import Options, as_json_option, takes
from pipeline.cli.output import guarded_stdout
from pipeline.cli.progress import watching
from pipeline.errors import AssetError, ConfigError
from pipeline.model import Fit, Refusal
from pipeline.report.media import rendition_as_json, rendition_line
from pipeline.tools.signals import watched

if TYPE_CHECKING:
    from pipeline.cli.studio import Rendered
    from pipeline.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions(Options):
    """What is rendered, for what, and where it goes."""

    files: tuple[Path, ...]
    folder: Path
    destination: str | None
    profile: str | None
    fit: Fit | None
    jobs: int | None
    force: bool
    as_json: bool


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE..."
)
@click.option(
    "-o",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where the results go; made when needed.",
)
@click.option("--to", "destination", metavar="NAME", help="As for this destination; default: the first one.")
@click.option("--profile", metavar="NAME", help="As for this platform, such as whatsapp_status.")
@click.option("--fit", type=click.Choice(["blur", "contain", "cover"]), help="Whatever the sidecars say.")
@click.option("-j", "--jobs", type=click.IntRange(1, 256), metavar="N", help="Files worked on at once.")
@click.option("--force", is_flag=True, help="Replace results that are there already.")
@as_json_option()
@takes(RenderOptions)
def render(options: RenderOptions) -> int:
    """Reformat files for one platform and put them into a folder: no ledger, no delivery.

    photo.png becomes DIR/photo.jpg, clip.mov DIR/clip.mp4, a long one DIR/clip-1of3.mp4 and so on. Sidecars
    count for fit and focal point. Without a config file the defaults apply. Exit code 3 when some failed.
    """
    if options.destination and options.profile:
        raise click.UsageError("--to or --profile, not both")
    with guarded_stdout() as results:
        made, refused = _render(options)
        if options.as_json:
            failures = [{"path": str(refusal.path), "reason": refusal.reason} for refusal in refused]
            renditions = [rendition_as_json(one.source, one.rendition) for one in made]
            results.json({"renditions": renditions, "failures": failures})
        else:
            results.lines(rendition_line(one.rendition) for one in made)
    return AssetError.exit_code if refused else 0


def _render(options: RenderOptions) -> tuple[list[Rendered], list[Refusal]]:
    from pipeline.cli.rendering import Wish, render_all  # with all the stages
    from pipeline.cli.studio import Studio
    from pipeline.execute import cores

    settings = options.settings_or_default(*_extra_destination(options.profile))
    wish = Wish(
        files=options.files,
        folder=options.folder,
        destination=_destination(options, settings),
        fit=options.fit,
        force=options.force,
    )
    workers = options.jobs or settings.limits.jobs or cores()
    with watched() as stop, watching() as observe:
        return render_all(Studio(settings, workers, observe, stop), wish)


def _extra_destination(profile: str | None) -> tuple[str, ...]:
    """A destination of that platform beside the person's own, whose names sidecars may use."""
    from pipeline.config import known_platforms

    if profile is None:
        return ()
    if profile not in known_platforms():
        raise ConfigError(f"--profile {profile}: known are {', '.join(known_platforms())}")
    return (f"destinations.{profile}.platform={profile}",)


def _destination(options: RenderOptions, settings: Settings) -> str:
    known = settings.destinations
    name = options.profile or options.destination
    if name is None:
        name = next((name for name, chosen in known.items() if chosen.enabled), None)
    if name is None:
        raise ConfigError("every destination is disabled; name one with --to or a platform with --profile")
    if name not in known:
        raise ConfigError(f"--to {name}: no destination has this name; there is {', '.join(known)}")
    return name

"""`storyrelay probe`: what media files really are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from pipeline.cli.options import Options, as_json_option, takes
from pipeline.cli.output import guarded_stdout, remark
from pipeline.errors import AssetError
from pipeline.report.media import Probed, probed_as_json, probed_lines
from pipeline.report.words import about


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeOptions(Options):
    """Which files, and how they are shown."""

    files: tuple[Path, ...]
    as_json: bool


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@as_json_option()
@takes(ProbeOptions)
def probe(options: ProbeOptions) -> int:
    """Kind, upright size, length, frame rate, codec and traps of media files, told by their content.

    Exit code 3 when one can't be read; the others are told all the same.
    """
    max_megapixels = options.settings_or_default().limits.max_megapixels
    with guarded_stdout() as results:
        found = [_probed(file, max_megapixels) for file in options.files]
        if options.as_json:
            results.json([probed_as_json(probed) for probed in found])
        else:
            results.lines(probed_lines(found))
    unreadable = [probed for probed in found if probed.error is not None]
    for probed in unreadable:
        remark(f"storyrelay: {about(probed.path, probed.error or '')}")
    return AssetError.exit_code if unreadable else 0


def _probed(file: Path, max_megapixels: int) -> Probed:
    from pipeline.tools.probe import probe as look  # with PyAV and Pillow behind it

    try:
        return Probed(file, facts=look(file, max_megapixels))
    except AssetError as failure:
        return Probed(file, error=str(failure))

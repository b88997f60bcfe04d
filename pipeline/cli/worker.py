"""`storyrelay worker`: this computer makes renditions for others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from pipeline.cli.options import Options, takes
from pipeline.cli.output import remark
from pipeline.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions(Options):
    """Whom it works for, and with what."""

    address: str | None
    slots: int | None
    scratch: Path | None

    def scheduler(self) -> str:
        """Its address. Raises ConfigError."""
        from pipeline.config.execute import farm_address

        if self.address is None:
            farm = self.settings().execute.farm
            if farm is None:
                raise ConfigError("whom to work for? Next: storyrelay worker tcp://scheduler:8786")
            return farm
        try:
            return farm_address(self.address)
        except ValueError as wrong:
            raise ConfigError(f"ADDRESS {wrong}") from None


@click.command()
@click.argument("address", required=False)
@click.option("--slots", type=click.IntRange(1, 1024), metavar="N", help="Orders at once; else one a core.")
@click.option(
    "--scratch",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where what is only needed meanwhile lies.",
)
@takes(WorkerOptions)
def worker(options: WorkerOptions) -> int:
    """Make renditions for runs elsewhere, as the dask scheduler at ADDRESS hands them out.

    ADDRESS is such as tcp://scheduler:8786 (`dask scheduler` starts one); left out, it's execute.farm of the
    config. The share of those runs must be within reach here under the same path or address. SIGTERM gives
    back what is under way. Exit code 6 when the scheduler can't be reached, or is lost.
    """
    from pipeline.execute import cores
    from pipeline.execute.farm.serving import Post, serve

    post = Post(options.scheduler(), options.slots or cores(), options.scratch and options.scratch.absolute())
    serve(post, lambda text: remark(f"storyrelay: {text}"))
    return 0

"""How long a run takes that has nothing to do, beside `find` and a Python start with the same imports.

    .venv/bin/python tests/benchmarks/noop.py [FILES] [ROUNDS]

Makes an inbox of so many small photos, lets a run take them in, says skip to all, and then times three
commands in turn: the run, `find` with everything it can print of a stat, and Python with the very modules
that the run imports. The promise is a ratio below 2.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from pipeline.config import Place, load_settings
from pipeline.ledger import exclusive, open_ledger
from pipeline.ledger.answers import Answer, apply
from pipeline.run import Request, run
from pipeline.tools.clock import now

IN_A_FOLDER = 100
CONFIG = """\
inbox: inbox
destinations: {whatsapp: {platform: whatsapp_status}}
limits: {surge: null}
"""
MAIN = "import sys; from pipeline.cli import main\ntry: main()\nexcept SystemExit as end: code = end.code\n"
TELL = "import json; json.dump([m for m in sys.modules if m != '__main__'], open(sys.argv[-1], 'w'))"
LOAD = """import importlib, json, sys
for name in json.load(open(sys.argv[1])):
    try: importlib.import_module(name)
    except ImportError: pass
"""


def make_inbox(inbox: Path, files: int) -> None:
    """Small photos, each another picture, a hundred to a folder."""
    for number in range(files):
        folder = inbox / f"{number // IN_A_FOLDER:04}"
        folder.mkdir(parents=True, exist_ok=True)
        blocks = Image.frombytes("L", (8, 8), bytes(255 * (number >> bit & 1) for bit in range(64)))
        content = BytesIO()
        blocks.resize((64, 64), Image.Resampling.NEAREST).save(content, "JPEG")
        (folder / f"{number:06}.jpg").write_bytes(content.getvalue())


def take_in(config: Path) -> None:
    """Bring a ledger to the point where there is nothing to do."""
    settings = load_settings(config, (), Place({}, config.parent, None))
    run(settings, Request(limit=0), lambda _: None)
    with exclusive(settings.state), open_ledger(settings.state) as ledger:
        for delivery in ledger.open_deliveries():
            apply(ledger, Answer("skip", delivery.id, now()))
    run(settings, Request(), lambda _: None)


def seconds(command: Sequence[str | Path]) -> float:
    """How long a command takes; its output is thrown away."""
    before = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - before


def commands(folder: Path, config: Path) -> dict[str, list[str | Path]]:
    """The run, and what it is measured against."""
    told = folder / "modules.json"
    noop: list[str | Path] = [sys.executable, "-c", MAIN, "run", "-q", "-c", config]
    subprocess.run(
        [sys.executable, "-c", f"{MAIN}{TELL.replace('sys.argv[-1]', repr(str(told)))}", *noop[3:]],
        check=True,
    )
    return {
        "run": noop,
        "find": ["find", folder / "inbox", "-type", "f", "-printf", r"%s %T@ %C@ %i %p\n"],
        "python": [sys.executable, "-c", LOAD, told],
    }


def main(files: int = 10_000, rounds: int = 15) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        make_inbox(folder / "inbox", files)
        config = folder / "storyrelay.yaml"
        config.write_text(CONFIG)
        take_in(config)
        measured = commands(folder, config)
        times: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(rounds):
            for which, command in measured.items():
                times[which].append(seconds(command))
    medians = {name: round(statistics.median(taken), 4) for name, taken in times.items()}
    ratio = medians["run"] / (medians["find"] + medians["python"])
    sys.stdout.write(json.dumps({"files": files, "seconds": medians, "ratio": round(ratio, 2)}) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

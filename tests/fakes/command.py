"""The command as cron calls it: a process of its own in an environment with nothing but a PATH."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakes.shop import Shop

PROGRAM = str(Path(sys.executable).parent / "storyrelay")
BARE = {"PATH": "/usr/bin:/bin"}
CONFIG = "storyrelay.yaml"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Its one JSON document."""
        return json.loads(self.out)

    def json_lines(self) -> list[dict[str, Any]]:
        """Its JSON objects, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def call(shop: Shop, *words: str | Path, env: Mapping[str, str] | None = None, config: bool = True) -> Said:
    """Run the command in the shop's folder, with its config."""
    shop.settings()
    named = ("-c", CONFIG) if config else ()
    done = subprocess.run(
        [PROGRAM, *map(os.fsencode, words), *named],
        env=BARE | dict(env or {}),
        cwd=shop.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    out, err = (text.decode("utf-8", "surrogateescape") for text in (done.stdout, done.stderr))
    return Said(done.returncode, out, err)


Here = Callable[..., Said]
"""A fixture that carries out a command in this process."""

"""The command as cron calls it: a process of its own in an environment with nothing but a PATH."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakes.shop import Shop

from pipeline.tools.clock import monotonic_s, pause

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
    return called(shop.root, *words, *(("-c", CONFIG) if config else ()), env=env)


def called(root: Path, *words: str | Path, env: Mapping[str, str] | None = None) -> Said:
    """Run the command in a folder."""
    done = subprocess.run(
        [PROGRAM, *map(os.fsencode, words)],
        env=BARE | dict(env or {}),
        cwd=root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    out, err = (text.decode("utf-8", "surrogateescape") for text in (done.stdout, done.stderr))
    return Said(done.returncode, out, err)


def interrupted(shop: Shop, signum: signal.Signals, *words: str) -> tuple[int, str]:
    """Exit code and stdout of a command that got a signal while ffmpeg was at work."""
    slow = shop.root / "ffmpeg"
    slow.write_text("#!/bin/sh\ntouch begun\nexec sleep 50\n")
    slow.chmod(0o755)
    env = BARE | {"STORYRELAY_FFMPEG": str(slow)}
    command = [PROGRAM, *words, "-c", CONFIG]
    with subprocess.Popen(command, env=env, cwd=shop.root, stdout=subprocess.PIPE, text=True) as process:
        begun_s = monotonic_s()
        while not (shop.root / "begun").exists() and monotonic_s() - begun_s < 30:
            pause(0.02)
        process.send_signal(signum)
        out, _ = process.communicate(timeout=30)
    return process.returncode, out


Here = Callable[..., Said]
"""A fixture that carries out a command in this process."""

"""The person's crontab, through the `crontab` program: read and written as a whole."""

from __future__ import annotations

import os
import subprocess

from pipeline.errors import EnvironmentFault

PATIENCE_S = 30
NOTHING_YET = "no crontab"
MISSING = "there is no program crontab. Next: install cron (Debian: apt install cron), or take systemd"


def read_crontab() -> str:
    """All of it, whatever bytes it holds; empty when there is none. Raises EnvironmentFault."""
    done = _crontab("-l")
    if done.returncode == 0:
        return os.fsdecode(done.stdout)
    said = os.fsdecode(done.stderr).strip()
    if NOTHING_YET in said:
        return ""
    raise EnvironmentFault(f"the crontab can't be read: {said or f'exit code {done.returncode}'}")


def write_crontab(text: str) -> None:
    """Replace all of it. Raises EnvironmentFault when it isn't taken; the old one stays then."""
    done = _crontab("-", given=os.fsencode(text))
    if done.returncode:
        said = os.fsdecode(done.stderr).strip() or f"exit code {done.returncode}"
        raise EnvironmentFault(f"the crontab wasn't changed: {said}")


def _crontab(word: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"LC_ALL": "C"}
    try:
        return subprocess.run(
            ["crontab", word],
            input=given,
            env=environment,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except FileNotFoundError:
        raise EnvironmentFault(MISSING) from None
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise EnvironmentFault(f"crontab can't be used: {fault}") from None

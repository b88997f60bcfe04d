"""Standard streams that aren't there, that nobody reads, that are full, or that libraries write into."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from fakes.command import BARE, CONFIG, PROGRAM, interrupted
from fakes.media import Clip, save_clip
from fakes.shop import Shop

from pipeline.model import State
from pipeline.tools.clock import pause

CLIP = Clip(seconds=1.5)
CHATTER = """
import os
from pipeline.cli.output import guarded_stdout
with guarded_stdout() as results:
    print("a library prints")
    os.write(1, b"C code prints\\n")
    os.system("echo a child prints")
    results.line("the result")
print("after")
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.picture("bread.jpg")
    shop.settings()
    return shop


def shell(shop: Shop, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which $SR is the command with its config at the end."""
    env = BARE | {"SR": PROGRAM, "C": CONFIG, "STORYRELAY_CONFIG": CONFIG}
    return subprocess.run(
        ["bash", "-c", line], env=env, cwd=shop.root, capture_output=True, text=True, timeout=60, check=False
    )


def test_only_results_reach_stdout_whoever_prints(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHATTER], env=BARE, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "the result\nafter\n"
    assert set(done.stderr.splitlines()) == {"a library prints", "C code prints", "a child prints"}


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_run_works_without_its_standard_streams(shop: Shop, closed: str) -> None:
    env = BARE | {"SR": PROGRAM, "C": CONFIG}
    run = subprocess.Popen(["bash", "-c", f'exec "$SR" run -c "$C" {closed}'], env=env, cwd=shop.root)
    seen: set[Path] = set()
    while run.poll() is None:
        for stream in (0, 1, 2):
            with suppress(OSError):
                seen.add(Path(f"/proc/{run.pid}/fd/{stream}").readlink())
        pause(0.002)
    assert run.returncode == 0
    assert shop.states() == {("bread.jpg", "whatsapp", 1): State.OFFERED}
    assert not [file for file in seen if file.is_relative_to(shop.root)], (
        "what is printed can't end in our files"
    )


def test_a_reader_that_goes_away_ends_a_command_quietly(shop: Shop) -> None:
    done = shell(shop, '"$SR" config schema -c "$C" | sleep 0; echo "${PIPESTATUS[0]}"')
    assert (done.stdout, done.stderr) == ("141\n", "")


def test_a_reader_that_goes_away_does_not_stop_a_run(shop: Shop) -> None:
    done = shell(shop, '"$SR" run --json -c "$C" | true; echo "${PIPESTATUS[0]}"')
    assert (done.stdout, done.stderr) == ("0\n", "")
    assert shop.states() == {("bread.jpg", "whatsapp", 1): State.OFFERED}


@pytest.mark.parametrize("command", ["status", "run", "--help"])
def test_results_that_cannot_be_written_are_a_failure(shop: Shop, command: str) -> None:
    done = shell(shop, f'"$SR" {command} > /dev/full')
    assert done.returncode == 6
    assert "can't be written: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_signal_ends_a_render_and_leaves_nothing(shop: Shop) -> None:
    save_clip(shop.root / "clip.mp4", CLIP)
    left, _ = interrupted(shop, signal.SIGTERM, "render", "clip.mp4", "-o", "out")
    assert left == 143
    assert os.listdir(shop.root / "out") == []  # noqa: PTH208 - hidden files too

"""The command is killed while it publishes to a server that loses answers; nothing is live twice, or lost.

A failure names its seed: `live_through(stage, range(seed, seed + 1))` plays it again, as far as the machine
is as fast as it was.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from fakes.publishing import Theatre, live_through, theatre

SHORT_KILLS = 4
LONG_KILLS = 300
SEEDS = range(1, 200)
MOMENTS = ("killed between stories", "killed after armed", "killed after looked", "killed after publishing")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    with theatre(tmp_path_factory.mktemp("publishing")) as opened:
        yield opened


def test_a_run_killed_while_it_publishes_publishes_nothing_twice_and_loses_nothing(stage: Theatre) -> None:
    live_through(stage, SEEDS, SHORT_KILLS)


def test_a_run_that_tries_again_when_in_doubt_publishes_twice(stage: Theatre) -> None:
    assert any(stage.live_through(seed, naive=True).counts["twice"] for seed in SEEDS[:5])


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_hundreds_of_runs_killed_while_they_publish_lose_nothing(
    stage: Theatre, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = live_through(stage, SEEDS, LONG_KILLS).counts
    with capsys.disabled():
        sys.stdout.write(f"\n{counts}\n")
    assert min(counts[moment] for moment in MOMENTS) > LONG_KILLS // 30
    assert counts["repeats"] > 0
    assert counts["asked"] < counts["doubts"] / 10  # or the person would have to do all the work

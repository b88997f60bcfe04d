"""The command is killed while it publishes by Meta's Graph API; nothing is live twice, lost, or left public.

A failure names its seed: `live_through(stage, range(seed, seed + 1))` plays it again, as far as the machine
is as fast as it was.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.crashes import KILLED, server
from fakes.graph_relay import NETWORKS, GraphRelay, Network, fitting_photo, served
from fakes.graph_stage import graph
from fakes.publishing import Theatre, live_through, theatre

from pipeline.model import State

QUICK_KILLS = 3
LONG_KILLS = 200
SEEDS = range(1, 300)
MOMENTS: dict[Network, tuple[str, ...]] = {
    "instagram": ("killed after armed", "killed after container", "killed after publishing"),
    "facebook": ("killed after armed", "killed after uploaded", "killed after publishing"),
}
MOST_ASKED: dict[Network, float] = {"instagram": 0.02, "facebook": 0.4}
"""The share of doubts that a person has to settle: a quarter of the Pages list no stories."""


@pytest.fixture(scope="module", params=NETWORKS)
def stage(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Theatre]:
    network: Network = request.param
    with theatre(tmp_path_factory.mktemp(network), opens=graph(network)) as opened:
        yield opened


def test_a_run_killed_while_it_publishes_by_the_graph_api_loses_nothing(
    stage: Theatre,
) -> None:
    live_through(stage, SEEDS, QUICK_KILLS)


@pytest.mark.parametrize(
    "stage", [pytest.param("instagram", marks=pytest.mark.slow), "facebook"], indirect=True
)
def test_a_run_by_the_graph_api_that_tries_again_when_in_doubt_publishes_twice(stage: Theatre) -> None:
    assert any(stage.live_through(seed, naive=True).counts["twice"] for seed in SEEDS[:8])


def test_a_photo_that_a_killed_run_left_public_is_gone_after_the_next_run(tmp_path: Path) -> None:
    """Also when nothing can be published for long: the token has ended meanwhile."""
    with served(tmp_path) as network, server("fakes.publishing_victim") as victims:
        relay = GraphRelay.opened(tmp_path, network, "instagram", "patience: {transcode_minutes: 5}")
        fitting_photo(tmp_path / "inbox" / "a.jpg", 1)
        network.processing_s = 3600
        usual = {"world": str(tmp_path), "words": ["run"], "ahead_s": 0, "naive": False, "broken": None}
        for kill_after_s in (2, 4, 8, 16):
            assert victims.ask({**usual, "kill_after_s": kill_after_s}) == KILLED
            if left := list((tmp_path / "public").iterdir()):
                break
        assert left
        network.end_token(network.user_token)
        relay.run()
        assert relay.delivery().state is State.PARKED
        assert list((tmp_path / "public").iterdir()) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_hundreds_of_runs_killed_while_they_publish_by_the_graph_api_lose_nothing(
    stage: Theatre, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    network: Network = request.node.callspec.params["stage"]
    counts = live_through(stage, SEEDS, LONG_KILLS).counts
    with capsys.disabled():
        sys.stdout.write(f"\n{network}: {counts}\n")
    assert min(counts[moment] for moment in MOMENTS[network]) > LONG_KILLS // 30
    assert counts["repeats"] > 0
    assert counts["asked"] <= counts["doubts"] * MOST_ASKED[network]

"""Publishing in a simulated world of lost answers, late lists, wrong clocks and sudden deaths.

A failure names its seed: `simulate(place, range(seed, seed + 1))` plays it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from fakes.remote import Forgets, KnowsByNumber, RemoteMirror, TakesSilenceForNo, TrustsTheLocalClock
from fakes.simulation import ROUGH, Findings, Workplace, repeats_blindly, simulate, simulation, workplace

import pipeline.plan.reconcile
from pipeline.deliver import Steps
from pipeline.ledger.states import PUBLISHING

SHORT = 150
SHARD = 2_500


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    return workplace(tmp_path_factory.mktemp("simulated"))


def without_a_second_thought(steps: Steps, detail: Mapping[str, object]) -> None:
    """Wrong: a repeated attempt doesn't mind what has shown up since the first."""
    steps.ledger.record(steps.delivery, PUBLISHING, detail)


def lived_through(place: Workplace, seeds: range) -> Findings:
    findings = Findings()
    for seed in seeds:
        found = simulate(place, range(seed, seed + 1))
        assert found.wrong == {}, f"seed {seed}"
        findings.add(found)
    return findings


def test_nothing_is_published_twice_or_lost_or_mistaken(place: Workplace) -> None:
    counts = lived_through(place, range(SHORT)).counts
    assert counts["kills"] > 2 * SHORT
    assert counts["doubts"] > SHORT
    assert counts["repeats"] > SHORT // 10
    assert counts["asked"] < counts["doubts"] / 10  # or the person would have to do all the work


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("shard", range(4))
def test_nothing_is_published_twice_in_thousands_of_worlds(place: Workplace, shard: int) -> None:
    first = 10_000 + shard * SHARD
    assert lived_through(place, range(first, first + SHARD)).counts["stories"] == 4 * SHARD


def test_a_server_that_knows_what_it_was_given_is_believed_and_nothing_is_published_twice(
    place: Workplace,
) -> None:
    found = simulate(place, range(SHORT // 2), KnowsByNumber)
    assert found.wrong == {}
    assert found.counts["kills"] > SHORT
    assert found.counts["repeats"] > SHORT // 8
    assert found.counts["asked"] < found.counts["doubts"] / 5


def test_who_takes_silence_for_a_no_publishes_twice(place: Workplace) -> None:
    late = replace(ROUGH, late=1.0)
    assert simulate(place.hasty(), range(50), TakesSilenceForNo, late).wrong["twice"] > 2


def test_in_calm_times_nobody_is_asked_anything(place: Workplace) -> None:
    with simulation(place, 1) as world:
        world.calm_down()
        counts = world.live_through().counts
    assert (counts["stories"], counts["runs"], counts["doubts"], counts["asked"]) == (4, 1, 0, 0)


def test_who_repeats_blindly_publishes_twice(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    repeats_blindly(monkeypatch)
    assert simulate(place, range(50)).wrong["twice"] > 8


def test_who_forgets_to_say_that_it_becomes_serious_publishes_twice(place: Workplace) -> None:
    assert simulate(place, range(50), Forgets).wrong["twice"] > 2


def test_who_trusts_the_local_clock_publishes_twice(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Steps, "publishing", without_a_second_thought)
    assert simulate(place, range(50), TrustsTheLocalClock).wrong["twice"] > 2


def test_a_second_thought_saves_even_who_trusts_the_local_clock(place: Workplace) -> None:
    assert simulate(place, range(50), TrustsTheLocalClock).wrong == {}


def test_who_takes_the_newest_story_for_its_own_is_mistaken(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def newest(found: tuple[object, ...]) -> object | None:
        return found[-1] if found else None

    monkeypatch.setattr(pipeline.plan.reconcile, "_ours", newest)
    assert simulate(place, range(50)).wrong["wrong id"] > 2


def test_who_looks_too_early_publishes_twice(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A story may take half an hour to show up."""
    monkeypatch.setattr(Steps, "publishing", without_a_second_thought)
    late = replace(ROUGH, late=1.0)
    assert simulate(place, range(60), rates=late).wrong == {}
    assert simulate(place.hasty(), range(60), rates=late).wrong["twice"] > 2


def test_rough_times_are_rough() -> None:
    assert all(getattr(ROUGH, name) > 0 for name in ROUGH.__dataclass_fields__)
    assert RemoteMirror.announce is not Forgets.announce

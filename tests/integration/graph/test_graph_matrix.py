"""Every fault of Meta's API, on both networks: one story, or a person who is told; never two."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.graph import PAGE, Fault
from fakes.graph_relay import NETWORKS, GraphRelay, Network, served

from pipeline.model import Delivery, State

LIMIT_S = 1.2
QUICK = "patience: {settle_minutes: 5, connect_seconds: 0.6, answer_seconds: 0.6, transcode_minutes: 0.01}"
USUAL = "patience: {settle_minutes: 5, connect_seconds: 8, answer_seconds: 8, transcode_minutes: 0.01}"
BETWEEN_RUNS_S = 65 * 60
"""More than settling, a rest or a pause take here."""
HANGS = {Fault.HANG_BEFORE, Fault.HANG_AFTER}
NEEDS_A_PERSON = {
    Fault.RESTRICTED_2207050,
    Fault.TOKEN_EXPIRED_190,
    Fault.TOKEN_REVOKED_190,
    Fault.CHECKPOINT_190,
    Fault.NO_PERMISSION_10,
    Fault.NO_PERMISSION_200,
}
WAITS_FOR_A_PERSON = {State.PARKED, State.UNKNOWN, State.FAILED}
PUBLISHES: dict[tuple[Network, str], str] = {
    ("instagram", "photo"): "POST */media_publish",
    ("instagram", "video"): "POST */media_publish",
    ("facebook", "photo"): "POST */photo_stories",
    ("facebook", "video"): "POST */video_stories",
}
EARLIER: dict[tuple[Network, str], tuple[str, ...]] = {
    ("instagram", "photo"): ("GET 17841405822304914", "GET */content_*", "POST */media", "GET 178894*"),
    ("instagram", "video"): ("POST */media", "POST ig-api-upload/*"),
    ("facebook", "photo"): ("GET me", "POST */photos"),
    ("facebook", "video"): ("POST */video_stories", "POST video-upload/*"),
}
LISTINGS: dict[Network, str] = {"instagram": "GET 178894*", "facebook": "GET */stories"}
"""Where a doubt is settled; an Instagram container is asked twice before it is published."""
ASKED_BEFORE: dict[Network, int] = {"instagram": 2, "facebook": 0}


@dataclass(frozen=True, slots=True)
class Case:
    """A fault of one step, for one kind of story on one network."""

    fault: Fault
    network: Network
    kind: str = "photo"
    step: str = ""

    def __str__(self) -> str:
        step = self.step.replace("*", "").replace("/", "").replace(" ", "-").lower()
        return "-".join(filter(None, (self.network, self.kind, step, self.fault.name.lower())))

    @property
    def after(self) -> int:
        """A video's publishing is the second request of that name."""
        return 1 if (self.network, self.kind) == ("facebook", "video") else 0


def some(cases: list[Case], one_in: int) -> list[object]:
    """All of them in the long form, one of so many in the short one."""
    marked = ([] if number % one_in == 0 else [pytest.mark.slow] for number in range(len(cases)))
    return [pytest.param(case, marks=marks, id=str(case)) for case, marks in zip(cases, marked, strict=True)]


MATRIX = [
    Case(fault, network, ("photo", "video")[number % 2])
    for network in NETWORKS
    for number, fault in enumerate(Fault)
]
OTHER_KIND = [Case(case.fault, case.network, "video" if case.kind == "photo" else "photo") for case in MATRIX]
LOOKING = [Case(fault, name) for name in NETWORKS for fault in Fault if fault is not Fault.PROCESSING_ERROR]
BEFORE = [
    Case(fault, network, kind, step)
    for (network, kind), steps in EARLIER.items()
    for step in steps
    for fault in Fault
]


@contextmanager
def opened(root: Path, files: dict[str, Path], case: Case) -> Iterator[GraphRelay]:
    """A shop with one new story, and a token."""
    with served(root) as graph:
        relay = GraphRelay.opened(root, graph, case.network, QUICK if case.fault in HANGS else USUAL)
        shutil.copy(files[case.kind], root / "inbox")
        graph.add_foreign_story(PAGE.id, files["photo"].read_bytes())
        yield relay
        assert graph.offences == []
        assert list((root / "public").iterdir()) == []


def run_within_limits(relay: GraphRelay, case: Case) -> None:
    """No fault lets a run last; what is offered to WhatsApp is offered before, whatever happens."""
    began_s = time.monotonic()
    relay.run()
    if case.fault in HANGS:
        assert time.monotonic() - began_s < 3 * LIMIT_S + 5
    assert relay.delivery("whatsapp").state is State.OFFERED
    assert_never_two(relay)


def assert_never_two(relay: GraphRelay) -> None:
    """At most one story there; if ours says that it's published, it is, as that very story."""
    row, live = relay.delivery(), [story.id for story in relay.stories()]
    assert len(live) <= 1
    if row.state is State.PUBLISHED and not relay.spoiled:
        assert [row.external_id] == live


def assert_settled(relay: GraphRelay) -> Delivery:
    """Published once, or it waits for a person, who is told why."""
    row = relay.delivery()
    if row.state is not State.PUBLISHED:
        assert row.state in WAITS_FOR_A_PERSON
        assert row.reason
    return row


def live_through(relay: GraphRelay, case: Case, runs: int = 3) -> Delivery:
    """A run that meets the fault, and later ones."""
    for number in range(runs):
        if number:
            relay.pass_by(BETWEEN_RUNS_S)
        run_within_limits(relay, case)
    return assert_settled(relay)


def ends_well(relay: GraphRelay, case: Case) -> None:
    """Once the person has acted, it goes out."""
    relay.logs_in()
    run_within_limits(relay, case)
    assert relay.delivery().state is State.PUBLISHED


@pytest.mark.parametrize("case", [*some(MATRIX, 2), *some(OTHER_KIND, 5)])
def test_a_fault_of_the_api_leaves_one_story_or_a_person_who_is_told(
    tmp_path: Path, files: dict[str, Path], case: Case
) -> None:
    with opened(tmp_path, files, case) as relay:
        relay.graph.faults.add(PUBLISHES[case.network, case.kind], case.fault, after=case.after)
        row = live_through(relay, case)
        if case.fault is Fault.PROCESSING_ERROR and case.network == "facebook" and case.kind == "video":
            assert row.state is State.FAILED  # Facebook took it, and then couldn't
            return
        if case.fault in NEEDS_A_PERSON:
            assert row.state is State.PARKED
            ends_well(relay, case)
        else:
            assert row.state is State.PUBLISHED


@pytest.mark.parametrize("case", some(BEFORE, 23))
def test_a_fault_of_the_api_before_publishing_costs_no_story(
    tmp_path: Path, files: dict[str, Path], case: Case
) -> None:
    with opened(tmp_path, files, case) as relay:
        relay.spoiled = (case.fault, case.kind) == (Fault.PROCESSING_ERROR, "photo")
        relay.graph.faults.add(case.step, case.fault)
        row = live_through(relay, case)
        if row.state is not State.FAILED:
            ends_well(relay, case)


@pytest.mark.parametrize("case", some(LOOKING, 7))
def test_a_fault_of_the_api_in_looking_settles_nothing_by_guess(
    tmp_path: Path, files: dict[str, Path], case: Case
) -> None:
    with opened(tmp_path, files, case) as relay:
        relay.graph.faults.add(PUBLISHES[case.network, case.kind], Fault.DROP_AFTER)
        relay.graph.faults.add(LISTINGS[case.network], case.fault, after=ASKED_BEFORE[case.network])
        live_through(relay, case)
        ends_well(relay, case)


@pytest.mark.parametrize("case", some([Case(fault, name) for name in NETWORKS for fault in Fault], 9))
def test_a_fault_of_the_api_that_never_ends_publishes_nothing_twice(
    tmp_path: Path, files: dict[str, Path], case: Case
) -> None:
    with opened(tmp_path, files, case) as relay:
        relay.graph.faults.add(PUBLISHES[case.network, case.kind], case.fault, times=None)
        for _ in range(6):
            run_within_limits(relay, case)
            relay.pass_by(BETWEEN_RUNS_S)
        row = relay.delivery()
        assert row.reason or row.state is State.PUBLISHED
        if case.fault.commits:
            assert row.state is State.PUBLISHED


@pytest.mark.parametrize("network", NETWORKS)
def test_an_api_that_never_answers_holds_a_run_for_one_time_limit(
    tmp_path: Path, files: dict[str, Path], network: Network
) -> None:
    case = Case(Fault.HANG_BEFORE, network)
    with opened(tmp_path, files, case) as relay:
        relay.graph.faults.add("*", case.fault, times=None)
        run_within_limits(relay, case)
        row = relay.delivery()
        assert (row.state, len(relay.graph.requests)) == (State.PLANNED, 1)
        assert "doesn't answer" in (row.reason or "")
        relay.graph.faults.clear()
        relay.pass_by(BETWEEN_RUNS_S)
        run_within_limits(relay, case)
        assert relay.delivery().state is State.PUBLISHED

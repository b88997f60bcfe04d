"""Every fault, for photos and videos, in whole runs: one story, or a person who is told; never two."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.accounts import signed_in
from fakes.instagram import Fault, StandIn, User
from fakes.instagram.faults import PERSON
from fakes.instagram.phone import Transport
from fakes.relay import Relay, config_of, fitting_clip, fitting_photo

from pipeline.model import Delivery, State

LISTING, UPLOAD, CONFIGURE = "feed/user", "rupload_", "media/configure_to_story"
WHO_AM_I = "accounts/current_user"
LIMIT_S = 1.2
QUICK = "patience: {settle_minutes: 5, connect_seconds: 0.6, answer_seconds: 0.6, transcode_minutes: 0.01}"
USUAL = "patience: {settle_minutes: 5, connect_seconds: 8, answer_seconds: 8, transcode_minutes: 0.01}"
BETWEEN_RUNS_S = 10 * 60
"""More than settling, a rest or a pause take here."""
HANGS = {Fault.HANG_BEFORE, Fault.HANG_AFTER}
WAITS_FOR_A_PERSON = {State.PARKED, State.UNKNOWN, State.FAILED}
BY_REQUESTS = (
    Fault.RATE_LIMIT_429,
    Fault.CHALLENGE,
    Fault.ERROR_500_AFTER,
    Fault.DROP_BEFORE,
    Fault.DROP_AFTER,
    Fault.CUT_SHORT_AFTER,
    Fault.HANG_AFTER,
    Fault.ODD_JSON_AFTER,
)


@dataclass(frozen=True, slots=True)
class Case:
    """A fault of one step, for one kind of story over one transport."""

    fault: Fault
    kind: str = "photo"
    step: str = CONFIGURE
    transport: Transport = "curl"

    def __str__(self) -> str:
        return f"{self.kind}-{self.transport}-{self.step.split('/')[0]}-{self.fault.name.lower()}"


MATRIX = [Case(fault, kind) for fault in Fault for kind in ("photo", "video")]
MATRIX += [
    Case(fault, ("photo", "video")[number % 2], transport="requests")
    for number, fault in enumerate(BY_REQUESTS)
]
EARLIER = [
    pytest.param(
        Case(fault, ("photo", "video")[number % 2], step),
        marks=[] if (number + turn) % 3 == 0 else [pytest.mark.slow],
        id=f"{step.rstrip('_')}-{fault.name.lower()}",
    )
    for number, fault in enumerate(Fault)
    for turn, step in enumerate((WHO_AM_I, LISTING, UPLOAD))
]
"""Every fault at one step, at the others in the long form."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    return {"photo": fitting_photo(folder / "a.jpg", 1), "video": fitting_clip(folder / "a.mp4", 1)}


@pytest.fixture
def instagram() -> Iterator[StandIn]:
    with StandIn({"shop": User("unused")}) as server:
        yield server


def opened(root: Path, instagram: StandIn, file: Path, case: Case) -> Relay:
    """A shop with one new story, logged in."""
    inbox = root / "inbox"
    inbox.mkdir()
    (inbox / file.name).write_bytes(file.read_bytes())
    patience = QUICK if case.fault in HANGS else USUAL
    pace = "transport: " + case.transport
    settings = config_of(root, instagram, "shop", pace, patience)
    signed_in(settings, instagram)
    return Relay(root, instagram, settings)


def run_within_limits(relay: Relay, case: Case) -> None:
    """No fault lets a run last; what is offered to WhatsApp is offered before, whatever happens."""
    began_s = time.monotonic()
    relay.run()
    if case.fault in HANGS:
        assert time.monotonic() - began_s < 2 * LIMIT_S + 5
    assert relay.delivery("whatsapp").state is State.OFFERED
    assert list((relay.root / "outbox" / "whatsapp").glob("0*.*"))
    assert_never_two(relay)


def assert_never_two(relay: Relay) -> None:
    """At most one story there; if ours says that it's published, it is, as that very story."""
    row, live = relay.delivery(), [story.pk for story in relay.instagram.stories]
    assert len(live) <= 1
    if row.state is State.PUBLISHED:
        assert [row.external_id] == live


def assert_settled(relay: Relay) -> Delivery:
    """Published once, or it waits for a person, who is told why."""
    row = relay.delivery()
    if row.state is not State.PUBLISHED:
        assert row.state in WAITS_FOR_A_PERSON
        assert row.reason
    return row


def live_through(relay: Relay, case: Case) -> Delivery:
    """A run that meets the fault, and two later ones."""
    run_within_limits(relay, case)
    for _ in range(2):
        relay.pass_by(BETWEEN_RUNS_S)
        run_within_limits(relay, case)
    return assert_settled(relay)


@pytest.mark.parametrize("case", MATRIX, ids=str)
def test_a_fault_of_publishing_leaves_one_story_or_a_person_who_is_told(
    tmp_path: Path, instagram: StandIn, files: dict[str, Path], case: Case
) -> None:
    relay = opened(tmp_path, instagram, files[case.kind], case)
    instagram.faults.add(CONFIGURE, case.fault)
    row = live_through(relay, case)
    assert row.state is (State.PARKED if case.fault in PERSON else State.PUBLISHED)
    relay.logs_in()
    run_within_limits(relay, case)
    assert relay.delivery().state is State.PUBLISHED


@pytest.mark.parametrize("case", EARLIER)
def test_a_fault_before_publishing_costs_no_story(
    tmp_path: Path, instagram: StandIn, files: dict[str, Path], case: Case
) -> None:
    relay = opened(tmp_path, instagram, files[case.kind], case)
    instagram.faults.add(case.step, case.fault)
    row = live_through(relay, case)
    relay.logs_in()
    run_within_limits(relay, case)
    if row.state is not State.FAILED:
        assert relay.delivery().state is State.PUBLISHED


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
def test_a_fault_of_looking_settles_nothing_by_guess(
    tmp_path: Path, instagram: StandIn, files: dict[str, Path], fault: Fault
) -> None:
    case = Case(fault)
    relay = opened(tmp_path, instagram, files["photo"], case)
    instagram.faults.add(CONFIGURE, Fault.DROP_AFTER)
    instagram.faults.add(LISTING, fault, after=1)
    row = live_through(relay, case)
    assert row.state is (State.UNKNOWN if fault in PERSON else State.PUBLISHED)
    relay.logs_in()
    run_within_limits(relay, case)
    assert relay.delivery().state is State.PUBLISHED


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
def test_a_fault_that_never_ends_publishes_no_story_twice(
    tmp_path: Path, instagram: StandIn, files: dict[str, Path], fault: Fault
) -> None:
    case = Case(fault)
    relay = opened(tmp_path, instagram, files["photo"], case)
    instagram.faults.add(CONFIGURE, fault, times=None)
    for _ in range(6):
        run_within_limits(relay, case)
        relay.pass_by(BETWEEN_RUNS_S)
    row = relay.delivery()
    assert row.reason or row.state is State.PUBLISHED
    assert (row.state is State.PUBLISHED) == fault.commits


@pytest.mark.parametrize("transport", ["curl", "requests"])
def test_a_server_that_never_answers_holds_a_run_for_one_time_limit(
    tmp_path: Path, instagram: StandIn, files: dict[str, Path], transport: Transport
) -> None:
    case = Case(Fault.HANG_BEFORE, transport=transport)
    relay = opened(tmp_path, instagram, files["photo"], case)
    instagram.requests.clear()
    instagram.faults.add("*", case.fault, times=None)
    run_within_limits(relay, case)
    row = relay.delivery()
    assert (row.state, len(instagram.requests)) == (State.PLANNED, 1)
    assert "doesn't answer" in (row.reason or "")
    instagram.faults.clear()
    relay.pass_by(BETWEEN_RUNS_S)
    run_within_limits(relay, case)
    assert relay.delivery().state is State.PUBLISHED

"""Every fault at every step: what is said about the story is never wrong, and no request is sent twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.accounts import Notes, parcel_of, settings_for, signed_in
from fakes.instagram import Fault, StandIn
from fakes.instagram.faults import PERSON
from fakes.instagram.phone import Transport

from pipeline.destination import Mirror
from pipeline.errors import DeliveryError, NeedsPerson, OutcomeUnknown, TryAgain
from pipeline.mirror import mirrors
from pipeline.tools.clock import now

SHORT = "patience: {connect_seconds: 2, answer_seconds: 1, transcode_minutes: 0.01}"
CONFIGURE = "media/configure_to_story"
REST = {
    Fault.RATE_LIMIT_429,
    Fault.RATE_LIMIT_ERROR,
    Fault.PLEASE_WAIT,
    Fault.FEEDBACK_REQUIRED,
    Fault.SENTRY_BLOCK,
}
BARE_YES = (Fault.EMPTY_JSON, Fault.EMPTY_JSON_AFTER)
"""For an upload that is a yes, though a short one."""
CLEAR = PERSON | REST | {Fault.NOT_FINISHED}
Make = Callable[[Transport], Mirror]


@pytest.fixture
def make(tmp_path: Path, instagram: StandIn) -> Make:
    def mirror(transport: Transport) -> Mirror:
        settings = settings_for(tmp_path, instagram, transport, SHORT)
        signed_in(settings, instagram)
        return mirrors(settings)["insta"]

    return mirror


def failure_of(mirror: Mirror, file: Path, notes: Notes) -> DeliveryError:
    with pytest.raises(DeliveryError) as failed:
        mirror.deliver(parcel_of(file, None, 2.0 if file.suffix == ".mp4" else None), notes)
    return failed.value


def sent(instagram: StandIn, endpoint: str) -> int:
    return sum(request.endpoint.startswith(endpoint) for request in instagram.requests)


@dataclass(frozen=True, slots=True)
class Case:
    """A fault of one step, for one kind of story over one transport."""

    fault: Fault
    kind: str
    transport: Transport
    step: str

    def __str__(self) -> str:
        return f"{self.kind}-{self.transport}-{self.step}-{self.fault.name.lower()}"


WAYS: tuple[tuple[str, Transport], ...] = (("photo", "curl"), ("video", "requests"))
STEPS: tuple[tuple[str, Transport, str], ...] = (
    ("photo", "requests", "rupload_igphoto"),
    ("video", "curl", "rupload_igvideo"),
    ("photo", "curl", "feed/user/"),
)
AT_THE_ACT = [Case(fault, kind, transport, CONFIGURE) for fault in Fault for kind, transport in WAYS]
BEFORE_IT = [
    Case(fault, kind, transport, step)
    for fault in Fault
    for kind, transport, step in STEPS
    if fault not in BARE_YES
]


@pytest.mark.parametrize("case", AT_THE_ACT, ids=str)
def test_a_fault_of_the_request_that_publishes_is_told_truly(
    make: Make, instagram: StandIn, files: dict[str, Path], case: Case
) -> None:
    mirror, notes = make(case.transport), Notes()
    instagram.faults.add(CONFIGURE, case.fault, times=None)
    failure = failure_of(mirror, files[case.kind], notes)
    assert sent(instagram, CONFIGURE) == 1
    assert len(instagram.stories) == case.fault.commits
    assert notes.names == ["looked", "uploaded", "publishing"]
    if case.fault not in CLEAR:
        assert isinstance(failure, OutcomeUnknown)
        return
    assert isinstance(failure, NeedsPerson if case.fault in PERSON else TryAgain)
    if isinstance(failure, NeedsPerson):
        assert failure.everything
        assert "storyrelay session login shop" in str(failure)
    assert rests_for_hours(failure) == (case.fault in REST)


@pytest.mark.parametrize("case", BEFORE_IT, ids=str)
def test_a_fault_before_that_leaves_nothing_live_and_says_so(
    make: Make, instagram: StandIn, files: dict[str, Path], case: Case
) -> None:
    mirror, notes = make(case.transport), Notes()
    instagram.faults.add(case.step, case.fault, times=None)
    failure = failure_of(mirror, files[case.kind], notes)
    assert sent(instagram, case.step) == 1
    assert sent(instagram, CONFIGURE) == 0
    assert "publishing" not in notes.names
    assert isinstance(failure, NeedsPerson if case.fault in PERSON else TryAgain)
    assert rests_for_hours(failure) == (case.fault in REST)


def rests_for_hours(failure: DeliveryError) -> bool:
    return failure.rest_until is not None and failure.rest_until > now() + timedelta(hours=23)


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault in PERSON], ids=str)
def test_a_run_is_told_before_it_arms_that_a_person_is_needed(
    make: Make, instagram: StandIn, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = make("curl")
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("nobody is there to be asked"))
    instagram.requests.clear()
    instagram.faults.add("accounts/current_user", fault, times=None)
    with pytest.raises(NeedsPerson) as told:
        mirror.blocked()
    assert told.value.everything
    assert [request.endpoint for request in instagram.requests] == ["accounts/current_user/"]


def test_an_account_that_must_rest_is_told_before_it_arms(make: Make, instagram: StandIn) -> None:
    mirror = make("curl")
    instagram.faults.add("accounts/current_user", Fault.PLEASE_WAIT)
    with pytest.raises(TryAgain) as told:
        mirror.blocked()
    assert told.value.rest_until
    assert mirror.blocked() is None


def test_a_server_that_is_away_blocks_for_a_while_only(make: Make, instagram: StandIn) -> None:
    mirror = make("requests")
    instagram.faults.add("accounts/current_user", Fault.DROP_BEFORE)
    with pytest.raises(TryAgain, match="can't be reached") as told:
        mirror.blocked()
    assert told.value.rest_until
    assert told.value.rest_until < now() + timedelta(minutes=6)

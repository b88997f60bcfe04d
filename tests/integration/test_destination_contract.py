"""What every destination promises, whoever is behind it: folder, page, adb, instagrapi, graph, facebook."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.accounts import parcel_of
from fakes.android.line import Line
from fakes.contract import WAYS, Killed, Mortal, Way
from fakes.graph_relay import fitting_photo

from pipeline.destination import Doubt, Look, Mirror, Offered, Parcel, Published
from pipeline.errors import DeliveryError, OutcomeUnknown, TryAgain
from pipeline.model import Texts
from pipeline.plan.reconcile import Attempt, Live, NotLive, Verdict, verdict

SETTLE = timedelta(minutes=15)
MOST_STEPS = 6
BY_HAND = ("folder", "page", "adb")
MIRRORS = ("instagrapi", "graph", "facebook")
KNOWN_AGAIN = ("graph", "facebook")
"""Where the server knows what it was given before."""


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, tmp_path: Path, line: Line) -> Iterator[Way]:
    with WAYS[request.param](tmp_path, line) as opened:
        yield opened


@pytest.fixture
def parcel(tmp_path: Path) -> Parcel:
    return parcel_of(fitting_photo(tmp_path / "made" / "a.jpg", 1), Texts("Fresh bread"))


def again(parcel: Parcel, earlier: Mortal) -> Parcel:
    """The same parcel in a later run, which knows what an attempt in doubt had noted."""
    return Parcel(
        parcel.delivery,
        parcel.story,
        parcel.rendition,
        parcel.texts,
        parcel.expires_at,
        dict(earlier.published_by),
    )


def looked(way: Way, parcel: Parcel, earlier: Mortal) -> Verdict:
    """What looking twice tells of a parcel in doubt, each time long enough after it."""
    detail = earlier.published_by
    known = frozenset(map(str, detail.get("before", ())))
    way.settle()
    mirror: Mirror = way.open()  # type: ignore[assignment]
    look = mirror.look(Doubt(parcel.delivery, parcel.rendition, known, detail))
    later = [_later(look, SETTLE), _later(look, 3 * SETTLE)]
    server_at = look.seen_at - timedelta(seconds=5)
    attempt = Attempt(known, "photo", None, server_at, SETTLE, timedelta(hours=24))
    return verdict(attempt, later)


def _later(look: Look, by: timedelta) -> Look:
    return Look(look.seen_at + by, look.sightings, look.live_as, look.not_live, look.blind)


def test_it_can_be_used_and_delivers_one(way: Way, parcel: Parcel) -> None:
    assert way.open().blocked() is None
    notes = Mortal()
    receipt = way.open().deliver(parcel, notes)
    assert isinstance(receipt, Published if way.publishes else Offered)
    assert bool(notes.published_by) == way.publishes
    assert way.standing() == 1


def test_cut_short_at_any_step_it_is_there_once_in_the_end(way: Way, parcel: Parcel) -> None:
    for step in range(1, MOST_STEPS):
        notes = Mortal(dies_at=step)
        try:
            way.open().deliver(parcel, notes)
        except Killed:
            pass
        else:
            break
        if notes.published_by:  # whether the request was made nobody knows
            assert way.standing() == 0
            assert isinstance(looked(way, parcel, notes), NotLive)
        parcel = again(parcel, notes)
    else:
        pytest.fail("it never came to an end")
    way.open().keep_only({parcel.delivery})  # as every run does after one that was cut short
    assert way.standing() == 1


@pytest.mark.parametrize("way", BY_HAND, indirect=True)
def test_what_ends_at_a_person_can_be_delivered_twice(way: Way, parcel: Parcel) -> None:
    way.open().deliver(parcel, Mortal())
    waits = ""
    try:
        way.open().deliver(parcel, Mortal())
    except TryAgain as standing:
        waits = str(standing)
    assert not waits or f"confirm {parcel.delivery}" in waits
    assert way.standing() == 1


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("way", MIRRORS, indirect=True)
def test_a_lost_answer_is_a_doubt_that_looking_settles(
    way: Way, parcel: Parcel, *, carried_out: bool
) -> None:
    way.lose(carried_out)
    notes = Mortal()
    with pytest.raises(OutcomeUnknown):
        way.open().deliver(parcel, notes)
    assert way.standing() == carried_out
    found = looked(way, parcel, notes)
    assert isinstance(found, Live if carried_out else NotLive)
    if isinstance(found, Live):
        return
    assert isinstance(way.open().deliver(again(parcel, notes), Mortal()), Published)
    assert way.standing() == 1


@pytest.mark.parametrize("way", KNOWN_AGAIN, indirect=True)
def test_repeated_by_mistake_after_it_went_live_it_is_no_second_story(way: Way, parcel: Parcel) -> None:
    way.lose(True)
    notes = Mortal()
    with pytest.raises(OutcomeUnknown):
        way.open().deliver(parcel, notes)
    with pytest.raises(OutcomeUnknown):
        way.open().deliver(again(parcel, notes), Mortal())
    assert way.standing() == 1


def test_when_it_is_away_nothing_is_delivered_and_the_reason_is_told(way: Way, parcel: Parcel) -> None:
    way.go_away()
    try:
        reason = way.open().blocked()
    except DeliveryError as failure:
        reason = str(failure)
    assert reason
    notes = Mortal()
    with pytest.raises(TryAgain) as refused:
        way.open().deliver(parcel, notes)
    assert str(refused.value)
    assert not notes.published_by


def test_no_secret_is_told_whatever_happens(
    way: Way, parcel: Parcel, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("hpack.hpack", "hpack.table"):  # the stand-in's
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)
    notes = [Mortal(), Mortal()]
    told = [repr(way.open())]
    told.append(repr(way.open().deliver(parcel, notes[0])))
    way.go_away()
    for act in (lambda: way.open().blocked(), lambda: way.open().deliver(parcel, notes[1])):
        try:
            told.append(repr(act()))
        except DeliveryError as failure:
            told += traceback.format_exception(failure)
    told += [repr(one.steps) for one in notes]
    told.append(caplog.text)
    assert [secret for secret in way.secrets for text in told if secret in text] == []


def test_withdrawing_everything_leaves_nothing_by_hand_and_what_is_live_alone(
    way: Way, parcel: Parcel
) -> None:
    way.open().deliver(parcel, Mortal())
    way.open().keep_only({parcel.delivery})
    assert way.standing() == 1
    way.open().keep_only(())
    assert way.standing() == (0 if way.kind in ("folder", "adb") else 1)

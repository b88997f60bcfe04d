"""Several ways to the person: the first that can takes the story."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.android.line import Notes
from fakes.destinations import Recorder, raises
from fakes.stories import parcel, rendition

from pipeline.destination import Ahead, Offered, Parcel
from pipeline.errors import EnvironmentFault, Rejected, TryAgain
from pipeline.handoff.channels import Channels


@pytest.fixture
def beach(tmp_path: Path) -> Parcel:
    return parcel(rendition(tmp_path / "store"))


def test_it_is_open_as_soon_as_one_way_is() -> None:
    assert Channels("whatsapp", (Recorder(reason="no phone"), Recorder())).blocked() is None


def test_it_is_blocked_when_every_way_is_and_gives_every_reason() -> None:
    ways = (Recorder(reason="no phone", kind="intent"), Recorder(reason="no outbox", kind="folder"))
    assert Channels("whatsapp", ways).blocked() == "intent: no phone; folder: no outbox"
    assert Channels("whatsapp", ways[:1]).blocked() == "no phone"


def test_the_first_way_that_can_takes_it(beach: Parcel) -> None:
    first, second, third = Recorder(act=raises(TryAgain("no phone"))), Recorder(), Recorder()
    receipt = Channels("whatsapp", (first, second, third)).deliver(beach, Notes())
    assert receipt == Offered("outbox/1.jpg")
    assert [len(way.parcels) for way in (first, second, third)] == [1, 1, 0]


def test_it_is_to_be_tried_again_when_no_way_could(beach: Parcel) -> None:
    ways = tuple(Recorder(act=raises(TryAgain(why)), kind=why) for why in ("a", "b"))
    with pytest.raises(TryAgain, match=r"^a: a; b: b$"):
        Channels("whatsapp", ways).deliver(beach, Notes())


def test_what_must_never_be_repeated_goes_no_other_way(beach: Parcel) -> None:
    second = Recorder()
    with pytest.raises(Rejected):
        Channels("whatsapp", (Recorder(act=raises(Rejected("no"))), second)).deliver(beach, Notes())
    assert second.parcels == []


def test_what_stands_in_one_way_leaves_the_others_open() -> None:
    busy, free = Recorder(standing=Ahead(3)), Recorder()
    assert Channels("whatsapp", (busy, free)).ahead() == Ahead(3, alone=False)
    assert Channels("whatsapp", (busy, busy)).ahead() == Ahead(3, alone=True)
    assert Channels("whatsapp", (free,), (busy,)).ahead() is None


def test_every_way_withdraws_those_that_are_retired_too() -> None:
    way, retired = Recorder(), Recorder()
    Channels("whatsapp", (way,), (retired,)).keep_only({3})
    assert way.kept == retired.kept == [frozenset({3})]


def test_one_way_that_refuses_to_withdraw_keeps_no_other_from_it() -> None:
    bad, good = Recorder(refuses=EnvironmentFault("full")), Recorder()
    with pytest.raises(EnvironmentFault, match="full"):
        Channels("whatsapp", (bad, good)).keep_only(())
    assert good.kept == [frozenset()]

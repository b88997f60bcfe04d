"""What a look tells: stories that aren't known, by the server's clock, and how alike their pictures are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes.accounts import Notes, parcel_of
from fakes.instagram import Fault, StandIn
from fakes.media import Clip, save_clip, save_photo
from PIL import Image

from pipeline.destination import Doubt, Mirror, Parcel
from pipeline.errors import NeedsPerson, OutcomeUnknown, TryAgain

CONFIGURE = "media/configure_to_story"


def doubt_of(parcel: Parcel, notes: Notes, *more: str) -> Doubt:
    detail = notes.detail("publishing")
    return Doubt(parcel.delivery, parcel.rendition, frozenset((*detail["before"], *more)), detail)


def lost_answer(mirror: Mirror, instagram: StandIn, parcel: Parcel) -> Doubt:
    """It is live, but nobody was told."""
    notes = Notes()
    instagram.faults.add(CONFIGURE, Fault.DROP_AFTER)
    with pytest.raises(OutcomeUnknown):
        mirror.deliver(parcel, notes)
    return doubt_of(parcel, notes)


def other_picture(folder: Path) -> Path:
    image = Image.linear_gradient("L").rotate(90).resize((1080, 1920)).convert("RGB")
    return save_photo(folder / "other.jpg", image)


def test_a_photo_whose_answer_was_lost_is_found_by_its_picture(
    mirror: Mirror, instagram: StandIn, photo: Path, tmp_path: Path
) -> None:
    instagram.add_foreign_story("shop", photo.read_bytes())
    doubt = lost_answer(mirror, instagram, parcel_of(photo))
    theirs = instagram.add_foreign_story("shop", other_picture(tmp_path).read_bytes())
    found = {one.external_id: one for one in mirror.look(doubt).sightings}
    assert found.keys() == {instagram.stories[0].pk, theirs.pk}
    ours = found[instagram.stories[0].pk]
    assert ours.kind == "photo"
    assert ours.distance is not None
    assert ours.distance <= 6
    assert (found[theirs.pk].distance or 0) > 15


def test_a_video_is_found_with_its_length_and_first_frame(
    mirror: Mirror, instagram: StandIn, clip: Path, tmp_path: Path
) -> None:
    doubt = lost_answer(mirror, instagram, parcel_of(clip, None, 2.0))
    longer = save_clip(tmp_path / "b.mp4", Clip(size=(90, 160), seconds=4))
    instagram.add_foreign_story("shop", longer.read_bytes(), "video", 4.0)
    ours, theirs = sorted(mirror.look(doubt).sightings, key=lambda one: one.duration_s or 0)
    assert (ours.external_id, ours.kind, ours.duration_s) == (instagram.stories[0].pk, "video", 2.0)
    assert ours.distance is not None
    assert ours.distance <= 8
    assert theirs.duration_s == 4.0


def test_a_story_that_is_not_listed_yet_is_not_seen(mirror: Mirror, instagram: StandIn, photo: Path) -> None:
    instagram.listing_delay_s = 600
    doubt = lost_answer(mirror, instagram, parcel_of(photo))
    assert mirror.look(doubt).sightings == ()
    instagram.clock.advance(601)
    assert len(mirror.look(doubt).sightings) == 1


def test_the_time_of_a_look_is_the_servers_own(mirror: Mirror, instagram: StandIn, photo: Path) -> None:
    doubt = lost_answer(mirror, instagram, parcel_of(photo))
    instagram.clock.advance(3600)
    seen = mirror.look(doubt)
    assert abs(seen.seen_at - instagram.clock.now()) < timedelta(seconds=5)
    assert seen.seen_at - seen.sightings[0].taken_at > timedelta(minutes=59)


def test_what_is_known_is_left_out(mirror: Mirror, instagram: StandIn, photo: Path) -> None:
    parcel = parcel_of(photo)
    doubt = lost_answer(mirror, instagram, parcel)
    known = Doubt(doubt.delivery, doubt.rendition, doubt.known | {instagram.stories[0].pk}, doubt.detail)
    assert mirror.look(known).sightings == ()


def test_pictures_are_fetched_without_a_sign_of_who_we_are(
    mirror: Mirror, instagram: StandIn, photo: Path
) -> None:
    doubt = lost_answer(mirror, instagram, parcel_of(photo))
    instagram.requests.clear()
    mirror.look(doubt)
    listing, fetched = instagram.requests
    assert "authorization" in listing.headers
    assert fetched.host != listing.host
    assert not {"authorization", "cookie", "x-ig-device-id"} & fetched.headers.keys()


def test_a_picture_that_cannot_be_fetched_leaves_the_distance_open(
    mirror: Mirror, instagram: StandIn, photo: Path
) -> None:
    doubt = lost_answer(mirror, instagram, parcel_of(photo))
    instagram.faults.add("v/t51/", Fault.ERROR_500_BEFORE, times=None)
    (seen,) = mirror.look(doubt).sightings
    assert seen.distance is None


def test_after_one_picture_that_hangs_no_other_is_waited_for(
    mirror: Mirror, instagram: StandIn, photo: Path
) -> None:
    doubt = lost_answer(mirror, instagram, parcel_of(photo))
    for _ in range(5):
        instagram.add_foreign_story("shop", photo.read_bytes())
    instagram.faults.add("v/t51/", Fault.DROP_BEFORE, times=None)
    instagram.requests.clear()
    assert len(mirror.look(doubt).sightings) == 6
    assert len(instagram.requests) == 2


def test_a_rendition_that_is_gone_leaves_the_distance_open(
    mirror: Mirror, instagram: StandIn, tmp_path: Path
) -> None:
    file = other_picture(tmp_path)
    doubt = lost_answer(mirror, instagram, parcel_of(file))
    file.unlink()
    assert mirror.look(doubt).sightings[0].distance is None


@pytest.mark.parametrize(
    "fault", [Fault.ODD_JSON, Fault.EMPTY_JSON, Fault.ERROR_500_BEFORE, Fault.DROP_BEFORE]
)
def test_a_listing_that_cannot_be_read_is_no_look(
    mirror: Mirror, instagram: StandIn, photo: Path, fault: Fault
) -> None:
    doubt = lost_answer(mirror, instagram, parcel_of(photo))
    instagram.faults.add("feed/user/", fault)
    with pytest.raises(TryAgain):
        mirror.look(doubt)


def test_a_dead_session_cannot_look(mirror: Mirror, instagram: StandIn, photo: Path) -> None:
    doubt = lost_answer(mirror, instagram, parcel_of(photo))
    instagram.end_sessions("shop")
    with pytest.raises(NeedsPerson):
        mirror.look(doubt)


def test_what_is_noted_for_a_look_is_plain_json(mirror: Mirror, instagram: StandIn, photo: Path) -> None:
    detail: Mapping[str, Any] = lost_answer(mirror, instagram, parcel_of(photo)).detail
    assert json.loads(json.dumps(detail)) == detail
    assert detail.keys() >= {"before", "server_at", "upload_id", "kind", "duration_s"}

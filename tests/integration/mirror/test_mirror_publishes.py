"""Stories through the real client over both of its transports: exact bytes, stickers, steps in order."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.accounts import Notes, parcel_of, settings_for, signed_in
from fakes.instagram import Fault, StandIn
from fakes.instagram.phone import Transport

from pipeline.config import Settings
from pipeline.destination import Mirror, Published
from pipeline.errors import Rejected
from pipeline.mirror import mirrors
from pipeline.model import Place, Sticker, Texts

STICKERS = (
    Sticker("link", "https://wa.me/8801711111111?text=Hi%20there", 0.5, 0.5, 0.4, 0.1),
    Sticker("mention", "friend", 0.3, 0.6, 0.2, 0.05),
    Sticker("mention", "other.friend", 0.7, 0.6, 0.2, 0.05),
    Sticker("hashtag", "bread", 0.5, 0.7, 0.2, 0.05),
    Sticker("location", "Old Town Bakery", 0.5, 0.8, 0.3, 0.05),
)
BAKERY = Place("Old Town Bakery", id="110774245607", latitude=52.52, longitude=13.405)
ALL = Texts(mentions=("friend",), stickers=STICKERS, place=BAKERY)


@pytest.mark.parametrize("transport", ["curl", "requests"])
@pytest.mark.parametrize("kind", ["photo", "video"])
def test_a_story_is_published_with_its_stickers_and_its_exact_bytes(
    tmp_path: Path, instagram: StandIn, files: dict[str, Path], transport: Transport, kind: str
) -> None:
    settings = settings_for(tmp_path, instagram, transport)
    signed_in(settings, instagram)
    mirror = mirrors(settings)["insta"]
    file, duration_s = files[kind], None if kind == "photo" else 2.0
    notes = Notes()
    assert mirror.blocked() is None
    receipt = mirror.deliver(parcel_of(file, ALL, duration_s), notes)
    (story,) = instagram.stories
    assert receipt == Published(story.pk)
    assert instagram.content(story) == file.read_bytes()
    assert story.kind == kind
    assert [tap["type"] for tap in story.tap_models] == [
        "mention",
        "mention",
        "hashtag",
        "location",
        "story_link",
    ]
    assert story.tap_models[-1]["url"] == STICKERS[0].value
    assert story.tap_models[3]["location_id"] == BAKERY.id
    assert (story.tap_models[0]["x"], story.tap_models[0]["width"]) == (0.3, 0.2)
    assert notes.names == ["looked", "uploaded", "publishing"]
    assert notes.detail("publishing")["upload_id"] == story.upload_id
    assert notes.detail("publishing")["kind"] == kind
    protocols = {request.protocol for request in instagram.requests if "rupload" in request.endpoint}
    assert protocols == {"h2" if transport == "curl" else "http/1.1"}


def test_all_mentions_of_a_photo_stand_in_both_places(
    mirror: Mirror, instagram: StandIn, photo: Path
) -> None:
    mirror.deliver(parcel_of(photo, ALL), Notes())
    assert instagram.stories[0].form["reel_mentions"].count("user_id") == 2


def test_a_story_for_close_friends_is_for_them_alone(
    mirror: Mirror, instagram: StandIn, photo: Path, clip: Path
) -> None:
    mirror.deliver(parcel_of(photo, Texts(close_friends=True)), Notes())
    mirror.deliver(parcel_of(clip, Texts(close_friends=True), 2.0), Notes())
    mirror.deliver(parcel_of(photo), Notes())
    assert [story.close_friends for story in instagram.stories] == [True, True, False]


def test_what_is_live_before_is_noted_with_the_servers_time(
    mirror: Mirror, instagram: StandIn, photo: Path
) -> None:
    instagram.clock.skew_s = 3600
    theirs = instagram.add_foreign_story("shop", photo.read_bytes())
    notes = Notes()
    mirror.deliver(parcel_of(photo), notes)
    assert notes.detail("looked")["before"] == [theirs.pk]
    assert notes.detail("looked")["server_at"][:16] == instagram.clock.now().isoformat()[:16]


def test_someone_instagram_does_not_know_costs_the_sticker_not_the_story(
    mirror: Mirror, instagram: StandIn, photo: Path
) -> None:
    box = (0.5, 0.5, 0.1, 0.1)
    names = (("mention", "no body"), ("mention", "nobody"), ("location", "Nowhere"), ("hashtag", "a"))
    stickers = tuple(Sticker(kind, value, *box) for kind, value in names)  # type: ignore[arg-type]
    notes = Notes()
    nowhere = Place("Nowhere", latitude=1.0, longitude=2.0)
    mirror.deliver(parcel_of(photo, Texts(stickers=stickers, place=nowhere)), notes)
    assert [tap["type"] for tap in instagram.stories[0].tap_models] == ["hashtag"]
    assert notes.detail("left out")["stickers"] == [
        "@no body: this is no name of an account",
        "@nobody: Instagram knows no such account",
        "Nowhere: Instagram knows no such place",
    ]


def test_a_place_is_found_by_its_name_near_its_coordinates(
    mirror: Mirror, instagram: StandIn, photo: Path
) -> None:
    bakery = Place("old town BAKERY", latitude=52.5, longitude=13.4)
    mirror.deliver(parcel_of(photo, Texts(stickers=STICKERS[-1:], place=bakery)), Notes())
    assert instagram.stories[0].tap_models[0]["location_id"] == BAKERY.id


def test_a_link_that_instagram_refuses_stops_the_story(
    mirror: Mirror, instagram: StandIn, photo: Path
) -> None:
    texts = Texts(stickers=(Sticker("link", "not a link", 0.5, 0.5, 0.1, 0.1),))
    with pytest.raises(Rejected, match="storyrelay link"):
        mirror.deliver(parcel_of(photo, texts), Notes())
    assert instagram.uploads == []


def test_an_attempt_that_repeats_another_keeps_its_upload_id(
    mirror: Mirror, instagram: StandIn, photo: Path
) -> None:
    mirror.deliver(parcel_of(photo, earlier={"upload_id": "1764000000123"}), Notes())
    assert instagram.stories[0].upload_id == "1764000000123"


def test_a_video_that_is_still_being_prepared_is_asked_for_again(
    mirror: Mirror, instagram: StandIn, clip: Path
) -> None:
    instagram.faults.add("media/configure_to_story", Fault.NOT_FINISHED, times=1)
    mirror.deliver(parcel_of(clip, None, 2.0), Notes())
    assert len(instagram.stories) == 1


def test_two_mirrors_of_one_config_share_nothing(settings: Settings) -> None:
    assert mirrors(settings)["insta"] is not mirrors(settings)["insta"]


def test_nothing_is_printed_while_a_story_is_published(
    mirror: Mirror, photo: Path, clip: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    mirror.deliver(parcel_of(photo), Notes())
    mirror.deliver(parcel_of(clip, None, 2.0), Notes())
    assert capfd.readouterr() == ("", "")

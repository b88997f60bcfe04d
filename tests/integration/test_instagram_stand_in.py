"""The real client against the stand-in: the ways in, and stories with all that sticks to them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.instagram import Fault, StandIn, Story, User
from fakes.instagram.phone import Transport, logged_in_phone, phone
from fakes.media import Clip, picture, save_clip, save_photo
from instagrapi import Client, exceptions, types
from PIL import Image

SEED = "JBSWY3DPEHPK3PXP"
USERS = {
    "shop": User("a password"),
    "cafe": User("another", totp_seed=SEED),
    "club": User("third", challenge="bloks"),
    "mill": User("fourth", challenge="email"),
    "farm": User("fifth", challenge="sms"),
}
TRANSPORTS: tuple[Transport, ...] = ("curl", "requests")
BOX = {"x": 0.5, "y": 0.6, "width": 0.4, "height": 0.1}


@pytest.fixture
def instagram() -> Iterator[StandIn]:
    with StandIn(USERS) as server:
        yield server


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return save_photo(tmp_path / "a.jpg", picture((1080, 1920)))


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return save_clip(tmp_path / "a.mp4", Clip(size=(90, 160), seconds=2))


def stickers(client: Client) -> dict[str, list[Any]]:
    """One of each kind."""
    friend = types.UserShort(pk=client.user_id_from_username("friend"), username="friend")
    place = client.location_search(52.5, 13.4)[0]
    return {
        "links": [types.StoryLink(webUri="https://wa.me/8801711111111", **BOX)],
        "mentions": [types.StoryMention(user=friend, **BOX)],
        "hashtags": [types.StoryHashtag(hashtag=types.Hashtag(id="1", name="bread"), **BOX)],
        "locations": [types.StoryLocation(location=place, **BOX)],
    }


def publish_photo(client: Client, photo: Path, **more: Any) -> Any:
    upload_id, width, height = client.photo_rupload(photo, for_story=True)
    return client.photo_configure_to_story(upload_id, width, height, "", **more)


def publish_clip(client: Client, clip: Path, **more: Any) -> Any:
    """The picture is never sent, but without one the client would look for moviepy."""
    upload = client.video_rupload(clip, thumbnail=clip, to_story=True)
    return client.video_configure_to_story(*upload, "", **more)


def kinds_of_stickers(story: Story) -> set[str]:
    return {model["type"] for model in story.tap_models}


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_client_logs_in_with_a_password(instagram: StandIn, transport: Transport) -> None:
    with phone(instagram, transport) as client:
        assert client.login("shop", "a password")
        assert client.account_info().username == "shop"
    private = {request.protocol for request in instagram.requests if request.endpoint != "qe/sync/"}
    assert private == {"h2" if transport == "curl" else "http/1.1"}


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_client_logs_in_with_the_code_of_its_seed(instagram: StandIn, transport: Transport) -> None:
    with phone(instagram, transport) as client:
        assert client.login("cafe", "another", verification_code=client.totp_generate_code(SEED))
        assert client.account_info().username == "cafe"


def test_a_second_factor_is_asked_for_and_checked(instagram: StandIn) -> None:
    with phone(instagram) as client:
        with pytest.raises(exceptions.TwoFactorRequired):
            client.login("cafe", "another")
        wrong = client.totp_generate_code("KRSXG5CTMVRXEZLU")
        with pytest.raises(exceptions.UnknownError, match="check the security code"):
            client.login("cafe", "another", verification_code=wrong)


def test_a_wrong_password_is_refused_by_name(instagram: StandIn) -> None:
    with phone(instagram) as client:
        with pytest.raises(exceptions.BadPassword):
            client.login("shop", "a guess")
        assert not client.authorization


@pytest.mark.parametrize(
    ("user", "password", "choice"), [("club", "third", 1), ("mill", "fourth", 1), ("farm", "fifth", 0)]
)
def test_a_challenge_is_answered_by_the_code_that_was_sent(
    instagram: StandIn, user: str, password: str, choice: int
) -> None:
    asked: list[int] = []

    def read_the_message(_name: str, how: Any) -> str:
        asked.append(how.value)
        return "246810"

    with phone(instagram) as client:
        client.challenge_code_handler = read_the_message
        assert client.login(user, password)
        assert client.account_info().username == user
    assert asked == [choice]


@pytest.mark.parametrize(
    ("user", "password", "error"),
    [("club", "third", exceptions.ChallengeError), ("mill", "fourth", exceptions.UnknownError)],
)
def test_a_wrong_code_leaves_the_challenge_open(
    instagram: StandIn, user: str, password: str, error: type[Exception]
) -> None:
    with phone(instagram) as client:
        client.challenge_code_handler = lambda _name, _how: "000000"
        with pytest.raises(error):
            client.login(user, password)
        assert not client.authorization


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_session_is_used_again_without_the_password(instagram: StandIn, transport: Transport) -> None:
    with phone(instagram, transport) as client:
        client.login("shop", "a password")
        settings = client.get_settings()
    with phone(instagram, transport) as client:
        client.set_settings({**settings, "request_timeout": 0})
        assert client.account_info().username == "shop"
    logins = [request for request in instagram.requests if "send_login_request" in request.endpoint]
    assert len(logins) == 1


def test_a_session_id_from_elsewhere_logs_in(instagram: StandIn) -> None:
    with phone(instagram) as client:
        assert client.login_by_sessionid(instagram.session_of("shop"))
        assert client.username == "shop"
        assert client.account_info().username == "shop"


def test_a_session_that_was_ended_is_told_to_log_in(instagram: StandIn) -> None:
    with logged_in_phone(instagram) as client:
        assert client.account_info().username == "shop"
        instagram.end_sessions("shop")
        with pytest.raises(exceptions.LoginRequired):
            client.account_info()


def test_nobody_publishes_without_a_session(instagram: StandIn, photo: Path) -> None:
    with phone(instagram) as client:
        with pytest.raises(exceptions.PhotoNotUpload):
            publish_photo(client, photo)
        with pytest.raises(exceptions.LoginRequired):
            client.photo_configure_to_story("1", 1080, 1920, "")
    assert instagram.uploads == []
    assert instagram.stories == []


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_photo_story_with_stickers_is_kept_and_listed(
    instagram: StandIn, transport: Transport, photo: Path
) -> None:
    with logged_in_phone(instagram, "shop", transport) as client:
        answer = publish_photo(client, photo, **stickers(client), extra_data={"audience": "besties"})
        listed = client.user_stories_v1(client.user_id)
        small = client.private.get(str(listed[0].thumbnail_url)).content
    story = instagram.stories[0]
    assert [it.pk for it in listed] == [answer["media"]["pk"]] == [story.pk]
    assert kinds_of_stickers(story) == {"story_link", "mention", "hashtag", "location"}
    assert str(listed[0].links[0].webUri) == "https://wa.me/8801711111111"
    assert (story.kind, story.size, story.close_friends) == ("photo", (1080, 1920), True)
    assert story.upload_id == story.form["upload_id"] == instagram.uploads[0].upload_id
    with Image.open(io.BytesIO(small)) as seen:
        assert seen.size == (1080, 1920)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_video_story_with_stickers_is_kept_and_listed(
    instagram: StandIn, transport: Transport, clip: Path
) -> None:
    instagram.faults.add("media/configure_to_story", Fault.NOT_FINISHED)
    with logged_in_phone(instagram, "shop", transport) as client:
        with pytest.raises(exceptions.ClientError, match="Transcode not finished yet"):
            publish_clip(client, clip)
        publish_clip(client, clip, **stickers(client))
        listed = client.user_stories_v1(client.user_id)
        small = client.private.get(str(listed[0].thumbnail_url)).content
        film = client.private.get(str(listed[0].video_url)).content
    story = instagram.stories[0]
    assert instagram.content(story) == clip.read_bytes() == film
    assert story.sha256 == hashlib.sha256(film).hexdigest()
    assert [(it.pk, it.media_type, it.video_duration) for it in listed] == [(story.pk, 2, 2.0)]
    assert kinds_of_stickers(story) == {"story_link", "mention", "hashtag", "location"}
    with Image.open(io.BytesIO(small)) as seen:
        assert seen.size == (1080, 1920)


def test_the_whole_upload_of_the_client_ends_in_a_story(instagram: StandIn, photo: Path) -> None:
    with logged_in_phone(instagram) as client:
        story = client.photo_upload_to_story(photo)
        assert client.media_info_v1(story.pk).pk == story.pk == instagram.stories[0].pk
        assert client.story_delete(story.id)
        assert client.user_stories_v1(client.user_id) == []
    assert [story.deleted for story in instagram.stories] == [True]


def test_who_and_where_are_looked_up(instagram: StandIn) -> None:
    with logged_in_phone(instagram) as client:
        friend = client.user_info_by_username_v1("friend")
        assert friend.pk == instagram.pk_of("friend")
        with pytest.raises(exceptions.UserNotFound):
            client.user_info_by_username_v1("nobody.at.all")
        known = client.location_info(client.location_search(23.8, 90.4)[0].pk)
        assert (known.name, known.pk) == ("Dhaka", 213_385_402)
        assert [place.name for place in client.location_search_name("bakery")] == ["Old Town Bakery"]


def test_logging_out_ends_the_session_on_the_server(instagram: StandIn) -> None:
    with logged_in_phone(instagram) as client:
        settings = client.get_settings()
        assert client.logout()
    with phone(instagram, settings=settings) as client, pytest.raises(exceptions.LoginRequired):
        client.account_info()

"""The stand-in as its own process: steered from here, and going on where it stopped."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.instagram import Fault, StandInProcess, User
from fakes.instagram.phone import Reachable, logged_in_phone
from fakes.media import picture, save_photo
from instagrapi import exceptions

USERS = {"shop": User("a password")}


@pytest.fixture
def instagram(tmp_path: Path) -> Iterator[StandInProcess]:
    with StandInProcess(USERS, folder=tmp_path / "instagram") as process:
        yield process


def publish(instagram: Reachable, photo: Path) -> str:
    """The story's number."""
    with logged_in_phone(instagram) as client:
        upload_id, width, height = client.photo_rupload(photo, for_story=True)
        return str(client.photo_configure_to_story(upload_id, width, height, "")["media"]["pk"])


def test_a_process_of_its_own_is_steered_like_one_in_here(instagram: StandInProcess, tmp_path: Path) -> None:
    photo = save_photo(tmp_path / "a.jpg", picture((540, 960)))
    instagram.clock.skew_s = 60
    instagram.listing_delay_s = 30
    pk = publish(instagram, photo)
    (story,) = instagram.stories
    assert (story.pk, story.user, story.sha256) == (pk, "shop", instagram.uploads[0].sha256)
    assert instagram.live("shop") == []
    instagram.clock.advance(31)
    assert instagram.live("shop") == [story]
    assert story.taken_at.timestamp() > time.time() + 50
    assert instagram.requests[-1].endpoint == "media/configure_to_story/"
    assert instagram.add_foreign_story("shop", photo.read_bytes()) in instagram.live("shop")


def test_faults_reach_a_process_of_its_own(instagram: StandInProcess) -> None:
    instagram.faults.add("accounts/current_user", Fault.FEEDBACK_REQUIRED)
    with logged_in_phone(instagram) as client:
        with pytest.raises(exceptions.FeedbackRequired):
            client.account_info()
        assert client.account_info().username == "shop"
    instagram.end_sessions("shop")


def test_a_mistake_in_an_order_is_told_to_who_gave_it(instagram: StandInProcess) -> None:
    lost = replace(instagram.add_foreign_story("shop", b""), sha256="0" * 64)
    with pytest.raises(RuntimeError, match="FileNotFoundError"):
        instagram.content(lost)


def test_what_a_killed_client_had_sent_is_live(instagram: StandInProcess, tmp_path: Path) -> None:
    photo = save_photo(tmp_path / "a.jpg", picture((540, 960)))
    instagram.faults.add("media/configure_to_story", Fault.HANG_AFTER)
    client = multiprocessing.get_context("spawn").Process(target=publish, args=(Door(instagram), photo))
    client.start()
    while not instagram.stories:
        assert client.is_alive()
        time.sleep(0.05)
    client.kill()
    client.join()
    assert len(instagram.stories) == 1
    with logged_in_phone(instagram) as other:
        assert len(other.user_stories_v1(other.user_id)) == 1


class Door:
    """What a client needs of a stand-in, to be handed to another process."""

    def __init__(self, instagram: StandInProcess) -> None:
        self.proxy = instagram.proxy
        self.ca_file = instagram.ca_file
        self._session = instagram.session_of("shop")
        self._pk = instagram.pk_of("shop")

    def session_of(self, user: str) -> str:
        return self._session

    def pk_of(self, user: str) -> str:
        return self._pk


def test_what_was_published_outlives_the_process(tmp_path: Path) -> None:
    photo, folder = save_photo(tmp_path / "a.jpg", picture((540, 960))), tmp_path / "instagram"
    first = StandInProcess(USERS, folder=folder)
    with logged_in_phone(first) as client:
        upload_id, width, height = client.photo_rupload(photo, for_story=True)
        client.photo_configure_to_story(upload_id, width, height, "")
        stories, port = first.stories, int(first.proxy.rsplit(":", 1)[1])
        first.kill()
        with StandInProcess(USERS, folder=folder, port=port) as second:
            assert second.stories == stories
            assert [story.pk for story in client.user_stories_v1(client.user_id)] == [stories[0].pk]


def test_a_process_of_its_own_starts_fast_and_ends_with_its_user(tmp_path: Path) -> None:
    begun = time.monotonic()
    process = StandInProcess(USERS, folder=tmp_path / "instagram")
    started_s = time.monotonic() - begun
    process.close()
    assert started_s < 5
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)

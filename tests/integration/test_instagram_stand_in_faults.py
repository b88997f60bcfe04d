"""Each fault of the stand-in does to the real client what its name says, and the traps are real."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from curl_cffi import CurlOpt
from fakes.instagram import Fault, StandIn, User
from fakes.instagram.phone import Transport, logged_in_phone
from fakes.media import picture, save_photo
from instagrapi import Client, exceptions

CONFIGURE = "media/configure_to_story"
ANSWERED = {
    Fault.RATE_LIMIT_429: exceptions.ClientThrottledError,
    Fault.RATE_LIMIT_ERROR: exceptions.RateLimitError,
    Fault.PLEASE_WAIT: exceptions.PleaseWaitFewMinutes,
    Fault.FEEDBACK_REQUIRED: exceptions.FeedbackRequired,
    Fault.SENTRY_BLOCK: exceptions.SentryBlock,
    Fault.CHALLENGE: exceptions.ChallengeRequired,
    Fault.CHALLENGE_BY_HAND: exceptions.ChallengeRequired,
    Fault.SUSPENDED: exceptions.AccountSuspended,
    Fault.LOGIN_REQUIRED: exceptions.LoginRequired,
    Fault.NEEDS_UPGRADE: exceptions.ClientNeedsUpgradeError,
    Fault.ERROR_500_BEFORE: exceptions.ClientError,
    Fault.ERROR_500_AFTER: exceptions.ClientError,
    Fault.ODD_JSON: exceptions.ClientJSONDecodeError,
    Fault.ODD_JSON_AFTER: exceptions.ClientJSONDecodeError,
    Fault.NOT_FINISHED: exceptions.ClientError,
}
NO_RESENDS = {CurlOpt.FRESH_CONNECT: 1, CurlOpt.FORBID_REUSE: 1}
READ_S = 0.3


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    with StandIn({"shop": User("a password")}) as started:
        yield started


@pytest.fixture
def instagram(server: StandIn) -> Iterator[StandIn]:
    yield server
    server.faults.clear()
    server.clock.skew_s = server.listing_delay_s = 0.0


@pytest.fixture
def client(instagram: StandIn) -> Iterator[Client]:
    with logged_in_phone(instagram, with_challenge_flow=False) as logged_in:
        yield logged_in


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return save_photo(tmp_path / "a.jpg", picture((540, 960)))


def never_resend(client: Client) -> None:
    """Each request on a connection of its own: then libcurl has no reason to try again."""
    client.private.get_adapter("https://i.instagram.com").client.curl_options.update(NO_RESENDS)


def configure(client: Client, upload: Any) -> Any:
    upload_id, width, height = upload
    return client.photo_configure_to_story(upload_id, width, height, "")


def added(story_count: int, instagram: StandIn) -> int:
    """How many stories there are more than there were."""
    return len(instagram.stories) - story_count


@pytest.mark.parametrize("fault", ANSWERED, ids=lambda fault: fault.name)
def test_a_fault_with_an_answer_is_the_error_of_that_name(
    instagram: StandIn, client: Client, photo: Path, fault: Fault
) -> None:
    before = len(instagram.stories)
    instagram.faults.add(CONFIGURE, fault)
    with pytest.raises(ANSWERED[fault]):
        configure(client, client.photo_rupload(photo, for_story=True))
    assert added(before, instagram) == int(fault.commits)


@pytest.mark.parametrize("transport", ["curl", "requests"])
@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.DROP_AFTER], ids=lambda fault: fault.name)
def test_a_dropped_connection_is_an_error_and_one_story_at_most(
    instagram: StandIn, photo: Path, transport: Transport, fault: Fault
) -> None:
    before = len(instagram.stories)
    with logged_in_phone(instagram, "shop", transport) as client:
        if transport == "curl":
            never_resend(client)
        upload = client.photo_rupload(photo, for_story=True)
        instagram.faults.add(CONFIGURE, fault)
        with pytest.raises(exceptions.ClientConnectionError):
            configure(client, upload)
    assert added(before, instagram) == int(fault.commits)


@pytest.mark.parametrize("carefully", [False, True])
def test_libcurl_publishes_twice_on_a_connection_that_it_uses_again(
    instagram: StandIn, client: Client, photo: Path, *, carefully: bool
) -> None:
    before = len(instagram.stories)
    if carefully:
        never_resend(client)
    upload = client.photo_rupload(photo, for_story=True)
    instagram.faults.add(CONFIGURE, Fault.DROP_AFTER)
    if carefully:
        with pytest.raises(exceptions.ClientConnectionError):
            configure(client, upload)
    else:
        assert configure(client, upload)["status"] == "ok"
    assert added(before, instagram) == (1 if carefully else 2)


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.ERROR_500_AFTER], ids=lambda fault: fault.name)
@pytest.mark.parametrize("retries", [0, 1])
def test_the_requests_transport_publishes_again_as_often_as_it_may(
    instagram: StandIn, photo: Path, fault: Fault, retries: int
) -> None:
    before = len(instagram.stories)
    options = {"session_retry_total": retries, "session_retry_backoff_factor": 0}
    with logged_in_phone(instagram, "shop", "requests", **options) as client:
        upload = client.photo_rupload(photo, for_story=True)
        instagram.faults.add(CONFIGURE, fault)
        if retries:
            configure(client, upload)
        else:
            with pytest.raises(exceptions.ClientError):
                configure(client, upload)
    assert added(before, instagram) == 1 + retries


@pytest.mark.parametrize(("transport", "stories"), [("curl", 1), ("requests", 2)])
def test_the_client_itself_publishes_again_when_an_answer_is_cut_short(
    instagram: StandIn, photo: Path, transport: Transport, stories: int
) -> None:
    before = len(instagram.stories)
    with logged_in_phone(instagram, "shop", transport) as client:
        upload = client.photo_rupload(photo, for_story=True)
        instagram.faults.add(CONFIGURE, Fault.CUT_SHORT_AFTER)
        if transport == "curl":
            with pytest.raises(exceptions.ClientConnectionError):
                configure(client, upload)
        else:
            configure(client, upload)  # after 2 s of its own
    assert added(before, instagram) == stories


def test_the_client_itself_publishes_again_a_minute_after_a_timeout_that_the_server_tells(
    instagram: StandIn, client: Client, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, slept = len(instagram.stories), list[float]()
    upload = client.photo_rupload(photo, for_story=True)
    instagram.faults.add(CONFIGURE, Fault.ERROR_408_AFTER)
    quick = SimpleNamespace(sleep=slept.append, time=time.time)
    monkeypatch.setattr("instagrapi.mixins.private.time", quick)
    assert configure(client, upload)["status"] == "ok"
    assert 60 in slept
    assert added(before, instagram) == 2


@pytest.mark.parametrize("transport", ["curl", "requests"])
@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.HANG_AFTER], ids=lambda fault: fault.name)
def test_a_server_that_hangs_is_left_after_the_client_s_own_time_limit(
    instagram: StandIn, photo: Path, transport: Transport, fault: Fault
) -> None:
    before = len(instagram.stories)
    with logged_in_phone(instagram, "shop", transport) as client:
        upload = client.photo_rupload(photo, for_story=True)
        plain = client.private.request

        def impatient(*arguments: Any, **named: Any) -> Any:
            return plain(*arguments, **{**named, "timeout": (READ_S, READ_S)})

        client.private.request = impatient
        instagram.faults.add(CONFIGURE, fault)
        with pytest.raises((OSError, exceptions.ClientConnectionError), match=r"(?i)time"):
            configure(client, upload)
    assert added(before, instagram) == int(fault.commits)


@pytest.mark.parametrize("fault", [Fault.EMPTY_JSON, Fault.EMPTY_JSON_AFTER], ids=lambda fault: fault.name)
def test_an_answer_without_the_story_tells_nothing(
    instagram: StandIn, client: Client, photo: Path, fault: Fault
) -> None:
    before = len(instagram.stories)
    instagram.faults.add(CONFIGURE, fault)
    assert configure(client, client.photo_rupload(photo, for_story=True)) == {"status": "ok"}
    assert added(before, instagram) == int(fault.commits)


def test_a_fault_comes_so_many_times_after_so_many_requests(instagram: StandIn, client: Client) -> None:
    instagram.faults.add("accounts/current_user", Fault.LOGIN_REQUIRED, times=2, after=1)
    outcomes = []
    for _ in range(5):
        try:
            outcomes.append(client.account_info().username)
        except exceptions.LoginRequired:
            outcomes.append(None)
    assert outcomes == ["shop", None, None, "shop", "shop"]


def test_a_fault_by_chance_hits_its_share_of_the_requests(instagram: StandIn) -> None:
    instagram.faults.seed(1)
    instagram.faults.add("media/*", Fault.DROP_AFTER, times=None, chance=0.1)
    struck = [instagram.faults.strike("media/configure_to_story/") for _ in range(1000)]
    assert 70 <= sum(fault is not None for fault in struck) <= 130
    assert instagram.faults.strike("feed/timeline/") is None


def test_an_upload_that_was_dropped_is_no_story_and_can_be_repeated(
    instagram: StandIn, client: Client, photo: Path
) -> None:
    before = len(instagram.stories)
    never_resend(client)
    instagram.faults.add("rupload_igphoto", Fault.DROP_BEFORE)
    with pytest.raises(OSError, match="transport failed"):
        client.photo_rupload(photo, for_story=True)
    configure(client, client.photo_rupload(photo, "1234567890123", for_story=True))
    assert added(before, instagram) == 1
    assert instagram.stories[-1].upload_id == "1234567890123"


def test_a_story_is_listed_late_and_not_after_a_day(instagram: StandIn, client: Client, photo: Path) -> None:
    instagram.listing_delay_s = 300
    pk = configure(client, client.photo_rupload(photo, for_story=True))["media"]["pk"]
    seen = []
    for seconds in (0, 299, 2, 86_000, 500):
        instagram.clock.advance(seconds)
        seen.append(pk in [story.pk for story in client.user_stories_v1(client.user_id)])
    assert seen == [False, False, True, True, False]


@pytest.mark.parametrize("skew_s", [-60, 60])
def test_the_server_s_own_time_is_in_every_answer(instagram: StandIn, client: Client, skew_s: int) -> None:
    client.account_info()
    true = instagram.clock.now().timestamp()
    instagram.clock.skew_s = skew_s
    client.account_info()
    told = parsedate_to_datetime(client.last_response.headers["Date"]).timestamp()
    assert skew_s - 2 <= told - true <= skew_s + 2


def test_a_story_of_the_person_s_own_phone_is_listed_but_not_ours(
    instagram: StandIn, client: Client, photo: Path
) -> None:
    before = len(instagram.stories)
    foreign = instagram.add_foreign_story("shop", photo.read_bytes())
    listed = [story.pk for story in client.user_stories_v1(client.user_id)]
    assert foreign.pk in listed
    assert added(before, instagram) == 0


def test_requests_at_the_same_time_are_counted(instagram: StandIn) -> None:
    instagram.latency_s = 0.3
    together = threading.Barrier(3)
    reading = [threading.Thread(target=read_the_account, args=(instagram, together)) for _ in range(3)]
    for thread in reading:
        thread.start()
    for thread in reading:
        thread.join()
    instagram.latency_s = 0.0
    assert 2 <= instagram.most_at_once("shop") <= 3


def read_the_account(instagram: StandIn, together: threading.Barrier) -> None:
    with logged_in_phone(instagram) as client:
        together.wait()
        client.account_info()


def test_no_other_host_is_reached_through_the_proxy(instagram: StandIn, client: Client) -> None:
    with pytest.raises(OSError, match="transport failed"):
        client.private.get("https://example.com/")
    assert instagram.strangers == ["example.com"]


@pytest.mark.parametrize("transport", ["curl", "requests"])
def test_the_proxy_hears_its_own_password(instagram: StandIn, transport: Transport) -> None:
    with logged_in_phone(instagram, "shop", transport) as client:
        client.set_proxy(instagram.proxy.replace("//", "//clerk:open@"))
        client.account_info()
    assert instagram.proxy_logins[-1] == "clerk:open"


def test_a_challenge_in_the_middle_is_answered_and_the_request_made_again(instagram: StandIn) -> None:
    instagram.faults.add("accounts/current_user", Fault.CHALLENGE)
    with logged_in_phone(instagram) as client:
        client.challenge_code_handler = lambda _name, _how: "246810"
        assert client.account_info().username == "shop"

"""Runs that publish: after the handoffs, in the account's turn, and never in the way of anything else."""

from __future__ import annotations

import os
import random
import signal
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from fakes.media import Clip, save_clip
from fakes.remote import Rates, Remote, RemoteMirror, Times
from fakes.shop import MIRRORED, Shop

import pipeline.run.course
from pipeline.errors import Interrupted, TryAgain
from pipeline.ledger import exclusive, open_ledger
from pipeline.ledger.answers import Answer, drop
from pipeline.model import State
from pipeline.report.events import Blocked, Delivered, Held, Looked, Stopped, Waiting
from pipeline.run import answer

FAST = "accounts.shop.pace={stories_per_day: 90, stories_per_hour: 90, spacing_seconds: [1, 2]}"
MINUTES = "accounts.shop.pace.spacing_seconds=[60, 60]"
LOSES_ANSWERS = Rates(answer_lost=1.0)
LOSES_REQUESTS = Rates(no_answer=1.0)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop that hands over to WhatsApp and publishes to Instagram."""
    return Shop(tmp_path, MIRRORED)


@pytest.fixture
def mirror(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> RemoteMirror:
    """Its Instagram: everything goes well until `mirror.remote.rates` say otherwise."""
    remote = Remote(random.Random(3), Times(shop.clock))  # noqa: S311 - the same every time
    mirror = RemoteMirror(remote)
    monkeypatch.setattr(pipeline.run.course, "mirrors", lambda *_: {"instagram": mirror})
    return mirror


def pictures(shop: Shop, number: int) -> None:
    for index in range(number):
        shop.picture(f"{index}.jpg", index)


def of(shop: Shop, state: State, destination: str = "instagram") -> list[str]:
    return [
        row.path.name for row in shop.deliveries() if (row.state, row.destination) == (state, destination)
    ]


def told(shop: Shop, kind: type) -> list[object]:
    return [event for event in shop.events if isinstance(event, kind)]


def test_everything_is_handed_over_before_anything_is_published(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 3)
    summary = shop.run(FAST)
    assert (summary.offered, summary.published, summary.exit_code) == (3, 3, 0)
    states = [event.state for event in shop.events if isinstance(event, Delivered)]
    assert states == [State.OFFERED] * 3 + [State.PUBLISHED] * 3
    assert len(mirror.remote.posts) == 3
    assert not (shop.outbox / "instagram").exists()


def test_a_second_run_publishes_nothing_and_asks_nobody(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 2)
    shop.run(FAST)
    mirror.touched.clear()
    assert shop.run(FAST).published == 0
    assert mirror.touched == []


def test_a_server_that_hangs_delays_no_handoff(
    shop: Shop, mirror: RemoteMirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(shop, 2)
    seen: list[list[str]] = []

    def hang(_: RemoteMirror) -> str | None:
        seen.append([entry["media"] for entry in shop.manifest("whatsapp")])
        shop.clock.advance(minutes=5)
        raise TryAgain("no answer in 300 s")

    monkeypatch.setattr(RemoteMirror, "blocked", hang)
    summary = shop.run(FAST)
    assert seen == [["0001-0.jpg", "0003-1.jpg"]]
    assert (summary.offered, summary.published, summary.planned, summary.exit_code) == (2, 0, 2, 3)
    assert [event.reason for event in shop.events if isinstance(event, Blocked)] == ["no answer in 300 s"]


def test_a_bug_in_a_mirror_comes_after_the_handoffs(
    shop: Shop, mirror: RemoteMirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(shop, 1)

    def fail(_: RemoteMirror) -> str | None:
        raise ZeroDivisionError

    monkeypatch.setattr(RemoteMirror, "blocked", fail)
    with pytest.raises(ZeroDivisionError):
        shop.run(FAST)
    assert [entry["media"] for entry in shop.manifest("whatsapp")] == ["0001-0.jpg"]
    assert of(shop, State.PLANNED) == ["0.jpg"]


def test_what_is_more_than_the_pace_allows_waits_and_is_no_error(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 6)
    summary = shop.run(MINUTES)
    assert (summary.published, summary.held, summary.planned, summary.exit_code) == (4, 2, 2, 0)
    (held,) = [event for event in shop.events if isinstance(event, Held)]
    assert (held.destination, held.deliveries, held.reason) == ("instagram", 2, "4 stories in an hour")
    assert held.until == summary.next_due_at
    assert held.until
    shop.clock.moment = held.until
    assert shop.run(MINUTES).published >= 1
    times = [post.taken_at for post in mirror.remote.posts]
    assert all(late - early >= timedelta(seconds=60) for early, late in pairwise(times))


def test_a_run_waits_no_longer_than_it_may(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 3)
    pace = "accounts.shop.pace={spacing_seconds: [240, 240], wait_minutes: 5}"
    before = shop.clock()
    assert shop.run(pace).published == 2
    assert timedelta(minutes=4) < shop.clock() - before < timedelta(minutes=5)
    assert [event.destination for event in shop.events if isinstance(event, Waiting)] == ["instagram"]


def test_a_run_waits_for_a_pause_but_not_for_an_account_that_rests(
    shop: Shop, mirror: RemoteMirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits holds the lock: new files would wait with it, and other runs of cron would complain."""
    pictures(shop, 2)
    rest_until = shop.clock() + timedelta(minutes=5)

    def silent(_: RemoteMirror) -> str | None:
        raise TryAgain("no answer in 60 s", rest_until=rest_until)

    with monkeypatch.context() as patched:
        patched.setattr(RemoteMirror, "blocked", silent)
        shop.run(FAST)
    shop.events.clear()
    assert shop.run(FAST).published == 0
    assert told(shop, Waiting) == []
    assert [event.until for event in shop.events if isinstance(event, Held)] == [rest_until]
    shop.clock.moment = rest_until
    assert shop.run(FAST).published == 2


def test_quiet_hours_of_an_account_hold_only_what_is_published(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 1)
    summary = shop.run("accounts.shop.pace.quiet_hours=17:00-19:00")
    assert (summary.offered, summary.published, summary.held) == (1, 0, 1)
    assert mirror.touched == []
    shop.clock.advance(hours=1)
    assert shop.run("accounts.shop.pace.quiet_hours=17:00-19:00").published == 1


def test_an_answer_is_heard_while_a_turn_is_waited_for(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 2)
    second = 4
    shop.while_waiting = lambda: drop(shop.state, Answer("skip", second, shop.clock()))
    assert shop.run().published == 1
    assert of(shop, State.SKIPPED) == ["1.jpg"]


def test_a_signal_ends_the_waiting_and_nothing_is_lost(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 2)
    shop.while_waiting = lambda: os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Interrupted):
        shop.run()
    assert (of(shop, State.PUBLISHED), of(shop, State.PLANNED)) == (["0.jpg"], ["1.jpg"])
    shop.clock.advance(minutes=5)
    assert shop.run().published == 1


def test_a_run_out_of_time_publishes_nothing_and_waits_for_nothing(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 2)
    assert shop.run(max_runtime_s=30.0).published == 1
    assert told(shop, Waiting) == []
    shop.clock.advance(minutes=5)
    mirror.touched.clear()
    assert shop.run(max_runtime_s=0.0).published == 0
    assert mirror.touched == []


def test_only_what_is_wanted_is_published(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 1)
    assert shop.run(FAST, not_to=frozenset({"instagram"})).offered == 1
    assert mirror.touched == []
    summary = shop.run(FAST, only=frozenset({"instagram"}))
    assert (summary.published, summary.offered) == (1, 0)


def test_a_limit_of_stories_counts_for_both_ways(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 3)
    summary = shop.run(FAST, limit=1)
    assert (summary.offered, summary.published) == (1, 1)


def test_a_plan_asks_no_server_and_tells_what_holds_the_account(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 6)
    shop.run(MINUTES)
    mirror.touched.clear()
    (hold,) = shop.plan(MINUTES).holds
    assert (hold.destination, hold.reason) == ("instagram", "4 stories in an hour")
    assert mirror.touched == []


def test_a_dead_session_parks_what_is_due_and_is_told_once(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 3)
    mirror.session_is_dead = True
    summary = shop.run(FAST)
    assert (summary.offered, summary.exit_code, summary.stopped) == (3, 4, ("instagram",))
    assert [event.deliveries for event in shop.events if isinstance(event, Stopped)] == [3]
    assert of(shop, State.PARKED) == ["0.jpg", "1.jpg", "2.jpg"]
    mirror.touched.clear()
    shop.picture("new.jpg", 7)
    later = shop.run(FAST)
    assert (later.exit_code, later.needs_person, later.stopped) == (0, 4, ("instagram",))
    assert (told(shop, Stopped), mirror.touched) == ([], [])
    assert of(shop, State.PARKED) == ["0.jpg", "1.jpg", "2.jpg", "new.jpg"]


def test_a_login_frees_what_was_parked_with_the_account(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 2)
    mirror.session_is_dead = True
    shop.run(FAST)
    mirror.session_is_dead = False
    with exclusive(shop.state), open_ledger(shop.state, shop.clock) as ledger:
        assert ledger.release("instagram") == 2
    assert shop.run(FAST).published == 2


def test_a_login_while_a_run_works_is_heard_by_the_next(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 1)
    mirror.session_is_dead = True
    shop.run(FAST)
    mirror.session_is_dead = False
    drop(shop.state, Answer("release", 0, shop.clock(), destination="instagram"))
    assert shop.run(FAST).published == 1


def test_trying_one_again_tries_its_account_again(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 2)
    mirror.session_is_dead = True
    shop.run(FAST)
    mirror.session_is_dead = False
    (parked, *_) = [row for row in shop.deliveries() if row.state is State.PARKED]
    answer(shop.settings(FAST), [Answer("retry", parked.id, shop.clock())])
    assert shop.run(FAST).published == 2


def test_an_account_that_was_asked_to_rest_rests(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 2)
    mirror.remote.rates = Rates(blocked=1.0)
    assert shop.run(FAST).exit_code == 3
    mirror.remote.rates = Rates()
    mirror.touched.clear()
    assert (shop.run(FAST).held, mirror.touched) == (2, [])
    (held,) = [event for event in shop.events if isinstance(event, Held)]
    assert held.reason == "the account rests: please wait"
    shop.clock.advance(hours=3)
    assert shop.run(FAST).published == 2


def test_a_story_in_doubt_is_looked_for_and_found(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 1)
    mirror.remote.rates = LOSES_ANSWERS
    first = shop.run(FAST)
    assert (first.exit_code, first.doubtful, first.needs_person) == (3, 1, 0)
    assert (shop.run(FAST).exit_code, told(shop, Looked)) == (0, [])
    shop.clock.advance(minutes=15)
    second = shop.run(FAST)
    assert (second.settled, second.doubtful, second.exit_code) == (1, 0, 0)
    (row,) = [row for row in shop.deliveries() if row.destination == "instagram"]
    assert (row.state, row.external_id) == (State.PUBLISHED, mirror.remote.posts[0].pk)
    assert len(mirror.remote.posts) == 1


def test_nothing_is_published_while_a_doubt_may_settle_itself(shop: Shop, mirror: RemoteMirror) -> None:
    pictures(shop, 2)
    mirror.remote.rates = LOSES_ANSWERS
    assert shop.run(FAST).held == 1
    (held,) = [event for event in shop.events if isinstance(event, Held)]
    assert "is in doubt" in held.reason
    mirror.remote.rates = Rates()
    shop.clock.advance(minutes=16)
    assert (shop.run(FAST).published, len(mirror.remote.posts)) == (1, 2)


def test_a_story_that_never_arrived_is_published_once_more_after_two_looks(
    shop: Shop, mirror: RemoteMirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(shop, 1)
    ask = RemoteMirror._ask
    monkeypatch.setattr(RemoteMirror, "_ask", lambda *_: None)
    mirror.remote.rates = LOSES_REQUESTS
    assert shop.run(FAST).doubtful == 1
    monkeypatch.setattr(RemoteMirror, "_ask", ask)
    mirror.remote.rates = Rates()
    shop.clock.advance(minutes=16)
    assert (shop.run(FAST).published, len(mirror.remote.posts)) == (0, 0)
    shop.clock.advance(minutes=16)
    assert (shop.run(FAST).published, len(mirror.remote.posts)) == (1, 1)


def test_a_look_that_fails_changes_nothing(
    shop: Shop, mirror: RemoteMirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(shop, 1)
    mirror.remote.rates = LOSES_ANSWERS
    shop.run(FAST)
    before = shop.deliveries()
    shop.clock.advance(minutes=16)

    def fail(*_: object) -> None:
        raise TryAgain("no network")

    look = RemoteMirror.look
    monkeypatch.setattr(RemoteMirror, "look", fail)
    assert (shop.run(FAST).exit_code, shop.deliveries()) == (0, before)
    (looked,) = [event for event in shop.events if isinstance(event, Looked)]
    assert looked.reason == "it couldn't be looked for: no network"
    monkeypatch.setattr(RemoteMirror, "look", look)
    assert shop.run(FAST).settled == 1


def test_what_looking_cannot_tell_is_told_once_and_stays_for_the_person(
    shop: Shop, mirror: RemoteMirror
) -> None:
    pictures(shop, 1)
    mirror.remote.rates = Rates(answer_lost=1.0, unseen_picture=1.0)
    shop.run(FAST)
    codes = []
    for _ in range(4):
        shop.clock.advance(minutes=16)
        codes.append(shop.run(FAST).exit_code)
    assert codes == [0, 4, 0, 0]
    assert shop.run(FAST).needs_person == 1
    assert mirror.touched.count("look") == 2


def test_a_part_in_doubt_holds_up_those_after_it(shop: Shop, mirror: RemoteMirror) -> None:
    small = "platforms.instagram_story.canvas={width: 270, height: 480}"
    short = "platforms.instagram_story.video={max_seconds: 2, min_seconds: 1}"
    shop.inbox.mkdir()
    save_clip(shop.inbox / "clip.mp4", Clip(seconds=3, fps=10, sound=False))
    mirror.remote.rates = LOSES_ANSWERS
    wanted = frozenset({"instagram"})
    shop.run(small, short, FAST, only=wanted)
    assert [(row.part, row.state) for row in shop.deliveries() if row.destination == "instagram"] == [
        (1, State.UNKNOWN),
        (2, State.PLANNED),
    ]
    mirror.remote.rates = Rates()
    shop.clock.advance(minutes=16)
    assert shop.run(small, short, FAST, only=wanted).published == 1
    assert [post.kind for post in mirror.remote.posts] == ["video", "video"]


def test_a_damaged_file_is_not_published_but_made_anew(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("wide.jpg", 1, (400, 300))
    pace = "accounts.shop.pace.spacing_seconds=[60, 60]"
    shop.picture("wider.jpg", 2, (500, 300))

    def damage() -> None:
        for file in (shop.state / "store").glob("*.jpg"):
            content = bytearray(file.read_bytes())
            content[-3] ^= 0xFF
            file.write_bytes(content)

    shop.while_waiting = damage
    first = shop.run(pace)
    assert (first.published, first.postponed, len(mirror.remote.posts)) == (1, 1, 1)
    shop.clock.advance(minutes=5)
    assert (shop.run(pace).published, len(mirror.remote.posts)) == (1, 2)


def test_what_a_killed_run_was_publishing_is_told_as_a_doubt(
    shop: Shop, mirror: RemoteMirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(shop, 1)

    def die(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(RemoteMirror, "_configure", die)
    with pytest.raises(KeyboardInterrupt):
        shop.run(FAST)
    assert of(shop, State.ARMED) == ["0.jpg"]
    summary = shop.run(FAST)
    assert (summary.exit_code, summary.doubtful) == (3, 1)
    assert of(shop, State.UNKNOWN) == ["0.jpg"]


def test_a_destination_without_a_mirror_is_left_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.run.course, "mirrors", lambda *_: {})
    pictures(shop, 1)
    summary = shop.run(FAST)
    assert (summary.offered, summary.published, summary.planned, summary.exit_code) == (1, 0, 1, 0)


def test_an_account_that_nobody_is_logged_in_to_stops_alone(shop: Shop) -> None:
    pictures(shop, 1)
    summary = shop.run(FAST)
    assert (summary.offered, summary.published, summary.exit_code) == (1, 0, 4)
    assert of(shop, State.PARKED) == ["0.jpg"]

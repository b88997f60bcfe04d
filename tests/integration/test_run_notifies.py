"""Runs that tell the person: one message for all that is ready, gentle repeats, silence at night."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from fakes.notifier import TOKEN, Notifier, notifier
from fakes.remote import RemoteMirror
from fakes.shop import BOTH, Shop

from pipeline.errors import LockedError
from pipeline.ledger import snapshot
from pipeline.ledger.answers import Answer, Verb
from pipeline.model import State
from pipeline.notify import send
from pipeline.report.events import Notified, Summary, Unheard
from pipeline.run import answer

PLACE = "notify.urls={env: TELL_ME}"
FAST = "accounts.shop.pace={stories_per_day: 90, stories_per_hour: 90, spacing_seconds: [1, 2]}"
Tell = Callable[..., Summary]


@pytest.fixture
def post() -> Iterator[Notifier]:
    with notifier() as service:
        yield service


@pytest.fixture
def tell(shop: Shop, post: Notifier, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """A run of a shop whose owner is told through the service."""
    monkeypatch.setenv("TELL_ME", post.json)
    return partial(shop.run, PLACE)


def unheard(shop: Shop) -> list[str]:
    return [f"{event.address}: {event.reason}" for event in shop.events if isinstance(event, Unheard)]


def confirm(shop: Shop, *numbers: int) -> None:
    answer(shop.settings(), [Answer("confirm", number, shop.clock()) for number in numbers])


def pass_hours(shop: Shop, tell: Tell, hours: float) -> None:
    """Cron calls a run every half an hour."""
    for _ in range(round(hours * 2)):
        shop.clock.advance(minutes=30)
        assert tell().exit_code == 0


def test_what_a_run_has_made_ready_is_told_once_in_one_message(
    shop: Shop, post: Notifier, tell: Tell
) -> None:
    shop.destinations = BOTH
    shop.picture("bread.jpg", 1)
    shop.picture("cake.jpg", 2)
    tell()
    tell()
    assert post.titles == ["4 stories ready for your Send"]
    assert post.last.splitlines() == [
        "bread.jpg to whatsapp, 24 h left",
        "bread.jpg to instagram, 24 h left",
        "cake.jpg to whatsapp, 24 h left",
        "cake.jpg to instagram, 24 h left",
    ]


def test_what_is_not_answered_is_told_again_until_it_expires(shop: Shop, post: Notifier, tell: Tell) -> None:
    shop.picture("bread.jpg")
    tell()
    told_after_h = []
    for hour in range(1, 26):
        before = len(post.heard)
        pass_hours(shop, tell, 1)
        told_after_h += [hour] * (len(post.heard) - before)
    assert told_after_h == [2, 6, 22]
    assert post.titles[1:] == ["1 story still waits for your Send"] * 3
    assert post.last == "bread.jpg to whatsapp, 119 min left"


def test_what_was_answered_is_not_told_again(shop: Shop, post: Notifier, tell: Tell) -> None:
    shop.picture("bread.jpg", 1)
    shop.picture("cake.jpg", 2)
    tell()
    confirm(shop, 1)
    pass_hours(shop, tell, 2)
    assert (post.titles[-1], post.last) == (
        "1 story still waits for your Send",
        "cake.jpg to whatsapp, 22 h left",
    )
    confirm(shop, 2)
    pass_hours(shop, tell, 5)
    assert len(post.heard) == 2


def test_new_stories_are_told_together_with_what_still_waits(shop: Shop, post: Notifier, tell: Tell) -> None:
    shop.picture("bread.jpg", 1)
    tell()
    pass_hours(shop, tell, 1.5)
    shop.picture("cake.jpg", 2)
    pass_hours(shop, tell, 1)
    assert post.titles[1:] == ["1 story ready for your Send, 1 more waits"]


def test_what_is_offered_anew_is_told_anew(shop: Shop, post: Notifier, tell: Tell) -> None:
    shop.picture("bread.jpg")
    tell()
    verbs: tuple[Verb, ...] = ("skip", "retry")
    for verb in verbs:
        answer(shop.settings(), [Answer(verb, 1, shop.clock())])
    tell()
    assert post.titles == ["1 story ready for your Send"] * 2


def test_quiet_hours_hold_the_message_until_they_end(shop: Shop, post: Notifier, tell: Tell) -> None:
    shop.picture("bread.jpg")
    tell("notify.quiet_hours=17:00-21:00")
    assert post.heard == []
    shop.clock.advance(hours=3)
    tell("notify.quiet_hours=17:00-21:00")
    assert post.titles == ["1 story ready for your Send"]


def test_nobody_is_told_of_stories_who_wants_reminders_only(shop: Shop, post: Notifier, tell: Tell) -> None:
    shop.picture("bread.jpg")
    tell("notify.ready=false")
    assert post.heard == []
    shop.clock.advance(hours=2)
    tell("notify.ready=false", "notify.remind_hours=[1]")
    assert len(post.heard) == 1


def test_a_dead_session_is_told_once(shop: Shop, post: Notifier, tell: Tell, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg")
    mirror.session_is_dead = True
    assert tell(FAST).exit_code == 4
    assert tell(FAST).exit_code == 0
    assert post.titles == ["1 story ready for your Send; something else needs you"]
    assert post.last.splitlines()[1].startswith("instagram is stopped: ")
    assert post.last.endswith("Next: storyrelay session login shop")


@dataclass(slots=True)
class Trouble:
    """What can be broken, and everything that is said about it."""

    post: Notifier
    patch: pytest.MonkeyPatch
    printed: pytest.CaptureFixture[str]
    logged: pytest.LogCaptureFixture

    def gives_away(self, said: str) -> list[str]:
        """What of all that was said tells where the messages go."""
        told = (*self.printed.readouterr(), self.logged.text, said)
        return [text for text in told if TOKEN in text or str(self.post.port) in text]


@pytest.fixture
def trouble(
    post: Notifier,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Trouble:
    caplog.set_level(logging.NOTSET)
    return Trouble(post, monkeypatch, capfd, caplog)


def refused(trouble: Trouble) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    trouble.patch.setenv("TELL_ME", trouble.post.json.replace(str(trouble.post.port), str(port)))


def failing(trouble: Trouble) -> None:
    trouble.post.status = 500


def hanging(trouble: Trouble) -> None:
    trouble.post.hangs = True
    trouble.patch.setattr("pipeline.run.reminding.send", partial(send, patience_s=0.3))


def unknown(trouble: Trouble) -> None:
    trouble.patch.setenv("TELL_ME", f"nosuch://{TOKEN}")


def unset(trouble: Trouble) -> None:
    trouble.patch.delenv("TELL_ME")


def not_installed(trouble: Trouble) -> None:
    trouble.patch.setitem(sys.modules, "apprise", None)


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (refused, "didn't take it, or can't be reached"),
        (failing, "notify.urls[0] (JSON): didn't take it"),
        (hanging, "notify.urls[0] (JSON): no answer within 0.3 s"),
        (unknown, "notify.urls[0]: isn't an address that Apprise understands"),
        (unset, "notify.urls[0]: the environment variable TELL_ME isn't set"),
        (not_installed, '-m pip install "apprise'),
    ],
)
def test_a_dead_notifier_is_only_a_warning_told_once(
    shop: Shop, tell: Tell, trouble: Trouble, break_it: Callable[[Trouble], None], said: str
) -> None:
    break_it(trouble)
    shop.picture("bread.jpg")
    summary = tell()
    assert (summary.offered, summary.exit_code) == (1, 0)
    (warning,) = unheard(shop)
    assert said in warning
    assert tell().exit_code == 0
    assert unheard(shop) == []
    assert trouble.gives_away(warning) == []
    assert "apprise" not in {record.name for record in trouble.logged.records}


def test_no_secret_is_in_anything_that_a_run_leaves_behind(shop: Shop, post: Notifier, tell: Tell) -> None:
    shop.picture("bread.jpg")
    tell()
    assert len(post.heard) == 1
    files = [path for path in shop.root.rglob("*") if path.is_file()]
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == []
    assert [event for event in shop.events if isinstance(event, Notified)] == [
        Notified("storyrelay: 1 story ready for your Send")
    ]


def test_one_of_two_addresses_may_fail(shop: Shop, post: Notifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELL_ME", post.json)
    word = shop.root / "address.txt"
    word.write_text("json://127.0.0.1:1/nobody\n")
    shop.picture("bread.jpg")
    shop.run(f"notify.urls=[{{file: {word}}}, {{env: TELL_ME}}]")
    assert post.titles == ["1 story ready for your Send"]
    assert unheard(shop) == ["notify.urls[0] (JSON): didn't take it, or can't be reached"]


def test_the_phone_fetches_no_picture_and_a_tap_leads_to_the_page(
    shop: Shop, post: Notifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELL_ME", post.ntfy)
    shop.picture("bread.jpg")
    shop.run(PLACE, "notify.link=https://my.example:8765")
    (heard,) = post.heard
    assert heard.headers["X-Click"] == "https://my.example:8765"
    assert not {"X-Icon", "X-Attach", "X-Actions"} & heard.headers.keys()
    assert b"https://my.example:8765" in heard.body
    assert b"github" not in heard.body
    assert TOKEN.encode() not in heard.body


def test_a_run_beside_one_that_is_telling_tells_nothing(
    shop: Shop, post: Notifier, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.picture("bread.jpg")
    locked = []

    def meanwhile(*given: object) -> object:
        with pytest.raises(LockedError):
            tell()
        locked.append(True)
        return send(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("pipeline.run.reminding.send", meanwhile)
    tell()
    assert (len(locked), post.titles) == (1, ["1 story ready for your Send"])


def test_a_run_that_has_nothing_to_tell_asks_the_ledger_by_its_index(shop: Shop, tell: Tell) -> None:
    shop.picture("bread.jpg")
    tell()
    with snapshot(shop.state) as ledger:
        asked: list[str] = []
        ledger._db.set_trace_callback(asked.append)
        ledger.history_of_those_in({State.OFFERED})
        ledger._db.set_trace_callback(None)
        steps = [row["detail"] for row in ledger._db.execute(f"EXPLAIN QUERY PLAN {asked[0]}")]
    assert any("INDEX open_deliveries" in step for step in steps)
    assert not any(step.startswith("SCAN") for step in steps)


def test_names_that_are_no_text_can_be_told(shop: Shop, post: Notifier, tell: Tell) -> None:
    picture = shop.picture("bread.jpg")
    picture.rename(Path(str(picture).replace("bread", "caf\udce9")))
    tell()
    assert post.last == "caf\\udce9.jpg to whatsapp, 24 h left"

"""What goes wrong on the way to the phone: each has its reason, nothing is lost, and it is offered again."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.android.device import StandIn
from fakes.android.line import Line, Notes
from fakes.shop import Shop
from fakes.stories import parcel, rendition

from pipeline.errors import TryAgain
from pipeline.ledger.answers import Answer
from pipeline.model import Rendition, State
from pipeline.report.events import Blocked, Delivered
from pipeline.run import answer

Trouble = Callable[[Line, StandIn], None]


@pytest.fixture
def made(tmp_path: Path) -> Rendition:
    return rendition(tmp_path / "store", b"a photo" * 1000)


def unauthorized(line: Line, phone: StandIn) -> None:
    phone.faults.unauthorized = True
    line.unplug(phone)
    line.plug(phone)


def offline(line: Line, phone: StandIn) -> None:
    phone.vanish()
    line.until("offline", phone)


def unplugged(line: Line, phone: StandIn) -> None:
    phone.vanish()
    line.unplug(phone)


def full(line: Line, phone: StandIn) -> None:
    phone.tell("free", "24413 4096")


def without_whatsapp(line: Line, phone: StandIn) -> None:
    phone.uninstall("com.whatsapp")


def starting(line: Line, phone: StandIn) -> None:
    phone.tell("pm", "Error: Could not access the Package Manager.  Is the system running?")


BEFORE: dict[str, tuple[Trouble, str]] = {
    "unauthorized": (unauthorized, "hasn't allowed this computer. Next: unlock it and accept \"Allow USB"),
    "offline": (offline, "is offline. Next: reconnect its cable"),
    "away": (unplugged, "isn't connected (but: none). Next: connect it"),
    "full": (full, "has only 99 MB free. Next: make room"),
    "starting up": (starting, "isn't ready: Error: Could not access the Package Manager"),
    "no WhatsApp": (without_whatsapp, "com.whatsapp isn't installed on the phone"),
}


@pytest.mark.parametrize(("trouble", "told"), BEFORE.values(), ids=BEFORE)
def test_a_phone_that_cannot_take_a_story_says_why(
    line: Line, made: Rendition, trouble: Trouble, told: str
) -> None:
    phone = line.phone()
    channel = line.channel() if trouble is unplugged else line.channel(serial=None)
    trouble(line, phone)
    reason = channel.blocked() or ""
    assert told in reason
    assert "Next:" in reason
    with pytest.raises(TryAgain) as failure:
        channel.deliver(parcel(made), Notes())
    assert str(failure.value) == reason
    assert (phone.files(), phone.opened(), list(channel.shelf.all())) == ([], [], [])


def test_two_phones_are_one_too_many_until_one_is_chosen(line: Line, made: Rendition) -> None:
    first, second = line.phone(), line.phone()
    channel = line.channel(serial=None)
    reason = channel.blocked() or ""
    assert reason.startswith("2 phones are connected (")
    assert reason.endswith("Next: set `phone.serial` to one")
    assert {first.serial, second.serial} == set(reason.partition("(")[2].partition(")")[0].split(", "))
    line.channel(serial=second.serial).deliver(parcel(made), Notes())
    assert (len(first.opened()), len(second.opened())) == (0, 1)


def test_no_phone_at_all_says_what_to_do(line: Line) -> None:
    assert (line.channel().blocked() or "").startswith("no phone is connected. Next: a USB cable")


def test_a_phone_in_trouble_beside_a_good_one_is_passed_over(line: Line, made: Rendition) -> None:
    bad, good = line.phone(), line.phone()
    unauthorized(line, bad)
    line.channel(serial=None).deliver(parcel(made), Notes())
    assert len(good.opened()) == 1


def test_a_phone_that_cannot_tell_its_room_is_given_the_benefit_of_the_doubt(
    line: Line, made: Rendition
) -> None:
    phone = line.phone()
    phone.tell("free", "stat: Unknown option 'f'")
    line.channel().deliver(parcel(made), Notes())
    assert len(phone.opened()) == 1


def drops_at(place: bytes) -> Trouble:
    def trouble(line: Line, phone: StandIn) -> None:
        phone.faults.drop_at = place

    return trouble


def hangs_at(place: bytes) -> Trouble:
    def trouble(line: Line, phone: StandIn) -> None:
        phone.faults.hang_at = place

    return trouble


def push_is(how: str) -> Trouble:
    def trouble(line: Line, phone: StandIn) -> None:
        phone.faults.push = "full" if how == "full" else "empty"

    return trouble


def am_says(text: str) -> Trouble:
    def trouble(line: Line, phone: StandIn) -> None:
        phone.tell("am", text)

    return trouble


MEANWHILE: dict[str, tuple[Trouble, str]] = {
    "dropped while asked": (drops_at(b"getprop"), "broke off"),
    "dropped in a push": (drops_at(b"sync:"), "took no file"),
    "dropped in a scan": (drops_at(b"scan_file"), "broke off"),
    "dropped in am": (drops_at(b"am start"), "broke off"),
    "hung while asked": (hangs_at(b"getprop"), "adb gave no answer within 3 s"),
    "hung in a push": (hangs_at(b"sync:"), "adb gave no answer within 4 s"),
    "hung in a scan": (hangs_at(b"scan_file"), "adb gave no answer within 3 s"),
    "hung in am": (hangs_at(b"am start"), "adb gave no answer within 3 s"),
    "full in a push": (push_is("full"), "is full. Next: make room on it"),
    "an empty copy": (push_is("empty"), "isn't whole: 0 of 7000 bytes arrived"),
    "am without the app": (
        am_says("Error: Activity not started, unable to resolve Intent {}"),
        "Error: Activ",
    ),
    "am with a type": (am_says("Error type 3\nError: Activity class {} does not exist."), "Error type 3"),
    "am without rights": (am_says("java.lang.SecurityException: Permission Denial"), "SecurityException"),
    "am on a locked screen": (
        am_says("Status: timeout\nComplete"),
        "Status: timeout (is the screen locked?)",
    ),
    "am that says nothing": (am_says(""), "it said nothing about its status"),
}


@pytest.mark.parametrize(("trouble", "told"), MEANWHILE.values(), ids=MEANWHILE)
def test_what_goes_wrong_on_the_way_is_told_and_done_again_later(
    line: Line, made: Rendition, trouble: Trouble, told: str
) -> None:
    phone = line.phone()
    trouble(line, phone)
    hung = phone.faults.hang_at is not None
    channel = line.channel(answer_seconds=3.0, push_seconds=4.0) if hung else line.channel()
    with pytest.raises(TryAgain) as failure:
        channel.deliver(parcel(made, 7), Notes())
    assert told in str(failure.value)
    assert "Next:" in str(failure.value)

    phone.faults.hang_at = phone.faults.push = None
    phone.tell("am", None)
    again = line.channel()
    again.keep_only(())
    assert (phone.files(), phone.rows(), list(channel.shelf.all())) == ([], [], [])
    opened = len(phone.opened())
    again.deliver(parcel(made, 7), Notes())
    assert len(phone.opened()) == opened + 1
    assert [phone.content_of(words[words.index("-d") + 1]) for words in phone.opened()[opened:]] == [
        made.path.read_bytes()
    ]


def children(name: str) -> Iterator[int]:
    """Processes of ours whose command has a word."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == os.getpid() and name.encode() in words and words[0].endswith(b"adb"):
            yield int(place.name)


def kill_soon(find: Callable[[], Iterator[int]]) -> threading.Thread:
    def kill() -> None:
        for _ in range(200):
            for pid in find():
                os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.02)

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


@pytest.mark.parametrize("step", ["push", "shell"])
def test_an_adb_killed_at_its_work_harms_nothing(line: Line, made: Rendition, step: str) -> None:
    phone, channel = line.phone(), line.channel()
    place = {"push": b"sync:", "shell": b"am start"}[step]
    phone.faults.hang_at = place
    killer = kill_soon(lambda: children(step) if place in b"".join(phone.commands) else iter(()))
    with pytest.raises(TryAgain, match="Next:"):
        channel.deliver(parcel(made), Notes())
    killer.join()
    phone.faults.hang_at = None
    channel.keep_only(())
    channel.deliver(parcel(made), Notes())
    assert (len(phone.files()), len(phone.rows())) == (1, 1)


def shop_with(line: Line, shop: Shop, channels: str) -> tuple[Shop, str]:
    shop.destinations = f"{{whatsapp: {{platform: whatsapp_status, channels: {channels}}}}}"
    shop.picture("a.jpg", 1)
    return shop, f"phone={{serial: '{line.phones[0].serial}', appear_seconds: 0}}"


def test_a_run_whose_phone_is_away_offers_it_as_soon_as_the_phone_is_there(line: Line, shop: Shop) -> None:
    phone = line.phone(plugged=False)
    phone.vanish()
    shop, chosen = shop_with(line, shop, "[intent]")
    first = shop.run(chosen)
    assert (first.offered, first.planned, first.exit_code) == (0, 1, 3)
    (blocked,) = [event for event in shop.events if isinstance(event, Blocked)]
    assert "isn't connected" in blocked.reason
    phone.come_back()
    assert shop.run(chosen).offered == 1
    assert len(phone.opened()) == 1
    assert shop.run(chosen).offered == 0
    assert len(phone.opened()) == 1


def test_a_run_takes_the_next_channel_where_the_phone_is_away(line: Line, shop: Shop) -> None:
    line.phone(plugged=False).vanish()
    shop, chosen = shop_with(line, shop, "[intent, folder]")
    assert shop.run(chosen).offered == 1
    assert shop.media() == ["0001-a.jpg"]


def test_the_second_story_takes_the_next_channel_while_the_first_stands_in_whatsapp(
    line: Line, shop: Shop
) -> None:
    phone = line.phone()
    shop, chosen = shop_with(line, shop, "[intent, folder]")
    shop.picture("b.jpg", 2)
    assert shop.run(chosen).offered == 2
    assert (len(phone.opened()), shop.media()) == (1, ["0002-b.jpg"])
    told = [event.where for event in shop.events if isinstance(event, Delivered)]
    assert told[0] == f"WhatsApp on the phone {phone.serial}"


def test_with_the_phone_alone_the_second_story_waits_until_the_first_is_answered(
    line: Line, shop: Shop
) -> None:
    phone = line.phone()
    shop, chosen = shop_with(line, shop, "[intent]")
    shop.picture("b.jpg", 2)
    assert shop.run(chosen).offered == 1
    assert shop.run(chosen).offered == 0
    answer(shop.settings(chosen), [Answer("confirm", 1, shop.clock())])
    assert phone.files() == []
    shop.clock.advance(minutes=5)
    assert shop.run(chosen).offered == 1
    assert sorted(shop.states().values()) == [State.CONFIRMED, State.OFFERED]
    assert len(phone.opened()) == 2


def test_what_expires_leaves_the_phone(line: Line, shop: Shop) -> None:
    phone = line.phone()
    shop, chosen = shop_with(line, shop, "[intent]")
    shop.run(chosen)
    assert len(phone.files()) == 1
    shop.clock.advance(hours=25)
    assert shop.run(chosen).expired == 1
    assert (phone.files(), phone.rows()) == ([], [])


def test_a_channel_that_is_chosen_no_more_still_takes_its_files_away(line: Line, shop: Shop) -> None:
    phone = line.phone()
    shop, chosen = shop_with(line, shop, "[intent]")
    shop.run(chosen)
    shop, chosen = shop_with(line, shop, "[folder]")
    answer(shop.settings(chosen), [Answer("confirm", 1, shop.clock())])
    assert phone.files() == []


def test_a_caption_stays_out_of_every_reason(line: Line, made: Rendition) -> None:
    line.phone().faults.drop_at = b"am start"
    with pytest.raises(TryAgain) as failure:
        line.channel().deliver(parcel(made), Notes())
    assert "Fresh bread" not in str(failure.value)

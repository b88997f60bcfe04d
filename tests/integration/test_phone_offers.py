"""From a rendition to WhatsApp's composer, through the real adb."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.android.allowed import unexpected
from fakes.android.device import StandIn
from fakes.android.line import Line, Notes
from fakes.clock import FakeClock
from fakes.stories import parcel, rendition

from pipeline.destination import Offered
from pipeline.errors import TryAgain
from pipeline.handoff.handset import take_away
from pipeline.handoff.intents import TEXT, am_start, send, share_to_status
from pipeline.handoff.shelf import Laid
from pipeline.model import Rendition, Texts
from pipeline.tools.adb import run_adb
from pipeline.tools.adb_phone import Phone

QUICK_S = 1.0
ADB_ALONE_S = 0.06
"""What one call of adb takes on a machine that does nothing else (measured 2026-11, 2 cores)."""


@pytest.fixture
def made(tmp_path: Path) -> Rendition:
    return rendition(tmp_path / "store", b"a photo" * 1000)


def text_of(call: list[str]) -> str:
    return call[call.index(TEXT) + 1]


def test_a_story_opens_in_whatsapp_with_its_file_and_its_caption(line: Line, made: Rendition) -> None:
    phone, notes = line.phone(), Notes()
    receipt = line.channel().deliver(parcel(made, 12), notes)
    assert receipt == Offered(f"WhatsApp on the phone {phone.serial}")
    (call,) = phone.opened()
    uri = call[call.index("-d") + 1]
    assert call == list(am_start(send(uri, "image/jpeg", Texts("Fresh bread"), "com.whatsapp")))
    assert phone.content_of(uri) == made.path.read_bytes()
    (file,) = phone.files()
    assert file.startswith("/sdcard/Pictures/storyrelay/storyrelay-12-")
    assert file.isascii()
    assert notes.steps == [("on the phone", {"channel": "intent", "on_phone": file, "uri": uri})]


def test_a_video_goes_among_the_movies(line: Line, tmp_path: Path) -> None:
    phone = line.phone()
    made = rendition(tmp_path / "store", mime="video/mp4", duration_s=3.0)
    line.channel(folder="my-stories").deliver(parcel(made), Notes())
    assert phone.files()[0].startswith("/sdcard/Movies/my-stories/")
    assert "content://media/external/video/media/1001" in phone.opened()[0]


def test_share_to_status_opens_without_a_caption(line: Line, made: Rendition) -> None:
    phone = line.phone()
    receipt = line.channel("status").deliver(parcel(made), Notes())
    assert receipt.where == f"WhatsApp on the phone {phone.serial}, without its caption"
    uri = "content://media/external/images/media/1001"
    assert phone.opened() == [list(am_start(share_to_status(uri)))]


def test_whatsapp_business_is_opened_where_that_is_chosen(line: Line, made: Rendition) -> None:
    phone = line.phone()
    phone.uninstall("com.whatsapp")
    line.channel(package="com.whatsapp.w4b").deliver(parcel(made), Notes())
    assert phone.opened()[0][-1] == "com.whatsapp.w4b"


def test_an_android_before_11_gets_a_broadcast(line: Line, made: Rendition) -> None:
    phone = line.phone()
    phone.set_prop("ro.build.version.sdk", "29")
    channel = line.channel()
    channel.deliver(parcel(made), Notes())
    assert not [call for call in phone.calls() if call[:2] == ["content", "call"]]
    channel.keep_only(())
    assert (phone.files(), phone.rows()) == ([], [])


def test_a_phone_with_the_first_shell_protocol_takes_it_too(line: Line, made: Rendition) -> None:
    phone = line.phone(features=())
    line.channel().deliver(parcel(made, texts=Texts("two\nlines")), Notes())
    assert text_of(phone.opened()[0]) == "two\nlines"


def test_a_gallery_that_is_late_is_waited_for(line: Line, made: Rendition) -> None:
    phone = line.phone()
    phone.index_late(3)
    line.channel(index_seconds=20.0).deliver(parcel(made), Notes())
    assert len([call for call in phone.calls() if call[:2] == ["content", "query"]]) == 4
    assert len(phone.opened()) == 1


def test_a_gallery_that_never_finds_the_file_is_told(line: Line, made: Rendition) -> None:
    phone = line.phone()
    phone.tell("scan", "Result: null")
    with pytest.raises(TryAgain, match=r"gallery didn't take the file .*Result: null.* Next:"):
        line.channel(index_seconds=0.3).deliver(parcel(made), Notes())
    assert (phone.opened(), phone.files()) == ([], [])


def best_of(times: int, act: Callable[[], object]) -> float:
    """The shortest of several turns, in seconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def test_a_story_is_open_within_a_second(line: Line, made: Rendition) -> None:
    phone, channel, notes = line.phone(), line.channel(), Notes()
    numbers = itertools.count(1)

    def offer() -> None:
        channel.keep_only(())
        phone.commands.clear()
        begun = time.perf_counter()
        channel.deliver(parcel(made, next(numbers)), notes)
        taken.append(time.perf_counter() - begun)

    taken: list[float] = []
    for _ in range(3):
        offer()
    assert len(phone.commands) == len(["facts", "push", "size, scan and row", "am"])
    crowded = max(1.0, best_of(3, lambda: run_adb(["version"], 20.0)) / ADB_ALONE_S)
    assert min(taken) < QUICK_S * crowded, (taken, crowded)


def test_one_story_stands_in_the_composer_and_the_next_waits_for_its_answer(
    line: Line, made: Rendition
) -> None:
    phone, channel = line.phone(), line.channel()
    channel.deliver(parcel(made, 1), Notes())
    assert "storyrelay confirm 1" in (channel.blocked() or "")
    with pytest.raises(TryAgain, match="delivery 1 stands in WhatsApp"):
        channel.deliver(parcel(made, 2), Notes())
    other = line.channel("status", name="elsewhere")
    assert "delivery 1 stands" in (other.blocked() or "")
    channel.keep_only({1})
    assert channel.blocked()
    channel.keep_only(())
    assert other.blocked() is None
    channel.deliver(parcel(made, 2), Notes())
    assert len(phone.opened()) == 2


def test_what_is_answered_leaves_the_phone_with_its_row_in_the_gallery(line: Line, made: Rendition) -> None:
    phone, channel = line.phone(), line.channel()
    theirs = phone.root / "sdcard/Pictures/storyrelay/mine.jpg"
    channel.deliver(parcel(made, 1), Notes())
    theirs.touch()
    channel.keep_only({1})
    assert (len(phone.files()), len(phone.rows())) == (2, 1)
    channel.keep_only(())
    assert (phone.files(), phone.rows()) == (["/sdcard/Pictures/storyrelay/mine.jpg"], [])
    assert list(channel.shelf.all()) == []


def test_whatsapp_may_still_be_sending_what_was_just_answered(line: Line, made: Rendition) -> None:
    phone, clock = line.phone(), FakeClock()
    channel = line.channel(clock=clock, keep_minutes=10.0)
    channel.deliver(parcel(made, 1), Notes())
    channel.keep_only(())
    assert (len(phone.files()), channel.ahead()) == (1, None)
    clock.advance(minutes=9)
    channel.keep_only(())
    assert len(phone.files()) == 1
    clock.advance(minutes=1)
    channel.keep_only(())
    assert (phone.files(), list(channel.shelf.all())) == ([], [])


def test_a_file_that_is_only_removed_leaves_a_ghost_in_the_stand_in_too(line: Line, made: Rendition) -> None:
    phone = line.phone()
    line.channel().deliver(parcel(made), Notes())
    line.by_hand(phone, "shell", f"rm {phone.files()[0]}")
    assert (len(phone.files()), len(phone.rows())) == (0, 1)


def test_a_phone_that_is_away_is_tidied_when_it_is_back(line: Line, made: Rendition) -> None:
    phone, channel = line.phone(), line.channel()
    channel.deliver(parcel(made, 1), Notes())
    phone.vanish()
    channel.keep_only(())
    assert len(phone.files()) == 1
    phone.come_back()
    channel.keep_only(())
    assert (phone.files(), phone.rows()) == ([], [])


def test_a_phone_in_the_network_is_dialled(line: Line, made: Rendition) -> None:
    phone = line.phone(plugged=False)
    assert line.channel().blocked() is None
    line.channel().deliver(parcel(made), Notes())
    assert len(phone.opened()) == 1


def test_a_phone_that_comes_back_at_another_address_is_tidied_too(line: Line, made: Rendition) -> None:
    phone, channel = line.phone(), line.channel()
    channel.deliver(parcel(made, 1), Notes())
    unplug_and_move(line, phone)
    channel.keep_only(())
    assert (phone.files(), phone.rows(), list(channel.shelf.all())) == ([], [], [])


def test_another_phone_at_the_same_address_is_left_alone(line: Line, made: Rendition) -> None:
    first, other = line.phone(), line.phone(plugged=False)
    channel = line.channel()
    channel.deliver(parcel(made, 1), Notes())
    unplug_and_move(line, first)
    line.unplug(first)
    (laid,) = channel.shelf.all()
    channel.shelf.put(replace(laid, serial=other.serial))
    channel.keep_only(())
    assert (len(first.files()), len(list(channel.shelf.all()))) == (1, 1)
    assert {call[0] for call in other.calls()} == {"getprop"}


def unplug_and_move(line: Line, phone: StandIn) -> None:
    """As wireless debugging does it: another port each time."""
    phone.vanish()
    line.unplug(phone)
    phone.port = 0
    phone.come_back()
    line.plug(phone)


@pytest.mark.parametrize(
    "path", ["/sdcard/DCIM/Camera/1.jpg", "/sdcard/Pictures/storyrelay/mine.jpg", "/sdcard/Pictures/a/../b"]
)
def test_nothing_but_our_own_files_can_be_taken_away(line: Line, path: str) -> None:
    phone, channel = line.phone(), line.channel()
    channel.shelf.put(Laid(1, "whatsapp", "intent", phone.serial, path))
    channel.keep_only(())
    assert phone.calls() == []
    with pytest.raises(ValueError, match="isn't ours"):
        take_away(Phone(phone.serial, 20.0), 34, [path])
    assert phone.calls() == []


FORBIDDEN = (
    *(
        "input tap 1 1",
        "sh -c 'monkey 1'",
        "am instrument x",
        "uiautomator dump",
        "sendevent x",
        "wm size 1x1",
    ),
    *("settings put secure enabled_accessibility_services x", "am start -a android.intent.action.VIEW"),
    *("rm -f /sdcard/Pictures/storyrelay/mine.jpg", "am start -W -a android.intent.action.CALL -d tel:1"),
)


@pytest.mark.parametrize("told", FORBIDDEN)
def test_whatever_else_a_phone_is_told_would_be_noticed(line: Line, told: str) -> None:
    phone = line.phone()
    before = len(phone.commands), 0
    line.server.call("-s", phone.serial, "shell", told)
    assert line.unexpected()
    phone.forget(*before)


def test_a_service_of_adb_that_we_do_not_need_would_be_noticed() -> None:
    for service in (b"reboot:", b"root:", b"tcpip:5555", b"reverse:forward:tcp:1;localabstract:x", b"exec:x"):
        assert list(unexpected([service], [])) == [service.decode()]

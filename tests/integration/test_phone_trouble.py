"""What goes wrong on the way to the phone: each has its reason, nothing is lost, and it is offered again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
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
from pipeline.tools import adb

BESIDE = (
    "{whatsapp: {platform: whatsapp_status, channels: [intent]},"
    " other: {platform: whatsapp_status, channels: [intent, folder]}}"
)
"""The phone alone, and the phone with the folder to fall back on."""
SLOW_S = 1.0


@pytest.fixture
def made(tmp_path: Path) -> Rendition:
    return rendition(tmp_path / "store", b"a photo" * 1000)


@dataclass(slots=True)
class Scene:
    """One phone of a shop, and what a test does to it."""

    line: Line
    shop: Shop
    patch: pytest.MonkeyPatch
    phone: StandIn
    serial: str | None
    chosen: dict[str, object] = field(default_factory=dict)

    def run(self) -> list[str]:
        """A run; the reasons why something wasn't offered."""
        phone = {"serial": self.serial, "appear_seconds": 0, "index_seconds": 0.3} | self.chosen
        self.shop.run(*(f"phone.{key}={value}" for key, value in phone.items() if value is not None))
        return [
            event.reason
            for event in self.shop.events
            if isinstance(event, Blocked | Delivered) and event.reason
        ]

    def unplugged(self) -> None:
        self.phone.vanish()
        self.line.unplug(self.phone)

    def back(self) -> None:
        self.phone.come_back()

    def unauthorized(self) -> None:
        self.phone.faults.unauthorized = True
        self.line.unplug(self.phone)
        self.line.plug(self.phone)

    def authorized(self) -> None:
        self.phone.faults.unauthorized = False
        self.line.unplug(self.phone)

    def another(self) -> None:
        self.serial = None
        self.line.phone()

    def chosen_again(self) -> None:
        self.serial = self.phone.serial

    def mistaken(self) -> None:
        self.serial = "R58M0"

    def adb_is(self, text: str | None) -> None:
        """Another program in adb's place, or none."""
        file = self.shop.root / "other-adb"
        if text:
            file.write_text(f"#!/bin/sh\n{text}\n")
            file.chmod(0o755)
        self.patch.setenv(adb.OVERRIDE, str(file))
        self.patch.setattr(adb, "QUICK_S", SLOW_S)

    def adb_again(self) -> None:
        self.patch.delenv(adb.OVERRIDE)

    def hangs(self, place: bytes) -> None:
        self.phone.faults.hang_at = place
        self.chosen = {"answer_seconds": SLOW_S, "push_seconds": SLOW_S}

    def well(self) -> None:
        """No fault any more."""
        self.phone.faults.hang_at = self.phone.faults.push = None
        self.chosen = {}
        for program in ("am", "scan", "free", "pm", "power", "window"):
            self.phone.tell(program, None)


@pytest.fixture
def scene(line: Line, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Scene:
    phone = line.phone()
    shop.destinations = BESIDE
    shop.picture("a.jpg")
    return Scene(line, shop, monkeypatch, phone, phone.serial)


Act = Callable[[Scene], None]


def tells(program: str, text: str) -> Act:
    return lambda scene: scene.phone.tell(program, text)


def pushes(how: str) -> Act:
    return lambda scene: setattr(scene.phone.faults, "push", how)


STARTING = "Error: Could not access the Package Manager.  Is the system running?"
KEYGUARD = "  mDreamingLockscreen=false\n    KeyguardServiceDelegate\n      showing=true"
TROUBLES: dict[str, tuple[Act, Act, str]] = {
    "unauthorized": (Scene.unauthorized, Scene.authorized, 'unlock it and accept "Allow USB debugging"'),
    "no phone": (Scene.unplugged, Scene.back, "isn't connected (but: none). Next: connect it"),
    "two phones": (Scene.another, Scene.chosen_again, "2 phones are connected ("),
    "wrong serial": (Scene.mistaken, Scene.chosen_again, "the phone R58M0 isn't connected (but: 127.0.0.1"),
    "full": (tells("free", "24413 4096"), Scene.well, "has only 99 MB free. Next: make room on it"),
    "full in a push": (pushes("full"), Scene.well, "is full. Next: make room on it"),
    "an empty copy": (pushes("empty"), Scene.well, "isn't whole: 0 of "),
    "starting up": (tells("pm", STARTING), Scene.well, "isn't ready: Error: Could not access"),
    "locked": (tells("window", KEYGUARD), Scene.well, "is locked. Next: unlock it"),
    "no scan": (tells("scan", "Result: null"), Scene.well, "gallery didn't take the file"),
    "am": (tells("am", "Error: Activity not started, unable to resolve"), Scene.well, "Error: Activity not"),
    "hung in am": (lambda scene: scene.hangs(b"am start"), Scene.well, "no answer within 1 s"),
    "no adb": (lambda scene: scene.adb_is(None), Scene.adb_again, "which is no program. Next: unset it"),
    "adb hangs": (lambda scene: scene.adb_is("exec sleep 60"), Scene.adb_again, "no answer within 1 s"),
}


@pytest.mark.parametrize(("break_it", "mend_it", "told"), TROUBLES.values(), ids=TROUBLES)
def test_a_story_that_cannot_get_to_the_phone_says_why_and_gets_there_later(
    scene: Scene, break_it: Act, mend_it: Act, told: str
) -> None:
    """The folder takes it where there is one; the phone alone is tried again."""
    shop, phone = scene.shop, scene.phone
    break_it(scene)
    reasons = scene.run()
    assert [told in reason for reason in reasons] == [True]
    assert "Next: " in reasons[0]
    assert shop.states() == {
        ("a.jpg", "whatsapp", 1): State.PLANNED,
        ("a.jpg", "other", 1): State.OFFERED,
    }
    assert len(shop.media("other")) == 1

    mend_it(scene)
    tried = len(phone.opened())
    shop.clock.advance(minutes=6)
    assert scene.run() == []
    assert set(shop.states().values()) == {State.OFFERED}
    (opened,) = phone.opened()[tried:]
    assert phone.content_of(opened[opened.index("-d") + 1]) == (shop.inbox / "a.jpg").read_bytes()
    assert (len(phone.files()), len(phone.rows())) == (1, 1)


def test_whatsapp_that_is_missing_is_told_by_its_name(scene: Scene) -> None:
    scene.phone.uninstall("com.whatsapp")
    (reason,) = scene.run()
    assert "com.whatsapp isn't installed on the phone" in reason
    assert "Next: install it, or set `phone.package`" in reason
    scene.chosen = {"package": "com.whatsapp.w4b"}
    assert scene.run() == []
    assert scene.phone.opened()[0][-1] == "com.whatsapp.w4b"


def test_a_line_that_drops_at_any_command_costs_one_run(scene: Scene) -> None:
    shop, phone = scene.shop, scene.phone
    shop.destinations = "{whatsapp: {platform: whatsapp_status, channels: [intent]}}"
    dropped = 0
    for number in range(1, 20):
        phone.faults.drop_nth = number
        shop.clock.advance(minutes=6)
        reasons = scene.run()
        if not reasons:
            break
        dropped += 1
        assert "broke off" in reasons[0] or "took no file" in reasons[0]
        assert "Next: reconnect it" in reasons[0]
        assert set(shop.states().values()) == {State.PLANNED}
    phone.faults.drop_nth = None
    assert dropped == len(["facts", "facts again", "push", "size, scan and row", "am"])
    assert set(shop.states().values()) == {State.OFFERED}
    assert (len(phone.files()), len(phone.rows())) == (1, 1)

    for _ in range(2):  # once when the phone is asked who it is, and once at the removal
        phone.faults.drop_nth = 1 if shop.deliveries()[0].state is State.OFFERED else 2
        answer(shop.settings(f"phone.serial={phone.serial}"), [Answer("confirm", 1, shop.clock())])
        assert len(phone.files()) == 1
    phone.faults.drop_nth = None
    scene.run()
    assert (phone.files(), phone.rows()) == ([], [])


def test_a_phone_that_starts_anew_midway_gets_the_story_when_it_is_up(scene: Scene) -> None:
    shop, phone = scene.shop, scene.phone
    phone.faults.drop_at, phone.faults.reboots = b"scan_file", True
    (reason,) = scene.run()
    assert "broke off" in reason
    phone.faults.reboots = False
    phone.come_back()
    phone.tell("pm", STARTING)
    shop.clock.advance(minutes=6)
    (reason,) = scene.run()
    assert "isn't ready" in reason
    scene.well()
    assert scene.run() == []
    assert (len(phone.files()), len(phone.rows()), len(phone.opened())) == (1, 1, 1)


def test_no_phone_at_all_says_what_to_do(line: Line) -> None:
    assert (line.channel().blocked() or "").startswith("no phone is connected. Next: a USB cable")


def test_a_phone_in_trouble_beside_a_good_one_is_passed_over(line: Line, made: Rendition) -> None:
    bad, good = line.phone(), line.phone()
    bad.faults.unauthorized = True
    line.unplug(bad)
    line.plug(bad)
    line.channel(serial=None).deliver(parcel(made), Notes())
    assert len(good.opened()) == 1


@pytest.mark.parametrize("program", ["free", "power"])
def test_a_phone_that_cannot_tell_is_given_the_benefit_of_the_doubt(
    line: Line, made: Rendition, program: str
) -> None:
    phone = line.phone()
    phone.tell(program, "Unknown option")
    line.channel().deliver(parcel(made), Notes())
    assert len(phone.opened()) == 1


@pytest.mark.parametrize(
    "flag", ["mDreamingLockscreen", "mShowingLockscreen", "isStatusBarKeyguard", "isKeyguardShowing"]
)
def test_every_way_to_say_locked_is_understood(line: Line, flag: str) -> None:
    line.phone().tell("window", f"  a=1 {flag}=true b=2")
    assert "is locked" in (line.channel().blocked() or "")


def test_a_phone_that_sleeps_is_not_woken(line: Line) -> None:
    line.phone().tell("power", "  mWakefulness=Dozing")
    assert "sleeps. Next: wake and unlock it" in (line.channel().blocked() or "")


def test_a_caption_stays_out_of_every_reason(line: Line, made: Rendition) -> None:
    line.phone().faults.drop_at = b"am start"
    with pytest.raises(TryAgain) as failure:
        line.channel().deliver(parcel(made), Notes())
    assert "Fresh bread" not in str(failure.value)

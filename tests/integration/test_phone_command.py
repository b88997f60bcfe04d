"""`storyrelay phone` and a whole run as cron calls them, against a stand-in phone."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.android.line import Line
from fakes.command import BARE, CONFIG, PROGRAM, Said, call
from fakes.shop import Shop

from pipeline.cli import main
from pipeline.config import PhoneSettings
from pipeline.handoff.paired import Phones
from pipeline.model import State
from pipeline.report.health import Check
from pipeline.report.health.phone import adb_check, phone_checks, without_numbers
from pipeline.tools import adb

RIGHTS = "versionName=2.26.39.79\n{}: granted=true\n"
ALL = "android.permission.READ_MEDIA_IMAGES"
SOME = "android.permission.READ_MEDIA_VISUAL_USER_SELECTED"


@pytest.fixture
def say(
    shop: Shop, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Said]:
    """The command, in this process, with whatever variables a test has set."""
    shop.root.mkdir(exist_ok=True)
    monkeypatch.chdir(shop.root)

    def said(*words: str) -> Said:
        shop.settings()
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main([*words, "-c", CONFIG, "--set", "phone.appear_seconds=0", "--set", "phone.keep_minutes=0"])
        told = capfd.readouterr()
        return Said(int(left.value.code or 0), told.out, told.err)

    return said


@pytest.fixture
def without_adb(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(shop.root))


@pytest.fixture
def as_in_cron(line: Line, shop: Shop) -> Callable[..., Said]:
    """The command as a process of its own, on the tests' own adb server."""
    return lambda *words: call(shop, *words, env=line.server.variables)


def test_devices_lists_every_phone_and_where_stories_go(line: Line, say: Callable[..., Said]) -> None:
    phone = line.phone()
    said = say("phone", "devices")
    assert (said.code, said.err) == (0, "")
    assert said.out.split() == [phone.serial, "device", "Stand_In", "network", "stories", "go", "here"]
    assert say("phone", "devices", "--json").json() == {
        "devices": [
            {"serial": phone.serial, "state": "device", "model": "Stand_In", "usb": False, "chosen": True}
        ],
        "reason": None,
        "paired": [],
    }


def test_devices_says_what_is_missing(line: Line, say: Callable[..., Said]) -> None:
    said = say("phone", "devices")
    assert (said.code, said.out) == (4, "")
    assert said.err.startswith("storyrelay: no phone is connected. Next: ")
    first = line.phone()
    line.phone()
    said = say("phone", "devices", "--json")
    assert (said.code, [row["chosen"] for row in said.json()["devices"]]) == (4, [False, False])
    assert said.json()["reason"].startswith("2 phones are connected")
    assert say("phone", "devices", "--set", f"phone.serial={first.serial}").code == 0


BY_ADB = "{whatsapp: {platform: whatsapp_status, channels: [intent]}}"


@pytest.mark.usefixtures("without_adb")
def test_devices_without_adb_names_what_brings_it(shop: Shop, say: Callable[..., Said]) -> None:
    """It's a fault of the machine only where a channel needs it."""
    said = say("phone", "devices")
    assert (said.code, said.out) == (4, "")
    assert "there is no adb. Next: install it" in said.err
    shop.destinations = BY_ADB
    said = say("phone", "devices", "--json")
    assert (said.code, said.json()["devices"]) == (6, [])
    assert said.json()["reason"].startswith("there is no adb")
    said = say("phone", "doctor")
    assert (said.code, said.out.splitlines()[1].split()[:2]) == (6, ["fail", "adb"])
    assert "fix: install it (Debian: apt install adb)" in said.out


@pytest.mark.usefixtures("without_adb")
def test_devices_is_content_with_a_paired_phone_where_no_channel_needs_adb(
    shop: Shop, say: Callable[..., Said]
) -> None:
    phones = Phones(shop.state)
    phones.pair(phones.invite(shop.clock()), "Pixel", shop.clock())
    said = say("phone", "devices")
    assert (said.code, said.out.split()[1]) == (0, "Pixel")
    shop.destinations = BY_ADB
    assert say("phone", "devices").code == 6


def test_a_story_goes_from_the_inbox_into_whatsapp(
    line: Line, shop: Shop, say: Callable[..., Said], as_in_cron: Callable[..., Said]
) -> None:
    phone = line.phone()
    shop.destinations = "{whatsapp: {platform: whatsapp_status, channels: [intent, folder]}}"
    shop.picture("a.jpg")
    shop.sidecar("a.txt", "It's $HOME; 🥖\n")
    said = as_in_cron("run")
    assert (said.code, len(phone.opened())) == (0, 1)
    assert f"for your Send in WhatsApp on the phone {phone.serial}" in said.out
    assert "It's $HOME; 🥖" in phone.opened()[0]
    said = say("show", "1", "--json")
    assert "on the phone" in said.out, said
    assert (say("confirm", "1").code, phone.files(), phone.rows()) == (0, [], [])


def test_a_run_killed_at_the_phone_leaves_nothing_behind_that_the_next_does_not_settle(
    line: Line, shop: Shop, say: Callable[..., Said]
) -> None:
    phone = line.phone()
    phone.faults.hang_at = b"am start"
    shop.destinations = "{whatsapp: {platform: whatsapp_status, channels: [intent]}}"
    shop.picture("a.jpg")
    shop.settings()
    run = subprocess.Popen([PROGRAM, "run", "-c", CONFIG], env=BARE | line.server.variables, cwd=shop.root)
    while not any(b"am start" in command for command in phone.commands):
        assert run.poll() is None
        time.sleep(0.02)
    run.kill()
    run.wait()
    phone.faults.hang_at = None
    assert shop.states() == {("a.jpg", "whatsapp", 1): State.ARMED}

    assert say("run").code == 0  # whatever stood in WhatsApp wasn't offered: it is opened once more
    assert (len(phone.files()), len(phone.opened())) == (1, 1)
    assert shop.states() == {("a.jpg", "whatsapp", 1): State.OFFERED}


def test_doctor_of_the_phone_reports_without_its_number(line: Line, say: Callable[..., Said]) -> None:
    phone = line.phone()
    phone.tell("dumpsys", RIGHTS.format(ALL))
    said = say("phone", "doctor")
    assert (said.code, said.err) == (0, "")
    assert [row.split()[:2] for row in said.out.splitlines()[1:]] == [
        ["ok", name]
        for name in ("adb", "phone", "whatsapp", "photos", "screen", "gallery", "intent", "status")
    ]
    assert phone.serial not in said.out
    assert "NUMBER-OF" not in said.out
    assert "com.whatsapp 2.26.39.79" in said.out
    assert re.search(r"a picture was there in \d\.\d s as content://media/external/images/media/…", said.out)
    assert (phone.files(), phone.rows(), phone.opened()) == ([], [], [])
    assert {check["status"] for check in say("phone", "doctor", "--json").json()["checks"]} == {"ok"}


def checks(line: Line, **chosen: object) -> dict[str, Check]:
    settings = PhoneSettings.model_validate({"appear_seconds": 0.0, "index_seconds": 0.5} | chosen)
    return {check.name: check for check in without_numbers(phone_checks(settings, None, str), settings)}


@pytest.mark.parametrize("trouble", ["two phones", "unauthorized", "wrong serial", "dropped"])
def test_a_report_names_no_phone_unless_that_is_wanted(
    line: Line, say: Callable[..., Said], trouble: str
) -> None:
    phone = line.phone()
    chosen = {"wrong serial": "R58M0", "dropped": phone.serial}.get(trouble)
    if trouble == "two phones":
        line.phone()
    elif trouble == "unauthorized":
        phone.faults.unauthorized = True
        line.unplug(phone)
        line.plug(phone)
    elif trouble == "dropped":
        phone.faults.drop_at = b"dumpsys"
    words = ("--set", f"phone.serial={chosen}") if chosen else ()
    said = say("phone", "doctor", *words)
    assert said.code == 4
    assert "R58M0" not in said.out + said.err
    assert not [one.serial for one in line.phones if one.serial in said.out + said.err]
    if trouble != "dropped":
        assert (chosen or phone.serial) in say("phone", "doctor", "--numbers", *words).out


def test_doctor_tells_of_a_locked_phone(line: Line) -> None:
    phone = line.phone()
    assert checks(line)["screen"].status == "ok"
    phone.tell("window", "isStatusBarKeyguard=true")
    found = checks(line)["screen"]
    assert (found.status, found.detail) == ("warn", "the phone … is locked")
    phone.tell("window", "")
    phone.tell("power", "")
    assert checks(line)["screen"].status == "unknown"


def test_doctor_of_an_android_before_11_asks_for_the_newer_scan_too(line: Line) -> None:
    phone = line.phone()
    phone.set_prop("ro.build.version.sdk", "29")
    found = checks(line)
    assert (found["gallery"].status, found["scan_file"].status) == ("ok", "ok")
    assert "content://" in found["scan_file"].detail
    assert phone.rows() == []


def test_doctor_of_no_phone_tells_why(line: Line) -> None:
    found = checks(line)
    assert list(found) == ["adb", "phone"]
    assert found["phone"].status == "fail"
    assert (found["phone"].fix or "").startswith("a USB cable")


def test_doctor_warns_of_a_whatsapp_that_may_see_selected_photos_only(line: Line) -> None:
    phone = line.phone()
    phone.tell("dumpsys", RIGHTS.format(SOME))
    found = checks(line)["photos"]
    assert (found.status, found.detail) == ("warn", "WhatsApp may read selected photos only")
    phone.tell("dumpsys", "")
    assert checks(line)["photos"].status == "unknown"


def test_doctor_tells_when_whatsapp_takes_no_such_intent(line: Line) -> None:
    line.phone().tell("cmd", "No activities found")
    found = checks(line)
    assert (found["intent"].status, found["status"].status) == ("warn", "warn")
    assert found["status"].detail.endswith("is taken by nothing: No activities found")


def test_doctor_of_whatsapp_business_leaves_the_status_out(line: Line) -> None:
    line.phone()
    found = checks(line, package="com.whatsapp.w4b")
    assert found["intent"].detail == "android.intent.action.SEND is taken by com.whatsapp.w4b/.ContactPicker"
    assert "status" not in found


def test_doctor_finds_a_gallery_that_does_not_index(line: Line) -> None:
    phone = line.phone()
    phone.tell("scan", "Result: null")
    found = checks(line)
    assert (found["gallery"].status, "intent" in found) == ("fail", False)
    assert phone.files() == []


def test_doctor_finds_a_line_that_drops(line: Line) -> None:
    phone = line.phone()
    phone.faults.drop_at = b"dumpsys"
    found = checks(line, serial=phone.serial)
    assert found["whatsapp"].status == "fail"
    assert phone.serial not in found["whatsapp"].detail


@pytest.mark.parametrize("channel", ["intent", "status"])
def test_doctor_opens_a_test_picture_only_when_it_is_told_to(line: Line, channel: str) -> None:
    phone = line.phone()
    settings = PhoneSettings(appear_seconds=0)
    found = list(phone_checks(settings, channel, lambda: f"{len(phone.files())} picture"))
    assert (found[-2].name, found[-2].status) == ("opened", "ok")
    assert (found[-1].name, found[-1].detail) == ("seen", f"by {channel}: 1 picture")
    assert (len(phone.opened()), phone.files()) == (1, [])


def test_doctor_with_nobody_to_look_opens_nothing(line: Line, say: Callable[..., Said]) -> None:
    phone = line.phone()
    said = say("phone", "doctor", "--open", "intent")
    assert (said.code, phone.opened()) == (2, [])
    assert "needs somebody to look at the phone" in said.err


def test_the_health_of_the_machine_includes_adb_where_a_channel_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(adb.OVERRIDE, str(tmp_path / "none"))
    assert adb_check(wanted=False).status == "ok"
    missing = adb_check(wanted=True)
    assert (missing.status, missing.fix) == ("fail", adb.INSTALL)

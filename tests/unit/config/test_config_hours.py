"""Quiet hours and time zones."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

import pytest

from pipeline.config.hours import QuietHours, quiet_hours, system_zone, zone


@pytest.mark.parametrize("text", ["22:00-07:00", "22:00 - 7:00", "22:00\u201307:00", " 22:00-07:00 "])
def test_quiet_hours_are_read_however_they_are_spaced(text: str) -> None:
    assert quiet_hours(text) == QuietHours(time(22), time(7))


@pytest.mark.parametrize(
    "text", ["", "22-7", "24:00-07:00", "22:60-07:00", "22:00", "22:00-07:00-08:00", "a:b-c:d"]
)
def test_what_is_no_stretch_of_the_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a stretch of the day"):
        quiet_hours(text)


def test_quiet_hours_print_as_they_are_written() -> None:
    assert str(quiet_hours("9:05-17:30")) == "09:05-17:30"


@pytest.mark.parametrize("name", ["", "Europe", "Nowhere/At_All", "/etc/passwd", "Europe/Berlin\0", "UTC+2"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not a time zone"):
        zone(name)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("europe/berlin", "Europe/Berlin"), ("New York", "America/New_York"), ("Asia/Calcuta", "Asia/Calcutta")],
)
def test_a_misspelt_zone_suggests_the_nearest(wrong: str, right: str) -> None:
    with pytest.raises(ValueError, match=f"did you mean {right}"):
        zone(wrong)


def test_the_variable_tz_is_the_computers_zone() -> None:
    assert system_zone({"TZ": "Asia/Tokyo"}) == ZoneInfo("Asia/Tokyo")
    assert system_zone({"TZ": ":Asia/Tokyo"}) == ZoneInfo("Asia/Tokyo")
    assert system_zone({"TZ": ""}) is UTC


def rules_of(name: str) -> Path:
    """The file with a zone's rules, where this computer has one."""
    files = [Path(folder) / name for folder in TZPATH if (Path(folder) / name).is_file()]
    if not files:
        pytest.skip("this computer has no zone files")
    return files[0]


def test_a_link_to_a_zone_file_gives_the_zone_its_name(tmp_path: Path) -> None:
    localtime = tmp_path / "localtime"
    localtime.symlink_to(rules_of("Asia/Tokyo"))
    assert system_zone({}, localtime) == ZoneInfo("Asia/Tokyo")


def test_a_copied_zone_file_is_understood_with_its_summer_time(tmp_path: Path) -> None:
    localtime = tmp_path / "localtime"
    localtime.write_bytes(rules_of("Europe/Berlin").read_bytes())
    for variable, file in (({}, localtime), ({"TZ": str(localtime)}, tmp_path / "none")):
        local = system_zone(variable, file)
        assert datetime(2026, 7, 1, tzinfo=local).utcoffset() == timedelta(hours=2)
        assert datetime(2026, 1, 1, tzinfo=local).utcoffset() == timedelta(hours=1)


def test_a_computer_without_a_zone_is_in_utc(tmp_path: Path) -> None:
    assert system_zone({}, tmp_path / "localtime") is UTC
    (tmp_path / "localtime").write_text("not rules")
    assert system_zone({}, tmp_path / "localtime") is UTC

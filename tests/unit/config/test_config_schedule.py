"""Slots as people write them, and what differs at one destination."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
import yaml

from pipeline.config import Place, Settings, load_settings
from pipeline.config.schedule import weekly_slots
from pipeline.config.showing import schema, settings_as_yaml
from pipeline.errors import ConfigError
from pipeline.model import WeeklySlots

WORKDAYS = WeeklySlots((0, 1, 2, 3, 4), (time(9), time(18, 30)))


def load(folder: Path, text: str) -> Settings:
    file = folder / "storyrelay.yaml"
    file.write_text(f"inbox: inbox\n{text}")
    return load_settings(file, (), Place({"TZ": "UTC"}, folder, None))


@pytest.mark.parametrize(
    "text",
    [
        "Mon-Fri 09:00, 18:30",
        "Mon\u2013Fri 9:00 18:30",
        "monday - friday 18:30,09:00",
        "Mon, Tue, Wed, Thursday-Fri 09:00, 18:30, 18:30",
    ],
)
def test_slots_are_read_however_they_are_written(text: str) -> None:
    assert weekly_slots(text) == WORKDAYS


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Sat-Mon 7:05", "Mon, Sat-Sun 07:05"),
        ("daily 23:59", "daily 23:59"),
        ("Mon-Sun 00:00", "daily 00:00"),
        ("Tues, Thurs 12:00", "Tue, Thu 12:00"),
        ("wednesday 12:00", "Wed 12:00"),
    ],
)
def test_slots_print_as_they_are_best_written(text: str, written: str) -> None:
    assert str(weekly_slots(text)) == written
    assert weekly_slots(written) == weekly_slots(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Mon\u2013Fry 09:00", "'Fry' in 'Mon\u2013Fry 09:00' is not a day of the week; did you mean Fri?"),
        ("Freitag 09:00", "'Freitag' in 'Freitag 09:00' is not a day of the week; did you mean Friday?"),
        ("Mo 09:00", "'Mo' in 'Mo 09:00' is not a day of the week; did you mean Mon?"),
        ("18:30", "'18:30' has no days: write daily 18:30, or \"Mon-Fri 09:00, 18:30\""),
        ("Mon-Fri", "'Mon-Fri' has no time: write it as \"Mon-Fri 09:00, 18:30\""),
        ("", "'' has no time"),
        ("Mon 25:00", "'25:00' in 'Mon 25:00' is not a time such as 18:30; all days come before the times"),
        ("Mon 09:00, Tue 10:00", "'Tue' in 'Mon 09:00, Tue 10:00' is not a time"),
        ("Mon-Wed-Fri 09:00", "'Mon-Wed-Fri' in 'Mon-Wed-Fri 09:00' is not from one day to another"),
    ],
)
def test_a_mistake_in_slots_is_told_with_what_to_write(text: str, what: str) -> None:
    with pytest.raises(ValueError, match="^" + what.replace("(", r"\(")):
        weekly_slots(text)


def test_what_a_destination_says_counts_there_and_the_rest_is_as_everywhere(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        "schedule: {slots: ['Mon-Fri 09:00, 18:30'], per_day: 3, late: ask}\n"
        "destinations:\n"
        "  whatsapp: {platform: whatsapp_status}\n"
        "  instagram: {platform: instagram_story, schedule: {slots: [], per_day: 1}}\n",
    )
    assert settings.schedule_of("whatsapp").slots == (WORKDAYS,)
    own = settings.schedule_of("instagram")
    assert (own.slots, own.per_day, own.late) == ((), 1, "ask")
    again = yaml.safe_load(settings_as_yaml(settings))
    assert again["schedule"]["slots"] == ["Mon-Fri 09:00, 18:30"]
    (tmp_path / "again.yaml").write_text(settings_as_yaml(settings))
    shown = load_settings(tmp_path / "again.yaml", (), Place({"TZ": "UTC"}, tmp_path, None))
    assert shown.schedule_of("instagram") == own


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("schedule: {slots: ['Mon-Fry 09:00']}", "2: schedule.slots: 'Fry' in 'Mon-Fry 09:00' is not a day"),
        ("schedule: {slots: [9]}", "2: schedule.slots: is not a list of times in quotes, such as"),
        ("schedule: {slots: 9}", "2: schedule.slots: is not a list of times in quotes, such as"),
        ("schedule: {per_day: 0}", "2: schedule.per_day"),
        (
            "schedule: {slots: ['daily 23:00'], quiet_hours: '22:00-07:00'}",
            "2: schedule.slots: 23:00 lies in the quiet hours 22:00-07:00: nothing would go out then",
        ),
        (
            "destinations: {w: {platform: whatsapp_status, schedule: {timezone: UTC}}}",
            "2: destinations.w.schedule.timezone: unknown key",
        ),
    ],
)
def test_mistakes_in_the_schedule_are_told_where_they_stand(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text + "\n")
    assert what in str(caught.value)


def test_the_schema_tells_editors_what_slots_look_like() -> None:
    told = schema()["$defs"]["Schedule"]["properties"]["slots"]
    assert told["examples"] == [["Mon-Fri 09:00, 18:30"]]
    assert told["description"]

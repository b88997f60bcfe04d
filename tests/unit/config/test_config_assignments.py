"""`--set key=value`: the same checks as in the file, laid over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.config import Place, Settings, load_settings

Load = Callable[..., Settings]
Problems = Callable[..., list[str]]


def test_assignments_win_over_the_file_and_later_ones_over_earlier(load: Load) -> None:
    settings = load("inbox: in\nlimits: {jobs: 3, max_megapixels: 7}\n", "limits.jobs=2", "limits.jobs=4")
    assert (settings.limits.jobs, settings.limits.max_megapixels) == (4, 7)


def test_one_key_of_a_default_destination_can_be_set(load: Load) -> None:
    settings = load("inbox: in\n", "destinations.whatsapp.enabled=false")
    assert {name: d.enabled for name, d in settings.destinations.items()} == {
        "whatsapp": False,
        "instagram": True,
    }


def test_a_destination_of_the_file_keeps_its_other_keys(load: Load) -> None:
    settings = load("inbox: in\ndestinations: {a: {platform: facebook_story}}\n", "destinations.a.fit=cover")
    assert [(d.platform, d.fit) for d in settings.destinations.values()] == [("facebook_story", "cover")]


def test_values_are_yaml(load: Load) -> None:
    settings = load("inbox: in\n", "limits={jobs: 2}", 'captions.default="12"', "captions.ending=")
    assert (settings.limits.jobs, settings.captions.default, settings.captions.ending) == (2, "12", "")


def test_a_colour_needs_no_second_quotes(load: Load) -> None:
    assert load("inbox: in\n", "background=#ABCDEF").background == "#abcdef"


def test_a_value_may_hold_equals_signs(load: Load) -> None:
    assert load("inbox: in\n", "captions.ending=a=b").captions.ending == "a=b"


def test_relative_folders_start_at_the_working_folder(place: Place, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "storyrelay.yaml").write_text("inbox: in\n")
    settings = load_settings(None, ["outbox=out"], place)
    assert (settings.inbox, settings.outbox) == (tmp_path / "config" / "in", tmp_path / "out")


def test_with_an_inbox_no_file_is_needed(place: Place, tmp_path: Path) -> None:
    settings = load_settings(None, ["inbox=in", "fit=cover"], place)
    assert (settings.file, settings.inbox, settings.fit) == (None, tmp_path / "in", "cover")


def test_problems_name_the_assignment_and_come_with_those_of_the_file(problems: Problems) -> None:
    found = problems(
        "inbox: in\nfit: big\n", "limits.jobs=no", "limts.jobs=2", "jobs", "=3", "captions.ending=@us"
    )
    assert found == [
        "--set =3: write it as key=value, such as limits.jobs=2",
        "--set captions.ending: not valid YAML: found character '@' that cannot start any token; "
        "a text with : # @ * & ! % [ { or quotes in it needs quotes around the whole of it",
        "--set jobs: write it as key=value, such as limits.jobs=2",
        "--set limits.jobs: 'no' is not a whole number",
        "--set limts: unknown key; did you mean limits?",
        "storyrelay.yaml:2: fit: 'big' is not one of blur, contain, cover",
    ]


def test_a_mistake_deeper_in_an_assigned_value_has_its_whole_path(problems: Problems) -> None:
    assert problems("inbox: in\nlimits: {jobs: 2}\n", "limits={jobs: no}") == [
        "--set limits.jobs: 'no' is not a whole number"
    ]


def test_keys_below_a_single_value_are_a_mistake_of_the_assignment(problems: Problems) -> None:
    assert problems("inbox: in\n", "inbox.x=3") == [
        "--set inbox: a group of keys stands where a text belongs"
    ]

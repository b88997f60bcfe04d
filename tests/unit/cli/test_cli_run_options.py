"""run and plan: what they take, what they print, and their exit codes."""

from __future__ import annotations

import json

import pytest
from click import BadParameter
from fakes.command import Here
from fakes.shop import BOTH, Shop
from fakes.trees import tree_of

from pipeline.cli.run import Duration
from pipeline.ledger import exclusive


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("10m", 600), ("2h", 7200), ("1h30m", 5400), ("45", 45)]
)
def test_a_duration_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["", "0s", "soon", "-5m", "1.5h", "5 m"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(BadParameter, match="no duration"):
        Duration().convert(text, None, None)


def test_a_run_prints_its_sum_as_result_and_its_course_beside_it(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    said = here("run")
    assert said.code == 0
    assert said.out.startswith("1 story offered")
    assert said.err == "offered    whatsapp   bread.jpg\n"


def test_a_second_run_says_that_there_is_nothing_new(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    here("run")
    said = here("run")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("nothing new")
    assert "1 story waits for your Send" in said.out


def test_a_quiet_run_says_nothing_when_all_is_well(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    said = here("run", "-q")
    assert (said.code, said.out, said.err) == (0, "", "")


def test_a_quiet_run_tells_of_problems(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    (shop.inbox / "bad.jpg").write_text("no picture")
    said = here("run", "-q")
    assert (said.code, said.out) == (3, "")
    first, last = said.err.splitlines()
    assert first.startswith("refused    bad.jpg")
    assert last == "Next: storyrelay status -c storyrelay.yaml   (what to do about it)"


def test_json_is_one_object_a_line_and_the_last_is_the_summary(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    (shop.inbox / "bad.jpg").write_text("no picture")
    said = here("run", "--json")
    lines = said.json_lines()
    assert [line["event"] for line in lines] == ["scanned", "refused", "reformatted", "delivered", "summary"]
    assert lines[-1]["exit_code"] == said.code == 3
    assert said.err == ""


def test_json_ends_with_a_summary_when_the_config_is_wrong(here: Here) -> None:
    said = here("run", "--json", "--set", "fit=squeeze")
    (line,) = said.json_lines()
    assert (said.code, line["event"], line["exit_code"]) == (2, "summary", 2)
    assert "squeeze" in line["error"]
    assert "squeeze" in said.err


def test_a_second_run_at_the_same_time_ends_at_once(shop: Shop, here: Here) -> None:
    with exclusive(shop.state):
        said = here("run", "--json")
    assert said.code == 5
    assert said.json_lines()[-1]["exit_code"] == 5
    assert "another run holds the lock" in said.err


def test_an_inbox_that_is_gone_is_the_machines_fault(shop: Shop, here: Here) -> None:
    said = here("run", "--set", f"inbox={shop.root}/none")
    assert said.code == 6
    assert f"{shop.root}/none doesn't exist" in said.err


@pytest.mark.parametrize("option", ["--only", "--not-to"])
def test_an_unknown_destination_stops_the_run_and_names_the_known_ones(
    shop: Shop, here: Here, option: str
) -> None:
    shop.destinations = BOTH
    shop.picture("bread.jpg")
    said = here("run", option, "facebook")
    assert said.code == 2
    assert f"{option} facebook" in said.err
    assert "whatsapp, instagram" in said.err
    assert not shop.outbox.exists()


def test_only_one_destination_gets_what_is_only_for_it(shop: Shop, here: Here) -> None:
    shop.destinations = BOTH
    shop.picture("bread.jpg")
    here("run", "--only", "instagram")
    assert (shop.media("whatsapp"), len(shop.media("instagram"))) == ([], 1)
    here("run", "--not-to", "instagram")
    assert len(shop.media("whatsapp")) == 1


def test_a_path_that_is_not_there_is_a_usage_error(here: Here) -> None:
    said = here("run", "nowhere.jpg")
    assert said.code == 2
    assert "nowhere.jpg" in said.err


def test_a_relative_path_means_the_same_file_as_in_the_inbox(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    here("run", "inbox/bread.jpg")
    assert here("run").out.startswith("nothing new")


def test_the_limit_of_the_command_line_counts_stories(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg", 1)
    shop.picture("cake.jpg", 2)
    assert here("run", "--limit", "1", "-j", "1").out.startswith("1 story offered")


def test_after_its_time_a_run_begins_nothing_new(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    assert here("run", "--max-runtime", "1h").code == 0
    assert here("run", "--max-runtime", "never").code == 2


def test_plan_and_a_dry_run_are_the_same(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    planned, dry = here("plan", "--json"), here("run", "-n", "--json")
    assert planned.json() == dry.json()
    assert not shop.state.exists()


def test_the_json_of_a_plan_has_the_promised_shape(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg", size=(64, 48))
    (shop.inbox / "bad.jpg").write_text("no picture")
    said = here("plan", "--json")
    plain = said.json()
    (story,) = plain["stories"]
    assert set(story) == {"asset", "destinations", "skip"}
    assert {"path", "sha256", "kind", "width", "height", "duration_s"} <= set(story["asset"])
    (destination,) = story["destinations"]
    assert destination["name"] == "whatsapp"
    assert destination["recipe"]["parts"] == [{"start_s": 0.0, "end_s": 0.0}]
    assert "caption" in destination["texts"]
    assert plain["refusals"][0]["path"] == str(shop.inbox / "bad.jpg")
    assert said.code == 3


def test_a_quiet_plan_tells_only_what_is_refused(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    assert here("plan", "-q").out == ""
    (shop.inbox / "bad.jpg").write_text("no picture")
    said = here("plan", "-q")
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith("refused    bad.jpg")


def test_the_next_run_of_a_plan_is_written_with_the_options_in_use(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    last = here("plan", "--set", "fit=cover").out.splitlines()[-1]
    assert last.endswith("Next: storyrelay run -c storyrelay.yaml --set fit=cover")


def test_the_calendar_is_told_in_place_of_the_stories_and_beside_them_as_json(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    schedule = ("--set", "schedule.slots=['daily 12:00']", "--set", "schedule.per_day=1")
    said = here("plan", "--calendar", *schedule)
    lines = said.out.splitlines()
    assert (said.code, lines[1]) == (0, "  12:00  whatsapp  bread.jpg")
    assert sum(line.endswith("whatsapp  free slot") for line in lines) in {12, 13}
    assert lines[-1].startswith("Nothing was written. Next: storyrelay run")
    calendar = json.loads(here("plan", "--calendar", "--json", *schedule).out)["calendar"]
    assert calendar[0].keys() == {"at", "destination", "path", "parts", "reason"}
    assert calendar[0]["path"] == str(shop.inbox / "bread.jpg")
    assert calendar[1]["path"] is None


def test_a_plan_tells_what_leaves_the_machine_as_text_and_as_json(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    here("config", "check")
    before = tree_of(shop.root)
    text, told = here("plan", "--privacy"), here("plan", "--privacy", "--json")
    assert (text.code, told.code) == (0, 0)
    sheet = json.loads(told.out)["privacy"]
    assert [one["by"] for one in sheet["leaves"]] == ["page", "folder", "in WhatsApp, once you press Send"]
    assert text.out.startswith("What leaves this machine:\n\nwhatsapp: page\n  what")
    assert text.out.rstrip().endswith(sheet["media"])
    assert tree_of(shop.root) == before

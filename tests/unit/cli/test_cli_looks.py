"""looks: what there is, and one to copy; and what a run makes of words that it draws."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes.command import Here
from fakes.shop import picture

PLAIN = "limits.settle_seconds=0"


def test_looks_are_listed_with_what_they_are(here: Here) -> None:
    said = here("looks", config=False)
    assert said.code == 0
    assert any(line.startswith("quote ") and "in the middle" in line for line in said.out.splitlines())


def test_the_list_is_json_for_programs(here: Here) -> None:
    listed = json.loads(here("looks", "--json", config=False).out)["looks"]
    assert {"name", "about", "path"} == set(listed[0])
    assert all(Path(look["path"]).is_file() for look in listed)


def test_a_look_that_was_printed_can_be_changed_and_used(tmp_path: Path, here: Here) -> None:
    (tmp_path / "looks").mkdir()
    text = here("looks", "quote", config=False).out
    (tmp_path / "looks/mine.yaml").write_text(text.replace("largest_px: 88", "largest_px: 60"))
    picture(tmp_path / "inbox/bread.jpg")
    (tmp_path / "inbox/bread.jpg.yaml").write_text("caption: Hi\nlook: mine\n")
    said = here("plan", "--set", PLAIN, "--set", f"looks={tmp_path / 'looks'}")
    assert "caption drawn in the middle: ““Hi””, 1 line of " in said.out


def test_a_look_that_nobody_knows_is_a_mistake_with_a_suggestion(here: Here) -> None:
    said = here("looks", "qoute", config=False)
    assert said.code == 2
    assert "'qoute' is no look; did you mean quote?" in said.err


def test_words_that_cannot_be_drawn_are_told_by_the_plan_and_the_rest_goes_on(
    tmp_path: Path, here: Here
) -> None:
    picture(tmp_path / "inbox/bread.jpg")
    picture(tmp_path / "inbox/cake.jpg", 2)
    (tmp_path / "inbox/bread.jpg.yaml").write_text(
        "caption: '\U00013000'\ncaption_as: overlay\n", encoding="utf-8"
    )
    said = here("plan", "--set", PLAIN)
    assert "no font has" in said.out
    assert "name a font file that has it under fonts: in the config" in said.out
    assert "cake.jpg" in said.out


@pytest.mark.parametrize("how", ["text", "overlay"])
def test_a_run_draws_words_or_leaves_them_to_the_text(tmp_path: Path, here: Here, how: str) -> None:
    picture(tmp_path / "inbox/bread.jpg")
    (tmp_path / "inbox/bread.jpg.yaml").write_text(f"caption: Hello\ncaption_as: {how}\n")
    said = here("run", "--set", PLAIN)
    assert said.code == 0
    beside = list((tmp_path / "outbox/whatsapp").glob("*.txt"))
    assert [file.read_text().strip() for file in beside] == (["Hello"] if how == "text" else [])

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from fakes.planning import BOTH, NOW, FakeDestination, FakeSettings, asset, photo, video

from pipeline.model import Asset, Facts, Plan, Refusal
from pipeline.plan import plan_as_json, plan_story, recipe_in_words

LONG = video(width=1920, height=1080, duration_s=70.0, fps=60.0, audio=None)


def words(source: Asset) -> list[str]:
    return recipe_in_words(plan_story(source, FakeSettings(), NOW).treatments[0])


def first_line(facts: Facts, **sidecar: Any) -> str:
    return words(asset(facts, **sidecar))[0]


def test_a_plan_as_json_holds_what_other_programs_rely_on() -> None:
    story = plan_story(asset(LONG, caption="Fresh"), FakeSettings(), NOW)
    plain = json.loads(json.dumps(plan_as_json(Plan((story,), (Refusal(Path("a.txt"), "no picture"),)))))
    told = plain["stories"][0]
    assert told["asset"] == {
        "path": "inbox/beach",
        "sha256": "ab" * 32,
        "kind": "video",
        "width": 1920,
        "height": 1080,
        "duration_s": 70.0,
    }
    assert told["skip"] is None
    whatsapp = told["destinations"][0]
    assert whatsapp["name"] == "whatsapp"
    assert whatsapp["recipe"]["action"] == "transcode"
    assert whatsapp["recipe"]["fit"] == "blur"
    assert whatsapp["recipe"]["parts"] == [{"start_s": 0, "end_s": 35}, {"start_s": 35, "end_s": 70}]
    assert whatsapp["recipe"]["video_kbps"] == 3450
    relied_on: dict[str, object] = {"caption": "Fresh", "link": None, "mentions": [], "hashtags": []}
    assert whatsapp["texts"].items() >= relied_on.items()  # fields are only ever added
    assert plain["refusals"] == [
        {"path": "a.txt", "reason": "no picture", "later": False, "destination": None, "asks": False}
    ]


def test_a_skipped_story_says_why_in_json() -> None:
    story = plan_story(asset(LONG, skip=True), FakeSettings(), NOW)
    told = plan_as_json(Plan((story,)))["stories"][0]
    assert (told["skip"], told["destinations"]) == ("its sidecar says skip", [])


def test_a_split_video_in_words() -> None:
    assert words(asset(LONG)) == [
        "WhatsApp Status: blurred background, 2 parts of 35.0 s, 30 fps, up to 3.5 Mbit/s, silent; "
        "re-encoded because it is 1920×1080, not 1080×1920; 60 fps is above 30; 70 s is above 60 s",
        "split into 2 parts: the limit is 60 s",
        "frame rate lowered from 60 to 30 fps",
    ]


def test_a_photo_in_words() -> None:
    assert first_line(photo(width=4000, height=3000), fit="contain") == (
        "WhatsApp Status: on #101010, JPEG of quality 88; re-encoded because it is 4000×3000, not 1080×1920"
    )
    assert "cropped to fill" in first_line(photo(width=4000, height=3000), fit="cover")
    assert "fills the screen" in first_line(photo(icc=True))


def test_copies_in_words() -> None:
    assert first_line(photo()) == "WhatsApp Status: sent as it is"
    assert first_line(photo(metadata=True)) == (
        "WhatsApp Status: the picture stays as it is; its metadata is removed"
    )
    assert first_line(video(faststart=False)) == (
        "WhatsApp Status: picture and sound stay as they are; its index is moved to the front"
    )


def test_a_destination_with_a_name_of_its_own_is_told_apart() -> None:
    settings = FakeSettings(destinations={**BOTH, "shop": FakeDestination("whatsapp_status")})
    lines = [recipe_in_words(t)[0] for t in plan_story(asset(photo()), settings, NOW).treatments]
    assert [line.split(":")[0] for line in lines] == [
        "WhatsApp Status",
        "Instagram Story",
        "shop (WhatsApp Status)",
    ]


def test_a_waiting_story_says_until_when() -> None:
    treatment = plan_story(asset(photo()), FakeSettings(), NOW).treatments[0]
    assert recipe_in_words(dataclasses.replace(treatment, due_at=NOW))[1] == "not before 2026-11-23 18:00 UTC"

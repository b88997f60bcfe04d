"""The complete recipes of typical sources, compared with the files in recipes/.

After a change that is meant to change them, write them anew and look at what `git diff` shows:
STORYRELAY_WRITE_GOLDEN=1 .venv/bin/python -m pytest tests/golden/test_recipes.py
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from fakes.planning import BOTH, MIRRORED, NOW, FakeSettings, animation, asset, photo, video

from pipeline.model import Asset, Audio, Colour, Cut, Place, Plan, Spot
from pipeline.plan import plan_as_json, plan_story, recipe_in_words

RECIPES = Path(__file__).parent / "recipes"
WRITE = os.environ.get("STORYRELAY_WRITE_GOLDEN") == "1"
PHONE_SOUND = Audio("aac", 2, 48_000, "LC", 130.0)

SOURCES: dict[str, Asset] = {
    "photo_that_fits": asset(photo()),
    "photo_with_gps": asset(photo(metadata=True)),
    "photo_of_a_phone_turned": asset(photo(width=3024, height=4032, rotation=90, metadata=True, icc=True)),
    "photo_cropped_to_fill": asset(photo(width=4000, height=3000), fit="cover", focal=(0.3, 0.5)),
    "logo_on_a_colour": asset(
        photo(width=400, height=300, container="png", codec="png", pix_fmt="RGBA", alpha=True),
        background="#ffcc00",
    ),
    "gif_of_less_than_a_second": asset(animation(duration_s=0.7)),
    "clip_that_fits": asset(video()),
    "clip_with_its_index_behind": asset(video(faststart=False, metadata=True)),
    "clip_landscape_hdr_130_s": asset(
        video(
            width=1920,
            height=1080,
            codec="hevc",
            pix_fmt="yuv420p10le",
            duration_s=130.0,
            fps=59.94,
            hdr="hlg",
            colour=Colour("bt2020nc", "bt2020", "arib-std-b67"),
            audio=PHONE_SOUND,
            profile="Main 10",
        ),
        caption="A day at the sea",
        link="https://wa.me/15551234567",
        hashtags=("sea",),
        mentions=("casalume",),
    ),
    "clip_of_a_minute_and_a_bit": asset(video(duration_s=60.04, vfr=True, audio=None, level=51)),
    "clip_of_a_minute_at_its_limit": asset(video(duration_s=60.0, fps=50.0, bytes=30_000_000)),
    "clip_that_fits_but_is_long": asset(
        video(
            duration_s=130.0,
            bytes=36_000_000,
            audio=PHONE_SOUND,
            cuts=tuple(Cut(at_s, at_s * 276_923) for at_s in range(0, 131, 2)),
        )
    ),
    "photo_with_everything_to_tap": asset(
        photo(),
        caption="Bom dia!",
        whatsapp="+55 11 98765-4321",
        message="Oi! Quero encomendar.",
        hashtags=("pao", "casalume"),
        mentions=("casalume", "ana"),
        location=Place("Casa Lume", "213385402"),
        stickers={"link": Spot(label="Encomende"), "mentions": Spot(at=(0.0, 0.5))},
        close_friends=True,
    ),
    "clip_of_one_second": asset(video(duration_s=1.2, audio=None, bytes=200_000, width=338, height=600)),
}


def planned(source: Asset) -> str:
    settings = FakeSettings(destinations={**BOTH, "instagram": MIRRORED}) if source.sidecar.stickers else None
    story = plan_story(source, settings or FakeSettings(), NOW)
    plain = plan_as_json(Plan((story,)))["stories"][0]
    plain["words"] = [recipe_in_words(treatment) for treatment in story.treatments]
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", SOURCES)
def test_the_recipes_are_as_recorded(name: str) -> None:
    golden = RECIPES / f"{name}.json"
    if WRITE:
        golden.write_text(planned(SOURCES[name]), encoding="utf-8")
    assert planned(SOURCES[name]) == golden.read_text(encoding="utf-8")


def test_no_recipe_is_recorded_that_nobody_makes() -> None:
    assert {golden.stem for golden in RECIPES.glob("*.json")} == set(SOURCES)

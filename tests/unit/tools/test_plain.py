"""The nouns as JSON and back."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fakes.planning import FITTING_VIDEO, GIF, NOW, WHATSAPP
from fakes.stories import recipe, rendition, story, treatment

from pipeline.model import (
    Asset,
    Box,
    Facts,
    Place,
    Profile,
    Recipe,
    Rendition,
    Scene,
    Side,
    Sidecar,
    Spot,
    State,
    Sticker,
    Story,
    Texts,
)
from pipeline.tools.plain import from_json, from_plain, to_json, to_plain, to_short_json

SIDECAR = Sidecar(
    path=Path("beach.jpg.yaml"),
    caption="Brötchen",
    texts={"instagram": "Buns"},
    fit="cover",
    focal=(0.25, 0.75),
    mentions=("@baker",),
    location=Place("Casa Lume", "213385402", 52.5, 13.4),
    stickers={"link": Spot((0.5, 1.0), "Order"), "hashtags": Spot(show=False)},
    not_before=NOW,
    destinations=("whatsapp",),
)


SCENE = Scene(2, ((Box(0.1, 0.2, 0.3, 0.4),), ()), (0.5,), (0.25,), (Side("#a0b0c0", 1.5),) * 4)


@pytest.mark.parametrize(
    ("kind", "noun"),
    [
        (Facts, FITTING_VIDEO),
        (Facts, GIF),
        (Profile, WHATSAPP),
        (Recipe, recipe(3, fps=29.97)),
        (Sidecar, SIDECAR),
        (Sidecar, Sidecar()),
        (Sidecar, Sidecar(focal="auto", background="auto")),
        (Texts, Texts("🥐", "https://example.org", ("@a",), ("#b",))),
        (Texts, Texts(stickers=(Sticker("link", "https://a.example", 0.5, 0.8, 0.3, 0.05),))),
        (Asset, Asset(Path("/in/beach.jpg"), "ab" * 32, GIF, SIDECAR)),
        (Asset, Asset(Path("/in/beach.jpg"), "ab" * 32, GIF, SIDECAR, SCENE)),
        (Asset, Asset(Path("/in/beach.jpg"), "ab" * 32, GIF, SIDECAR, Scene(0))),
        (Story, story(treatment(), skip="not today")),
    ],
)
def test_a_noun_comes_back_as_it_was(kind: type[object], noun: object) -> None:
    assert from_json(kind, to_json(noun)) == noun
    assert from_json(kind, to_short_json(noun)) == noun


def test_a_path_that_is_not_utf_8_comes_back_as_it_was() -> None:
    path = Path(os.fsdecode(b"/in/caf\xe9.jpg"))
    text = to_json(Asset(path, "ab" * 32, GIF))
    assert text.isascii()
    assert from_json(Asset, text).path == path


def test_equal_values_give_equal_text(tmp_path: Path) -> None:
    one = Sidecar(texts={"a": "1", "b": "2"})
    other = Sidecar(texts={"b": "2", "a": "1"})
    assert to_json(one) == to_json(other)
    assert "\n" not in to_json(rendition(tmp_path))


def test_fields_of_another_version_do_no_harm(tmp_path: Path) -> None:
    made = rendition(tmp_path)
    plain = {**to_plain(made), "colour_of_the_sky": "blue"}
    assert from_plain(Rendition, plain) == made
    assert from_plain(Sidecar, {"caption": "old"}) == Sidecar(caption="old")


def test_plain_values_are_what_json_knows() -> None:
    values = {"at": NOW, "day": date(2026, 11, 23), "state": State.OFFERED, "path": Path("a"), "tags": ("b",)}
    assert json.loads(to_json(values)) == {
        "at": "2026-11-23T18:00:00+00:00",
        "day": "2026-11-23",
        "state": "offered",
        "path": "a",
        "tags": ["b"],
    }


def test_a_moment_keeps_its_zone() -> None:
    moment = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert from_plain(Sidecar, {"not_before": moment.isoformat()}).not_before == moment

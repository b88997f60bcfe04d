"""Decorated stories in runs: what happens when a file that a sidecar names isn't the planned one any more."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.shop import Shop
from PIL import Image

from pipeline.ledger.answers import Answer
from pipeline.model import State
from pipeline.report.events import Refused
from pipeline.run import answer


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def logo(path: Path, colour: str) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.new("RGBA", (64, 32), colour).save(path)


def test_a_sticker_that_was_changed_since_stops_the_story_until_it_is_planned_again(shop: Shop) -> None:
    shop.picture("bread.jpg")
    file = shop.inbox / "materials/logo.png"
    logo(file, "#ff0000")
    later = shop.clock().replace(year=shop.clock().year + 1)
    shop.sidecar("bread.jpg.yaml", f"sticker: materials/logo.png\nnot_before: {later:%Y-%m-%d %H:%M}\n")
    shop.run()
    assert set(shop.states().values()) == {State.PLANNED}
    logo(file, "#0000ff")
    shop.clock.moment = later.replace(day=later.day, hour=23)
    shop.run()
    reasons = [event.reason for event in shop.events if isinstance(event, Refused)]
    assert any("logo.png was changed since the story was planned" in reason for reason in reasons)
    assert set(shop.states().values()) == {State.FAILED}
    for row in shop.deliveries():
        answer(shop.settings(), [Answer("retry", row.id, shop.clock())])
    shop.run()
    assert set(shop.states().values()) == {State.OFFERED}

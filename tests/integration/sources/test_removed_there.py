"""What somebody removes at a folder elsewhere is gone here too, as if it had left the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.far_folders import FarFolder
from fakes.far_folders.local import local
from fakes.shop import Shop, picture

from pipeline.model import State
from pipeline.report.events import Alarm, NotPulled
from pipeline.run.pulling import would_pull

LATER = b"not_before: 2026-11-24 18:00"


@pytest.fixture
def synced(tmp_path: Path) -> Iterator[FarFolder]:
    (tmp_path / "far").mkdir()
    with local(tmp_path / "far") as folder:
        folder.write("a.jpg", picture(tmp_path / "made.jpg", 1).read_bytes())
        folder.write("a.jpg.yaml", LATER)
        folder.write("b.jpg", picture(tmp_path / "made.jpg", 2).read_bytes())
        yield folder


def copies(shop: Shop) -> list[str]:
    return sorted(path.name for path in (shop.state / "pulled" / "nas").iterdir())


def test_a_story_that_is_removed_before_its_time_waits_as_one_that_left_the_inbox(
    shop: Shop, synced: FarFolder
) -> None:
    shop.run(synced.config())
    assert copies(shop) == ["a.jpg", "a.jpg.yaml", "b.jpg"]
    synced.remove("a.jpg")
    synced.remove("a.jpg.yaml")
    shop.run(synced.config())
    assert copies(shop) == ["b.jpg"]
    assert {e.path for e in shop.events if isinstance(e, NotPulled)} == {"a.jpg", "a.jpg.yaml"}
    shop.clock.advance(days=2)
    assert shop.run(synced.config()).offered == 0
    (gone,) = [event.reason for event in shop.events if isinstance(event, Alarm)]
    assert "it waits for 7 days. Next: put it back at the source nas, or storyrelay skip" in gone
    shop.clock.advance(days=8)
    shop.run(synced.config())
    assert shop.states()["a.jpg", "whatsapp", 1] is State.SKIPPED


def test_what_comes_back_is_pulled_again_and_goes_out_once(
    shop: Shop, synced: FarFolder, tmp_path: Path
) -> None:
    shop.run(synced.config())
    content = picture(tmp_path / "made.jpg", 2).read_bytes()
    synced.remove("b.jpg")
    shop.run(synced.config())
    synced.write("b.jpg", content)
    summary = shop.run(synced.config())
    assert (summary.pulled, summary.offered) == (1, 0)
    assert len(shop.deliveries()) == 2


def test_an_edit_of_the_words_counts_and_words_that_are_removed_are_gone(
    shop: Shop, synced: FarFolder
) -> None:
    shop.run(synced.config())
    assert len(shop.media()) == 1
    synced.remove("a.jpg.yaml")
    assert shop.run(synced.config()).offered == 1
    assert copies(shop) == ["a.jpg", "b.jpg"]


def test_a_folder_in_which_nothing_is_left_takes_nothing_back(shop: Shop, synced: FarFolder) -> None:
    shop.run(synced.config())
    for name in ("a.jpg", "a.jpg.yaml", "b.jpg"):
        synced.remove(name)
    shop.run(synced.config())
    assert copies(shop) == ["a.jpg", "a.jpg.yaml", "b.jpg"]


def test_a_look_without_fetching_takes_nothing_back(shop: Shop, synced: FarFolder) -> None:
    shop.run(synced.config())
    synced.remove("a.jpg")
    assert would_pull(shop.settings(synced.config()), (), shop.events.append, shop.clock) == 0
    assert "a.jpg" in copies(shop)

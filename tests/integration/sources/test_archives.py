"""A folder elsewhere in which much lies already isn't fetched, or sent, before the person has said so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.far_folders import FarFolder
from fakes.far_folders.local import local
from fakes.shop import Shop, picture

from pipeline.report.events import Surge
from pipeline.run.pulling import pull, would_pull
from pipeline.tools.clock import now

FEW = "limits.surge=3"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[FarFolder]:
    """Four photos from long ago, one with words."""
    (tmp_path / "far").mkdir()
    with local(tmp_path / "far") as folder:
        for number in range(4):
            folder.write(f"{number}.jpg", picture(tmp_path / "made.jpg", number).read_bytes())
        folder.write("0.txt", b"Long ago")
        for file in (tmp_path / "far" / "synced").iterdir():
            os.utime(file, (1_700_000_000,) * 2)
        yield folder


def copies(shop: Shop) -> list[str]:
    return sorted(path.name for path in (shop.state / "pulled").rglob("*.*"))


def test_more_than_a_surge_is_not_even_fetched_until_it_is_accepted(shop: Shop, archive: FarFolder) -> None:
    summary = shop.run(archive.config(), FEW)
    assert (summary.pulled, summary.offered, summary.surge, summary.exit_code) == (0, 0, 4, 3)
    (surge,) = [event for event in shop.events if isinstance(event, Surge)]
    assert "at the source nas" in surge.reason
    assert "Nothing of them is fetched. Next: `storyrelay run --accept-surge`" in surge.reason
    assert pull(shop.settings(archive.config(), FEW), ["nas"], shop.events.append, shop.clock) == 3
    assert would_pull(shop.settings(archive.config(), FEW), ["nas"], shop.events.append, shop.clock) == 3
    assert copies(shop) == []
    summary = shop.run(archive.config(), FEW, accept_surge=True)
    assert (summary.pulled, summary.offered, summary.exit_code) == (5, 4, 0)


def test_what_is_adopted_is_never_fetched_and_what_comes_later_is(
    shop: Shop, archive: FarFolder, tmp_path: Path
) -> None:
    summary = shop.run(archive.config(), FEW, adopt_before_s=(now() - timedelta(hours=1)).timestamp())
    assert (summary.pulled, summary.adopted, summary.offered, summary.exit_code) == (0, 4, 0, 0)
    archive.write("9.jpg", picture(tmp_path / "made.jpg", 9).read_bytes())
    archive.write("9.jpg.yaml", b"caption: Today")
    summary = shop.run(archive.config(), FEW)
    assert (summary.pulled, summary.offered) == (2, 1)
    assert copies(shop) == ["9.jpg", "9.jpg.yaml"]


def test_what_is_newer_than_the_person_says_is_fetched_with_its_older_words(
    shop: Shop, archive: FarFolder, tmp_path: Path
) -> None:
    archive.write("0.jpg", picture(tmp_path / "made.jpg", 7).read_bytes())
    summary = shop.run(archive.config(), FEW, adopt_before_s=(now() - timedelta(hours=1)).timestamp())
    assert (summary.pulled, summary.adopted, summary.offered) == (2, 3, 1)
    assert copies(shop) == ["0.jpg", "0.txt"]

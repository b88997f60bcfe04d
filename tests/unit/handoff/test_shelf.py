"""What lies on phones, remembered on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.handoff.shelf import Laid, Shelf

LAID = Laid(12, "whatsapp", "intent", "R58M0", "/sdcard/Pictures/storyrelay/storyrelay-12-0123456789ab.jpg")


def test_what_is_put_there_is_there_until_it_is_forgotten(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "phone")
    assert list(shelf.all()) == []
    shelf.put(LAID)
    shelf.put(replace(LAID, open=True))
    assert list(Shelf(tmp_path / "phone").all()) == [replace(LAID, open=True)]
    shelf.forget(LAID)
    shelf.forget(LAID)
    assert list(shelf.all()) == []


FOREIGN = '{"delivery":1,"destination":"a","channel":"intent","serial":"b","path":"/sdcard/DCIM/1.jpg"}'


@pytest.mark.parametrize("spoilt", ["", "[]", "{}", '{"delivery": "x"}', "\x00", "null", FOREIGN])
def test_what_a_foreign_hand_spoilt_is_set_aside(tmp_path: Path, spoilt: str) -> None:
    shelf = Shelf(tmp_path)
    shelf.put(LAID)
    (tmp_path / "other.json").write_text(spoilt)
    assert list(shelf.all()) == [LAID]
    assert (tmp_path / "other.unreadable").exists()

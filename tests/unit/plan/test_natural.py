from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.planning import FakeSchedule

from pipeline.model import Order, Waiting
from pipeline.plan.natural import natural
from pipeline.plan.openings import Terms
from pipeline.plan.queue import order_key


def test_names_are_ordered_as_people_count() -> None:
    names = ["photo 10.jpg", "Photo 9.jpg", "photo 2b.jpg", "photo.jpg", "photo 2.jpg", "photo \udce9.jpg"]
    assert sorted(names, key=natural) == [
        *("photo.jpg", "photo 2.jpg", "photo 2b.jpg", "Photo 9.jpg", "photo 10.jpg"),
        "photo \udce9.jpg",
    ]


@pytest.mark.parametrize("order", ["name", "sidecar", "date"])
def test_what_waits_for_a_slot_goes_by_the_numbers_in_its_names(order: Order) -> None:
    terms = Terms(FakeSchedule(None, (), 1, order), UTC)
    names = ["photo 10.jpg", "photo 9.jpg", "Photo 1.jpg"]
    waiting = [
        Waiting(f"{number}", "whatsapp", number, Path("/in", name), dated=datetime(2026, 11, 1, tzinfo=UTC))
        for number, name in enumerate(names)
    ]
    waiting.sort(key=lambda story: order_key(story, terms))
    assert [story.path.name for story in waiting] == names[::-1]

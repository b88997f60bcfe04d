"""What a message says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.planning import NOW
from fakes.stories import recipe, sha

from pipeline.ledger import Lane
from pipeline.model import Delivery, State, Texts
from pipeline.report.tidings import Tidings, message_of, title_of

PAGE = "https://my.example:8765"


def waiting(
    number: int, name: str = "bread.jpg", part: int = 1, parts: int = 1, left_h: float = 20
) -> Delivery:
    return Delivery(
        id=number,
        asset=sha(name),
        path=Path("inbox") / name,
        destination="whatsapp",
        part=part,
        parts=parts,
        state=State.OFFERED,
        recipe=recipe(parts),
        texts=Texts(),
        since=NOW,
        lifetime_hours=24,
        expires_at=NOW + timedelta(hours=20 if parts == 1 else 9),
    )


STUCK = replace(
    waiting(7, "cake.jpg"), state=State.UNKNOWN, reason="two might be it", destination="instagram"
)
STOPPED = (Lane("instagram", stopped="Instagram wants you to log in"), "shop")


@pytest.mark.parametrize(
    ("tidings", "title"),
    [
        (Tidings(NOW, fresh=(waiting(1),)), "1 story ready for your Send"),
        (Tidings(NOW, fresh=(waiting(1), waiting(2))), "2 stories ready for your Send"),
        (Tidings(NOW, still=(waiting(1),)), "1 story still waits for your Send"),
        (Tidings(NOW, still=(waiting(1), waiting(2))), "2 stories still wait for your Send"),
        (Tidings(NOW, (waiting(1),), (waiting(2), waiting(3))), "1 story ready for your Send, 2 more wait"),
        (Tidings(NOW, stopped=(STOPPED,)), "something needs you"),
        (
            Tidings(NOW, fresh=(waiting(1),), stuck=(STUCK,)),
            "1 story ready for your Send; something else needs you",
        ),
    ],
)
def test_a_title_says_the_whole_of_it(tidings: Tidings, title: str) -> None:
    assert title_of(tidings) == f"storyrelay: {title}"


def test_what_expires_first_stands_first_and_parts_of_a_story_stand_together() -> None:
    parts = tuple(waiting(number, "beach.mp4", number, 3) for number in (1, 2, 3))
    message = message_of(Tidings(NOW, fresh=(waiting(4), *parts)), PAGE)
    assert message.body.splitlines() == [
        "beach.mp4 (3 of 3 parts) to whatsapp, 9 h left",
        "bread.jpg to whatsapp, 20 h left",
        PAGE,
    ]
    assert message.link == PAGE


def test_a_long_list_is_cut_short() -> None:
    many = tuple(waiting(number, f"{number:02}.jpg") for number in range(13))
    lines = message_of(Tidings(NOW, fresh=many), None).body.splitlines()
    assert (len(lines), lines[-1]) == (11, "and 3 more")


def test_what_needs_a_person_is_told_with_the_next_command_and_without_the_page() -> None:
    message = message_of(Tidings(NOW, stuck=(STUCK,), stopped=(STOPPED,)), PAGE)
    assert message.body.splitlines() == [
        "instagram is stopped: Instagram wants you to log in. Next: storyrelay session login shop",
        "cake.jpg to instagram is in doubt: two might be it. Next: storyrelay show 7",
    ]
    assert message.link is None

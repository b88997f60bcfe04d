"""A plan told to people."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from fakes.stories import story, treatment

from pipeline.model import Hold, Plan, Refusal, Sticker, Texts
from pipeline.report.next_step import Program
from pipeline.report.plan_text import plan_lines

TEXTS = Texts("Fresh bread\nhttps://shop.example", "https://shop.example", mentions=("friend",))


def lines(plan: Plan) -> list[str]:
    return list(plan_lines(plan, Program()))


def test_a_story_is_told_with_its_recipe_and_its_words() -> None:
    told = lines(Plan((story(treatment(texts=TEXTS)),)))
    assert told[0].startswith("beach.jpg  photo, 1080×1920")
    assert told[1].startswith("  WhatsApp Status: ")
    assert "    | Fresh bread" in told
    assert "    mentions @friend" in told
    assert not [line for line in told if "link" in line], "the caption has it already"
    assert told[-2] == "1 story in 1 part"
    assert told[-1] == "Nothing was written. Next: storyrelay run"


def test_every_part_at_every_destination_counts() -> None:
    told = lines(Plan((story(treatment(parts=3), treatment("instagram")),)))
    assert told[-2] == "1 story in 4 parts"


def test_what_is_not_sent_is_told_with_its_reason() -> None:
    told = lines(Plan((story(skip="its sidecar says skip"),)))
    assert "  not sent: its sidecar says skip" in told
    assert told[-2:] == ["nothing new, 1 not sent", "Nothing was written."]


def test_refused_files_and_those_still_growing_are_told_apart() -> None:
    refusals = (Refusal(Path("a.jpg"), "a.jpg is empty"), Refusal(Path("b.mp4"), "still growing", later=True))
    told = lines(Plan((), refusals))
    assert "refused: a.jpg is empty" in told
    assert "later: b.mp4: still growing" in told
    assert told[-2] == "nothing new, 1 file refused, 1 file left for a later run"


def test_what_holds_an_account_is_told_once_with_its_end() -> None:
    holds = (
        Hold("instagram", "10 stories in 24 hours", datetime(2026, 11, 23, 18, 0, tzinfo=UTC)),
        Hold("second", "log in", None),
    )
    told = lines(Plan((story(treatment("instagram")),), holds=holds))
    assert "instagram waits: 10 stories in 24 hours; next at 2026-11-23 18:00 UTC" in told
    assert "second waits: log in. Next: storyrelay status" in told


def test_stickers_are_told_in_words_and_nothing_twice() -> None:
    stickers = (
        Sticker("link", "https://shop.example", 0.5, 0.8, 0.3, 0.05, "Order here"),
        Sticker("mention", "ana", 0.2, 0.5, 0.2, 0.05),
        Sticker("hashtag", "bread", 0.8, 0.2, 0.2, 0.05),
        Sticker("location", "Casa Lume", 0.5, 0.2, 0.2, 0.05),
    )
    texts = Texts("Fresh", "https://shop.example", ("ana",), ("bread",), None, stickers, close_friends=True)
    told = [line.strip() for line in lines(Plan((story(treatment("instagram", texts=texts)),)))]
    assert told[told.index("| Fresh") + 1 : -3] == [
        "sticker “Order here” at the bottom: https://shop.example",
        "sticker @ana in the middle, left",
        "sticker #bread at the top, right",
        "sticker Casa Lume at the top",
        "for close friends only",
    ]

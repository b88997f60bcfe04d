"""The layout of a contact sheet: whatever is shown, nothing lies on or beyond anything else."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.model import Rect, SafeArea, Size
from pipeline.report.preview.layout import FRAME, WIDEST_CARD_FRAMES, contained, lay_out, safe_rect

FRAMES = st.lists(st.sampled_from([1, WIDEST_CARD_FRAMES]), min_size=1, max_size=24)
LENGTH = st.integers(1, 5000)
MARGIN = st.floats(0, 0.49)
AREAS = st.builds(SafeArea, MARGIN, MARGIN, MARGIN, MARGIN)


def lies_in(inner: Rect, outer: Rect) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def overlap(one: Rect, other: Rect) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@given(FRAMES)
def test_no_card_lies_on_another_or_beyond_the_sheet(frames: list[int]) -> None:
    layout = lay_out(frames)
    sheet = Rect(0, 0, layout.size.width, layout.size.height)
    places = [card.place for card in layout.cards]
    assert all(lies_in(place, sheet) for place in places)
    assert not any(overlap(one, other) for one, other in combinations(places, 2))


@given(FRAMES)
def test_a_card_holds_its_frames_and_its_words_apart(frames: list[int]) -> None:
    for number, card in zip(frames, lay_out(frames).cards, strict=True):
        held = [*card.frames, card.words]
        assert len(card.frames) == number
        assert all(lies_in(one, card.place) for one in held)
        assert not any(overlap(one, other) for one, other in combinations(held, 2))


@given(FRAMES)
def test_cards_follow_each_other_as_words_do(frames: list[int]) -> None:
    starts = [(card.place.y, card.place.x) for card in lay_out(frames).cards]
    assert starts == sorted(starts)


@given(LENGTH, LENGTH)
def test_a_picture_is_as_large_as_its_place_allows_and_keeps_its_shape(width: int, height: int) -> None:
    outer = Rect(7, 9, FRAME.width, FRAME.height)
    inner = contained(Size(width, height), outer)
    assert lies_in(inner, outer)
    assert inner.width == outer.width or inner.height == outer.height
    assert abs(inner.width * height - inner.height * width) <= max(width, height)


@given(AREAS)
def test_the_safe_area_lies_in_the_canvas_by_its_own_margins(area: SafeArea) -> None:
    canvas = Rect(30, 40, FRAME.width, FRAME.height)
    safe = safe_rect(canvas, area)
    assert lies_in(safe, canvas)
    assert abs((safe.x - canvas.x) - area.left * canvas.width) <= 0.5
    assert abs((canvas.y + canvas.height) - (safe.y + safe.height) - area.bottom * canvas.height) <= 1


def test_more_than_a_sheet_can_hold_is_refused_with_what_to_do() -> None:
    with pytest.raises(ConfigError, match="--html"):
        lay_out([WIDEST_CARD_FRAMES] * 500)

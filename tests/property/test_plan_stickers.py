"""Whatever is to be tapped: stickers lie inside the safe area, none over another, none lost silently."""

from __future__ import annotations

import dataclasses
import itertools

from fakes.planning import INSTAGRAM
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Place, Profile, SafeArea, Sidecar, Size, Spot, Sticker
from pipeline.plan.stickers import WISHES, stickers_for

FRACTIONS = st.floats(0, 1)
SPOTS = st.builds(Spot, at=st.none() | st.tuples(FRACTIONS, FRACTIONS))
WORDS = st.lists(st.from_regex(r"[a-z_]{1,30}", fullmatch=True), max_size=24, unique=True).map(tuple)
SIDECARS = st.builds(
    Sidecar,
    link=st.none() | st.just("https://wa.me/15551234567"),
    mentions=WORDS,
    hashtags=WORDS,
    location=st.none() | st.builds(Place, st.text(min_size=1, max_size=60), id=st.just("1")),
    stickers=st.dictionaries(st.sampled_from(list(WISHES)), SPOTS),
)
MARGINS = st.floats(0, 0.49)
PROFILES = st.builds(
    lambda area, canvas: dataclasses.replace(INSTAGRAM, safe_area=area, canvas=canvas),
    st.builds(SafeArea, MARGINS, MARGINS, MARGINS, MARGINS),
    st.sampled_from([Size(1080, 1920), Size(720, 1280), Size(240, 4096)]),
)
ROUNDING = 1e-5


def edges(sticker: Sticker) -> tuple[float, float, float, float]:
    """Left, right, top, bottom."""
    half_width, half_height = sticker.width / 2, sticker.height / 2
    return sticker.x - half_width, sticker.x + half_width, sticker.y - half_height, sticker.y + half_height


@given(SIDECARS, PROFILES)
def test_every_sticker_lies_inside_the_safe_area(sidecar: Sidecar, profile: Profile) -> None:
    area = profile.safe_area
    for sticker in stickers_for(sidecar, profile).stickers:
        left, right, top, bottom = edges(sticker)
        assert left >= area.left - ROUNDING
        assert right <= 1 - area.right + ROUNDING
        assert top >= area.top - ROUNDING
        assert bottom <= 1 - area.bottom + ROUNDING
        assert sticker.width > 0


@given(SIDECARS, PROFILES)
def test_no_sticker_lies_over_another(sidecar: Sidecar, profile: Profile) -> None:
    for one, other in itertools.combinations(stickers_for(sidecar, profile).stickers, 2):
        left, right, top, bottom = edges(one)
        others_left, others_right, others_top, others_bottom = edges(other)
        assert right < others_left or others_right < left or bottom < others_top or others_bottom < top


@given(SIDECARS, PROFILES)
def test_everything_is_placed_or_told(sidecar: Sidecar, profile: Profile) -> None:
    found = stickers_for(sidecar, profile)
    wanted = [sidecar.link, *sidecar.mentions, *sidecar.hashtags, sidecar.location and sidecar.location.name]
    told = [note for note in found.notes if "sticker " in note]
    assert len(found.stickers) + len(told) == len([value for value in wanted if value])


@given(SIDECARS)
def test_a_usual_screen_has_room_for_a_link_that_a_person_placed(sidecar: Sidecar) -> None:
    spots = {"link": Spot(at=(0.5, 0.5))}
    wished = dataclasses.replace(sidecar, link="https://shop.example", stickers=spots)
    link = next(one for one in stickers_for(wished, INSTAGRAM).stickers if one.kind == "link")
    assert abs(link.x - 0.5) < 0.001
    assert abs(link.y - 0.5) < 0.001

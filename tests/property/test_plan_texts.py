"""Whatever people write: captions keep the limit, links stay whole, characters aren't torn."""

from __future__ import annotations

import dataclasses

from fakes.planning import INSTAGRAM, WHATSAPP, FakeCaptions
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Profile, Sidecar
from pipeline.plan.cutting import graphemes, shorten, units
from pipeline.plan.texts import Wording, texts_for

EMOJI = [
    "👩\u200d👩\u200d👧",
    "👍🏽",
    "🇩🇪",
    "1\ufe0f\u20e3",
    "e\u0301",
    " ",
    "\n",
    ", ",
    "https://a.example/b",
]
PROSE = st.lists(st.one_of(st.text(max_size=12), st.sampled_from(EMOJI)), max_size=30).map("".join)
WORDS = st.from_regex(r"[a-z]{1,12}", fullmatch=True)
LINKS = st.one_of(st.none(), st.from_regex(r"https://wa\.me/[0-9]{7,15}", fullmatch=True))
SIDECARS = st.builds(
    Sidecar,
    caption=PROSE,
    link=LINKS,
    mentions=st.lists(WORDS, max_size=5).map(tuple),
    hashtags=st.lists(WORDS, max_size=20).map(tuple),
)
PROFILES = st.builds(
    lambda profile, limit: dataclasses.replace(profile, caption_max_chars=limit),
    st.sampled_from([WHATSAPP, INSTAGRAM]),
    st.integers(0, 250),
)


def worded(sidecar: Sidecar, profile: Profile, ending: str) -> Wording:
    return texts_for(sidecar, "shop", profile, FakeCaptions(ending=ending))


@given(SIDECARS, PROFILES, PROSE)
def test_a_caption_never_exceeds_the_limit(sidecar: Sidecar, profile: Profile, ending: str) -> None:
    caption = worded(sidecar, profile, ending).texts.caption
    assert profile.caption_max_chars is not None
    assert units(caption) <= profile.caption_max_chars


@given(SIDECARS, PROFILES, PROSE)
def test_a_link_that_can_be_in_the_caption_is_there_and_whole(
    sidecar: Sidecar, profile: Profile, ending: str
) -> None:
    caption = worded(sidecar, profile, ending).texts.caption
    assert profile.caption_max_chars is not None
    if sidecar.link and units(sidecar.link) <= profile.caption_max_chars:
        assert sidecar.link in caption.split()


@given(SIDECARS, PROFILES, PROSE)
def test_nothing_is_cut_without_a_note(sidecar: Sidecar, profile: Profile, ending: str) -> None:
    whole = worded(sidecar, dataclasses.replace(profile, caption_max_chars=None), ending)
    wording = worded(sidecar, profile, ending)
    assert whole.notes == ()
    assert wording.notes or wording.texts.caption == whole.texts.caption


@given(PROSE, st.integers(0, 60))
def test_a_shortened_text_begins_like_the_original_and_tears_no_character(text: str, room: int) -> None:
    shortened = shorten(text, room)
    if shortened == text:
        return
    assert units(shortened) <= room
    kept = list(graphemes(shortened.removesuffix("…")))
    assert kept == list(graphemes(text))[: len(kept)]


@given(PROSE)
def test_graphemes_put_together_give_the_text(text: str) -> None:
    assert "".join(graphemes(text)) == text

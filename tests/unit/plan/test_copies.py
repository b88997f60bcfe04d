from __future__ import annotations

import dataclasses
from typing import Any

from fakes.planning import INSTAGRAM, WHATSAPP, asset, video

from pipeline.model import Audio, Cut, Facts, Part, Profile, Recipe, Texts, Treatment
from pipeline.plan import recipe_hash
from pipeline.plan.copies import copied_parts
from pipeline.plan.describe import recipe_in_words
from pipeline.plan.terms import Look
from pipeline.plan.videos import video_recipe

KBPS = 900


def long(duration_s: float = 130.0, every_s: float = 2.0, kbps: int = KBPS, **changes: Any) -> Facts:
    """A compliant video with a key frame every so often, at a constant bitrate."""
    count = int(duration_s / every_s - 0.001) + 1
    moments = [*(round(number * every_s, 6) for number in range(count)), duration_s]
    cuts = tuple(Cut(at_s, int(at_s * kbps * 125)) for at_s in moments)
    return video(duration_s=duration_s, bytes=cuts[-1].bytes_before, audio=None, cuts=cuts, **changes)


def recipe(facts: Facts, profile: Profile = WHATSAPP) -> Recipe:
    return video_recipe(asset(facts), Look("blur", "#101010", "#ffffff"), profile)


def limited(**limits: Any) -> Profile:
    return dataclasses.replace(WHATSAPP, video=dataclasses.replace(WHATSAPP.video, **limits))


def test_a_long_compliant_clip_is_cut_at_its_key_frames_and_not_encoded() -> None:
    cut = recipe(long())
    assert (cut.action, cut.plays, cut.canvas.width) == ("remux", 1, 1080)
    assert cut.parts == (Part(0, 44), Part(44, 88), Part(88, 130)) or cut.parts == (
        Part(0, 42),
        Part(42, 86),
        Part(86, 130),
    )
    assert cut.why == "130 s is above 60 s"
    assert cut.notes == ("split into 3 parts: the limit is 60 s",)


def test_people_read_that_nothing_is_made_anew() -> None:
    words = recipe_in_words(Treatment("whatsapp", recipe(long()), Texts()))
    assert words == [
        "WhatsApp Status: picture and sound stay as they are, 3 parts of up to 44.0 s; 130 s is above 60 s",
        "split into 3 parts: the limit is 60 s",
    ]


def test_one_part_more_is_better_than_an_encode() -> None:
    assert recipe(long(120.0, 8.0)).parts == (Part(0, 40), Part(40, 80), Part(80, 120))


def test_parts_come_as_even_as_the_key_frames_allow() -> None:
    cuts = tuple(Cut(at_s, 0) for at_s in (0.0, 11.0, 31.0, 36.0, 49.0, 58.0, 70.0))
    assert copied_parts(video(duration_s=70.0, audio=None, cuts=cuts), WHATSAPP, 2) == (
        Part(0, 36),
        Part(36, 70),
    )


def test_key_frames_too_far_apart_ask_for_an_encode_that_says_so() -> None:
    encoded = recipe(long(130.0, 65.0))
    assert encoded.action == "transcode"
    assert encoded.why == "130 s is above 60 s; parts cut at its key frames wouldn't fit"
    assert len(encoded.parts) == 3


def test_every_part_keeps_to_the_limit_in_bytes() -> None:
    heavy = long(kbps=4_000)  # 20 MB in 44 s
    assert recipe(heavy).action == "transcode"
    assert recipe(heavy, INSTAGRAM).action == "remux"
    assert len(recipe(long(130.0, kbps=3_000)).parts) == 4


def test_a_stretch_with_most_of_the_bytes_is_cut_shorter() -> None:
    cuts = [(0, 0), (20, 9_000_000), (35, 16_100_000), (50, 16_200_000), (70, 16_500_000)]
    facts = video(
        duration_s=70.0, audio=None, bytes=16_500_000, cuts=tuple(Cut(at, count) for at, count in cuts)
    )
    assert recipe(facts).parts == (Part(0, 20), Part(20, 70))


def test_no_part_is_too_short() -> None:
    cuts = (Cut(0, 0), Cut(20, 0), Cut(59, 0), Cut(61, 0))
    facts = video(duration_s=61.0, audio=None, cuts=cuts, bytes=5_000_000)
    assert recipe(facts, limited(min_seconds=1)).parts == (Part(0, 20), Part(20, 61))
    assert recipe(facts, limited(min_seconds=25)).action == "transcode"


def test_a_few_frames_too_many_are_still_trimmed_and_not_split_off() -> None:
    trimmed = recipe(long(60.04))
    assert (trimmed.action, len(trimmed.parts)) == ("transcode", 1)
    assert trimmed.why == "60.04 s is above 60 s"


def test_anything_else_that_is_wrong_asks_for_an_encode() -> None:
    for wrong in ({"edit_list": True}, {"vfr": True}, {"rotation": 90}, {"fps": 60.0}):
        assert recipe(long(**wrong)).action == "transcode"


def test_sound_that_ends_before_the_last_part_asks_for_an_encode_that_fills_it_with_silence() -> None:
    for ends_s, action in ((85.0, "transcode"), (95.0, "remux"), (None, "remux")):
        facts = dataclasses.replace(long(), audio=Audio("aac", 2, 48_000, "LC", ends_s))
        assert recipe(facts).action == action


def test_what_only_a_new_wrapping_needs_can_be_cut_as_well() -> None:
    for wrapping in ({"metadata": True}, {"faststart": False}, {"container": "mov"}):
        assert recipe(long(**wrapping)).action == "remux"


def test_parts_of_a_copy_have_names_of_their_own() -> None:
    whole = dataclasses.replace(recipe(long()), parts=(Part(0, 130),))
    other = dataclasses.replace(recipe(long()), parts=(Part(0, 60), Part(60, 130)))
    assert len({recipe_hash(recipe(long())), recipe_hash(whole), recipe_hash(other)}) == 3


def test_a_video_full_of_key_frames_is_planned_in_no_time_and_evenly() -> None:
    lengths_s = [part.end_s - part.start_s for part in recipe(long(600.0, 0.3)).parts]
    assert len(lengths_s) in {10, 11}
    assert max(lengths_s) - min(lengths_s) <= 3

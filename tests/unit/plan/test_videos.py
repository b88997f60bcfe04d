from __future__ import annotations

import dataclasses

import pytest
from fakes.planning import FITTING_VIDEO, INSTAGRAM, WHATSAPP, animation, asset, video

from pipeline.errors import BudgetError, UnreadableError
from pipeline.model import Audio, Facts, Part, Profile, Recipe, Size
from pipeline.plan.terms import Look
from pipeline.plan.videos import video_recipe

BLUR = Look("blur", "#101010", "#ffffff")


def recipe(facts: Facts, profile: Profile = WHATSAPP) -> Recipe:
    return video_recipe(asset(facts), BLUR, profile)


def test_a_fitting_clip_is_passed_through_in_its_own_size() -> None:
    small = recipe(video(width=720, height=1280, bytes=2_000_000))
    assert small.action == "passthrough"
    assert small.canvas == Size(720, 1280)
    assert small.notes == ()


def test_a_clip_in_the_wrong_wrapping_is_wrapped_anew_and_says_why() -> None:
    wrapped = recipe(video(faststart=False))
    assert (wrapped.action, wrapped.why) == ("remux", "its index is moved to the front")


def test_a_landscape_clip_is_encoded_and_says_why() -> None:
    encoded = recipe(video(width=1920, height=1080))
    assert encoded.action == "transcode"
    assert encoded.why == "it is 1920×1080, not 1080×1920"
    assert encoded.background is None


def test_a_long_clip_is_split_evenly() -> None:
    long = recipe(video(duration_s=70.0, audio=None))
    assert long.parts == (Part(0, 35), Part(35, 70))
    assert "split into 2 parts: the limit is 60 s" in long.notes


def test_an_overhang_is_trimmed_and_people_are_told() -> None:
    trimmed = recipe(video(duration_s=60.04))
    assert trimmed.action == "transcode"
    assert "the last 0.04 s are cut off: the limit is 60 s a part" in trimmed.notes


def test_the_bitrate_is_what_the_longest_part_can_afford() -> None:
    minute = recipe(video(duration_s=60.0, width=1920, height=1080))
    two_parts = recipe(video(duration_s=70.0, width=1920, height=1080))
    assert minute.video_kbps == 1926
    assert two_parts.video_kbps == 3329


def test_the_bitrate_never_passes_what_the_platform_can_use() -> None:
    assert recipe(video(duration_s=5.0, width=1920, height=1080)).video_kbps == 5000


def test_a_clip_without_sound_stays_silent() -> None:
    assert recipe(video(audio=None, width=1920, height=1080)).audio_kbps is None
    assert recipe(video(width=1920, height=1080)).audio_kbps == 128


def test_a_short_clip_is_repeated_where_the_platform_wants_it_longer() -> None:
    short = video(duration_s=1.2, audio=Audio("aac", 2, 48_000, "LC", 1.2), bytes=200_000)
    repeated = recipe(short, INSTAGRAM)
    assert (repeated.action, repeated.plays, repeated.audio_kbps) == ("transcode", 3, 128)
    assert repeated.parts == (Part(0, 1.2),)
    assert "shown 3 times: 1.2 s alone is too short" in repeated.notes
    assert recipe(short).action == "passthrough"


def test_an_animation_is_shown_until_three_seconds_have_passed() -> None:
    shown = recipe(animation(duration_s=0.7))
    assert (shown.action, shown.plays, shown.audio_kbps, shown.fps) == ("transcode", 5, None, 30)


def test_the_budget_is_shared_by_all_showings() -> None:
    tight = dataclasses.replace(WHATSAPP, video=dataclasses.replace(WHATSAPP.video, max_bytes=1_000_000))
    twice = recipe(animation(duration_s=2.5), tight)
    once = recipe(animation(duration_s=5.0), tight)
    assert (twice.plays, once.plays) == (2, 1)
    assert twice.video_kbps == once.video_kbps


def test_a_long_animation_is_split_like_a_video() -> None:
    assert len(recipe(animation(duration_s=61.5)).parts) == 2


def test_people_are_told_what_is_changed() -> None:
    hdr = video(hdr="hlg", vfr=True, interlaced=True, audio=Audio("ac3", 6, 48_000))
    assert recipe(hdr).notes == (
        "variable frame rate made constant: 30 fps",
        "HDR (hlg) made SDR",
        "interlaced lines joined",
        "sound mixed down from 6 channels to stereo",
    )


def test_people_are_told_when_the_picture_must_suffer() -> None:
    limits = dataclasses.replace(WHATSAPP.video, max_seconds=180)
    profile = dataclasses.replace(WHATSAPP, video=limits)
    notes = recipe(video(duration_s=180.0, width=1920, height=1080), profile).notes
    assert notes == (
        "720×1280, as 1080 would be blocky at 0.6 Mbit/s",
        "180 s in 16.0 MB leaves 564 kbit/s: motion may look blocky; "
        "a lower platforms.whatsapp_status.video.max_seconds gives shorter parts",
    )


def test_a_hopeless_budget_is_refused_and_names_the_setting() -> None:
    limits = dataclasses.replace(WHATSAPP.video, max_seconds=600)
    profile = dataclasses.replace(WHATSAPP, video=limits)
    with pytest.raises(BudgetError, match=r"beach: .*lower platforms\.whatsapp_status\.video\.max_seconds"):
        recipe(video(duration_s=600.0, width=1920, height=1080), profile)


@pytest.mark.parametrize("duration_s", [None, 0.0])
def test_a_clip_of_unknown_length_is_refused(duration_s: float | None) -> None:
    with pytest.raises(UnreadableError, match=r"beach: it doesn't say how long it is"):
        recipe(dataclasses.replace(FITTING_VIDEO, duration_s=duration_s))

"""Platform facts, and a person's own figures over them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.config import Settings, known_platforms
from pipeline.model import PhotoLimits, SafeArea, Size, VideoLimits

Load = Callable[..., Settings]
Problems = Callable[..., list[str]]


def test_the_known_platforms_are_the_files() -> None:
    assert known_platforms() == ["facebook_story", "instagram_story", "whatsapp_status"]


def test_only_platforms_that_a_destination_uses_have_a_profile(load: Load) -> None:
    assert set(load("inbox: in\n").profiles) == {"whatsapp_status", "instagram_story"}
    one = "inbox: in\ndestinations: {page: {platform: facebook_story, enabled: false}}\n"
    assert set(load(one).profiles) == {"facebook_story"}


def test_whatsapps_profile_is_what_is_believed_of_it(load: Load) -> None:
    profile = load("inbox: in\n").profiles["whatsapp_status"]
    assert profile.name == "whatsapp_status"
    assert isinstance(profile.as_of, date)
    assert profile.canvas == Size(1080, 1920)
    assert profile.safe_area == SafeArea(left=0.06, right=0.06, top=0.15, bottom=0.20)
    assert profile.photo == PhotoLimits(max_bytes=16_000_000, quality=88)
    assert profile.video == VideoLimits(
        max_seconds=60, min_seconds=1, max_bytes=16_000_000, max_fps=30, max_video_kbps=5000, audio_kbps=128
    )
    assert (profile.caption_max_chars, profile.lifetime_hours) == (700, 24)


def test_instagrams_limits_differ_where_it_says_so(load: Load) -> None:
    profile = load("inbox: in\n").profiles["instagram_story"]
    assert (profile.video.min_seconds, profile.video.max_seconds) == (3, 60)
    assert (profile.photo.max_bytes, profile.video.max_bytes) == (8_000_000, 100_000_000)
    assert profile.caption_max_chars is None


def test_own_figures_win_and_leave_the_others_alone(load: Load) -> None:
    plain = load("inbox: in\n").profiles["whatsapp_status"]
    written = "platforms: {whatsapp_status: {video: {max_seconds: 90}, caption_max_chars: null}}"
    own = load(f"inbox: in\n{written}\n").profiles["whatsapp_status"]
    assert (own.video.max_seconds, own.caption_max_chars) == (90, None)
    assert (own.video.max_bytes, own.canvas, own.photo) == (plain.video.max_bytes, plain.canvas, plain.photo)


def test_an_own_figure_may_come_from_the_command_line(load: Load) -> None:
    settings = load("inbox: in\n", "platforms.whatsapp_status.video.max_seconds=30")
    assert settings.profiles["whatsapp_status"].video.max_seconds == 30


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("whatsap_status: {}", "platforms.whatsap_status: unknown platform; did you mean whatsapp_status?"),
        ("instagram_story: {video: {max_seconds: 2}}", "a video of at least 3 s can't have at most 2 s"),
        (
            "instagram_story: {video: {maxseconds: 9}}",
            "video.maxseconds: unknown key; did you mean max_seconds?",
        ),
        ("instagram_story: {canvas: {width: 1081}}", "canvas.width: '1081' must be a multiple of 2"),
        ("instagram_story: {safe_area: {top: 0.5}}", "safe_area.top: '0.5' is too large: less than 0.5"),
        ("instagram_story: {photo: {quality: 100}}", "photo.quality: '100' is too large: at most 95"),
        ("instagram_story: {caption_max_chars: 0}", "caption_max_chars: '0' is too small"),
        ("instagram_story: {lifetime_hours: soon}", "lifetime_hours: 'soon' is not a number"),
    ],
)
def test_own_figures_are_checked_where_they_are_written(problems: Problems, written: str, said: str) -> None:
    (problem,) = problems(f"inbox: in\nplatforms:\n  {written}\n")
    assert problem.startswith("storyrelay.yaml:3: platforms.")
    assert said in problem

from __future__ import annotations

from typing import Any

import pytest
from fakes.planning import FITTING_VIDEO, INSTAGRAM, WHATSAPP, photo, video

from pipeline.model import Audio, Colour
from pipeline.plan.passthrough import Gate, photo_gate, video_gate


def test_a_portrait_photo_that_already_fits_is_passed_through() -> None:
    assert photo_gate(photo(), WHATSAPP) == Gate("passthrough")


def test_a_smaller_portrait_photo_that_fits_is_passed_through() -> None:
    assert photo_gate(photo(width=720, height=1280), WHATSAPP) == Gate("passthrough")


def test_a_fitting_photo_with_metadata_only_loses_that() -> None:
    assert photo_gate(photo(metadata=True), WHATSAPP) == Gate("remux", ("its metadata is removed",))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"width": 1920, "height": 1080}, "it is 1920×1080, not 1080×1920"),
        ({"container": "png", "codec": "png"}, "it is png, not JPEG"),
        ({"rotation": 90}, "it is stored turned or mirrored"),
        ({"mirrored": True}, "it is stored turned or mirrored"),
        ({"pix_fmt": "CMYK"}, "its pixels are CMYK, not RGB"),
        ({"icc": True}, "its colours aren't sRGB"),
        ({"alpha": True}, "it has transparent parts"),
        ({"bytes": 17_000_000}, "17.0 MB is above 16.0 MB"),
    ],
)
def test_a_photo_that_does_not_fit_says_why(changes: dict[str, Any], why: str) -> None:
    assert photo_gate(photo(**changes), WHATSAPP) == Gate(None, (why,))


def test_a_video_that_already_fits_is_passed_through() -> None:
    assert video_gate(FITTING_VIDEO, WHATSAPP) == Gate("passthrough")


def test_a_fitting_video_without_sound_or_colour_tags_is_passed_through() -> None:
    assert video_gate(video(audio=None, colour=Colour()), WHATSAPP) == Gate("passthrough")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"container": "mov"}, "it is put into an MP4"),
        ({"faststart": False}, "its index is moved to the front"),
        ({"metadata": True}, "its metadata is removed"),
        ({"extra_streams": 1}, "its other tracks are removed"),
    ],
)
def test_a_fitting_video_in_the_wrong_wrapping_is_only_wrapped_anew(
    changes: dict[str, Any], why: str
) -> None:
    assert video_gate(video(**changes), WHATSAPP) == Gate("remux", (why,))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"codec": "hevc"}, "it is hevc, not H.264"),
        ({"edit_list": True}, "its edit list hides frames that a copy would show again"),
        ({"profile": "High 10"}, "H.264 profile High 10 isn't High or below"),
        ({"profile": None}, "H.264 profile unknown isn't High or below"),
        ({"level": 51}, "H.264 level 5.1 isn't 4.2 or below"),
        ({"level": None}, "H.264 level unknown isn't 4.2 or below"),
        ({"pix_fmt": "yuvj420p"}, "its pixels are yuvj420p, not yuv420p"),
        ({"interlaced": True}, "it is interlaced"),
        ({"hdr": "hlg"}, "it is HDR (hlg)"),
        ({"colour": Colour("smpte170m")}, "its colours aren't BT.709"),
        ({"colour": Colour(full_range=True)}, "its colours are full range"),
        ({"vfr": True}, "its frame rate varies"),
        ({"fps": None}, "its frame rate varies"),
        ({"fps": 60.0}, "60 fps is above 30"),
        ({"fps": 15.0}, "15 fps is below 23"),
        ({"sample_aspect": 1.333}, "its pixels aren't square"),
        ({"rotation": 90}, "it is stored turned or mirrored"),
        ({"width": 1078}, "it is 1078×1920, not 1080×1920"),
        ({"duration_s": None, "audio": None, "bytes": 1}, "its length isn't known"),
        ({"duration_s": 61.0}, "61 s is above 60 s"),
        ({"audio": Audio("aac", 6, 48_000, "LC")}, "its sound has 6 channels"),
        ({"audio": Audio("aac", 2, 96_000, "LC")}, "its sound has 96000 Hz"),
        ({"audio": Audio("aac", 2, 48_000, "HE-AAC")}, "its sound is aac HE-AAC, not AAC-LC"),
        ({"audio": Audio("mp3", 2, 48_000)}, "its sound is mp3, not AAC-LC"),
        ({"audio": Audio("aac", 2, 48_000, "LC", 26.0)}, "its sound is longer than its picture"),
        ({"bytes": 15_000_000}, "6.0 Mbit/s is above 5.1"),
    ],
)
def test_a_video_that_does_not_fit_says_why(changes: dict[str, Any], why: str) -> None:
    gate = video_gate(video(**changes), WHATSAPP)
    assert (gate.copy, gate.why) == (None, (why,))


def test_only_a_length_above_the_limit_can_be_helped_by_parts() -> None:
    long = {"duration_s": 130.0, "audio": None, "bytes": 20_000_000}
    assert video_gate(video(**long), WHATSAPP).in_parts
    assert not video_gate(video(), WHATSAPP).in_parts
    assert not video_gate(video(bytes=17_000_000, duration_s=50.0), WHATSAPP).in_parts
    assert not video_gate(video(**long, codec="hevc"), WHATSAPP).in_parts
    assert not video_gate(video(**{**long, "bytes": 100_000_000}), WHATSAPP).in_parts


def test_a_short_video_fits_only_where_short_ones_are_taken() -> None:
    short = video(duration_s=2.0, audio=None, bytes=500_000)
    assert video_gate(short, WHATSAPP).copy == "passthrough"
    assert video_gate(short, INSTAGRAM) == Gate(None, ("2 s is below 3 s",))


def test_a_measured_rate_a_hair_above_the_limit_is_the_limit() -> None:
    assert video_gate(video(fps=30.0003), WHATSAPP).copy == "passthrough"


def test_all_reasons_are_given() -> None:
    assert len(video_gate(video(width=1920, height=1080, fps=60.0, hdr="pq"), WHATSAPP).why) == 3

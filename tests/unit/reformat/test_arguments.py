from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fakes.orders import recipe_for
from fakes.planning import animation, asset, video

from pipeline.model import Audio, Facts, Part
from pipeline.reformat.arguments import Call, TwoPass, encode_arguments, remux_arguments, two_pass_arguments
from pipeline.reformat.order import Order
from pipeline.reformat.video import average_kbps

TARGET = Path("/store/result.mp4")


def call_for(facts: Facts, part: int = 1, threads: int = 2, **changes: Any) -> Call:
    order = Order(asset(facts), recipe_for(facts, **changes), part)
    return Call(order, Path("/inbox/beach.mp4"), threads)


def after(arguments: list[str], option: str) -> str:
    return arguments[arguments.index(option) + 1]


def test_a_later_part_is_sought_before_it_is_read() -> None:
    call = call_for(video(duration_s=100.0), part=2, parts=(Part(0, 43.333), Part(43.333, 100)))

    arguments = encode_arguments(call, TARGET)

    assert after(arguments, "-ss") == "43.333000"
    assert arguments.index("-ss") < arguments.index("-i")
    assert after(arguments, "-frames:v") == "1700"


@pytest.mark.parametrize(("threads", "usual", "large"), [(1, "1", "1"), (2, "2", "1"), (16, "4", "2")])
def test_large_pictures_are_decoded_by_fewer_threads(threads: int, usual: str, large: str) -> None:
    for facts, decoders in ((video(), usual), (video(width=2160, height=3840), large)):
        arguments = encode_arguments(call_for(facts, threads=threads), TARGET)
        assert after(arguments, "-threads") == after(arguments, "-filter_complex_threads") == decoders


def test_the_preset_of_the_recipe_is_the_encoders() -> None:
    assert after(encode_arguments(call_for(video(), preset="medium"), TARGET), "-preset") == "medium"


@pytest.mark.parametrize(("seconds", "fps", "frames"), [(60, 30, 1800), (60.03, 30, 1800), (0.001, 30, 1)])
def test_a_part_never_has_more_frames_than_its_time_allows(seconds: float, fps: float, frames: int) -> None:
    call = call_for(video(duration_s=seconds), fps=fps)

    assert after(encode_arguments(call, TARGET), "-frames:v") == str(frames)


def test_the_ceiling_of_the_recipe_bounds_the_rate_over_two_seconds() -> None:
    arguments = encode_arguments(call_for(video(), video_kbps=1860, quality=21), TARGET)

    assert (after(arguments, "-crf"), after(arguments, "-maxrate"), after(arguments, "-bufsize")) == (
        "21",
        "1860k",
        "3720k",
    )


def test_sound_is_stereo_and_ends_before_the_picture_does() -> None:
    arguments = encode_arguments(call_for(video(duration_s=60.0), audio_kbps=96), TARGET)

    assert after(arguments, "-b:a") == "96k"
    assert "end_sample=2879488" in after(arguments, "-filter:a")  # the last whole AAC frame before 60 s


@pytest.mark.parametrize(
    ("facts", "audio_kbps"), [(video(audio=None), 128), (video(), None), (animation(), None)]
)
def test_what_is_to_be_silent_has_no_sound_track(facts: Facts, audio_kbps: int | None) -> None:
    assert "-an" in encode_arguments(call_for(facts, audio_kbps=audio_kbps), TARGET)
    assert "-an" in remux_arguments(call_for(facts, audio_kbps=audio_kbps), TARGET)


def test_nothing_that_tells_about_the_person_is_copied() -> None:
    for arguments in (
        encode_arguments(call_for(video()), TARGET),
        remux_arguments(call_for(video()), TARGET),
    ):
        assert after(arguments, "-map_metadata") == "-1"
        assert after(arguments, "-map_chapters") == "-1"
        assert after(arguments, "-movflags") == "+faststart+negative_cts_offsets"


def test_names_can_never_be_taken_for_options_or_addresses() -> None:
    facts = video()
    order = Order(asset(facts), recipe_for(facts), 1)
    arguments = encode_arguments(Call(order, Path("http:-y%d.mp4"), 1), TARGET)

    assert after(arguments, "-i").startswith("file:/")
    assert after(arguments, "-protocol_whitelist") == "file"


def test_repeats_are_left_to_the_demuxer() -> None:
    assert after(encode_arguments(call_for(animation(), plays=3), TARGET), "-stream_loop") == "2"


def test_threads_stay_within_the_memory_of_a_child() -> None:
    arguments = encode_arguments(call_for(video(), threads=64), TARGET)

    assert after(arguments, "-threads") == "4"
    assert after(arguments, "-threads:v") == "8"


def test_the_first_of_two_passes_writes_nothing() -> None:
    call = call_for(video(duration_s=10.0))

    first = two_pass_arguments(call, TARGET, TwoPass(1, 900, Path("/scratch/log")))
    second = two_pass_arguments(call, TARGET, TwoPass(2, 900, Path("/scratch/log")))

    assert (first[-3:], second[-1]) == (["-f", "null", "-"], "file:/store/result.mp4")
    assert after(first, "-b:v") == after(second, "-b:v") == "900k"


@pytest.mark.parametrize("sound", [None, Audio("aac", 2, 48_000, "LC", 60.0)])
def test_the_second_try_aims_below_the_limit(sound: Audio | None) -> None:
    call = call_for(video(duration_s=60.0, audio=sound), max_bytes=16_000_000, audio_kbps=128)

    kbps = average_kbps(call.order) + (128 if sound else 0)

    assert 0.95 * 16_000_000 < kbps * 60 * 1000 / 8 < 0.97 * 16_000_000


def test_transparent_webm_is_read_by_the_decoder_that_knows_of_it() -> None:
    arguments = encode_arguments(call_for(video(codec="vp9", alpha=True)), TARGET)

    assert arguments.index("libvpx-vp9") < arguments.index("-i")

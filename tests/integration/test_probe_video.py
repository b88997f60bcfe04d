from __future__ import annotations

import os
from pathlib import Path

import pytest
from fakes.media import PLAIN, Clip, ffmpeg, first_frame, picture, save_clip, save_photo
from PIL import ImageChops, ImageOps, ImageStat

from pipeline.model import Audio, Colour
from pipeline.tools.probe import probe

X264 = PLAIN.coding
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1")
SILENT = Clip(sound=False)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain clip with sound; tests must leave it as it is."""
    return save_clip(tmp_path_factory.mktemp("clip") / "plain.mp4")


def remuxed(source: Path, target: Path, *options: str, before: tuple[str, ...] = ()) -> Path:
    ffmpeg(*before, "-i", source, "-map", "0", "-c", "copy", *options, target)
    return target


def test_a_plain_clip_is_described_in_full(clip: Path) -> None:
    facts = probe(clip)

    assert (facts.kind, facts.container, facts.codec, facts.pix_fmt) == ("video", "mp4", "h264", "yuv420p")
    assert (facts.width, facts.height, facts.rotation, facts.mirrored) == (96, 64, 0, False)
    assert facts.duration_s == pytest.approx(1.0, abs=0.001)
    assert facts.fps == pytest.approx(25)
    assert (facts.vfr, facts.interlaced, facts.edit_list, facts.hdr) == (False, False, False, None)
    assert facts.audio is not None
    assert facts.audio.duration_s == pytest.approx(1.0, abs=0.05)
    assert (facts.audio.codec, facts.audio.profile) == ("aac", "LC")
    assert (facts.audio.channels, facts.audio.sample_rate) == (1, 48000)
    assert (facts.extra_streams, facts.metadata, facts.faststart) == (0, False, False)
    assert (facts.profile, facts.level) == ("Constrained Baseline", 10)


@pytest.mark.parametrize("flip", [(), ("-display_hflip",)])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_every_display_matrix_is_read_as_ffmpeg_shows_it(
    tmp_path: Path, degrees: int, flip: tuple[str, ...]
) -> None:
    still = save_photo(tmp_path / "mark.png", picture((96, 64)))
    stored = tmp_path / "stored.mp4"
    ffmpeg("-loop", "1", "-i", still, "-frames:v", "2", *X264, stored)
    turned = remuxed(stored, tmp_path / "turned.mp4", before=("-display_rotation", str(degrees), *flip))

    facts = probe(turned)

    shown, wanted = first_frame(stored), first_frame(turned)
    shown = (ImageOps.mirror(shown) if facts.mirrored else shown).rotate(-facts.rotation, expand=True)
    assert (facts.width, facts.height) == wanted.size == shown.size
    assert max(ImageStat.Stat(ImageChops.difference(shown, wanted)).mean) < 2
    assert facts.mirrored == bool(flip)


def test_the_turn_of_other_containers_comes_from_the_first_frame(clip: Path, tmp_path: Path) -> None:
    facts = probe(remuxed(clip, tmp_path / "turned.mkv", before=("-display_rotation", "-90")))

    assert (facts.container, facts.rotation, facts.width, facts.height) == ("matroska", 90, 64, 96)


def test_wide_pixels_are_made_square(tmp_path: Path) -> None:
    facts = probe(save_clip(tmp_path / "wide.mp4", Clip(filters="setsar=4/3")))

    assert (facts.width, facts.height) == (128, 64)
    assert facts.sample_aspect == pytest.approx(4 / 3)


@pytest.mark.parametrize(("transfer", "hdr"), [("arib-std-b67", "hlg"), ("smpte2084", "pq"), ("bt709", None)])
def test_hdr_is_told_by_the_transfer_curve(tmp_path: Path, transfer: str, hdr: str | None) -> None:
    tags = (
        f"format=yuv420p,setparams=range=tv:color_primaries=bt2020:color_trc={transfer}:colorspace=bt2020nc"
    )

    facts = probe(save_clip(tmp_path / "hdr.mp4", Clip(filters=tags)))

    assert facts.hdr == hdr
    assert facts.colour == Colour("bt2020nc", "bt2020", transfer)


def test_the_bitstream_is_believed_where_the_container_says_something_else(tmp_path: Path) -> None:
    tags = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    honest = save_clip(tmp_path / "sdr.mp4", Clip(filters=tags, sound=False))

    facts = probe(
        remuxed(honest, tmp_path / "liar.mp4", "-bsf:v", "h264_metadata=transfer_characteristics=16")
    )

    assert facts.hdr == "pq"


def test_full_range_is_noticed(tmp_path: Path) -> None:
    facts = probe(save_clip(tmp_path / "full.mp4", Clip(coding=(*X264[:-1], "yuvj420p"))))

    assert facts.colour.full_range


def test_interlaced_lines_are_noticed(tmp_path: Path) -> None:
    coding = (*X264, "-x264-params", "interlaced=1", "-flags", "+ilme+ildct")

    assert probe(save_clip(tmp_path / "tv.mp4", Clip(coding=coding))).interlaced
    assert probe(save_clip(tmp_path / "tv.ts", Clip(coding=coding))).interlaced


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_dropped_frames_make_the_rate_variable(tmp_path: Path, suffix: str) -> None:
    gaps = Clip(filters="select='not(between(n,5,9))'", muxing=("-fps_mode", "vfr"))

    assert probe(save_clip(tmp_path / f"gaps.{suffix}", gaps)).vfr
    assert not probe(save_clip(tmp_path / f"even.{suffix}", Clip(fps=30))).vfr


def test_a_cut_by_edit_list_is_told_from_what_encoders_leave(clip: Path, tmp_path: Path) -> None:
    reordered = save_clip(
        tmp_path / "bframes.mp4", Clip(coding=(*X264, "-bf", "3", "-b_strategy", "0", "-refs", "4"))
    )
    assert not probe(reordered).edit_list

    cut = remuxed(clip, tmp_path / "cut.mp4", before=("-ss", "0.5"))
    facts = probe(cut)
    assert facts.edit_list
    assert facts.duration_s == pytest.approx(0.5, abs=0.05)


def test_faststart_is_the_index_before_the_picture(clip: Path, tmp_path: Path) -> None:
    assert probe(remuxed(clip, tmp_path / "fast.mp4", "-movflags", "+faststart")).faststart
    fragments = probe(remuxed(clip, tmp_path / "parts.mp4", "-movflags", "+frag_keyframe+empty_moov"))
    assert not fragments.faststart
    assert fragments.duration_s == pytest.approx(1.0, abs=0.05)
    assert fragments.fps == pytest.approx(25, rel=0.05)


@pytest.mark.parametrize(
    "tag", ["title=At home", "location=+48.1+011.5/", "comment=x", "creation_time=2026-01-02T03:04:05Z"]
)
def test_tags_that_tell_about_a_person_are_metadata(clip: Path, tmp_path: Path, tag: str) -> None:
    assert probe(remuxed(clip, tmp_path / "tagged.mp4", "-metadata", tag)).metadata


def test_an_unknown_box_is_metadata_and_no_damage(clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "trailer.mp4"
    path.write_bytes(clip.read_bytes() + b"\0\0\0\x10sefdsecrets!" + b"\xff\xff\xff\xffjunk")

    assert probe(path).metadata


def test_everything_beyond_one_picture_and_one_sound_counts_as_extra(clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "more.mp4"
    ffmpeg(
        "-i", clip, "-i", clip, "-map", "0:v", "-map", "0:a", "-map", "1:v", "-map", "1:a", "-c", "copy", path
    )

    assert probe(path).extra_streams == 2


def test_cover_art_is_not_the_picture(clip: Path, tmp_path: Path) -> None:
    cover = save_photo(tmp_path / "cover.png", picture((40, 40)))
    path = tmp_path / "song.mp4"
    ffmpeg(
        "-i",
        cover,
        "-i",
        clip,
        "-map",
        "0",
        "-map",
        "1",
        "-c",
        "copy",
        "-disposition:v:0",
        "attached_pic",
        path,
    )

    facts = probe(path)

    assert (facts.width, facts.codec, facts.extra_streams) == (96, "h264", 1)


def test_a_disabled_track_is_passed_over(clip: Path, tmp_path: Path) -> None:
    small = save_clip(tmp_path / "small.mp4", Clip(size=(64, 48), sound=False))
    path = tmp_path / "two.mp4"
    ffmpeg(
        "-i", small, "-i", clip, "-map", "0:v", "-map", "1:v", "-c", "copy",
        "-disposition:v:0", "0", "-disposition:v:1", "default", path,
    )  # fmt: skip

    facts = probe(path)

    assert (facts.width, facts.picture_stream) == (96, 1)


def test_a_browser_recording_without_a_length_is_measured(tmp_path: Path) -> None:
    coding = ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus")
    facts = probe(save_clip(tmp_path / "call.webm", Clip(coding=coding, muxing=("-live", "1", "-f", "webm"))))

    assert facts.duration_s == pytest.approx(1.0, abs=0.05)
    assert (facts.codec, facts.audio and facts.audio.codec) == ("vp8", "opus")


@pytest.mark.parametrize(
    ("suffix", "coding", "codec"),
    [
        ("mov", HEVC, "hevc"),
        ("avi", ("-c:v", "mpeg4"), "mpeg4"),
        ("mp4", ("-c:v", "mpeg4"), "mpeg4"),
        ("mov", ("-c:v", "prores_ks"), "prores"),
        ("mpg", ("-c:v", "mpeg2video"), "mpeg2video"),
        ("ts", X264, "h264"),
        ("webm", ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"), "vp9"),
        ("mp4", ("-c:v", "libsvtav1", "-preset", "12"), "av1"),
    ],
)
def test_what_cameras_and_phones_write_is_read(
    tmp_path: Path, suffix: str, coding: tuple[str, ...], codec: str
) -> None:
    facts = probe(save_clip(tmp_path / f"clip.{suffix}", Clip(coding=coding, sound=False, seconds=0.4)))

    assert (facts.kind, facts.codec, facts.width, facts.height, facts.audio) == ("video", codec, 96, 64, None)
    assert facts.duration_s == pytest.approx(0.4, abs=0.1)
    assert facts.fps == pytest.approx(25, rel=0.05)
    assert not facts.vfr


def test_names_that_look_like_addresses_or_are_not_text_are_files_all_the_same(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("data:beach.mp4", "%03d.mp4", os.fsdecode(b"caf\xe9.mp4")):
        path = Path(name)
        path.write_bytes(clip.read_bytes())
        assert probe(path).kind == "video"


def test_the_sound_of_six_channels_is_described(tmp_path: Path) -> None:
    coding = ("-ac", "6", "-c:a", "aac", *X264)

    audio = probe(save_clip(tmp_path / "cinema.mp4", Clip(coding=coding))).audio

    assert isinstance(audio, Audio)
    assert audio.channels == 6

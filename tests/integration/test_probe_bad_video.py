from __future__ import annotations

from pathlib import Path

import pytest
from fakes.media import PLAIN, Clip, ffmpeg, save_clip

from pipeline.errors import CutShortError, TooLargeError, UnreadableError
from pipeline.tools.probe import probe

X264 = PLAIN.coding
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain clip with sound; tests must leave it as it is."""
    return save_clip(tmp_path_factory.mktemp("clip") / "plain.mp4")


def remuxed(source: Path, target: Path, *options: str) -> Path:
    ffmpeg("-i", source, "-map", "0", "-c", "copy", *options, target)
    return target


def test_sound_alone_is_no_story(tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    ffmpeg("-f", "lavfi", "-i", "sine=duration=0.3", path)

    with pytest.raises(UnreadableError, match=r"^song\.mp4 has only sound"):
        probe(path)


@pytest.mark.parametrize("movflags", ["+faststart", "0"])
def test_a_video_that_is_cut_short_says_so(clip: Path, tmp_path: Path, movflags: str) -> None:
    path = remuxed(clip, tmp_path / "half.mp4", "-movflags", movflags)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])

    with pytest.raises(CutShortError, match=r"^half\.mp4 is cut short"):
        probe(path)


@pytest.mark.parametrize("coding", [X264, HEVC], ids=["h264", "hevc"])
@pytest.mark.parametrize("filling", [b"\0", b"\xa5"], ids=["zeros", "noise"])
def test_a_video_whose_first_picture_is_gone_is_damaged(
    tmp_path: Path, coding: tuple[str, ...], filling: bytes
) -> None:
    path = save_clip(tmp_path / "gone.mp4", Clip(coding=coding, sound=False))
    content = path.read_bytes()
    start = content.index(b"mdat") + 4
    end = content.index(b"moov") - 4
    path.write_bytes(content[:start] + filling * (end - start) + content[end:])

    with pytest.raises(UnreadableError, match=r"^gone\.mp4 is damaged: its first picture can't be decoded"):
        probe(path)


def test_a_copy_protected_video_is_refused(clip: Path, tmp_path: Path) -> None:
    key = "00112233445566778899aabbccddeeff"
    protection = ("-encryption_scheme", "cenc-aes-ctr", "-encryption_key", key, "-encryption_kid", key)

    with pytest.raises(UnreadableError, match=r"^rented\.mp4 is copy-protected"):
        probe(remuxed(clip, tmp_path / "rented.mp4", *protection))


def test_text_and_playlists_are_no_videos(clip: Path, tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("shopping list\n" * 100)
    playlist = tmp_path / "list.mp4"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{clip}\n#EXT-X-ENDLIST\n")

    for path in (text, playlist):
        with pytest.raises(UnreadableError, match=r"is no photo, animation or video"):
            probe(path)


def test_a_video_with_too_many_pixels_is_refused(clip: Path, tmp_path: Path) -> None:
    path = save_clip(tmp_path / "big.mp4", Clip(size=(1280, 960), seconds=0.1, sound=False))

    with pytest.raises(TooLargeError, match=r"big\.mp4 has 1 megapixels.*limits\.max_megapixels"):
        probe(path, max_megapixels=1)


def test_probing_prints_nothing(clip: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "noise.mp4"
    content = clip.read_bytes()
    middle = (content.index(b"mdat") + content.index(b"moov")) // 2
    path.write_bytes(content[:middle] + b"\x99" * 400 + content[middle + 400 :])
    probe(clip)
    probe(path)

    assert capfd.readouterr() == ("", "")

"""Files whose index claims more than there can be: found by damaging whole ones at random."""

from __future__ import annotations

import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fakes.media import Clip, save_animation, save_clip, save_photo

from pipeline.errors import UnreadableError
from pipeline.tools.probe import probe

FRAGMENTED = Clip(sound=False, muxing=("-movflags", "+frag_keyframe+empty_moov+default_base_moof"))
PROBE = """
import sys
from pathlib import Path
from pipeline.errors import UnreadableError
from pipeline.tools.probe import probe
try:
    probe(Path(sys.argv[1]))
except UnreadableError as error:
    print(error)
"""


def overwritten(path: Path, box: bytes, offset: int, number: int) -> None:
    """Put a 32-bit number at an offset behind the name of the first such box."""
    content = bytearray(path.read_bytes())
    at = content.index(box) + 4 + offset
    content[at : at + 4] = struct.pack(">I", number)
    path.write_bytes(content)


def test_a_fragment_that_claims_millions_of_frames_is_refused_at_once(tmp_path: Path) -> None:
    path = save_clip(tmp_path / "run.mp4", FRAGMENTED)
    overwritten(path, b"trun", 0, 1)  # no sizes of their own, so that nothing ends the list
    overwritten(path, b"trun", 4, 3_000_000)
    started = time.monotonic()

    with pytest.raises(UnreadableError, match=r"^run\.mp4 is damaged: its index claims 3000000 frames"):
        probe(path)

    assert time.monotonic() - started < 1


def test_an_index_that_claims_more_frames_than_bytes_is_refused_at_once(tmp_path: Path) -> None:
    path = save_clip(tmp_path / "sizes.mp4", Clip(sound=False))
    frames = 60_000
    for box, offset, number in ((b"stsz", 4, 1), (b"stsz", 8, frames), (b"stts", 8, frames)):
        overwritten(path, box, offset, number)
    overwritten(path, b"stsc", 12, frames)
    started = time.monotonic()

    with pytest.raises(UnreadableError, match=r"^sizes\.mp4 is damaged: its index claims 60000 frames"):
        probe(path)

    assert time.monotonic() - started < 1


def test_a_whole_fragmented_video_claims_no_more_than_it_has(tmp_path: Path) -> None:
    assert probe(save_clip(tmp_path / "whole.mp4", FRAGMENTED)).duration_s == pytest.approx(1.0, abs=0.05)


def test_a_video_that_claims_to_last_for_years_is_refused(tmp_path: Path) -> None:
    path = save_clip(tmp_path / "years.mp4", FRAGMENTED)
    overwritten(path, b"tfhd", 8, 0x0FFF_FFFF)  # how long each frame is shown

    with pytest.raises(UnreadableError, match=r"^years\.mp4 .*hours.*cut it"):
        probe(path)


def test_an_animation_that_claims_to_last_for_years_is_refused(tmp_path: Path) -> None:
    path = save_animation(tmp_path / "years.avif", (100, 100, 100))
    overwritten(path, b"stts", 12, 0x7FFF_FFFF)

    with pytest.raises(UnreadableError, match=r"^years\.avif .*hours.*cut it"):
        probe(path)


def test_a_photo_that_claims_thousands_of_colours_is_refused_without_a_stray_word(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "deep.tiff")
    samples_of_a_pixel = struct.pack("<HHI", 277, 3, 1)
    whole, damaged = (samples_of_a_pixel + struct.pack("<H", number) for number in (3, 4099))
    assert whole in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(whole, damaged))
    told = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)], capture_output=True, text=True, check=True
    )

    assert told.stdout.startswith("deep.tiff is damaged")
    assert told.stderr == ""

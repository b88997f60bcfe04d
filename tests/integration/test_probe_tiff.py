"""libtiff has a say of its own on stderr, which nobody asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fakes.media import save_photo
from PIL import Image

PROBE_AND_OPEN = """
import sys
from pathlib import Path
from pipeline.errors import StoryrelayError
from pipeline.tools.picture import opened
from pipeline.tools.probe import probe
for name in sys.argv[1:]:
    try:
        probe(Path(name))
        with opened(Path(name), "tiff") as picture:
            picture.load()
    except StoryrelayError as error:
        print(error)
"""


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "jpeg"])
def test_a_damaged_tiff_is_refused_without_a_word_of_libtiffs(tmp_path: Path, compression: str) -> None:
    busy = Image.effect_noise((64, 48), 60).convert("RGB")
    whole = save_photo(tmp_path / "whole.tiff", busy, compression=compression).read_bytes()
    names = []
    for number, at in enumerate(range(40, len(whole) - 40, len(whole) // 12)):
        path = tmp_path / f"{number}.tiff"
        path.write_bytes(whole[:at] + b"\xff\x00\xa5\x5a" * 8 + whole[at + 32 :])
        names.append(str(path))

    told = subprocess.run(
        [sys.executable, "-c", PROBE_AND_OPEN, *names], capture_output=True, text=True, check=True
    )

    assert told.stderr == ""
    assert "damaged" in told.stdout

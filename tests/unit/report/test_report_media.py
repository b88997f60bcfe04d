"""Probed files and renditions, told to people and programs."""

from __future__ import annotations

from pathlib import Path

from fakes.planning import GIF, photo, video
from fakes.stories import rendition

from pipeline.report.media import Probed, probed_as_json, probed_lines, rendition_as_json, rendition_line


def test_a_table_tells_what_would_surprise() -> None:
    clip = video(rotation=90, vfr=True, hdr="hlg", audio=None, metadata=True)
    (line,) = probed_lines([Probed(Path("clip.mov"), clip)])
    assert "1080×1920" in line
    surprises = "turned by 90°, variable frame rate, HDR (hlg), silent, carries metadata"
    assert line.endswith(surprises)


def test_unreadable_files_are_not_in_the_table() -> None:
    assert list(probed_lines([Probed(Path("a.jpg"), error="a.jpg is empty")])) == []


def test_json_tells_every_promised_fact() -> None:
    plain = probed_as_json(Probed(Path("loop.gif"), GIF))
    promised = (
        *("path", "kind", "width", "height", "rotation", "duration_s", "fps"),
        *("vfr", "codec", "pix_fmt", "hdr", "audio", "bytes"),
    )
    assert set(promised) <= set(plain)
    assert (plain["path"], plain["kind"], plain["width"], plain["audio"]) == (
        "loop.gif",
        "animation",
        480,
        None,
    )


def test_an_unreadable_file_is_an_entry_with_its_error() -> None:
    plain = probed_as_json(Probed(Path("a.jpg"), error="a.jpg is empty"))
    assert plain == {"path": "a.jpg", "error": "a.jpg is empty"}


def test_a_photo_has_no_length() -> None:
    (line,) = probed_lines([Probed(Path("a.jpg"), photo())])
    assert " s " not in line


def test_a_rendition_is_told_in_full(tmp_path: Path) -> None:
    made = rendition(tmp_path)
    plain = rendition_as_json(Path("beach.jpg"), made)
    promised = {"path", "profile", "action", "bytes", "width", "height", "duration_s", "part", "parts"}
    assert promised <= set(plain)
    assert rendition_line(made).endswith("image, 1080×1920, 7 B")

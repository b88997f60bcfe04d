from __future__ import annotations

import hashlib
import os
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes.media import picture, save_clip, save_photo

from pipeline.errors import NotReadyError, SidecarError, TooLargeError, UnreadableError
from pipeline.load.asset import LoadTerms, load_asset
from pipeline.load.scan import Found, scan
from pipeline.model import Asset, Sidecar
from pipeline.tools import clock

TERMS = LoadTerms(settle_seconds=10, max_megapixels=100, zone=UTC)
HOUR_S = 3600


def found(path: Path) -> Found:
    return scan([path], {}).changed[0]


def load(path: Path, terms: LoadTerms = TERMS) -> Asset:
    return load_asset(found(path), terms)


def age(path: Path, seconds: float = HOUR_S) -> None:
    written_at = clock.now().timestamp() - seconds
    os.utime(path, (written_at, written_at))


def test_a_photo_alone_becomes_an_asset_known_by_its_content(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "beach.jpg")

    asset = load(path)

    assert asset.path == path
    assert asset.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (asset.facts.kind, asset.facts.width) == ("photo", 64)
    assert asset.sidecar == Sidecar()


def test_a_video_becomes_an_asset(tmp_path: Path) -> None:
    assert load(save_clip(tmp_path / "beach.mp4")).facts.kind == "video"


def test_a_text_beside_a_photo_is_its_caption(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "beach.jpg")
    text = tmp_path / "beach.jpg.txt"
    text.write_bytes("\ufeff  Summer – at last\nsee you  \n".encode())

    assert load(path).sidecar == Sidecar(path=text, caption="Summer – at last\nsee you")


def test_yaml_leads_and_a_text_fills_a_missing_caption(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "beach.jpg")
    yaml = tmp_path / "beach.yaml"
    yaml.write_text("fit: cover\n")
    (tmp_path / "beach.txt").write_text("from the text")

    assert load(path).sidecar == Sidecar(path=yaml, caption="from the text", fit="cover")

    yaml.write_text("caption: from the yaml\n")
    assert load(path).sidecar.caption == "from the yaml"


def test_times_in_a_sidecar_are_meant_in_the_zone_of_the_terms(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "beach.jpg")
    (tmp_path / "beach.yaml").write_text("not_before: 2026-07-01 18:00\n")

    asset = load(path, LoadTerms(0, 100, ZoneInfo("Europe/Berlin")))

    assert asset.sidecar.not_before is not None
    assert asset.sidecar.not_before.astimezone(UTC).hour == 16


def test_mistakes_in_a_sidecar_are_named_with_their_line(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "beach.jpg")
    (tmp_path / "beach.yaml").write_text("caption: hello\nfitt: cover\n")

    with pytest.raises(SidecarError, match=r"beach\.yaml.*2"):
        load(path)


def test_a_sidecar_must_be_utf_8_and_short(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "beach.jpg")
    text = tmp_path / "beach.txt"
    text.write_bytes(b"one\ncaf\xe9")
    with pytest.raises(SidecarError, match=r"beach\.txt:2: isn't UTF-8"):
        load(path)

    text.write_bytes(b"x" * 100_000)
    with pytest.raises(SidecarError, match=r"beach\.txt has 97 KB"):
        load(path)


def test_a_file_or_sidecar_that_is_being_written_is_postponed(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "beach.jpg")
    text = tmp_path / "beach.txt"
    text.write_text("hello")

    for written in (path, text):
        with (
            written.open("ab"),
            pytest.raises(NotReadyError, match=rf"{written.name} is still being written"),
        ):
            load(path)


def test_a_file_that_changed_since_it_was_found_is_postponed(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "beach.jpg")
    earlier = found(path)
    save_photo(path, picture((80, 60)))

    with pytest.raises(NotReadyError, match=r"beach\.jpg changed"):
        load_asset(earlier, TERMS)


def test_damage_that_comes_from_a_change_meanwhile_is_no_verdict(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "beach.jpg")
    earlier = found(path)
    path.write_bytes(b"something else")

    with pytest.raises(NotReadyError, match=r"beach\.jpg changed"):
        load_asset(earlier, TERMS)


def test_a_file_that_is_gone_is_postponed(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "beach.jpg")
    earlier = found(path)
    path.unlink()

    with pytest.raises(NotReadyError):
        load_asset(earlier, TERMS)


def test_a_missing_end_is_refused_at_once_where_the_kernel_knows_that_nobody_writes(tmp_path: Path) -> None:
    path = save_clip(tmp_path / "beach.mp4")
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(UnreadableError, match=r"beach\.mp4 is cut short"):
        load(path)


@pytest.mark.usefixtures("no_leases")
def test_a_missing_end_is_waited_for_on_other_disks_while_the_file_is_young(tmp_path: Path) -> None:
    path = save_clip(tmp_path / "beach.mp4")
    path.write_bytes(path.read_bytes()[:-100])
    age(path, 30)

    with pytest.raises(NotReadyError, match=r"beach\.mp4 isn't complete yet"):
        load(path)

    age(path)
    with pytest.raises(UnreadableError, match=r"beach\.mp4 is cut short"):
        load(path)


def test_what_no_waiting_can_mend_is_refused_at_once(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("shopping list\n" * 20)
    with pytest.raises(UnreadableError, match=r"notes\.mp4"):
        load(text)

    with pytest.raises(TooLargeError):
        load(save_photo(tmp_path / "big.jpg", picture((1200, 1000))), LoadTerms(0, 1, UTC))

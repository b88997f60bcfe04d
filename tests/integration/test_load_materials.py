"""The files that a sidecar names: they belong to its story, and to no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.media import Clip, save_clip
from PIL import Image

from pipeline.config import Place, Settings, load_settings
from pipeline.errors import SidecarError
from pipeline.load.asset import LoadTerms, load_asset
from pipeline.load.scan import scan
from pipeline.model import Asset


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    inbox = tmp_path / "inbox"
    (inbox / "materials").mkdir(parents=True)
    Image.new("RGB", (300, 400), "#336699").save(inbox / "beach.jpg")
    return inbox


def settings_in(inbox: Path) -> Settings:
    file = inbox.parent / "storyrelay.yaml"
    file.write_text("inbox: inbox\n")
    return load_settings(file, (), Place({}, inbox.parent, None))


def loaded(inbox: Path, sidecar: str) -> Asset:
    (inbox / "beach.jpg.yaml").write_text(sidecar)
    (found,) = scan([inbox], {}).changed
    return load_asset(found, LoadTerms(0, 100, settings_in(inbox).timezone()))


def test_pictures_and_music_are_hashed_and_measured(inbox: Path) -> None:
    Image.new("RGBA", (64, 32)).save(inbox / "materials/logo.png")
    save_clip(inbox / "materials/song.mp4", Clip((64, 64), fps=10))
    asset = loaded(inbox, "sticker: materials/logo.png\nmusic: materials/song.mp4\n")
    tune, logo = sorted(asset.materials, key=lambda material: material.facts is not None)
    assert logo.facts
    assert (logo.facts.width, logo.facts.alpha, len(logo.sha256)) == (64, True, 64)
    assert tune.facts is None
    assert tune.duration_s == pytest.approx(1.0, abs=0.1)


def test_a_folder_of_materials_holds_no_stories(inbox: Path) -> None:
    Image.new("RGB", (30, 40)).save(inbox / "materials/other.jpg")
    assert [found.path.name for found in scan([inbox], {}).changed] == ["beach.jpg"]


def test_a_file_that_is_not_there_is_named_with_the_next_command(inbox: Path) -> None:
    with pytest.raises(
        SidecarError, match=r"beach.jpg.yaml: .*materials/song.mp3 isn't there; .*storyrelay retry"
    ):
        loaded(inbox, "music: materials/song.mp3\n")


def test_music_without_sound_and_pictures_without_picture_are_told(inbox: Path) -> None:
    (inbox / "materials/song.mp3").write_bytes(b"no music at all" * 50)
    (inbox / "materials/logo.png").write_bytes(b"no picture at all")
    with pytest.raises(SidecarError) as refused:
        loaded(inbox, "music: materials/song.mp3\nsticker: materials/logo.png\n")
    assert len(str(refused.value).splitlines()) == 2
    assert "song.mp3 can't be read as sound" in str(refused.value)


def test_a_logo_belongs_to_every_story(inbox: Path) -> None:
    logo = inbox / "materials/logo.png"
    Image.new("RGBA", (64, 32)).save(logo)
    (found,) = scan([inbox], {}).changed
    asset = load_asset(found, LoadTerms(0, 100, settings_in(inbox).timezone(), logo=logo))
    assert [material.path for material in asset.materials] == [logo]
    logo.unlink()
    with pytest.raises(SidecarError, match=r"the watermark: .*logo.png isn't there"):
        load_asset(found, LoadTerms(0, 100, settings_in(inbox).timezone(), logo=logo))

"""render: files into a folder, without ledger and delivery."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.command import Here
from fakes.shop import Shop, picture
from fakes.trees import tree_of
from PIL import Image


@pytest.fixture
def photos(shop: Shop) -> Path:
    """A folder with two photos of the same name but for their suffix."""
    picture(shop.root / "photos" / "bread.jpg", 1, (64, 48))
    Image.new("RGB", (64, 48), "navy").save(shop.root / "photos" / "bread.png")
    return shop.root / "photos"


def test_a_photo_becomes_a_jpeg_of_its_name(shop: Shop, photos: Path, here: Here) -> None:
    said = here("render", "photos/bread.png", "-o", "out/new")
    assert said.code == 0
    assert said.out.startswith("out/new/bread.jpg  image, 1080×1920, ")
    assert [path.name for path in (shop.root / "out/new").iterdir()] == ["bread.jpg"]
    assert not shop.state.exists()
    assert not shop.outbox.exists()


def test_the_json_of_render_has_the_promised_shape(photos: Path, here: Here) -> None:
    (rendition,) = here("render", "photos/bread.png", "-o", "out", "--json").json()["renditions"]
    promised = {"path", "profile", "action", "bytes", "width", "height", "duration_s", "part", "parts"}
    assert promised <= set(rendition)
    assert (rendition["path"], rendition["profile"]) == ("out/bread.jpg", "whatsapp_status")
    assert (rendition["part"], rendition["parts"]) == (1, 1)


def test_two_sources_of_one_name_get_two_results(shop: Shop, photos: Path, here: Here) -> None:
    assert here("render", "photos/bread.jpg", "photos/bread.png", "-o", "out").code == 0
    assert sorted(path.name for path in (shop.root / "out").iterdir()) == ["bread-2.jpg", "bread.jpg"]


def test_a_result_of_another_time_is_not_replaced_unasked(shop: Shop, photos: Path, here: Here) -> None:
    here("render", "photos/bread.jpg", "-o", "out")
    before = tree_of(shop.root / "out")
    said = here("render", "photos/bread.png", "-o", "out")
    assert said.code == 3
    assert "--force replaces it" in said.err
    assert tree_of(shop.root / "out")["bread.jpg"] == before["bread.jpg"]
    assert here("render", "photos/bread.png", "-o", "out", "--force").code == 0
    assert tree_of(shop.root / "out")["bread.jpg"] != before["bread.jpg"]


@pytest.mark.parametrize("named", ["photos/bread.jpg", "photos"])
def test_a_source_is_never_replaced(shop: Shop, photos: Path, here: Here, named: str) -> None:
    (shop.root / "link").symlink_to(photos)
    before = tree_of(photos)
    assert here("render", named, "-o", "link", "--force").code == 0
    after = tree_of(photos)
    assert after["bread.jpg"] == before["bread.jpg"]
    assert after["bread.png"] == before["bread.png"]
    assert "bread-2.jpg" in after


def test_one_bad_file_does_not_keep_the_others_from_being_made(shop: Shop, photos: Path, here: Here) -> None:
    (photos / "bad.jpg").write_text("no picture")
    said = here("render", "photos", "-o", "out", "--json")
    assert said.code == 3
    assert len(said.json()["renditions"]) == 2
    assert [Path(failure["path"]).name for failure in said.json()["failures"]] == ["bad.jpg"]


def test_the_fit_of_the_command_line_beats_the_sidecar(shop: Shop, photos: Path, here: Here) -> None:
    Image.new("RGB", (64, 48), "white").save(photos / "roll.png")
    (photos / "roll.png.yaml").write_text('fit: contain\nbackground: "#000000"\n')
    here("render", "photos/roll.png", "-o", "as-told")
    here("render", "photos/roll.png", "-o", "cover", "--fit", "cover")
    corners = {}
    for folder in ("as-told", "cover"):
        with Image.open(shop.root / folder / "roll.jpg") as made:
            corners[folder] = made.convert("L").getpixel((0, 0))
    assert corners == {"as-told": 0, "cover": 255}


def test_another_platform_can_be_named(photos: Path, here: Here) -> None:
    said = here("render", "photos/bread.jpg", "-o", "out", "--profile", "facebook_story", "--json")
    assert said.json()["renditions"][0]["profile"] == "facebook_story"


@pytest.mark.parametrize(
    ("option", "known"), [("--to", "whatsapp"), ("--profile", "facebook_story, instagram_story")]
)
def test_an_unknown_name_is_answered_with_the_known_ones(
    photos: Path, here: Here, option: str, known: str
) -> None:
    said = here("render", "photos/bread.jpg", "-o", "out", option, "fridge")
    assert said.code == 2
    assert known in said.err


def test_render_works_without_a_config(
    shop: Shop, photos: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOME")
    assert here("render", "photos/bread.jpg", "-o", "out", config=False).code == 0


def test_a_folder_that_cannot_be_made_is_the_machines_fault(shop: Shop, photos: Path, here: Here) -> None:
    (shop.root / "file").write_text("")
    assert here("render", "photos/bread.jpg", "-o", "file/out").code == 6


def test_copies_of_one_photo_are_all_made(shop: Shop, here: Here) -> None:
    for number in range(6):
        picture(shop.root / "copies" / f"{number}.jpg", 1, (64, 48))
    said = here("render", "copies", "-o", "out", "-j", "2")
    assert said.code == 0
    assert len(list((shop.root / "out").iterdir())) == 6

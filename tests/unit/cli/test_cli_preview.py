"""preview: a sheet and a page of what would be sent, and nothing else."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from fakes.command import Here
from fakes.shop import BOTH, Shop, picture
from fakes.trees import tree_of
from PIL import Image


@pytest.fixture
def photos(shop: Shop) -> Path:
    """A folder with two photos."""
    picture(shop.root / "photos" / "bread.jpg", 1)
    picture(shop.root / "photos" / "rolls.jpg", 2, (64, 48))
    return shop.root / "photos"


def test_a_sheet_and_a_page_are_written_and_nothing_else(shop: Shop, photos: Path, here: Here) -> None:
    shop.inbox.mkdir()
    before = set(tree_of(shop.root)) | {"storyrelay.yaml"}
    said = here("preview", "photos", "-o", "sheet.png", "--html", "page.html")
    assert (said.code, said.err) == (0, "")
    first, second = said.out.splitlines()
    assert first.startswith("sheet.png  2 stories, 2 renditions, ")
    assert second.startswith("page.html  2 stories, 2 renditions, ")
    assert set(tree_of(shop.root)) - before == {"sheet.png", "page.html"}
    with Image.open(shop.root / "sheet.png") as sheet:
        assert sheet.format == "PNG"
        assert sheet.width > sheet.height > 400


def test_without_files_the_plan_of_the_inbox_is_shown(shop: Shop, here: Here) -> None:
    shop.picture("sent.jpg", 1)
    shop.run()
    shop.picture("new.jpg", 2)
    before = tree_of(shop.state)
    told = here("preview", "-o", "sheet.png", "--json").json()
    assert [Path(one["source"]).name for one in told["renditions"]] == ["new.jpg"]
    assert tree_of(shop.state) == before


def test_where_nothing_is_planned_nothing_is_written(shop: Shop, here: Here) -> None:
    said = here("preview", "-o", "sheet.png")
    assert (said.code, said.out) == (0, "")
    assert "nothing to show" in said.err
    assert not (shop.root / "sheet.png").exists()


def test_destinations_that_get_the_same_share_a_frame(shop: Shop, photos: Path, here: Here) -> None:
    shop.destinations = BOTH
    (photos / "rolls.jpg.yaml").write_text("destinations: [instagram]\n")
    told = here("preview", "photos", "-o", "sheet.png", "--json").json()
    assert [one["destinations"] for one in told["renditions"]] == [["whatsapp", "instagram"], ["instagram"]]
    assert told["written"] == [
        {"path": "sheet.png", "bytes": (shop.root / "sheet.png").stat().st_size},
    ]
    only = here("preview", "photos", "-o", "2.png", "--to", "whatsapp", "--json").json()
    assert [one["destinations"] for one in only["renditions"]] == [["whatsapp"], ["whatsapp"]]


def test_the_fit_of_the_command_line_counts_for_the_plan_too(shop: Shop, here: Here) -> None:
    shop.picture("rolls.jpg", 3, (64, 48))
    here("preview", "--html", "blur.html")
    here("preview", "--html", "cover.html", "--fit", "cover")
    assert "redrawn, blur" in (shop.root / "blur.html").read_text()
    assert "redrawn, cover" in (shop.root / "cover.html").read_text()


def test_a_bad_file_is_told_and_the_others_are_shown(shop: Shop, photos: Path, here: Here) -> None:
    (photos / "bad.jpg").write_text("no picture")
    said = here("preview", "photos", "--html", "page.html", "--json")
    assert said.code == 3
    assert len(said.json()["renditions"]) == 2
    assert [Path(failure["path"]).name for failure in said.json()["failures"]] == ["bad.jpg"]
    assert "bad.jpg" in (shop.root / "page.html").read_text()


def test_a_preview_of_bad_files_only_writes_nothing(shop: Shop, photos: Path, here: Here) -> None:
    (photos / "bad.jpg").write_text("no picture")
    said = here("preview", "photos/bad.jpg", "-o", "sheet.png")
    assert (said.code, said.out) == (3, "")
    assert "bad.jpg" in said.err
    assert not (shop.root / "sheet.png").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "-o SHEET.png"),
        (("-o", "sheet.jpg"), "must end with .png"),
        (("--html", "page.png"), "must end with .html"),
        (("-o", "sheet.png", "--to", "fridge"), "there is whatsapp"),
        (("-o", "inbox/sheet.png"), "be sent as a story"),
        (("-o", "sheet.png", "--port", "9000"), "--port belongs to --serve"),
        (("--serve", "-o", "sheet.png", "--json"), "--serve goes without -o and --json"),
        (("--serve", "--to", "fridge"), "there is whatsapp"),
    ],
)
def test_what_cannot_be_meant_is_answered_before_anything_is_done(
    shop: Shop, photos: Path, here: Here, words: tuple[str, ...], told: str
) -> None:
    said = here("preview", "photos", *words)
    assert said.code == 2
    assert told in said.err
    assert not (shop.root / "sheet.png").exists()


def test_a_preview_of_another_time_is_replaced_only_by_force(shop: Shop, photos: Path, here: Here) -> None:
    sheet = shop.root / "sheet.png"
    sheet.write_text("another")
    said = here("preview", "photos", "-o", "sheet.png")
    assert said.code == 2
    assert "--force replaces it" in said.err
    assert sheet.read_text() == "another"
    assert here("preview", "photos", "-o", "sheet.png", "--force").code == 0
    assert sheet.read_bytes().startswith(b"\x89PNG")


def test_a_source_is_not_drawn_over_even_by_force(shop: Shop, photos: Path, here: Here) -> None:
    Image.new("RGB", (64, 48), "navy").save(photos / "tag.png")
    before = tree_of(photos)
    said = here("preview", "photos", "-o", "photos/tag.png", "--force")
    assert said.code == 2
    assert "one of the files" in said.err
    assert tree_of(photos) == before


def test_a_link_that_would_not_work_is_told_of_a_named_file_too(shop: Shop, photos: Path, here: Here) -> None:
    (photos / "rolls.jpg.yaml").write_text("link: call me\n")
    said = here("preview", "photos/rolls.jpg", "-o", "sheet.png")
    assert said.code == 3
    assert "rolls.jpg.yaml: link" in said.err


def test_a_named_file_is_shown_with_its_words(shop: Shop, photos: Path, here: Here) -> None:
    shop.destinations = BOTH
    (photos / "rolls.jpg.yaml").write_text("caption: Still warm\nfit: cover\n")
    here("preview", "photos/rolls.jpg", "--html", "page.html", "--fit", "contain")
    page = (shop.root / "page.html").read_text()
    assert page.count("<p class=said><span>Still warm</span></p>") == 1
    assert 'class="app instagram"' in page
    assert "redrawn, contain" in page


def test_a_port_that_is_taken_is_told_with_what_to_do(shop: Shop, here: Here) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = here("preview", "--serve", "--port", str(taken.getsockname()[1]))
    assert said.code == 6
    assert "choose another with --port" in said.err


def test_a_file_that_goes_nowhere_is_told_with_what_to_do(shop: Shop, photos: Path, here: Here) -> None:
    shop.destinations = (
        "{whatsapp: {platform: whatsapp_status}, later: {platform: facebook_story, enabled: false}}"
    )
    (photos / "rolls.jpg.yaml").write_text("destinations: [later]\n")
    said = here("preview", "photos/rolls.jpg", "-o", "sheet.png")
    assert said.code == 3
    assert "--to" in said.err
    assert here("preview", "photos/rolls.jpg", "-o", "sheet.png", "--to", "later").code == 0


def test_preview_of_files_works_without_a_config(
    photos: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOME")
    assert here("preview", "photos/bread.jpg", "-o", "sheet.png", config=False).code == 0

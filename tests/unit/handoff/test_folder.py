"""The folder channel: what a person finds in the outbox."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import pytest
from fakes.stories import parcel, rendition, sha
from fakes.trees import tree_of

from pipeline.destination import Offered, Parcel
from pipeline.errors import EnvironmentFault, TryAgain
from pipeline.handoff.folder import ENTRIES, MANIFEST, Folder
from pipeline.model import Rendition, Texts


@pytest.fixture
def made(tmp_path: Path) -> Rendition:
    return rendition(tmp_path / "store")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder("whatsapp", tmp_path / "outbox" / "whatsapp")


def visible(folder: Folder) -> list[str]:
    return sorted(path.name for path in folder.folder.iterdir() if not path.name.startswith("."))


def manifest(folder: Folder) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder.folder / MANIFEST).read_text())
    return content


def test_a_parcel_becomes_media_and_caption(folder: Folder, made: Rendition) -> None:
    receipt = folder.deliver(parcel(made))
    assert receipt == Offered(str(folder.folder / "0001-beach.jpg"))
    assert visible(folder) == ["0001-beach.jpg", "0001-beach.txt"]
    assert (folder.folder / "0001-beach.jpg").read_bytes() == made.path.read_bytes()
    assert (folder.folder / "0001-beach.txt").read_text() == "Fresh bread\n"


def test_without_a_caption_there_is_no_text(folder: Folder, made: Rendition) -> None:
    folder.deliver(parcel(made, texts=Texts()))
    assert visible(folder) == ["0001-beach.jpg"]


def test_the_manifest_tells_all_about_what_is_kept(folder: Folder, made: Rendition) -> None:
    texts = Texts("Brötchen 🥐", "https://example.org", ("@baker",), ("#bread",))
    clip = dataclasses.replace(made, duration_s=30.0, part=2, parts=3, mime="video/mp4")
    folder.deliver(parcel(clip, 7, texts=texts))
    folder.keep_only({7})
    assert manifest(folder) == {
        "destination": "whatsapp",
        "stories": [
            {
                "delivery": 7,
                "story": "beach.jpg",
                "media": "0007-beach-2of3.jpg",
                "caption": "0007-beach-2of3.txt",
                "mime": "video/mp4",
                "sha256": sha(b"encoded"),
                "bytes": 7,
                "width": 1080,
                "height": 1920,
                "duration_s": 30.0,
                "part": 2,
                "parts": 3,
                "link": "https://example.org",
                "mentions": ["@baker"],
                "hashtags": ["#bread"],
                "expires": "2026-11-24T18:00:00+00:00",
            }
        ],
    }


@pytest.mark.parametrize(
    ("story", "media"),
    [
        ("🥐🥐 croissant!.jpg", "0001-croissant.jpg"),
        ("../../etc/passwd", "0001-passwd.jpg"),
        ("🥐.jpg", "0001-story.jpg"),
        (".jpg", "0001-jpg.jpg"),
        ("...", "0001-story.jpg"),
        ("a" * 300 + ".jpg", f"0001-{'a' * 120}.jpg"),
        ("𠀀" * 300 + ".jpg", f"0001-{'𠀀' * 30}.jpg"),
        ("Brot & Käse.jpg", "0001-Brot---Käse.jpg"),
        ("Ka\u0308se.jpg", "0001-Käse.jpg"),
        (os.fsdecode(b"caf\xe9.jpg"), "0001-caf.jpg"),
        ("con\n\t\x1b[31m.jpg", "0001-con----31m.jpg"),
        ("-rf.jpg", "0001-rf.jpg"),
    ],
)
def test_every_name_of_a_story_makes_a_name_for_every_system(
    folder: Folder, made: Rendition, story: str, media: str
) -> None:
    folder.deliver(parcel(made, story=story, texts=Texts()))
    folder.keep_only({1})
    assert visible(folder) == [media, MANIFEST]
    assert manifest(folder)["stories"][0]["media"] == media


def test_delivering_the_same_parcel_again_changes_no_content(folder: Folder, made: Rendition) -> None:
    def contents() -> dict[str, object]:
        return {name: found[-1] for name, found in tree_of(folder.folder).items()}

    folder.deliver(parcel(made))
    folder.keep_only({1})
    before = contents()
    folder.deliver(parcel(made))
    folder.keep_only({1})
    assert contents() == before


@pytest.mark.parametrize(
    "changes",
    [{"story": "renamed.jpg"}, {"texts": Texts()}, {"story": "renamed.jpg", "texts": Texts("Other words")}],
)
def test_a_parcel_that_changed_before_it_was_repeated_leaves_nothing_of_the_first(
    folder: Folder, made: Rendition, changes: dict[str, Any]
) -> None:
    folder.deliver(parcel(made))
    folder.deliver(parcel(made, **changes))
    stem = "0001-renamed" if "story" in changes else "0001-beach"
    text = [f"{stem}.txt"] if changes.get("texts") != Texts() else []
    assert visible(folder) == sorted([f"{stem}.jpg", *text])


def test_what_is_withdrawn_is_gone_with_its_caption(folder: Folder, made: Rendition) -> None:
    for number in (1, 2):
        folder.deliver(parcel(made, number))
    folder.keep_only({2})
    assert visible(folder) == ["0002-beach.jpg", "0002-beach.txt", MANIFEST]
    assert [entry["delivery"] for entry in manifest(folder)["stories"]] == [2]
    folder.keep_only(())
    assert visible(folder) == [MANIFEST]
    assert manifest(folder)["stories"] == []
    assert list((folder.folder / ENTRIES).iterdir()) == []


def test_only_its_own_files_are_ever_removed(folder: Folder, made: Rendition) -> None:
    folder.deliver(parcel(made))
    folder.keep_only({1})
    theirs = {"notes.txt", "0001-mine.jpg", "0009-beach.jpg", ".hidden"}
    for name in theirs:
        (folder.folder / name).touch()
    folder.keep_only(())
    assert {path.name for path in folder.folder.iterdir()} == {*theirs, MANIFEST, ENTRIES}


def test_what_a_person_has_removed_already_is_no_trouble(folder: Folder, made: Rendition) -> None:
    folder.deliver(parcel(made))
    (folder.folder / "0001-beach.jpg").unlink()
    folder.keep_only(())
    assert visible(folder) == []


def test_a_delivery_cut_short_after_any_step_can_be_withdrawn(
    tmp_path: Path, folder: Folder, made: Rendition
) -> None:
    lost = dataclasses.replace(made, path=tmp_path / "lost.jpg")
    with pytest.raises(TryAgain):
        folder.deliver(parcel(lost))
    assert visible(folder) == ["0001-beach.txt"]
    folder.keep_only(())
    assert visible(folder) == []
    assert list((folder.folder / ENTRIES).iterdir()) == []


def test_nothing_to_keep_writes_nothing(folder: Folder) -> None:
    folder.keep_only({1})
    assert not folder.folder.exists()


def test_keeping_what_is_kept_writes_nothing(folder: Folder, made: Rendition) -> None:
    folder.deliver(parcel(made))
    folder.keep_only({1})
    before = tree_of(folder.folder)
    folder.keep_only({1})
    assert tree_of(folder.folder) == before


def test_a_folder_that_can_be_written_is_not_blocked(folder: Folder) -> None:
    assert folder.blocked() is None
    assert folder.folder.is_dir()


def test_a_folder_that_cannot_be_made_blocks_and_says_what_to_check(tmp_path: Path) -> None:
    (tmp_path / "outbox").touch()
    reason = Folder("whatsapp", tmp_path / "outbox" / "whatsapp").blocked()
    assert reason
    assert "can't be made: Not a directory" in reason
    assert "Next:" in reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only_blocks(folder: Folder) -> None:
    folder.folder.mkdir(parents=True)
    folder.folder.chmod(0o500)
    assert "can't be written" in (folder.blocked() or "")


def test_a_folder_that_refuses_a_file_is_to_be_tried_again(folder: Folder, made: Rendition) -> None:
    folder.folder.mkdir(parents=True)
    (folder.folder / ENTRIES).touch()
    with pytest.raises(TryAgain, match=r"can't be written.*Next:"):
        folder.deliver(parcel(made))


def test_a_folder_in_the_way_of_a_file_is_left_alone(folder: Folder, made: Rendition) -> None:
    media = folder.folder / "0001-beach.jpg"
    media.mkdir(parents=True)
    with pytest.raises(TryAgain, match=r"can't be written: Is a directory"):
        folder.deliver(parcel(made))
    folder.keep_only(())
    assert visible(folder) == ["0001-beach.jpg"]


def test_a_folder_that_refuses_to_be_tidied_is_one_line(folder: Folder, made: Rendition) -> None:
    folder.deliver(parcel(made))
    (folder.folder / MANIFEST).mkdir()
    with pytest.raises(EnvironmentFault, match=r"can't be tidied.*Next:"):
        folder.keep_only(())


def test_parcels_sort_in_the_order_they_were_sent(folder: Folder, made: Rendition) -> None:
    parcels: list[Parcel] = [parcel(made, number, story=f"{9999 - number}.jpg") for number in (1, 9, 10, 123)]
    for each in parcels:
        folder.deliver(each)
    folder.keep_only({each.delivery for each in parcels})
    assert [entry["delivery"] for entry in manifest(folder)["stories"]] == [1, 9, 10, 123]
    media = [entry["media"] for entry in manifest(folder)["stories"]]
    assert media == sorted(media)

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.errors import EnvironmentFault
from pipeline.load.scan import Scan, scan


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def names(found: Scan) -> list[str]:
    return [entry.path.name for entry in found.changed]


def known(found: Scan) -> dict[bytes, bytes]:
    return {os.fsencode(entry.path): entry.fingerprint for entry in found.changed}


def test_media_are_found_in_natural_order_through_all_folders(tmp_path: Path) -> None:
    put(tmp_path, "IMG_10.JPG", "img_2.jpg", "trip/a.mp4", "b.gif")

    found = scan([tmp_path], {})

    assert names(found) == ["b.gif", "img_2.jpg", "IMG_10.JPG", "a.mp4"]
    assert (found.seen, found.ignored) == (4, 0)


def test_nothing_is_changed_when_nothing_changed(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "a.jpg.yaml", "b/c.mp4")

    again = scan([tmp_path], known(scan([tmp_path], {})))

    assert (again.changed, again.seen) == ((), 2)


@pytest.mark.parametrize("touched", ["a.jpg", "a.jpg.yaml", "a.txt"])
def test_a_change_of_the_file_or_a_sidecar_is_noticed(tmp_path: Path, touched: str) -> None:
    put(tmp_path, "a.jpg", "a.jpg.yaml", "a.txt", "b.jpg")
    before = known(scan([tmp_path], {}))

    os.utime(tmp_path / touched, ns=(1, 1))

    assert names(scan([tmp_path], before)) == ["a.jpg"]


@pytest.mark.parametrize("change", ["appears", "goes"])
def test_a_sidecar_that_comes_or_goes_is_noticed(tmp_path: Path, change: str) -> None:
    put(tmp_path, "a.jpg")
    if change == "goes":
        put(tmp_path, "a.yaml")
    before = known(scan([tmp_path], {}))

    put(tmp_path, "a.yaml") if change == "appears" else (tmp_path / "a.yaml").unlink()

    assert names(scan([tmp_path], before)) == ["a.jpg"]


def test_a_replaced_file_of_the_same_size_and_time_is_noticed(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "new")
    before = known(scan([tmp_path], {}))
    status = (tmp_path / "a.jpg").stat()

    (tmp_path / "new").write_text("b.jpg")
    os.utime(tmp_path / "new", ns=(status.st_atime_ns, status.st_mtime_ns))
    (tmp_path / "new").replace(tmp_path / "a.jpg")

    assert names(scan([tmp_path], before)) == ["a.jpg"]


def test_yaml_and_text_sidecars_are_attached_and_not_counted_as_ignored(tmp_path: Path) -> None:
    put(tmp_path, "a.mp4", "a.mp4.yml", "a.mp4.TXT", "b.jpg", "b.yaml", "c.jpg", "notes.txt", "list.csv")

    found = scan([tmp_path], {})

    beside = {entry.path.name: [path.name for path in entry.sidecars] for entry in found.changed}
    assert beside == {"a.mp4": ["a.mp4.yml", "a.mp4.TXT"], "b.jpg": ["b.yaml"], "c.jpg": []}
    assert found.ignored == 2


def test_one_stem_sidecar_serves_all_files_of_that_stem(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "a.mp4", "a.yaml")

    found = scan([tmp_path], {})

    assert [len(entry.sidecars) for entry in found.changed] == [1, 1]
    assert found.ignored == 0


def test_hidden_unfinished_and_system_files_are_left_out(tmp_path: Path) -> None:
    put(
        tmp_path,
        ".hidden.jpg",
        "a.jpg.part",
        "b.mp4.crdownload",
        "c.jpg~",
        "d.mp4.!ut",
        ".syncthing.e.jpg.tmp",
    )
    put(tmp_path, "@eaDir/f.jpg", "#recycle/g.jpg", ".Trash-1000/h.jpg", "lost+found/i.jpg")

    found = scan([tmp_path], {})

    assert (found.changed, found.seen, found.ignored) == ((), 0, 0)


def test_nothing_below_a_folder_that_is_left_out_is_seen(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "outbox/b.jpg", "outbox/deep/c.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "outbox")

    assert names(scan([tmp_path], {}, [tmp_path / "outbox", tmp_path / "missing"])) == ["a.jpg"]
    assert names(scan([tmp_path / "outbox" / "deep"], {}, [tmp_path / "outbox"])) == []


def test_links_are_followed_but_never_in_circles(tmp_path: Path) -> None:
    put(tmp_path / "camera", "a.jpg")
    put(tmp_path / "inbox", "b.jpg")
    (tmp_path / "inbox" / "phone").symlink_to(tmp_path / "camera")
    (tmp_path / "inbox" / "again").symlink_to(tmp_path / "camera")
    (tmp_path / "camera" / "up").symlink_to(tmp_path / "inbox")
    (tmp_path / "inbox" / "c.jpg").symlink_to(tmp_path / "camera" / "a.jpg")
    (tmp_path / "inbox" / "broken.jpg").symlink_to(tmp_path / "nowhere")

    found = scan([tmp_path / "inbox"], {})

    assert sorted(names(found)) == ["a.jpg", "b.jpg", "c.jpg"]


def test_a_link_that_leads_to_itself_hides_nothing_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "folder/a.jpg", "b.jpg")
    for name in ("loop", "loop.jpg", "loop.txt"):
        (tmp_path / "folder" / name).symlink_to(name)

    found = scan([tmp_path], {})

    assert (names(found), found.ignored, found.unreadable) == (["b.jpg", "a.jpg"], 3, ())


def test_a_link_that_cannot_be_followed_is_told(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg")
    (tmp_path / "link").symlink_to("n" * 300)

    found = scan([tmp_path], {})

    assert (names(found), found.unreadable) == (["a.jpg"], ((tmp_path / "link", "File name too long"),))


def test_a_path_that_is_too_long_is_told(tmp_path: Path) -> None:
    deep = tmp_path / Path(*["d" * 200] * 19)
    put(deep, "a.jpg")
    at = os.open(deep, os.O_RDONLY)
    os.close(os.open("n" * 251 + ".jpg", os.O_CREAT, dir_fd=at))
    os.close(at)

    found = scan([tmp_path], {})

    assert names(found) == ["a.jpg"]
    assert [reason for _, reason in found.unreadable] == ["File name too long"]


def test_a_file_that_was_named_always_counts_as_changed(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "a.yaml", "b.jpg")
    before = known(scan([tmp_path], {}))

    found = scan([tmp_path, tmp_path / "b.jpg", tmp_path / "b.jpg"], before)
    alone = scan([tmp_path / "a.jpg"], {})

    assert names(found) == ["b.jpg"]
    assert alone.changed[0].fingerprint == before[os.fsencode(tmp_path / "a.jpg")]
    assert alone.changed[0].sidecars == (tmp_path / "a.yaml",)
    assert alone.seen == 1


def test_relative_roots_give_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "inbox/a.jpg")
    monkeypatch.chdir(tmp_path)

    assert scan([Path("inbox")], {}).changed[0].path == tmp_path / "inbox" / "a.jpg"


def test_names_that_are_not_utf_8_work(tmp_path: Path) -> None:
    name = b"caf\xe9.jpg"
    (tmp_path / os.fsdecode(name)).write_text("x")

    found = scan([tmp_path], {})

    assert os.fsencode(found.changed[0].path.name) == name
    assert scan([tmp_path], known(found)).changed == ()


def test_a_missing_inbox_is_a_fault_with_the_command_that_helps(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"the inbox .*gone doesn't exist: mkdir -p .*gone makes it"):
        scan([tmp_path / "gone"], {})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"gone\.jpg doesn't exist: check its name"):
        scan([tmp_path / "gone.jpg"], {})


def test_a_folder_that_cannot_be_read_is_a_line_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.jpg", "locked/b.jpg")
    listing = os.scandir

    def refusing(folder: bytes) -> object:
        """Root may read everything, so permissions alone wouldn't show this."""
        if folder.endswith(b"locked"):
            raise PermissionError(13, "Permission denied")
        return listing(folder)

    monkeypatch.setattr(os, "scandir", refusing)

    found = scan([tmp_path], {})

    assert names(found) == ["a.jpg"]
    assert found.unreadable == ((tmp_path / "locked", "Permission denied"),)


def test_pipes_and_folders_named_like_media_are_no_media(tmp_path: Path) -> None:
    put(tmp_path, "folder.jpg/a.jpg")
    os.mkfifo(tmp_path / "pipe.mp4")

    assert names(scan([tmp_path], {})) == ["a.jpg"]


def test_a_sidecar_that_was_named_with_its_file_is_no_story_of_its_own(tmp_path: Path) -> None:
    for name in ("beach.jpg", "beach.jpg.yaml", "shop.txt"):
        (tmp_path / name).write_bytes(b"x")

    scanned = scan(sorted(tmp_path.iterdir()), {})

    assert [found.path.name for found in scanned.changed] == ["beach.jpg"]
    assert (scanned.seen, scanned.ignored) == (1, 2)


@pytest.mark.parametrize(("photo", "movie"), [("a.HEIC", "a.MOV"), ("a.jpg", "A.mov"), ("a.jpeg", "a.mov")])
def test_a_photo_and_a_movie_of_one_name_know_of_each_other(tmp_path: Path, photo: str, movie: str) -> None:
    put(tmp_path, photo, movie, f"{photo}.yaml", "b.mov", "c.heic")

    halves = {entry.path.name: entry.half for entry in scan([tmp_path], {}).changed}

    assert {name: half.path.name for name, half in halves.items() if half} == {photo: movie, movie: photo}
    of_movie = halves[movie]
    assert of_movie is not None
    assert [path.name for path in of_movie.sidecars] == [f"{photo}.yaml"]


def test_other_files_of_one_name_have_nothing_to_do_with_each_other(tmp_path: Path) -> None:
    put(tmp_path, "a.png", "a.mov", "b.jpg", "b.mp4", "c.jpg", "sub/c.mov")

    assert not any(entry.half for entry in scan([tmp_path], {}).changed)


@pytest.mark.parametrize("touched", ["a.heic", "a.mov", "a.heic.yaml", "a.mov.txt"])
def test_a_change_of_one_half_or_its_sidecar_is_noticed_for_both(tmp_path: Path, touched: str) -> None:
    put(tmp_path, "a.heic", "a.mov", "a.heic.yaml", "a.mov.txt", "b.jpg")
    before = known(scan([tmp_path], {}))

    os.utime(tmp_path / touched, ns=(1, 1))

    assert sorted(names(scan([tmp_path], before))) == ["a.heic", "a.mov"]


def test_a_half_that_is_named_knows_of_the_other(tmp_path: Path) -> None:
    put(tmp_path, "a.heic", "a.mov")

    (found,) = scan([tmp_path / "a.mov"], {}).changed

    assert found.beside == (tmp_path / "a.heic",)

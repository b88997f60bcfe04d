"""The whole way: what lies on a server is offered here once, and nothing secret is told to anybody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.command import BARE, CONFIG, PROGRAM, call
from fakes.far_folders import KINDS, FarFolder
from fakes.far_folders.folder import PASSWORD
from fakes.far_folders.local import local
from fakes.far_folders.s3 import KEY, s3
from fakes.far_folders.sftp import sftp
from fakes.shop import WHATSAPP, Shop, picture

from pipeline.report.events import Alarm, NotPulled
from pipeline.run.pulling import pull
from pipeline.tools.clock import monotonic_s, pause


def photo(root: Path, colour: int) -> bytes:
    return picture(root / "made.jpg", colour).read_bytes()


@pytest.fixture(autouse=True)
def _room_for_servers(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()


def with_source(shop: Shop, far: FarFolder) -> None:
    """The source in the config file itself, as people have it."""
    shop.destinations = f"{WHATSAPP}\n{far.config().replace('sources=', 'sources: ', 1)}"


def all_that_is_kept(shop: Shop) -> bytes:
    """Every file below the shop, but the config, the stories and the servers' own."""
    kept = (shop.state, shop.outbox)
    files = [path for folder in kept for path in folder.rglob("*") if path.is_file()]
    return b"".join(str(path).encode() + path.read_bytes() for path in files)


def test_a_story_is_offered_once_with_its_words_and_a_second_run_pulls_nothing(
    shop: Shop, far: FarFolder, tmp_path: Path
) -> None:
    far.write("trip/beach.jpg", photo(tmp_path, 1))
    far.write("trip/beach.jpg.yaml", b"caption: Low tide")
    first = shop.run(far.config())
    assert (first.exit_code, first.pulled, shop.media()) == (0, 2, ["0001-beach.jpg"])
    (delivery,) = shop.deliveries()
    assert delivery.texts.caption.startswith("Low tide")
    second = shop.run(far.config())
    assert (second.exit_code, second.pulled, len(shop.deliveries())) == (0, 0, 1)
    far.write("trip/beach.jpg.yaml", b"caption: High tide")
    assert shop.run(far.config()).pulled == 1
    assert len(shop.deliveries()) == 1


@pytest.mark.parametrize(
    "served", ["s3", "sftp", pytest.param("webdav", marks=pytest.mark.slow)], indirect=True
)
def test_nothing_secret_is_printed_or_kept(shop: Shop, served: FarFolder, tmp_path: Path) -> None:
    served.write("a.jpg", photo(tmp_path, 1))
    with_source(shop, served)
    shop.destinations += "\nlog: {file: state/run.log}"
    said = [call(shop, *words) for words in (("run",), ("config", "show"), ("plan", "--privacy"))]
    assert len(shop.media()) == 1
    assert served.wire
    served.wire.state = "down"
    said += [call(shop, *words) for words in (("run", "--json"), ("doctor",))]
    for one in said:
        for secret in (PASSWORD, "ses%3Aame", KEY):
            assert secret not in one.out + one.err
        assert "Traceback" not in one.err
    for kept in (PASSWORD, KEY):
        assert kept.encode() not in all_that_is_kept(shop)


def test_a_server_that_is_down_stops_nothing_else(shop: Shop, tmp_path: Path) -> None:
    with s3(tmp_path / "far") as far:
        assert far.wire
        with_source(shop, far)
        far.wire.state = "down"
        shop.picture("own.jpg", 1)
        said = call(shop, "run")
        assert len(shop.media()) == 1
        assert "source nas" in said.err
        assert "Next: storyrelay pull nas" in said.err
        far.wire.state = "good"
        far.write("a.jpg", photo(tmp_path, 2))
        assert call(shop, "run").code == 0
        assert len(shop.media()) == 2


@pytest.mark.parametrize("kind", ["s3", "sftp"])
def test_a_kill_in_the_middle_of_a_file_leaves_it_whole_or_absent(
    shop: Shop, tmp_path: Path, kind: str
) -> None:
    with KINDS[kind](tmp_path / "far") as far:
        assert far.wire
        content = photo(tmp_path, 1) + os.urandom(3_000_000)
        far.write("a.jpg", content)
        with_source(shop, far)
        shop.settings()
        far.wire.silent_after = 1_000_000
        with subprocess.Popen([PROGRAM, "pull", "-c", CONFIG], env=BARE, cwd=shop.root) as process:
            begun_s = monotonic_s()
            while not list(shop.state.rglob(".storyrelay-*.jpg")) and monotonic_s() - begun_s < 60:
                pause(0.02)
            process.send_signal(signal.SIGKILL)
        pulled = shop.state / "pulled"
        assert [path for path in pulled.rglob("*.jpg") if path.name[0] != "."] == []
        far.wire.silent_after = None
        assert call(shop, "pull").code == 0
        files = [path for path in pulled.rglob("*") if path.is_file()]
        assert [path.read_bytes() for path in files] == [content]
        assert call(shop, "pull").out == "nothing new at the sources\n"


def test_a_stop_while_a_file_comes_is_obeyed_at_once(shop: Shop, tmp_path: Path) -> None:
    with sftp(tmp_path / "far") as far:
        assert far.wire
        far.write("a.jpg", photo(tmp_path, 1) + os.urandom(3_000_000))
        with_source(shop, far)
        shop.settings()
        far.wire.silent_after = 1_000_000
        command = [PROGRAM, "run", "-c", CONFIG]
        with subprocess.Popen(command, env=BARE, cwd=shop.root, stderr=subprocess.PIPE, text=True) as process:
            begun_s = monotonic_s()
            while not list(shop.state.rglob(".storyrelay-*.jpg")) and monotonic_s() - begun_s < 60:
                pause(0.02)
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=60)[1]
        assert process.returncode == 143
        assert "Traceback" not in said
        far.wire.silent_after = None
        assert call(shop, "run").code == 0
        assert len(shop.media()) == 1


@pytest.mark.parametrize(
    ("kind", "number"),
    [("local", 10_000), pytest.param("s3", 1_100, marks=pytest.mark.slow), ("webdav", 500), ("sftp", 500)],
)
def test_more_names_than_one_answer_holds_are_listed(tmp_path: Path, kind: str, number: int) -> None:
    with KINDS[kind](tmp_path / "far") as far:
        for each in range(number):
            far.write(f"{each % 2}/{each}.jpg", b"")
        listing = far.source(tmp_path).listing()
        assert len({remote.key for remote in listing}) == number
        assert [remote.key for remote in listing[:3]] == ["0/0.jpg", "0/2.jpg", "0/4.jpg"]
        far.close()


def test_a_server_whose_key_is_not_known_is_never_told_the_password(shop: Shop, tmp_path: Path) -> None:
    with sftp(tmp_path / "far") as far:
        known = Path(far.options["known_hosts"])
        known.write_text("")
        with_source(shop, far)
        said = call(shop, "pull")
        assert said.code == 4
        assert "the server isn't known; it shows the key" in said.err
        assert "SHA256:" in said.err
        assert "ssh-keyscan -p" in said.err


def test_links_out_of_a_folder_are_not_followed(shop: Shop, tmp_path: Path) -> None:
    picture(tmp_path / "private" / "me.jpg", 3)
    for kind in (local, sftp):
        root = tmp_path / "far" / kind.__name__
        root.mkdir()
        with kind(root) as far:
            far.write("a.jpg", photo(tmp_path, 1))
            place = next(path.parent for path in root.rglob("a.jpg"))
            (place / "me.jpg").symlink_to(tmp_path / "private" / "me.jpg")
            (place / "private").symlink_to(tmp_path / "private")
            (place / "round").symlink_to(place)
            source = far.source(tmp_path)
            assert [remote.key for remote in source.listing()] == ["a.jpg"]
            far.close()


def test_a_package_that_is_missing_is_named_with_the_command_that_brings_it(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3(tmp_path / "far") as far:
        monkeypatch.setitem(sys.modules, "s3fs", None)
        shop.picture("own.jpg", 1)
        summary = shop.run(far.config())
        assert (summary.exit_code, summary.offered) == (6, 1)
        (alarm,) = [event for event in shop.events if isinstance(event, Alarm)]
        assert alarm.about == "source nas"
        assert "s3fs isn't installed. Next: " in alarm.reason
        assert '-m pip install "fsspec>=2026.2" "s3fs>=2026.2"' in alarm.reason
        assert pull(shop.settings(far.config()), ["nas"], shop.events.append, shop.clock) == 6


def test_what_a_server_calls_by_a_hostile_name_is_told_and_left(shop: Shop, tmp_path: Path) -> None:
    with sftp(tmp_path / "far") as far:
        far.write("a.jpg", photo(tmp_path, 1))
        far.write("b.jpg", photo(tmp_path, 2))
        far.renamed["b.jpg"] = "trip/../../../b\x1b[2J.jpg"
        assert shop.run(far.config()).pulled == 1
        (left,) = [event for event in shop.events if isinstance(event, NotPulled)]
        assert "leads out" in left.reason
        assert [path.name for path in (tmp_path / "far").rglob("b*.jpg")] == ["b.jpg"]
        assert [path.name for path in (shop.state / "pulled").rglob("*.jpg")] == ["a.jpg"]

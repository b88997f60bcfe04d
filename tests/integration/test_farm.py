"""Renditions made by the workers of a farm: a real scheduler, real workers, a small shop."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.farm import COMMAND, FakeFarm, farm
from fakes.shop import Shop
from PIL import Image

from pipeline.errors import ConfigError, Interrupted, LockedError
from pipeline.execute.farm import Share, claim, open_line, open_share
from pipeline.ledger.answers import Answer
from pipeline.model import State
from pipeline.report.events import Alarm, Refused

WIDE = (1600, 900)
NOBODY = "tcp://127.0.0.1:9"


@pytest.fixture(scope="module")
def fields(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeFarm]:
    with farm(tmp_path_factory.mktemp("farm"), workers=1) as fake:
        yield fake


def far(address: str, root: Path) -> tuple[str, str]:
    """The settings of a shop whose renditions are made at an address."""
    return (f"execute.farm={address}", f"execute.share={root / 'share'}")


def bytes_of(shop: Shop) -> dict[str, bytes]:
    """The renditions in a shop's store, by their names."""
    store = shop.state / "store"
    return {file.name: file.read_bytes() for file in store.iterdir() if file.suffix in {".jpg", ".mp4"}}


def alarms(shop: Shop) -> list[str]:
    return [event.reason for event in shop.events if isinstance(event, Alarm)]


def once_more(shop: Shop) -> None:
    """The person takes the one story back, and then wants it after all."""
    (delivery,) = shop.deliveries()
    shop.answer_and_die(Answer("skip", delivery.id, shop.clock()))
    shop.answer_and_die(Answer("retry", delivery.id, shop.clock()))


def broken(path: Path) -> None:
    """A picture whose end is missing, though its header tells of none of it."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + b"\0" * (len(content) - len(content) // 2))


def test_a_farm_makes_the_same_bytes_as_this_computer(fields: FakeFarm, tmp_path: Path) -> None:
    here, there = Shop(tmp_path / "here"), Shop(tmp_path / "there")
    for number in range(3):
        here.picture(f"{number}.jpg", number, WIDE)
    here.sidecar("1.jpg.yaml", "caption: Warm bread\n")
    shutil.copytree(here.inbox, there.inbox)
    assert here.run().exit_code == there.run(*far(fields.address, tmp_path)).exit_code == 0
    assert len(bytes_of(there)) == 3
    assert set(bytes_of(here).values()) == set(bytes_of(there).values())
    assert there.media() == here.media()
    assert there.run(*far(NOBODY, tmp_path)).exit_code == 0  # nothing to do: nobody is asked


def test_a_rendition_stays_in_the_share_for_a_run_that_died_and_only_a_whole_one_counts(
    fields: FakeFarm, tmp_path: Path
) -> None:
    shop = Shop(tmp_path)
    shop.picture("a.jpg", 1, WIDE)
    shop.run(*far(fields.address, tmp_path))
    made = bytes_of(shop)
    (key,) = (Path(name).stem for name in made)
    share = tmp_path / "share"
    told = share / "renditions" / f"{key}.json"
    assert told.exists()
    assert open_share(str(share)).rendition(key) is not None
    (share / "renditions" / f"{key}.jpg").write_bytes(b"damaged")
    assert open_share(str(share)).rendition(key) is None


def test_a_scheduler_out_of_reach_keeps_stories_waiting_and_nothing_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.execute.farm.line.CONNECT_S", 1)
    shop = Shop(tmp_path)
    shop.picture("a.jpg", 1, WIDE)
    summary = shop.run(*far(NOBODY, tmp_path))
    assert summary.exit_code == 6
    assert set(shop.states().values()) == {State.PLANNED}
    (alarm,) = alarms(shop)
    assert f"the scheduler {NOBODY} can't be reached" in alarm
    assert shop.run().offered == 1


def test_a_share_of_another_ledger_stops_a_run_before_it_does_anything(
    fields: FakeFarm, tmp_path: Path
) -> None:
    first, second = Shop(tmp_path / "first"), Shop(tmp_path / "second")
    for shop in (first, second):
        shop.picture("a.jpg", 1, WIDE)
    assert first.run(*far(fields.address, tmp_path)).offered == 1
    with pytest.raises(ConfigError, match=f"belongs to the ledger of .*{first.state}.*nothing was done"):
        second.run(*far(fields.address, tmp_path))
    assert second.deliveries() == []


def test_a_copy_of_a_ledger_waits_for_the_run_of_the_other(
    fields: FakeFarm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.execute.farm.line.LEASE_SLACK_S", -29.0)
    shop = Shop(tmp_path)
    shop.run()
    shop.picture("a.jpg", 1, WIDE)
    with sqlite3.connect(shop.state / "ledger.sqlite3") as db:
        (identity,) = db.execute("SELECT id FROM identity").fetchone()
    other = open_line(fields.address)
    try:
        other.be_alone(identity, lambda: False)
        with pytest.raises(LockedError, match="another run with this ledger, or a copy of it, is under way"):
            shop.run(*far(fields.address, tmp_path))
    finally:
        other.close()
    assert set(shop.states().values()) == {State.PLANNED}
    assert shop.run(*far(fields.address, tmp_path)).offered == 1


def test_a_damaged_picture_is_refused_in_the_words_of_a_run_here(fields: FakeFarm, tmp_path: Path) -> None:
    told = []
    for name, settings in (("here", ()), ("there", far(fields.address, tmp_path))):
        shop = Shop(tmp_path / name)
        picture = shop.inbox / "a.png"
        picture.parent.mkdir(parents=True)
        Image.effect_noise(WIDE, 50).save(picture)
        broken(picture)
        assert shop.run(*settings).exit_code == 3
        told.append([str(event.reason) for event in shop.events if isinstance(event, Refused)])
    assert told[0] == told[1] != []


def test_a_run_that_is_stopped_doesnt_wait_for_the_farm(fields: FakeFarm, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.picture("a.jpg", 1, WIDE)
    (child,) = fields.at_work()
    os.kill(child, signal.SIGSTOP)
    threading.Timer(3, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
    begun = time.monotonic()
    try:
        with pytest.raises(Interrupted):
            shop.run(*far(fields.address, tmp_path))
    finally:
        os.kill(child, signal.SIGCONT)
    assert time.monotonic() - begun < 10
    assert set(shop.states().values()) == {State.PLANNED}


def test_what_is_made_already_needs_no_farm(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.picture("a.jpg", 1, WIDE)
    shop.run()
    once_more(shop)
    assert shop.run(*far(NOBODY, tmp_path)).offered == 1


def test_what_was_damaged_in_the_share_is_laid_there_and_made_anew(fields: FakeFarm, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.picture("a.jpg", 1, WIDE)
    shop.run(*far(fields.address, tmp_path))
    made = bytes_of(shop)
    for file in (*tmp_path.glob("share/assets/*"), *tmp_path.glob("share/renditions/*.jpg")):
        file.write_bytes(bytes(file.stat().st_size))
    for file in (shop.state / "store").iterdir():
        file.unlink()
    once_more(shop)
    assert shop.run(*far(fields.address, tmp_path)).offered == 1
    assert bytes_of(shop) == made


@pytest.mark.slow
def test_a_worker_that_is_killed_and_a_scheduler_that_is_lost_cost_no_story(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.picture("a.jpg", 1, WIDE)
    with farm(tmp_path / "farm", workers=1) as fake:
        os.kill(fake.at_work()[0], signal.SIGKILL)
        assert shop.run(*far(fake.address, tmp_path)).offered == 1
        shop.picture("b.jpg", 2, WIDE)
        os.kill(fake.children()[0], signal.SIGSTOP)
        assert fake.scheduler
        threading.Timer(3, fake.scheduler.kill).start()
        assert shop.run(*far(fake.address, tmp_path)).exit_code == 6
        os.kill(fake.children()[0], signal.SIGCONT)
    assert "was lost" in alarms(shop)[0]
    assert shop.states()["b.jpg", "whatsapp", 1] is State.PLANNED


def test_a_worker_without_a_scheduler_says_so_in_one_line() -> None:
    done = subprocess.run([*COMMAND, "worker", NOBODY], capture_output=True, text=True, check=False)
    assert done.returncode == 6
    assert done.stderr.startswith(f"storyrelay: the scheduler {NOBODY} can't be reached")
    assert done.stderr.count("\n") == 1


def test_a_worker_that_is_asked_to_ends_well(fields: FakeFarm) -> None:
    worker = fields.add_worker()
    fields.at_work(1)
    worker.terminate()
    assert worker.wait(20) == 0
    fields.workers.remove(worker)


def test_half_files_and_old_ones_leave_the_share(tmp_path: Path) -> None:
    share = open_share(str(tmp_path / "share"))
    claim(share, "one", "here", tmp_path)
    share.write("assets/old", b"1", tmp_path)
    share.write("assets/.storyrelay-half", b"1", tmp_path)
    share.write("assets/needed", b"1", tmp_path)
    _tidied(share)
    assert sorted(path.name for path in (tmp_path / "share/assets").iterdir()) == ["needed"]


def _tidied(share: Share) -> None:
    from pipeline.execute.farm.farm import tidied
    from pipeline.tools.clock import now

    tidied(share, {"needed"}, set(), now())

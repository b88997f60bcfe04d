"""A disk that is nearly full: nothing is begun that might fill it, what is made already still goes out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.shop import BOTH, Shop

from pipeline.ledger.answers import Answer
from pipeline.model import State
from pipeline.report.events import Alarm
from pipeline.report.health.places import place_checks
from pipeline.report.lines import is_problem, line_of

LIMIT = "limits.free_mb=500"
MEGA = 1_000_000
Fill = Callable[[Path, int], None]


@pytest.fixture
def fill(monkeypatch: pytest.MonkeyPatch) -> Fill:
    """Lets the system say that so many MB are free below a folder; elsewhere there is plenty."""
    free_mb: dict[Path, int] = {}
    asked = os.statvfs

    def answer(path: Path) -> os.statvfs_result:
        told = list(asked(path))
        there = [mb for folder, mb in free_mb.items() if Path(path).is_relative_to(folder)]
        told[0:5] = [MEGA, MEGA, 10**6, *[there[-1] if there else 10**6] * 2]
        return os.statvfs_result(told)

    monkeypatch.setattr(os, "statvfs", answer)
    return free_mb.__setitem__


def told(shop: Shop) -> list[str]:
    return [line_of(event) or "" for event in shop.events if isinstance(event, Alarm) and is_problem(event)]


def test_nothing_is_made_on_a_disk_that_is_nearly_full_and_the_person_is_told_once(
    shop: Shop, fill: Fill
) -> None:
    for number, name in enumerate(("a.jpg", "b.jpg")):
        shop.picture(name, number)
    fill(shop.state, 499)
    done = shop.run(LIMIT)
    assert (done.offered, done.planned, done.exit_code) == (0, 2, 6)
    (line,) = told(shop)
    assert f"the disk of {shop.state} has 499.0 MB free" in line
    assert "limits.free_mb (500 MB)" in line
    assert f"Next: make room there; df -h {shop.state}" in line
    assert {row.reason for row in shop.deliveries()} == {"the disk is nearly full"}


def test_with_room_again_the_next_run_goes_on_by_itself(shop: Shop, fill: Fill) -> None:
    shop.picture("a.jpg")
    fill(shop.state, 499)
    shop.run(LIMIT)
    fill(shop.state, 600)
    done = shop.run(LIMIT)
    assert (done.offered, done.exit_code, told(shop)) == (1, 0, [])
    assert shop.deliveries()[0].reason is None


def test_what_is_made_already_still_goes_out(shop: Shop, fill: Fill) -> None:
    shop.destinations = BOTH
    shop.picture("a.jpg")
    shop.run(LIMIT, only=frozenset({"whatsapp"}), not_to=frozenset())
    shop.picture("b.jpg", 1)
    fill(shop.state, 499)
    done = shop.run(LIMIT)
    assert (done.offered, done.exit_code) == (1, 6)
    assert shop.states()["a.jpg", "instagram", 1] is State.OFFERED


def test_what_nobody_waits_for_is_removed_before_anything_is_held(shop: Shop, fill: Fill) -> None:
    shop.picture("a.jpg")
    shop.run()
    shop.answer_and_die(Answer("confirm", shop.deliveries()[0].id, shop.clock()))
    shop.picture("b.jpg", 1)
    (made,) = (shop.state / "store").glob("*.jpg")
    fill(shop.state, 499)
    assert shop.run(LIMIT).exit_code == 6
    assert not made.exists()


def test_a_small_story_goes_out_where_a_large_one_has_no_room(shop: Shop, fill: Fill) -> None:
    shop.picture("a.jpg", 1, (3000, 4000))  # a rendition of it might take 4 MB
    shop.picture("b.jpg", 2)
    fill(shop.state, 502)
    done = shop.run(LIMIT)
    assert (done.offered, done.exit_code) == (1, 6)
    assert shop.states()["b.jpg", "whatsapp", 1] is State.OFFERED


def test_a_full_outbox_gets_nothing(shop: Shop, fill: Fill) -> None:
    shop.picture("a.jpg")
    fill(shop.outbox, 499)
    done = shop.run(LIMIT)
    assert (done.offered, done.planned, done.exit_code) == (0, 1, 6)
    (line,) = told(shop)
    assert f"the disk of {shop.outbox} has 499.0 MB free" in line
    fill(shop.outbox, 600)
    assert shop.run(LIMIT).offered == 1


def test_without_a_limit_nobody_looks(shop: Shop, fill: Fill) -> None:
    shop.picture("a.jpg")
    fill(shop.root, 1)
    assert shop.run("limits.free_mb=null").exit_code == 0


@pytest.mark.parametrize(("free_mb", "status"), [(499, "fail"), (600, "warn"), (2000, "ok")])
def test_doctor_warns_before_runs_stop(shop: Shop, fill: Fill, free_mb: int, status: str) -> None:
    fill(shop.root, free_mb)
    checks = {check.name: check.status for check in place_checks(shop.settings(LIMIT))}
    assert (checks["state"], checks["outbox"]) == (status, status)

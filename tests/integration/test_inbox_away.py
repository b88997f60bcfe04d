"""An inbox that is missing, empty or not mounted isn't a deletion; a file gone for a week is one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.command import call
from fakes.shop import BOTH, Shop

from pipeline.model import State
from pipeline.report.events import Alarm
from pipeline.report.health.places import place_checks
from pipeline.run.presence import PATIENCE

TOMORROW = "not_before: 2026-11-24 18:00\n"


@pytest.fixture
def mounts(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Lets the system say that something is mounted at one folder, besides the root."""
    at: list[Path] = []
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) in {*at[-1:], Path("/")})
    return at.append


def alarms(shop: Shop) -> list[tuple[str, str]]:
    return [(event.about, event.reason) for event in shop.events if isinstance(event, Alarm)]


def planned(shop: Shop) -> Shop:
    """A picture that is to go out tomorrow, and one that lies there for good."""
    shop.picture("kept.jpg", 1)
    shop.run()
    shop.picture("later.jpg", 2)
    shop.sidecar("later.jpg.yaml", TOMORROW)
    shop.run()
    shop.clock.advance(days=2)
    return shop


def away(shop: Shop) -> Path:
    return shop.inbox.rename(shop.root / "elsewhere")


def back(shop: Shop) -> None:
    if shop.inbox.exists():
        shop.inbox.rmdir()
    (shop.root / "elsewhere").rename(shop.inbox)


def test_a_missing_inbox_is_told_and_everything_else_goes_on(shop: Shop) -> None:
    planned(shop)
    away(shop)
    gone = shop.root / "gone"
    done = shop.run(f"inbox={gone}")
    assert (done.exit_code, done.offered) == (6, 0)
    assert alarms(shop) == [("inbox", f"the inbox {gone} doesn't exist: mkdir -p {gone} makes it")]
    assert shop.states()["kept.jpg", "whatsapp", 1] is State.EXPIRED
    assert shop.states()["later.jpg", "whatsapp", 1] is State.PLANNED
    back(shop)
    assert (shop.run().offered, shop.states()["later.jpg", "whatsapp", 1]) == (1, State.OFFERED)


def test_an_inbox_whose_disk_is_not_mounted_is_told_and_nothing_is_given_up(
    shop: Shop, mounts: Callable[[Path], None]
) -> None:
    mounts(shop.inbox)
    planned(shop)
    away(shop)
    shop.inbox.mkdir()
    mounts(Path("/"))
    for days in (1, 30):
        shop.clock.advance(days=days)
        done = shop.run()
        assert (done.exit_code, done.planned) == (6, 1)
        (alarm,) = alarms(shop)
        assert f"nothing is mounted at {shop.inbox}" in alarm[1]
        assert f"Next: mount {shop.inbox}" in alarm[1]
    back(shop)
    mounts(shop.inbox)
    assert (shop.run().offered, alarms(shop)) == (1, [])


def test_what_is_made_already_goes_out_while_the_inbox_is_away(
    shop: Shop, mounts: Callable[[Path], None]
) -> None:
    shop.destinations = BOTH
    mounts(shop.inbox)
    shop.picture("a.jpg")
    shop.run(only=frozenset({"whatsapp"}))
    away(shop)
    shop.inbox.mkdir()
    mounts(Path("/"))
    done = shop.run()
    assert (done.offered, done.exit_code) == (1, 6)
    assert shop.states()["a.jpg", "instagram", 1] is State.OFFERED


def test_an_inbox_on_another_disk_by_now_is_settled_by_its_first_file(
    shop: Shop, mounts: Callable[[Path], None]
) -> None:
    mounts(shop.inbox)
    shop.picture("a.jpg")
    shop.run()
    mounts(Path("/"))
    assert (shop.run().exit_code, alarms(shop)) == (0, [])
    (shop.inbox / "a.jpg").unlink()
    assert (shop.run().exit_code, alarms(shop)) == (0, [])


def test_an_inbox_that_the_person_emptied_is_no_trouble(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    (shop.inbox / "a.jpg").unlink()
    done = shop.run()
    assert (done.exit_code, alarms(shop)) == (0, [])


def test_a_file_deleted_before_its_time_is_told_once_and_waits(shop: Shop) -> None:
    planned(shop)
    picture = shop.inbox / "later.jpg"
    kept = picture.read_bytes()
    picture.unlink()
    done = shop.run()
    number = next(row.id for row in shop.deliveries() if row.path == picture)
    assert (done.exit_code, done.offered, done.planned) == (0, 0, 1)
    (alarm,) = alarms(shop)
    assert alarm == (
        "gone",
        "later.jpg was deleted or moved before it was sent: it waits for 7 days."
        f" Next: put it back into {shop.inbox}, or storyrelay skip {number}",
    )
    assert (shop.run().exit_code, alarms(shop)) == (0, [])
    picture.write_bytes(kept)
    assert shop.run().offered == 1


def test_a_file_that_is_gone_for_a_week_is_given_up_with_a_reason_and_can_be_retried(shop: Shop) -> None:
    planned(shop)
    picture = shop.inbox / "later.jpg"
    kept = picture.read_bytes()
    picture.unlink()
    shop.run()
    shop.clock.advance(seconds=PATIENCE.total_seconds())
    assert shop.run().planned == 0
    given_up = next(row for row in shop.deliveries() if row.path == picture)
    assert (given_up.state, given_up.reason) == (
        State.SKIPPED,
        "later.jpg was gone for 7 days before it could be sent",
    )
    picture.write_bytes(kept)
    assert shop.run().offered == 0
    assert call(shop, "retry", str(given_up.id)).code == 0
    assert shop.run().offered == 1


def test_files_that_are_gone_from_an_empty_inbox_are_never_given_up(shop: Shop) -> None:
    planned(shop)
    away(shop)
    shop.inbox.mkdir()
    for days in (1, 30, 300):
        shop.clock.advance(days=days)
        assert shop.run().planned == 1
    back(shop)
    assert shop.run().offered == 1


def test_doctor_knows_that_the_inbox_is_away(shop: Shop, mounts: Callable[[Path], None]) -> None:
    mounts(shop.inbox)
    planned(shop)
    away(shop)
    mounts(Path("/"))
    checks = {check.name: check for check in place_checks(shop.settings())}
    assert checks["inbox"].status == "fail"
    assert checks["inbox"].fix == f"mount {shop.inbox}"

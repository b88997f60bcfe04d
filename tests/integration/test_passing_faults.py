"""A disk that fails for a moment costs no story: told, and tried again by the next run, without a word."""

from __future__ import annotations

import errno
from pathlib import Path

import av
import pytest
from fakes.shop import BOTH, Shop

from pipeline.errors import UnreadableError
from pipeline.ledger import snapshot
from pipeline.model import State
from pipeline.report.events import Refused
from pipeline.tools.faults import may_pass, passes

FAILING = Path("/proc/self/mem")
"""A file whose every read is answered with EIO."""


def fail_at(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(FAILING)


def problems(shop: Shop) -> list[str]:
    with snapshot(shop.state, shop.clock) as ledger:
        return [problem.reason for problem in ledger.problems()]


def raised_from(fault: Exception) -> UnreadableError:
    failure = UnreadableError("a.jpg can't be read")
    failure.__cause__ = fault
    return failure


def of_demuxer(number: int) -> Exception:
    with pytest.raises(av.FFmpegError) as raised:
        av.error.err_check(-number)
    return raised.value


def test_a_file_that_its_disk_fails_to_give_is_told_and_no_refusal(shop: Shop) -> None:
    fail_at(shop.inbox / "a.jpg")
    for _ in range(2):
        done = shop.run()
        (told,) = [event for event in shop.events if isinstance(event, Refused)]
        assert (done.refused, done.exit_code) == (1, 3)
        assert told.reason == "a.jpg can't be read: Input/output error; the next run tries it again"
    assert problems(shop) == []


def test_a_file_whose_disk_recovered_goes_out_without_a_retry(shop: Shop) -> None:
    fail_at(shop.inbox / "a.jpg")
    assert shop.run().offered == 0
    (shop.inbox / "a.jpg").unlink()
    shop.picture("a.jpg")
    assert (shop.run().offered, shop.media()) == (1, ["0001-a.jpg"])


def test_what_was_planned_stays_planned_while_its_disk_fails(shop: Shop) -> None:
    shop.destinations = BOTH
    picture = shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "not_before: 2026-11-24 18:00\n")
    shop.run()
    kept = picture.read_bytes()
    picture.unlink()
    fail_at(picture)
    shop.clock.advance(days=2)
    assert (shop.run().offered, set(shop.states().values())) == (0, {State.PLANNED})
    picture.unlink()
    picture.write_bytes(kept)
    assert shop.run().offered == 2


@pytest.mark.parametrize("beside", ["a.jpg.txt", "a.jpg.yaml"])
def test_a_sidecar_that_its_disk_fails_to_give_is_no_refusal_either(shop: Shop, beside: str) -> None:
    shop.picture("a.jpg")
    fail_at(shop.inbox / beside)
    assert shop.run().refused == 1
    assert problems(shop) == []
    (shop.inbox / beside).unlink()
    assert shop.run().offered == 1


def test_material_that_its_disk_fails_to_give_is_no_refusal_either(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "sticker: {file: materials/logo.png, at: top-right}\n")
    logo = shop.inbox / "materials" / "logo.png"
    fail_at(logo)
    assert shop.run().refused == 1
    assert problems(shop) == []


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.ENOSPC, errno.EHOSTDOWN])
def test_faults_of_a_disk_or_a_network_pass(number: int) -> None:
    assert passes(raised_from(OSError(number, "")))


@pytest.mark.parametrize(
    "fault", [OSError("image file is truncated"), OSError(errno.EACCES, "", "/"), OSError(errno.EISDIR, "")]
)
def test_a_damaged_file_and_missing_rights_do_not_pass(fault: OSError) -> None:
    assert not may_pass(raised_from(fault))


def test_a_fault_that_is_raised_from_itself_is_looked_at_once() -> None:
    fault = OSError("decoder error -2")
    fault.__cause__ = fault
    assert not may_pass(raised_from(fault))


def test_what_a_demuxer_calls_a_broken_disk_may_pass_once_and_not_twice() -> None:
    failure = raised_from(of_demuxer(errno.EIO))
    assert may_pass(failure)
    assert not passes(failure)

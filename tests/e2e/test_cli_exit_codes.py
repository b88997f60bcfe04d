"""Every exit code that the README lists, by the command as cron starts it."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.command import Said, call, interrupted
from fakes.media import Clip, save_clip
from fakes.shop import MIRRORED, Shop
from fakes.sources import ROOT
from fakes.trees import tree_of

from pipeline.ledger import exclusive
from pipeline.ledger.opening import FILE_NAME
from pipeline.model import State

BROKEN_PYTHON = "import json\njson.dumps = None\n"
Way = Callable[[Shop], Said]


def done(shop: Shop) -> Said:
    return call(shop, "run", "-q")


def nothing_to_do(shop: Shop) -> Said:
    done(shop)
    return call(shop, "run", "-q")


def bug(shop: Shop) -> Said:
    (shop.root / "sitecustomize.py").write_text(BROKEN_PYTHON)
    return call(shop, "run", "-q", env={"PYTHONPATH": str(shop.root)})


def wrong_setting(shop: Shop) -> Said:
    return call(shop, "run", "-q", "--set", "fit=squeeze")


def wrong_option(shop: Shop) -> Said:
    return call(shop, "run", "--quick")


def bad_file(shop: Shop) -> Said:
    (shop.inbox / "bad.jpg").write_text("no picture")
    said = call(shop, "run", "-q")
    assert shop.media() == ["0001-bread.jpg"]
    return said


def blocked(shop: Shop) -> Said:
    shop.outbox.write_text("no folder")
    return call(shop, "run", "-q")


def surge(shop: Shop) -> Said:
    shop.picture("cake.jpg", 1)
    said = call(shop, "run", "-q", "--set", "limits.surge=1")
    assert shop.media() == []
    return said


def nobody_logged_in(shop: Shop) -> Said:
    shop.destinations = MIRRORED
    return call(shop, "run", "-q")


def locked(shop: Shop) -> Said:
    shop.settings()
    with exclusive(shop.state):
        before = tree_of(shop.root)
        said = call(shop, "run", "-q")
        assert tree_of(shop.root) == before
    return said


def no_inbox(shop: Shop) -> Said:
    return call(shop, "run", "-q", "--set", f"inbox={shop.root}/none")


def damaged_ledger(shop: Shop) -> Said:
    done(shop)
    (shop.state / FILE_NAME).write_bytes(b"holiday pictures" * 1000)
    return call(shop, "run", "-q")


WAYS: dict[int, tuple[Way, ...]] = {
    0: (done, nothing_to_do),
    1: (bug,),
    2: (wrong_setting, wrong_option),
    3: (bad_file, blocked, surge),
    4: (nobody_logged_in,),
    5: (locked,),
    6: (no_inbox, damaged_ledger),
}
SIGNALS = {130: signal.SIGINT, 143: signal.SIGTERM}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.picture("bread.jpg")
    shop.settings()
    return shop


def test_the_table_in_the_readme_holds_all_of_them() -> None:
    table = (ROOT / "README.md").read_text().partition("| exit code |")[2].partition("\n\n")[0]
    listed = re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE)
    assert [int(code) for row in listed for code in row.split(",")] == [*WAYS, *SIGNALS]


def name_of(each: object) -> str:
    return getattr(each, "__name__", str(each))


@pytest.mark.parametrize(
    ("code", "way"), [(code, way) for code, ways in WAYS.items() for way in ways], ids=name_of
)
def test_a_quiet_run_ends_with_its_code_and_says_only_what_is_wrong(shop: Shop, code: int, way: Way) -> None:
    said = way(shop)
    assert (said.code, said.out) == (code, "")
    assert bool(said.err) == (code != 0)
    assert len(said.err.splitlines()) <= 4 or code == 1
    assert ("Traceback" in said.err) == (code == 1)


@pytest.mark.parametrize(("code", "signum"), SIGNALS.items())
def test_a_signal_ends_a_run_with_its_own_code(shop: Shop, code: int, signum: signal.Signals) -> None:
    save_clip(shop.inbox / "clip.mp4", Clip(seconds=1.5))
    left, out = interrupted(shop, signum, "run", "--json")
    assert left == code
    assert json.loads(out.splitlines()[-1])["exit_code"] == code
    assert shop.states()["clip.mp4", "whatsapp", 1] is State.PLANNED

"""Many new files at once are held, and what lay in the folder before can be taken as seen."""

from __future__ import annotations

import math
import os
from pathlib import Path

from fakes.command import call
from fakes.shop import Shop

from pipeline.report.events import Surge

THREE = "limits.surge=3"
NAMES = ("a.jpg", "b.jpg", "c.jpg", "d.jpg")


def full(root: Path) -> Shop:
    shop = Shop(root)
    for colour, name in enumerate(NAMES):
        shop.picture(name, colour)
    return shop


def test_more_new_files_than_the_limit_are_held_and_the_commands_named(tmp_path: Path) -> None:
    shop = full(tmp_path)
    summary = shop.run(THREE)
    assert (summary.exit_code, summary.surge, shop.media()) == (3, 4, [])
    [surge] = [event for event in shop.events if isinstance(event, Surge)]
    for word in ("4 new files", "a.jpg, b.jpg, c.jpg", "--accept-surge", "--adopt", "--since"):
        assert word in surge.reason
    assert shop.run(THREE).surge == 4


def test_a_surge_that_is_accepted_goes_out_whole(tmp_path: Path) -> None:
    shop = full(tmp_path)
    shop.run(THREE)
    assert shop.run(THREE, accept_surge=True).offered == 4


def test_as_many_new_files_as_the_limit_go_out(tmp_path: Path) -> None:
    assert full(tmp_path).run("limits.surge=4").offered == 4


def test_files_that_are_named_are_no_surge(tmp_path: Path) -> None:
    shop = full(tmp_path)
    assert shop.run(THREE, paths=tuple(shop.inbox / name for name in NAMES)).offered == 4


def test_a_plan_says_what_would_be_held(tmp_path: Path) -> None:
    plan = full(tmp_path).plan(THREE)
    assert not plan.stories
    assert "4 new files" in plan.refusals[0].reason


def test_a_renamed_folder_is_no_surge(tmp_path: Path) -> None:
    shop = full(tmp_path)
    shop.run()
    for name in NAMES:
        (shop.inbox / name).rename(shop.inbox / f"new-{name}")
    summary = shop.run(THREE)
    assert (summary.exit_code, summary.surge, summary.offered) == (0, 0, 0)


def test_what_is_adopted_never_goes_out_by_itself_even_renamed(tmp_path: Path) -> None:
    shop = full(tmp_path)
    assert (shop.run(THREE, adopt_before_s=math.inf).adopted, shop.media()) == (4, [])
    (shop.inbox / "a.jpg").rename(shop.inbox / "z.jpg")
    assert shop.run(THREE).offered == 0
    assert shop.deliveries() == []


def test_an_adopted_file_goes_out_when_it_is_named(tmp_path: Path) -> None:
    shop = full(tmp_path)
    shop.run(adopt_before_s=math.inf)
    shop.run(paths=(shop.inbox / "b.jpg",))
    assert shop.media() == ["0001-b.jpg"]


def test_what_is_older_is_adopted_and_the_rest_goes_out(tmp_path: Path) -> None:
    shop = full(tmp_path)
    for name in NAMES[:3]:
        os.utime(shop.inbox / name, (1000, 1000))
    summary = shop.run(THREE, adopt_before_s=2000.0)
    assert (summary.adopted, shop.media()) == (3, ["0001-d.jpg"])


def test_status_counts_what_is_adopted_and_says_how_to_send_it(tmp_path: Path) -> None:
    shop = full(tmp_path)
    call(shop, "run", "--adopt", "-q")
    call(shop, "run", "inbox/a.jpg", "-q")
    told = call(shop, "status").out
    assert "3 files" in told
    assert "run FILE" in told
    assert call(shop, "status", "--json").json()["adopted"] == 3

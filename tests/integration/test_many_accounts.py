"""One coordinator with many accounts: everything goes out once, and no account pays for the others."""

from __future__ import annotations

from pathlib import Path

from fakes.fleet import Fleet, fleet

from pipeline.config import Settings

STORIES, AFTER_THE_LAST = 8, 26
"""Of so many stories, at two an hour; the second counts runs."""


def test_the_stories_of_several_accounts_each_go_out_once(tmp_path: Path) -> None:
    with fleet(tmp_path, 2) as shops:
        settings = shops.settings()
        shops.drop(settings, STORIES)
        summaries = [shops.run(settings) for _ in range(AFTER_THE_LAST)]
        assert shops.live() == 2 * STORIES
        assert (summaries[-1].planned, summaries[-1].doubtful) == (0, 0)


def test_an_account_costs_the_ledger_no_more_when_there_are_many(tmp_path: Path) -> None:
    few, many = (steps_each(tmp_path / str(accounts), accounts) for accounts in (5, 30))
    assert many < 1.2 * few


def test_the_pauses_of_many_accounts_pass_at_the_same_time(tmp_path: Path) -> None:
    pace = "stories_per_hour: 3, spacing_seconds: [60, 60], wait_minutes: 10"
    with fleet(tmp_path, 12, pace) as shops:
        settings = shops.settings()
        shops.drop(settings, stories=3)
        shops.run(settings)
        assert shops.live() == 3 * len(shops.names)
        assert shops.paused_s < 2 * 60 + 10


def steps_each(root: Path, accounts: int) -> float:
    """What the ledger does for each account in runs that publish and in one that waits."""
    root.mkdir()
    with fleet(root, accounts) as shops:
        settings = shops.settings()
        shops.drop(settings, stories=6)
        shops.run(settings)
        return steps_of(shops, settings) / accounts


def steps_of(shops: Fleet, settings: Settings) -> int:
    before = shops.meter.hundreds
    for _ in range(3):
        shops.run(settings)
    return shops.meter.hundreds - before

"""What a command loads: cron pays for it every quarter of an hour."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.command import BARE, CONFIG
from fakes.shop import Shop

from pipeline.ledger import exclusive, open_ledger
from pipeline.model import State
from pipeline.tools.clock import now

HEAVY = {"moviepy", "instagrapi", "numpy", "PIL", "av", "imageio_ffmpeg", "pillow_heif", "rich"}
SPY = """
import json, sys
from pipeline.cli import main
try:
    main(sys.argv[1:])
finally:
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.picture("bread.jpg")
    shop.run()
    return shop


def loaded(shop: Shop, *words: str) -> set[str]:
    """The packages that a command imports."""
    done = subprocess.run(
        [sys.executable, "-c", SPY, *words],
        env=BARE,
        cwd=shop.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["--version"]])
def test_help_loads_nothing_heavy_and_no_settings(shop: Shop, words: list[str]) -> None:
    assert loaded(shop, *words) & (HEAVY | {"pydantic", "sqlite3"}) <= {"sqlite3"}


@pytest.mark.parametrize(
    "words",
    [
        *(
            ["status"],
            ["show", "1"],
            ["confirm", "1"],
            ["skip", "1"],
            ["plan"],
            ["run", "--clock-is-right"],
            ["config", "check"],
        ),
        ["preview", "-o", "sheet.png"],
    ],
)
def test_a_command_with_nothing_to_reformat_loads_nothing_heavy(shop: Shop, words: list[str]) -> None:
    assert loaded(shop, *words, "-c", CONFIG) & HEAVY == set()


def test_a_run_that_has_nothing_to_tell_does_not_load_what_it_would_tell_with(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELL_ME", "json://127.0.0.1:1/nobody")
    shop.clock.moment = now()
    shop.picture("cake.jpg", 2)
    shop.run()
    with exclusive(shop.state), open_ledger(shop.state) as ledger:
        ledger.notify(ledger.in_states({State.OFFERED}), [])
    words = ("run", "-c", CONFIG, "--set", "notify.urls={env: TELL_ME}")
    assert loaded(shop, *words) & (HEAVY | {"apprise", "requests"}) == set()
    shop.picture("tart.jpg", 3)
    assert "apprise" in loaded(shop, *words)


def test_the_spy_sees_what_is_loaded(shop: Shop) -> None:
    assert "PIL" in loaded(shop, "probe", "inbox/bread.jpg", "-c", CONFIG)

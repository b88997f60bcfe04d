"""A shop, and its commands carried out in this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.command import CONFIG, Here, Said
from fakes.shop import Shop

from pipeline.cli import main
from pipeline.tools.clock import now


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The commands know the real time only, so the shop's clock stands at it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["storyrelay"])
    shop = Shop(tmp_path)
    shop.clock.moment = now()
    return shop


@pytest.fixture
def here(shop: Shop, capsys: pytest.CaptureFixture[str]) -> Here:
    """Carry out a command on the shop, without a process of its own."""

    def carry_out(*words: str, config: bool = True) -> Said:
        shop.settings()
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([*words, *(("-c", CONFIG) if config else ())])
        said = capsys.readouterr()
        return Said(int(left.value.code or 0), said.out, said.err)

    return carry_out

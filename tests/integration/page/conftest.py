"""Served pages: one of its own for a test that changes something, one for all that only look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.caller import Caller
from fakes.served import Stage, staged, stock

import pipeline.page.connection
import pipeline.page.saying


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A page with three stories."""
    with staged(tmp_path) as stage:
        stock(stage.shop)
        yield stage


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The same for tests that change nothing."""
    with staged(tmp_path_factory.mktemp("standing")) as stage:
        stock(stage.shop)
        yield stage


@pytest.fixture(scope="module")
def phone(standing: Stage) -> Caller:
    """A phone that may see it."""
    return standing.phone()


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that has less time to lose."""
    monkeypatch.setattr(pipeline.page.connection, "IDLE_S", 0.3)
    monkeypatch.setattr(pipeline.page.saying, "BODY_S", 0.3)

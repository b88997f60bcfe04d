"""`storyrelay watch` where what it needs is missing."""

from __future__ import annotations

import sys

import pytest
from fakes.command import Here


def test_without_watchfiles_the_command_that_brings_it_is_told(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    said = here("watch")
    assert (said.code, said.out) == (6, "")
    assert said.err.startswith("storyrelay: `watch` needs watchfiles. Next: ")
    assert said.err.endswith('-m pip install "watchfiles>=1.1,<2"\n')
    assert said.err.count("\n") == 1

"""A run that dies around a message: nobody is told twice, and a reminder follows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.notifier import notifier
from fakes.shop import Shop
from fakes.sources import ROOT

from pipeline.report.events import Unheard

PLACE = "notify.urls={env: TELL_ME}"
RUN = f"""
import os, signal, sys
from pathlib import Path
import pipeline.run.reminding
from fakes.shop import Shop

if sys.argv[2] == "before":
    vars(pipeline.run.reminding)["send"] = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
else:
    from pipeline.notify import send
    def sent(*given):
        send(*given)
        os.kill(os.getpid(), signal.SIGKILL)
    vars(pipeline.run.reminding)["send"] = sent
Shop(Path(sys.argv[1])).run({PLACE!r})
"""


@pytest.mark.parametrize(("moment", "heard"), [("before", 0), ("after", 1)])
def test_a_run_killed_while_it_tells_is_not_followed_by_the_same_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, heard: int
) -> None:
    shop = Shop(tmp_path)
    shop.picture("bread.jpg")
    with notifier() as post:
        monkeypatch.setenv("TELL_ME", post.json)
        monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{ROOT / 'tests'}")
        died = subprocess.run([sys.executable, "-c", RUN, str(tmp_path), moment], check=False)
        assert died.returncode == -signal.SIGKILL
        shop.clock.advance(minutes=15)
        assert shop.run(PLACE).exit_code == 0
        assert len(post.heard) == heard
        shop.clock.advance(hours=2)
        shop.run(PLACE)
        assert post.titles[heard:] == ["1 story still waits for your Send"]
    assert [event for event in shop.events if isinstance(event, Unheard)] == []

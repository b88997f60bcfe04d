"""A program that pairs, answers, runs or serves the page in forks of itself, to be killed there.

It follows the line protocol of `crash_server`. What an act has acknowledged is written beside the world.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from fakes.crash_server import Countdown, serve

import pipeline.page.app
import pipeline.page.connection
from pipeline.config import Place as Folder
from pipeline.config import Settings, load_settings
from pipeline.handoff.paired import Phones
from pipeline.ledger.answers import Answer
from pipeline.page.saying import say
from pipeline.page.server import Place, look_after, serving
from pipeline.page.site import site_of
from pipeline.run import Request, run
from pipeline.tools.clock import now
from pipeline.tools.files import write_whole

__all__ = ["pipeline"]  # imported before anybody waits for it
HERE = "127.0.0.1"
SERVED = "served.json"


def acknowledged(world: Path) -> list[str]:
    """What was acknowledged, in order."""
    file = _file(world)
    return file.read_text().splitlines() if file.exists() else []


def _file(world: Path) -> Path:
    return world.with_name(f"heard-{world.name}")


def acknowledge(world: Path, word: str) -> None:
    with _file(world).open("a") as heard:
        heard.write(f"{word}\n")


def carry_out(request: dict[str, Any]) -> int:
    """What the request asks for; the exit code."""
    world = Path(request["world"])
    settings = load_settings(world / "storyrelay.yaml", (), Folder({}, world, None))
    if request["kill_at"]:
        Countdown(request["kill_at"], str(world)).begin()
    match request["act"]:
        case "run":
            return run(settings, Request(), lambda _: None).exit_code
        case "serve":
            return keep_serving(settings, world)
        case "say":
            said = Answer(request["verb"], request["delivery"], now(), said=request["event"])
            acknowledge(world, str(say(site_of(settings, 1), said)))
        case act:
            acknowledge(world, change_phones(Phones(settings.state), act, request["word"]))
    return 0


def keep_serving(settings: Settings, world: Path) -> int:
    with serving(settings, Place(HERE, 0)) as served:
        facts = {"pid": os.getpid(), "port": served.port}
        write_whole(world / SERVED, json.dumps(facts).encode())
        look_after(served, None, lambda: False, lambda _: None)
    return 0


def change_phones(phones: Phones, act: str, word: str) -> str:
    """The key of a phone, a secret, or how many were revoked."""
    match act:
        case "invite":
            return phones.invite(now(), word)
        case "pair":
            return phones.pair(word, "phone", now()) or ""
        case "revoke":
            return str(len(phones.revoke(word)))
        case "see":
            (phone,) = [one for one in phones.all() if one.name == word]
            phones.saw(phone, now() + timedelta(hours=1))
            return "seen"
    raise ValueError(act)


if __name__ == "__main__":
    serve(carry_out)

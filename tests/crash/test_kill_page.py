"""Whatever is killed while the person answers on the page or pairs a phone, nothing they said is lost."""

from __future__ import annotations

import random
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import count
from pathlib import Path

import pytest
from fakes.crashes import KILLED, Server, server
from fakes.page_ordeal import Telling, Theatre, template
from fakes.page_victim import acknowledged

from pipeline.handoff.paired import Phones
from pipeline.ledger import exclusive
from pipeline.tools.clock import now

ACTS = {"invite": "Bea's", "pair": "", "revoke": "Ana's", "see": "Ana's"}
MOST_STEPS = 200
END_OF = 4
"""Of so many worlds, one is run to its end."""
EVENT = "0123456789abcdef"


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    folder = tmp_path_factory.mktemp("theatre") / "template"
    key = template(folder)
    with server("fakes.page_victim") as pages, server("fakes.page_victim") as runs:
        yield Theatre(folder, key, pages, runs)


@pytest.fixture(scope="module")
def whole_s(theatre: Theatre) -> float:
    """How long a run takes there."""
    root = theatre.folder.with_name("timed")
    shutil.copytree(theatre.folder, root)
    begun = time.monotonic()
    assert asked(theatre.runs, root, "run") == 0
    return time.monotonic() - begun


def asked(victims: Server, root: Path, act: str, **how: object) -> int:
    return victims.ask({"world": str(root), "act": act, "kill_at": None, "kill_after_s": None, **how})


def killed_worlds(theatre: Theatre, act: str, *, locked: bool = False, **how: object) -> Iterator[Path]:
    """A world for each step at which an act was killed."""
    for step in count(1):
        root = theatre.folder.with_name(f"{act}-{how.get('verb', '')}-{how.get('name', '')}-{step}")
        shutil.copytree(theatre.folder, root)
        word = how.get("word")
        if act == "pair":
            word = Phones(root / "state").invite(now(), "Bea's")
        with exclusive(root / "state") if locked else nullcontext():
            code = asked(theatre.pages, root, act, **{**how, "word": word, "kill_at": step})
        if code != KILLED:
            assert (code, len(acknowledged(root))) == (0, 1)
            assert step > 3
            return
        assert step < MOST_STEPS
        yield root


@pytest.mark.parametrize("act", ACTS)
def test_the_register_of_phones_is_whole_whenever_a_change_is_killed(theatre: Theatre, act: str) -> None:
    for root in killed_worlds(theatre, act, word=ACTS[act]):
        phones, file = Phones(root / "state"), root / "state" / "phones.json"
        names = {phone.name for phone in phones.all()}
        assert names in {"pair": ({"Ana's"}, {"Ana's", "Bea's"}), "revoke": ({"Ana's"}, set())}.get(
            act, ({"Ana's"},)
        )
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert not acknowledged(root) or act != "pair" or phones.known(acknowledged(root)[0])
        key = phones.pair(phones.invite(now(), "Caro's"), "phone", now())  # and it can be changed again
        assert key
        assert phones.known(key)


@pytest.mark.parametrize("locked", [False, True], ids=["free", "during a run"])
def test_a_word_killed_at_any_step_is_heard_or_not_heard(theatre: Theatre, locked: bool) -> None:  # noqa: FBT001
    how = {"verb": "confirm", "delivery": 1, "event": EVENT, "name": str(locked)}
    for root in killed_worlds(theatre, "say", locked=locked, **how):
        telling = Telling(root, {1: ["confirm"]}, {1: ["confirm"]} if acknowledged(root) else {})
        assert list(telling.problems()) == []
        with exclusive(root / "state") if locked else nullcontext():
            assert asked(theatre.pages, root, "say", **how) == 0  # the page says it again, with its id
        telling.heard = {1: ["confirm"]}
        assert list(telling.problems()) == []
        if int(root.name.rpartition("-")[2]) % END_OF == 0:
            assert asked(theatre.runs, root, "run") == 0
            assert list(telling.problems_in_the_end()) == []


def test_a_word_that_is_lost_or_invented_would_be_found(theatre: Theatre) -> None:
    lost = Telling(theatre.folder, {1: ["confirm"]}, {1: ["confirm"]})
    assert list(lost.problems()) == ["1 is offered, but was told ['confirm']"]
    root = theatre.folder.with_name("invented")
    shutil.copytree(theatre.folder, root)
    assert asked(theatre.pages, root, "say", verb="skip", delivery=2, event=EVENT) == 0
    assert list(Telling(root).problems()) == ["2 is skipped though nobody said so"]
    Phones(root / "state").revoke("Ana's")
    assert "the phones are wrong" in list(Telling(root).problems())


@pytest.mark.parametrize("killed", ["page", "run"])
def test_nothing_said_is_lost_whichever_is_killed(theatre: Theatre, whole_s: float, killed: str) -> None:
    survive(theatre, whole_s, killed, 6)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("killed", ["page", "run"])
def test_nothing_said_is_lost_however_often_one_is_killed(
    theatre: Theatre, whole_s: float, killed: str
) -> None:
    survive(theatre, whole_s, killed, 100)


def survive(theatre: Theatre, whole_s: float, killed: str, times: int) -> None:
    words = 0
    for number in range(times):
        chance = random.Random(f"{killed}{number}")  # noqa: S311 - the same every time
        telling = theatre.ordeal(chance, whole_s, killed=killed)
        assert list(telling.problems()) == [], number
        assert asked(theatre.runs, telling.root, "run") == 0
        assert list(telling.problems_in_the_end()) == [], number
        words += sum(map(len, telling.heard.values()))
        shutil.rmtree(telling.root)
    assert words > times / 2

"""A pull is killed at every step: what it has pulled is whole, and everything goes out once in the end."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from fakes.crashes import KILLED, SMALL, Server, server
from fakes.pull_victim import FAR
from fakes.shop import Shop, picture

from pipeline.ledger import snapshot
from pipeline.model import State
from pipeline.tools.files import TEMPORARY_PREFIX

FEWEST_STEPS = 25
STRIDE = 13
"""A run has hundreds of steps, and most of them are tried without a source too."""
WITH_SOURCE = """{whatsapp: {platform: whatsapp_status, channels: [folder]}}
platforms: {whatsapp_status: {canvas: {width: 270, height: 480}}}
sources: {far: {folder: /nowhere}}"""
NAMES = ("a.jpg", "b.jpg")


@pytest.fixture(scope="module")
def victim() -> Iterator[Server]:
    with server("fakes.pull_victim") as started:
        yield started


@pytest.fixture
def template(tmp_path: Path) -> Path:
    root = tmp_path / "template"
    for number, name in enumerate(NAMES):
        picture(root / FAR / name, number + 1, SMALL)
    Shop(root, WITH_SOURCE).settings()
    return root


def killed(victim: Server, template: Path, what: str, step: int) -> tuple[Shop, int]:
    """A shop of its own after it, and how it ended; what lies there with its name is whole."""
    shop = Shop(template.with_name(f"{what}{step}"), WITH_SOURCE)
    shutil.copytree(template, shop.root)
    code = again(victim, shop, what, step)
    assert code in {KILLED, 0}
    check_whole(shop)
    return shop, code


def again(victim: Server, shop: Shop, what: str, kill_at: int | None = None) -> int:
    return victim.ask({"world": str(shop.root), "do": what, "kill_at": kill_at, "kill_after_s": None})


def check_whole(shop: Shop) -> None:
    for file in (shop.state / "pulled" / "far").glob("[!.]*.jpg"):
        assert file.read_bytes() == (shop.root / FAR / file.name).read_bytes()
        assert file.with_name(f"{file.name}.yaml").read_text() == f"caption: of {file.name}\n"


def check_end(shop: Shop) -> None:
    told = [(row.path.name, row.state, row.texts.caption) for row in shop.deliveries()]
    assert sorted(told) == [(name, State.OFFERED, f"of {name}") for name in NAMES]
    assert len(shop.media()) == len(NAMES)


def test_what_is_pulled_survives_a_kill_at_any_step(victim: Server, template: Path) -> None:
    for step in count(1):
        shop, code = killed(victim, template, "pull", step)
        assert again(victim, shop, "pull") == 0
        check_whole(shop)
        folder = shop.state / "pulled" / "far"
        assert {path.name for path in folder.iterdir()} == {*NAMES, *(f"{name}.yaml" for name in NAMES)}
        with snapshot(shop.state) as ledger:
            assert sorted(ledger.pulled_from("far")) == list(NAMES)
        if code == 0:
            break
        if step % STRIDE == 0:
            assert again(victim, shop, "run") == 0
            check_end(shop)
    assert step > FEWEST_STEPS


def test_a_run_that_pulls_is_made_good_by_the_next(victim: Server, template: Path) -> None:
    for step in count(STRIDE, STRIDE):
        shop, code = killed(victim, template, "run", step)
        assert again(victim, shop, "run") == 0
        check_whole(shop)
        check_end(shop)
        assert list((shop.state / "pulled").rglob(f"{TEMPORARY_PREFIX}*")) == []
        if code == 0:
            break
    assert step > FEWEST_STEPS

"""`watch` as a service: it runs when files come, once each, and stops when it's told to."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from fakes.command import BARE, CONFIG, PROGRAM, call, interrupted
from fakes.media import Clip, save_clip
from fakes.shop import WHATSAPP, Shop, picture

from pipeline.tools.clock import monotonic_s, pause

PATIENCE_S = 30


def seen_within(what: Callable[[], bool]) -> bool:
    until_s = monotonic_s() + PATIENCE_S
    while not what() and monotonic_s() < until_s:
        pause(0.05)
    return what()


@contextmanager
def watching(shop: Shop, *words: str) -> Iterator[subprocess.Popen[str]]:
    shop.settings()
    argv = [PROGRAM, "watch", "-c", CONFIG, *words]
    with subprocess.Popen(argv, env=BARE, cwd=shop.root, text=True, stderr=subprocess.PIPE) as service:
        try:
            yield service
        finally:
            service.kill()


@pytest.mark.parametrize("way", [(), ("--poll",)])
def test_a_file_that_comes_later_is_offered_at_once_and_once(shop: Shop, way: tuple[str, ...]) -> None:
    shop.picture("early.jpg", 1)
    with watching(shop, *way) as service:
        assert seen_within(lambda: len(shop.media()) == 1)
        shop.picture("late.jpg", 2)
        assert seen_within(lambda: len(shop.media()) == 2)
        service.send_signal(signal.SIGTERM)
        _, said = service.communicate(timeout=PATIENCE_S)
    assert service.returncode in (0, 143)
    assert said.splitlines()[0] == f"storyrelay: watching {shop.inbox}"
    assert "Traceback" not in said
    assert len(shop.deliveries()) == 2


def test_an_inbox_that_is_away_is_told_and_taken_up_when_it_is_back(shop: Shop) -> None:
    shop.settings()
    shop.inbox.rename(shop.root / "away")
    with watching_without(shop) as service:
        pause(2.5)
        assert service.poll() is None
        (shop.root / "away").rename(shop.inbox)
        shop.picture("bread.jpg", 1)
        assert seen_within(lambda: len(shop.media()) == 1)


@contextmanager
def watching_without(shop: Shop) -> Iterator[subprocess.Popen[str]]:
    argv = [PROGRAM, "watch", "-c", CONFIG, "--every", "1s"]
    with subprocess.Popen(argv, env=BARE, cwd=shop.root, text=True, stderr=subprocess.DEVNULL) as service:
        try:
            yield service
        finally:
            service.kill()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_while_a_run_is_at_work_ends_the_service_and_loses_nothing(
    shop: Shop, signum: signal.Signals
) -> None:
    shop.settings()
    for number in range(3):
        shop.picture(f"{number}.jpg", number)
    save_clip(shop.inbox / "clip.mp4", Clip(seconds=2, size=(640, 360)))
    code, out = interrupted(shop, signum, "watch")
    assert (code, out) == (128 + signum, "")
    assert shop.state.is_dir()
    done = call(shop, "run")
    assert (done.code, len(shop.media())) == (0, 4)
    assert len(shop.deliveries()) == 4


def test_a_source_is_asked_as_often_as_the_person_says(shop: Shop) -> None:
    far = shop.root / "synced"
    far.mkdir()
    shop.destinations = f"{WHATSAPP}\nsources: {{nas: {{folder: {far}}}}}"
    with watching(shop, "--every", "1s") as service:
        picture(far / "late.jpg", 1)
        assert seen_within(lambda: len(shop.media()) == 1)
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=PATIENCE_S)
    assert service.returncode in (0, 143)
    assert [path.name for path in (shop.state / "pulled" / "nas").iterdir()] == ["late.jpg"]

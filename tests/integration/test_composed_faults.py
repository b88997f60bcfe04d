from __future__ import annotations

import dataclasses
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from fakes.films import composed, marked_photo, order_of, plain_photo, save_sound, sound, take_of, tone
from fakes.media import Clip, save_clip
from fakes.orders import bench_in, left_behind

from pipeline.errors import EnvironmentFault, Interrupted, RenderError
from pipeline.model import Music, Size
from pipeline.reformat import Order, render
from pipeline.reformat.compose import clips
from pipeline.tools.files import remove_leftovers

ROOMY = Size(540, 960)
RENDER = """
import pickle, sys
from pathlib import Path
from pipeline.reformat import Bench, render
order = pickle.loads(Path(sys.argv[1]).read_bytes())
folder = Path(sys.argv[2])
render(order, Bench(folder / "store", folder / "scratch", 1, 5, 3000))
"""


@pytest.fixture
def long_order(tmp_path: Path) -> Order:
    """A minute that is composed in several seconds."""
    photo = marked_photo(tmp_path / "a.jpg", (0.5, 0.5))
    take = take_of(photo, 60.0, ROOMY, motion="zoom-in")
    return order_of(composed(take, canvas=Size(432, 768), fps=30.0))


def test_a_stop_while_composing_leaves_nothing_behind(tmp_path: Path, long_order: Order) -> None:
    seen: list[float] = []
    bench = bench_in(tmp_path, progress=seen.append, stop=lambda: bool(seen) and seen[-1] > 0.01)
    started = time.monotonic()
    with pytest.raises(Interrupted):
        render(long_order, bench)
    assert time.monotonic() - started < 4
    assert 0 < seen[-1] < 0.5
    assert list(bench.folder.glob("*")) == left_behind(bench) == []


def test_a_film_that_takes_too_long_names_the_setting_and_leaves_nothing(
    tmp_path: Path, long_order: Order
) -> None:
    bench = bench_in(tmp_path, encode_minutes=0.005)
    with pytest.raises(RenderError, match=r"limits\.encode_minutes"):
        render(long_order, bench)
    assert list(bench.folder.glob("*")) == left_behind(bench) == []


def test_memory_that_is_too_little_for_a_film_names_file_and_setting(
    tmp_path: Path, long_order: Order
) -> None:
    with pytest.raises(RenderError, match=r"a\.jpg.*limits\.child_memory_mb"):
        render(long_order, bench_in(tmp_path, child_memory_mb=230))


def test_whoever_waits_for_a_film_that_another_makes_can_be_stopped(
    tmp_path: Path, long_order: Order
) -> None:
    started, enough = threading.Event(), threading.Event()
    first = bench_in(tmp_path, progress=lambda _: started.set(), stop=enough.is_set)

    def make() -> None:
        with pytest.raises(Interrupted):
            render(long_order, first)

    maker = threading.Thread(target=make)
    maker.start()
    started.wait(10)
    asked = iter((False, False))
    with pytest.raises(Interrupted):
        render(long_order, bench_in(tmp_path, stop=lambda: next(asked, True)))
    enough.set()
    maker.join()


def test_after_a_kill_while_composing_nothing_is_taken_for_whole(tmp_path: Path, long_order: Order) -> None:
    (tmp_path / "order").write_bytes(pickle.dumps(long_order))
    parent = subprocess.Popen([sys.executable, "-c", RENDER, str(tmp_path / "order"), str(tmp_path)])
    store, scratch = tmp_path / "store", tmp_path / "scratch"
    with parent:
        while not any(file.stat().st_size for file in store.glob(".*.mp4")):
            time.sleep(0.02)
        parent.send_signal(signal.SIGKILL)
    assert list(store.glob("[!.]*")) == []
    for folder in (store, scratch):
        remove_leftovers(folder)
        assert list(folder.iterdir()) == []


def test_a_file_of_a_film_that_changed_or_is_gone_is_named(tmp_path: Path) -> None:
    first, second = (plain_photo(tmp_path / name, (9, 99, 9)) for name in ("a.png", "b.png"))
    bed = save_sound(tmp_path / "tune.wav", tone(0.2))
    composition = composed(take_of(first, 0.5), take_of(second, 0.5), music=Music(sound(bed)))
    plain_photo(second, (99, 9, 9))
    with pytest.raises(RenderError, match=r"b\.png was changed"):
        render(order_of(composition), bench_in(tmp_path))
    plain_photo(second, (9, 99, 9))
    bed.unlink()
    with pytest.raises(RenderError, match=r"tune\.wav can't be read any more: No such file"):
        render(order_of(composition), bench_in(tmp_path))


def test_a_clip_that_gives_out_is_damaged_and_one_that_is_too_short_stands_still(tmp_path: Path) -> None:
    clip = save_clip(tmp_path / "clip.mp4", Clip(size=(96, 64), seconds=1.0))
    patient = render(order_of(composed(take_of(clip, 1.5))), bench_in(tmp_path))
    assert patient.duration_s == 1.5
    take = take_of(clip, 3.0)
    assert take.source.facts is not None
    longer = dataclasses.replace(take.source.facts, duration_s=3.0)
    take = dataclasses.replace(take, source=dataclasses.replace(take.source, facts=longer))
    with pytest.raises(RenderError, match=r"clip\.mp4 is damaged or cut short: of 3\.0 s"):
        render(order_of(composed(take)), bench_in(tmp_path))


def test_without_moviepy_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moviepy", None)
    clips.moviepy_itself.cache_clear()
    clip = save_clip(tmp_path / "clip.mp4", Clip(size=(96, 64), seconds=0.5))
    try:
        with pytest.raises(EnvironmentFault, match=r"`make run`.*requirements\.lock"):
            render(order_of(composed(take_of(clip, 0.5))), bench_in(tmp_path))
    finally:
        clips.moviepy_itself.cache_clear()

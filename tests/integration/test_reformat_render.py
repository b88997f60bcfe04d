from __future__ import annotations

import dataclasses
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fakes.media import Clip, picture, save_clip, save_photo
from fakes.orders import bench_in, left_behind, order_for

from pipeline.errors import EnvironmentFault, Interrupted, RenderError, VerificationError
from pipeline.model import Size
from pipeline.reformat import Order, Store, cached, render, rendition_key

LONG = Clip(size=(640, 360), seconds=20, filters="noise=alls=90:allf=t", sound=False)
RENDER = """
import pickle, sys
from pathlib import Path
from pipeline.reformat import Bench, render
order = pickle.loads(Path(sys.argv[1]).read_bytes())
folder = Path(sys.argv[2])
print("started", flush=True)
render(order, Bench(folder / "store", folder / "scratch", 1, 5, 3000))
"""


@pytest.fixture
def photo_order(tmp_path: Path) -> Order:
    return order_for(save_photo(tmp_path / "a.png", picture((60, 90))))


@pytest.fixture(scope="module")
def long_order(tmp_path_factory: pytest.TempPathFactory) -> Order:
    source = save_clip(tmp_path_factory.mktemp("long") / "long.mp4", LONG)
    return order_for(source, "cover", canvas=Size(720, 1280))


def test_the_same_order_is_made_once(tmp_path: Path, photo_order: Order) -> None:
    bench = bench_in(tmp_path)
    assert cached(photo_order, bench) is None

    first = render(photo_order, bench)
    made_at = first.path.stat().st_mtime_ns

    assert render(photo_order, bench) == first == cached(photo_order, bench)
    assert first.path.stat().st_mtime_ns == made_at
    assert sorted(path.suffix for path in bench.folder.iterdir()) == [".jpg", ".json"]


def test_another_platform_with_the_same_recipe_shares_the_file_under_its_own_name(
    tmp_path: Path, photo_order: Order
) -> None:
    bench = bench_in(tmp_path)
    other = dataclasses.replace(
        photo_order, recipe=dataclasses.replace(photo_order.recipe, profile="instagram_story")
    )

    first, second = render(photo_order, bench), render(other, bench)

    assert first.path == second.path
    assert (first.profile, second.profile) == ("whatsapp_status", "instagram_story")


def test_source_recipe_and_part_each_make_another_key(photo_order: Order) -> None:
    recipe = dataclasses.replace(photo_order.recipe, quality=70)
    others = (
        dataclasses.replace(photo_order, part=2),
        dataclasses.replace(photo_order, recipe=recipe),
        dataclasses.replace(photo_order, asset=dataclasses.replace(photo_order.asset, sha256="00" * 32)),
    )

    assert len({rendition_key(order) for order in (photo_order, *others)}) == 4
    moved = dataclasses.replace(photo_order.asset, path=Path("elsewhere"))
    assert rendition_key(dataclasses.replace(photo_order, asset=moved)) == rendition_key(photo_order)


def test_an_order_can_be_sent_to_another_process(photo_order: Order) -> None:
    assert pickle.loads(pickle.dumps(photo_order)) == photo_order  # noqa: S301 - our own bytes


def test_a_source_that_changed_since_it_was_found_is_left_for_the_next_run(
    tmp_path: Path, photo_order: Order
) -> None:
    bench = bench_in(tmp_path)
    save_photo(photo_order.asset.path, picture((60, 90)).rotate(180))

    with pytest.raises(RenderError, match=r"a\.png was changed"):
        render(photo_order, bench)

    assert list(bench.folder.glob("*")) == left_behind(bench) == []


def test_a_source_that_is_gone_is_one_clear_line(tmp_path: Path, photo_order: Order) -> None:
    photo_order.asset.path.unlink()

    with pytest.raises(RenderError, match=r"a\.png can't be read any more: No such file"):
        render(photo_order, bench_in(tmp_path))


def test_a_store_that_cant_be_written_is_a_fault_of_the_machine(tmp_path: Path, photo_order: Order) -> None:
    (tmp_path / "store").write_text("a file where the folder should be")

    with pytest.raises(EnvironmentFault, match=r"a\.png can't be written"):
        render(photo_order, bench_in(tmp_path))


def test_what_was_passed_through_is_held_to_the_same_promises(tmp_path: Path) -> None:
    source = save_clip(tmp_path / "a.mp4", Clip(size=(96, 64)))
    bench = bench_in(tmp_path)

    with pytest.raises(VerificationError, match=r"a\.mp4.*index isn't in front"):
        render(order_for(source, action="passthrough"), bench)

    assert list(bench.folder.glob("*")) == left_behind(bench) == []


def test_a_stop_before_the_work_starts_nothing(tmp_path: Path, photo_order: Order) -> None:
    bench = bench_in(tmp_path, stop=lambda: True)

    with pytest.raises(Interrupted):
        render(photo_order, bench)

    assert not bench.folder.exists()


def test_a_stop_in_the_middle_leaves_nothing_behind(tmp_path: Path, long_order: Order) -> None:
    seen: list[float] = []
    bench = bench_in(tmp_path, progress=seen.append, stop=lambda: bool(seen))
    started = time.monotonic()

    with pytest.raises(Interrupted):
        render(long_order, bench)

    assert time.monotonic() - started < 8
    assert seen[-1] < 1
    assert list(bench.folder.glob("*")) == left_behind(bench) == []


def test_time_that_runs_out_names_file_and_setting_and_leaves_nothing(
    tmp_path: Path, long_order: Order
) -> None:
    bench = bench_in(tmp_path, encode_minutes=0.01)

    with pytest.raises(RenderError, match=r"long\.mp4.*limits\.encode_minutes"):
        render(long_order, bench)

    assert list(bench.folder.glob("*")) == left_behind(bench) == []


def test_memory_that_runs_out_names_file_and_setting(tmp_path: Path, long_order: Order) -> None:
    with pytest.raises(RenderError, match=r"long\.mp4.*limits\.child_memory_mb"):
        render(long_order, bench_in(tmp_path, child_memory_mb=330))


def test_after_a_kill_no_ffmpeg_lives_on_and_the_next_try_is_whole(tmp_path: Path, long_order: Order) -> None:
    (tmp_path / "order").write_bytes(pickle.dumps(long_order))
    parent = subprocess.Popen(
        [sys.executable, "-c", RENDER, str(tmp_path / "order"), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        store = tmp_path / "store"
        while not any(store.glob(".*.mp4")):
            time.sleep(0.02)
        writer = writers_below(store)
        assert len(writer) == 1
        parent.send_signal(signal.SIGKILL)

    for _ in range(100):
        if not writers_below(store):
            break
        time.sleep(0.02)
    assert writers_below(store) == []
    assert Store(store).find(rendition_key(long_order)) is None


def writers_below(folder: Path) -> list[int]:
    """Processes other than this that have a file of the folder open."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            names = [str(entry.readlink()) for entry in (process / "fd").iterdir()]
        except OSError:
            continue
        if any(name.startswith(f"{folder}/") for name in names):
            found.append(int(process.name))
    return found

"""Panels by themselves: their edges, their opacity, their fading, and on photos as they were chosen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from fakes.footage import close, frames_of, pixel_of, rendered, still_clip
from fakes.orders import bench_in, left_behind, order_for
from PIL import Image

from pipeline.errors import RenderError
from pipeline.model import Decal, Overlay, Panel, Rect, Size
from pipeline.reformat import render
from pipeline.reformat.overlay import drawn

CANVAS = Size(90, 160)
LOSSLESS = ("-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv420p")


def alpha_of(*panels: Panel) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(drawn(Overlay(CANVAS, panels=panels), CANVAS, 1).getchannel("A"))


def test_a_fading_panel_is_clear_on_the_side_that_it_is_named_by() -> None:
    box = Rect(0, 40, 90, 80)
    down = alpha_of(Panel(box, "#000000", 0.8, fade="down"))[40:120, 45].astype(int)
    up = alpha_of(Panel(box, "#000000", 0.8, fade="up"))[40:120, 45].astype(int)
    assert (down[0] <= 2, abs(down[-1] - 204) <= 3) == (True, True)
    assert (np.diff(down) >= 0).all()
    assert up.tolist() == down[::-1].tolist()


def test_what_lies_outside_the_canvas_is_cut_off_and_nothing_else() -> None:
    alpha = alpha_of(Panel(Rect(-20, -30, 60, 60), "#ffffff"), Panel(Rect(70, 140, 60, 60), "#ffffff"))
    assert alpha[:30, :40].min() == 255
    assert alpha[140:, 70:].min() == 255
    assert int((alpha > 0).sum()) == 30 * 40 + 20 * 20


def test_a_panel_outside_of_everything_is_nothing() -> None:
    assert alpha_of(Panel(Rect(200, 10, 20, 20), "#ffffff")).max() == 0


def test_corners_are_round_and_smooth() -> None:
    alpha = alpha_of(Panel(Rect(10, 10, 60, 60), "#ffffff", radius_px=20))
    assert alpha[10, 10] == 0
    assert alpha[40, 40] == 255
    assert len({int(level) for level in alpha[10:20, 10:30].ravel()} - {0, 255}) >= 8


def test_a_photo_shows_a_panel_in_its_colour_and_half_of_what_is_under_a_clear_one(
    tmp_path: Path,
) -> None:
    source = tmp_path / "grey.png"
    Image.new("RGB", (90, 160), (60, 60, 60)).save(source)
    panels = (Panel(Rect(0, 0, 90, 64), "#e53935"), Panel(Rect(0, 96, 90, 64), "#ffffff", 0.5))
    order = order_for(source, "cover", overlay=Overlay(CANVAS, panels=panels), quality=95)
    with Image.open(render(order, bench_in(tmp_path)).path) as picture:
        assert close(pixel_of(picture.convert("RGB"), 45, 32), (229, 57, 53), 4)
        assert close(pixel_of(picture.convert("RGB"), 45, 80), (60, 60, 60), 4)
        assert close(pixel_of(picture.convert("RGB"), 45, 128), (158, 158, 158), 4)


def test_half_of_a_video_is_seen_under_a_half_clear_panel(tmp_path: Path) -> None:
    source = still_clip(tmp_path, (60, 60, 60), *LOSSLESS)
    half = Overlay(CANVAS, panels=(Panel(Rect(0, 96, 90, 64), "#ffffff", 0.5),))
    frame = frames_of(rendered(tmp_path, source, "cover", overlay=half, quality=1).path)[-1]
    assert close(pixel_of(frame, 45, 128), (158, 158, 158), 4)
    assert close(pixel_of(frame, 45, 40), (60, 60, 60), 4)


def test_nothing_is_left_behind_when_a_video_cannot_be_decorated(tmp_path: Path) -> None:
    source = still_clip(tmp_path, (60, 60, 60), *LOSSLESS)
    gone = Overlay(CANVAS, decals=(Decal(tmp_path / "gone.png", "00" * 32, Rect(0, 0, 10, 10)),))
    bench = bench_in(tmp_path)
    try:
        render(order_for(source, "cover", overlay=gone), bench)
    except RenderError as failure:
        told = str(failure)
    assert "gone.png can't be read any more" in told
    assert left_behind(bench) == []

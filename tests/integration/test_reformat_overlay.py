from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from fakes.codes import modules_of, modules_seen
from fakes.footage import close, frames_of, pixel_of, rendered, still_clip
from fakes.media import PLAIN, Clip, ffmpeg, save_animation, save_clip, save_photo
from fakes.orders import bench_in, left_behind, order_for
from fakes.patches import PATCHES, furthest
from PIL import Image

from pipeline.errors import RenderError
from pipeline.model import Code, Decal, Fit, Overlay, Panel, Part, Rect, Size, Typeface, Words
from pipeline.reformat import render
from pipeline.reformat.overlay import drawn
from pipeline.tools.files import sha256_of
from pipeline.tools.probe import probe

CANVAS = Size(90, 160)
RED = (229, 57, 53)
PANEL = Panel(Rect(11, 101, 61, 31), "#e53935")
RED_PANEL = Overlay(CANVAS, panels=(PANEL,))
LOSSLESS = ("-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv420p")
GREY = (60, 60, 60)


def panelled(tmp_path: Path, source: Path, **changes: Any) -> list[Image.Image]:
    """The frames of a clip with the red panel, each of which has to show it."""
    rendition = rendered(tmp_path, source, "cover", **{"overlay": RED_PANEL, **changes})
    frames = frames_of(rendition.path)
    assert all(close(pixel_of(frame, 40, 116), RED, 8) for frame in frames)
    assert not close(pixel_of(frames[0], 40, 60), RED, 40)
    return frames


def test_colours_over_a_video_come_out_as_they_were_chosen(tmp_path: Path) -> None:
    colours = (*PATCHES[:11], RED)
    panels = tuple(
        Panel(Rect(number % 3 * 30, number // 3 * 40, 30, 40), "#{:02x}{:02x}{:02x}".format(*colour))
        for number, colour in enumerate(colours)
    )
    source = still_clip(tmp_path, GREY, *LOSSLESS)

    rendition = rendered(tmp_path, source, "cover", overlay=Overlay(CANVAS, panels=panels), quality=1)

    frame = frames_of(rendition.path)[-1]
    found = [pixel_of(frame, number % 3 * 30 + 15, number // 3 * 40 + 20) for number in range(12)]
    assert furthest(found, colours) <= 3


@pytest.mark.parametrize("fit", ["blur", "contain", "cover"])
def test_a_panel_lies_over_a_video_to_the_pixel_in_every_fit(tmp_path: Path, fit: Fit) -> None:
    white = Overlay(CANVAS, panels=(dataclasses.replace(PANEL, colour="#ffffff"),))
    source = still_clip(tmp_path, GREY, *LOSSLESS)

    frame = frames_of(rendered(tmp_path, source, fit, overlay=white, quality=1).path)[0]

    light = np.asarray(frame.convert("L")) > 160
    rows, columns = np.flatnonzero(light.any(axis=1)), np.flatnonzero(light.any(axis=0))
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (101, 131, 11, 71)


def test_a_soft_edge_over_a_video_has_no_fringe_of_grey(tmp_path: Path) -> None:
    dot = Panel(Rect(15, 50, 60, 60), "#e53935", radius_px=30)
    source = still_clip(tmp_path, RED, *LOSSLESS)

    rendition = rendered(tmp_path, source, "cover", overlay=Overlay(CANVAS, panels=(dot,)), quality=1)

    wide = np.asarray(frames_of(rendition.path)[0], dtype=int)
    assert np.abs(wide - np.array(RED)).max() <= 8  # the source itself is off by 5


def test_every_part_and_both_passes_show_the_overlay_of_their_part(tmp_path: Path) -> None:
    second = Panel(Rect(10, 10, 20, 20), "#ffffff", part=2)
    overlay = Overlay(CANVAS, panels=(PANEL, second))
    source = save_clip(tmp_path / "a.mp4", Clip(size=(96, 64), filters="noise=alls=90:allf=t"))
    parts = (Part(0, 0.5), Part(0.5, 1.0))
    order = order_for(source, "cover", parts=parts, overlay=overlay, quality=15)
    free = render(order, bench_in(tmp_path / "free"))
    small = dataclasses.replace(order, recipe=dataclasses.replace(order.recipe, max_bytes=free.bytes // 2))
    bench = bench_in(tmp_path)

    first, last = (frames_of(render(dataclasses.replace(small, part=part), bench).path) for part in (1, 2))

    assert all(close(pixel_of(frame, 40, 116), RED, 40) for frame in (*first, *last))
    assert (len(first), len(last)) == (15, 15)
    assert all(close(pixel_of(frame, 20, 20), (255, 255, 255), 40) for frame in last)
    assert not any(close(pixel_of(frame, 20, 20), (255, 255, 255), 40) for frame in first)
    assert left_behind(bench) == []


@pytest.mark.parametrize("kind", ["gif", "webp", "apng", "avif"])
def test_an_animation_that_is_played_twice_shows_its_overlay_throughout(tmp_path: Path, kind: str) -> None:
    source = save_animation(tmp_path / f"a.{kind}", [100, 200])

    assert len(panelled(tmp_path, source, plays=2)) == 18


def test_hdr_lies_under_an_overlay_that_keeps_its_own_colours(tmp_path: Path) -> None:
    hlg = "colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc:range=limited"
    grey = "color=gray:s=96x64:r=30:d=0.2,format=yuv420p10le"
    coding = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", f"log-level=none:{hlg}")
    source = tmp_path / "a.mp4"
    ffmpeg("-f", "lavfi", "-i", grey, *coding, "-tag:v", "hvc1", source)
    assert probe(source).hdr == "hlg"

    assert len(panelled(tmp_path, source)) == 6


def test_a_smaller_canvas_gets_the_whole_overlay_smaller(tmp_path: Path) -> None:
    large = Overlay(Size(180, 320), panels=(Panel(Rect(22, 202, 122, 62), "#e53935"),))

    panelled(tmp_path, still_clip(tmp_path, GREY, *LOSSLESS), overlay=large)


def test_an_overlay_with_nothing_for_a_part_changes_nothing(tmp_path: Path) -> None:
    source = still_clip(tmp_path, GREY, *LOSSLESS)
    elsewhere = Overlay(CANVAS, panels=(dataclasses.replace(PANEL, part=2),))

    decorated = rendered(tmp_path / "one", source, "cover", overlay=elsewhere)

    assert decorated.sha256 == rendered(tmp_path / "other", source, "cover").sha256


def test_the_same_recipe_gives_the_same_decorated_bytes(tmp_path: Path) -> None:
    words = Words(("Ahoj",), Rect(10, 20, 70, 30), Typeface(), 20, 22, 26, "#ffffff", shadow=True)
    overlay = Overlay(CANVAS, panels=(PANEL,), words=(words,))
    clip, photo = (
        save_clip(tmp_path / "a.mp4", PLAIN),
        save_photo(tmp_path / "a.png", Image.new("RGB", (9, 16))),
    )

    for source in (clip, photo):
        results = {rendered(tmp_path / turn, source, overlay=overlay).sha256 for turn in "ab"}
        assert len(results) == 1


@pytest.mark.parametrize("width", [180, 120])
def test_a_code_can_be_read_on_photo_and_video_and_on_a_smaller_canvas(tmp_path: Path, width: int) -> None:
    code = Code(Rect(10, 100, 160, 160), "https://example.org/a")
    overlay = Overlay(Size(180, 320), codes=(code,))
    canvas = Size(width, width * 16 // 9 // 2 * 2)
    photo = save_photo(tmp_path / "a.png", Image.new("RGB", (180, 320), (90, 140, 60)))

    for source in (photo, still_clip(tmp_path, GREY, *LOSSLESS)):
        made = rendered(tmp_path, source, "cover", canvas=canvas, overlay=overlay).path
        seen = Image.open(made) if made.suffix == ".jpg" else frames_of(made)[-1]
        assert modules_seen(seen.resize((180, 320)), code) == modules_of(code.payload)
        seen.close()


def test_a_code_has_light_round_it_as_wide_as_four_modules(tmp_path: Path) -> None:
    code = Code(Rect(5, 40, 80, 80), "https://example.org/a")

    grey = np.asarray(drawn(Overlay(CANVAS, codes=(code,)), CANVAS, part=1).convert("L"))[40:120, 5:85]

    rows, columns = np.nonzero(grey < 128)
    module_px = (rows.max() + 1 - rows.min()) // len(modules_of(code.payload))
    assert min(rows.min(), columns.min(), 79 - rows.max(), 79 - columns.max()) >= 4 * module_px


@pytest.mark.parametrize("name", ["a.png", "key.png", "palette.gif", "grey.png", "a.webp"])
def test_whatever_a_decal_is_transparent_by_stays_clear(tmp_path: Path, name: str) -> None:
    clear: dict[str, dict[str, object]] = {"key.png": {"transparency": (0, 255, 0)}}
    mode = {"key.png": "RGB", "grey.png": "LA"}.get(name, "RGBA")
    sticker = Image.new("RGBA", (40, 40), (0, 255, 0, 0))
    sticker.paste((230, 230, 230, 255), (20, 0, 40, 40))
    path = save_photo(tmp_path / name, sticker.convert(mode), **clear.get(name, {}))
    decal = Decal(path, sha256_of(path), Rect(10, 10, 40, 40), opacity=0.5)

    layer = drawn(Overlay(CANVAS, decals=(decal,)), CANVAS, part=1)

    alpha = np.asarray(layer.getchannel("A"))
    assert (int(alpha[30, 15]), int(alpha[30, 45])) == (0, 128)
    assert close(pixel_of(layer.convert("RGB"), 45, 30), (230, 230, 230), 8)


def test_a_decal_has_no_dark_edge_over_light_and_is_turned_upright(tmp_path: Path) -> None:
    sticker = Image.new("RGBA", (80, 40), (0, 0, 0, 0))
    sticker.paste((255, 255, 255, 255), (20, 0, 80, 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    sticker.save(tmp_path / "sticker.png", exif=exif)
    decal = Decal(tmp_path / "sticker.png", sha256_of(tmp_path / "sticker.png"), Rect(30, 30, 20, 40))

    layer = drawn(Overlay(CANVAS, decals=(decal,)), CANVAS, part=1)

    white = Image.new("RGBA", layer.size, "#ffffff")
    white.alpha_composite(layer)
    assert np.asarray(white).min() >= 254
    alpha = np.asarray(layer.getchannel("A"))
    assert alpha[33, 40] == 0  # what was left in the file is on top
    assert alpha[60, 40] == 255


@pytest.mark.parametrize("fate", ["changed", "gone"])
def test_a_decal_that_is_not_the_planned_one_any_more_is_named(tmp_path: Path, fate: str) -> None:
    path = save_photo(tmp_path / "logo.png", Image.new("RGB", (8, 8)))
    overlay = Overlay(CANVAS, decals=(Decal(path, sha256_of(path), Rect(0, 0, 8, 8)),))
    source = save_photo(tmp_path / "a.png", Image.new("RGB", (9, 16)))
    path.write_bytes(b"other") if fate == "changed" else path.unlink()

    with pytest.raises(RenderError, match=r"logo\.png.*storyrelay retry"):
        render(order_for(source, overlay=overlay), bench_in(tmp_path))


def test_what_a_decals_file_says_about_its_owner_stays_in_it(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "my home"
    Image.new("RGB", (8, 8)).save(tmp_path / "logo.jpg", exif=exif, comment=b"my street")
    path = tmp_path / "logo.jpg"
    overlay = Overlay(CANVAS, decals=(Decal(path, sha256_of(path), Rect(0, 0, 8, 8)),))
    source = save_photo(tmp_path / "a.png", Image.new("RGB", (9, 16)))

    made = rendered(tmp_path, source, overlay=overlay).path.read_bytes()

    assert not any(secret in made for secret in (b"my home", b"my street", b"Exif"))


@pytest.mark.parametrize("fps", [24.0, 30.0, 30000 / 1001])
def test_an_overlay_leaves_the_times_of_a_video_as_they_are(tmp_path: Path, fps: float) -> None:
    source = save_clip(tmp_path / "a.mp4")
    plain = rendered(tmp_path / "plain", source, "cover", fps=fps)

    over = rendered(tmp_path / "over", source, "cover", fps=fps, overlay=RED_PANEL)

    assert times_of(over.path) == times_of(plain.path)
    assert probe(over.path).duration_s == probe(plain.path).duration_s


def times_of(path: Path) -> list[tuple[int, int, Fraction | None]]:
    """When each frame of the picture is shown, for how long, and by which clock."""
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.pts is not None]
    return sorted((packet.pts or 0, packet.duration or 0, packet.time_base) for packet in packets)

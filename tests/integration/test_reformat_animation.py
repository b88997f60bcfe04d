from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from fakes.footage import close, frames_of, pixel_of, refreshed, rendered
from fakes.media import GROUND, MARK, exif, picture, save_animation
from fakes.orders import bench_in, left_behind, order_for
from PIL import Image

from pipeline.errors import AssetError
from pipeline.model import Part
from pipeline.reformat import render
from pipeline.tools.probe import probe

UNEVEN_MS = (40, 70, 330, 100, 250, 60, 120, 30)
TOTAL_MS = sum(UNEVEN_MS)
KINDS = (".gif", ".apng", ".webp", ".avif")


def shades(path: Path, delays_ms: tuple[int, ...] = UNEVEN_MS) -> Path:
    """An animation whose frames are ever lighter greys."""
    frames = [Image.new("RGB", (36, 64), (30 * index,) * 3) for index in range(len(delays_ms))]
    options = {"format": "PNG"} if path.suffix == ".apng" else {}
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=list(delays_ms), **options)
    return path


@pytest.mark.parametrize("plays", [1, 3])
@pytest.mark.parametrize("suffix", KINDS)
def test_every_frame_is_shown_as_long_as_it_should_however_often_it_plays(
    tmp_path: Path, suffix: str, plays: int
) -> None:
    rendition = rendered(tmp_path, shades(tmp_path / f"a{suffix}"), "cover", plays=plays)

    shown = [pixel_of(frame, 45, 80)[0] for frame in frames_of(rendition.path)]
    assert len(shown) == int(TOTAL_MS * plays * 30 / 1000)
    ends = [sum(UNEVEN_MS[: index + 1]) for index in range(len(UNEVEN_MS))]
    for number, shade in enumerate(shown):
        in_play_ms = (number / 30 * 1000) % TOTAL_MS
        if all(abs(in_play_ms - end) > 18 for end in (0, *ends)):
            wanted = 30 * next(index for index, end in enumerate(ends) if in_play_ms < end)
            assert abs(shade - wanted) <= 12
    facts = probe(rendition.path)
    assert (facts.audio, facts.vfr, facts.fps) == (None, False, 30.0)


@pytest.mark.parametrize("suffix", KINDS)
def test_a_later_part_starts_where_the_first_ended(tmp_path: Path, suffix: str) -> None:
    order = order_for(shades(tmp_path / f"a{suffix}"), "cover", parts=(Part(0, 0.5), Part(0.5, 1.0)))
    bench = bench_in(tmp_path)

    first, second = (render(dataclasses.replace(order, part=part), bench) for part in (1, 2))

    assert len(frames_of(first.path)) == len(frames_of(second.path)) == 15
    assert abs(pixel_of(frames_of(second.path)[0], 45, 80)[0] - 90) <= 12


@pytest.mark.parametrize("suffix", [".gif", ".apng", ".webp", ".avif"])
def test_transparent_parts_of_an_animation_show_the_matte(tmp_path: Path, suffix: str) -> None:
    frames = [Image.new("RGBA", (90, 160), (0, 0, 0, 0)) for _ in range(4)]
    for index, frame in enumerate(frames):
        frame.paste((0, 0, 255, 255), (0, 100 + index, 90, 160))
    source = tmp_path / f"a{suffix}"
    options = {"format": "PNG"} if suffix == ".apng" else {"disposal": 2} if suffix == ".gif" else {}
    frames[0].save(source, save_all=True, append_images=frames[1:], duration=100, **options)

    frame = frames_of(rendered(tmp_path, source, "cover", matte="#00ff00").path)[8]

    assert close(pixel_of(frame, 45, 50), (0, 255, 0), 20)
    assert close(pixel_of(frame, 45, 140), (0, 0, 255), 20)


def test_gif_frames_that_only_change_a_part_leave_the_rest_as_it_was(tmp_path: Path) -> None:
    frames = [picture((90, 160)) for _ in range(3)]
    for index, frame in enumerate(frames):
        frame.paste((255, 255, 255), (10 + 20 * index, 100, 30 + 20 * index, 120))
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=100, disposal=1)

    last = frames_of(rendered(tmp_path, tmp_path / "a.gif", "cover").path)[-1]

    assert close(pixel_of(last, 10, 10), MARK, 24)
    assert close(pixel_of(last, 60, 110), (255, 255, 255), 24)
    assert close(pixel_of(last, 20, 110), GROUND, 24)


@pytest.mark.parametrize("suffix", [".apng", ".webp"])
def test_an_animation_turned_by_exif_comes_out_upright(tmp_path: Path, suffix: str) -> None:
    frames = [picture((90, 160)).transpose(Image.Transpose.ROTATE_90) for _ in range(3)]
    frames[1].putpixel((0, 0), (0, 0, 0))
    source = tmp_path / f"a{suffix}"
    form = "PNG" if suffix == ".apng" else "WEBP"
    frames[0].save(source, form, save_all=True, append_images=frames[1:], duration=100, exif=exif(6))
    assert probe(source).rotation == 90

    frame = frames_of(rendered(tmp_path, source, "cover").path)[4]

    assert close(pixel_of(frame, 10, 10), MARK, 24)
    assert close(pixel_of(frame, 80, 10), GROUND, 24)


def test_a_name_that_a_playlist_couldnt_hold_is_no_trouble(tmp_path: Path) -> None:
    odd = tmp_path / "it's a\n'file: $HOME.webp"
    save_animation(tmp_path / "a.webp", (100, 100)).rename(odd)

    assert rendered(tmp_path, odd, plays=2).duration_s == pytest.approx(0.4, abs=0.04)


@pytest.mark.parametrize("suffix", KINDS)
def test_an_animation_that_breaks_off_is_an_error(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"a{suffix}"
    frames = [Image.effect_noise((64, 64), 90 + index).convert("RGB") for index in range(12)]
    options = {"format": "PNG"} if suffix == ".apng" else {}
    frames[0].save(source, save_all=True, append_images=frames[1:], duration=100, **options)
    order = order_for(source)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    bench = bench_in(tmp_path)

    with pytest.raises(AssetError, match="a\\" + suffix):
        render(refreshed(order), bench)

    assert left_behind(bench) == []

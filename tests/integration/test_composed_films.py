from __future__ import annotations

import dataclasses
import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from fakes.films import (
    CANVAS,
    composed,
    frames_of,
    marked_photo,
    order_of,
    plain_photo,
    save_sound,
    take_of,
    tone,
    with_music,
)
from fakes.media import Clip, ffmpeg, save_animation, save_clip
from fakes.orders import bench_in, left_behind

from pipeline.model import Composition, Facts, Overlay, Panel, Part, Rect, Rendition, Size, TitleCard
from pipeline.plan.film import film_facts
from pipeline.reformat import Bench, cached, render
from pipeline.tools.files import sha256_of
from pipeline.tools.probe import probe

ROOMY = Size(162, 288)
RED, GREEN, BLUE = (200, 40, 40), (40, 160, 60), (40, 60, 200)


def made(folder: Path, composition: Composition) -> Path:
    """The rendition of the whole."""
    return render(order_of(composition), bench_in(folder)).path


def film_in(bench: Bench, *renditions: Rendition) -> Path:
    """The film that lies beside them."""
    (film,) = set(bench.folder.glob("*.mp4")) - {rendition.path for rendition in renditions}
    return film


def mark(frame: npt.NDArray[np.uint8]) -> tuple[float, float, float]:
    """Middle and width of what is bright, weighted, so that parts of pixels count."""
    light = frame[:, :, 1].astype(float) - np.median(frame)
    light[np.abs(light) < 6] = 0  # the codec's noise; more, and edges would count for too little
    total = light.sum()
    x = (light.sum(axis=0) * np.arange(light.shape[1])).sum() / total
    y = (light.sum(axis=1) * np.arange(light.shape[0])).sum() / total
    return x, y, float(np.sqrt(total))


def middle(frame: npt.NDArray[np.uint8]) -> list[int]:
    """The colour of the middle."""
    colour: list[int] = frame[frame.shape[0] // 2, frame.shape[1] // 2].tolist()
    return colour


def test_the_camera_moves_smoothly_towards_the_focal_point(tmp_path: Path) -> None:
    photo = marked_photo(tmp_path / "a.jpg", (0.3, 0.3))
    take = take_of(photo, 1.0, ROOMY, motion="zoom-in", focal=(0.4, 0.4))
    bench = bench_in(tmp_path)
    marks = [mark(frame) for frame in frames_of(film_in(bench, render(order_of(composed(take)), bench)))]
    assert len(marks) == 24
    widths = [width for _, _, width in marks]
    assert widths[-1] / widths[0] == pytest.approx(1.5, abs=0.05)
    assert marks[0][:2] == pytest.approx((0.3 * 108, 0.3 * 192), abs=1.0)
    assert marks[-1][:2] == pytest.approx((0.3 * 162 - 10.8, 0.3 * 288 - 19.2), abs=1.0)
    steps = np.diff([x for x, _, _ in marks])
    assert np.abs(np.diff(steps)).max() < 0.15  # pixels: where it jitters, steps change by 0.5 and more


def test_one_picture_fades_into_the_next(tmp_path: Path) -> None:
    photos = [plain_photo(tmp_path / f"{name}.png", colour) for name, colour in (("a", RED), ("b", BLUE))]
    shown = frames_of(made(tmp_path, composed(*(take_of(photo) for photo in photos), crossfade_s=0.5)))
    assert len(shown) == 36
    colours = [middle(frame) for frame in shown]
    assert colours[2] == pytest.approx(RED, abs=6)
    assert colours[18] == pytest.approx([(a + b) / 2 for a, b in zip(RED, BLUE, strict=True)], abs=8)
    assert colours[-2] == pytest.approx(BLUE, abs=6)


def test_a_film_is_what_was_planned_with_and_is_cut_into_parts(tmp_path: Path) -> None:
    clip = save_clip(tmp_path / "clip.mp4", Clip(size=(96, 64), seconds=1.0))
    takes = (take_of(marked_photo(tmp_path / "a.jpg", (0.5, 0.5)), 1.0), take_of(clip, 1.0))
    composition = composed(*takes)
    bench, parts = bench_in(tmp_path), (Part(0.0, 0.875), Part(0.875, 1.75))
    first = render(order_of(composition, 1, parts=parts), bench)
    film = film_in(bench, first)
    told, planned = probe(film), film_facts(composition)
    made_at = film.stat().st_mtime_ns
    second = render(order_of(composition, 2, parts=parts), bench)
    assert agreeing(told) == agreeing(planned)
    assert film.stat().st_mtime_ns == made_at
    assert (first.part, first.parts, second.part) == (1, 2, 2)
    assert first.duration_s == second.duration_s == pytest.approx(0.875)
    assert left_behind(bench) == []


def agreeing(facts: Facts) -> Facts:
    """What is known of a film before it is made."""
    audio = dataclasses.replace(facts.audio, duration_s=None, late_s=0.0) if facts.audio else None
    told = dataclasses.replace(facts, bytes=0, profile=None, level=None, audio=audio, faststart=False)
    return dataclasses.replace(told, duration_s=round(facts.duration_s or 0.0, 3))


def test_the_same_composition_makes_the_same_bytes_wherever_its_files_lie(tmp_path: Path) -> None:
    films = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        photo = marked_photo(folder / "a.jpg", (0.5, 0.5))
        bed = save_sound(folder / "m.wav", tone(0.4))
        composition = with_music(composed(take_of(photo, 0.5, ROOMY, motion="pan")), bed)
        bench = bench_in(folder)
        rendition = render(order_of(composition), bench)
        film = film_in(bench, rendition)
        films.append((film.name, sha256_of(film), rendition.sha256))
    assert films[0] == films[1]


def test_two_parts_that_are_rendered_at_once_share_one_film(tmp_path: Path) -> None:
    photo = marked_photo(tmp_path / "a.jpg", (0.5, 0.5))
    composition = composed(take_of(photo, 2.0, ROOMY, motion="zoom-out"))
    bench, parts = bench_in(tmp_path), (Part(0.0, 1.0), Part(1.0, 2.0))
    orders = [order_of(composition, part, parts=parts) for part in (1, 2)]
    threads = [threading.Thread(target=render, args=(order, bench)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(cached(order, bench) for order in orders)
    assert len(list(bench.folder.glob("*.mp4"))) == 3
    assert left_behind(bench) == []


def test_cards_stand_before_and_after_with_what_is_drawn_on_them(tmp_path: Path) -> None:
    stripe = Overlay(CANVAS, panels=(Panel(Rect(0, 0, 108, 40), "#ffffff"),))
    composition = composed(
        take_of(plain_photo(tmp_path / "a.png", GREEN), 0.5),
        intro=TitleCard(0.5, "#c82828", stripe),
        outro=TitleCard(0.5, "#283cc8", Overlay(CANVAS)),
        crossfade_s=0.125,
    )
    shown = frames_of(made(tmp_path, composition))
    assert shown[1][20, 54].tolist() == pytest.approx([255, 255, 255], abs=6)
    assert middle(shown[1]) == pytest.approx(RED, abs=6)
    assert middle(shown[15]) == pytest.approx(GREEN, abs=6)
    assert middle(shown[-1]) == pytest.approx(BLUE, abs=6)


def test_a_turned_clip_and_an_animation_are_shown_upright_in_their_own_colours(tmp_path: Path) -> None:
    clip = save_clip(tmp_path / "clip.mp4", Clip(size=(192, 108), seconds=0.5, filters="geq=r=200:g=40:b=40"))
    turned = tmp_path / "turned.mp4"
    ffmpeg("-display_rotation", "90", "-i", clip, "-c", "copy", turned)
    moving = save_animation(tmp_path / "a.gif", [100, 100], (108, 192))
    composition = composed(take_of(turned, 0.5), take_of(moving, 0.5), crossfade_s=0.0)
    assert composition.takes[0].crop == Rect(0, 0, 108, 192)
    shown = frames_of(made(tmp_path, composition))
    assert middle(shown[5]) == pytest.approx(RED, abs=8)
    assert middle(shown[13]) == pytest.approx((0, 255, 90), abs=10)
    assert middle(shown[15]) == pytest.approx((37, 232, 90), abs=10)


def test_a_limit_in_bytes_holds_for_a_composition_too(tmp_path: Path) -> None:
    clip = save_clip(tmp_path / "noise.mp4", Clip(size=(108, 192), filters="noise=alls=90:allf=t"))
    order = order_of(composed(take_of(clip, 1.0)), max_bytes=60_000, quality=10)
    rendition = render(order, bench_in(tmp_path))
    assert 20_000 < rendition.bytes <= 60_000
    assert rendition.mime == "video/mp4"

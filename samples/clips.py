"""The two clips: breakfast in the morning sun, and a day in the shop that is longer than one Status."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw

import scenes
from dusk import BLUE_HOUR, window_layers
from film import Encoding, Glide, Steam, Sunny, View, encode, shot, sunny, swaying
from lettering import WHITE, Line, set_line, write
from light import Film, develop, to_image
from music import Tune, compose
from neon import sign

QUIET_FILM = Film(grain=0.002, vignette=0.22)
BREAKFAST = Encoding(
    (1280, 720),
    30,
    25,
    128,
    (
        ("title", "Breakfast at Casa Lume"),
        ("location", "+38.7139-009.1394/"),
        ("creation_time", "2026-09-12T08:41:00Z"),
    ),
)
DAY = Encoding((854, 480), 24, 31, 80, (("title", "A day at Casa Lume"),))
SCENE_S = 12.0
FADE_S = 1.2


def breakfast_clip(target: Path) -> None:
    """Six seconds over the breakfast table."""
    table = sunny(scenes.breakfast(40), QUIET_FILM)
    glide = Glide(View(0.015, 0.02, 0.80), View(0.175, 0.075, 0.80))
    steam = Steam(BREAKFAST.size)
    seconds = 6.0

    def frames() -> Iterator[Image.Image]:
        count = round(seconds * BREAKFAST.fps)
        for number in range(count):
            at_s = number / BREAKFAST.fps
            view = glide.at(number / (count - 1))
            picture = swaying(table, view, BREAKFAST.size, at_s)
            scale = BREAKFAST.size[0] / view.width
            cup = (14.2 / 44 - view.left) * scale, (11.4 / 44 - view.top) * scale
            yield steam.over(picture, cup, 190, at_s)

    _encode(frames(), Tune(seconds, 84, 5), target, BREAKFAST)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One hour of the day: the time, a line about it, and its picture at a share of its length."""

    clock: str
    words: str
    picture: Callable[[float, float], Image.Image]


def day_clip(target: Path) -> None:
    """Seventy-two seconds, six hours of a day; the morning ends exactly in the middle."""
    chapters = _chapters()
    total = SCENE_S * len(chapters)

    def frames() -> Iterator[Image.Image]:
        for number in range(round(total * DAY.fps)):
            at_s = number / DAY.fps
            yield _day_frame(chapters, at_s, total)

    _encode(frames(), Tune(total, 76, 11), target, DAY)


def _chapters() -> tuple[Chapter, ...]:
    wide = Glide(View(0.02, 0.02, 0.90), View(0.09, 0.055, 0.82))
    back = Glide(View(0.15, 0.07, 0.80), View(0.04, 0.03, 0.86))
    return (
        Chapter("06:30", "The ovens are warm", _table(sunny(scenes.bread(30), QUIET_FILM), wide)),
        Chapter(
            "08:00", "First coffee of the day", _table(sunny(scenes.breakfast(26), QUIET_FILM), _BY_THE_CUP)
        ),
        Chapter("10:30", "Croissants, second batch", _table(sunny(scenes.croissants(30), QUIET_FILM), back)),
        Chapter(
            "13:00", "The flowers have arrived", _table(sunny(scenes.dahlias_wide(28), QUIET_FILM), wide)
        ),
        Chapter("18:30", "Last loaves in the window", _window()),
        Chapter("20:00", "See you tomorrow", _neon()),
    )


_BY_THE_CUP = Glide(View(0.02, 0.03, 0.66), View(0.10, 0.05, 0.60))


def _table(table: Sunny, glide: Glide) -> Callable[[float, float], Image.Image]:
    return lambda share, at_s: swaying(table, glide.at(share), DAY.size, at_s * 0.8)


def _window() -> Callable[[float, float], Image.Image]:
    """The shop window; the counter glides faster than the street behind it."""
    back, goods, cover = window_layers(24, BLUE_HOUR)
    street, front = develop(back, QUIET_FILM), develop(goods, QUIET_FILM)
    mask = to_image(cover)
    near = Glide(View(0.0, 0.045, 0.90), View(0.10, 0.075, 0.86))
    far = Glide(View(0.03, 0.045, 0.90), View(0.08, 0.070, 0.88))

    def picture(share: float, _at_s: float) -> Image.Image:
        behind = shot(street, near.at(share), DAY.size)
        lights = shot(street, far.at(share), DAY.size)
        behind.paste(lights.crop((0, 0, DAY.size[0], _HORIZON_PX)), (0, 0), _above_the_counter())
        view = near.at(share)
        behind.paste(shot(front, view, DAY.size), (0, 0), shot(mask, view, DAY.size))
        return behind

    return picture


_HORIZON_PX = 330


@cache
def _above_the_counter() -> Image.Image:
    """A mask that lets the street end softly where the counter begins."""
    ramp = Image.linear_gradient("L").resize((DAY.size[0], 40)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mask = Image.new("L", (DAY.size[0], _HORIZON_PX), 255)
    mask.paste(ramp, (0, _HORIZON_PX - 40))
    return mask


def _neon() -> Callable[[float, float], Image.Image]:
    """The sign; OPEN goes out in the end."""
    wall = sign(6.6, (140.0, 80.0), 0.66)
    everything = dict.fromkeys(wall.tubes, 1.0)
    steady = [
        wall.lit(everything | {f"steam{k}": 0.25 if k != n else 1.0 for k in range(3)}) for n in range(3)
    ]
    closed = wall.lit(everything | {"open": 0.0, "line": 0.0, "steam0": 0.0, "steam1": 0.0, "steam2": 0.0})
    glide = Glide(View(0.0, 0.005, 0.99), View(0.05, 0.027, 0.93))

    def picture(share: float, at_s: float) -> Image.Image:
        step = at_s * 1.4
        lit = Image.blend(steady[int(step) % 3], steady[(int(step) + 1) % 3], step % 1)
        if share > 0.78:
            lit = Image.blend(lit, closed, min(1.0, (share - 0.78) / 0.03))
        return shot(lit, glide.at(share), DAY.size)

    return picture


def _day_frame(chapters: tuple[Chapter, ...], at_s: float, total_s: float) -> Image.Image:
    """One frame: chapters melt into each other, words fade out before and in after."""
    number = min(int(at_s / SCENE_S), len(chapters) - 1)
    into_s = at_s - number * SCENE_S
    picture = _pictured(chapters[number], into_s)
    left_s = SCENE_S - into_s
    if left_s < FADE_S / 2 and number + 1 < len(chapters):
        picture = Image.blend(_pictured(chapters[number + 1], -left_s), picture, 0.5 + left_s / FADE_S)
    if into_s < FADE_S / 2 and number:
        before = _pictured(chapters[number - 1], SCENE_S + into_s)
        picture = Image.blend(before, picture, 0.5 + into_s / FADE_S)
    edge_s = into_s if number else SCENE_S
    if number + 1 < len(chapters):
        edge_s = min(edge_s, left_s)
    _title(picture, chapters[number], min(1.0, max(0.0, edge_s - 0.1) / 0.6))
    return _with_day_line(picture, at_s / total_s)


def _pictured(chapter: Chapter, into_s: float) -> Image.Image:
    """The chapter's picture; `into_s` may lie a little outside it."""
    room = FADE_S / 2
    return chapter.picture((into_s + room) / (SCENE_S + 2 * room), into_s)


def _title(picture: Image.Image, chapter: Chapter, opacity: float) -> None:
    picture.paste((10, 6, 4), (0, 0), _scrim())
    write(picture, (36, 318), Line(chapter.clock, 74, 0.0, 0.004), opacity)
    write(picture, (40, 402), Line(chapter.words, 27, 0.02, 0.008), 0.95 * opacity)
    name = Line("CASA LUME", 17, 0.30, 0.012)
    write(picture, (DAY.size[0] - 36 - set_line(name).width, 30), name, 0.9)


@cache
def _scrim() -> Image.Image:
    """A shade that deepens towards the foot, and a little at the head, so that words read."""
    foot = Image.linear_gradient("L").resize((DAY.size[0], 250)).point(_deepening(150))
    head = Image.linear_gradient("L").rotate(180).resize((DAY.size[0], 120)).point(_deepening(95))
    mask = Image.new("L", DAY.size, 0)
    mask.paste(head, (0, 0))
    mask.paste(foot, (0, DAY.size[1] - 250))
    return mask


def _deepening(most: int) -> list[int]:
    return [round((level / 255) ** 1.3 * most) for level in range(256)]


def _with_day_line(picture: Image.Image, share: float) -> Image.Image:
    """A thin line at the foot: how much of the day is over."""
    left, right, level = 40, DAY.size[0] - 40, DAY.size[1] - 24
    pen = ImageDraw.Draw(picture, "RGBA")
    pen.line([(left, level), (right, level)], (255, 250, 242, 90), 2)
    here = left + (right - left) * share
    pen.line([(left, level), (here, level)], (255, 214, 150, 255), 2)
    pen.ellipse((here - 4, level - 4, here + 5, level + 5), WHITE)
    return picture


def _encode(frames: Iterator[Image.Image], tune: Tune, target: Path, encoding: Encoding) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "music.wav"
        compose(tune, sound)
        encode(frames, sound, target, encoding)

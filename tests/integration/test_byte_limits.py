"""Limits are ceilings: no rendition is above its own, none is larger than a source that would have done."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.media import Clip, save_clip
from fakes.orders import bench_in
from fakes.planning import WHATSAPP

from pipeline.errors import BudgetError
from pipeline.model import Asset, Fit, Profile, Recipe, Rendition, Size
from pipeline.plan.terms import Look
from pipeline.plan.videos import video_recipe
from pipeline.reformat import Order, render
from pipeline.tools.files import sha256_of
from pipeline.tools.probe import probe

CANVAS = Size(90, 160)
TAGS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
FITS: tuple[Fit, ...] = ("blur", "contain", "cover")
SIZES = ((96, 64), (64, 96), (90, 160), (160, 90), (120, 120), (180, 320), (320, 180))


@dataclass(frozen=True)
class Trial:
    """A source, what was decided for it, and what came of it; nothing where no quality fits."""

    source: Path
    recipe: Recipe | None
    renditions: tuple[Rendition, ...]

    @property
    def outcome(self) -> str:
        return self.recipe.action if self.recipe and self.renditions else "refused"

    @property
    def shares(self) -> Iterator[float]:
        """How much of its limit each rendition takes."""
        return (made.bytes / self.recipe.max_bytes for made in self.renditions if self.recipe)


def drawn_clip(draw: random.Random) -> Clip:
    """Every third one would do as it is, but for its length and its bytes."""
    fits = draw.random() < 1 / 3
    quality = ("-preset", "superfast", "-crf", str(draw.choice((23, 28, 35))))
    wrapping = ("-movflags", "+faststart") if draw.random() < 1 / 2 else ()
    return Clip(
        size=(CANVAS.width, CANVAS.height) if fits else draw.choice(SIZES),
        seconds=round(draw.choice((draw.uniform(1, 4), draw.uniform(1, 10), draw.uniform(10, 20))), 2),
        fps=draw.choice((24, 25, 30) if fits else (10, 24, 25, 30, 50, 60)),
        sound=draw.random() < 1 / 2,
        filters=f"noise=alls={draw.choice((0, 5, 20, 60, 100))}:allf=t",
        coding=(
            "-c:v",
            "libx264",
            *quality,
            "-g",
            str(draw.choice((15, 30, 250))),
            "-pix_fmt",
            "yuv420p",
            *TAGS,
        ),
        muxing=(*wrapping, "-b:a", "64k"),
    )


def drawn_profile(draw: random.Random) -> Profile:
    """From ample to hardly anything for the small canvas."""
    limits = dataclasses.replace(
        WHATSAPP.video,
        max_seconds=draw.choice((5, 7, 12)),
        max_bytes=draw.choice((60_000, 90_000, 150_000, 300_000, 1_000_000)),
        max_video_kbps=draw.choice((300, 1_000, 5_000)),
        audio_kbps=draw.choice((32, 64)),
    )
    return dataclasses.replace(WHATSAPP, canvas=CANVAS, video=limits)


def tried(folder: Path, seed: int) -> Trial:
    draw = random.Random(seed)  # noqa: S311 - the same clips every time
    source = save_clip(folder / f"{seed}.mp4", drawn_clip(draw))
    asset = Asset(source, sha256_of(source), probe(source))
    try:
        recipe = video_recipe(asset, Look(draw.choice(FITS), "#204060", "#ffffff"), drawn_profile(draw))
    except BudgetError:
        return Trial(source, None, ())
    numbers = range(1, len(recipe.parts) + 1)
    try:
        renditions = tuple(render(Order(asset, recipe, part), bench_in(folder)) for part in numbers)
    except BudgetError:
        return Trial(source, recipe, ())
    return Trial(source, recipe, renditions)


def check(trial: Trial) -> None:
    assert all(share <= 1 for share in trial.shares), trial
    if trial.outcome in {"passthrough", "remux"}:
        assert all(made.bytes <= trial.source.stat().st_size for made in trial.renditions), trial


@pytest.mark.parametrize("seed", range(1_000, 1_006))
def test_a_drawn_clip_keeps_to_its_limit(tmp_path: Path, seed: int) -> None:
    check(tried(tmp_path, seed))


def test_what_is_short_of_bits_is_rendered_on_the_smaller_canvas(tmp_path: Path) -> None:
    limits = dataclasses.replace(WHATSAPP.video, max_bytes=400_000)
    source = save_clip(tmp_path / "a.mp4", Clip((90, 160), coding=("-c:v", "mpeg4"), sound=False))
    asset = Asset(source, sha256_of(source), probe(source))
    recipe = video_recipe(
        asset, Look("blur", "#204060", "#ffffff"), dataclasses.replace(WHATSAPP, video=limits)
    )
    made = render(Order(asset, recipe, 1), bench_in(tmp_path))
    assert recipe.video_kbps is not None
    assert recipe.video_kbps < 2_000
    assert (made.width, made.height) == (720, 1280)
    assert made.bytes <= 400_000


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_hundred_drawn_clips_keep_to_their_limits(tmp_path: Path) -> None:
    trials = [tried(tmp_path, seed) for seed in range(200)]

    for trial in trials:
        check(trial)
    outcomes = Counter(trial.outcome for trial in trials)
    tight = [share for trial in trials if trial.outcome == "transcode" for share in trial.shares]
    split = sum(trial.outcome == "remux" and len(trial.renditions) > 1 for trial in trials)
    print(f"{dict(outcomes)}, {split} split by copying, fullest {max(tight):.1%}")  # noqa: T201 - for people
    assert outcomes["transcode"] > 50
    assert outcomes["passthrough"] > 5
    assert split > 5
    assert outcomes["refused"] < 40
    assert max(tight) > 0.9

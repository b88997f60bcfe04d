"""Reading clips back: what is seen and heard in them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import av
import numpy as np
from fakes.media import ffmpeg, save_photo
from fakes.orders import bench_in, left_behind, order_for
from PIL import Image

from pipeline.model import Fit, Rendition
from pipeline.reformat import Order, render
from pipeline.tools.files import sha256_of


def frames_of(path: Path) -> list[Image.Image]:
    with av.open(str(path)) as container:
        return [Image.fromarray(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def close(colour: object, wanted: tuple[int, int, int], slack: int = 16) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(is_ - was) <= slack for is_, was in zip(colour, wanted, strict=True))


def pixel_of(image: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    red, green, blue = np.asarray(image)[y, x].tolist()
    return red, green, blue


def rendered(tmp_path: Path, source: Path, fit: Fit = "blur", **changes: Any) -> Rendition:
    bench = bench_in(tmp_path)
    rendition = render(order_for(source, fit, **changes), bench)
    assert left_behind(bench) == []
    return rendition


def refreshed(order: Order) -> Order:
    """The same order for what the file holds now, with the facts of before."""
    return dataclasses.replace(
        order, asset=dataclasses.replace(order.asset, sha256=sha256_of(order.asset.path))
    )


def still_clip(
    tmp_path: Path, colour: tuple[int, int, int], *coding: str, size: tuple[int, int] = (96, 64)
) -> Path:
    """A second of one colour."""
    still = save_photo(tmp_path / "still.png", Image.new("RGB", size, colour))
    ffmpeg("-loop", "1", "-i", still, "-t", "1", "-r", "30", *coding, tmp_path / "still.mp4")
    return tmp_path / "still.mp4"


def beep_at(path: Path) -> float:
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            loud = np.abs(frame.to_ndarray()).max(axis=0) > 0.05
            if loud.any():
                return float(frame.time or 0) + int(loud.argmax()) / frame.sample_rate
    raise AssertionError("no beep")


def flash_at(path: Path) -> float:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if frame.to_ndarray(format="gray").mean() > 200:
                return float(frame.time or 0)
    raise AssertionError("no flash")

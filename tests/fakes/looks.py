"""Stories in every look, made by the engine from the samples, on a canvas of half the size."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

from PIL import Image

from pipeline.config import Place, Settings, load_settings
from pipeline.config.sidecar import parse_sidecar
from pipeline.load.asset import LoadTerms, load_asset
from pipeline.load.materials import Patience, materials_of
from pipeline.load.scan import scan
from pipeline.look import Onlooker
from pipeline.model import Asset, Rendition, Treatment
from pipeline.plan import treatment_for
from pipeline.reformat import Bench, Order, render
from pipeline.tools.child import Limits
from pipeline.tools.ffmpeg import run_ffmpeg

SAMPLES = Path(__file__).parents[2] / "samples/inbox"
PORTRAIT, LANDSCAPE = SAMPLES / "01-portrait-latte.jpg", SAMPLES / "02-landscape-window.jpg"
CLIP = SAMPLES / "06-clip-breakfast.mp4"
CLIP_S = 0.5
CANVAS = (540, 960)
LONG = (
    "Fresh sourdough every morning from seven: three kinds of bread, croissants with real butter, and the "
    "coffee of the month from a small farm in the hills. On Saturdays we bake cinnamon rolls until noon, and "
    "whoever brings a cup of their own gets the second one for free. Ask at the counter for the bread of the "
    "day, or write to us the evening before, and we keep a loaf for you."
)
SHORT = "title: Night market\ncaption: Saturday 19:30, live music & mulled wine 🍷\n"
WORDS = {
    "portrait": SHORT,
    "landscape": SHORT,
    "video": SHORT,
    "long": f"caption: '{LONG}'\n",
}
LINK = "link: https://wa.me/15551234567\nstickers: {link: {label: Book a table}}\n"


@cache
def half_size() -> Settings:
    """The usual settings on the smaller canvas, so that all pictures are made quickly."""
    canvas = f"platforms.whatsapp_status.canvas={{width: {CANVAS[0]}, height: {CANVAS[1]}}}"
    return load_settings(None, ("inbox=.", canvas), Place({}, SAMPLES, None))


def source_of(kind: str, folder: Path) -> Path:
    """The photo or clip of a kind; the clip is cut short."""
    if kind != "video":
        return LANDSCAPE if kind == "landscape" else PORTRAIT
    short = folder / "clip.mp4"
    if not short.exists():
        copied = ["-t", str(CLIP_S), "-i", str(CLIP), "-c", "copy", "-f", "mp4", str(short)]
        run_ffmpeg(copied, Limits(60, 3000))
    return short


def story_of(file: Path, sidecar: str) -> Asset:
    """A file with the words that stand beside it, looked at as a run would."""
    (found,) = scan([file], {}).changed
    settings = half_size()
    bare = load_asset(found, LoadTerms(0, 100, settings.timezone()))
    said = parse_sidecar(sidecar, f"{file.name}.yaml", file.with_name(f"{file.name}.yaml"))
    told = dataclasses.replace(bare, sidecar=said, materials=materials_of(said, Patience(0, 100)))
    return Onlooker(settings)(told)


def look_of(name: str, kind: str, folder: Path) -> tuple[Asset, Treatment]:
    """What WhatsApp gets of a kind of story in a look."""
    scenes = f"scenes: {LANDSCAPE if kind != 'landscape' else PORTRAIT}\nseconds: 1\n"
    more = scenes if name == "before-after" else ""
    story = story_of(source_of(kind, folder), f"look: {name}\n{WORDS[kind]}{LINK}{more}")
    return story, treatment_for(story, "whatsapp", half_size())


def made(story: Asset, treatment: Treatment, folder: Path) -> Rendition:
    """The first part, as it would be sent."""
    bench = Bench(folder / "store", folder / "scratch", 2, 5, 3000)
    return render(Order(story, treatment.recipe, 1), bench)


def frame_of(rendition: Rendition, folder: Path) -> Image.Image:
    """The photo, or a video's frame near its beginning, when nothing has faded yet."""
    if rendition.mime == "image/jpeg":
        with Image.open(rendition.path) as picture:
            return picture.convert("RGB")
    still = folder / f"{rendition.path.stem}.png"
    one = ["-i", str(rendition.path), "-ss", "0.2", "-frames:v", "1", "-update", "1", str(still)]
    run_ffmpeg(one, Limits(60, 3000))
    with Image.open(still) as picture:
        return picture.convert("RGB")

"""Emoji as pictures: which characters are shown as one, and where it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.lettering.files import PICTURES, FontFile, codepoints, colour_strike_px, package_dir
from pipeline.lettering.texts import JOINER

if TYPE_CHECKING:
    from PIL import Image

AS_TEXT, AS_EMOJI = "\ufe0e", "\ufe0f"
_SAYS_SO = re.compile("[\ufe0f\u20e3\u200d\U0001f3fb-\U0001f3ff]")
_STYLES = re.compile("[\ufe0e\ufe0f]")
_TAGS = re.compile("[\U000e0020-\U000e007f]")
_TONES = re.compile("[\U0001f3fb-\U0001f3ff]")
_BY_THEMSELVES = frozenset(
    "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗\u2795\u2796➗➰➿⬛⬜⭐⭕"
)
"""Emoji_Presentation of the first plane (Unicode 16); nothing is added there any more."""

_HEART = "❤"
"""Text by the rules, but whoever writes a heart means a red one; Noto's is hatched, as in heraldry."""

_FIRST_OF_EMOJI = 0x1F000


@dataclass(frozen=True, slots=True)
class Picture:
    """Where an emoji is drawn from: a picture file, or these characters of a colour font."""

    file: Path | FontFile
    text: str = ""


def wants_picture(grapheme: str) -> bool:
    """Whether a character is an emoji rather than text, where both would be possible."""
    if AS_TEXT in grapheme:
        return False
    first = grapheme[0]
    by_itself = ord(first) >= _FIRST_OF_EMOJI or first in _BY_THEMSELVES or first == _HEART
    return by_itself or _SAYS_SO.search(grapheme) is not None


def pictures(grapheme: str, colour_font: FontFile | None) -> tuple[Picture, ...]:
    """One picture; several for a sequence that has none of its own; none if there is none."""
    plain = _STYLES.sub("", grapheme)
    if colour_font and plain and {ord(part) for part in plain} - {0x200D} <= codepoints(colour_font):
        return (Picture(colour_font, grapheme),)
    whole = _file(plain)
    if whole:
        return (Picture(whole),)
    parts = [_file(part) or _file(_TONES.sub("", part)) for part in _TAGS.sub("", plain).split(JOINER)]
    found = [Picture(part) for part in parts if part]
    return tuple(found) if len(found) == len(parts) else ()


def _file(plain: str) -> Path | None:
    return _files().get("-".join(f"{ord(part):x}" for part in plain))


@cache
def _files() -> dict[str, Path]:
    """By their code points without variation selectors, which only some of the names have."""
    folder = package_dir(PICTURES) / "assets" / "72x72"
    return {path.stem.replace("-fe0f", ""): path for path in sorted(folder.glob("*.png"))}


@lru_cache(maxsize=256)
def scaled(picture: Picture, size_px: int) -> Image.Image:
    """The picture in the middle of a square of this size."""
    from PIL import Image, ImageOps

    if isinstance(picture.file, FontFile):
        drawn = _drawn(picture.file, picture.text, size_px)
    else:
        with Image.open(picture.file) as opened:
            drawn = opened.convert("RGBA")
    fitting = ImageOps.contain(drawn, (size_px, size_px), Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (size_px, size_px))
    square.paste(fitting, ((size_px - fitting.width) // 2, (size_px - fitting.height) // 2))
    return square


def _drawn(file: FontFile, text: str, size_px: int) -> Image.Image:
    """What a colour font draws, cut to its ink."""
    from PIL import Image, ImageDraw, ImageFont

    size = colour_strike_px(file) or size_px
    font = ImageFont.truetype(str(file.path), size, file.index, layout_engine=ImageFont.Layout.RAQM)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text))
    image = Image.new("RGBA", (max(right - left, 1), max(bottom - top, 1)))
    ImageDraw.Draw(image).text((-left, -top), text, font=font, embedded_color=True)
    box = image.getbbox()
    return image.crop(box) if box else image

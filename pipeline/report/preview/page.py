"""The preview as one HTML file that asks nobody for anything: pictures and style are in it, and no script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from itertools import count, groupby
from pathlib import Path

from pipeline.model import Refusal, SafeArea
from pipeline.report.preview.chrome import chrome_of
from pipeline.report.preview.glyphs import glyphs
from pipeline.report.preview.sight import Screen, Shot, Sight, sights_in_words
from pipeline.report.words import JOINER, about, name_of, printable, seconds, size

STYLE = Path(__file__).with_name("page.css")
NOTHING_FROM_OUTSIDE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


SWITCHES = (("chrome", "App", True), ("safe", "Safe area", False))
"""Each with its name, its words, and whether it is on at first: the bars show well enough what is free."""


def page_of(sights: Sequence[Sight], refusals: Sequence[Refusal], hint: str = "") -> Iterator[str]:
    """The page, piece by piece: one picture of it at a time is in memory. `hint` says what can be done."""
    yield from head_of("storyrelay preview")
    told = f"{sights_in_words(sights)}. Nothing was delivered." if sights else "Nothing to show."
    yield f"<h1>Preview</h1>\n<p>{told} {escape(hint)}</p>\n"
    if sights:
        yield from _switches()
    yield f"{glyphs()}<main>\n"
    numbers = count()
    for _, story in groupby(sights, key=lambda sight: sight.asset.path):
        yield from _story(list(story), numbers)
    yield from _refusals(refusals)
    yield "</main>\n</body>\n</html>\n"


def waiting_page(told: Sequence[str]) -> Iterator[str]:
    """A page that asks again by itself, for as long as the preview is being made."""
    yield from head_of("storyrelay preview …", '<meta http-equiv="refresh" content="1">\n')
    lines = "".join(f"<li>{escape(printable(line))}</li>" for line in told)
    yield f"<h1>Preview</h1>\n<p>It is being made; this page follows by itself.</p>\n<ul>{lines}</ul>\n"
    yield "</body>\n</html>\n"


def head_of(title: str, extra: str = "", style: Path = STYLE) -> Iterator[str]:
    """How a page begins that asks for nothing; `extra` goes into its head."""
    yield f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{NOTHING_FROM_OUTSIDE}">
<meta name="viewport" content="width=device-width, initial-scale=1">
{extra}<title>{escape(title)}</title>
<style>
{style.read_text(encoding="utf-8")}</style>
</head>
<body>
"""


def _switches() -> Iterator[str]:
    for name, _, on in SWITCHES:
        yield f'<input class="hidden" type="checkbox" id="{name}"{" checked" if on else ""}>\n'
    labels = "".join(f'<label for="{name}">{words}</label>' for name, words, _ in SWITCHES)
    yield f"<div class=switches>{labels}</div>\n"


def _story(sights: Sequence[Sight], numbers: Iterator[int]) -> Iterator[str]:
    asset = sights[0].asset
    facts = asset.facts
    told = [facts.kind, f"{facts.width}×{facts.height}"]
    if facts.duration_s:
        told.append(seconds(facts.duration_s))
    yield f"<section>\n<h2>{escape(name_of(asset.path))}</h2>\n"
    yield f"<p>{', '.join([*told, size(facts.bytes)])}</p>\n<div class=row>\n"
    seen: set[Path | None] = set()
    for sight in sights:
        if sight.before not in seen:
            yield from _before(sight)
        seen.add(sight.before)
        for screen in sight.screens:
            yield from _after(sight, screen, f"shot-{next(numbers)}")
    yield "</div>\n</section>\n"


def _before(sight: Sight) -> Iterator[str]:
    parts = sight.rendition.parts
    of = f", middle of part {sight.rendition.part} of {parts}" if parts > 1 else ""
    yield "<figure class=before>\n"
    if sight.before:
        yield _image(sight.before, f"{name_of(sight.asset.path)}, the source")
    else:
        yield "<p class=missing>The source can't be shown.</p>\n"
    yield f"<figcaption><b>Before</b>the source{of}</figcaption>\n</figure>\n"


def _after(sight: Sight, screen: Screen, group: str) -> Iterator[str]:
    yield "<figure class=after>\n"
    if len(sight.shots) > 1:
        yield from _choices(len(sight.shots), group)
    yield f'<div class="screen" style="aspect-ratio: {sight.canvas.width} / {sight.canvas.height}">\n'
    for shot in sight.shots:
        yield _image(shot.picture, _alternative(sight, screen, shot))
    yield f'<div class="safe" style="inset: {_inset(screen.safe_area)}"><span>safe area</span></div>\n'
    yield from chrome_of(sight, screen)
    yield "</div>\n"
    yield from _times(sight, group)
    told = f"{escape(sight.measures)}<br>{escape(sight.done)}"
    yield f"<figcaption><b>{escape(screen.goes_to)}</b>{told}</figcaption>\n"
    yield _goes_with_it(screen)
    yield "</figure>\n"


def _choices(shots: int, group: str) -> Iterator[str]:
    """Which frame is seen: the middle one at first."""
    for place in range(shots):
        checked = " checked" if place == shots // 2 else ""
        yield f'<input class="hidden" type="radio" name="{group}" id="{group}-{place}"{checked}>\n'


def _goes_with_it(screen: Screen) -> str:
    """With the whole caption behind it, for no app shows more than its beginning."""
    gets, caption = escape(screen.gets), escape(printable(screen.texts.caption, f"{JOINER}\n"))
    if not caption:
        return f"<p class=gets>{gets}</p>\n"
    return f"<details class=gets><summary>{gets}</summary><p>{caption}</p></details>\n"


def _times(sight: Sight, group: str) -> Iterator[str]:
    times = [(place, shot.at_s) for place, shot in enumerate(sight.shots)]
    labels = [
        f'<label for="{group}-{place}">{seconds(at_s)}</label>' for place, at_s in times if at_s is not None
    ]
    if labels:
        yield f"<div class=times>{''.join(labels)}</div>\n"


def _alternative(sight: Sight, screen: Screen, shot: Shot) -> str:
    at = "" if shot.at_s is None else f" at {seconds(shot.at_s)}"
    return f"{name_of(sight.asset.path)} for {screen.goes_to}{at}"


def _inset(area: SafeArea) -> str:
    """As CSS wants it: top, right, bottom, left."""
    return " ".join(f"{side:.2%}" for side in (area.top, area.right, area.bottom, area.left))


def _image(picture: Path, alternative: str) -> str:
    content = b64encode(picture.read_bytes()).decode("ascii")
    return f'<img alt="{escape(alternative)}" src="data:image/jpeg;base64,{content}">\n'


def _refusals(refusals: Sequence[Refusal]) -> Iterator[str]:
    if refusals:
        lines = "".join(f"<li>{escape(about(refusal.path, refusal.reason))}</li>" for refusal in refusals)
        yield f"<section>\n<h2>Not shown</h2>\n<ul>{lines}</ul>\n</section>\n"

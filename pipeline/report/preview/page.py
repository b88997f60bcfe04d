"""The preview as one HTML file that asks nobody for anything: pictures and style are in it, and no script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from pipeline.model import Refusal, SafeArea
from pipeline.report.preview.sight import Shot, Sight, sights_in_words
from pipeline.report.words import about, name_of, seconds, size

STYLE = Path(__file__).with_name("page.css")
NOTHING_FROM_OUTSIDE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page_of(sights: Sequence[Sight], refusals: Sequence[Refusal]) -> Iterator[str]:
    """The page, piece by piece: one picture of it at a time is in memory."""
    yield f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{NOTHING_FROM_OUTSIDE}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>storyrelay preview</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<h1>Preview</h1>
<p>{sights_in_words(sights)}. Nothing was delivered.<br>
The apps' own buttons and bars leave the safe area free.</p>
<input class="hidden" type="checkbox" id="safe" checked>
<label class="switch" for="safe">Safe area</label>
<main>
"""
    numbered = list(enumerate(sights))
    for _, story in groupby(numbered, key=lambda entry: entry[1].asset.path):
        yield from _story(list(story))
    yield from _refusals(refusals)
    yield "</main>\n</body>\n</html>\n"


def _story(sights: Sequence[tuple[int, Sight]]) -> Iterator[str]:
    asset = sights[0][1].asset
    facts = asset.facts
    told = [facts.kind, f"{facts.width}×{facts.height}"]
    if facts.duration_s:
        told.append(seconds(facts.duration_s))
    yield f"<section>\n<h2>{escape(name_of(asset.path))}</h2>\n"
    yield f"<p>{', '.join([*told, size(facts.bytes)])}</p>\n<div class=row>\n"
    seen: set[Path | None] = set()
    for number, sight in sights:
        if sight.before not in seen:
            yield from _before(sight)
        seen.add(sight.before)
        yield from _after(sight, number)
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


def _after(sight: Sight, number: int) -> Iterator[str]:
    group, chosen = f"shot-{number}", len(sight.shots) // 2
    yield "<figure class=after>\n"
    for place in range(len(sight.shots)):
        checked = " checked" if place == chosen else ""
        yield f'<input class="hidden" type="radio" name="{group}" id="{group}-{place}"{checked}>\n'
    yield f'<div class="screen" style="aspect-ratio: {sight.canvas.width} / {sight.canvas.height}">\n'
    for shot in sight.shots:
        yield _image(shot.picture, _alternative(sight, shot))
    yield f'<div class="safe" style="inset: {_inset(sight.safe_area)}"><span>safe area</span></div>\n</div>\n'
    yield from _times(sight, group)
    told = f"{escape(sight.measures)}<br>{escape(sight.done)}"
    yield f"<figcaption><b>{escape(sight.goes_to)}</b>{told}</figcaption>\n</figure>\n"


def _times(sight: Sight, group: str) -> Iterator[str]:
    times = [(place, shot.at_s) for place, shot in enumerate(sight.shots)]
    labels = [
        f'<label for="{group}-{place}">{seconds(at_s)}</label>' for place, at_s in times if at_s is not None
    ]
    if labels:
        yield f"<div class=times>{''.join(labels)}</div>\n"


def _alternative(sight: Sight, shot: Shot) -> str:
    at = "" if shot.at_s is None else f" at {seconds(shot.at_s)}"
    return f"{name_of(sight.asset.path)} for {sight.goes_to}{at}"


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

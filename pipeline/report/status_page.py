"""What stands where as one HTML file that asks nobody for anything: pictures and style are in it, no code."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path

from pipeline.model import Delivery
from pipeline.report.next_step import Program
from pipeline.report.preview.page import head_of
from pipeline.report.status import Status, Told, closing_lines, told_of

STYLE = Path(__file__).with_name("status_page.css")
MARKS = {
    "Waits for your Send": "send",
    "Needs you": "you",
    "In doubt, looked for by a later run": "doubt",
    "Under way": "doubt",
    "Planned": "later",
    "Refused": "you",
}
"""The colour of each section's mark, by its title."""

Thumbnail = Callable[[Delivery], bytes | None]


def status_page(status: Status, program: Program, thumbnail: Thumbnail) -> Iterator[str]:
    """The page, piece by piece; `thumbnail` gives a small JPEG, or None where no picture is left."""
    yield from head_of("storyrelay status", style=STYLE)
    at = status.at.astimezone(status.zone)
    sections = [(title, told) for title, told in told_of(status, program) if told]
    yield f"<header>\n<h1>Stories</h1>\n<p>as of {at:%a %d %b %Y, %H:%M}</p>\n</header>\n"
    yield from _overview(sections)
    yield "<main>\n"
    for title, told in sections:
        yield f'<section id="{_anchor(title)}" class="{MARKS.get(title, "done")}">\n'
        yield f"<h2>{escape(title)} <span>{len(told)}</span></h2>\n<ul>\n"
        for one in told:
            yield from _line(one, thumbnail)
        yield "</ul>\n</section>\n"
    closing = [line for line in closing_lines(status, program) if line]
    if closing:
        yield f"<p class=hint>{'<br>'.join(escape(line) for line in closing)}</p>\n"
    yield "</main>\n</body>\n</html>\n"


def _overview(sections: Sequence[tuple[str, Sequence[Told]]]) -> Iterator[str]:
    if len(sections) > 1:
        yield "<nav>\n"
        for title, told in sections:
            mark = MARKS.get(title, "done")
            yield f'<a class="{mark}" href="#{_anchor(title)}"><b>{len(told)}</b> {escape(title)}</a>\n'
        yield "</nav>\n"


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-").replace(",", "")


def _line(told: Told, thumbnail: Thumbnail) -> Iterator[str]:
    *words, command = told.cells
    if told.delivery is None:
        yield f"<li class=plain>\n<div>\n<p>{escape(' · '.join(words))}</p>\n"
    else:
        number, destination, story, remark = words
        yield f"<li>\n{_picture(thumbnail(told.delivery), story)}<div>\n<h3>{escape(story)}</h3>\n"
        yield f"<p class=where>{escape(destination)} · {escape(number.strip())}</p>\n"
        yield f"<p>{escape(remark)}</p>\n"
    yield f"<code>{escape(command)}</code>\n" if command else ""
    yield "</div>\n</li>\n"


def _picture(small: bytes | None, story: str) -> str:
    if small is None:
        return "<span class=none></span>\n"
    return f'<img alt="{escape(story)}" src="data:image/jpeg;base64,{b64encode(small).decode("ascii")}">\n'

"""The signs on the apps' buttons, in our own plain lines: 24 units wide and high."""

from __future__ import annotations

GLYPHS = {
    "back": '<path d="M20 12H5m6.5-6.5L5 12l6.5 6.5"/>',
    "more": '<path d="M12 5h0M12 12h0M12 19h0" stroke-width="3.4"/>',
    "dots": '<path d="M5 12h0M12 12h0M19 12h0" stroke-width="3.4"/>',
    "cross": '<path d="M5.5 5.5l13 13m0-13l-13 13"/>',
    "heart": (
        '<path d="M12 20.5S3.5 15.5 3.5 9.3A4.7 4.7 0 0 1 12 6.6a4.7 4.7 0 0 1 8.5 2.7'
        'c0 6.2-8.5 11.2-8.5 11.2z"/>'
    ),
    "plane": '<path d="M21 3.5L10.5 14M21 3.5l-6.8 17.5-3.7-7-7-3.7z"/>',
    "eye": (
        '<path d="M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z"/>'
        '<circle cx="12" cy="12" r="2.8"/>'
    ),
    "person": (
        '<path d="M4.5 21a7.5 7.5 0 0 1 15 0z" fill="currentColor"/>'
        '<circle cx="12" cy="8" r="4" fill="currentColor"/>'
    ),
    "link": (
        '<path d="M10 13.5a4.5 4.5 0 0 0 6.4 0l3-3A4.5 4.5 0 0 0 13 4.1l-1 1"/>'
        '<path d="M14 10.5a4.5 4.5 0 0 0-6.4 0l-3 3A4.5 4.5 0 0 0 11 19.9l1-1"/>'
    ),
    "place": (
        '<path d="M12 21.5S5 15.5 5 10a7 7 0 0 1 14 0c0 5.5-7 11.5-7 11.5z"/>'
        '<circle cx="12" cy="10" r="2.4"/>'
    ),
}


def glyphs() -> str:
    """All of them, once on a page, for `glyph` to refer to."""
    drawn = "".join(
        f'<symbol id="glyph-{name}" viewBox="0 0 24 24">{lines}</symbol>' for name, lines in GLYPHS.items()
    )
    return f'<svg class="hidden" aria-hidden="true">{drawn}</svg>\n'


def glyph(name: str) -> str:
    """One of them, as large as the style says."""
    return f'<svg class="glyph"><use href="#glyph-{name}"/></svg>'

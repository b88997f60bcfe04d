"""The privacy sheet for people: a block for each way out, then what stays."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.plan.privacy import PrivacySheet
from pipeline.report.words import columns, printable


def privacy_lines(sheet: PrivacySheet) -> Iterator[str]:
    """Line by line."""
    yield "What leaves this machine:"
    for one in sheet.leaves:
        yield ""
        yield f"{one.name}: {one.by}"
        rows = (("what", one.what), ("to", one.to), ("encrypted", one.encrypted), ("there until", one.until))
        yield from (f"  {line}" for line in columns([(word, printable(told)) for word, told in rows]))
    yield ""
    yield "What stays on it:"
    for kept in sheet.kept:
        yield ""
        yield kept.what
        rows_kept = (("where", kept.where), ("until", kept.until))
        yield from (f"  {line}" for line in columns([(word, printable(told)) for word, told in rows_kept]))
    yield ""
    yield sheet.media

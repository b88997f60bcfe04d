"""What the link doctor found, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.plan.links import Diagnosis
from pipeline.report.words import printable
from pipeline.tools.plain import to_plain


def links_as_json(diagnoses: Sequence[Diagnosis]) -> dict[str, Any]:
    """What `link --json` prints; fields are only ever added."""
    return {"links": [_as_json(diagnosis) for diagnosis in diagnoses]}


def _as_json(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "given": diagnosis.given,
        "link": diagnosis.link,
        "whatsapp": diagnosis.whatsapp,
        "number": diagnosis.number,
        "text": diagnosis.text,
        "errors": to_plain(diagnosis.errors),
        "warnings": to_plain(diagnosis.warnings),
    }


def link_lines(diagnosis: Diagnosis) -> Iterator[str]:
    """The link to use, alone on its line, or that there is none; then why."""
    if diagnosis.link is None:
        yield f"no link: {printable(diagnosis.given)}"
    else:
        yield diagnosis.link
    for finding in diagnosis.errors:
        yield f"  {finding.code}: {printable(finding.why)}"
        yield f"    use instead: {printable(finding.instead)}"
    for finding in diagnosis.put_right:
        yield f"  put right: {printable(finding.why)} ({finding.code})"
    for finding in (*diagnosis.lasting, *diagnosis.doubts):
        yield f"  {finding.code}: {printable(finding.why)}"
        yield f"    better: {printable(finding.instead)}"
    if not diagnosis.findings:
        yield "  works as it is" if diagnosis.whatsapp else "  a web page: works as it is"

"""Phone numbers as people write them, to the digits that WhatsApp wants."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pipeline.plan.links.cleaning import INVISIBLE
from pipeline.plan.links.codes import NOT_OF_REGION, PHONENUMBERS_MISSING, Finding, finding
from pipeline.plan.links.national import Missing, full_number, is_likely

FEWEST_DIGITS, MOST_DIGITS = 7, 15
"""ITU E.164 allows 15; nobody has fewer than 7 with the country code."""

_PUNCTUATION = r"+()\[\]{}./,\\:;*_~|\s\-\u00ad\u00b7\u2010-\u2015\u2022\u2212\u2060\u200b-\u200f\ufeff"
_WRITTEN = re.compile(rf"[\d{_PUNCTUATION}]*\d[\d{_PUNCTUATION}]*")
_NETWORK_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}(:\d+)?(/.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Number:
    """What a written number comes to; `digits` None when it can't be one."""

    digits: str | None
    findings: tuple[Finding, ...] = ()


def is_bare_number(text: str) -> bool:
    """Whether a text is nothing but a phone number."""
    return bool(_WRITTEN.fullmatch(text)) and not _NETWORK_ADDRESS.fullmatch(text)


def number_in(written: str, region: str | None, *, bare: bool = False) -> Number:
    """The digits of a number in a link; a bare one may be national when a region is given.

    Zeros are dropped only before the country code, never inside: Italy keeps its own.
    """
    notes = [finding("W_INVISIBLE_OR_QUOTES")] if any(sign in INVISIBLE for sign in written) else []
    visible = "".join(sign for sign in written if sign not in INVISIBLE).strip()
    if any(sign.isalpha() for sign in visible):
        return Number(None, (*notes, finding("E_NUMBER_LETTERS", visible)))
    without_trunk = _without_trunk(visible)
    if without_trunk != visible:
        notes.append(finding("W_TRUNK_PAREN0"))
    digits = _digits(without_trunk)
    if digits != (without_trunk.removeprefix("+") if bare else without_trunk):
        notes.append(finding("W_NUMBER_PUNCT"))
    if digits.startswith("00"):
        digits = digits.lstrip("0")
        notes.append(finding("W_PREFIX_00"))
    checked = _checked(digits, visible, region, bare=bare)
    return Number(checked.digits, (*notes, *checked.findings))


def _without_trunk(text: str) -> str:
    """(0) is only a trunk prefix behind a country code: `(0)7700` is a number without one."""
    country = re.match(r"\D*\d", text)
    begun = country.end() if country else 0
    return text[:begun] + re.sub(r"\(\s*0\s*\)", "", text[begun:])


def _digits(text: str) -> str:
    """Digits of any script, as ASCII."""
    return "".join(str(unicodedata.digit(sign)) for sign in text if sign.isdecimal())


def _checked(digits: str, visible: str, region: str | None, *, bare: bool) -> Number:
    may_be_national = bare and not visible.startswith(("+", "00"))
    if digits.startswith("0") or (may_be_national and region):
        national = _national(digits, region)
        if national.digits or digits.startswith("0"):
            return national
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return Number(None, (finding("E_NUMBER_LENGTH", visible),))
    return Number(digits, () if region is None else _doubts(digits))


def _doubts(digits: str) -> tuple[Finding, ...]:
    """A number of unusual length is only doubted: the tables are behind some countries, as Mexico's."""
    try:
        return () if is_likely(digits) else (finding("W_NUMBER_UNLIKELY", digits),)
    except Missing:
        return ()


def _national(digits: str, region: str | None) -> Number:
    if region is None:
        return Number(None, (finding("E_LEADING_ZERO_NO_CC", digits),))
    try:
        full = full_number(digits, region)
    except Missing:
        return Number(None, (finding("E_LEADING_ZERO_NO_CC", digits, PHONENUMBERS_MISSING),))
    if full is None:
        return Number(None, (finding("E_LEADING_ZERO_NO_CC", digits, NOT_OF_REGION),))
    return Number(full, (finding("W_REGION_ASSUMED", region),))

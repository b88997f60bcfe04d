"""The one place that knows phonenumbers, an extra: numbers as they are dialled inside a country."""

from __future__ import annotations

from typing import Any


class Missing(Exception):
    """The package isn't installed."""


def _library() -> Any:
    try:
        import phonenumbers  # large, and only there when somebody wants it
    except ImportError:
        raise Missing from None
    return phonenumbers


def full_number(digits: str, region: str) -> str | None:
    """The digits with their country code; None when they are full already, or no number of that region.

    Raises Missing.
    """
    library = _library()
    code = str(library.country_code_for_region(region))
    if digits.startswith(code) and is_likely(digits):
        return None
    number = _parsed(digits, region)
    if number is None or not _is_possible(number):
        return None
    full: str = library.format_number(number, library.PhoneNumberFormat.E164)
    return full.removeprefix("+")


def is_likely(digits: str) -> bool:
    """Whether a full number is as long as its country's are. Raises Missing."""
    number = _parsed(f"+{digits}", None)
    return number is not None and _is_possible(number)


def _is_possible(number: Any) -> bool:
    """Not whether it is valid: the 555 numbers of fiction aren't, and new ranges not yet."""
    library = _library()
    reason = library.is_possible_number_with_reason(number)
    return bool(reason == library.ValidationResult.IS_POSSIBLE)


def _parsed(text: str, region: str | None) -> Any:
    library = _library()
    try:
        return library.parse(text, region)
    except library.NumberParseException:
        return None

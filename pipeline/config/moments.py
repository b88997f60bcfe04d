"""Days and times as people write them, to aware UTC moments."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo

LAST_SECOND = time(23, 59, 59)

_WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{1,2})(:\d{2}[\d:.]*) *(Z|[-+][\d:]+)?)?")


def moment(text: str, zone: tzinfo, day_means: time) -> datetime:
    """`text` as aware UTC; without an offset it's the time in `zone`, a bare day is `day_means` of it.

    Raises ValueError with a sentence for people.
    """
    try:
        parsed = _parse(text.strip(), day_means)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"'{text}' is not a day or time such as 2026-12-24 or 2026-12-24 18:00"
        raise ValueError(message) from None


def _parse(text: str, day_means: time) -> datetime:
    written = _WRITTEN.fullmatch(text)
    if not written:
        raise ValueError(text)
    day, hour, rest, offset = written.groups()
    if hour is None:
        return datetime.combine(date.fromisoformat(day), day_means)
    return datetime.fromisoformat(f"{day}T{hour.zfill(2)}{rest}{offset or ''}")

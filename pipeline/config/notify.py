"""Word to the person: where it goes, when it comes again, and when nobody is disturbed."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field

from pipeline.config.accounts import Quiet, Secret
from pipeline.config.fields import Section
from pipeline.config.page import page_address

WEEK_H = 24 * 7


def several(value: Any) -> Any:
    """One address needs no brackets."""
    return (value,) if isinstance(value, str | dict) else value


Addresses = Annotated[tuple[Secret, ...], Field(strict=False), BeforeValidator(several)]
Hours = Annotated[float, Field(gt=0, le=WEEK_H)]


class NotifySettings(Section):
    """An address is a secret: whoever has it can write to you, or read what you get."""

    empty_counts: ClassVar[frozenset[str]] = frozenset({"last_hours"})

    urls: Addresses = Field(
        default=(), description="Apprise addresses, such as ntfy://…, each as env, file or keyring."
    )
    ready: bool = Field(default=True, description="Tell when stories are ready, once a run.")
    remind_hours: Annotated[tuple[Hours, ...], Field(strict=False)] = Field(
        default=(2, 6), description="And again so many hours after they were offered; [] for never."
    )
    last_hours: Hours | None = Field(
        default=2, description="And so many hours before their time is over; null for never."
    )
    trouble: bool = Field(default=True, description="Tell once when a login or a decision needs you.")
    quiet_hours: Quiet = Field(
        default=None, description="When nobody is disturbed, such as 22:00-07:00; null for the schedule's."
    )
    link: Annotated[str, AfterValidator(page_address)] | None = Field(
        default=None, description="What the message leads to; null for `page.url`. It holds no secret."
    )

"""Who a session belongs to, and whether it is still alive: one read, never a login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import NeedsPerson
from pipeline.mirror.failures import Judge
from pipeline.mirror.odd import at

if TYPE_CHECKING:
    from pipeline.mirror.phone import Phone


def whoami(phone: Phone, judge: Judge, expected: str) -> str:
    """The name that the server knows. Raises what `Judge.before` makes of a failure.

    Raises NeedsPerson as well when the session is another account's.
    """
    try:
        answer = phone.private_request("accounts/current_user/", params={"edit": "true"})
        name = str(at(answer, "user", "username"))
    except Exception as failure:  # noqa: BLE001 - a read changes nothing
        raise judge.before(failure) from None
    if name.casefold() != expected.casefold():
        line = judge.line.name
        reason = (
            f"the session of '{line}' belongs to @{name}, not to @{expected}:"
            f" correct accounts.{line}.username, or log in anew."
            f" Next: storyrelay session login {line} --again"
        )
        raise NeedsPerson(reason, everything=True)
    return name

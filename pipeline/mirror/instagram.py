"""The mirror to one Instagram account: asked whether it can publish, told to, and looked at in doubt."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from pipeline.destination import Doubt, Journal, Look, Parcel, Published
from pipeline.errors import ConfigError, EnvironmentFault, TryAgain
from pipeline.mirror.kept_phone import KeptPhone
from pipeline.mirror.line import Line

if TYPE_CHECKING:
    from pipeline.mirror.phone import Phone


class Instagram:
    """One destination that ends at Instagram. instagrapi is imported when something is due, not before."""

    def __init__(self, name: str, line: Line, stop: Callable[[], bool] = lambda: False) -> None:
        self.name = name
        self._line, self._stop = line, stop
        self._kept = KeptPhone(line)

    def blocked(self) -> str | None:
        """Whether the session is alive, by one cheap read. It never logs in.

        Raises NeedsPerson when nobody is logged in, TryAgain when Instagram asks for less.
        """
        from pipeline.mirror.whoami import whoami

        try:
            self._kept.forget_if_replaced()
            whoami(self._kept.opened(), self._kept.judge(), self._line.account.username)
        except TryAgain as later:
            if later.rest_until is None:
                return str(later)
            raise
        except (ConfigError, EnvironmentFault) as unfit:
            return str(unfit)
        self._kept.keep()
        return None

    def deliver(self, parcel: Parcel, journal: Journal) -> Published:
        """Publish it. Raises TryAgain, Rejected, NeedsPerson or OutcomeUnknown."""
        from pipeline.mirror.publish import Publisher

        phone = self._ready()
        try:
            return Publisher(phone, self._kept.judge(), self._stop).publish(parcel, journal)
        finally:
            self._kept.keep()

    def look(self, doubt: Doubt) -> Look:
        """What is live and might be it. Raises as `deliver` does."""
        from pipeline.mirror.look import look

        phone = self._ready()
        try:
            return look(phone, doubt, self._line.scratch)
        except Exception as failure:  # noqa: BLE001 - looking changes nothing
            raise self._kept.judge().before(failure) from None

    def keep_only(self, deliveries: Collection[int]) -> None:
        """What is live ends by itself after a day."""

    def _ready(self) -> Phone:
        try:
            return self._kept.opened()
        except (ConfigError, EnvironmentFault) as unfit:
            raise TryAgain(str(unfit)) from None

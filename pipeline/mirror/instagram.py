"""The mirror to one Instagram account: asked whether it can publish, told to, and looked at in doubt."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from pipeline.destination import Doubt, Journal, Look, Parcel, Published
from pipeline.errors import ConfigError, EnvironmentFault, NeedsPerson, TryAgain
from pipeline.mirror.line import Line
from pipeline.mirror.session import Saved

if TYPE_CHECKING:
    from pipeline.mirror.failures import Judge
    from pipeline.mirror.phone import Phone


class Instagram:
    """One destination that ends at Instagram. instagrapi is imported when something is due, not before."""

    def __init__(self, name: str, line: Line, stop: Callable[[], bool] = lambda: False) -> None:
        self.name = name
        self._line, self._stop = line, stop
        self._saved: Saved | None = None
        self._phone: Phone | None = None

    def blocked(self) -> str | None:
        """Whether the session is alive, by one cheap read. It never logs in.

        Raises NeedsPerson when nobody is logged in, TryAgain when Instagram asks for less.
        """
        from pipeline.mirror.whoami import whoami

        try:
            self._forget_if_replaced()
            whoami(self._open(), self._judge(), self._line.account.username)
        except TryAgain as later:
            if later.rest_until is None:
                return str(later)
            raise
        except (ConfigError, EnvironmentFault) as unfit:
            return str(unfit)
        self._keep()
        return None

    def deliver(self, parcel: Parcel, journal: Journal) -> Published:
        """Publish it. Raises TryAgain, Rejected, NeedsPerson or OutcomeUnknown."""
        from pipeline.mirror.publish import Publisher

        phone = self._ready()
        try:
            return Publisher(phone, self._judge(), self._stop).publish(parcel, journal)
        finally:
            self._keep()

    def look(self, doubt: Doubt) -> Look:
        """What is live and might be it. Raises as `deliver` does."""
        from pipeline.mirror.look import look

        phone = self._ready()
        try:
            return look(phone, doubt, self._line.scratch)
        except Exception as failure:  # noqa: BLE001 - looking changes nothing
            raise self._judge().before(failure) from None

    def keep_only(self, deliveries: Collection[int]) -> None:
        """What is live ends by itself after a day."""

    def _ready(self) -> Phone:
        try:
            return self._open()
        except (ConfigError, EnvironmentFault) as unfit:
            raise TryAgain(str(unfit)) from None

    def _open(self) -> Phone:
        from pipeline.mirror.failures import no_session
        from pipeline.mirror.phone import Phone

        if self._phone is None:
            self._saved = self._line.session.read()
            if self._saved is None or not self._saved.logged_in:
                raise no_session(self._line)
            self._phone = Phone(self._line, self._saved)
        return self._phone

    def _forget_if_replaced(self) -> None:
        """Somebody may have logged in anew since it was read."""
        if self._phone is not None and self._line.session.read() != self._saved:
            self._phone = None

    def _judge(self) -> Judge:
        from pipeline.mirror.failures import Judge

        return Judge(self._line)

    def _keep(self) -> None:
        """Keep what the server changed of the session, unless somebody has logged in anew meanwhile.

        That it can't be kept is no reason to forget what was published.
        """
        if self._phone is None or self._saved is None:
            return
        with suppress(EnvironmentFault, NeedsPerson):
            changed = self._phone.saved(self._saved)
            if changed.settings != self._saved.settings and self._line.session.read() == self._saved:
                self._line.session.write(changed)
                self._saved = self._line.session.read()

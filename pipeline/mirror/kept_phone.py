"""The make-believe phone of one account with the session that is kept of it; nobody ever logs in by it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pipeline.errors import EnvironmentFault, NeedsPerson
from pipeline.mirror.line import Line
from pipeline.mirror.session import Saved

if TYPE_CHECKING:
    from pipeline.mirror.failures import Judge
    from pipeline.mirror.phone import Phone


class KeptPhone:
    """Opened when it's needed, as instagrapi takes long to import."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._saved: Saved | None = None
        self._phone: Phone | None = None

    def opened(self) -> Phone:
        """The phone. Raises NeedsPerson when nobody is logged in, ConfigError or EnvironmentFault."""
        from pipeline.mirror.failures import no_session
        from pipeline.mirror.phone import Phone

        if self._phone is None:
            self._saved = self.line.session.read()
            if self._saved is None or not self._saved.logged_in:
                raise no_session(self.line)
            self._phone = Phone(self.line, self._saved)
        return self._phone

    def forget_if_replaced(self) -> None:
        """Somebody may have logged in anew since it was read."""
        if self._phone is not None and self.line.session.read() != self._saved:
            self._phone = None

    def judge(self) -> Judge:
        """Who says what a failure means for this account."""
        from pipeline.mirror.failures import Judge

        return Judge(self.line)

    def keep(self) -> None:
        """Keep what the server changed of the session, unless somebody has logged in anew meanwhile.

        That it can't be kept is no reason to forget what was done.
        """
        if self._phone is None or self._saved is None:
            return
        with suppress(EnvironmentFault, NeedsPerson):
            changed = self._phone.saved(self._saved)
            if changed.settings != self._saved.settings and self.line.session.read() == self._saved:
                self.line.session.write(changed)
                self._saved = self.line.session.read()

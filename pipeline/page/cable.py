"""The way over the cable: adb leads a port of the phone to the same one here, whenever it comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.errors import EnvironmentFault, TryAgain
from pipeline.tools.adb import USABLE, find_adb, phones
from pipeline.tools.adb_phone import Phone

if TYPE_CHECKING:
    from pipeline.config import PhoneSettings

Say = Callable[[str], None]


@dataclass(slots=True)
class Cable:
    """Keeps the way open; `led` are the phones that were led here at the last look."""

    chosen: PhoneSettings
    port: int
    say: Say
    led: frozenset[str] = frozenset()
    _told: set[str] = field(default_factory=set)

    def look(self) -> None:
        """One look at what is connected. Nothing that goes wrong here stops the page."""
        try:
            find_adb()
            connected = [phone.serial for phone in phones(self.chosen.serial, 0) if phone.state == USABLE]
        except (EnvironmentFault, TryAgain) as trouble:
            self._tell_once(f"no way over the cable: {trouble}")
            return
        wanted = [serial for serial in connected if self.chosen.serial in (None, serial)]
        led = frozenset(serial for serial in wanted if self._leads(serial))
        for serial in sorted(self.led - led):
            self.say(f"the phone {serial} is gone; its way is opened again when it comes back")
        self.led = led

    def _leads(self, serial: str) -> bool:
        phone = Phone(serial, self.chosen.answer_seconds)
        try:
            if f"tcp:{self.port}" not in phone.reversed_ports():
                phone.reverse(self.port)
                self.say(f"the phone {serial} reaches the page over the cable: http://localhost:{self.port}")
        except TryAgain as trouble:
            self._tell_once(str(trouble))
            return False
        return True

    def _tell_once(self, trouble: str) -> None:
        if trouble not in self._told:
            self._told.add(trouble)
            self.say(trouble)

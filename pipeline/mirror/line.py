"""One account as the mirror sees it: who, where its session is kept, and how its requests travel."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.config.secrets import reveal
from pipeline.errors import ConfigError
from pipeline.mirror.session import SessionFile, session_file
from pipeline.tools.clock import Clock, now

if TYPE_CHECKING:
    from pipeline.config import Settings
    from pipeline.config.accounts import Account

PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@dataclass(frozen=True, slots=True)
class Line:
    """What is needed to talk for one account. Nothing here is secret: the proxy is looked up late."""

    name: str
    account: Account
    zone: tzinfo
    session: SessionFile
    scratch: Path
    clock: Clock = now

    def proxy(self) -> str | None:
        """The account's proxy, else the environment's. Raises ConfigError when it can't be looked up."""
        own = reveal(self.account.proxy, f"accounts.{self.name}.proxy")
        return own or next((os.environ[name] for name in PROXIES if os.environ.get(name)), None)

    def certificates(self) -> str | bool:
        """Whom to trust: the account's file, else the environment's, else what everybody trusts.

        Raises ConfigError when the file isn't there.
        """
        own = self.account.ca_file
        if own is not None and not own.exists():
            raise ConfigError(f"accounts.{self.name}.ca_file: there is no {own}")
        known = next((os.environ[name] for name in CERTIFICATES if os.environ.get(name)), None)
        return str(own) if own else known or True

    def place(self) -> Mapping[str, Any]:
        """Language, country and time of the make-believe phone, as the client keeps them."""
        offset = self.clock().astimezone(self.zone).utcoffset() or timedelta()
        return {
            "locale": self.account.locale,
            "country": self.account.locale.rpartition("_")[2],
            "timezone_offset": int(offset.total_seconds()),
        }


def line_of(settings: Settings, name: str, clock: Clock = now) -> Line:
    """The line of a configured account. Raises ConfigError for a name that isn't one."""
    if name not in settings.accounts:
        known = ", ".join(settings.accounts) or "none"
        raise ConfigError(f"'{name}' is not one of `accounts`; there are: {known}")
    account = settings.accounts[name]
    return Line(
        name=name,
        account=account,
        zone=_zone_of(settings, account),
        session=session_file(settings.state, name),
        scratch=settings.state / "scratch",
        clock=clock,
    )


def _zone_of(settings: Settings, account: Account) -> tzinfo:
    from pipeline.config.hours import zone

    return zone(account.timezone) if account.timezone else settings.timezone()

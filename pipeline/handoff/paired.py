"""The phones that may open the share page: one small file beside the ledger, without any secret in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from pipeline.errors import EnvironmentFault
from pipeline.tools.clock import fresh_name, fresh_secret
from pipeline.tools.files import whole_file
from pipeline.tools.plain import from_json, to_json
from pipeline.values import dataclass, replace

GOOD_FOR = timedelta(minutes=15)
MOST_INVITATIONS = 10
SEEN_EVERY = timedelta(minutes=5)
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Paired:
    """A phone that may open the page. Of its key only the SHA-256 is kept."""

    id: str
    name: str
    key_sha256: str
    since: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a QR code was printed for; whoever brings its secret first, and in time, is paired."""

    secret_sha256: str
    until: datetime
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """The whole file."""

    phones: tuple[Paired, ...] = ()
    invitations: tuple[Invitation, ...] = ()


@dataclass(frozen=True, slots=True)
class Phones:
    """The register in a state folder. Every change is made by one process at a time, whole or not at all."""

    state: Path

    def all(self) -> tuple[Paired, ...]:
        """Every phone, in the order they were paired. Raises EnvironmentFault."""
        return self._read().phones

    def invite(self, at: datetime, name: str | None = None) -> str:
        """A secret for one phone, good for a quarter of an hour. It is kept nowhere."""
        secret = fresh_secret()
        invitation = Invitation(_digest(secret), at + GOOD_FOR, name)
        with self._changing() as register:
            open_ones = [one for one in register.invitations if at < one.until][1 - MOST_INVITATIONS :]
            self._write(replace(register, invitations=(*open_ones, invitation)))
        return secret

    def pair(self, secret: str, name: str, at: datetime) -> str | None:
        """The key of a new phone, in exchange for a secret; None when it isn't good, or not any more."""
        from hmac import compare_digest

        with self._changing() as register:
            found = [
                one for one in register.invitations if compare_digest(one.secret_sha256, _digest(secret))
            ]
            left = tuple(one for one in register.invitations if one not in found and at < one.until)
            if not found or at >= found[0].until:
                return None
            key = fresh_secret()
            called = _another((found[0].name or name)[:LONGEST_NAME], register.phones)
            phone = Paired(fresh_name()[:8], called, _digest(key), at, at)
            self._write(Register((*register.phones, phone), left))
        return key

    def known(self, key: str) -> Paired | None:
        """The phone with this key. Raises EnvironmentFault."""
        from hmac import compare_digest

        digest = _digest(key)
        return next((phone for phone in self.all() if compare_digest(phone.key_sha256, digest)), None)

    def saw(self, phone: Paired, at: datetime) -> None:
        """Remember that it was there; not more often than anybody wants to know."""
        if at - phone.seen < SEEN_EVERY:
            return
        with self._changing() as register:
            phones = tuple(replace(one, seen=at) if one.id == phone.id else one for one in register.phones)
            self._write(replace(register, phones=phones))

    def revoke(self, called: str) -> tuple[Paired, ...]:
        """Let a phone in no more, by its name or number; those it was."""
        with self._changing() as register:
            gone = tuple(one for one in register.phones if called in (one.id, one.name))
            kept = tuple(one for one in register.phones if one not in gone)
            if gone:
                self._write(replace(register, phones=kept))
        return gone

    @property
    def _file(self) -> Path:
        return self.state / "phones.json"

    def _read(self) -> Register:
        try:
            return from_json(Register, self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Register()
        except OSError as fault:
            raise EnvironmentFault(f"{self._file} can't be read: {fault.strerror}") from fault
        except (ValueError, TypeError, AttributeError) as fault:
            message = f"{self._file} is damaged. Next: remove it, then storyrelay phone pair for each phone"
            raise EnvironmentFault(message) from fault

    def _write(self, register: Register) -> None:
        with whole_file(self._file) as temporary:
            temporary.touch(mode=0o600)
            temporary.write_text(to_json(register) + "\n", encoding="utf-8")

    @contextmanager
    def _changing(self) -> Iterator[Register]:
        try:
            self.state.mkdir(parents=True, exist_ok=True, mode=0o700)
            fd = os.open(self.state / "phones.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX)
                yield self._read()
            finally:
                os.close(fd)
        except OSError as fault:
            message = f"{self._file} can't be written: {fault.strerror}. Next: check `state` and its rights"
            raise EnvironmentFault(message) from fault


def _digest(secret: str) -> str:
    import hashlib  # with OpenSSL, 2 ms

    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _another(name: str, phones: tuple[Paired, ...]) -> str:
    """The name, with a number when there is a phone of that name already."""
    taken = {phone.name for phone in phones}
    return next(
        called for number in count(1) if (called := name if number == 1 else f"{name} {number}") not in taken
    )

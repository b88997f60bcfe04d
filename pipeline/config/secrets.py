"""Secrets, looked up at the last moment, and what is careless about where they are kept."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config.accounts import Secret
    from pipeline.config.settings import Settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO
ELSEWHERE = "name its place instead: env, file or keyring"


def reveal(secret: Secret | None, what: str) -> str | None:
    """The secret itself; None where none is configured. `what` names it in messages.

    Raises ConfigError when its place is empty or can't be read; the message never holds the secret.
    """
    if secret is None:
        return None
    if secret.env:
        found = os.environ.get(secret.env)
        missing = f"the environment variable {secret.env} isn't set; a cron job gets none of your shell's"
    elif secret.file:
        found, missing = _in_file(secret.file, what), f"{secret.file} is empty"
    elif secret.keyring:
        found, missing = _in_keyring(secret.keyring, what), f"the keyring has no {secret.keyring}"
    else:
        found, missing = secret.plain, "is empty"
    if not found:
        raise ConfigError(f"{what}: {missing}")
    return found


def careless(settings: Settings) -> Iterator[str]:
    """Each secret that others can read, with what to do about it."""
    for where, secret in _secrets_of(settings):
        if secret.plain is not None and (not where.endswith(".proxy") or "@" in secret.plain):
            yield f"{where} stands in the config for all to read; {ELSEWHERE}"
        if secret.file and _open_to_others(secret.file):
            yield f"{where}: others can read {secret.file}; chmod 600 {secret.file}"


def only_in_environment(settings: Settings) -> Iterator[tuple[str, str]]:
    """The secrets that runs of cron or systemd don't get: their places in the config, and the variables."""
    for where, secret in _secrets_of(settings):
        if secret.env:
            yield where, secret.env


def _secrets_of(settings: Settings) -> Iterator[tuple[str, Secret]]:
    for name, account in settings.accounts.items():
        for key in ("password", "totp", "token", "proxy"):
            secret: Secret | None = getattr(account, key)
            if secret is not None:
                yield f"accounts.{name}.{key}", secret
    for number, address in enumerate(settings.notify.urls):
        yield f"notify.urls[{number}]", address
    if settings.monitor.url is not None:
        yield "monitor.url", settings.monitor.url
    yield from _secrets_of_sources(settings)


def _secrets_of_sources(settings: Settings) -> Iterator[tuple[str, Secret]]:
    from pipeline.config.folder_address import secrets_in  # with the schema

    for name, source in settings.sources.items():
        for where, secret in secrets_in(source):
            yield f"sources.{name}.{where}", secret


def _open_to_others(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & OTHERS)
    except OSError:  # it is told when it is needed
        return False


def _in_file(file: Path, what: str) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as fault:
        raise ConfigError(f"{what}: {file} can't be read: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{what}: {file} is not a text") from None


def _in_keyring(entry: str, what: str) -> str | None:
    try:
        import keyring  # an extra: servers have none
    except ImportError:
        raise ConfigError(f"{what}: no keyring package: pip install 'storyrelay[keyring]'") from None
    service, _, name = entry.partition("/")
    try:
        found: str | None = keyring.get_password(service, name)
    except Exception as fault:  # noqa: BLE001 - every backend has errors of its own
        raise ConfigError(f"{what}: the keyring can't be asked ({type(fault).__name__})") from None
    return found

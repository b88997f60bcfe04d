"""Where a folder elsewhere is and what its store is to be told; whatever may be a secret is kept as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from pipeline.config.accounts import Secret
from pipeline.config.folders import absolute, lies_in
from pipeline.config.secrets import reveal
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config.sources import SourceSettings

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
OPTION = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OF_SECRETS = re.compile(
    r"pass|secret|token|auth|credential|cookie|(?:^|_)key$|connection_string|sas", re.IGNORECASE
)
"""Options that are shown to nobody, by their names."""
PLACES = frozenset({"env", "file", "keyring", "plain"})


def form_of(value: Any) -> str:
    """Which of the two an address is: a text that holds a password is a secret, too."""
    secret = isinstance(value, dict | Secret) or (isinstance(value, str) and holds_secret(value))
    return "[secret]" if secret else "[text]"


def holds_secret(address: str) -> bool:
    """Whether a password, or what may be one, stands in an address: a query, a slash in a password."""
    if not URL.match(address):
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return True  # whatever it is, it isn't shown
    return parts.password is not None or bool(parts.query) or "@" in parts.path


def _in_the_clear(address: str, info: ValidationInfo) -> str:
    """An address, or the whole path of a folder of this computer."""
    found = URL.match(address)
    if found is None:
        return str(absolute(address, info, ("sources",)))
    rest = address[found.end() :].strip("/")
    if found[0].lower() == "file://":
        return str(absolute(f"/{rest}", info, ("sources",)))
    if not rest:
        raise ValueError(f"'{address}' names no server or bucket, such as s3://my-bucket/stories")
    return address.rstrip("/")


def _options(value: Any, info: ValidationInfo) -> dict[str, Any]:
    """Options with the secrets among them as such; in groups of options, too."""
    if not isinstance(value, Mapping):
        raise PydanticCustomError("dict_type", "not a mapping")
    return {_option_name(key): _option(key, each, info) for key, each in value.items()}


def _option_name(key: Any) -> str:
    if not isinstance(key, str) or not OPTION.fullmatch(key):
        raise ValueError(f"'{key}' is not the name of an option, such as endpoint_url")
    return key


def _option(key: str, value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, Mapping):
        written = {name for name, each in value.items() if each is not None}
        if written and written <= PLACES:
            return Secret.model_validate(value, context=info.context)
        return {name: _option(str(name), each, info) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_option(key, each, info) for each in value]
    if isinstance(value, str) and value and OF_SECRETS.search(key):
        return Secret.model_validate(value, context=info.context)
    return value


FolderAddress = Annotated[
    Annotated[str, AfterValidator(_in_the_clear), Tag("[text]")] | Annotated[Secret, Tag("[secret]")],
    Discriminator(form_of),
]
"""A folder's address in the clear, or where one is kept that holds a password."""
FolderOptions = Annotated[
    Mapping[str, Any],
    BeforeValidator(_options),
    WithJsonSchema({"type": "object", "additionalProperties": True}),
]


def revealed(name: str, source: SourceSettings) -> tuple[str, dict[str, Any], frozenset[str]]:
    """The address and the options as they are, and all that must be shown to nobody. Raises ConfigError."""
    where, secrets = f"sources.{name}", set[str]()
    address = source.folder or ""
    if isinstance(address, str):
        url = address
    else:
        url = reveal(address, f"{where}.folder") or ""
        secrets |= {url, *_passwords(url)}
        if not URL.match(url) and not Path(url).is_absolute():
            raise ConfigError(f"{where}.folder: its secret is neither an address nor a whole path")
    options = {key: _plain(value, f"{where}.options.{key}", secrets) for key, value in source.options.items()}
    return url, options, frozenset(filter(None, secrets))


def secrets_in(source: SourceSettings) -> Iterator[tuple[str, Secret]]:
    """Every secret of a source, with its place below it."""
    if source.folder is not None and not isinstance(source.folder, str):
        yield "folder", source.folder
    for key, value in source.options.items():
        yield from _secrets_below(f"options.{key}", value)


def _secrets_below(where: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _secrets_below(f"{where}.{key}", each)
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from _secrets_below(f"{where}[{number}]", each)
    elif _is_secret(value):
        yield where, value


def _is_secret(value: Any) -> bool:
    """Kept settings know no types: a secret is told by its keys."""
    return set(getattr(value, "__dict__", ())) >= PLACES


def _plain(value: Any, where: str, secrets: set[str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each, f"{where}.{key}", secrets) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, where, secrets) for each in value]
    if not _is_secret(value):
        return value
    found = reveal(value, where)
    secrets.add(found or "")
    return found


def _passwords(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    for text in (parts.password, parts.query):
        if text:
            yield from (text, unquote(text))


def check_folders_of_sources(sources: Mapping[str, SourceSettings], ours: Mapping[str, Path]) -> None:
    """A folder of this computer can't be the inbox or one that runs write to. Raises PydanticCustomError."""
    for name, source in sources.items():
        what = _folder_problem(source.folder, ours)
        if what:
            at = ("sources", name, "folder")
            raise PydanticCustomError("folder", "{what}", {"what": what, "at": at})


def _folder_problem(folder: Any, ours: Mapping[str, Path]) -> str | None:
    if not isinstance(folder, str) or URL.match(folder):
        return None
    for called, own in ours.items():
        if lies_in(Path(folder), own) or lies_in(own, Path(folder)):
            return f"'{folder}' and {called} ({own}) may not lie in one another: use a folder of its own"
    return None


def shown(source: SourceSettings) -> str:
    """An address for messages and sheets: without a login, nothing of one that is a secret."""
    address = source.folder
    if not isinstance(address, str):
        return "an address that is kept as a secret"
    found = URL.match(address)
    if found is None:
        return address
    place, slash, path = address[found.end() :].partition("/")
    return f"{found[0]}{place.rpartition('@')[2]}{slash}{path}"


def scheme_in(source: SourceSettings) -> str | None:
    """What comes before :// in it, `file` for a path; None where a secret hides it."""
    if not isinstance(source.folder, str):
        return None
    found = URL.match(source.folder)
    return found[0].removesuffix("://").lower() if found else "file"

"""Addresses of folders elsewhere, as fsspec takes them; they are told, so no secret may stand in them."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from pipeline.config.folders import absolute
from pipeline.config.values import KeyPath

URL = re.compile(r"[a-z][a-z0-9+.-]*://")
ONE_PROCESS = frozenset({"memory"})
"""Stores of fsspec that no other program sees."""


def is_elsewhere(address: str) -> bool:
    """Whether it is an address, not a folder on this computer."""
    return URL.match(address) is not None


def store_address(value: Any, info: ValidationInfo, at: KeyPath) -> str:
    """An absolute folder, or an address that fsspec knows; never with a secret in it. Raises ValueError."""
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "not a text")
    found = URL.match(value)
    if not found:
        return str(absolute(value, info, at))
    rest = value[found.end() :]
    if "@" in rest.partition("/")[0] or "?" in rest:
        raise ValueError(
            "holds a name or a password, and addresses are told: leave the address alone in it, and give the "
            "key as the store's own tools take it, such as AWS_ACCESS_KEY_ID or ~/.aws/credentials"
        )
    if found[0].removesuffix("://") in ONE_PROCESS:
        raise ValueError(f"'{value}' is seen by one program only: use a folder or a store that others see")
    if not rest.strip("/"):
        raise ValueError(f"'{value}' names no folder or bucket, such as s3://my-bucket/stories")
    return value.rstrip("/")

"""Folders elsewhere, opened by fsspec."""

from __future__ import annotations

from typing import Any


def opened_store(address: str, **options: Any) -> tuple[Any, str]:
    """The file system of an address, and the path in it; nothing listed is remembered.

    Raises ImportError when a package for it isn't installed, ValueError for an address that nobody knows.
    """
    from fsspec.core import url_to_fs  # 60 ms, for those who need it

    found: tuple[Any, str] = url_to_fs(address, use_listings_cache=False, skip_instance_cache=True, **options)
    return found

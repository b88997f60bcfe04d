"""How long texts are kept short: what an attempt began with took a third of the whole ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipeline.model import Asset
from pipeline.tools.plain import from_plain, to_short_plain

LONG = 200
"""Characters; what is shorter gains nothing."""

# What such details are made of, the most usual last. Ledgers can't be read without it: it never changes.
_USUAL = (
    b'{"reason":"","external_id":"","before":[],"server_at":"2026-","sightings":[{"taken_at":"","kind":"photo",'
    b'/store/.mp4","mime":"video/mp4","width":720,"height":1280,"duration_s":15.0,"action":"cut","sha256":"'
    b'","action":"reformat","profile":"instagram_story","part":1,"parts":2}}{"sha256":"","bytes":0123456789abcdef,'
    b'"file":".jpg","rendition":{"path":"/home/.storyrelay/store/.jpg","sha256":"","bytes":,"mime":"image/jpeg",'
    b'"width":1080,"height":1920,"duration_s":null,"action":"passthrough","profile":"whatsapp_status","part":1,'
    b'"parts":1}}'
)


def detail_row(detail: Mapping[str, Any]) -> str:
    """The detail of an event as it is kept: JSON, packed where it's long; queries look for `where` in it."""
    text = json.dumps(detail, separators=(",", ":"))
    return text if len(text) < LONG or "where" in detail else _packed(text)


def detail_of(row: str) -> dict[str, Any]:
    """The reverse of `detail_row`, and what earlier versions kept; Ascii85 has no braces."""
    detail: dict[str, Any] = json.loads(row if row.startswith("{") else _unpacked(row))
    return detail


def asset_row(asset: Asset) -> str:
    """What is kept of an asset beside its hash and its path, which have columns of their own."""
    plain = to_short_plain(asset)
    del plain["path"], plain["sha256"]
    return json.dumps(plain, sort_keys=True, separators=(",", ":"))


def asset_of(plain: str, path: str, sha256: str) -> Asset:
    """The reverse of `asset_row`."""
    return from_plain(Asset, {**json.loads(plain), "path": path, "sha256": sha256})


def _packed(text: str) -> str:
    import zlib
    from base64 import a85encode

    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=_USUAL)
    return a85encode(packer.compress(text.encode()) + packer.flush()).decode()


def _unpacked(row: str) -> str:
    import zlib
    from base64 import a85decode

    unpacker = zlib.decompressobj(-zlib.MAX_WBITS, zdict=_USUAL)
    return (unpacker.decompress(a85decode(row)) + unpacker.flush()).decode()

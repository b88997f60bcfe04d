"""A certificate authority that nobody trusts but the test."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from pathlib import Path

import trustme

CERTIFICATE = "ca.pem"


def authority(folder: Path) -> trustme.CA:
    """The one that is kept in a folder, so that a server's next life has the same; a new one at first."""
    public, private = folder / CERTIFICATE, folder / "ca-key.pem"
    if public.exists():
        return trustme.CA.from_pem(public.read_bytes(), private.read_bytes())
    made = trustme.CA()
    made.private_key_pem.write_to_path(private)
    made.cert_pem.write_to_path(public)
    return made


def server_side(signer: trustme.CA, hosts: Iterable[str]) -> ssl.SSLContext:
    """TLS as the big services speak it: HTTP/2, or HTTP/1.1 for who asks for it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    signer.issue_cert(*hosts).configure_cert(context)
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context

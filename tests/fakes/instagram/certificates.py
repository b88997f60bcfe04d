"""Instagram's names for its certificate, and the key that passwords are sealed with."""

from __future__ import annotations

import base64
from functools import cache

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HOSTS = (
    "instagram.com",
    "*.instagram.com",
    "*.i.instagram.com",
    "*.cdninstagram.com",
)
KEY_ID = 41
SEALED = "#PWD_INSTAGRAM:4:"


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def password_key() -> str:
    """The public key that a client seals passwords with, as the header gives it."""
    pem = _key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(pem).decode()


def unseal(sealed: str) -> str | None:
    """The password in `#PWD_INSTAGRAM:4:<time>:<payload>`, or None if it isn't sealed for us."""
    if not sealed.startswith(SEALED):
        return None
    time, payload = sealed.removeprefix(SEALED).split(":", 1)
    content = base64.b64decode(payload)
    nonce, size = content[2:14], int.from_bytes(content[14:16], "little")
    key, rest = content[16 : 16 + size], content[16 + size :]
    session_key = _key().decrypt(key, padding.PKCS1v15())
    tag, secret = rest[:16], rest[16:]
    return AESGCM(session_key).decrypt(nonce, secret + tag, time.encode()).decode()

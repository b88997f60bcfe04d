"""The real client, set up to talk to the stand-in, without its pauses and repetitions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from instagrapi import Client

Transport = Literal["curl", "requests"]


class Reachable(Protocol):
    """A stand-in, in this process or in its own."""

    @property
    def proxy(self) -> str: ...

    @property
    def ca_file(self) -> Path: ...

    def session_of(self, user: str) -> str: ...

    def pk_of(self, user: str) -> str: ...


@contextmanager
def phone(instagram: Reachable, transport: Transport = "curl", **options: Any) -> Iterator[Client]:
    """A client that nobody is logged in with. `trust_env` is off: a bundle there would replace our own."""
    from instagrapi import Client

    client = Client(
        proxy=instagram.proxy,
        tls_verify=str(instagram.ca_file),
        private_transport=transport,
        **{"request_timeout": 0, "session_retry_total": 0, **options},
    )
    sessions = (client.private, client.public, client.graphql)
    for session in sessions:
        session.trust_env = False
    try:
        yield client
    finally:
        for session in sessions:
            session.close()


@contextmanager
def logged_in_phone(
    instagram: Reachable, user: str = "shop", transport: Transport = "curl", **options: Any
) -> Iterator[Client]:
    """A client with a session that it got elsewhere: no request is made for it."""
    login = {
        "ds_user_id": instagram.pk_of(user),
        "sessionid": instagram.session_of(user),
        "should_use_header_over_cookies": True,
    }
    with phone(instagram, transport, settings={"authorization_data": login}, **options) as client:
        client.set_retry_config(request_timeout=0, session_retry_total=options.get("session_retry_total", 0))
        client.username = user
        yield client

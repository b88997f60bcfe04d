"""instagrapi's client made safe: time limits, no hidden resends, no questions, no logs, no public web API."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from curl_cffi import CurlOpt
from instagrapi import Client

from pipeline.mirror.bounded import bounded
from pipeline.mirror.session import Saved

if TYPE_CHECKING:
    from pipeline.mirror.line import Line

API = "https://i.instagram.com/"
PUBLISHES = "media/configure_to_story/"
LOGGERS = ("instagrapi", "private_request", "public_request", "graphql_request", "urllib3", "curl_cffi")


class FormReady(Exception):
    """The form of a configure request, caught before it was sent."""

    def __init__(self, endpoint: str, form: dict[str, Any]) -> None:
        self.endpoint, self.form = endpoint, form
        super().__init__(endpoint)


class Phone(Client):  # type: ignore[misc]  # instagrapi's own types don't hold together
    """One account's make-believe phone."""

    private: Any
    public: Any
    graphql: Any

    def __init__(self, line: Line, saved: Saved | None) -> None:
        hush()
        account, certificates = line.account, line.certificates()
        settings = {**_settings(line, saved), "tls_verify": certificates}
        super().__init__(settings, line.proxy(), tls_verify=certificates, with_challenge_flow=False)
        curl = account.transport == "curl"
        self.patience = account.patience
        self.private = bounded(self.private, account.patience, total_by_itself=curl)
        self.public = bounded(self.public, account.patience)
        self.graphql = bounded(self.graphql, account.patience)
        self.username = account.username
        if curl:
            _never_reuse_connections(self.private.get_adapter(API))

    def private_request(self, endpoint: str, data: Any = None, **options: Any) -> Any:
        """One request, sent once; instagrapi's own repeats some. A configure form is caught, never sent."""
        if endpoint.startswith(PUBLISHES):
            raise FormReady(endpoint, data)
        return self.send_once(endpoint, data, **options)

    def send_once(self, endpoint: str, data: Any = None, **options: Any) -> Any:
        """The request itself, whatever it does."""
        if self.authorization:
            options["headers"] = {**(options.get("headers") or {}), "Authorization": self.authorization}
        self.private_requests_count += 1
        self._send_private_request(endpoint, data, **options)
        return self.last_json

    def public_request(self, *_: Any, **__: Any) -> NoReturn:
        """Never: what the public web says isn't what this account sees."""
        raise RuntimeError("the public web API is not used")

    def saved(self, before: Saved | None = None) -> Saved:
        """What to keep of it."""
        since = before.since if before else None
        return Saved(self.get_settings(), self.username, since)


def hush() -> None:
    """The client's loggers write whole answers, with session ids in them: nobody hears them."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def _settings(line: Line, saved: Saved | None) -> dict[str, Any]:
    """What is kept of the account, with all that counts for us laid over it: the client believes it all."""
    kept: Mapping[str, Any] = saved.settings if saved else {}
    dropped = {"user_agent", "timezone_name", "public_user_agent", "public_graphql_user_agent"}
    return {
        **{key: value for key, value in kept.items() if key not in dropped},
        **line.place(),
        "private_transport": line.account.transport,
        "public_transport": "requests",
        "request_timeout": 0,
        "session_retry_total": 0,
        "public_request_retries_count": 1,
    }


def _never_reuse_connections(adapter: Any) -> None:
    """Else libcurl sends a request again when it finds a kept connection dead, even after the act."""
    adapter.client.curl_options[CurlOpt.FRESH_CONNECT] = 1
    adapter.client.curl_options[CurlOpt.FORBID_REUSE] = 1

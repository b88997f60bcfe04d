"""A session of requests that no server can hold up, and that sends each request once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

from pipeline.mirror.limits import limit_for, within

if TYPE_CHECKING:
    from pipeline.config.accounts import Patience


class Bounded(requests.Session):
    """A session whose every request has its time limits, whatever its caller asked for."""

    patience: Patience
    total_by_itself = False
    """Whether the adapter keeps the whole request within the sum of both limits: libcurl does."""

    def send(self, request: Any, **options: Any) -> Any:
        """One request and its answer. A redirect is never followed: it could post twice."""
        limit = limit_for(self.patience, len(request.body or b""))
        options |= {"timeout": (limit.connect_s, limit.answer_s), "allow_redirects": False, "stream": False}
        send = super().send
        if self.total_by_itself:
            return send(request, **options)
        try:
            return within(limit.total_s, lambda: send(request, **options))
        except TimeoutError as late:
            raise requests.exceptions.ReadTimeout(str(late), request=request) from None


def bounded(session: Any, patience: Patience, *, total_by_itself: bool = False) -> Bounded:
    """The same session with limits; it looks at neither the environment nor ~/.netrc."""
    safe = Bounded()
    vars(safe).update(vars(session))
    safe.patience, safe.total_by_itself, safe.trust_env = patience, total_by_itself, False
    return safe

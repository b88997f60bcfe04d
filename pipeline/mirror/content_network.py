"""Media from the content network, which gets neither cookies nor any other sign of us: whole, and in time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from pipeline.errors import TryAgain
from pipeline.mirror.limits import limit_for, within

if TYPE_CHECKING:
    from pipeline.mirror.phone import Phone

OK = 200
PIECE = 1 << 16
MOST_BYTES = 300_000_000
"""A story's video lasts a minute at most."""
UNSAID_BYTES = 30_000_000
"""So long is waited for what doesn't say how long it is."""


def fetch(phone: Phone, url: str, into: Path, stop: Callable[[], bool] = lambda: False) -> None:
    """Write what is at `url` to `into`. Raises TryAgain unless all of it came, and OSError for the disk."""
    with requests.Session() as plain:
        plain.trust_env = False
        plain.proxies, plain.verify = phone.private.proxies, phone.tls_verify
        plain.headers["Accept-Encoding"] = "identity"  # its length is that of the file
        loading = _Loading(plain, url, phone, into, stop)
        try:
            answer = loading.answer()
            limit = limit_for(phone.patience, _announced(answer) or UNSAID_BYTES)
            within(limit.total_s, lambda: loading.save(answer))
        except TimeoutError:
            raise TryAgain("the content network is too slow for patience.upload_kbps") from None
        except (requests.RequestException, EOFError) as failure:
            raise TryAgain(f"the content network broke off ({type(failure).__name__})") from None
        finally:
            loading.over.set()


@dataclass(frozen=True, slots=True)
class _Loading:
    """One download; once it is over nothing is written any more, whoever still works at it."""

    session: requests.Session
    url: str
    phone: Phone
    into: Path
    stop: Callable[[], bool]
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self) -> requests.Response:
        """The head of the answer."""
        limit = limit_for(self.phone.patience)
        times = (limit.connect_s, limit.answer_s)
        answer: requests.Response = within(
            limit.total_s,
            lambda: self.session.get(self.url, stream=True, timeout=times, allow_redirects=False),
        )
        problem = _problem_of(answer)
        if problem:
            answer.close()
            raise TryAgain(problem)
        return answer

    def save(self, answer: requests.Response) -> None:
        """All of the body. Who reads closes: somebody else would wait for the reading to end."""
        length, written = _announced(answer), 0
        with closing(answer), self.into.open("wb") as file:
            for piece in answer.iter_content(PIECE):
                if self.over.is_set():
                    return
                if self.stop():
                    raise TryAgain("the run was asked to stop")
                written += len(piece)
                if written > MOST_BYTES:
                    raise TryAgain("it doesn't end, as every story does")
                file.write(piece)
        if written == 0 or length not in (None, written):
            raise EOFError


def _announced(answer: requests.Response) -> int | None:
    """How many bytes there will be, if that was said."""
    told = answer.headers.get("Content-Length", "")
    return int(told) if told.isdecimal() else None


def _problem_of(answer: requests.Response) -> str | None:
    """Why there is nothing to be had."""
    kind, length = answer.headers.get("Content-Type", ""), _announced(answer)
    if answer.status_code != OK:
        return f"the content network doesn't give it (HTTP {answer.status_code})"
    if kind.startswith(("text/", "application/json")):
        return f"the content network gives no media ({kind.partition(';')[0]})"
    if (length or 0) > MOST_BYTES:
        return f"it has {length} bytes, which no story has"
    return None

"""The preview as a page of this computer: every load has everything looked at again, one look at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from pipeline.errors import Interrupted, StoryrelayError
from pipeline.page.guard import UNAVAILABLE, Refused, check_fetched_by_the_page, origin_asked
from pipeline.page.server import Place, answering, listening
from pipeline.page.site import local_origins
from pipeline.report.preview.page import NOTHING_FROM_OUTSIDE, waiting_page
from pipeline.report.words import printable

HOST = "127.0.0.1"
PATIENCE_S = 1.0
"""How long a load waits for the look that it began; then it is told how far that is."""
NOT_FOUND = 404
NOT_ALLOWED = 405

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        f"{NOTHING_FROM_OUTSIDE}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Gallery(Protocol):
    """What is shown. `mark` is equal for as long as nothing has changed; `hang` may take long."""

    def mark(self) -> object: ...
    def hang(self) -> Path: ...
    def told(self) -> Sequence[str]: ...


@dataclass(slots=True)
class _Look:
    mark: object
    page: Future[Path]
    shown: bool = False

    def serves(self, mark: object) -> bool:
        """Whether it is still going on, or has ended, as things are, without anybody having seen it."""
        return not self.page.done() or (not self.shown and self.mark == mark)


@dataclass(slots=True)
class Window:
    """The latest look at a gallery."""

    gallery: Gallery
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "look"))
    turn: Lock = field(default_factory=Lock)
    look: _Look | None = None

    def page(self, patience_s: float = PATIENCE_S) -> Path | None:
        """Everything as it is now; None where it takes longer, or has changed meanwhile."""
        mark = self.gallery.mark()
        with self.turn:
            look = self.look
            if look is None or not look.serves(mark):
                look = self.look = _Look(mark, self.pool.submit(self.gallery.hang))
        wait([look.page], patience_s)
        if not look.page.done() or look.mark != mark:
            return None
        look.shown = True
        try:
            return look.page.result()
        except Interrupted:
            return None


@dataclass(frozen=True, slots=True)
class WindowApp:
    """All that is answered: one page, to this computer's own browser."""

    window: Window
    origins: Mapping[str, str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        try:
            answer = await self._answer(scope)
        except Refused as refused:
            answer = PlainTextResponse(refused.error, refused.status)
        except StoryrelayError as fault:
            answer = PlainTextResponse(printable(str(fault)), UNAVAILABLE)
        answer.headers.update(HEADERS)
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response:
        headers = Headers(scope=scope)
        origin_asked(headers, self.origins)
        check_fetched_by_the_page(headers)
        if scope["method"] not in ("GET", "HEAD"):
            raise Refused(NOT_ALLOWED, "method")
        if scope["path"] != "/":
            raise Refused(NOT_FOUND, "unknown")
        page = await run_in_threadpool(self.window.page)
        if page is None:
            return HTMLResponse("".join(waiting_page(self.window.gallery.told())))
        return FileResponse(page, media_type="text/html")


@contextmanager
def showing(gallery: Gallery, port: int) -> Iterator[tuple[int, Callable[[], bool]]]:
    """Show it inside the block: at which port, and whether that is so still. Raises EnvironmentFault."""
    place = Place(HOST, port)
    with listening(place) as line:
        chosen: int = line.getsockname()[1]
        window = Window(gallery)
        try:
            with answering(line, place, WindowApp(window, local_origins(chosen))) as alive:
                yield chosen, alive
        finally:
            window.pool.shutdown(cancel_futures=True)

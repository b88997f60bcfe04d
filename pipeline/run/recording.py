"""What a run leaves for those who don't see it: lines in a log, and pings to a monitor.

Neither stops or changes a run: what can't be written or sent is told once, as a message that didn't arrive.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipeline.errors import LockedError, StoryrelayError
from pipeline.notify import Address, Monitor, Ping
from pipeline.report.events import Event, Observer, Summary, Unheard
from pipeline.report.log_lines import as_object, as_text, fields_of, is_progress, text_of
from pipeline.tools.clock import Clock
from pipeline.tools.log_file import LogFile

if TYPE_CHECKING:
    from pipeline.config import Settings

BUG = 1
KILO = 1000


class Recorder:
    """An observer that hands everything on; the summary last, after all that may still be said."""

    def __init__(self, settings: Settings, observe: Observer, clock: Clock) -> None:
        self._observe, self._clock, self._zone = observe, clock, settings.timezone()
        self._said = deque[str](maxlen=settings.monitor.lines)
        chosen = settings.log
        self._log = LogFile(chosen.file, chosen.keep, chosen.max_kb * KILO) if chosen.file else None
        self._as_json = chosen.format == "json"
        url = settings.monitor.url
        self._monitor = Monitor(Address("monitor.url", url), settings.monitor.seconds) if url else None
        self._ended = False

    def begin(self) -> None:
        """The run has the lock, and does its work from now on."""
        self._write("begun", {}, "begun")
        if self._monitor:
            self._monitor.start()
            self._monitor.ping(Ping("start"))

    def __call__(self, event: Event) -> None:
        """Record it, then hand it on."""
        text = text_of(event)
        if text is not None:
            self._said.append(text)
        if not is_progress(event):
            self._write(*fields_of(event), text)
        if isinstance(event, Summary):
            self._end(event.exit_code)
        self._observe(event)

    def fail(self, exit_code: int, reason: str) -> None:
        """The run ends without a summary."""
        if not self._ended:
            text = f"ended      exit code {exit_code}: {reason}"
            self._said.append(text)
            self._write("failed", {"exit_code": exit_code, "error": reason}, text)
            self._end(exit_code)

    def _end(self, exit_code: int) -> None:
        self._ended = True
        if self._monitor is None:
            return
        if self._monitor.ident is None:
            self._monitor.start()
        said = "\n".join((f"exit code {exit_code}", *self._said))
        self._monitor.ping(Ping("fail" if exit_code else "success", said))
        why = self._monitor.end()
        if why is not None:
            self._unheard("monitor.url", why)

    def _write(self, name: str, fields: dict[str, Any], text: str | None) -> None:
        if self._log is None or (text is None and not self._as_json):
            return
        at = self._clock()
        line = as_object(at, name, fields) if self._as_json else as_text(at, self._zone, text or "")
        try:
            self._log.add(line.encode("utf-8", "backslashreplace"))
        except OSError as fault:
            path, self._log = self._log.path, None
            self._unheard("log.file", f"{path} can't be written: {fault.strerror}")

    def _unheard(self, what: str, why: str) -> None:
        warning = Unheard(what, why)
        self._said.append(text_of(warning) or "")
        if self._log is not None:
            self._write(*fields_of(warning), text_of(warning))
        self._observe(warning)


@contextmanager
def recorded(settings: Settings, observe: Observer, clock: Clock) -> Iterator[Recorder]:
    """Record a run, whatever becomes of it; one that finds another under way leaves no trace."""
    recorder = Recorder(settings, observe, clock)
    try:
        yield recorder
    except LockedError:
        raise
    except StoryrelayError as failure:
        recorder.fail(failure.exit_code, str(failure))
        raise
    except Exception as bug:
        recorder.fail(BUG, type(bug).__name__)
        raise

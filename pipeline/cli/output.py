"""Results on stdout, everything else on stderr, and nothing of what libraries print among the results."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

from pipeline.errors import EnvironmentFault

Write = Callable[[bytes], None]


def say(text: str | bytes, *, err: bool = False, nl: bool = True) -> None:
    """As `click.echo`, which is asked only for what isn't plain text on a stream of UTF-8."""
    stream = sys.stderr if err else sys.stdout
    speaks = getattr(stream, "encoding", None) or ""
    if isinstance(text, bytes) or "\x1b" in text or speaks.lower() != "utf-8":
        import click  # twice as long as Python's own start

        click.echo(text, err=err, nl=nl)
        return
    stream.write(text + "\n" if nl else text)
    stream.flush()


def say_all(lines: Iterable[str]) -> None:
    """Results, line by line."""
    for line in lines:
        say(line)


def say_json(value: Any) -> None:
    """One JSON document, in UTF-8 whatever the terminal speaks."""
    from pipeline.report.json_lines import json_pieces  # with all events

    for piece in json_pieces(value):
        say(piece, nl=False)


def remark(line: str) -> None:
    """What isn't a result."""
    say(line, err=True)


def draws_bars() -> bool:
    """Whether somebody watches who can see bars."""
    return _is_terminal(sys.stderr) and os.environ.get("TERM") not in (None, "dumb")


def can_ask() -> bool:
    """Whether there is somebody to answer a question."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def _is_terminal(stream: Any) -> bool:
    return stream is not None and stream.isatty()


class Results:
    """The real stdout while it is guarded; when it can't be written, the work goes on unheard."""

    def __init__(self, write: Write) -> None:
        self.fault: OSError | None = None
        self._write = write

    def line(self, text: str) -> None:
        """Write a line at once."""
        self._write_piece(text.encode("utf-8", "backslashreplace") + b"\n")

    def lines(self, texts: Iterable[str]) -> None:
        """Write several."""
        for text in texts:
            self.line(text)

    def json(self, value: Any) -> None:
        """Write one JSON document."""
        from pipeline.report.json_lines import json_pieces  # with all events

        for piece in json_pieces(value):
            self._write_piece(piece)

    def _write_piece(self, piece: bytes) -> None:
        if self.fault is None:
            try:
                self._write(piece)
            except OSError as fault:
                self.fault = fault

    def check(self) -> None:
        """Raise EnvironmentFault when something got lost; a reader who went away chose to."""
        if self.fault is not None and not isinstance(self.fault, BrokenPipeError):
            raise EnvironmentFault(f"the results can't be written: {self.fault.strerror}")


@contextmanager
def guarded_stdout() -> Iterator[Results]:
    """The real stdout for results; whatever else is printed meanwhile, by C code too, goes to stderr."""
    if not _is_descriptor_1(sys.stdout):
        import click

        stream = sys.stdout
        with redirect_stdout(sys.stderr):
            yield Results(lambda line: click.echo(line, file=stream, nl=False))
        return
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            results = Results(lambda line: _write_whole(kept, line))
            yield results
            results.check()
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _is_descriptor_1(stream: Any) -> bool:
    try:
        return stream is not None and stream.fileno() == 1
    except OSError:
        return False


def _write_whole(fd: int, line: bytes) -> None:
    while line:
        line = line[os.write(fd, line) :]

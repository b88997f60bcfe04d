"""The process's own side: `python -m fakes.<service> --state DIR`.

Once DIR/ready.json is there, it holds the proxy's URL; DIR/ca.pem is the certificate to trust.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from fakes.servers.base import Server
from fakes.servers.control import Desk
from fakes.servers.process import READY


def serve(make: Callable[[Path, int], Server]) -> None:
    """Make it of its folder and port, and let it live until told to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="folder for all that it keeps")
    parser.add_argument("--port", type=int, default=0, help="of the proxy; any free one if left out")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does")
    given = parser.parse_args()
    ended = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: ended.set())
    with make(given.state, given.port) as server:
        tell(given.state / READY, proxy=server.proxy, desk=Desk(server).port, pid=os.getpid())
        if given.until_eof:
            threading.Thread(target=wait_for_eof, args=(ended,), daemon=True).start()
        ended.wait()


def wait_for_eof(ended: threading.Event) -> None:
    """Whoever started this has closed the line, or died."""
    sys.stdin.read()
    ended.set()


def tell(path: Path, **content: object) -> None:
    """Write it whole, or not at all."""
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(content), encoding="utf-8")
    unfinished.replace(path)

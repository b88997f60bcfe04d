"""`PYTHONPATH=tests python -m fakes.instagram --state DIR`: DIR/users.json says who there is.

Once DIR/ready.json is there, it holds the proxy's URL; DIR/ca.pem is the certificate to trust.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from fakes.instagram.control import Desk
from fakes.instagram.model import User
from fakes.instagram.process import READY
from fakes.instagram.stand_in import StandIn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="folder for all that it keeps")
    parser.add_argument("--port", type=int, default=0, help="of the proxy; any free one if left out")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does")
    given = parser.parse_args()
    users = json.loads((given.state / "users.json").read_text(encoding="utf-8"))
    ended = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: ended.set())
    known = {name: User(**user) for name, user in users.items()}
    with StandIn(known, folder=given.state, port=given.port) as instagram:
        tell(given.state / READY, proxy=instagram.proxy, desk=Desk(instagram).port, pid=os.getpid())
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


if __name__ == "__main__":
    main()

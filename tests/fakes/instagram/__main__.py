"""`PYTHONPATH=tests python -m fakes.instagram --state DIR`: DIR/users.json says who there is."""

from __future__ import annotations

import json
from pathlib import Path

from fakes.instagram.model import User
from fakes.instagram.process import USERS
from fakes.instagram.stand_in import StandIn
from fakes.servers.child import serve


def instagram(folder: Path, port: int) -> StandIn:
    users = json.loads((folder / USERS).read_text(encoding="utf-8"))
    return StandIn({name: User(**user) for name, user in users.items()}, folder=folder, port=port)


if __name__ == "__main__":
    serve(instagram)

"""`PYTHONPATH=tests python -m fakes.graph --state DIR`: DIR/cast.json says who there is."""

from __future__ import annotations

from pathlib import Path

from fakes.graph.process import cast_in
from fakes.graph.stand_in import GraphStandIn
from fakes.servers.child import serve


def graph(folder: Path, port: int) -> GraphStandIn:
    return GraphStandIn(folder=folder, port=port, cast=cast_in(folder))


if __name__ == "__main__":
    serve(graph)

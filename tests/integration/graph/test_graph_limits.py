"""What a store or a server does wrong holds no run up, and gets no token."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import fsspec
import pytest
import requests
from fakes.accounts import Notes, parcel_of
from fakes.graph_relay import GraphRelay, config_of, served
from fsspec.implementations.memory import MemoryFileSystem

from pipeline.config import Place, load_settings
from pipeline.errors import ConfigError, OutcomeUnknown, TryAgain
from pipeline.mirror.bounded import Bounded
from pipeline.mirror.graph.connection import Graph, GraphError
from pipeline.mirror.graph.failures import GraphJudge
from pipeline.mirror.line import line_of
from pipeline.mirror.odd import OddAnswerError
from pipeline.model import State

QUICK = "patience: {connect_seconds: 0.3, answer_seconds: 0.3, transcode_minutes: 0.01}"
TOKEN = "EAAGa0b1c2d3e4f5"  # noqa: S105


class Stuck(MemoryFileSystem):  # type: ignore[misc]  # it has no types
    """A store that never answers."""

    protocol = "stuck"

    def pipe_file(self, path: str, value: bytes, **options: Any) -> None:
        time.sleep(30)


def test_a_store_that_never_answers_holds_a_run_for_one_time_limit(
    tmp_path: Path, files: dict[str, Path]
) -> None:
    fsspec.register_implementation("stuck", Stuck, clobber=True)
    with served(tmp_path) as graph:
        relay = GraphRelay.opened(tmp_path, graph, "instagram", QUICK)
        public = "public: {folder: 'stuck://shop/out', url: https://media.shop.example}"
        relay.settings = config_of(tmp_path, graph, "instagram", QUICK, public, shows=False)
        began_s = time.monotonic()
        with pytest.raises(TryAgain, match="public can't be written: no answer within"):
            relay.mirror().deliver(parcel_of(files["photo"]), Notes())
        assert time.monotonic() - began_s < 10


@dataclass(slots=True)
class Said:
    """A session that gets one answer, and notes whom the token was sent to."""

    status: int = 200
    plain: bytes = b'{"success": true}'
    usage: str = "{}"
    asked: list[str] = field(default_factory=list)

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        self.asked.append(url)
        response = requests.Response()
        response.status_code, response._content = self.status, self.plain
        response.headers.update(
            {"Date": "Fri, 27 Nov 2026 08:00:00 GMT", "x-business-use-case-usage": self.usage}
        )
        return response


def graph_of(relay: GraphRelay, said: Said) -> Graph:
    return Graph(line_of(relay.settings, "shop"), cast("Bounded", said), TOKEN)


@pytest.fixture
def relay(tmp_path: Path) -> Any:
    with served(tmp_path) as graph:
        yield GraphRelay.opened(tmp_path, graph, "instagram", QUICK)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/rupload.facebook.com",
        "http://rupload.facebook.com/video/1",
        "https://rupload.facebook.com@evil.example/1",
        "https://rupload.facebook.com.evil.example/1",
        "https://evil.example\\@rupload.facebook.com/1",
        "https://a:b@rupload.facebook.com/1",
    ],
)
def test_a_token_is_uploaded_nowhere_else(relay: GraphRelay, address: str) -> None:
    said = Said()
    with pytest.raises(OddAnswerError):
        graph_of(relay, said).upload(address, b"film")
    assert said.asked == []


@pytest.mark.parametrize("minutes", ["Infinity", "NaN", "1e300", "-5"])
def test_a_wait_that_cannot_be_is_no_bug(relay: GraphRelay, minutes: str) -> None:
    limit = '{"error": {"code": 80002, "message": "too many calls"}}'
    usage = '{"1": [{"estimated_time_to_regain_access": %s}]}' % minutes  # noqa: UP031
    with pytest.raises(GraphError) as refused:
        graph_of(relay, Said(400, limit.encode(), usage)).get("1")
    judge = GraphJudge(line_of(relay.settings, "shop"), "Instagram")
    meant = judge.before(refused.value)
    assert isinstance(meant, TryAgain)
    assert meant.rest_until


def test_who_cannot_be_tagged_is_told_once_and_not_asked_for_every_five_minutes(
    relay: GraphRelay, files: dict[str, Path]
) -> None:
    inbox = relay.root / "inbox"
    shutil.copy(files["photo"], inbox)
    (inbox / "a.jpg.yaml").write_text("mentions: [nobody.at.all]\n")
    relay.run()
    row = relay.delivery()
    assert row.state is State.FAILED
    assert "Cannot tag users" in (row.reason or "")


def test_moments_without_a_zone_in_the_file_about_a_token_are_no_bug(relay: GraphRelay) -> None:
    file = relay.settings.state / "tokens" / "shop.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"mark": "", "asked_at": "2026-11-01", "ends_at": "2026-11-02", "told_at": null}')
    assert relay.run().exit_code == 0


@pytest.mark.parametrize(
    "line", ["id: EAAGa0b1c2d3e4f5", "public: {folder: public, url: 'https://me:EAAGa0b1c2d3e4f5@x.example'}"]
)
def test_a_secret_in_the_wrong_place_is_not_repeated(relay: GraphRelay, line: str) -> None:
    file = relay.root / "storyrelay.yaml"
    kept = [
        one
        for one in file.read_text().splitlines()
        if not one.strip().startswith(line.partition(":")[0] + ":")
    ]
    file.write_text("\n".join([*kept, f"    {line}", ""]))
    with pytest.raises(ConfigError) as told:
        load_settings(file, (), Place({}, relay.root, None))
    assert TOKEN not in str(told.value)


def test_a_judge_never_takes_a_request_for_done_because_it_is_called_spam(relay: GraphRelay) -> None:
    judge = GraphJudge(line_of(relay.settings, "shop"), "Instagram")
    spam = GraphError(403, {"code": 4, "error_subcode": 2207051, "message": "blocked"})
    assert isinstance(judge.before(spam), TryAgain)
    assert isinstance(judge.publishing(spam), OutcomeUnknown)

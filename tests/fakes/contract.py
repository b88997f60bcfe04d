"""Every kind of destination with its far end, so that the same can be asked of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any

from fakes import accounts, graph_relay
from fakes.android.line import Line
from fakes.graph import PAGE
from fakes.graph import Fault as GraphFault
from fakes.instagram import Fault, StandIn, User

from pipeline.config import Place, Settings, load_settings
from pipeline.destination import Destination
from pipeline.handoff import destinations
from pipeline.handoff.channels import Channels
from pipeline.handoff.paired import Phones
from pipeline.mirror import mirrors
from pipeline.tools.clock import now

SETTLED_S = 16 * 60
NOT_SET = "nothing is to be lost there"


def nothing() -> None:
    raise AssertionError(NOT_SET)


@dataclass(slots=True)
class Way:
    """One kind of destination. `open` gives it as a new run finds it; `standing` counts the stories there.

    `lose` has the next answer to a publishing request lost, after or before it was carried out.
    """

    kind: str
    open: Callable[[], Destination]
    standing: Callable[[], int]
    go_away: Callable[[], object]
    publishes: bool = False
    secrets: frozenset[str] = frozenset()
    lose: Callable[[bool], object] = lambda _carried_out: nothing()
    settle: Callable[[], object] = lambda: None
    """Let enough time pass at the server for a doubt to be settled."""


class Killed(BaseException):
    """The machine lost its power."""


@dataclass(slots=True)
class Mortal:
    """A journal on paper that dies with everything else at its step number `dies_at`, from 1."""

    dies_at: int | None = None
    steps: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def record(self, step: str, detail: Mapping[str, object]) -> None:
        self.steps.append((step, dict(detail)))
        if len(self.steps) == self.dies_at:
            raise Killed

    def publishing(self, detail: Mapping[str, object]) -> None:
        self.record("publishing", detail)

    @property
    def published_by(self) -> Mapping[str, Any]:
        """What was noted for looking; empty when it never came so far."""
        return next((detail for step, detail in self.steps if step == "publishing"), {})


SHOP = """\
inbox: inbox
outbox: outbox
state: state
destinations: {{whatsapp: {{platform: whatsapp_status, channels: [{channel}]}}}}
"""


def _by_hand(root: Path, channel: str) -> Settings:
    (root / "inbox").mkdir()
    (root / "storyrelay.yaml").write_text(SHOP.format(channel=channel))
    return load_settings(root / "storyrelay.yaml", (), Place({}, root, None))


@contextmanager
def folder(root: Path, _line: Line) -> Iterator[Way]:
    settings = _by_hand(root, "folder")
    outbox = root / "outbox"

    def away() -> None:
        """Somebody put a file where the folder was."""
        rmtree(outbox, ignore_errors=True)
        outbox.write_text("")

    yield Way(
        "folder",
        lambda: destinations(settings)["whatsapp"],
        lambda: len(list((outbox / "whatsapp").glob("0*.jpg"))),
        away,
    )


@contextmanager
def page(root: Path, _line: Line) -> Iterator[Way]:
    settings = _by_hand(root, "page")
    phones = Phones(settings.state)
    secret = phones.invite(now(), "Ann's phone")
    assert phones.pair(secret, "Ann's phone", now())
    yield Way(
        "page",
        lambda: destinations(settings)["whatsapp"],
        lambda: 1,  # it shows what the ledger says
        lambda: [phones.revoke(phone.name) for phone in phones.all()],
        secrets=frozenset({secret}),
    )


@contextmanager
def adb(root: Path, line: Line) -> Iterator[Way]:
    phone = line.phone()

    def away() -> None:
        line.unplug(phone)
        phone.vanish()

    yield Way(
        "adb",
        lambda: Channels("whatsapp", (line.channel(),)),
        lambda: len(phone.files()),
        away,
    )


@contextmanager
def instagrapi(root: Path, _line: Line) -> Iterator[Way]:
    with StandIn({"shop": User("pass-word-of-the-shop")}) as server:
        settings = accounts.settings_for(root, server)
        line = accounts.signed_in(settings, server)
        saved = line.session.read()
        assert saved
        yield Way(
            "instagrapi",
            lambda: mirrors(settings)["insta"],
            lambda: len(server.stories),
            server.close,
            publishes=True,
            secrets=frozenset({str(saved.settings["authorization_data"]["sessionid"])}),
            lose=lambda done: server.faults.add(
                "media/configure_to_story", Fault.DROP_AFTER if done else Fault.DROP_BEFORE
            ),
        )


def _graph(network: graph_relay.Network) -> Callable[[Path, Line], Any]:
    @contextmanager
    def opened(root: Path, _line: Line) -> Iterator[Way]:
        publishes = {"instagram": "POST */media_publish", "facebook": "POST */photo_stories"}[network]
        with graph_relay.served(root) as server:
            relay = graph_relay.GraphRelay.opened(root, server, network)
            earlier = graph_relay.fitting_photo(root / "earlier.jpg", 7).read_bytes()
            server.add_foreign_story(PAGE.id, earlier)
            yield Way(
                "graph" if network == "instagram" else "facebook",
                relay.mirror,
                lambda: len(relay.stories()),
                server.close,
                publishes=True,
                secrets=frozenset({server.user_token, server.page_token}),
                lose=lambda done: server.faults.add(
                    publishes, GraphFault.DROP_AFTER if done else GraphFault.DROP_BEFORE
                ),
                settle=lambda: server.clock.advance(SETTLED_S),
            )
            assert server.offences == []

    return opened


WAYS: Mapping[str, Callable[[Path, Line], Any]] = {
    "folder": folder,
    "page": page,
    "adb": adb,
    "instagrapi": instagrapi,
    "graph": _graph("instagram"),
    "facebook": _graph("facebook"),
}

"""One destination of Meta's Graph API; what is asked of its network, and how, each network says itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.destination import Doubt, Journal, Look, Parcel, Published
from pipeline.values import dataclass

if TYPE_CHECKING:
    from pipeline.mirror.graph.connection import Graph
    from pipeline.mirror.graph.failures import GraphJudge
    from pipeline.mirror.line import Line
    from pipeline.mirror.tokens import TokenFile


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a network works with: whose account, what is known of its token, whether to stop."""

    line: Line
    kept: TokenFile
    stop: Callable[[], bool]

    @property
    def id(self) -> str:
        """The account's number."""
        return self.line.account.id or ""


class Network(Protocol):
    """What one network is asked. Whatever fails is raised as it comes; `judge` says what it means."""

    @property
    def judge(self) -> GraphJudge: ...

    def ask(self, graph: Graph) -> None:
        """See whether the account can be used. Changes nothing."""

    def prepare(self, graph: Graph, parcel: Parcel, journal: Journal) -> tuple[Any, Mapping[str, object]]:
        """What `publish` needs, and what is noted before it. Nothing is live after it."""

    def publish(self, graph: Graph, prepared: Any) -> Published:
        """The one request that publishes."""

    def seen(self, graph: Graph, doubt: Doubt) -> Look:
        """What there is of a delivery in doubt. Changes nothing."""

    def sweep(self) -> None:
        """Remove what a dead run has left for all to see."""


class GraphMirror:
    """One destination that ends at a network. What that needs is imported when something is due."""

    def __init__(self, name: str, platform: str, desk: Desk) -> None:
        self.name = name
        self._platform, self._desk = platform, desk

    def blocked(self) -> str | None:
        """Whether the token is good for this account, and stories are left today: two small reads.

        Raises NeedsPerson when only a new token helps, TryAgain with `rest_until` when the day is used up.
        """
        from pipeline.mirror.graph.steps import why_not

        return why_not(self._network.judge, self._network.ask)

    def deliver(self, parcel: Parcel, journal: Journal) -> Published:
        """Publish it. Raises TryAgain, Rejected, NeedsPerson or OutcomeUnknown."""
        from pipeline.mirror.graph.steps import connected, published

        network = self._network
        graph = connected(network.judge)
        prepare = partial(network.prepare, graph, parcel, journal)
        publish, again = partial(network.publish, graph), bool(parcel.earlier)
        return published(network.judge, journal, prepare, publish, repeated=again)

    def look(self, doubt: Doubt) -> Look:
        """What the server says of the very upload that may be live. Raises as `deliver` does."""
        from pipeline.mirror.graph.steps import connected, read

        network = self._network
        graph = connected(network.judge)
        return read(network.judge, lambda: network.seen(graph, doubt))

    def keep_only(self, deliveries: Collection[int]) -> None:  # noqa: ARG002 - it keeps none of them here
        """What is live ends by itself after a day; nothing that a dead run laid out stays for all to see."""
        if self._desk.line.account.public is not None:
            self._network.sweep()

    @cached_property
    def _network(self) -> Network:
        if self._platform.startswith("facebook"):
            from pipeline.mirror.graph.facebook import FacebookPage

            return FacebookPage(self._desk)
        from pipeline.mirror.graph.instagram import OfficialInstagram

        return OfficialInstagram(self._desk)

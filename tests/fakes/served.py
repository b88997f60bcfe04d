"""A shop whose page is served on a port of this computer, by the server that people have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fakes.caller import HERE, Caller
from fakes.shop import Shop

from pipeline.handoff.paired import Phones
from pipeline.page.server import Place, serving
from pipeline.page.site import Site
from pipeline.tools.clock import now


@dataclass(frozen=True, slots=True)
class Stage:
    """A served page; its clock is the shop's."""

    shop: Shop
    site: Site
    port: int

    @property
    def phones(self) -> Phones:
        return self.site.phones

    def caller(self) -> Caller:
        """Somebody nobody knows."""
        return Caller(self.port)

    def phone(self, name: str | None = None) -> Caller:
        """A phone that is paired."""
        return self.caller().pair(self.phones.invite(self.shop.clock(), name))


@contextmanager
def staged(root: Path, *assignments: str) -> Iterator[Stage]:
    """The page of a shop in that folder."""
    shop = Shop(root)
    shop.clock.moment = now()
    with serving(
        shop.settings(*assignments), Place(HERE, 0), lambda: shop.clock.advance(milliseconds=1)
    ) as served:
        yield Stage(shop, served.site, served.port)


def stock(shop: Shop) -> None:
    """Three stories that wait: 1 and 2 for WhatsApp, 3 with words."""
    shop.picture("bread.jpg", 1)
    shop.picture("cake.jpg", 2)
    shop.picture("tea.jpg", 3)
    shop.sidecar("tea.txt", "Tea at five")
    assert shop.run().offered == 3

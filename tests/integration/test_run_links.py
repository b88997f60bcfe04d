"""A sidecar's link in a run: refused when it can't work, put right when it can."""

from __future__ import annotations

from fakes.shop import BOTH, Shop

from pipeline.report.events import Refused

CHAT = "https://wa.me/15551234567"


def test_a_broken_link_keeps_the_story_back_until_it_is_corrected(shop: Shop) -> None:
    shop.picture("bread.jpg")
    shop.sidecar("bread.jpg.yaml", "link: https://wa.me/JohnShop\n")
    assert shop.run().exit_code == 3
    (refused,) = (event for event in shop.events if isinstance(event, Refused))
    assert "bread.jpg.yaml: link: 'JohnShop' stands where" in refused.reason
    assert len(refused.reason.splitlines()) == 1
    shop.sidecar("bread.jpg.yaml", "link: wa.me/15551234567\n")
    assert shop.run().offered == 1


def test_what_goes_out_is_the_link_that_works(shop: Shop) -> None:
    shop.destinations = BOTH
    shop.picture("bread.jpg")
    shop.sidecar("bread.jpg.yaml", "caption: Fresh\nwhatsapp: 15551234567\nmessage: One loaf, please\n")
    shop.run()
    link = f"{CHAT}?text=One%20loaf%2C%20please"
    assert shop.manifest("whatsapp")[0]["link"] == shop.manifest("instagram")[0]["link"] == link
    assert (shop.outbox / "whatsapp" / "0001-bread.txt").read_text() == f"Fresh\n{link}\n"
    assert (shop.outbox / "instagram" / "0002-bread.txt").read_text() == f"Fresh\nLink: {link}\n"

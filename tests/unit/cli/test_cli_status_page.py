"""status --html: one file with everything that stands anywhere, and nothing that asks for more."""

from __future__ import annotations

import re

from fakes.command import Here
from fakes.shop import Shop

from pipeline.ledger import Move, exclusive, open_ledger
from pipeline.model import State


def test_the_page_tells_what_waits_what_is_parked_and_what_was_refused(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg", 1)
    shop.picture("cake.jpg", 2)
    (shop.inbox / "bad <b>.jpg").write_text("no picture")
    shop.run()
    with exclusive(shop.state), open_ledger(shop.state, shop.clock) as ledger:
        cake = ledger.open_deliveries()[-1]
        ledger.move(cake, Move(State.SKIPPED, "skipped"))
        ledger.move(ledger.find("cake.jpg")[0], Move(State.PLANNED, "retried"))
        ledger.move(ledger.find("cake.jpg")[0], Move(State.PARKED, "parked", "log in & <look>"))
    said = here("status", "--html", "page.html")
    page = (shop.root / "page.html").read_text()
    assert (said.code, said.out) == (0, "page.html\n")
    assert "<h2>Waits for your Send <span>1</span></h2>" in page
    assert "<code>storyrelay confirm 1 -c storyrelay.yaml</code>" in page
    assert "parked: log in &amp; &lt;look&gt;" in page
    assert "<code>storyrelay retry 2 -c storyrelay.yaml</code>" in page
    assert "bad &lt;b&gt;.jpg" in page


def test_the_page_has_small_pictures_and_asks_nobody_for_anything(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    shop.run()
    here("status", "--html", "page.html")
    page = (shop.root / "page.html").read_text()
    assert len(re.findall(r'<img alt="bread.jpg" src="data:image/jpeg;base64,', page)) == 1
    assert len(page) < 20_000
    assert "default-src 'none'; img-src data:" in page
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!data:|#)', page)


def test_the_page_does_without_pictures_that_are_gone(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    shop.run()
    for file in (shop.state / "store").iterdir():
        file.unlink()
    assert here("status", "--html", "page.html").code == 0
    assert "<img" not in (shop.root / "page.html").read_text()


def test_the_page_of_a_new_shop_says_how_to_begin(shop: Shop, here: Here) -> None:
    here("status", "--html", "page.html")
    assert "Nothing waits for you. Next: " in (shop.root / "page.html").read_text()
    assert here("status", "--html", "page.html", "--json").code == 2

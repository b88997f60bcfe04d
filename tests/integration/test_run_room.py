"""How much room finished renditions take: what nobody waits for goes first, what is needed never."""

from __future__ import annotations

import os
from pathlib import Path

from fakes.media import save_photo
from fakes.shop import Shop
from PIL import Image

from pipeline.ledger.answers import Answer

LIMIT = "limits.store_mb=1"


def noisy(shop: Shop, name: str) -> Path:
    """A picture that takes 0.5 to 0.8 MB as it is."""
    grain = Image.effect_noise((1080, 1920), 60).convert("RGB")
    return save_photo(shop.inbox / name, grain, quality=70)


def stored(shop: Shop) -> list[Path]:
    return sorted((shop.state / "store").glob("*.jpg"), key=lambda file: file.stat().st_mtime)


def confirm(shop: Shop) -> None:
    for one in shop.deliveries():
        shop.answer_and_die(Answer("confirm", one.id, shop.clock()))


def test_the_oldest_renditions_that_nobody_waits_for_go_first(shop: Shop) -> None:
    shop.inbox.mkdir()
    for number, name in enumerate(("a.jpg", "b.jpg", "c.jpg")):
        noisy(shop, name)
        shop.run()
        os.utime(stored(shop)[-1], (shop.clock().timestamp() + number,) * 2)
    assert all(400_000 < file.stat().st_size < 1_000_000 for file in stored(shop))
    oldest, _, newest = stored(shop)
    confirm(shop)
    shop.run(LIMIT)
    assert oldest not in stored(shop)
    assert newest in stored(shop)
    assert sum(file.stat().st_size for file in (shop.state / "store").iterdir()) <= 1_000_000


def test_what_somebody_waits_for_stays_whatever_it_takes(shop: Shop) -> None:
    shop.inbox.mkdir()
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        noisy(shop, name)
    shop.run(LIMIT)
    assert len(stored(shop)) == 3


def test_without_a_limit_renditions_stay_for_a_day_and_go_then(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    confirm(shop)
    for file in (shop.state / "store").iterdir():
        os.utime(file, (shop.clock().timestamp(),) * 2)
    shop.run()
    assert len(stored(shop)) == 1
    shop.clock.advance(hours=25)
    shop.run()
    assert stored(shop) == []

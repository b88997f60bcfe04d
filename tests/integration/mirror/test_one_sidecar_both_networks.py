"""One sidecar, native everywhere: what WhatsApp and Instagram get of the same caption and link."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes.accounts import signed_in
from fakes.codes import modules_of, modules_seen
from fakes.instagram import StandIn
from PIL import Image

from pipeline.config import Place, Settings, load_settings
from pipeline.ledger import snapshot
from pipeline.model import Delivery, Overlay, State
from pipeline.run import Request, run

LINK = "https://wa.me/15551234567?text=A%20table%20please"
CONFIG = """\
inbox: inbox
outbox: outbox
state: state
destinations:
  whatsapp: {{platform: whatsapp_status, channels: [folder]}}
  insta: {{platform: instagram_story, via: instagrapi, account: shop}}
limits: {{settle_seconds: 0, jobs: 1}}
schedule: {{timezone: UTC}}
accounts:
  shop:
    username: shop
    proxy: {instagram.proxy}
    ca_file: {instagram.ca_file}
    pace: {{spacing_seconds: [0, 0], wait_minutes: 0}}
"""
SIDECAR = f"""\
caption: Breakfast for two, until noon
link: {LINK}
stickers: {{link: {{label: Book a table}}}}
"""


@pytest.fixture
def settings(tmp_path: Path, instagram: StandIn) -> Settings:
    file = tmp_path / "storyrelay.yaml"
    file.write_text(CONFIG.format(instagram=instagram))
    (tmp_path / "inbox").mkdir()
    Image.new("RGB", (1080, 1920), "#406080").save(tmp_path / "inbox/breakfast.jpg", quality=90)
    (tmp_path / "inbox/breakfast.jpg.yaml").write_text(SIDECAR)
    settings = load_settings(file, (), Place({}, tmp_path, None))
    signed_in(settings, instagram)
    return settings


def delivery(settings: Settings, destination: str) -> Delivery:
    with snapshot(settings.state) as ledger:
        (row,) = [row for row in ledger.in_states(list(State)) if row.destination == destination]
    return row


def overlay_at(settings: Settings, destination: str) -> Overlay:
    overlay = delivery(settings, destination).recipe.overlay
    assert overlay
    return overlay


def differs(picture: Image.Image, words: str, overlay: Overlay) -> bool:
    """Whether something is written where these words are to be."""
    (box,) = [one.box for one in overlay.words if " ".join(one.lines) == words]
    levels = np.asarray(picture.convert("L"))[box.y : box.y + box.height, box.x : box.x + box.width]
    return int(levels.max()) - int(levels.min()) > 60


def test_one_sidecar_is_a_link_sticker_at_instagram_and_a_card_with_the_words_at_whatsapp(
    settings: Settings, instagram: StandIn, tmp_path: Path
) -> None:
    run(settings, Request(), lambda _: None)

    (offered,) = (tmp_path / "outbox/whatsapp").glob("*.jpg")
    overlay = overlay_at(settings, "whatsapp")
    with Image.open(offered) as picture:
        (code,) = overlay.codes
        assert modules_seen(picture, code) == modules_of(LINK)
        assert differs(picture, "Breakfast for two, until noon", overlay)
        assert differs(picture, "Book a table", overlay)
    beside = delivery(settings, "whatsapp").texts
    assert beside.caption == f"Breakfast for two, until noon\n{LINK}"
    assert beside.stickers == ()

    (story,) = instagram.stories
    (tap,) = story.tap_models
    assert (tap["type"], tap["url"]) == ("story_link", LINK)
    overlay = overlay_at(settings, "insta")
    assert overlay.codes == ()
    (tmp_path / "published.jpg").write_bytes(instagram.content(story))
    with Image.open(tmp_path / "published.jpg") as picture:
        assert differs(picture, "Breakfast for two, until noon", overlay)
        face = next(panel.box for panel in overlay.panels if panel.colour == "#ffffff")
        middle = (round(tap["x"] * 1080), round(tap["y"] * 1920))
        assert abs(face.x + face.width / 2 - middle[0]) <= 1
        assert abs(face.y + face.height / 2 - middle[1]) <= 1
        assert differs(picture, "🔗 Book a table", overlay)

"""The privacy sheet says of each way out what the config in force makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Place, Settings, load_settings
from pipeline.plan.privacy import PrivacySheet, Upkeep, privacy_as_json, privacy_sheet
from pipeline.report.privacy import privacy_lines

UPKEEP = Upkeep(renditions_h=24, backups=10)
HIDDEN = "hush-hush"
EVERYTHING = """
inbox: in
destinations:
  whatsapp: {platform: whatsapp_status, channels: [intent, page, folder]}
  instagram: {platform: instagram_story, via: instagrapi, account: shop}
  facebook: {platform: facebook_story, enabled: false}
accounts: {shop: {username: the_shop, password: hush-hush, proxy: "http://me:hush-hush@proxy"}}
notify: {urls: ["ntfy://hush-hush"]}
monitor: {url: "https://hc.example/hush-hush", lines: 7}
phone: {keep_minutes: 25}
log: {file: run.log, keep: 3, max_kb: 50}
limits: {store_mb: 900}
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place({"TZ": "UTC"}, tmp_path, None)


def settings(place: Place, text: str, *assignments: str) -> Settings:
    file = place.cwd / "storyrelay.yaml"
    file.write_text(text)
    return load_settings(file, assignments, place)


def sheet(place: Place, text: str = EVERYTHING, *assignments: str) -> PrivacySheet:
    return privacy_sheet(settings(place, text, *assignments), UPKEEP)


def by(sheet: PrivacySheet, name: str) -> list[str]:
    return [one.by for one in sheet.leaves if one.name == name]


def test_each_open_way_is_told_in_the_order_of_the_config(place: Place) -> None:
    told = sheet(place)
    assert by(told, "whatsapp") == ["intent", "page", "folder", "in WhatsApp, once you press Send"]
    assert by(told, "instagram") == ["published by instagrapi"]
    assert by(told, "facebook") == []
    assert by(told, "notify.urls[0]") == ["a message"]
    assert by(told, "monitor") == ["a ping"]


def test_whatsapp_encrypts_end_to_end_after_send_and_an_account_s_network_can_read(place: Place) -> None:
    encrypted = {(one.name, one.by): one.encrypted for one in sheet(place).leaves}
    assert "end-to-end by WhatsApp" in encrypted["whatsapp", "in WhatsApp, once you press Send"]
    assert encrypted["instagram", "published by instagrapi"].startswith(
        "TLS to the company through your proxy"
    )


def test_a_photo_that_lies_in_public_for_a_moment_is_told(place: Place) -> None:
    account = "id: 17841400000000000, token: hush-hush, username: the_shop"
    told = sheet(
        place,
        "inbox: in\ndestinations:\n"
        "  instagram: {platform: instagram_story, via: graph, account: shop}\n"
        "  page: {platform: facebook_story, via: graph, account: page}\n"
        f"accounts:\n  shop: {{{account}, public: {{folder: www, url: https://my.example/out}}}}\n"
        f"  page: {{{account}}}\n",
    )
    assert by(told, "instagram") == ["published by Meta's Graph API", "laid in public"]
    assert by(told, "page") == ["published by Meta's Graph API"]
    (laid,) = [one for one in told.leaves if one.by == "laid in public"]
    assert "https://my.example/out" in laid.to
    assert any("tokens" in one.where for one in told.kept)
    assert not any("sessions" in one.where for one in told.kept)
    assert HIDDEN not in str(privacy_as_json(told))


def test_what_a_farm_gets_is_told(place: Place) -> None:
    assert by(sheet(place), "execute") == []
    text = f"{EVERYTHING}execute: {{farm: 'tcp://farm:8786', share: 's3://stories/shop'}}\n"
    [farm] = (one for one in sheet(place, text).leaves if one.name == "execute")
    assert "your files as they are" in farm.what
    assert "tcp://farm:8786" in farm.to
    assert "s3://stories/shop" in farm.to
    assert "not at all" in farm.encrypted
    [safe] = (one for one in sheet(place, text.replace("tcp:", "tls:")).leaves if one.name == "execute")
    assert "TLS" in safe.encrypted


@pytest.mark.parametrize(
    ("assignment", "told"),
    [
        ("page.url=https://shop.example:8765", "TLS, from shop.example to your phone"),
        ("page.port=9000", "no, but it goes over the USB cable only: http://localhost:9000"),
    ],
)
def test_the_page_is_encrypted_as_its_address_says(place: Place, assignment: str, told: str) -> None:
    assert (
        next(one.encrypted for one in sheet(place, EVERYTHING, assignment).leaves if one.by == "page") == told
    )


def test_adb_over_a_network_is_not_called_a_cable(place: Place) -> None:
    told = sheet(place, EVERYTHING, 'phone.serial="192.168.1.7:5555"').leaves
    assert "a network carries it" in next(one.encrypted for one in told if one.by == "intent")


def test_times_and_places_are_those_of_the_config(place: Place) -> None:
    told = sheet(place, EVERYTHING, "platforms.whatsapp_status.lifetime_hours=12")
    assert next(one.until for one in told.leaves if one.by == "intent").startswith(
        "25 min after your answer, at most 12 h"
    )
    kept = {one.where: one.until for one in told.kept}
    assert kept[str(place.cwd / "run.log")] == "3 older ones of 50 kB stay"
    assert kept[str(place.cwd / ".storyrelay" / "store")].endswith("24 h old; earlier beyond 900 MB")
    assert kept[str(place.cwd / ".storyrelay" / "backups")].startswith("the newest 10 stay")
    assert "the last 7 lines" in next(one.what for one in told.leaves if one.name == "monitor")


def test_no_secret_stands_on_the_sheet(place: Place) -> None:
    told = sheet(place)
    assert HIDDEN not in str(privacy_as_json(told))
    assert not any(HIDDEN in line for line in privacy_lines(told))


def test_where_nothing_is_published_or_watched_the_sheet_is_short(place: Place) -> None:
    plain = "inbox: in\ndestinations: {whatsapp: {platform: whatsapp_status, channels: [folder]}}\n"
    told = sheet(place, plain)
    assert by(told, "whatsapp") == ["folder", "in WhatsApp, once you press Send"]
    assert len(told.leaves) == 2
    assert not any("sessions" in one.where or "phones" in one.where for one in told.kept)


FOLDERS = """
inbox: in
sources:
  nas: {folder: "sftp://ana@nas.example/stories", every_minutes: 30}
  dav: {folder: "webdav://ana:hush-hush@cloud.example/x"}
  bucket: {folder: s3://bucket/x, options: {key: hush-hush}}
  synced: {folder: /srv/synced}
  off: {folder: s3://other/x, enabled: false}
"""


def test_a_folder_elsewhere_hears_who_asks_and_one_of_this_computer_nothing(place: Place) -> None:
    told = {one.name: one for one in sheet(place, FOLDERS).leaves if one.by == "files, fetched"}
    assert list(told) == ["nas", "dav", "bucket"]
    assert told["nas"].to == "who keeps sftp://nas.example/stories"
    assert "every 30 min" in told["nas"].what
    assert told["nas"].encrypted.startswith("SSH")
    assert told["dav"].to == "who keeps the folder; its address is a secret"
    assert told["bucket"].encrypted.startswith("TLS, unless")
    assert "hush" not in str(told)

"""Which way goes with which platform and account."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.errors import ConfigError

OFFICIAL = "id: '17841400000000000', token: {env: T}"
CONFIG = """\
inbox: in
destinations: {{net: {{platform: {platform}, via: {via}, account: shop}}}}
accounts: {{shop: {{username: the_shop, {account}}}}}
"""


def loaded(
    load: Callable[..., Settings], account: str, via: str = "graph", platform: str = "instagram_story"
) -> Settings:
    text = CONFIG.format(platform=platform, via=via, account=account)
    return load(text.replace(", }", "}"))


@pytest.mark.parametrize("platform", ["instagram_story", "facebook_story"])
def test_the_graph_api_publishes_to_instagram_and_to_pages(
    load: Callable[..., Settings], platform: str
) -> None:
    settings = loaded(load, OFFICIAL, platform=platform)
    assert settings.accounts["shop"].id == "17841400000000000"
    assert not settings.shows_photos("net")


def test_a_number_without_quotes_is_these_digits(load: Callable[..., Settings]) -> None:
    assert loaded(load, "id: 104052312345678, token: {env: T}").accounts["shop"].id == "104052312345678"


@pytest.mark.parametrize(
    ("account", "via", "platform", "told"),
    [
        (OFFICIAL, "graph", "whatsapp_status", "publishes to instagram_story and facebook_story, not to"),
        ("", "instagrapi", "facebook_story", "publishes to instagram_story, not to facebook_story"),
        ("token: {env: T}", "graph", "instagram_story", "needs accounts.shop.id"),
        ("", "graph", "facebook_story", "needs accounts.shop.id and accounts.shop.token"),
        ("token: {env: T}", "instagrapi", "instagram_story", "'shop' has a token, which is for `via: graph`"),
        ("id: shop", "graph", "instagram_story", "accounts.shop.id: is not the number of an account"),
    ],
)
def test_what_does_not_go_together_is_told(
    load: Callable[..., Settings], account: str, via: str, platform: str, told: str
) -> None:
    with pytest.raises(ConfigError) as wrong:
        loaded(load, account, via, platform)
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("public", "folder"),
    [
        ("{folder: www, url: https://my.example/stories/}", "{here}/www"),
        ("{folder: s3://bucket/out}", "s3://bucket/out"),
    ],
)
def test_a_public_folder_is_a_web_server_s_or_a_store_s(
    load: Callable[..., Settings], tmp_path: Path, public: str, folder: str
) -> None:
    settings = loaded(load, f"{OFFICIAL}, public: {public}")
    shown = settings.accounts["shop"].public
    assert shown
    assert shown.folder == folder.format(here=tmp_path)
    assert shown.url in (None, "https://my.example/stories")
    assert settings.shows_photos("net")


@pytest.mark.parametrize(
    ("public", "told"),
    [
        ("{folder: www}", "public.url: is needed"),
        ("{folder: www, url: http://my.example}", "is not a public address"),
        ("{folder: www, url: 'https://me:word@my.example'}", "is not a public address"),
        ("{folder: 's3://key:word@bucket/out'}", "holds a name or a password"),
        ("{url: https://my.example}", "public.folder"),
        ("{folder: in/www, url: https://my.example}", "lies in the inbox"),
    ],
)
def test_a_public_folder_that_nobody_could_fetch_from_is_told(
    load: Callable[..., Settings], public: str, told: str
) -> None:
    with pytest.raises(ConfigError) as wrong:
        loaded(load, f"{OFFICIAL}, public: {public}")
    assert told in str(wrong.value)


def test_an_account_with_a_token_is_no_source_of_stories(load: Callable[..., Settings]) -> None:
    text = CONFIG.format(platform="instagram_story", via="graph", account=OFFICIAL)
    with pytest.raises(ConfigError, match="'shop' has a token, which can't fetch stories"):
        load(f"{text}sources: {{mine: {{instagram: shop}}}}\n")

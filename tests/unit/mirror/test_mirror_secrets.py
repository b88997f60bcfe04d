"""Where secrets are kept, that they are never shown, and who is told when others can read them."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from pipeline.config import Place, Settings, load_settings, settings_as_yaml
from pipeline.config.secrets import careless, reveal
from pipeline.errors import ConfigError

WORD = "hunter2-and-a-half"


def load(root: Path, account: str, *assignments: str) -> Settings:
    file = root / "storyrelay.yaml"
    file.write_text(f"inbox: in\naccounts:\n  shop: {{username: shop, {account}}}\n")
    return load_settings(file, assignments, Place({"TZ": "UTC"}, root, None))


def password(settings: Settings) -> str | None:
    return reveal(settings.accounts["shop"].password, "accounts.shop.password")


def test_a_secret_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(tmp_path, "password: {env: SHOP_WORD}")
    with pytest.raises(ConfigError, match="environment variable SHOP_WORD isn't set"):
        password(settings)
    monkeypatch.setenv("SHOP_WORD", WORD)
    assert password(settings) == WORD


def test_a_secret_comes_from_a_file_of_its_own(tmp_path: Path) -> None:
    settings = load(tmp_path, "password: {file: word.txt}")
    with pytest.raises(ConfigError, match=r"word.txt can't be read: No such file"):
        password(settings)
    (tmp_path / "word.txt").write_text("\n")
    with pytest.raises(ConfigError, match="is empty"):
        password(settings)
    (tmp_path / "word.txt").write_text(f"{WORD}\n")
    assert password(settings) == WORD


def test_a_secret_comes_from_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {("instagram", "shop"): WORD}
    ring = types.ModuleType("keyring")
    ring.get_password = lambda service, name: kept.get((service, name))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", ring)
    assert password(load(tmp_path, "password: {keyring: instagram/shop}")) == WORD
    with pytest.raises(ConfigError, match="the keyring has no instagram/cafe"):
        password(load(tmp_path, "password: {keyring: instagram/cafe}"))


def test_without_the_keyring_package_the_command_that_brings_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigError, match=r"pip install 'storyrelay\[keyring\]'"):
        password(load(tmp_path, "password: {keyring: instagram/shop}"))


def test_a_keyring_that_is_locked_is_told_without_its_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = types.ModuleType("keyring")

    def locked(_service: str, _name: str) -> str:
        raise PermissionError(f"locked; it was {WORD}")

    ring.get_password = locked  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", ring)
    with pytest.raises(ConfigError, match="can't be asked") as told:
        password(load(tmp_path, "password: {keyring: instagram/shop}"))
    assert WORD not in str(told.value)


def test_what_others_can_read_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "seed").write_text("JBSWY3DPEHPK3PXP")
    (tmp_path / "seed").chmod(0o644)
    secrets = f"password: {WORD}, totp: {{file: seed}}, proxy: 'http://me:{WORD}@proxy:3128'"
    told = "\n".join(careless(load(tmp_path, secrets)))
    assert "accounts.shop.password stands in the config" in told
    assert f"chmod 600 {tmp_path}/seed" in told
    assert "accounts.shop.proxy stands in the config" in told
    assert WORD not in told


def test_what_is_kept_well_is_not_worth_a_word(tmp_path: Path) -> None:
    (tmp_path / "seed").write_text("JBSWY3DPEHPK3PXP")
    (tmp_path / "seed").chmod(0o600)
    secrets = "password: {env: A}, totp: {file: seed}, proxy: 'http://proxy:3128'"
    assert list(careless(load(tmp_path, secrets))) == []


@pytest.mark.parametrize(
    "account",
    [
        f"password: {WORD}, pace: {{stories_per_day: 0}}",
        f"password: [{WORD}]",
        f"password: {{plain: [{WORD}]}}",
        f"password: {{env: {WORD}}}",
        f"password: {{keyring: {WORD}}}",
        "password: 20261125",
        "password: {plain: 20261125}",
        f"password: {{plain: {WORD}, env: A}}",
        f"totp: {{{WORD}: 1}}, password: {{plain: }}",
    ],
)
def test_a_mistake_beside_a_secret_is_told_without_the_secret(tmp_path: Path, account: str) -> None:
    with pytest.raises(ConfigError) as told:
        load(tmp_path, account)
    text = str(told.value)
    assert "20261125" not in text
    assert WORD not in text or "totp" in account


def test_neither_the_settings_nor_what_is_shown_of_them_hold_the_secret(tmp_path: Path) -> None:
    settings = load(tmp_path, f"password: {WORD}, totp: {{plain: {WORD}}}")
    assert WORD not in repr(settings)
    assert WORD not in settings_as_yaml(settings)
    assert password(settings) == WORD


@pytest.mark.parametrize(
    "assignment",
    [
        f"accounts.shop.password={WORD}",
        f"accounts.shop.password.plain={WORD}",
        f"accounts.shop.totp={{plain: {WORD}}}",
        f"accounts.shop.proxy=http://me:{WORD}@proxy",
        f"accounts.shop={{username: a, password: {WORD}}}",
        f"accounts={{shop: {{username: a, 'password': {WORD}}}}}",
    ],
)
def test_a_secret_on_the_command_line_is_refused_and_not_repeated(tmp_path: Path, assignment: str) -> None:
    with pytest.raises(ConfigError, match="can be read by every program") as told:
        load(tmp_path, "locale: en_US", assignment)
    assert WORD not in str(told.value)


@pytest.mark.parametrize(
    "assignment",
    ["accounts.shop.password.env=A", "accounts.shop.proxy=http://proxy:3128", "accounts.shop.totp=null"],
)
def test_where_a_secret_is_kept_may_stand_on_the_command_line(tmp_path: Path, assignment: str) -> None:
    assert load(tmp_path, "locale: en_US", assignment).accounts["shop"].username == "shop"

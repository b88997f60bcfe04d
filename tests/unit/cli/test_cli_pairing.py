"""`storyrelay phone pair`, `revoke` and `devices`, as somebody new to them uses them."""

from __future__ import annotations

import io
import json
import stat
import sys
from pathlib import Path

import pytest
import segno
from fakes.command import Here, Said
from fakes.shop import Shop
from PIL import Image

from pipeline.cli.pairing import PIXELS_A_DOT
from pipeline.handoff.paired import Phones
from pipeline.tools import adb
from pipeline.tools.clock import now

HALVES = {" ": (1, 1), "▀": (0, 1), "▄": (1, 0), "█": (0, 0)}
QUIET = 4
"""Dots of margin around a code."""


def address_in(said: Said) -> str:
    """The line of the answer that is an address."""
    (address,) = [line for line in said.out.splitlines() if line.startswith("http")]
    return address


def secret_in(said: Said) -> str:
    return address_in(said).partition("#pair=")[2]


def code_of(address: str) -> list[list[int]]:
    """Each dot of the QR code of an address."""
    return [list(row) for row in segno.make(address, error="m", micro=False).matrix]


def in_the_terminal(out: str) -> list[list[int]]:
    drawn = [line for line in out.splitlines() if line and line[0] in HALVES]
    rows = [[HALVES[sign][half] for sign in line] for line in drawn for half in (0, 1)]
    size = len(rows[0]) - 2 * QUIET
    return [row[QUIET:-QUIET] for row in rows[QUIET : QUIET + size]]


def in_the_picture(file: Path) -> list[list[int]]:
    with Image.open(file) as picture:
        size = picture.width // PIXELS_A_DOT
        shades = picture.convert("L").resize((size, size), Image.Resampling.NEAREST).tobytes()
    dots = [[int(shade < 128) for shade in shades[row * size : (row + 1) * size]] for row in range(size)]
    return [row[QUIET:-QUIET] for row in dots[QUIET:-QUIET]]


def test_pair_prints_a_code_and_its_address_whose_secret_is_in_the_fragment(shop: Shop, here: Here) -> None:
    said = here("phone", "pair")
    address = address_in(said)
    base, _, secret = address.partition("#")
    assert (said.code, base, secret[:5]) == (0, "http://localhost:8765/", "pair=")
    assert in_the_terminal(said.out) == code_of(address)
    assert "within 15 minutes" in said.err
    assert "storyrelay serve" in said.err
    assert Phones(shop.state).pair(secret[5:], "Pixel", now()) is not None


def test_each_code_is_another_and_what_is_printed_is_the_only_copy(shop: Shop, here: Here) -> None:
    first, second = secret_in(here("phone", "pair")), secret_in(here("phone", "pair"))
    assert len({first, second}) == 2
    kept = b"".join(file.read_bytes() for file in shop.root.rglob("*") if file.is_file())
    assert first.encode() not in kept
    assert second.encode() not in kept


def test_the_code_has_no_colours_wherever_it_is_printed(
    shop: Shop, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in here("phone", "pair").out


def test_a_terminal_without_such_signs_gets_the_address_alone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.cli import main

    shop.settings()
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    with pytest.raises(SystemExit) as left:
        main(["phone", "pair", "-c", "storyrelay.yaml"])
    out.flush()
    written = out.buffer.getvalue().decode()
    assert (left.value.code, written.count("http://localhost:8765/#pair=")) == (0, 1)


def test_the_picture_is_the_same_code_for_the_owner_only(shop: Shop, here: Here, tmp_path: Path) -> None:
    file = tmp_path / "code.png"
    file.write_text("an old one, for everybody to read")
    file.chmod(0o644)
    said = here("phone", "pair", "-o", str(file))
    assert in_the_picture(file) == code_of(address_in(said))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("where", ["nowhere/code.png", "storyrelay.yaml/code.png"])
def test_a_picture_that_cannot_be_written_invites_nobody(shop: Shop, here: Here, where: str) -> None:
    said = here("phone", "pair", "-o", where)
    assert (said.code, said.out) == (6, "")
    assert where in said.err
    assert "Next: " in said.err
    assert not (shop.state / "phones.json").exists()


def test_another_address_is_printed_as_browsers_name_it(shop: Shop, here: Here) -> None:
    said = here("phone", "pair", "--url", "https://Shop.example:443/")
    assert address_in(said).startswith("https://shop.example/#pair=")
    said = here("phone", "pair", "--set", "page.url=https://shop.example:8443")
    assert address_in(said).startswith("https://shop.example:8443/#pair=")


@pytest.mark.parametrize(
    "url",
    [
        *("http://192.168.1.5:8765", "ftp://localhost", "localhost:8765", "https://a/b", "https://a:99999"),
        *("https://", "https://me@a", "https://a?b", "https://a#b"),
    ],
)
def test_an_address_phones_could_not_share_from_is_refused(shop: Shop, here: Here, url: str) -> None:
    said = here("phone", "pair", "--url", url)
    assert (said.code, said.out) == (2, "")
    assert "--url" in said.err
    assert not (shop.state / "phones.json").exists()


def test_pairing_without_a_config_says_how_to_begin(shop: Shop, here: Here) -> None:
    said = here("phone", "pair", "-c", "none.yaml", config=False)
    assert said.code == 2
    assert "none.yaml" in said.err


def test_pairing_makes_the_state_folder_for_its_owner_only(shop: Shop, here: Here) -> None:
    assert not shop.state.exists()
    assert here("phone", "pair").code == 0
    assert stat.S_IMODE(shop.state.stat().st_mode) == 0o700


def paired(shop: Shop, *names: str) -> None:
    phones = Phones(shop.state)
    for name in names:
        assert phones.pair(phones.invite(now(), name), "phone", now())


def test_a_phone_is_revoked_by_its_name_or_number(shop: Shop, here: Here) -> None:
    paired(shop, "Ana's", "Bea's", "Caro's")
    number = Phones(shop.state).all()[0].id
    said = here("phone", "revoke", number, "Bea's")
    assert (said.code, said.out) == (0, "Ana's is let in no more\nBea's is let in no more\n")
    assert [phone.name for phone in Phones(shop.state).all()] == ["Caro's"]
    assert said.err == ""


def test_revoking_the_last_phone_tells_what_comes_next(shop: Shop, here: Here) -> None:
    paired(shop, "Ana's")
    said = here("phone", "revoke", "Ana's")
    assert said.code == 0
    assert "no phone may open the page any more" in said.err
    assert "Next: storyrelay phone pair" in said.err


def test_a_phone_nobody_knows_is_not_revoked_but_the_others_are(shop: Shop, here: Here) -> None:
    paired(shop, "Ana's")
    said = here("phone", "revoke", "Zoe's", "Ana's")
    assert (said.code, said.out) == (2, "Ana's is let in no more\n")
    assert "no paired phone is called Zoe's. Next: storyrelay phone devices" in said.err
    assert Phones(shop.state).all() == ()


def test_two_phones_of_one_name_are_told_apart(shop: Shop, here: Here) -> None:
    paired(shop, "Ana's", "Ana's")
    assert [phone.name for phone in Phones(shop.state).all()] == ["Ana's", "Ana's 2"]
    here("phone", "revoke", "Ana's 2")
    assert [phone.name for phone in Phones(shop.state).all()] == ["Ana's"]


def test_a_name_cannot_write_on_the_terminal(shop: Shop, here: Here) -> None:
    paired(shop, "a\x1b[2Jb\n")
    assert "\x1b" not in here("phone", "revoke", Phones(shop.state).all()[0].id).out


@pytest.fixture
def without_adb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(adb.OVERRIDE, str(tmp_path / "none"))


@pytest.mark.usefixtures("without_adb")
def test_devices_lists_the_paired_phones_where_there_is_no_adb(shop: Shop, here: Here) -> None:
    paired(shop, "Ana's")
    said = here("phone", "devices")
    assert said.code == 0  # who uses the page alone needs no adb
    assert said.out.split()[1] == "Ana's"
    assert "since" in said.out
    as_json = here("phone", "devices", "--json").json()
    assert [phone["name"] for phone in as_json["paired"]] == ["Ana's"]
    assert "sha256" not in json.dumps(as_json)
    assert "adb" in as_json["reason"]


@pytest.mark.usefixtures("without_adb")
def test_devices_where_there_is_nothing_at_all_says_what_brings_it(shop: Shop, here: Here) -> None:
    said = here("phone", "devices")
    assert (said.code, said.out) == (4, "")
    assert "adb" in said.err


def test_a_damaged_register_is_told_with_the_way_out(shop: Shop, here: Here) -> None:
    shop.state.mkdir()
    (shop.state / "phones.json").write_text("{")
    for words in (("phone", "pair"), ("phone", "revoke", "x"), ("phone", "devices")):
        said = here(*words)
        assert said.code == 6
        assert "phones.json is damaged. Next: remove it, then storyrelay phone pair" in said.err

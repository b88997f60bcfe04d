"""status, show, probe, config: the commands that only tell."""

from __future__ import annotations

import pytest
from fakes.command import Here
from fakes.shop import BOTH, Shop
from fakes.trees import tree_of


def test_a_new_shop_is_told_how_to_begin(here: Here) -> None:
    said = here("status")
    assert said.code == 0
    assert "Nothing waits for you. Next: put photos and videos into the inbox" in said.out


def test_status_tells_what_waits_and_how_to_resolve_it(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    shop.run()
    said = here("status")
    assert "Waits for your Send (1)" in said.out
    assert "storyrelay confirm 1 -c storyrelay.yaml" in said.out
    assert said.err == ""


def test_status_as_json_is_one_document(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    (shop.inbox / "bad.jpg").write_text("no picture")
    shop.run()
    plain = here("status", "--json").json()
    assert set(plain) == {"deliveries", "counts", "problems", "accounts", "sources", "adopted"}
    assert plain["counts"] == {"offered": 1}
    assert plain["deliveries"][0]["next"] == "storyrelay confirm 1"
    assert plain["problems"][0]["path"] == str(shop.inbox / "bad.jpg")


@pytest.mark.parametrize("command", [["status"], ["show", "bread.jpg"], ["plan"], ["config", "show"]])
def test_readers_write_nothing(shop: Shop, here: Here, command: list[str]) -> None:
    shop.picture("bread.jpg")
    shop.run()
    shop.picture("cake.jpg", 2)
    before = tree_of(shop.root)
    assert here(*command).code == 0
    assert tree_of(shop.root) == before


def test_show_tells_all_deliveries_of_a_file_together(shop: Shop, here: Here) -> None:
    shop.destinations = BOTH
    shop.picture("bread.jpg")
    shop.sidecar("bread.jpg.yaml", "caption: Fresh bread")
    shop.run()
    said = here("show", "bread.jpg")
    assert "1  whatsapp  bread.jpg  offered" in said.out
    assert "2  instagram  bread.jpg  offered" in said.out
    assert "| Fresh bread" in said.out
    assert len(here("show", "2", "--json").json()["deliveries"]) == 1


def test_show_names_the_files_that_were_made(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    shop.run()
    plain = here("show", "1", "--json").json()
    stored, offered = plain["files"]
    assert stored["path"].startswith(str(shop.state / "store"))
    assert offered["path"] == str(shop.outbox / "whatsapp" / "0001-bread.jpg")
    assert stored["exists"]
    assert stored["sha256"] == offered["sha256"] == shop.manifest()[0]["sha256"]
    assert [event["event"] for event in plain["events"]] == ["planned", "armed", "offered"]


def test_show_explains_a_refused_file(shop: Shop, here: Here) -> None:
    shop.inbox.mkdir()
    (shop.inbox / "bad.jpg").write_text("no picture")
    shop.run()
    said = here("show", "bad.jpg")
    assert (said.code, "refused" in said.out) == (0, True)
    assert "storyrelay retry" in said.out
    assert "no photo" in here("show", "bad.jpg", "--json").json()["problem"]


def test_show_of_nothing_known_names_the_next_command(here: Here) -> None:
    said = here("show", "pie.jpg")
    assert said.code == 2
    assert "storyrelay status" in said.err


def test_probe_tells_readable_files_and_complains_of_the_others(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg", size=(64, 48))
    (shop.inbox / "bad.jpg").write_text("no picture")
    said = here("probe", "inbox/bread.jpg", "inbox/bad.jpg", "inbox/none.jpg")
    assert said.code == 3
    assert "64×48" in said.out
    assert len(said.out.splitlines()) == 1
    assert len(said.err.splitlines()) == 2


def test_probe_as_json_has_an_entry_for_every_file(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg", size=(64, 48))
    good, bad = here("probe", "--json", "inbox/bread.jpg", "inbox/none.jpg").json()
    assert (good["kind"], good["width"], good["height"]) == ("photo", 64, 48)
    assert "none.jpg" in bad["error"]


def test_probe_needs_no_config(shop: Shop, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    shop.picture("bread.jpg")
    assert here("probe", "inbox/bread.jpg", config=False).code == 0


def test_config_check_says_ok_and_what_counts(shop: Shop, here: Here) -> None:
    said = here("config", "check")
    assert said.out.startswith("OK ")
    assert str(shop.inbox) in said.out


def test_config_check_tells_every_mistake_and_the_next_command(here: Here) -> None:
    said = here("config", "check", "--set", "fit=squeeze", "--set", "limits.jobs=none")
    assert said.code == 2
    assert said.out == ""
    assert "--set fit: " in said.err
    assert "--set limits.jobs: " in said.err
    assert "Next: correct it, then: storyrelay config check -c storyrelay.yaml" in said.err


def test_config_show_tells_what_is_in_force(here: Here) -> None:
    assert "fit: cover" in here("config", "show", "--set", "fit=cover").out


def test_config_show_facts_have_sources_and_dates(here: Here) -> None:
    lines = here("config", "show", "--facts").out.splitlines()
    assert all(line.startswith("whatsapp_status  ") for line in lines)
    assert any("canvas.width" in line and "2026-" in line and "https://" in line for line in lines)


def test_config_schema_is_a_json_schema(here: Here) -> None:
    assert "inbox" in here("config", "schema").json()["properties"]


def test_doctor_tells_of_every_part(shop: Shop, here: Here) -> None:
    shop.settings()
    said = here("doctor", "--json")
    checks = {check["name"]: check for check in said.json()["checks"]}
    assert {"python", "pillow", "ffmpeg", "sqlite", "config", "inbox", "outbox", "ledger"} <= set(checks)
    assert all(set(check) == {"name", "status", "detail", "fix"} for check in checks.values())
    assert said.code == 0


def test_doctor_goes_on_when_the_config_is_wrong(here: Here) -> None:
    said = here("doctor", "--set", "fit=squeeze")
    assert said.code == 6
    assert "config check" in said.out
    assert "1 check failed" in said.out


def test_doctor_names_the_command_that_makes_the_inbox(shop: Shop, here: Here) -> None:
    said = here("doctor", "--set", f"inbox={shop.root}/none")
    assert said.code == 6
    assert f"fix: mkdir -p {shop.root}/none" in said.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(here: Here, shell: str) -> None:
    said = here("completion", shell)
    assert said.code == 0
    assert "_STORYRELAY_COMPLETE" in said.out

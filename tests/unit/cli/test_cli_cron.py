"""`storyrelay cron`: printed, put in, put in again, and taken out."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from fakes.command import Here
from fakes.cron import Timers
from fakes.shop import WHATSAPP, Shop

from pipeline.report.cron import Installation, units_of
from pipeline.tools.systemd import Units

OTHERS = b"MAILTO=ana\n# caf\xe9\n0 3 * * * restic backup /home\n"
ORDERS = ["--user daemon-reload", "--user enable --now storyrelay.timer"]


@pytest.fixture
def timers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Timers:
    timers = Timers(tmp_path / "bin")
    timers.make()
    monkeypatch.setenv("PATH", f"{timers.folder}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.argv", [str(tmp_path / "venv" / "bin" / "storyrelay")])
    return timers


def line_in(shop: Shop) -> str:
    program, config = shop.root / "venv/bin/storyrelay", shop.root / "storyrelay.yaml"
    return f"*/15 * * * * PATH=/usr/local/bin:/usr/bin:/bin {program} run -q -c {config}"


def units_at(shop: Shop) -> Path:
    return shop.root / "home" / ".config" / "systemd" / "user"


def test_both_ways_are_printed_for_this_very_installation(here: Here, shop: Shop, timers: Timers) -> None:
    said = here("cron", "--user")
    assert (said.code, said.err) == (0, "")
    assert f"\n{line_in(shop)}\n" in said.out
    assert f"# {units_at(shop)}/storyrelay.service\n" in said.out
    assert f'"{shop.root}/venv/bin/storyrelay" run -q -c "{shop.root}/storyrelay.yaml"\n' in said.out
    assert f'ReadWritePaths="-{shop.outbox}" "-{shop.state}"\n' in said.out
    assert "OnCalendar" in said.out
    assert (timers.kept.exists(), timers.orders(), units_at(shop).exists()) == (False, [], False)


def test_a_line_is_put_into_the_crontab_once_beside_the_others_and_taken_out(
    here: Here, shop: Shop, timers: Timers
) -> None:
    timers.kept.write_bytes(OTHERS)
    said = here("cron", "--install", "crontab")
    assert (said.code, said.out) == (0, f"your crontab now has:\n{line_in(shop)}\n")
    put_in = timers.kept.read_bytes()
    assert put_in.startswith(OTHERS)
    assert put_in.endswith(f"\n{line_in(shop)}\n".encode())
    again = here("cron", "--install", "crontab")
    assert (again.code, again.out) == (0, "the crontab is as it should be\n")
    assert timers.kept.read_bytes() == put_in
    assert here("cron", "--remove", "crontab").out == "taken out of your crontab\n"
    assert timers.kept.read_bytes() == OTHERS
    assert here("cron", "--remove", "crontab").out == "the crontab holds no run of this config\n"


def test_a_crontab_that_is_not_taken_stays_as_it_was(here: Here, timers: Timers) -> None:
    timers.kept.write_bytes(b"# refuse\n")
    said = here("cron", "--install", "crontab")
    assert said.code == 6
    assert 'the crontab wasn\'t changed: "-":1: bad minute' in said.err
    assert timers.kept.read_bytes() == b"# refuse\n"


def test_without_cron_the_other_way_is_named(
    here: Here, timers: Timers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    said = here("cron", "--install", "crontab")
    assert said.code == 6
    assert "there is no program crontab" in said.err


def test_units_are_put_in_told_to_systemd_and_taken_out(here: Here, shop: Shop, timers: Timers) -> None:
    said = here("cron", "--install", "systemd", "--user")
    assert (said.code, said.err) == (0, "")
    assert "loginctl enable-linger" in said.out
    assert timers.orders() == ORDERS
    files = sorted(units_at(shop).iterdir())
    assert [path.name for path in files] == ["storyrelay.service", "storyrelay.timer"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o644}
    assert shop.outbox.is_dir()
    assert shop.state.is_dir()
    assert here("cron", "--install", "systemd", "--user").code == 0
    assert here("cron", "--remove", "systemd", "--user").out.count("removed ") == 2
    assert list(units_at(shop).iterdir()) == []
    assert timers.orders() == [*ORDERS, *ORDERS, "--user disable --now storyrelay.timer", ORDERS[0]]
    assert here("cron", "--remove", "systemd", "--user").out.startswith("there is no ")


def test_where_systemd_does_not_listen_what_to_run_is_told(here: Here, timers: Timers) -> None:
    timers.deafen()
    said = here("cron", "--install", "systemd", "--user")
    assert said.code == 4
    assert said.err.splitlines() == [
        "storyrelay: systemd couldn't be told. Next: systemctl --user daemon-reload",
        "storyrelay: systemd couldn't be told. Next: systemctl --user enable --now storyrelay.timer",
    ]


def test_units_of_another_config_are_left_alone(here: Here, shop: Shop, timers: Timers) -> None:
    other = units_of(Installation(Path("/bin/storyrelay"), Path("/club.yaml")))
    Units(units_at(shop), personal=True).write(other)
    for word in ("--install", "--remove"):
        said = here("cron", word, "systemd", "--user")
        assert said.code == 2
        assert "starts another config" in said.err
    assert (units_at(shop) / "storyrelay.service").read_text() == other["storyrelay.service"]
    assert timers.orders() == []


def test_for_root_the_units_are_the_systems_and_run_as_the_configs_owner(
    here: Here, shop: Shop, timers: Timers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("pipeline.cli.cron.OF_THE_SYSTEM", shop.root / "etc")
    shop.settings()
    if os.getuid() == 0:
        os.chown(shop.root / "storyrelay.yaml", 1, 1)
    assert here("cron", "--install", "systemd").code == 0
    text = (shop.root / "etc" / "storyrelay.service").read_text()
    assert f"User={(shop.root / 'storyrelay.yaml').owner()}\n" in text
    assert timers.orders() == ["daemon-reload", "enable --now storyrelay.timer"]


def test_folders_of_log_and_phone_can_be_written_and_adb_is_found(
    here: Here, shop: Shop, timers: Timers
) -> None:
    adb = timers.folder / "adb"
    adb.write_text("#!/bin/sh\n")
    adb.chmod(0o755)
    shop.destinations = (
        "{whatsapp: {platform: whatsapp_status, channels: [intent, folder]}}\nlog: {file: logs/run.log}"
    )
    said = here("cron", "--user")
    assert f'"-{shop.root}/logs" "-{shop.root}/home/.android"\n' in said.out
    assert f" PATH=/usr/local/bin:/usr/bin:/bin:{timers.folder} " in said.out


def test_a_secret_that_no_such_run_would_get_is_warned_of(here: Here, shop: Shop, timers: Timers) -> None:
    shop.destinations = f"{WHATSAPP}\nmonitor: {{url: {{env: PING}}}}"
    said = here("cron", "--user")
    assert said.code == 0
    assert "monitor.url is in the environment variable PING" in said.err


def test_the_service_that_watches_is_put_in_and_taken_out(here: Here, shop: Shop, timers: Timers) -> None:
    said = here("cron", "--install", "watch", "--user")
    assert (said.code, said.err) == (0, "")
    unit = units_at(shop) / "storyrelay-watch.service"
    assert (
        f'ExecStart="{shop.root}/venv/bin/storyrelay" watch -c "{shop.root}/storyrelay.yaml"\n'
        in unit.read_text()
    )
    assert timers.orders() == [ORDERS[0], "--user enable --now storyrelay-watch.service"]
    assert here("cron", "--user").out.count("\nExecStart=") == 2
    assert here("cron", "--remove", "watch", "--user").out == f"removed {unit}\n"
    assert list(units_at(shop).iterdir()) == []


def test_options_after_the_config_leave_a_unit_ours(here: Here, shop: Shop, timers: Timers) -> None:
    here("cron", "--install", "watch", "--user")
    unit = units_at(shop) / "storyrelay-watch.service"
    unit.write_text(unit.read_text().replace('storyrelay.yaml"\n', 'storyrelay.yaml" --poll\n'))
    assert "--poll" in unit.read_text()
    assert here("cron", "--remove", "watch", "--user").code == 0
    assert not unit.exists()


@pytest.mark.parametrize(
    ("first", "second"),
    [("crontab", "watch"), ("systemd", "watch"), ("watch", "crontab"), ("watch", "systemd")],
)
def test_two_ways_that_would_both_run_are_warned_of(
    here: Here, timers: Timers, first: str, second: str
) -> None:
    assert here("cron", "--install", first, "--user").err == ""
    assert here("cron", "--install", first, "--user").err == ""
    said = here("cron", "--install", second, "--user")
    assert said.code == 0
    assert said.err.count("warning: ") == 1
    assert f"{first} starts runs of this config, too" in said.err
    assert said.err.endswith(f"Next: storyrelay cron --remove {first}\n")
    here("cron", "--remove", first, "--user")
    assert here("cron", "--install", second, "--user").err == ""


@pytest.mark.parametrize(
    "words",
    [("--set", "fit=cover"), ("--install", "anacron"), ("--install", "crontab", "--remove", "crontab")],
)
def test_what_cannot_be_put_in_is_refused(here: Here, timers: Timers, words: tuple[str, ...]) -> None:
    assert here("cron", *words).code == 2
    assert not timers.kept.exists()

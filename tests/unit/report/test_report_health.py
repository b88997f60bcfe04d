"""What doctor finds, one check at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Place, load_settings
from pipeline.report.health import Check, checks_as_json, checks_lines, guarded
from pipeline.report.health.extras import crops_by_itself, faces_check, watch_check
from pipeline.report.health.packages import (
    NEEDS,
    Need,
    package_check,
    package_checks,
    python_check,
    region_check,
)
from pipeline.report.health.places import inbox_check, lock_check, network_check, writable_check
from pipeline.report.health.programs import sqlite_check

PILLOW = Need("pillow", "13", "14")
MOVIEPY = Need("moviepy", "2.2.1", without_its_own=True)


def raises() -> Check:
    raise PermissionError("no")


def test_a_check_that_cannot_be_made_is_unknown_and_not_missing() -> None:
    check = guarded("lock", raises)
    assert (check.status, check.fix) == ("unknown", None)


@pytest.mark.parametrize(
    ("installed", "status"),
    [("13.0.0", "ok"), ("13.2", "ok"), ("12.1", "fail"), ("14.0", "warn"), ("9.99", "fail"), (None, "fail")],
)
def test_a_package_is_judged_by_its_version(installed: str | None, status: str) -> None:
    assert package_check(PILLOW, installed).status == status


def test_a_missing_package_comes_with_the_command_that_brings_it() -> None:
    fix = package_check(PILLOW, None).fix
    assert fix is not None
    assert fix.endswith('-m pip install "pillow>=13,<14"')


def test_moviepy_is_installed_without_what_it_asks_for() -> None:
    fix = package_check(MOVIEPY, None).fix
    assert fix is not None
    assert fix.endswith('-m pip install --no-deps "moviepy==2.2.1"')
    assert "would pull Pillow back" in package_check(MOVIEPY, "2.2.1").detail


def test_everything_that_is_needed_is_installed_here() -> None:
    checks = list(package_checks())
    assert [check.name for check in checks] == ["python", *(need.package for need in NEEDS)]
    assert {check.status for check in checks} == {"ok"}


def test_an_old_python_fails() -> None:
    assert python_check((3, 10, 9)).status == "fail"
    assert python_check((3, 11, 0)).status == "ok"


@pytest.mark.parametrize(("version", "status"), [("3.36.0", "fail"), ("3.40.1", "ok"), ("3.51.3", "ok")])
def test_sqlite_must_know_strict_tables(version: str, status: str) -> None:
    assert sqlite_check(version).status == status


def test_the_known_bug_of_sqlite_is_told_though_it_does_no_harm_here() -> None:
    assert "WAL-reset" in sqlite_check("3.51.2").detail
    assert "WAL-reset" not in sqlite_check("3.51.3").detail


def test_an_inbox_that_is_not_there_comes_with_the_command_that_makes_it(tmp_path: Path) -> None:
    check = inbox_check(tmp_path / "my inbox", tmp_path)
    assert (check.status, check.fix) == ("fail", f"mkdir -p '{tmp_path / 'my inbox'}'")
    assert inbox_check(tmp_path, tmp_path).status == "ok"


def test_a_folder_that_can_be_made_counts_as_writable(tmp_path: Path) -> None:
    assert writable_check("outbox", tmp_path / "new" / "outbox").status in {"ok", "warn"}
    assert not (tmp_path / "new").exists()


def test_a_file_in_the_way_of_a_folder_fails(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("")
    assert writable_check("outbox", tmp_path / "outbox").status == "fail"


def test_a_state_on_a_local_disk_is_fine(tmp_path: Path) -> None:
    assert network_check(tmp_path / "state").status == "ok"


def test_a_run_under_way_is_told_with_its_process(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    inode = (tmp_path / "lock").stat().st_ino
    locks = tmp_path / "locks"
    locks.write_text(f"1: FLOCK  ADVISORY  WRITE 4711 fe:01:{inode} 0 EOF\n")
    check = lock_check(tmp_path, locks)
    assert check.status == "warn"
    assert "4711" in check.detail


def test_a_lock_that_nobody_holds_is_free(tmp_path: Path) -> None:
    assert lock_check(tmp_path / "nowhere").detail == "free"
    (tmp_path / "lock").touch()
    locks = tmp_path / "locks"
    locks.write_text("1: POSIX  ADVISORY  WRITE 4711 fe:01:1 0 EOF\n")
    assert lock_check(tmp_path, locks).status == "ok"


def test_people_see_the_fix_below_what_fails() -> None:
    lines = list(checks_lines([Check("inbox", "fail", "gone", "mkdir x"), Check("av", "ok", "18", "unused")]))
    assert lines[0].split() == ["fail", "inbox", "gone"]
    assert lines[1].strip() == "fix: mkdir x"
    assert len(lines) == 3


def test_programs_see_every_field() -> None:
    plain = checks_as_json([Check("av", "ok", "18")])
    assert plain == {"checks": [{"name": "av", "status": "ok", "detail": "18", "fix": None}]}


def test_a_missing_search_for_faces_is_told_only_to_those_who_would_use_it() -> None:
    wanted = faces_check(wanted=True, installed=False, runs=True)
    assert (wanted.status, str(wanted.fix).endswith('-m pip install "dlib-bin>=20.0.1,<21"')) == (
        "warn",
        True,
    )
    assert faces_check(wanted=False, installed=False, runs=True).status == "ok"
    assert faces_check(wanted=True, installed=True, runs=True).status == "ok"


def test_a_processor_that_cannot_search_for_faces_is_told() -> None:
    assert "AVX" in faces_check(wanted=True, installed=True, runs=False).detail
    assert faces_check(wanted=True, installed=True, runs=False).status == "warn"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fit: cover", True),
        ("fit: cover\nfocal: center", False),
        ("fit: blur", False),
        ("destinations: {a: {platform: whatsapp_status, fit: cover}}", True),
    ],
)
def test_settings_say_whether_faces_are_searched_for(tmp_path: Path, text: str, wanted: bool) -> None:  # noqa: FBT001
    (tmp_path / "a.yaml").write_text(f"inbox: in\n{text}\n")
    assert crops_by_itself(load_settings(tmp_path / "a.yaml", (), Place({}, tmp_path, None))) is wanted


def test_phonenumbers_is_only_wanted_by_a_default_region() -> None:
    assert region_check("BR", "9.0.43").status == "ok"
    missing = region_check("BR", None)
    assert missing.status == "warn"
    assert missing.fix
    assert missing.fix.endswith('-m pip install "phonenumbers>=9,<10"')


def test_watching_takes_watchfiles_and_only_where_something_starts_it_is_it_missed() -> None:
    unit = Path("/etc/systemd/system/storyrelay-watch.service")
    assert watch_check(unit=unit, installed=True).status == "ok"
    assert watch_check(unit=None, installed=False).status == "ok"
    missed = watch_check(unit=unit, installed=False)
    assert missed.status == "warn"
    assert str(unit) in missed.detail
    assert missed.fix is not None
    assert missed.fix.endswith('-m pip install "watchfiles>=1.1,<2"')

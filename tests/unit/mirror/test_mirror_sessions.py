"""Session files: whole, for their owner's eyes alone, and forgotten without forgetting the phone."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import EnvironmentFault, NeedsPerson
from pipeline.mirror.session import Saved, SessionFile, session_file

SECRET = "50000000001%3A32c8350609906d4cd2bc3fe665b9%3A12"  # noqa: S105 - of nobody
SETTINGS = {
    "uuids": {"uuid": "1"},
    "device_settings": {"model": "Pixel 8 Pro"},
    "mid": "abc",
    "authorization_data": {"sessionid": SECRET},
    "cookies": {"sessionid": SECRET},
    "last_login": 1.5,
}
SINCE = datetime(2026, 11, 25, 18, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> SessionFile:
    return session_file(tmp_path / "state", "shop")


def test_what_is_kept_is_read_again(file: SessionFile) -> None:
    assert file.read() is None
    file.write(Saved(SETTINGS, "shop", SINCE))
    assert file.read() == Saved(SETTINGS, "shop", SINCE)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_nobody_else_can_read_it_whatever_the_umask(file: SessionFile, umask: int) -> None:
    before = os.umask(umask)
    try:
        file.write(Saved(SETTINGS))
    finally:
        os.umask(before)
    assert file.path.stat().st_mode & 0o077 == 0
    assert file.path.parent.stat().st_mode & 0o777 == 0o700


def test_a_file_that_was_open_to_others_is_closed_again(file: SessionFile) -> None:
    file.write(Saved(SETTINGS))
    file.path.chmod(0o644)
    file.path.parent.chmod(0o755)
    file.write(Saved(SETTINGS))
    assert (file.path.stat().st_mode & 0o777, file.path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_write_that_fails_leaves_what_was_there(file: SessionFile) -> None:
    file.write(Saved(SETTINGS, "shop"))
    file.path.parent.chmod(0o700)
    circular: dict[str, object] = {}
    circular["again"] = circular
    with pytest.raises(ValueError, match="Circular"):
        file.write(Saved(circular))
    assert file.read() == Saved(SETTINGS, "shop")
    assert [entry.name for entry in file.path.parent.iterdir()] == ["shop.json"]


def test_a_folder_that_cannot_be_made_is_a_fault_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file is in the way")
    with pytest.raises(EnvironmentFault, match="can't be written"):
        session_file(tmp_path / "state", "shop").write(Saved(SETTINGS))


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"settings": 3}', '{"settings": {}, "since": "x"}']
)
def test_a_damaged_file_needs_a_person(file: SessionFile, content: str) -> None:
    file.path.parent.mkdir(parents=True)
    file.path.write_text(content)
    with pytest.raises(NeedsPerson, match="damaged") as told:
        file.read()
    assert told.value.everything


def test_the_phone_alone_holds_nothing_to_log_in_with() -> None:
    saved = Saved(SETTINGS, "shop", SINCE)
    phone = saved.device()
    assert saved.logged_in
    assert not phone.logged_in
    assert SECRET not in json.dumps(phone.settings)
    assert phone.settings.keys() == {"uuids", "device_settings", "mid"}


def test_a_session_shows_nothing_of_itself() -> None:
    assert SECRET not in repr(Saved(SETTINGS, "shop", SINCE))


def test_forgetting_removes_the_file_and_what_a_crash_left_of_it(file: SessionFile) -> None:
    file.write(Saved(SETTINGS))
    (file.path.parent / ".storyrelay-0123.json").write_text(SECRET)
    file.forget()
    file.forget()
    assert list(file.path.parent.iterdir()) == []

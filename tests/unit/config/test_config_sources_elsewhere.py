"""Folders elsewhere in the config: addresses, options, and what of them is a secret."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.config import Place, Settings
from pipeline.config.folder_address import revealed, secrets_in, shown
from pipeline.config.secrets import careless, only_in_environment
from pipeline.config.showing import settings_as_yaml
from pipeline.errors import ConfigError

Load = Callable[..., Settings]
Problems = Callable[..., list[str]]


def of(source: str) -> str:
    return f"inbox: inbox\nsources: {{nas: {source}}}\n"


def test_a_folder_of_this_computer_is_a_whole_path(load: Load, place: Place) -> None:
    assert load(of("{folder: ../synced}")).sources["nas"].folder == str(place.cwd.parent / "synced")
    assert load(of("{folder: ~/synced}")).sources["nas"].folder == f"{place.home}/synced"
    assert load(of("{folder: file:///srv/synced/}")).sources["nas"].folder == "/srv/synced"


def test_an_address_in_the_clear_stays_as_it_is(load: Load) -> None:
    assert load(of("{folder: s3://bucket/stories/}")).sources["nas"].folder == "s3://bucket/stories"
    source = load(of("{folder: 'sftp://ana@nas.example:2222/stories'}")).sources["nas"]
    assert shown(source) == "sftp://nas.example:2222/stories"


@pytest.mark.parametrize(
    "address",
    [
        *("sftp://ana:sesame@nas.example/x", "webdavs://nas.example/x?token=sesame", "sftp://[sesame/x"),
        *("sftp://ana:sesame/1@nas.example/x", "sftp://ana:1/sesame@nas.example/x"),
    ],
)
def test_an_address_with_a_password_is_a_secret_without_being_told(load: Load, address: str) -> None:
    settings = load(of(f"{{folder: '{address}'}}"))
    source = settings.sources["nas"]
    assert "sesame" not in settings_as_yaml(settings) + shown(source) + repr(source)
    assert [where for where, _ in secrets_in(source)] == ["folder"]
    assert any("sources.nas.folder stands in the config" in told for told in careless(settings))
    url, _, secrets = revealed("nas", source)
    assert url == address
    assert address in secrets


def test_options_that_may_be_secrets_are_kept_as_such(load: Load, tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("sesame\n")
    options = (
        "{endpoint_url: https://s3.example, key: AKIA1, secret: {file: pw}, anon: false, "
        "client_kwargs: {aws_session_token: AKIA2, verify: false}, headers: [{auth: AKIA3}], key_filename: k}"
    )
    settings = load(of(f"{{folder: s3://bucket, options: {options}}}"))
    assert "AKIA" not in settings_as_yaml(settings)
    _, plain, secrets = revealed("nas", settings.sources["nas"])
    assert plain["secret"] == "sesame"  # noqa: S105 - of a test
    assert plain["client_kwargs"] == {"aws_session_token": "AKIA2", "verify": False}
    assert (plain["endpoint_url"], plain["key_filename"]) == ("https://s3.example", "k")
    assert secrets == {"AKIA1", "AKIA2", "AKIA3", "sesame"}


def test_a_secret_of_a_source_that_cron_would_not_get_is_warned_of(load: Load) -> None:
    settings = load(of("{folder: {env: NAS}, options: {password: {env: NAS_PASSWORD}}}"))
    assert list(only_in_environment(settings)) == [
        ("sources.nas.folder", "NAS"),
        ("sources.nas.options.password", "NAS_PASSWORD"),
    ]
    with pytest.raises(ConfigError, match=r"sources\.nas\.folder: the environment variable NAS isn't set"):
        revealed("nas", settings.sources["nas"])


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{folder: inbox/far}", "the inbox"),
        ("{folder: .}", "the inbox"),
        ("{folder: outbox}", "the outbox"),
        ("{folder: 's3://'}", "names no server or bucket"),
        ("{folder: s3://b, options: {a-b: 1}}", "'a-b' is not the name of an option"),
        ("{folder: s3://b, options: {secret: {env: a b}}}", "not the name of an environment variable"),
    ],
)
def test_what_cannot_be_a_source_is_told(problems: Problems, source: str, problem: str) -> None:
    (found,) = problems(of(source))
    assert found.startswith("storyrelay.yaml:2: sources.nas.")
    assert problem in found

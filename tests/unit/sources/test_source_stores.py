"""Addresses that can't be opened, and what is said of them."""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError, EnvironmentFault
from pipeline.sources.stores import Address, open_store


def at(url: str, **options: object) -> Address:
    return Address("nas", url, options, 5, 5)


def test_an_address_that_fsspec_does_not_know_is_a_mistake_in_the_config() -> None:
    with pytest.raises(ConfigError, match=r"sources\.nas: Protocol not known: gopher\. Next: correct it"):
        open_store(at("gopher://x/y"))


@pytest.mark.parametrize("url", ["sftp://ana:sesame/1@nas.example/x", "webdav://ana:sesame/1@nas.example/x"])
def test_what_cannot_be_understood_is_not_repeated(url: str) -> None:
    with pytest.raises(ConfigError, match="can't be understood") as told:
        open_store(at(url))
    assert "sesame" not in str(told.value)


def test_an_option_that_is_not_known_is_named() -> None:
    with pytest.raises(ConfigError, match=r"sources\.nas: .*nonsense"):
        open_store(at("webdav://nas.example/x", nonsense=1))


def test_a_package_that_fsspec_asks_for_comes_with_the_command() -> None:
    with pytest.raises(EnvironmentFault, match=r'gcsfs.*-m pip install "fsspec>=2026\.2" gcsfs'):
        open_store(at("gs://bucket/x"))

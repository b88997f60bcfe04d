"""Packages whose names are imported when they are first used."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

import pytest

import pipeline

LATER = [
    module.name
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline.")
    if module.ispkg and hasattr(import_module(module.name), "__getattr__")
]


def test_there_are_such_packages() -> None:
    assert {"pipeline.config", "pipeline.ledger", "pipeline.plan"} <= set(LATER)


@pytest.mark.parametrize("name", LATER)
def test_every_name_is_found_and_none_is_hidden_by_a_module_of_the_same_name(name: str) -> None:
    package = import_module(name)
    for module in pkgutil.iter_modules(package.__path__):
        import_module(f"{name}.{module.name}")
    assert not [given for given in package.__all__ if isinstance(getattr(package, given), ModuleType)]
    with pytest.raises(AttributeError, match="has no attribute 'never'"):
        package.never  # noqa: B018 - that's the question

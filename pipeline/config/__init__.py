"""The door to the settings: what the person chose, checked, and what the platforms take.

The names below are imported when they are first used, because the schema behind them is slow to load.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pipeline.config.hours import QuietHours
from pipeline.config.place import Place, here
from pipeline.config.shipped import known_platforms, shipped

if TYPE_CHECKING:
    from pipeline.config.loading import load_settings
    from pipeline.config.phone import PhoneSettings
    from pipeline.config.settings import Settings
    from pipeline.config.showing import PlatformFact, facts, schema, settings_as_yaml
    from pipeline.config.sidecar import parse_sidecar

_WHERE = {
    "load_settings": "loading",
    "Settings": "settings",
    "PageSettings": "page",
    "PhoneSettings": "phone",
    "PlatformFact": "showing",
    "facts": "showing",
    "page_address": "page",
    "schema": "showing",
    "settings_as_yaml": "showing",
    "parse_sidecar": "sidecar",
}

__all__ = [
    "PageSettings",
    "PhoneSettings",
    "Place",
    "PlatformFact",
    "QuietHours",
    "Settings",
    "facts",
    "here",
    "known_platforms",
    "load_settings",
    "page_address",
    "parse_sidecar",
    "schema",
    "settings_as_yaml",
    "shipped",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)

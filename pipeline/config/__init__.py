"""The door to the settings: what the person chose, checked, and what the platforms take.

The names below are imported when they are first used, because the schema behind them is slow to load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.config.hours import QuietHours
from pipeline.config.place import Place, here
from pipeline.config.shipped import known_platforms, shipped
from pipeline.tools.later import imported_later

if TYPE_CHECKING:
    from pipeline.config.kept import keep
    from pipeline.config.loading import load_settings
    from pipeline.config.phone import PhoneSettings
    from pipeline.config.settings import Settings
    from pipeline.config.showing import PlatformFact, facts, schema, settings_as_yaml
    from pipeline.config.sidecar import parse_sidecar

__all__ = [
    "PageSettings",
    "PhoneSettings",
    "Place",
    "PlatformFact",
    "QuietHours",
    "Settings",
    "facts",
    "here",
    "keep",
    "known_platforms",
    "load_settings",
    "page_address",
    "parse_sidecar",
    "schema",
    "settings_as_yaml",
    "shipped",
]


__getattr__ = imported_later(
    __name__,
    {
        "keep": "kept",
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
    },
)

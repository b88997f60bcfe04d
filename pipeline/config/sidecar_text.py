"""A sidecar as text, for files that come without one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import yaml

from pipeline.config.showing import Dumper


def sidecar_text(keys: Mapping[str, object]) -> str:
    """YAML that reads as these keys; moments are written with their offset."""
    plain = {
        key: value.isoformat(" ", "seconds") if isinstance(value, datetime) else value
        for key, value in keys.items()
    }
    return yaml.dump(plain, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=1000)

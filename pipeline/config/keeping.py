"""Settings in a form that is read without their schema."""

from __future__ import annotations

import pickle
from io import BytesIO
from typing import Any

from pydantic import BaseModel

from pipeline.config.accounts import Secret
from pipeline.config.kept import Kept, KeptSettings
from pipeline.config.settings import Settings


class SecretFound(Exception):
    """A secret stands in the config."""


class _Keeper(pickle.Pickler):
    def reducer_override(self, given: Any) -> Any:
        """How a group of keys is written; everything else as usual."""
        if isinstance(given, Secret) and given.plain is not None:
            raise SecretFound
        if isinstance(given, Settings):
            return KeptSettings, (_values(given) | _worked_out(given),)
        return (Kept, (_values(given),)) if isinstance(given, BaseModel) else NotImplemented


def pickled(settings: Settings) -> bytes | None:
    """None where that can't be, or mustn't."""
    written = BytesIO()
    try:
        _Keeper(written).dump(settings)
    except (SecretFound, pickle.PickleError, TypeError, AttributeError):
        return None
    return written.getvalue()


def _values(given: BaseModel) -> dict[str, Any]:
    return {name: getattr(given, name) for name in type(given).model_fields}


def _worked_out(settings: Settings) -> dict[str, Any]:
    return {
        "file": settings.file,
        "profiles": dict(settings.profiles),
        "schedules": {name: settings.schedule_of(name) for name in settings.destinations},
        "zone": settings.timezone(),
    }

"""The settings in force, as text and as tables."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, NamedTuple

import yaml

from pipeline.config.platforms import fact_sheet
from pipeline.config.settings import Settings
from pipeline.config.values import KeyPath, dotted
from pipeline.config.yaml12 import kind_of
from pipeline.model import Profile

TEXT_TAG = "tag:yaml.org,2002:str"


class PlatformFact(NamedTuple):
    """One figure in force, and why; `as_of` is None for a person's own."""

    platform: str
    key: str
    value: Any
    source: str
    as_of: date | None


class Dumper(yaml.SafeDumper):
    """Quotes every text that this program or an older YAML would read as something else."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(TEXT_TAG, text, style=None if kind_of(text) == "str" else '"')


def _number(dumper: yaml.SafeDumper, number: float) -> yaml.ScalarNode:
    return dumper.represent_int(int(number)) if number.is_integer() else dumper.represent_float(number)


Dumper.add_representer(str, _text)
Dumper.add_representer(float, _number)


def settings_as_yaml(settings: Settings) -> str:
    """The settings in force, with every figure of the platforms in use; reading it gives the same again."""
    plain = settings.model_dump(mode="json")
    own = {name: figures.written() for name, figures in settings.platforms.items()}
    used = {name: _figures(profile) for name, profile in settings.profiles.items()}
    plain["platforms"] = own | used
    return yaml.dump(plain, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=1000)


def _figures(profile: Profile) -> dict[str, Any]:
    plain = dataclasses.asdict(profile)
    return {key: value for key, value in plain.items() if key not in ("name", "as_of")}


def schema() -> dict[str, Any]:
    """The JSON schema of the config file, for editors."""
    described = Settings.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}


def facts(settings: Settings) -> list[PlatformFact]:
    """Every figure of the platforms in use, with its source and date."""
    return [
        _fact(settings, platform, path)
        for platform in settings.profiles
        for path in fact_sheet(platform).facts
    ]


def _fact(settings: Settings, platform: str, path: KeyPath) -> PlatformFact:
    own = settings.platforms.get(platform)
    written = _at(own.written(), path) if own else ()
    if written != ():
        return PlatformFact(platform, dotted(path), written, str(settings.file or "--set"), None)
    fact = fact_sheet(platform).facts[path]
    return PlatformFact(platform, dotted(path), fact.value, fact.source, fact.as_of)


def _at(tree: Any, path: KeyPath) -> Any:
    """The value at `path`, or () where nothing was written."""
    for step in path:
        if not isinstance(tree, dict) or step not in tree:
            return ()
        tree = tree[step]
    return tree

"""Which language a browser wants, and the words of the page in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

ENGLISH = "en"
LANGUAGES = {"en": ENGLISH, "pt": "pt-BR"}
"""By the first part of a language's tag: somebody from Lisbon reads Brazilian sooner than English."""


def spoken(accepted: str) -> str:
    """The best of our languages for an Accept-Language (RFC 9110): English unless another is wanted more."""
    wanted: list[tuple[float, str]] = []
    for choice in accepted.split(",")[:20]:
        tag, *rest = choice.strip().split(";")
        language = LANGUAGES.get(tag.strip().partition("-")[0].lower())
        if language:
            wanted.append((_weight(rest), language))
    best = max(wanted, key=lambda choice: choice[0], default=(0.0, ENGLISH))
    return best[1] if best[0] > 0 else ENGLISH


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


@cache
def words_in(language: str) -> Mapping[str, str]:
    """Every word of the page, by its name."""
    text = files("pipeline.page").joinpath("words", f"{language}.json").read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(text)
    return words

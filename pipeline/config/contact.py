"""How people reach the person: a number, and the country of numbers without one."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from pipeline.config.fields import Section, as_written


def _full_number(text: str) -> str:
    without_trunk = text.replace("(0)", "")
    if not re.fullmatch(r"\+[1-9](?:[ ().\-/]*[0-9]){6,14}", without_trunk):
        raise ValueError(f"'{text}' is not a whole number with its country code, such as +55 11 98765-4321")
    return text


def _region(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", text):
        raise ValueError(f"'{text}' is not a country's two letters, such as BR")
    if text == "UK":
        raise ValueError("'UK' is not the code of a country: write GB")
    return text


Region = Annotated[str, AfterValidator(_region)]
FullNumber = Annotated[str, BeforeValidator(as_written), AfterValidator(_full_number)]


class Contact(Section):
    """Where the link of a story leads to that has none of its own."""

    whatsapp: FullNumber | None = Field(
        default=None, description="Your number, such as +55 11 98765-4321: the link of stories without one."
    )
    message: str = Field(default="", description="What the chat begins with, when somebody taps the link.")

"""The kinds of values that the config and the sidecars share."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


class Section(BaseModel):
    """A group of keys. A key with nothing after it counts as not written, unless `empty_counts`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    empty_counts: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty_keys(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        skipped = cls.model_fields.keys() - cls.empty_counts
        return {key: entry for key, entry in value.items() if entry is not None or key not in skipped}

    def written(self) -> dict[str, Any]:
        """Only the keys that were written, as plain values."""
        return self.model_dump(exclude_unset=True)


def as_written(value: Any) -> Any:
    """`whatsapp: 5511987654321` without quotes is a number to YAML, and meant as these very digits."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


WithDigits = Annotated[str, BeforeValidator(as_written), StringConstraints(strip_whitespace=True)]


def _colour(text: str) -> str:
    if not COLOUR.fullmatch(text):
        raise ValueError(f"'{text}' is not a colour such as \"#1a2b3c\"")
    digits = text[1:].lower()
    return "#" + (digits if len(digits) == len("rrggbb") else "".join(digit * 2 for digit in digits))


Colour = Annotated[
    str,
    AfterValidator(_colour),
    WithJsonSchema({"type": "string", "pattern": "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"}),
    Field(examples=["#1a2b3c"]),
]

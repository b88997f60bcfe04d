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
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from pipeline.model import Focal

AUTO = "auto"
FOCAL_POINTS = {
    "center": (0.5, 0.5),
    "centre": (0.5, 0.5),
    "top": (0.5, 0.0),
    "bottom": (0.5, 1.0),
    "left": (0.0, 0.5),
    "right": (1.0, 0.5),
}
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


def _name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]+", text):
        raise ValueError(f"'{text}' is not a name: use a to z, 0 to 9, _ and - only")
    return text


Name = Annotated[str, AfterValidator(_name)]


def as_written(value: Any) -> Any:
    """`whatsapp: 5511987654321` without quotes is a number to YAML, and meant as these very digits."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


WithDigits = Annotated[str, BeforeValidator(as_written), StringConstraints(strip_whitespace=True)]


def _colour(text: str) -> str:
    if not COLOUR.fullmatch(text):
        raise ValueError(f"'{text}' is not a colour such as \"#1a2b3c\"")
    digits = text[1:].lower()
    return "#" + (digits if len(digits) == len("rrggbb") else "".join(digit * 2 for digit in digits))


def _colour_or_auto(text: str) -> str:
    return AUTO if text.lower() == AUTO else _colour(text)


def _focal(value: Any) -> Focal:
    name = value.lower() if isinstance(value, str) else ""
    if name == AUTO:
        return "auto"
    if name in FOCAL_POINTS:
        return FOCAL_POINTS[name]
    if isinstance(value, list | tuple) and len(value) == len("xy") and all(map(_is_fraction, value)):
        return float(value[0]), float(value[1])
    names = ", ".join(name for name in (AUTO, *FOCAL_POINTS) if name != "centre")
    raise ValueError(f"needs two fractions from 0 to 1, such as [0.5, 0.3], or one of {names}")


def _is_fraction(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


Colour = Annotated[
    str,
    AfterValidator(_colour),
    WithJsonSchema({"type": "string", "pattern": "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"}),
    Field(examples=["#1a2b3c"]),
]

ColourOrAuto = Annotated[
    str,
    AfterValidator(_colour_or_auto),
    WithJsonSchema({"type": "string", "pattern": "^(auto|#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}))$"}),
    Field(examples=["#1a2b3c", AUTO]),
]
FocalPoint = Annotated[
    Focal,
    PlainValidator(_focal),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": [AUTO, *FOCAL_POINTS]},
                {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            ]
        }
    ),
]

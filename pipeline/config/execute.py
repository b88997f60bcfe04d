"""Where renditions are made: on this computer, or by the workers of a farm."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from pipeline.config.fields import Section
from pipeline.config.folders import lies_in
from pipeline.config.stores import is_elsewhere, store_address


def farm_address(text: str) -> str:
    """A scheduler's address, as dask writes it. Raises ValueError."""
    wrong = ValueError(f"'{text}' is no address of a scheduler such as tcp://scheduler:8786 or tls://…")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("tcp", "tls") or not parts.hostname or port is None:
        raise wrong
    if "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("has more than a name and a port; certificates for tls: in dask's own config")
    return f"{parts.scheme}://{parts.netloc}"


def _share(value: Any, info: ValidationInfo) -> str:
    return store_address(value, info, ("execute", "share"))


class ExecuteSettings(Section):
    """Both or neither: workers get assets and give renditions through what they share with us."""

    farm: Annotated[str, AfterValidator(farm_address)] | None = Field(
        default=None, description="A dask scheduler whose workers make renditions; null for this computer."
    )
    share: Annotated[str, BeforeValidator(_share), WithJsonSchema({"type": "string"})] | None = Field(
        default=None, description="A folder that all see under the same path, or an address such as s3://…"
    )

    @model_validator(mode="after")
    def _both(self) -> ExecuteSettings:
        if (self.farm is None) != (self.share is None):
            lacks, because = (
                ("share", "is needed too: what workers get and give goes through it")
                if self.share is None
                else ("farm", "is needed too: the scheduler, such as tcp://scheduler:8786")
            )
            raise PydanticCustomError("farm", "{what}", {"what": because, "at": (lacks,)})
        return self

    def share_problem(self, ours: dict[str, Path]) -> str | None:
        """Why the share may not lie where it does: old files are deleted there."""
        if self.share is None or is_elsewhere(self.share):
            return None
        share = Path(self.share)
        for name, folder in ours.items():
            if lies_in(share, folder) or lies_in(folder, share):
                return f"'{share}' and {name} ({folder}) may not lie in one another: use a folder of its own"
        return None

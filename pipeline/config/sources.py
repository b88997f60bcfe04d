"""Where stories come from beside the inbox: your own live stories of an account, or a folder elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline.config.fields import Name, Section
from pipeline.config.folder_address import FolderAddress, FolderOptions
from pipeline.config.nearest import did_you_mean

if TYPE_CHECKING:
    from pipeline.config.accounts import Account

USUAL_MINUTES = 10.0


class SourceSettings(Section):
    """One source: exactly one of `instagram` and `folder`."""

    instagram: Name | None = Field(
        default=None, description="One of `accounts`: your own live stories there are fetched."
    )
    folder: FolderAddress | None = Field(
        default=None, description="A folder elsewhere, by an address that fsspec knows, such as s3://…"
    )
    options: FolderOptions = Field(
        default={},
        description="What fsspec takes for such a folder; keys and passwords as env, file or keyring.",
    )
    every_minutes: Annotated[float, Field(ge=0, le=24 * 60)] | None = Field(
        default=None,
        description="So long a run leaves it alone after a look; null is 10 for Instagram, 0 for a folder.",
    )
    enabled: bool = Field(default=True, description="Whether anything is fetched from there.")

    @property
    def rest_minutes(self) -> float:
        """How long it's left alone after a look: Instagram distrusts who asks all the time."""
        if self.every_minutes is not None:
            return self.every_minutes
        return 0 if self.instagram is None else USUAL_MINUTES

    @model_validator(mode="after")
    def _one_kind(self) -> SourceSettings:
        if (self.instagram is None) == (self.folder is None):
            raise ValueError("needs exactly one of instagram, folder")
        if self.instagram is not None and self.options:
            what = "goes with `folder` only"
            raise PydanticCustomError("options", "{what}", {"what": what, "at": ("options",)})
        return self


def check_accounts_of_sources(sources: Mapping[str, SourceSettings], accounts: Mapping[str, Account]) -> None:
    """Every account that is fetched from must be there, and have one source. Raises PydanticCustomError."""
    served: dict[str, str] = {}
    for name, source in sources.items():
        account = source.instagram
        if account is None:
            continue
        what = None
        if account not in accounts:
            what = f"'{account}' is not one of `accounts`; {did_you_mean(account, tuple(accounts))}"
        elif accounts[account].token is not None:
            what = f"'{account}' has a token, which can't fetch stories: use an account with a login"
        elif account in served:
            what = f"'{account}' already is the source '{served[account]}': an account is fetched from once"
        if what:
            at = ("sources", name, "instagram")
            raise PydanticCustomError("account", "{what}", {"what": what, "at": at})
        served[account] = name

"""The ways a destination's stories go, and which accounts go with which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from pipeline.config.nearest import did_you_mean

if TYPE_CHECKING:
    from pipeline.config.accounts import Account
    from pipeline.config.settings import Destination

Via = Literal["person", "instagrapi", "graph"]
PUBLISHED: Mapping[str, tuple[str, ...]] = {
    "instagrapi": ("instagram_story",),
    "graph": ("instagram_story", "facebook_story"),
}
"""The platforms that each way publishes to."""


def via_problem(
    destination: Destination, known: Mapping[str, Account], served: Mapping[str, str]
) -> str | None:
    """What is wrong with a destination's way and account; `served` are accounts that others have already."""
    via, account = destination.via, destination.account
    if (via == "person") != (account is None):
        return f"`via: {via}` goes {'without' if account else 'with'} an account"
    if account is None:
        return None
    if destination.platform not in PUBLISHED[via]:
        return f"`via: {via}` publishes to {' and '.join(PUBLISHED[via])}, not to {destination.platform}"
    if account not in known:
        return f"'{account}' is not one of `accounts`; {did_you_mean(account, tuple(known))}"
    if account in served:
        return f"'{account}' already serves '{served[account]}': an account has one destination"
    return _unsuited(via, account, known[account])


def _unsuited(via: Via, name: str, account: Account) -> str | None:
    """Meta's API knows an account by number and token, instagrapi by name and password."""
    if via == "graph" and (account.id is None or account.token is None):
        lacks = " and ".join(key for key in ("id", "token") if getattr(account, key) is None)
        return f"`via: graph` needs accounts.{name}.{lacks.replace(' and ', f' and accounts.{name}.')}"
    if via == "instagrapi" and account.token is not None:
        return f"'{name}' has a token, which is for `via: graph`: use that, or an account of its own"
    return None

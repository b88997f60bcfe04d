"""Who asks, and what they may."""

from __future__ import annotations

from typing import Any

from fakes.graph.errors import Problem, Refused, as_json, invalid, no_permission, unknown_object
from fakes.graph.faults import CHANGED, CHECKPOINTED, SESSION
from fakes.graph.forms import Form
from fakes.graph.model import PERSON, Account, Page, Token
from fakes.graph.world import World
from fakes.servers.wire import Answer, Request

APP = {"app_id": "1234567890123456", "application": "storyrelay"}
PAGE_NEEDED = "A Page access token is required for this call for the new Pages experience."
STATES = {
    "password changed": Problem(190, CHANGED, 460),
    "checkpoint": Problem(190, CHECKPOINTED, 459),
    "app removed": Problem(190, SESSION + "The user has not authorized application 1234567890123456.", 458),
    "invalid": Problem(190, "Invalid OAuth access token - Cannot parse access token"),
}


def token_value(request: Request, form: Form) -> str:
    """The token as it was sent; the header goes first."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme in ("Bearer", "OAuth") else form.get("access_token")


def problem_of(world: World, token: Token) -> Problem | None:
    """Why it is no good any more."""
    now = world.clock.now()
    if token.state != "valid":
        return STATES[token.state]
    if token.expires_at is not None and now >= token.expires_at:
        ended, time = (f"{it:%A, %d-%b-%y %H:%M:%S} PST" for it in (token.expires_at, now))
        words = f"{SESSION}Session has expired on {ended}. The current time is {time}."
        return Problem(190, words, 463, status=401)
    return None


def token_of(world: World, request: Request, form: Form) -> Token:
    """The token, which is good. Raises Refused."""
    value = token_value(request, form)
    if not value:
        raise Refused(Problem(104, "An access token is required to request this resource."))
    token = world.tokens.get(value)
    if token is None:
        raise Refused(STATES["invalid"])
    problem = problem_of(world, token)
    if problem is not None:
        raise Refused(problem)
    return token


def need(token: Token, *permissions: str) -> None:
    missing = [it for it in permissions if it not in token.permissions]
    if missing:
        raise no_permission(", ".join(missing))


def account_for(world: World, token: Token, account_id: str) -> Account | None:
    """The Instagram account of that id, if the token reaches it."""
    account = world.account(account_id)
    if account is None or token.owner not in (PERSON, account.page):
        return None
    return account


def page_for(world: World, token: Token, page_id: str) -> Page | None:
    """The page of that id, if the token reaches it."""
    page = world.page(page_id)
    return None if page is None or token.owner not in (PERSON, page.id) else page


def own_page(world: World, token: Token, page_id: str) -> Page:
    """The page, if this is its own token. Raises Refused."""
    page = page_for(world, token, page_id)
    if page is None:
        raise unknown_object(page_id)
    if token.type != "PAGE":
        title = "User Access Token Is Not Supported"
        problem = Problem(190, "Invalid OAuth 2.0 Access Token", 2069032, title=title, words=PAGE_NEEDED)
        raise Refused(problem)
    return page


def debug_token(world: World, form: Form) -> Answer:
    """What there is to know about a token."""
    value = form.get("input_token")
    if not value:
        raise invalid("The parameter input_token is required")
    token = world.tokens.get(value)
    if token is None:
        problem = {"code": 190, "message": "Invalid OAuth access token."}
        return as_json({"data": {"error": problem, "is_valid": False, "scopes": []}})
    return as_json({"data": described(world, token)})


def described(world: World, token: Token) -> dict[str, Any]:
    problem = problem_of(world, token)
    times = ("expires_at", "data_access_expires_at", "issued_at")
    stamps = {name: getattr(token, name) for name in times}
    data: dict[str, Any] = {
        **APP,
        "type": token.type,
        **{name: int(at.timestamp()) if at else 0 for name, at in stamps.items()},
        "is_valid": problem is None,
        "scopes": list(token.permissions),
        "user_id": PERSON,
    }
    if token.type == "PAGE":
        data["profile_id"] = token.owner
    if problem is not None:
        error = {"code": problem.code, "message": problem.message, "subcode": problem.subcode}
        data["error"] = {key: value for key, value in error.items() if value is not None}
    return data

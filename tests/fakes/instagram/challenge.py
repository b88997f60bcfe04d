"""The question whether it is really you: by a code that was sent to you."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fakes.servers.wire import Answer, Reply, Request, as_json, refusal

if TYPE_CHECKING:
    from fakes.instagram.world import World

NONCE = "Xq7RtYbN2w"
AP_ENTRY = "com.bloks.www.ap.two_step_verification.entrypoint_async"
AP_CODE = "com.bloks.www.ap.two_step_verification.code_entry"
AP_SUBMIT = "com.bloks.www.ap.two_step_verification.code_entry_async"
WRONG = refusal(400, "Please check the code we sent you and try again.", error_type="invalid_code")


def challenge_body(world: World, username: str, *, by_hand: bool = False) -> Answer:
    """Instagram wants to know first; `by_hand` ones can only be answered in the app itself."""
    path = f"/challenge/{world.pk_of(username)}/{NONCE}/"
    challenge = {
        "url": f"https://i.instagram.com{path}",
        "api_path": path,
        "hide_webview_header": True,
        "lock": True,
        "logout": False,
        "native_flow": by_hand,
    }
    return refusal(400, "challenge_required", challenge=challenge, error_type="checkpoint_challenge_required")


def challenge(world: World, user: str, request: Request) -> Reply:
    """The steps of the older challenge: how shall the code be sent, and the code."""
    username = world.name_of(request.endpoint.split("/")[1])
    if username is None:
        return refusal(404, "no such challenge")
    asked = world.users[username]
    form = request.form if request.method == "POST" else {}
    if "security_code" in form:
        if form["security_code"] != asked.code:
            return WRONG
        world.trust(username)
        return as_json({"action": "close"})
    if "choice" in form:
        step = "verify_sms_code" if asked.challenge == "sms" else "verify_email_code"
        return as_json({"step_name": step, "step_data": {"security_code": "None"}})
    where = {"phone_number": "+880 ***-***-09"} if asked.challenge == "sms" else {"email": "s**p@e******.com"}
    return as_json({"step_name": "select_verify_method", "step_data": {"choice": "0", **where}})


def pointer(app: str, key: str, context: str) -> str:
    """A program that opens another screen and hands it a context."""
    values = f"(f4i (dkc {json.dumps(key)}) (dkc {json.dumps(context)}))"
    return f'(bk.action.Open {json.dumps(app)} (f4i (dkc "server_params") (dkc {values})))'


def _screen(action: str) -> Answer:
    return as_json({"layout": {"bloks_payload": {"tree": {}, "data": [], "action": action}}})


def _context(request: Request) -> str:
    content = json.loads(request.form.get("params", "{}"))
    return str(content.get("server_params", {}).get("context_data", ""))


def ap_entry(world: World, user: str, request: Request) -> Reply:
    return _screen(pointer(AP_CODE, "context_data", _context(request)))


def ap_code(world: World, user: str, request: Request) -> Reply:
    return _screen(pointer(AP_SUBMIT, "context_data", _context(request)))


def ap_submit(world: World, user: str, request: Request) -> Reply:
    """The code: the right one logs in."""
    from fakes.instagram.login import logged_in

    username = _context(request)
    known = world.users.get(username)
    typed = json.loads(request.form.get("params", "{}")).get("client_input_params", {})
    if known is None or typed.get("code") != known.code:
        return WRONG
    world.trust(username)
    return logged_in(world, username)

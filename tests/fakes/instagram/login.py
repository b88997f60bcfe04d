"""The way in: today's app login with password and TOTP, and the older one that it falls back to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any

from fakes.instagram.certificates import KEY_ID, password_key, unseal
from fakes.instagram.challenge import AP_ENTRY, challenge_body, pointer
from fakes.instagram.listing import person, quoted
from fakes.instagram.world import World
from fakes.servers.wire import Answer, Reply, Request, as_json, refusal

STEP_S = 30
TWO_STEP = "com.bloks.www.two_step_verification.entrypoint"
WRONG_CODE = refusal(
    400,
    "Please check the security code and try again.",
    error_type="sms_code_validation_code_invalid",
)


def bloks(action: str, *data: dict[str, Any]) -> Answer:
    """A screen of the app: what it does, and what it keeps."""
    payload = {"tree": {}, "data": [{"data": item} for item in data], "action": action}
    return as_json({"layout": {"bloks_payload": payload}})


def params(request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a screen sends: from the client and from the server's own earlier answer."""
    content = json.loads(request.form.get("params", "{}"))
    return content.get("client_input_params", {}), content.get("server_params", {})


def register_device(world: World, user: str, request: Request) -> Reply:
    return as_json({"data": {"1$xdt_usdid_registration(input:$input)": {"success": True}}})


def open_login(world: World, user: str, request: Request) -> Reply:
    return bloks("", {"key": "CAA_ACCOUNT_ACCESS_CONTEXT:aac", "initial": quoted({"aac": "1"})})


def attest(world: World, user: str, request: Request) -> Reply:
    return as_json({"challenge_nonce": secrets.token_urlsafe(24), "key_nonce": secrets.token_urlsafe(24)})


def screen(world: World, user: str, request: Request) -> Reply:
    """A step whose answer the client doesn't read."""
    return bloks("")


def password_keys(world: World, user: str, request: Request) -> Reply:
    key = password_key()
    return as_json(
        {},
        200,
        ("ig-set-password-encryption-key-id", str(KEY_ID)),
        ("ig-set-password-encryption-pub-key", key),
    )


def send_login(world: World, user: str, request: Request) -> Reply:
    """The password. The wrong one sends the client to the older endpoint, which says so."""
    typed, _ = params(request)
    username = str(typed.get("contact_point", ""))
    known = world.users.get(username)
    if not typed.get("aac") or "x-ig-attest-params" not in request.headers:
        return refusal(400, "Payload returned is null", error_type="field_exception")
    if known is None or unseal(str(typed.get("password", ""))) != known.password:
        return bloks("", {"key": "CAA_LOGIN_FALLBACK:bad_password"})
    if known.totp_seed:
        return bloks(pointer(TWO_STEP, "two_step_verification_context", username))
    if known.challenge and username not in world.trusted:
        if known.challenge == "bloks":
            return bloks(pointer(AP_ENTRY, "context_data", username))
        return challenge_body(world, username)
    return logged_in(world, username)


def logged_in(world: World, username: str) -> Answer:
    """The session, packed as the app gets it: JSON in JSON in a program."""
    session = world.open_session(username)
    headers = {"IG-Set-Authorization": authorization(world.pk_of(username), session)}
    account = {"logged_in_user": person(world.pk_of(username), username), "status": "ok"}
    content = {"login_response": json.dumps(account), "headers": json.dumps(headers), "cookies": ""}
    return bloks(f"(bk.action.caa.HandleLoginResponse {quoted(content)})")


def authorization(user_pk: str, session: str) -> str:
    content = json.dumps({"ds_user_id": user_pk, "sessionid": session})
    return f"Bearer IGT:2:{base64.b64encode(content.encode()).decode()}"


def verify_totp(world: World, user: str, request: Request) -> Reply:
    """The code of the authenticator app."""
    typed, given = params(request)
    username = str(given.get("two_step_verification_context", ""))
    known = world.users.get(username)
    if known is None or known.totp_seed is None:
        return refusal(400, "Invalid parameters")
    moment = int(world.clock.now().timestamp()) // STEP_S
    if str(typed.get("code")) not in {totp(known.totp_seed, moment + step) for step in (-1, 0, 1)}:
        return WRONG_CODE
    return logged_in(world, username)


def totp(seed: str, moment: int) -> str:
    """The six digits of RFC 6238."""
    text = seed.replace(" ", "").upper()
    key = base64.b32decode(text + "=" * (-len(text) % 8))
    digest = hmac.new(key, moment.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def older_login(world: World, user: str, request: Request) -> Reply:
    """It knows no second factor here; the client comes only after a wrong password."""
    username = str(request.form.get("username", ""))
    known = world.users.get(username)
    if known is None or unseal(str(request.form.get("enc_password", ""))) != known.password:
        title = {"error_title": "Incorrect password", "invalid_credentials": True}
        return refusal(400, "The password you entered is incorrect.", error_type="bad_password", **title)
    session = world.open_session(username)
    header = ("ig-set-authorization", authorization(world.pk_of(username), session))
    return as_json({"logged_in_user": person(world.pk_of(username), username)}, 200, header)


def log_out(world: World, user: str, request: Request) -> Reply:
    world.close_sessions(user)
    return as_json({})

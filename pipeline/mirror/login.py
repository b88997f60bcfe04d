"""Logging in and out: only when a person asks for it, always on the same make-believe phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from instagrapi.exceptions import ChallengeRequired, TwoFactorRequired
from instagrapi.mixins.challenge import ChallengeChoice
from instagrapi.mixins.totp import TOTP

from pipeline.errors import ConfigError, NeedsPerson
from pipeline.mirror.failures import Judge, no_session
from pipeline.mirror.phone import Phone
from pipeline.mirror.session import Saved
from pipeline.mirror.whoami import whoami

if TYPE_CHECKING:
    from pipeline.mirror.line import Line

Way = Literal["authenticator", "email", "sms"]
Ask = Callable[[Way], str]
"""Asks the person for the code that came that way; "" when there is nobody to ask."""
CODE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Key:
    """What opens an account: a password, with the seed of its authenticator where known, or a session id."""

    password: str | None = field(default=None, repr=False)
    totp_seed: str | None = field(default=None, repr=False)
    session_id: str | None = field(default=None, repr=False)


class Questioner(Phone):
    """A phone while somebody logs in: the one time that a question may be asked."""

    def __init__(self, line: Line, saved: Saved | None, ask: Ask) -> None:
        super().__init__(line, saved)
        self.with_challenge_flow = True
        self.ask = ask

    def private_request(self, endpoint: str, data: Any = None, **options: Any) -> Any:
        """As a phone does, and answers a challenge that can be answered with a code."""
        try:
            return self.send_once(endpoint, data, **options)
        except ChallengeRequired:
            self.challenge_resolve(self.last_json)
        if options.get("login") and self.user_id:
            return self.last_json
        return self.send_once(endpoint, data, **options)

    def challenge_code_or_raised(self, choice: ChallengeChoice, *_: Any, **__: Any) -> str:
        """The code from the person; instagrapi's own prints it."""
        code = self.ask("sms" if choice is ChallengeChoice.SMS else "email").strip()
        if not code:
            raise ChallengeRequired("there is nobody to ask for the code")
        return code

    def bloks_caa_resolve_two_step_verification(
        self, send_result: dict[str, Any], verification_code: str = "", domain: str | None = None
    ) -> Any:
        """Never with the authenticator's code: what is wanted here has come by e-mail or SMS."""
        del verification_code
        return super().bloks_caa_resolve_two_step_verification(send_result, "", domain)

    def challenge_resolve_contact_form(self, *_: Any) -> NoReturn:
        """A web page without time limits: the person does that in the app."""
        raise ChallengeRequired("it has to be answered in the app")

    def _challenge_resolve_change_password(self) -> NoReturn:
        """A new password is the person's own affair."""
        raise ChallengeRequired("a new password is wanted")


def login(line: Line, key: Key, ask: Ask) -> Saved:
    """Log in and keep the session. The phone is kept before anything is sent, and never changes again.

    Raises NeedsPerson for what only the person can put right, TryAgain, ConfigError, EnvironmentFault.
    """
    known = line.session.read()
    phone = Questioner(line, known.device() if known else None, ask)
    if known is None:
        line.session.write(Saved(phone.get_settings()).device())
        phone = Questioner(line, line.session.read(), ask)
    judge = Judge(line)
    try:
        _open(phone, key, ask)
    except Exception as failure:  # noqa: BLE001 - nothing can be live
        raise judge.at_login(failure) from None
    whoami(phone, judge, line.account.username)
    saved = replace(phone.saved(), since=line.clock())
    line.session.write(saved)
    return saved


def alive(line: Line) -> Saved:
    """The session, after asking the server whether it is good. Raises NeedsPerson when it isn't."""
    saved = line.session.read()
    if saved is None or not saved.logged_in:
        raise no_session(line)
    whoami(Phone(line, saved), Judge(line), line.account.username)
    return saved


def logout(line: Line, *, forget_device: bool = False) -> bool:
    """End the session here, and at the server too where it listens; False when it didn't."""
    saved = line.session.read()
    told = saved is not None and saved.logged_in and _tell(line, saved)
    if saved is None or forget_device:
        line.session.forget()
    else:
        line.session.write(saved.device())
    return told


def _tell(line: Line, saved: Saved) -> bool:
    try:
        Phone(line, saved).logout()
    except Exception:  # noqa: BLE001 - it is forgotten here whatever the server says
        return False
    return True


def _open(phone: Questioner, key: Key, ask: Ask) -> None:
    if key.session_id:
        _take_over(phone, key.session_id)
        return
    name = phone.username
    try:
        phone.login(name, key.password)
    except TwoFactorRequired:
        code = _code_of(key.totp_seed) if key.totp_seed else ask("authenticator").strip()
        if not code:
            raise
        phone.login(name, key.password, verification_code=code)


def _take_over(phone: Questioner, session_id: str) -> None:
    """Instagrapi's own falls back to the public web API, and gives a new phone other numbers."""
    user_id = re.match(r"\d+", session_id)
    if user_id is None:
        raise NeedsPerson("this is no session id: it starts with the account's number. Nothing was changed")
    phone.settings["cookies"] = {"sessionid": session_id, "ds_user_id": user_id[0]}
    phone.settings["authorization_data"] = {
        "ds_user_id": user_id[0],
        "sessionid": session_id,
        "should_use_header_over_cookies": True,
    }
    phone.init()


def _code_of(seed: str) -> str:
    """The code of this moment."""
    try:
        return str(TOTP(re.sub(r"[\s-]", "", seed), digits=CODE_DIGITS).code())
    except ValueError:
        raise ConfigError("totp: this is no seed; one has letters and the digits 2 to 7") from None

"""`storyrelay session`: log in to an account, see whether that still holds, log out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from pipeline.cli.accounts import Standing, by_token, failed, standing_lines, token_standing
from pipeline.cli.group import HELP_OPTIONS
from pipeline.cli.knocking import ask_code, key_for
from pipeline.cli.options import Options, as_json_option, takes
from pipeline.cli.output import guarded_stdout, remark
from pipeline.errors import ConfigError, DeliveryError, LockedError, NeedsPerson
from pipeline.ledger import exclusive, open_ledger
from pipeline.ledger.answers import Answer, drop
from pipeline.plan.origin import lane_of_source
from pipeline.report.words import count
from pipeline.tools.clock import now

if TYPE_CHECKING:
    from pipeline.config import Settings
    from pipeline.mirror.line import Line
    from pipeline.mirror.session import Saved


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginOptions(Options):
    """Who, and what is given for it."""

    account: str | None
    by_session_id: bool
    password_stdin: bool
    again: bool
    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOptions(Options):
    """Who, and how it is shown."""

    account: str | None
    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutOptions(Options):
    """Who, and how much is forgotten."""

    account: str | None
    forget_device: bool
    as_json: bool


@click.group(context_settings=HELP_OPTIONS)
def session() -> None:
    """Your accounts that stories are published to: login, status, logout.

    A run never logs in: it uses the session that `login` keeps in the state folder, readable by you alone.
    """


@session.command()
@click.argument("account", required=False)
@click.option(
    "--session-id",
    "by_session_id",
    is_flag=True,
    help="With a session id, from $STORYRELAY_SESSION_ID or asked for, never from the command line.",
)
@click.option("--password-stdin", is_flag=True, help="The password is the first line of stdin.")
@click.option("--again", is_flag=True, help="Even when the session there is still good.")
@as_json_option()
@takes(LoginOptions)
def login(options: LoginOptions) -> int:
    """Log in to ACCOUNT, one of `accounts` in the config; it may be left out when there is only one.

    The password is the configured secret, else it is asked for on a terminal. A code of your authenticator
    is made from the configured seed, else asked for, as are codes that come by e-mail or SMS. Stories that
    waited for the login go out with the next run.

    An account with a `token` is asked whether that is good, and until when.
    """
    settings = options.settings()
    with guarded_stdout() as results:
        line = _line(settings, options.account)
        has_token = line.account.token is not None
        standing = by_token(settings, line.name) if has_token else _logged_in(line, options)
        freed = _free(settings, line.name)
        if options.as_json:
            results.json({"accounts": [standing.plain()], "freed": freed})
            return 0
        results.lines(standing_lines([standing], settings.timezone()))
        if freed:
            waited = count(freed, "delivery", "deliveries")
            results.line(f"{waited} waited for it. Next: {options.program.call('run')}")
    return 0


@session.command()
@click.argument("account", required=False)
@as_json_option()
@takes(StatusOptions)
def status(options: StatusOptions) -> int:
    """Who is logged in and since when, after asking the server once.

    All accounts, or ACCOUNT. Exit code 4 when somebody has to log in.
    """
    settings = options.settings()
    names = (options.account,) if options.account else tuple(settings.accounts)
    if not names:
        raise ConfigError("there are no `accounts` in the config")
    with guarded_stdout() as results:
        standings = [_standing(settings, _line(settings, name)) for name in names]
        if options.as_json:
            results.json({"accounts": [standing.plain() for standing in standings]})
        else:
            results.lines(standing_lines(standings, settings.timezone()))
    codes = {standing.exit_code for standing in standings}
    return NeedsPerson.exit_code if NeedsPerson.exit_code in codes else max(codes)


@session.command()
@click.argument("account", required=False)
@click.option("--forget-device", is_flag=True, help="The next login comes from another make-believe phone.")
@as_json_option()
@takes(LogoutOptions)
def logout(options: LogoutOptions) -> int:
    """End the session of ACCOUNT, here and at the server.

    The make-believe phone stays the same for the next login: Instagram distrusts new ones.
    """
    settings = options.settings()
    with guarded_stdout() as results:
        line = _line(settings, options.account)
        if line.account.token is not None:
            where = f"accounts.{line.name}.token"
            raise ConfigError(f"{where} is kept by you: remove it from its place, or withdraw it at Meta")
        from pipeline.mirror.login import logout as log_out

        told = log_out(line, forget_device=options.forget_device)
        if not told:
            remark("storyrelay: the server wasn't told, or there was no session; here it is forgotten")
        standing = Standing(line.name, line.account.username, logged_in=False)
        if options.as_json:
            results.json({"accounts": [{**standing.plain(), "server_told": told}]})
        else:
            results.line(f"@{standing.username} is logged out ({standing.account})")
    return 0


def _line(settings: Settings, name: str | None) -> Line:
    from pipeline.mirror.line import line_of

    if name is None and len(settings.accounts) != 1:
        known = ", ".join(settings.accounts)
        raise ConfigError(f"name one of your accounts: {known}" if known else "the config has no `accounts`")
    return line_of(settings, name or next(iter(settings.accounts)))


def _logged_in(line: Line, options: LoginOptions) -> Standing:
    standing = None if options.again else _still_good(line)
    if standing is not None:
        return standing
    from pipeline.mirror.login import login as log_in

    key = key_for(line, by_session_id=options.by_session_id, stdin=options.password_stdin)
    return _good(line, log_in(line, key, ask_code(line.account.username)))


def _still_good(line: Line) -> Standing | None:
    """The session there, when it is good. Raises TryAgain when the server can't be asked."""
    from pipeline.mirror.login import alive

    try:
        return _good(line, alive(line))
    except NeedsPerson:
        return None


def _standing(settings: Settings, line: Line) -> Standing:
    if line.account.token is not None:
        return token_standing(settings, line.name)
    from pipeline.mirror.login import alive

    try:
        return _good(line, alive(line))
    except (DeliveryError, ConfigError) as failure:
        return failed(line.name, line.account.username, failure)


def _good(line: Line, saved: Saved) -> Standing:
    return Standing(line.name, line.account.username, logged_in=True, since=saved.since)


def _free(settings: Settings, account: str) -> int:
    """Let what was parked for want of this session go out again; how many that were."""
    served = [name for name, chosen in settings.destinations.items() if chosen.account == account]
    served += [lane_of_source(name) for name, one in settings.sources.items() if one.instagram == account]
    if not served or not (settings.state / "ledger.sqlite3").exists():
        return 0
    try:
        with exclusive(settings.state), open_ledger(settings.state) as ledger:
            return sum(ledger.release(name) for name in served)
    except LockedError:
        for name in served:
            drop(settings.state, Answer("release", 0, now(), destination=name))
        remark("storyrelay: a run is under way; it, or the next one, goes on with what waited for this login")
        return 0

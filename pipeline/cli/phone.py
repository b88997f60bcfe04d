"""`storyrelay phone`: the phones behind adb, those that may open the page, and what one can tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from pipeline import __version__
from pipeline.cli.group import HELP_OPTIONS
from pipeline.cli.options import Options, as_json_option, takes
from pipeline.cli.output import can_ask, guarded_stdout, remark, say_all, say_json
from pipeline.cli.pairing import pair, paired_as_json, paired_lines, revoke
from pipeline.errors import EnvironmentFault, NeedsPerson, TryAgain
from pipeline.report.words import columns, printable
from pipeline.tools.plain import to_plain

if TYPE_CHECKING:
    from pipeline.config import PhoneSettings
    from pipeline.tools.adb import Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesOptions(Options):
    """How they are shown."""

    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneDoctorOptions(Options):
    """How it is shown, and whether WhatsApp is opened."""

    as_json: bool
    opening: str | None
    numbers: bool


QUESTIONS = {
    "picture": "Did WhatsApp open with the picture?",
    "caption": "With its caption, at once or after Edit?",
    "My status": "Where was My status?",
}


@click.group(context_settings=HELP_OPTIONS)
def phone() -> None:
    """Your phones: devices, pair, revoke, doctor.

    A paired phone may open the page of `serve`; one connected by adb can take the channels `intent` and
    `status`, which open a story in WhatsApp. You press Send there yourself.
    """


phone.add_command(pair)
phone.add_command(revoke)


@phone.command()
@as_json_option()
@takes(DevicesOptions)
def devices(options: DevicesOptions) -> int:
    """List the phones that may open the page, then those that adb knows, and which one stories would go to.

    Exit code 4 when there is no phone that a story could go to; 6 without adb where a channel needs it.
    """
    from pipeline.handoff.paired import Phones
    from pipeline.report.health.phone import needs_adb

    settings = options.settings_or_default()
    paired, cable = Phones(settings.state).all(), _looked(settings.phone)
    if options.as_json:
        rows = [to_plain(one) | {"chosen": one == cable.taken} for one in cable.listed]
        say_json({"devices": rows, "reason": cable.reason, "paired": paired_as_json(paired)})
    else:
        say_all(paired_lines(paired, settings))
        say_all(columns([_cells(one, taken=one == cable.taken) for one in cable.listed]))
    if cable.reason:
        remark(f"storyrelay: {printable(cable.reason)}")
    needed = needs_adb(settings)
    if cable.reason is None or (paired and not needed):
        return 0
    return EnvironmentFault.exit_code if needed and cable.without_adb else NeedsPerson.exit_code


@dataclass(frozen=True, slots=True)
class Cable:
    """The phones that adb knows, the one that stories would go to, or why there is none."""

    listed: tuple[Listed, ...] = ()
    taken: Listed | None = None
    reason: str | None = None
    without_adb: bool = False


def _looked(chosen: PhoneSettings) -> Cable:
    from pipeline.handoff.handset import meant
    from pipeline.tools.adb import phones

    listed: tuple[Listed, ...] = ()
    try:
        listed = phones(chosen.serial, chosen.appear_seconds)
        return Cable(listed, taken=meant(chosen.serial, listed))
    except TryAgain as failure:
        return Cable(listed, reason=str(failure))
    except EnvironmentFault as missing:
        return Cable(reason=str(missing), without_adb=True)


def _cells(one: Listed, *, taken: bool) -> tuple[str, ...]:
    how = "usb" if one.usb else "network"
    words = (one.serial, one.state, one.model or "", how, "stories go here" if taken else "")
    return tuple(map(printable, words))


@phone.command()
@click.option(
    "--open",
    "opening",
    type=click.Choice(["intent", "status"]),
    help="Open a test picture in WhatsApp by this channel, and tell how that went. Don't send it.",
)
@click.option("--numbers", is_flag=True, help="Name the phones by their serial numbers or addresses.")
@as_json_option()
@takes(PhoneDoctorOptions)
def doctor(options: PhoneDoctorOptions) -> int:
    """Try on the connected phone what only a phone can tell, and print a report to paste.

    A test picture is put into its gallery and taken away again; nothing is opened without --open. No phone
    is named in the report unless --numbers is given. Exit code 4 when something fails, 6 without adb.
    """
    from pipeline.handoff.intents import CONSUMER
    from pipeline.report.health import checks_as_json, checks_lines
    from pipeline.report.health.phone import phone_checks, without_numbers

    if options.opening and not can_ask():
        raise click.UsageError("--open needs somebody to look at the phone: run it on a terminal")
    chosen = options.settings_or_default().phone
    if options.opening == "status" and chosen.package != CONSUMER:
        raise click.UsageError(f"{chosen.package} knows no `status`: try --open intent")
    with guarded_stdout() as results:
        found = phone_checks(chosen, options.opening, _look)
        checks = list(found if options.numbers else without_numbers(found, chosen))
        if options.as_json:
            results.json(checks_as_json(checks))
        else:
            results.line(f"storyrelay {__version__}, phone doctor")
            results.lines(checks_lines(checks))
    failing = [check.name for check in checks if check.status == "fail"]
    if failing == ["adb"]:
        return EnvironmentFault.exit_code
    return NeedsPerson.exit_code if failing else 0


def _look() -> str:
    remark("Look at the phone, and don't send it. Leave empty what you can't tell.")
    return "; ".join(f"{what}: {_asked(question)}" for what, question in QUESTIONS.items())


def _asked(question: str) -> str:
    return str(click.prompt(question, default="?", show_default=False, err=True))

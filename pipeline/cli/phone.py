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
    from pipeline.config import Settings
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

    Exit code 4 when adb knows none, or none can be chosen; 6 without adb. Where a phone is paired, adb counts
    only if a channel takes it.
    """
    from pipeline.handoff.handset import meant
    from pipeline.handoff.paired import Phones
    from pipeline.tools.adb import phones

    settings = options.settings_or_default()
    chosen, paired = settings.phone, Phones(settings.state).all()
    if not options.as_json:
        say_all(paired_lines(paired, settings))
    listed: tuple[Listed, ...] = ()
    taken, reason, code = None, None, 0
    try:
        listed = phones(chosen.serial, chosen.appear_seconds)
        taken = meant(chosen.serial, listed)
    except TryAgain as failure:
        reason, code = str(failure), NeedsPerson.exit_code
    except EnvironmentFault as fault:
        reason, code = str(fault), fault.exit_code
    if options.as_json:
        rows = [to_plain(one) | {"chosen": one == taken} for one in listed]
        say_json({"devices": rows, "reason": reason, "paired": paired_as_json(paired)})
    elif listed:
        say_all(columns([_cells(one, taken=one == taken) for one in listed]))
    if reason:
        remark(f"storyrelay: {printable(reason)}")
    return 0 if paired and not _takes_adb(settings) else code


def _takes_adb(settings: Settings) -> bool:
    """Whether stories go to a phone by adb."""
    return any({"intent", "status"} & set(one.channels) for one in settings.destinations.values())


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
@as_json_option()
@takes(PhoneDoctorOptions)
def doctor(options: PhoneDoctorOptions) -> int:
    """Try on the connected phone what only a phone can tell, and print a report to paste.

    A test picture is put into its gallery and taken away again; nothing is opened without --open. The
    report doesn't name the phone's number. Exit code 4 when something fails.
    """
    from pipeline.report.health import checks_as_json, checks_lines
    from pipeline.report.health.phone import phone_checks

    if options.opening and not can_ask():
        raise click.UsageError("--open needs somebody to look at the phone: run it on a terminal")
    with guarded_stdout() as results:
        checks = list(phone_checks(options.settings_or_default().phone, options.opening, _look))
        if options.as_json:
            results.json(checks_as_json(checks))
        else:
            results.line(f"storyrelay {__version__}, phone doctor")
            results.lines(checks_lines(checks))
    return NeedsPerson.exit_code if any(check.status == "fail" for check in checks) else 0


def _look() -> None:
    remark("Look at the phone: did WhatsApp open, with the picture, with the caption? Where is My status?")
    click.prompt("Don't send it. Press Enter when you have looked", default="", show_default=False, err=True)

"""`storyrelay doctor`: what is missing on this machine, and the exact fix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import click

from pipeline.cli.options import Options, as_json_option, takes
from pipeline.cli.output import guarded_stdout
from pipeline.errors import ConfigError, EnvironmentFault
from pipeline.report.health import Check, checks_as_json, checks_lines, guarded
from pipeline.report.health.accounts import account_checks, source_checks
from pipeline.report.health.extras import extra_checks
from pipeline.report.health.folders import folder_checks
from pipeline.report.health.notify import notify_checks
from pipeline.report.health.packages import installed_phonenumbers, package_checks, region_check
from pipeline.report.health.phone import adb_check, needs_adb
from pipeline.report.health.places import place_checks
from pipeline.report.health.programs import program_checks
from pipeline.report.words import count


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorOptions(Options):
    """How it is shown."""

    as_json: bool


@click.command()
@as_json_option()
@takes(DoctorOptions)
def doctor(options: DoctorOptions) -> int:
    """Check Python, packages, ffmpeg, config, folders, ledger, clock, adb, sessions, messages; tell the fix.

    "unknown" means that a check couldn't be made, not that something is missing. Exit code 6 when
    something fails.
    """
    with guarded_stdout() as results:
        checks = [*package_checks(), *program_checks(), *_from_config(options)]
        if options.as_json:
            results.json(checks_as_json(checks))
        else:
            results.lines(checks_lines(checks))
            results.line(_verdict(checks))
    return EnvironmentFault.exit_code if _failing(checks) else 0


def _from_config(options: DoctorOptions) -> Iterator[Check]:
    try:
        settings = options.settings()
    except ConfigError as invalid:
        several = f" (and {len(invalid.problems) - 1} more)" if len(invalid.problems) > 1 else ""
        nothing = "no config file" in invalid.problems[0]
        fix = options.program.call("init" if nothing else "config check")
        yield Check("config", "fail", invalid.problems[0] + several, fix)
        return
    except ImportError as missing:
        yield Check("config", "unknown", f"can't be read without {missing.name}")
        return
    yield Check("config", "ok", str(settings.file or "--set"))
    yield from place_checks(settings)
    yield adb_check(wanted=needs_adb(settings))
    yield from extra_checks(settings)
    if settings.default_region:
        yield region_check(settings.default_region, installed_phonenumbers())
    yield from account_checks(settings)
    yield from source_checks(settings)
    yield from folder_checks(settings)
    yield from notify_checks(settings)
    if settings.execute.farm:
        from pipeline.cli.farm_check import farm_check  # not where there is none

        yield guarded("farm", lambda: farm_check(settings))


def _failing(checks: list[Check]) -> int:
    return sum(check.status == "fail" for check in checks)


def _verdict(checks: list[Check]) -> str:
    failing = _failing(checks)
    if failing:
        return f"{count(failing, 'check')} failed: put that right first"
    return "fit to run"

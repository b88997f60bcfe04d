"""The commands by name; the module of one is imported only when that one is called."""

from __future__ import annotations

import os
from importlib import import_module
from typing import NamedTuple

import click

from pipeline import __version__

HELP_OPTIONS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Entry(NamedTuple):
    """Where a command is, and its line in the list."""

    module: str
    attribute: str
    line: str


COMMANDS = {
    "run": Entry("run", "run", "Make stories of what is new, and lay them ready to send."),
    "plan": Entry("run", "plan", "Show what a run would do; writes nothing."),
    "pull": Entry("pull", "pull", "Fetch what is new at your sources, such as your Instagram stories."),
    "status": Entry("status", "status", "What waits for your Send, and everything else that isn't done."),
    "show": Entry("show", "show", "Everything about one story."),
    "confirm": Entry("answers", "confirm", "Say that you sent a story."),
    "skip": Entry("answers", "skip", "Say that a story isn't to be sent."),
    "retry": Entry("answers", "retry", "Offer a story again, or look at a refused file again."),
    "session": Entry("session", "session", "Log in to the accounts that stories are published to."),
    "probe": Entry("probe", "probe", "What media files really are."),
    "render": Entry("render", "render", "Only reformat files: no ledger, no delivery."),
    "preview": Entry("preview", "preview", "See every story as the phone will show it."),
    "looks": Entry("looks", "looks", "The looks of decorated stories, and one of them to copy."),
    "serve": Entry("serve", "serve", "The page on your phone, with a button that shares to WhatsApp."),
    "watch": Entry("watch", "watch", "Run again whenever something changes in the inbox, until stopped."),
    "phone": Entry("phone", "phone", "Your phones: devices, pair, revoke, doctor."),
    "cron": Entry("cron", "cron", "Runs that start by themselves: the crontab line, systemd's units."),
    "notify": Entry("notify", "notify", "Messages to you: test."),
    "worker": Entry("worker", "worker", "Make renditions for runs elsewhere, as one of a farm."),
    "link": Entry("link", "link", "Whether a link works in a story, and the one that does."),
    "ledger": Entry("ledger", "ledger", "The memory of all runs: backup, restore, check, export, prune."),
    "config": Entry("config", "config", "The settings: check, show, schema."),
    "doctor": Entry("doctor", "doctor", "Check this machine, with the fix for what is missing."),
    "init": Entry("init", "init", "Write a config to start with, and make an inbox."),
    "completion": Entry("completion", "completion", "Print the completion script for your shell."),
}


class LazyGroup(click.Group):
    """Knows its commands by COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """All names, in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click calls it so
        """The command, imported now."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        found = getattr(import_module(f"pipeline.cli.{entry.module}"), entry.attribute)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click calls it so
        """The list in `--help`, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.line) for name, entry in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings=HELP_OPTIONS)
@click.version_option(__version__, message="storyrelay %(version)s")
@click.pass_context
def storyrelay(context: click.Context) -> None:
    """Photos, videos and GIFs in a folder become WhatsApp Status and Instagram stories, ready to send.

    You press Send yourself, always. Start with `storyrelay init`; `storyrelay COMMAND --help` says more.
    """
    if os.environ.get("NO_COLOR"):
        context.color = False

"""File names as UTF-8 in every locale: config, sidecars and ledger know them as such."""

from __future__ import annotations

import os
import sys


def take_names_for_utf8() -> None:
    """Begin anew where Python goes by another encoding; what a terminal gets stays in its own.

    In a shell with LANG=de_DE.ISO-8859-1 a file would have another name than under cron.
    """
    if sys.getfilesystemencoding() == "utf-8" or not sys.executable:
        return
    spoken = getattr(sys.stdout, "encoding", None) or "utf-8"
    env = {"PYTHONIOENCODING": f"{spoken}:backslashreplace"} | os.environ
    os.execve(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]], env)  # noqa: S606 - ourselves

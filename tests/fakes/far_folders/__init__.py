"""Folders elsewhere, by real servers on this computer: what lies there, and what goes wrong on the way."""

from __future__ import annotations

from fakes.far_folders.folder import FarFolder
from fakes.far_folders.local import local
from fakes.far_folders.s3 import s3
from fakes.far_folders.sftp import sftp
from fakes.far_folders.webdav import webdav

KINDS = {"local": local, "s3": s3, "sftp": sftp, "webdav": webdav}
SERVERS = ("s3", "sftp", "webdav")

__all__ = ["KINDS", "SERVERS", "FarFolder"]

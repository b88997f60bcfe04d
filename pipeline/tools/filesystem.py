"""What kind of disk a folder lies on."""

from __future__ import annotations

import os
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "ceph", "glusterfs", "sshfs")


def nearest(folder: Path) -> Path:
    """The folder, or the part of its path that exists already."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def free_bytes(folder: Path) -> int:
    """How much a program without privileges may still write where `folder` is, or will be."""
    import shutil  # with all compressors, 2 ms

    return shutil.disk_usage(nearest(folder)).free


def folds_case(folder: Path) -> bool:
    """Whether a disk takes a.jpg for A.jpg, as far as the folder's own files tell."""
    try:
        names = {name for name in os.listdir(folder) if name.swapcase() != name}  # noqa: PTH208 - names only
    except OSError:
        return False
    return any(name.swapcase() not in names and (folder / name.swapcase()).exists() for name in names)


def network_filesystem(folder: Path, mounts: Path = MOUNTS) -> str | None:
    """The name of the network or FUSE filesystem that holds `folder`, or None (also when unknown)."""
    kind = _filesystem(folder.absolute(), mounts)
    return kind if kind in _NETWORK or kind.startswith("fuse.") else None


def _filesystem(folder: Path, mounts: Path) -> str:
    try:
        lines = mounts.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return ""
    points = {_unescape(fields[1]): fields[2] for line in lines if len(fields := line.split()) > 2}  # noqa: PLR2004
    for parent in (folder.resolve(), *folder.resolve().parents):
        if str(parent) in points:
            return points[str(parent)]
    return ""


def _unescape(mount_point: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        mount_point = mount_point.replace(code, character)
    return mount_point

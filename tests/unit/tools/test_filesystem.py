"""Which disks a ledger may lie on."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.tools.filesystem import network_filesystem

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home {root}/nfs nfs4 rw 0 0
me@host: {root}/ssh\\040disk fuse.sshfs rw 0 0
/dev/sdb1 {root}/stick fuseblk rw 0 0
tmpfs {root}/nfs/local tmpfs rw 0 0
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    file = tmp_path / "mounts"
    file.write_text(MOUNTS.format(root=tmp_path))
    return file


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("nfs", "nfs4"),
        ("nfs/state/of/mine", "nfs4"),
        ("ssh disk/state", "fuse.sshfs"),
        ("stick/state", None),
        ("nfs/local/state", None),
        ("nfsish", None),
        ("", None),
    ],
)
def test_the_innermost_mount_decides(tmp_path: Path, mounts: Path, folder: str, kind: str | None) -> None:
    assert network_filesystem(tmp_path / folder, mounts) == kind


def test_a_link_is_followed_to_the_disk_it_leads_to(tmp_path: Path, mounts: Path) -> None:
    (tmp_path / "nfs").mkdir()
    (tmp_path / "here").symlink_to(tmp_path / "nfs")
    assert network_filesystem(tmp_path / "here" / "state", mounts) == "nfs4"


def test_a_system_that_does_not_tell_is_trusted(tmp_path: Path) -> None:
    assert network_filesystem(tmp_path, tmp_path / "nothing") is None

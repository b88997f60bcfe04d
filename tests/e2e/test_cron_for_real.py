"""The README's line in a real crontab: Debian's cron in a bare environment, without this machine's jobs."""

from __future__ import annotations

import os
import re
import shlex
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import cast

import pytest
from fakes.command import BARE, CONFIG, PROGRAM
from fakes.shop import Shop
from fakes.sources import ROOT

from pipeline.model import State
from pipeline.tools.clock import monotonic_s, pause

LONGEST_S = 150
PLACES = ("/var/spool/cron", "/etc/cron.d", "/etc/cron.hourly", "/etc/cron.daily", "/run")
"""Nothing of this machine is seen or changed there: cron gets a namespace of its own."""
BEGIN = """\
set -e
for place in {places}; do mount -t tmpfs none "$place"; done
mount --bind /dev/null /etc/crontab
mount -t overlay -o lowerdir={mail}:/usr/sbin overlay /usr/sbin
mkdir -p -m 1730 /var/spool/cron/crontabs
chgrp crontab /var/spool/cron/crontabs
crontab {crontab}
{then}
exec cron -f
"""
SENDMAIL = """\
#!/bin/sh
cat > '{folder}'/mail.$$ && mv '{folder}'/mail.$$ '{folder}'/$$.mail
"""


@dataclass(frozen=True, slots=True)
class Cron:
    """A running cron, and the mails it sent."""

    mails: Path

    def bodies(self) -> list[str]:
        messages = (message_from_bytes(file.read_bytes()) for file in sorted(self.mails.glob("*.mail")))
        return [cast("bytes", one.get_payload(decode=True)).decode().strip() for one in messages]


@contextmanager
def running(tool: Callable[[str], str], folder: Path, crontab: str, then: str = "") -> Iterator[Cron]:
    """Cron with this crontab, as root's only one, after what is `then` done to it."""
    if os.geteuid() != 0:
        pytest.skip("only root starts a cron of its own")
    (folder / "sbin").mkdir()
    (folder / "mails").mkdir()
    sendmail = folder / "sbin" / "sendmail"
    sendmail.write_text(SENDMAIL.format(folder=folder / "mails"))
    sendmail.chmod(0o755)
    (folder / "crontab").write_bytes(os.fsencode(crontab))
    places = {"places": " ".join(PLACES), "mail": folder / "sbin", "crontab": folder / "crontab"}
    script = BEGIN.format(**places, then=then)
    tool("cron")
    command = [tool("unshare"), "--mount", "--propagation=private", "sh", "-c", script]
    with subprocess.Popen(
        command, env=BARE | {"PATH": "/usr/sbin:/usr/bin:/bin"}, stderr=subprocess.PIPE
    ) as cron:
        try:
            pause(1)
            if cron.poll() is not None and cron.stderr:
                pytest.skip(f"no cron of its own can be started here: {cron.stderr.read().decode()}")
            yield Cron(folder / "mails")
        finally:
            cron.terminate()


def soon(what: Callable[[], bool]) -> bool:
    """Whether it comes true before cron has had two chances."""
    begun_s = monotonic_s()
    while not what() and monotonic_s() - begun_s < LONGEST_S:
        pause(0.2)
    return what()


def readme_line(shop: Shop) -> str:
    """The README's, with this program, this config, and every minute."""
    found = re.search(r"```cron\n(.+)\n```", (ROOT / "README.md").read_text())
    assert found
    times, command = found[1].split(" /", 1)
    assert times == "*/15 * * * *"
    line = f"* * * * * /{command}"
    for told, there in (
        ("/path/to/storyrelay/.venv/bin/storyrelay", PROGRAM),
        ("/path/to/config/storyrelay.yaml", str(shop.root / CONFIG)),
    ):
        assert told in line
        line = line.replace(told, there)
    return line


@pytest.mark.slow
def test_the_line_of_the_readme_does_the_job_and_mails_only_trouble(
    tool: Callable[[str], str], tmp_path: Path
) -> None:
    shop = Shop(tmp_path / "shop")
    shop.picture("bread.jpg")
    shop.settings()
    with running(tool, tmp_path, readme_line(shop) + "\n") as cron:
        assert soon(lambda: shop.media() == ["0001-bread.jpg"])
        assert cron.bodies() == []
        (shop.inbox / "bad.jpg").write_text("no picture")
        assert soon(lambda: cron.bodies() != [])
    (body,) = cron.bodies()
    first, last = body.splitlines()
    assert first.startswith("refused    bad.jpg")
    assert last == f"Next: {PROGRAM} status -c {shop.root / CONFIG}   (what to do about it)"


@pytest.mark.slow
def test_what_cron_is_given_by_install_does_the_job(tool: Callable[[str], str], tmp_path: Path) -> None:
    shop = Shop(tmp_path / "50% of Ana's $HOME")
    shop.picture("bread.jpg")
    shop.settings()
    printed = subprocess.run(
        [PROGRAM, "cron", "-c", str(shop.root / CONFIG), "--user"],
        env=BARE | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    crontab = "".join(
        line + "\n" for line in printed.stdout.splitlines() if line.startswith(("# storyrelay run", "*/15 "))
    )
    with running(tool, tmp_path, crontab.replace("*/15 ", "* ")) as cron:
        assert soon(lambda: shop.media() == ["0001-bread.jpg"])
    assert cron.bodies() == []


AWKWARD = os.fsdecode(b"50% of Ana's caf\xe9 $HOME")
NAMES = tuple(map(os.fsdecode, (b"caf\xe9.jpg", b"-rf 100%.jpg", b"line\nbreak.jpg", b"tab\t\xff.jpg")))
EVERY_MINUTE = "crontab -l | sed 's,^[*]/15 ,* ,' | crontab -"
CALLED: dict[str, str] = {
    "installed": "",
    "without anything": "env -i ",
    "for me alone": "umask 077; env -i HOME=/nowhere ",
    "for everybody": "umask 000; env -i LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 ",
}
"""What stands before the program in the crontab; the first line is put in by `cron --install`."""


def awkward_shop(root: Path) -> Shop:
    """Everything about it is hard to name: its folder, its program's, its files'; one of which is bad."""
    shop = Shop(root / AWKWARD)
    for colour, name in enumerate(NAMES):
        shop.picture(name, colour)
    (shop.inbox / os.fsdecode(b"b\xe4d.jpg")).write_text("no picture")
    shop.settings()
    program = shop.root / "bin 100%" / "storyrelay"
    program.parent.mkdir()
    program.symlink_to(PROGRAM)
    return shop


def in_crontab(shop: Shop, before: str) -> str:
    """A line as a person would write it who knows what cron makes of a percent sign."""
    words = [str(shop.root / "bin 100%" / "storyrelay"), "run", "-q", "-c", str(shop.root / CONFIG)]
    return f"* * * * * {before}{shlex.join(words)}\n".replace("%", r"\%")


@pytest.mark.slow
def test_no_environment_umask_path_or_name_keeps_cron_from_its_work(
    tool: Callable[[str], str], tmp_path: Path
) -> None:
    shops = {how: awkward_shop(tmp_path / str(number)) for number, how in enumerate(CALLED)}
    crontab = "".join(in_crontab(shops[how], before) for how, before in CALLED.items() if before)
    program = shops["installed"].root / "bin 100%" / "storyrelay"
    install = shlex.join(
        [str(program), "cron", "--install", "crontab", "-c", str(shops["installed"].root / CONFIG)]
    )
    with running(tool, tmp_path, crontab, f"{install} >&2\n{EVERY_MINUTE}") as cron:
        assert soon(lambda: len(cron.bodies()) >= len(shops))
    for shop in shops.values():
        assert len(shop.media()) == len(NAMES)
        assert list(shop.states().values()) == [State.OFFERED] * len(NAMES)
    for body in cron.bodies():
        first, last = body.splitlines()
        assert first.startswith(r"refused    b\udce4d.jpg")
        assert last.startswith("Next: ")
        assert "status" in last
    modes = [stat.S_IMODE(path.stat().st_mode) for path in shops["for everybody"].state.glob("*.sqlite3")]
    assert modes == [0o600]

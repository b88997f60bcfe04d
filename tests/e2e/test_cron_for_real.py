"""The README's line in a real crontab: Debian's cron in a bare environment, without this machine's jobs."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest
from fakes.command import BARE, CONFIG, PROGRAM
from fakes.shop import Shop
from fakes.sources import ROOT

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
        return [str(message.get_payload()).strip() for message in messages]


@contextmanager
def running(tool: Callable[[str], str], folder: Path, crontab: str) -> Iterator[Cron]:
    """Cron with this crontab, as root's only one."""
    if os.geteuid() != 0:
        pytest.skip("only root starts a cron of its own")
    (folder / "sbin").mkdir()
    (folder / "mails").mkdir()
    sendmail = folder / "sbin" / "sendmail"
    sendmail.write_text(SENDMAIL.format(folder=folder / "mails"))
    sendmail.chmod(0o755)
    (folder / "crontab").write_text(crontab)
    script = BEGIN.format(places=" ".join(PLACES), mail=folder / "sbin", crontab=folder / "crontab")
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

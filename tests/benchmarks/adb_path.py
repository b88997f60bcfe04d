"""How long the way onto the phone takes, beside the bare adb commands that it can't do without.

    PYTHONPATH=tests .venv/bin/python tests/benchmarks/adb_path.py [ROUNDS]

A stand-in phone hangs on an adb server of its own. In each round, in turn: the bare commands one after the
other, as a shell script would give them; `storyrelay run` into WhatsApp; and the same run into a folder. The
picture needs no reformatting. What the first run takes longer than the second is the way onto the phone;
the promise is a median of one second at most.
"""

from __future__ import annotations

import os
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from fakes.android.device import StandIn
from fakes.android.line import Line
from fakes.android.server import AdbServer
from fakes.command import BARE, CONFIG, PROGRAM
from fakes.shop import Shop

ROUNDS = 15
PROMISE_S = 1.0
DESTINATIONS = (
    "{{whatsapp: {{platform: whatsapp_status, channels: [{channel}]}}}}\nphone: {{serial: '{serial}'}}"
)


@dataclass(frozen=True, slots=True)
class Bench:
    """One phone, and where stories come from."""

    line: Line
    phone: StandIn
    root: Path

    def bare(self, number: int, *, quick: bool = False) -> float:
        """The commands of FINDINGS, without any of ours around them; `quick` joins what one call can ask."""
        source = self.root / "bare.jpg"
        target = f"/sdcard/Pictures/storyrelay/storyrelay-{number}-0123456789ab.jpg"
        indexed = target.replace("/sdcard", "/storage/emulated/0")
        name = target.rpartition("/")[2]
        scan = f"content call --uri content://media --method scan_file --arg {indexed}"
        table = "content://media/external/images/media"
        wanted = shlex.quote(f"_display_name='{name}'")
        query = f"content query --uri {table} --projection _id --where {wanted}"
        facts = ["getprop ro.build.version.sdk", "pm list packages com.whatsapp"]
        look = [f"stat -c %s {target}", scan, query]
        uri = f"{table}/{number}"
        extras = f"--eu android.intent.extra.STREAM {uri} --es android.intent.extra.TEXT hello"
        start = f"am start -W -a android.intent.action.SEND -d {uri} -t image/jpeg {extras} -p com.whatsapp"
        joined = ["; ".join(facts)], ["; ".join(look)]
        first, second = joined if quick else (facts, look)
        begun = time.perf_counter()
        self.adb("get-state")
        for words in first:
            self.adb("shell", words)
        self.adb("push", str(source), target)
        for words in (*second, start):
            self.adb("shell", words)
        return time.perf_counter() - begun

    def adb(self, *words: str) -> None:
        self.line.server.call("-s", self.phone.serial, *words)

    def run(self, channel: str, number: int) -> float:
        """The whole command for one picture; the person's answer isn't counted."""
        serial = self.phone.serial
        shop = Shop(self.root / channel, DESTINATIONS.format(channel=channel, serial=serial))
        shop.picture(f"{number}.jpg", number)
        shop.settings()
        begun = time.perf_counter()
        self._call(shop, "run", "-q")
        seconds = time.perf_counter() - begun
        self._call(shop, "confirm", str(number))
        return seconds

    def _call(self, shop: Shop, *words: str) -> None:
        env = BARE | self.line.server.variables
        argv = [PROGRAM, *words, "-c", CONFIG]
        subprocess.run(argv, cwd=shop.root, env=env, check=True, stdout=subprocess.DEVNULL)


def told(name: str, seconds: Sequence[float]) -> None:
    low, high = min(seconds), max(seconds)
    middle = statistics.median(seconds)
    sys.stdout.write(f"{name:<34} median {middle:6.3f} s   {low:.3f} to {high:.3f}\n")


def main(rounds: int = ROUNDS) -> int:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        server = AdbServer.at_a_free_port("adb", root / "adb")
        server.call("start-server")
        line = Line(server, root)
        phone = line.phone()
        bench = Bench(line, phone, root)
        (root / "bare.jpg").write_bytes(os.urandom(60_000))
        times: dict[str, list[float]] = {"bare": [], "quick": [], "intent": [], "folder": []}
        try:
            for number in range(1, rounds + 1):
                times["bare"].append(bench.bare(number))
                times["quick"].append(bench.bare(number, quick=True))
                times["intent"].append(bench.run("intent", number))
                times["folder"].append(bench.run("folder", number))
            opened = len(phone.opened())
        finally:
            line.close()
            server.call("kill-server")
    way = [phone_s - folder_s for phone_s, folder_s in zip(times["intent"], times["folder"], strict=True)]
    told("bare adb, a command a call", times["bare"])
    told("bare adb, joined where possible", times["quick"])
    told("storyrelay run into WhatsApp", times["intent"])
    told("storyrelay run into a folder", times["folder"])
    told("the way onto the phone", way)
    middle = statistics.median(way)
    ratios = [middle / statistics.median(times[name]) for name in ("bare", "quick")]
    sys.stdout.write(
        f"ratio to bare adb: {ratios[0]:.2f}, to joined commands: {ratios[1]:.2f}; {opened} opened\n"
    )
    return 0 if middle <= PROMISE_S and opened == 3 * rounds else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

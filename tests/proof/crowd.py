"""Five real runs at the same moment, again and again, over 20,000 files of every kind and name.

    make crowd [FILES=20000] [SEED=0]

Meanwhile all else is asked (status, plan, export, backup, a page) and answered (confirm, skip), and files
come, go and move. In the end each picture is out once at each destination, every other file is told, no byte
of the inbox is changed; every answer on the way had the exit code that the README gives it, and could be
read. Before that, programs that are wrong on purpose must be caught. The seed makes the same files again, not
the moments.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import resource
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from fakes.crowd import Crowd, sha256, untouched
from fakes.crowd_end import missing, problems_in_the_end, rows_of
from fakes.crowd_victim import BROKEN
from fakes.crowded import ASCII, CRON, LOCKED, PLAIN_C, Call, Heard, Town, at_once, town, wrong_with

RUNS = (
    Call(("run", "-q"), CRON, 0o077),
    Call(("run", "--json"), PLAIN_C),
    Call(("run",), ASCII, 0o000),
    Call(("run", "-q", "--json"), umask=0o077),
    Call(("run",), CRON | {"LANG": "de_DE.ISO-8859-1", "TERM": "dumb"}),
)
QUESTIONS = (
    ("status",),
    ("status", "--json"),
    ("ledger", "export", "--format", "csv"),
    ("plan", "--json", "FOLDER"),
    ("status", "--html", "PAGE"),
    ("ledger", "check"),
    ("ledger", "export", "--format", "json"),
    ("ledger", "backup"),
    ("confirm", "OFFERED"),
    ("show", "OFFERED"),
    ("skip", "OFFERED"),
    ("plan", "FOLDER"),
)
UNREST = 24
"""So many files come, go or move while runs are under way."""
ROUNDS = 200
TEETH = 40
"""Files among which a broken program must be caught; so many more at each further try."""
TRIES = 8


@dataclass(slots=True)
class Unrest:
    """Files that are written, moved and removed while runs look at them."""

    crowd: Crowd
    may: set[str] = field(default_factory=set)
    steps: list[tuple[str, Path]] = field(default_factory=list)

    def prepare(self, count: int) -> None:
        """What is to go lies there already, where runs come late."""
        for number in range(count):
            content, name = self.crowd.next(), b"unrest\xe9/%%s %d \xff.jpg" % number
            match number % 3:
                case 0:
                    self.may.add(sha256(content))
                    self.steps.append(("goes", self.crowd.put(name % b"goes", content)))
                case 1:
                    self.steps.append(("moves", self.crowd.photo(name % b"moves", content)))
                case 2:
                    self.steps.append(("grows", self.crowd.inbox / os.fsdecode(name % b"grows")))

    def happen(self, chance: random.Random, pause_s: float) -> None:
        for what, path in self.steps:
            time.sleep(chance.uniform(0, pause_s))
            match what:
                case "goes":
                    path.unlink()
                case "moves":
                    moved = path.with_name(f"{path.stem} moved.jpg")
                    next(places for places in self.crowd.good.values() if path in places).append(moved)
                    path.rename(moved)
                case "grows":
                    self._grow(path, pause_s)

    def _grow(self, path: Path, pause_s: float) -> None:
        content = self.crowd.next()
        with path.open("wb", buffering=0) as file:
            for part in _parts(content):
                file.write(part)
                time.sleep(pause_s / 4)
        self.crowd.good[sha256(content)].append(path)


def _parts(content: bytes) -> Iterator[bytes]:
    return (content[start : start + 400] for start in range(0, len(content), 400))


@dataclass(slots=True)
class Findings:
    """What was counted, and what was wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    named: set[int] = field(default_factory=set)

    def hear(self, said: Heard) -> None:
        kind = "questions" if not said.call.is_run else "locked out" if said.code == LOCKED else "runs"
        self.counts[kind] += 1
        self.wrong += wrong_with(said)


def lived(files: int, seed: int, broken: str | None = None, slice_s: int = 60) -> Findings:
    """A whole crowd, until everything is out or something is wrong."""
    chance, findings = random.Random(seed), Findings()  # noqa: S311 - the same every time
    with (
        tempfile.TemporaryDirectory(prefix="storyrelay-crowd-") as name,
        town(Path(name), files, seed, broken) as there,
    ):
        unrest = Unrest(there.crowd)
        unrest.prepare(min(UNREST, files // 8))
        before = untouched(there.crowd.inbox)
        restless = {str(path) for _, path in unrest.steps}
        happening = threading.Thread(target=unrest.happen, args=(chance, slice_s / UNREST / 4))
        happening.start()
        questions = itertools.cycle(QUESTIONS)
        for _ in range(ROUNDS):
            _round(there, findings, questions, slice_s)
            rows = rows_of(there) if not findings.wrong else []
            if findings.wrong or not (happening.is_alive() or missing(there, rows)):
                break
            _say(f"{missing(there, rows)} of {2 * len(there.crowd.good)} to go")
        happening.join()
        kept = {path: state for path, state in before.items() if path not in restless}
        findings.wrong = findings.wrong or problems_in_the_end(there, kept, unrest.may)
        findings.counts["stories"] = 2 * len(there.crowd.good)
        findings.counts["refused"] = len(there.crowd.told)
    return findings


def _round(town: Town, findings: Findings, questions: Iterator[Sequence[str]], slice_s: int) -> None:
    """Five at once; until the last has ended, one question after the other."""
    calls = [Call((*call.words, "--max-runtime", f"{slice_s}s"), call.env, call.umask) for call in RUNS]
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(at_once, town, calls)
        while not running.done():
            for words in _filled(town, findings, next(questions)):
                findings.hear(town.ask(*words, env=ASCII if len(words) == 1 else PLAIN_C))
        said = running.result()
    for one in said:
        findings.hear(one)
    if all(one.code == LOCKED for one in said):
        findings.wrong.append("all five found the lock held")
    findings.counts["rounds"] += 1


def _filled(town: Town, findings: Findings, words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The question about something that is there; nothing is answered for twice."""
    given = {"FOLDER": str(town.crowd.inbox / "odd"), "PAGE": str(town.root / "status.html")}
    if "OFFERED" in words:
        rows = json.loads(town.ask("status", "--json").out)["deliveries"]
        offered = [row["id"] for row in rows if row["state"] == "offered"]
        fresh = [number for number in offered if number not in findings.named]
        if not fresh:
            return
        number = fresh[len(fresh) // 2]
        findings.named.add(number)
        given["OFFERED"] = str(number)
    yield tuple(given.get(word, word) for word in words)


def _say(line: str) -> None:
    if os.isatty(2) or os.environ.get("LOUD"):
        sys.stderr.write(f"{line}\n")


def has_teeth() -> bool:
    """Whether every broken program is caught."""
    for broken in BROKEN:
        crowds = (lived(TEETH * (seed + 1), seed, broken, 5) for seed in range(TRIES))
        wrong = next((found.wrong for found in crowds if found.wrong), None)
        caught = wrong[0].splitlines()[-1][:120] if wrong else None
        sys.stdout.write(
            f"a program that {broken} {f'is caught: {caught}' if caught else 'was NOT caught'}\n"
        )
        sys.stdout.flush()
        if not caught:
            return False
    return True


def main() -> int:
    """Teeth first, then the crowd; 1 when anything was wrong."""
    words = argparse.ArgumentParser()
    words.add_argument("--files", type=int, default=20_000)
    words.add_argument("--seed", type=int, default=0)
    words.add_argument("--slice", type=int, default=60, help="seconds after which a run begins nothing new")
    options = words.parse_args()
    if not has_teeth():
        return 1
    began_s = time.monotonic()
    findings = lived(options.files, options.seed, None, options.slice)
    seconds, counts = time.monotonic() - began_s, findings.counts
    most_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1000
    for wrong in findings.wrong:
        sys.stdout.write(f"{wrong}\n")
    sys.stdout.write(
        f"seed {options.seed}: {options.files} files in {seconds:.0f} s, {counts['rounds']} rounds: "
        f"{counts['runs']} runs worked, {counts['locked out']} found the lock held, "
        f"{counts['questions']} questions; {counts['stories']} stories, {counts['refused']} files refused, "
        f"{most_mb} MB at most, {len(findings.wrong)} wrong\n"
    )
    return 1 if findings.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

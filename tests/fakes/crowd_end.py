"""What must be true after all runs over a crowd: everything out once or told, nothing touched."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fakes.crowd import CAPTION, untouched
from fakes.crowded import SOME_REFUSED, Town, wrong_with

from pipeline.handoff.folder import ENTRIES, MANIFEST
from pipeline.tools.files import TEMPORARY_PREFIX, sha256_of

BOTH = ("whatsapp", "instagram")
OUT = {"offered", "confirmed", "skipped"}
Rows = list[dict[str, Any]]


def rows_of(town: Town) -> Rows:
    """Every delivery with its events."""
    rows: Rows = json.loads(town.ask("ledger", "export").out)["deliveries"]
    return rows


def missing(town: Town, rows: Rows) -> int:
    """How many stories that must go out haven't yet."""
    out = {(row["asset"], row["destination"]) for row in rows if row["state"] in OUT}
    return sum((asset, name) not in out for asset in town.crowd.good for name in BOTH)


def problems_in_the_end(town: Town, before: Mapping[str, tuple[int, int, int]], may: set[str]) -> list[str]:
    """Everything that isn't as it must be; `may` are contents that went away, `before` what was there."""
    rows = rows_of(town)
    found = [*_of_rows(town, rows, may), *_of_refused(town)]
    for name in BOTH:
        found += _of_outbox(town, name, [row for row in rows if row["destination"] == name])
    for folder in ("state", "outbox"):
        left = (town.root / folder).rglob(f"{TEMPORARY_PREFIX}*")
        found += [f"{path.name} was left over" for path in left]
    now = untouched(town.crowd.inbox)
    found += [f"{path!r} was touched" for path in before if before[path] != now.get(path)]
    found += _of_log(town.root / "run.log")
    for words in (("status",), ("ledger", "export", "--format", "csv")):
        found += wrong_with(town.ask(*words))
    return found


def _of_rows(town: Town, rows: Rows, may: set[str]) -> Iterator[str]:
    good = town.crowd.good
    for place, count in Counter((row["asset"], row["destination"]) for row in rows).items():
        if count != 1:
            yield f"{place} has {count} deliveries"
    if number := missing(town, rows):
        yield f"{number} stories aren't out"
    for row in rows:
        asset, path = row["asset"], Path(row["path"])
        if asset not in good.keys() | may:
            yield f"{path!r} shouldn't be out"
        elif asset in good and path not in good[asset]:
            yield f"{path!r} isn't where its picture lies"
        offers = [event["event"] for event in row["events"]].count("offered")
        if offers != 1 and not (asset in may and offers == 0):
            yield f"{path!r} was offered {offers} times to {row['destination']}"


def _of_refused(town: Town) -> Iterator[str]:
    """Every file that is no story is told: by `status` for as long as it lies there, by the run otherwise."""
    ran, status = town.ask("run", "--json"), json.loads(town.ask("status", "--json").out)
    told = [Path(line["path"]) for line in ran.json_lines() if line["event"] == "refused"]
    told += [Path(problem["path"]) for problem in status["problems"]]
    if ran.code != SOME_REFUSED:
        yield f"the last run ended with {ran.code}"
    if Counter(told) != Counter(town.crowd.told):
        yield f"refused are {sorted(set(told) ^ town.crowd.told)[:9]}"


def _of_outbox(town: Town, name: str, rows: Rows) -> Iterator[str]:
    folder = town.root / "outbox" / name
    stories = json.loads((folder / MANIFEST).read_text())["stories"]
    offered = {row["id"]: row["asset"] for row in rows if row["state"] == "offered"}
    if sorted(offered) != [story["delivery"] for story in stories]:
        yield f"the manifest of {name} has {len(stories)} of {len(offered)}"
        return
    there = {path.name for path in folder.iterdir()} - {MANIFEST, ENTRIES}
    if there != {file for story in stories for file in (story["media"], story["caption"]) if file}:
        yield f"{name} holds {len(there)} files, which its manifest doesn't name"
    for story in stories:
        if sha256_of(folder / story["media"]) != story["sha256"]:
            yield f"{story['media']} isn't whole"
        words = (folder / story["caption"]).read_text().strip() if story["caption"] else None
        if words != (CAPTION if offered[story["delivery"]] in town.crowd.captions else None):
            yield f"{story['media']} has the words {words!r}"


def _of_log(log: Path) -> Iterator[str]:
    for line in log.read_bytes().splitlines():
        try:
            json.loads(line)
        except ValueError:
            yield f"the log has the line {line[:200]!r}"

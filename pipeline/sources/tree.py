"""All that counts in a folder elsewhere, as its store tells it: one look at each of its folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pipeline.errors import TryAgain
from pipeline.sources.names import Kind, is_entered, is_materials, kind_of, path_problem, problem_of
from pipeline.sources.stores import Store

MOST = 200_000
"""Files and folders that a listing takes; more is a mistake, or made on purpose."""
CHANGED_AT = ("mtime", "LastModified", "last_modified", "modified", "updated", "created")
"""What the stores call it; the first that is there counts."""
DIGESTS = ("ETag", "etag", "md5Hash", "content_md5", "md5", "checksum")


@dataclass(frozen=True, slots=True)
class Lying:
    """One file, by its path below the source's folder; `refused` says why its name can't be trusted."""

    path: str
    kind: Kind
    bytes: int | None
    mark: str
    changed_at: datetime | None
    refused: str | None = None


@dataclass(slots=True)
class Tree:
    """What a listing found; nothing is known of what lies below the `unread` folders."""

    files: list[Lying] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    seen: int = 0


def look_through(store: Store, beat: Callable[[], None]) -> Tree:
    """List it folder by folder, links left alone. Raises whatever the store does for its own folder.

    `beat` is called with each folder.
    """
    tree, waiting = Tree(), [("", False)]
    while waiting:
        beat()
        folder, among_materials = waiting.pop()
        try:
            entries = store.entries(folder)
        except (PermissionError, FileNotFoundError, UnicodeDecodeError):
            if not folder:
                raise
            tree.unread.append(folder)
            continue
        waiting += _take(tree, folder, entries, among_materials=among_materials)
    return tree


def _take(
    tree: Tree, folder: str, entries: list[dict[str, Any]], *, among_materials: bool
) -> Iterator[tuple[str, bool]]:
    """Note a folder's files. Gives its folders, and whether they are among materials."""
    for entry in entries:
        tree.seen += 1
        if tree.seen > MOST:
            raise TryAgain(f"it holds more than {MOST} files and folders: name a smaller folder")
        name, wrong = entry["name"], problem_of(entry["name"])
        path = f"{folder}/{name}" if folder else name
        if entry["type"] == "directory" and not wrong:
            if is_entered(name) and not path_problem(path):
                yield path, among_materials or is_materials(name)
        elif entry["type"] == "file":
            kind = kind_of(name, among_materials=among_materials)
            if kind is not None:
                tree.files.append(_lying(path, kind, entry, wrong or path_problem(path)))


def _lying(path: str, kind: Kind, entry: Mapping[str, Any], wrong: str | None) -> Lying:
    return Lying(path, kind, size_of(entry), mark_of(entry), changed_at(entry), wrong)


def size_of(entry: Mapping[str, Any]) -> int | None:
    """Bytes; None where the store doesn't tell."""
    size = entry.get("size")
    return int(size) if isinstance(size, int | float) and size >= 0 else None


def mark_of(entry: Mapping[str, Any]) -> str:
    """What changes with a file's content: the store's own digest, else when it was changed; and its size."""
    digest = next((str(entry[name]) for name in DIGESTS if entry.get(name)), None)
    at = changed_at(entry)
    told = digest or ("" if at is None else at.isoformat())
    return f"{told} {entry.get('size')}"


def changed_at(entry: Mapping[str, Any]) -> datetime | None:
    """When it was last changed, by the clock there; None where the store doesn't tell."""
    at = next((entry[name] for name in CHANGED_AT if entry.get(name) is not None), None)
    if isinstance(at, datetime):
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        return datetime.fromtimestamp(float(at), UTC) if isinstance(at, int | float) else None
    except (ValueError, OverflowError, OSError):
        return None

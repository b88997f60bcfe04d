"""What of a folder elsewhere is pulled, in which order, and what waits, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from pipeline.load.names import story_order
from pipeline.model import Remote
from pipeline.sources.names import Kind, as_bytes, clashing, sidecar_place, sidecars_of
from pipeline.sources.tree import Lying, Tree

YOUNG = "it was changed just now and may still be arriving: the next pull takes it"
UNREAD = "this folder can't be read there, or a name in it isn't UTF-8"


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a file must have been left alone; whether our disk takes a.jpg for A.jpg."""

    settle_seconds: float
    now: datetime
    folds_case: bool = False


def remotes_of(tree: Tree, terms: Terms) -> tuple[Remote, ...]:
    """All that counts: what stories need first, then their files, in the order of stories."""
    reasons = dict(_reasons(tree, terms))
    files = sorted(tree.files, key=lambda lying: (lying.kind, story_order(as_bytes(lying.path))))
    unread = (
        Remote(key=folder, mark="", path=PurePosixPath(folder), left=UNREAD) for folder in sorted(tree.unread)
    )
    return (*(_remote(lying, reasons.get(lying.path)) for lying in files), *unread)


def needs_of(tree: Tree) -> dict[str, frozenset[str]]:
    """What each story's file needs before it, by paths: its sidecars, and with them all materials."""
    there = {sidecar_place(lying.path): lying.path for lying in tree.files if lying.kind is Kind.SIDECAR}
    materials = frozenset(lying.path for lying in tree.files if lying.kind is Kind.MATERIAL)
    needs = {}
    for lying in tree.files:
        if lying.kind is Kind.MEDIA:
            own = frozenset(sidecars_of(lying.path, there))
            needs[lying.path] = own | materials if own else own
    return needs


def _reasons(tree: Tree, terms: Terms) -> Iterator[tuple[str, str]]:
    """Why files are left where they are."""
    clashes = clashing(lying.path for lying in tree.files) if terms.folds_case else {}
    young = {lying.path for lying in tree.files if _is_young(lying, terms)}
    for path, needed in needs_of(tree).items() if young else ():
        for other in sorted(needed & young):
            yield path, f"{PurePosixPath(other).name}: {YOUNG}"
    yield from ((path, YOUNG) for path in young)
    yield from ((path, f"its name differs from {other} only in case") for path, other in clashes.items())
    yield from ((lying.path, lying.refused) for lying in tree.files if lying.refused)


def _is_young(lying: Lying, terms: Terms) -> bool:
    """A clock there that is ahead is allowed for, as in the inbox."""
    if lying.changed_at is None:
        return False
    return abs((terms.now - lying.changed_at).total_seconds()) < terms.settle_seconds


def _remote(lying: Lying, left: str | None) -> Remote:
    return Remote(
        key=lying.path,
        mark=lying.mark,
        path=PurePosixPath(lying.path),
        bytes=lying.bytes,
        left=left,
        changed_at=lying.changed_at,
    )

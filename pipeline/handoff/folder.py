"""The folder channel: an outbox of ready media, captions and a manifest, for sending by hand."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Collection
from enum import Enum, auto
from pathlib import Path
from typing import TypedDict

from pipeline.destination import Ahead, Journal, Offered, Parcel
from pipeline.errors import EnvironmentFault, TryAgain
from pipeline.model import Rendition
from pipeline.tools.files import sha256_of, whole_file, write_whole
from pipeline.tools.filesystem import free_bytes
from pipeline.values import dataclass

MANIFEST = "manifest.json"
ENTRIES = ".entries"
_LONGEST_STEM_BYTES = 120


class Entry(TypedDict):
    """One offered delivery in the manifest; file names are relative to the manifest."""

    delivery: int
    story: str
    media: str
    caption: str | None
    mime: str
    sha256: str
    bytes: int
    width: int
    height: int
    duration_s: float | None
    part: int
    parts: int
    link: str | None
    mentions: list[str]
    hashtags: list[str]
    expires: str


class Laid(Enum):
    """How an offered story lies: as it was laid out, its file taken, or all that was known of it gone."""

    WHOLE = auto()
    TAKEN = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class Folder:
    """One destination's outbox folder. The same parcel always makes the same files.

    So much of its disk is left free; None doesn't look. `away` is where
    it was mounted when it was last used, if nothing is mounted there now.
    """

    name: str
    folder: Path
    keep_free_bytes: int | None = None
    away: Path | None = None

    @property
    def kind(self) -> str:
        """Its name among the channels."""
        return "folder"

    def ahead(self) -> Ahead | None:
        """Nothing: any number lies in it."""
        return None

    def blocked(self) -> str | None:
        """Why the folder can't take anything now."""
        if self.away:
            return self._not_mounted()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            return f"the outbox {self.folder} can't be made: {fault.strerror}. Next: check `outbox`"
        if not os.access(self.folder, os.W_OK | os.X_OK):
            return f"the outbox {self.folder} can't be written. Next: check its rights"
        return self._too_full(0)

    def deliver(self, parcel: Parcel, journal: Journal | None = None) -> Offered:  # noqa: ARG002 - one step
        """Put entry, caption and media in place, each whole; the manifest follows with `keep_only`.

        The entry goes first: whatever is cut short, it names what there is to withdraw.
        """
        entry = _entry(parcel)
        reason = self._not_mounted() if self.away else self._too_full(parcel.rendition.bytes)
        if reason:
            raise TryAgain(reason)
        try:
            self._clear_the_way(entry, parcel)
            write_whole(self._entry_file(parcel.delivery), _as_json(entry))
            if entry["caption"]:
                write_whole(self.folder / entry["caption"], (parcel.texts.caption + "\n").encode())
            _copy_whole(parcel.rendition.path, self.folder / entry["media"])
        except OSError as fault:
            message = (
                f"the outbox {self.folder} can't be written: {fault.strerror}. Next: check space and rights"
            )
            raise TryAgain(message) from fault
        return Offered(str(self.folder / entry["media"]))

    def keep_only(self, deliveries: Collection[int]) -> None:
        """Remove what was offered, except these deliveries, and write the manifest of what is left.

        Only files that an entry names are touched; the entry goes last, so a removal that was cut
        short is finished the next time. Raises EnvironmentFault when the folder refuses.
        """
        if self.away:  # what lies on the disk is tidied when it's back
            return
        try:
            kept = []
            for entry in self._entries():
                if entry["delivery"] in deliveries:
                    kept.append(entry)
                else:
                    self._withdraw(entry)
            self._write_manifest(kept)
        except OSError as fault:
            message = (
                f"the outbox {self.folder} can't be tidied: {fault.strerror}. Next: check its rights and its "
                "space, then storyrelay run"
            )
            raise EnvironmentFault(message) from fault

    def _not_mounted(self) -> str:
        return f"nothing is mounted at {self.away}, where the outbox was. Next: mount {self.away}"

    def _too_full(self, bytes_: int) -> str | None:
        if self.keep_free_bytes is None or free_bytes(self.folder) >= bytes_ + self.keep_free_bytes:
            return None
        return f"the disk of the outbox {self.folder} is nearly full. Next: make room there"

    def _clear_the_way(self, entry: Entry, parcel: Parcel) -> None:
        """Remove what this delivery left under other names, if it was cut short before its story changed.

        Raises TryAgain when somebody else's file has a name that it needs.
        """
        earlier = _entry_in(self._entry_file(entry["delivery"]))
        ours = _files(earlier) if earlier else set[str]()
        if entry["media"] not in ours and self._is_foreign(entry["media"], parcel.rendition):
            place = self.folder / entry["media"]
            raise TryAgain(f"{place} isn't storyrelay's and in the way. Next: move it elsewhere")
        self._remove(ours - _files(entry))

    def _is_foreign(self, name: str, rendition: Rendition) -> bool:
        there = self.folder / name
        return there.is_file() and sha256_of(there) != rendition.sha256

    def _withdraw(self, entry: Entry) -> None:
        self._remove(_files(entry))
        self._entry_file(entry["delivery"]).unlink(missing_ok=True)

    def _remove(self, names: Collection[str]) -> None:
        for name in names:
            if not (self.folder / name).is_dir():  # somebody else's, in the way of ours
                (self.folder / name).unlink(missing_ok=True)

    def _entries(self) -> list[Entry]:
        """Every entry of ours; one that a foreign hand spoilt is set aside, and its media left alone."""
        named = (self.folder / ENTRIES).glob("[0-9]*.json")
        entries = (_entry_in(file) for file in sorted(named) if file.stem.isdigit())
        return [entry for entry in entries if entry is not None]

    def _entry_file(self, delivery: int) -> Path:
        return self.folder / ENTRIES / f"{delivery:08d}.json"

    def _write_manifest(self, entries: list[Entry]) -> None:
        manifest = self.folder / MANIFEST
        content = _manifest(self.name, entries)
        if not manifest.exists() and not entries:
            return
        if not manifest.exists() or manifest.read_bytes() != content:
            write_whole(manifest, content)


def how_it_lies(folder: Path, delivery: int) -> Laid:
    """Whether what was laid out for a delivery is still in a destination's folder."""
    try:
        entry = _entry_in(folder / ENTRIES / f"{delivery:08d}.json")
        if entry is None:
            return Laid.GONE
        return Laid.WHOLE if (folder / entry["media"]).exists() else Laid.TAKEN
    except OSError:  # a file in the folder's place, or a disk in trouble: laying it out again tells
        return Laid.GONE


def _files(entry: Entry) -> set[str]:
    return {name for name in (entry["media"], entry["caption"]) if name}


def _entry_in(file: Path) -> Entry | None:
    try:
        entry: Entry = json.loads(file.read_bytes())
        return entry if _files(entry) and entry["delivery"] == int(file.stem) else None
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        file.replace(file.with_suffix(".unreadable"))
        return None


def _as_json(value: object) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def _manifest(destination: str, entries: list[Entry]) -> bytes:
    """A story a line: Python lays JSON out ten times as slowly as it writes it, 1.1 s for 20,000 stories."""
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    name = json.dumps(destination, ensure_ascii=False)
    return f'{{"destination": {name}, "stories": [\n{lines}\n]}}\n'.encode()


def _entry(parcel: Parcel) -> Entry:
    rendition = parcel.rendition
    stem = _stem(parcel)
    return Entry(
        delivery=parcel.delivery,
        story=_printable(parcel.story),
        media=stem + rendition.path.suffix,
        caption=f"{stem}.txt" if parcel.texts.caption else None,
        mime=rendition.mime,
        sha256=rendition.sha256,
        bytes=rendition.bytes,
        width=rendition.width,
        height=rendition.height,
        duration_s=rendition.duration_s,
        part=rendition.part,
        parts=rendition.parts,
        link=parcel.texts.link,
        mentions=list(parcel.texts.mentions),
        hashtags=list(parcel.texts.hashtags),
        expires=parcel.expires_at.isoformat(timespec="seconds"),
    )


def _stem(parcel: Parcel) -> str:
    """A name that sorts in sending order, tells the story and its part, and works on every system."""
    name = unicodedata.normalize("NFC", _printable(Path(parcel.story).stem))
    safe = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in name).strip("-")
    short = safe.encode()[:_LONGEST_STEM_BYTES].decode(errors="ignore")
    part = f"-{parcel.rendition.part}of{parcel.rendition.parts}" if parcel.rendition.parts > 1 else ""
    return f"{parcel.delivery:04d}-{short or 'story'}{part}"


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _copy_whole(source: Path, target: Path) -> None:
    import shutil  # with all compressors, 2 ms

    with whole_file(target) as temporary:
        shutil.copyfile(source, temporary)

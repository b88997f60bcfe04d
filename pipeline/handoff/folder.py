"""The folder channel: an outbox of ready media, captions and a manifest, for sending by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from pipeline.destination import Offered, Parcel
from pipeline.errors import TryAgain
from pipeline.tools.files import whole_file, write_whole

MANIFEST = "manifest.json"
ENTRIES = ".entries"
_LONGEST_STEM = 80


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


@dataclass(frozen=True, slots=True)
class Folder:
    """One destination's outbox folder. The same parcel always makes the same files."""

    name: str
    folder: Path
    repeatable: bool = True

    def blocked(self) -> str | None:
        """Why the folder can't take anything now."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            return f"the outbox {self.folder} can't be made: {fault.strerror}. Next: check `outbox`"
        return None

    def deliver(self, parcel: Parcel) -> Offered:
        """Put caption, media and entry in place, each whole; the manifest follows with `keep_only`."""
        entry = _entry(parcel)
        try:
            if entry["caption"]:
                write_whole(self.folder / entry["caption"], (parcel.texts.caption + "\n").encode())
            _copy_whole(parcel.rendition.path, self.folder / entry["media"])
            write_whole(self._entry_file(parcel.delivery), _as_json(entry))
        except OSError as fault:
            message = (
                f"the outbox {self.folder} can't be written: {fault.strerror}. Next: check space and rights"
            )
            raise TryAgain(message) from fault
        return Offered(str(self.folder / entry["media"]))

    def keep_only(self, deliveries: Collection[int]) -> None:
        """Remove what was offered, except these deliveries, and write the manifest of what is left.

        Only files that an entry names are touched; the entry goes last, so a removal that was cut
        short is finished the next time.
        """
        kept = []
        for entry in self._entries():
            if entry["delivery"] in deliveries:
                kept.append(entry)
            else:
                self._withdraw(entry)
        self._write_manifest(kept)

    def _withdraw(self, entry: Entry) -> None:
        for name in (entry["media"], entry["caption"]):
            if name:
                (self.folder / name).unlink(missing_ok=True)
        self._entry_file(entry["delivery"]).unlink(missing_ok=True)

    def _entries(self) -> list[Entry]:
        files = sorted((self.folder / ENTRIES).glob("[0-9]*.json"))
        return [json.loads(file.read_bytes()) for file in files]

    def _entry_file(self, delivery: int) -> Path:
        return self.folder / ENTRIES / f"{delivery:08d}.json"

    def _write_manifest(self, entries: list[Entry]) -> None:
        manifest = self.folder / MANIFEST
        content = _as_json({"destination": self.name, "stories": entries})
        if not manifest.exists() and not entries:
            return
        if not manifest.exists() or manifest.read_bytes() != content:
            write_whole(manifest, content)


def _as_json(value: object) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


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
    name = _printable(Path(parcel.story).stem)
    safe = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in name).strip("-")
    part = f"-{parcel.rendition.part}of{parcel.rendition.parts}" if parcel.rendition.parts > 1 else ""
    return f"{parcel.delivery:04d}-{safe[:_LONGEST_STEM] or 'story'}{part}"


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _copy_whole(source: Path, target: Path) -> None:
    with whole_file(target) as temporary:
        shutil.copyfile(source, temporary)

"""An inbox of very many tiny pictures, with every kind of name and of file that a disk allows."""

from __future__ import annotations

import hashlib
import io
import os
import random
import socket
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image

CANVAS = (270, 480)
IN_A_FOLDER = 200
LONGEST_NAME = 255
LONGEST_PATH = 4096
"""With the byte that ends it."""
CAPTION = "Grüße, 日本 🍞"
NAMES: tuple[bytes, ...] = (
    *(b"caf\xe9 %d.jpg", "写真 %d.jpg".encode("shift_jis"), b"\xff\xfe\x80 %d.jpg", b"\xed\xb3\xa9 %d.jpg"),
    *(b"line\nbreak %d.jpg", b"return\rto %d.jpg", b"tab\t%d.jpg", b"\x1b[31mred\x07 %d.jpg"),
    *(b'it\'s "%d".jpg', b"`touch owned` $(touch owned) %d.jpg", b"50%% of $HOME; %d & more |.jpg"),
    *(b"-rf %d.jpg", b"--help %d.jpg", b"=cmd|' /C calc'!A0 %d.jpg", b" %d .jpg", b"back\\slash %d.JPG"),
    *("bread 🍞👩‍🍳 %d.jpg".encode(), "\u202egpj.%d.jpg".encode(), "\ufeff\u200b%d.jpg".encode()),
    *("übergroß %d.jpg".encode(), "e\u0301 %d.jpg".encode(), "日本語 %d.jpg".encode()),
    *(b"{0} %%s %d.jpg", b"<b>&amp;%d.jpg", b"%d.tar.jpeg", b"photo %d.jpg.jpg"),
)
"""Latin-1, Shift-JIS, no encoding; what a terminal, a shell, a spreadsheet and a browser would obey."""


@cache
def _blank(shape: tuple[int, int], kind: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", shape, "#c08040").save(content, kind)
    return content.getvalue()


def tiny(number: int, shape: tuple[int, int] = CANVAS) -> bytes:
    """A JPEG unlike every other: a comment in it, 1.5 kB and no work."""
    whole = _blank(shape, "JPEG")
    return b"%s\xff\xfe\x00\x0e%012d%s" % (whole[:2], number, whole[2:])


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(slots=True)
class Crowd:
    """What lies where. `told` must be named as refused; nobody speaks of what stands nowhere here.

    `good` are the places of each content that must go out, once.
    """

    inbox: Path
    good: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    told: set[Path] = field(default_factory=set)
    captions: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def photo(self, name: bytes, content: bytes | None = None) -> Path:
        """A good one, at a name below the inbox."""
        content = content or self.next()
        path = self.put(name, content)
        self.good[sha256(content)].append(path)
        return path

    def bad(self, name: bytes, content: bytes) -> None:
        """One that must be refused, aloud."""
        self.told.add(self.put(name, content))

    def put(self, name: bytes, content: bytes) -> Path:
        path = self.inbox / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
        return path

    def next(self) -> bytes:
        """A picture that isn't there yet; one in twenty has to be made anew."""
        self.count += 1
        return tiny(self.count, (45, 50) if self.count % 20 == 0 else CANVAS)


def crowd(inbox: Path, files: int, seed: int) -> Crowd:
    """So many good pictures, by chance and the same every time, and some of everything else."""
    chance = random.Random(seed)  # noqa: S311 - the same every time
    made = Crowd(inbox)
    _odd(made)
    _links(made)
    _deep(made)
    while made.count < files:
        folder = b"%04d" % (made.count // IN_A_FOLDER)
        if chance.random() < 0.9:
            made.photo(b"%s/photo %d.jpg" % (folder, made.count))
        else:
            _strange(made, folder, chance)
    return made


def _strange(made: Crowd, folder: bytes, chance: random.Random) -> None:
    """A name that is none, with or without words beside it, or the same picture once more."""
    name = b"%s/%s" % (folder, chance.choice(NAMES) % made.count)
    content = made.next()
    made.photo(name, content)
    if chance.random() < 0.3:
        made.captions[sha256(content)] = CAPTION
        stem, beside = name.rpartition(b".")[0], chance.choice((b"txt", b"yaml"))
        text = CAPTION if beside == b"txt" else f"caption: {CAPTION}\n"
        made.put(b"%s.%s" % (chance.choice((name, stem)), beside), text.encode())
    elif chance.random() < 0.3:
        made.photo(b"%s/again %d.jpg" % (folder, made.count), content)


def _odd(made: Crowd) -> None:
    """Every name once, and what is no picture, although it's called one."""
    for number, name in enumerate(NAMES):
        made.photo(b"odd/" + name % number)
    for sign in (b"x", "é".encode(), b"\xe9"):
        made.photo(b"odd/" + sign * ((LONGEST_NAME - 4) // len(sign)) + b".jpg")
    for twin in ("é", "e\u0301"):
        made.photo(f"odd/twin {twin}.jpg".encode())
    if os.geteuid() != 0:  # who may read everything
        made.bad(b"odd/not for you.jpg", made.next())
        (made.inbox / "odd" / "not for you.jpg").chmod(0)
    made.bad(b"odd/empty\xe9.jpg", b"")
    made.bad(b"odd/no picture\n.jpg", b"no picture")
    made.bad(b"odd/cut short \xff.jpg", tiny(0)[:-300])
    for number, text in enumerate((b"caption: [\n", b"caption: caf\xe9\n", b"captain: me\n")):
        made.bad(b"odd/wrong words \xe9%d.jpg" % number, made.next())
        made.put(b"odd/wrong words \xe9%d.yaml" % number, text)
    for name in (b"materials/a.jpg", b".hidden.jpg", b"@eaDir/b.jpg", b"odd/c.jpg.part", b"odd/d.jpg~"):
        made.put(name, made.next())
    for name in (b"pipe\xe9.jpg", b"pipe.mp4", b"pipe.jpg.txt"):
        os.mkfifo(made.inbox / "odd" / os.fsdecode(name))
    made.photo(b"odd/pipe.jpg")
    _socket(made.inbox / "odd", b"socket\xe9.jpg")


def _socket(folder: Path, name: bytes) -> None:
    """Bound from within its folder, as an address holds no more than 108 bytes."""
    here = os.open(".", os.O_RDONLY)
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(name)
    finally:
        os.fchdir(here)
        os.close(here)


def _links(made: Crowd) -> None:
    """Dead, in circles, to a folder above, to a file; none of them hides what lies beside it."""
    content = made.next()
    folder = made.photo(b"links\xe9/photo.jpg", content).parent
    for name, to in {
        "dead.jpg": os.fsdecode(b"/nowhere/\xe9.jpg"),
        "dead folder": "nowhere",
        "myself.jpg": "myself.jpg",
        "round.jpg": "about.jpg",
        "about.jpg": "round.jpg",
        "circle": "circle",
        "up": "..",
        "here": ".",
        "to a pipe.jpg": "../odd/pipe.mp4",
        "nothing ever ends.jpg": "/dev/zero",
        "same.jpg": "photo.jpg",
    }.items():
        (folder / name).symlink_to(to)
    made.good[sha256(content)].append(folder / "same.jpg")


def _deep(made: Crowd) -> None:
    """Folders in folders, until a path is as long as any may be; then two that are too long to be opened."""
    folder = made.inbox / "deep"
    while (left := LONGEST_PATH - 1 - len(bytes(folder))) > 300:
        folder /= os.fsdecode(b"d" * 199 + b"\xe9")
    folder /= "e" * (left - 62)
    made.photo(bytes(folder.relative_to(made.inbox)) + b"/" + b"p" * 56 + b".jpg")
    too_long = ("q" * 200, "r" * 200 + ".jpg")
    within = os.open(folder, os.O_RDONLY)
    try:
        os.mkdir(too_long[0], dir_fd=within)
        fd = os.open(too_long[1], os.O_WRONLY | os.O_CREAT, dir_fd=within)
        os.write(fd, made.next())
        os.close(fd)
    finally:
        os.close(within)
    made.told |= {folder / name for name in too_long}


def untouched(folder: Path) -> Mapping[str, tuple[int, int, int]]:
    """Every file with what changes when somebody writes to it."""
    found: dict[str, tuple[int, int, int]] = {}
    for place, _, names, fd in os.fwalk(folder):
        for name in names:
            status = os.stat(name, dir_fd=fd, follow_symlinks=False)
            found[f"{place}/{name}"] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return found

"""An account that is mirrored to, logged in at the stand-in, and parcels for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fakes.instagram.phone import Reachable, Transport

from pipeline.config import Place, Settings, load_settings
from pipeline.destination import Parcel
from pipeline.mirror.line import Line, line_of
from pipeline.mirror.login import Key, login
from pipeline.model import Rendition, Texts

PATIENCE = "{connect_seconds: 5, answer_seconds: 5, transcode_minutes: 0.2}"


def settings_for(
    root: Path, instagram: Reachable, transport: Transport = "curl", *lines: str, username: str = "shop"
) -> Settings:
    """A config with one account `shop`, which the destination `insta` is published to."""
    more = "".join(f"    {line}\n" for line in lines)
    patience = "" if any(line.startswith("patience") for line in lines) else f"    patience: {PATIENCE}\n"
    root.mkdir(parents=True, exist_ok=True)
    file = root / "storyrelay.yaml"
    file.write_text(
        "inbox: inbox\nstate: state\nschedule: {timezone: UTC}\n"
        "destinations:\n  insta: {platform: instagram_story, via: instagrapi, account: shop}\n"
        f"accounts:\n  shop:\n    username: {username}\n    proxy: {instagram.proxy}\n"
        f"    ca_file: {instagram.ca_file}\n    transport: {transport}\n{patience}{more}"
    )
    return load_settings(file, (), Place({}, root, None))


def signed_in(settings: Settings, instagram: Reachable) -> Line:
    """Log in by a session that was opened elsewhere."""
    line = line_of(settings, "shop")
    login(line, Key(session_id=instagram.session_of(line.account.username)), lambda _way: "")
    return line


@dataclass(slots=True)
class Notes:
    """A journal on paper: each step with its detail, in order."""

    steps: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def record(self, step: str, detail: Mapping[str, object]) -> None:
        self.steps.append((step, dict(detail)))

    def publishing(self, detail: Mapping[str, object]) -> None:
        self.steps.append(("publishing", dict(detail)))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.steps]

    def detail(self, name: str) -> Mapping[str, Any]:
        return next(detail for step, detail in self.steps if step == name)


def parcel_of(file: Path, texts: Texts | None = None, duration_s: float | None = None, **more: Any) -> Parcel:
    """A delivery of that file as it is."""
    content = file.read_bytes()
    rendition = Rendition(
        path=file,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        mime="image/jpeg" if file.suffix == ".jpg" else "video/mp4",
        width=1080,
        height=1920,
        duration_s=duration_s,
        action="passthrough",
        profile="instagram_story",
        part=1,
        parts=1,
    )
    return Parcel(7, file.name, rendition, texts or Texts(), datetime(2026, 11, 25, tzinfo=UTC), **more)

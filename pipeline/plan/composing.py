"""Whether a story is composed of several files, and how: its pictures and clips, their times, its sound."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SidecarError
from pipeline.model import (
    Animation,
    Asset,
    Composition,
    Decor,
    Material,
    Motion,
    Music,
    Profile,
    Sidecar,
    Size,
    Styling,
    Take,
    Tune,
    Voice,
)
from pipeline.plan.fit import Placement, place, whole
from pipeline.plan.rates import output_fps
from pipeline.plan.terms import Look
from pipeline.plan.videos import ANIMATION_SECONDS

ROOM_TO_MOVE = 1.25
"""A picture that the camera moves over is made so much larger than the screen."""

CROSSFADE_S = 0.5
SHORTEST_CLIP_S = 0.5
AFTER_VOICE_S = 0.6
STILL_FPS = 30.0


@dataclass(frozen=True, slots=True)
class Brief:
    """What a composition goes by: the sidecar of one destination, its look, and how pictures are placed."""

    sidecar: Sidecar
    styling: Styling
    look: Look
    profile: Profile

    @property
    def decor(self) -> Decor:
        """What the person asks for."""
        return self.sidecar.decor

    @property
    def motion(self) -> Motion:
        """How the camera moves over photos."""
        return self.decor.motion or self.styling.motion

    @property
    def animate(self) -> Animation:
        """How words come in; beside title cards they do in any case, as nothing is to lie over those."""
        wanted = self.decor.animate or self.styling.animate
        return "fade" if wanted == "none" and (self.decor.intro or self.decor.outro) else wanted


def is_composed(asset: Asset, decor: Decor) -> bool:
    """Whether moving pictures and sound have to be put together for it."""
    for_any = (decor.scenes, decor.music, decor.voice, decor.intro, decor.outro)
    moving = {decor.animate or "none", *({decor.motion or "none"} if asset.facts.kind == "photo" else ())}
    timed = asset.facts.kind == "photo" and decor.seconds is not None
    return any(for_any) or moving != {"none"} or timed


def composition_of(asset: Asset, brief: Brief) -> Composition:
    """The takes and their sound; title cards and words are added by whoever draws.

    Raises SidecarError when the look needs more pictures than there are.
    """
    materials = {material.path: material for material in asset.materials}
    sources = [_primary(asset), *(materials[path] for path in brief.decor.scenes)]
    _check_number(brief, len(sources))
    voice = _voice(brief.decor.voice, materials)
    lengths = _lengths_s(sources, brief, _needed_s(voice))
    takes = tuple(_take(source, seconds, brief) for source, seconds in zip(sources, lengths, strict=True))
    return Composition(
        canvas=brief.profile.canvas,
        fps=_fps(sources, brief.profile),
        takes=takes,
        crossfade_s=round(min(CROSSFADE_S, min(lengths) / 3), 3),
        music=_music(brief.decor.music, materials),
        voice=voice,
    )


def composition_notes(composition: Composition) -> tuple[str, ...]:
    """What is put together, for people."""
    takes = composition.takes
    names = ", ".join(take.source.path.name for take in takes[1:])
    moves = {take.motion for take in takes if take.motion != "none"}
    told = (
        f"followed by {names}" if names else "",
        f"the camera moves: {', '.join(sorted(moves))}" if moves else "",
        f"music: {composition.music.source.path.name}" if composition.music else "",
        f"voice: {composition.voice.source.path.name}" if composition.voice else "",
        "an intro" if composition.intro else "",
        "an outro" if composition.outro else "",
    )
    voice, seconds = composition.voice, composition.seconds
    needed_s = (voice.source.duration_s or 0) + voice.delay_s if voice else 0.0
    cut = (f"the voice is cut off: it speaks until {needed_s:.1f} s",) if needed_s > seconds else ()
    return (
        *cut,
        f"a film of {composition.seconds:.1f} s is composed: {'; '.join(filter(None, told)) or 'still'}",
    )


def _primary(asset: Asset) -> Material:
    return Material(asset.path, asset.sha256, asset.facts, asset.facts.duration_s)


def _check_number(brief: Brief, count: int) -> None:
    needed = len(brief.styling.labels)
    if needed and count != needed:
        where = brief.sidecar.path.name if brief.sidecar.path else "the config"
        raise SidecarError(
            f"{where}: the look {brief.styling.name} shows {needed} pictures, and there "
            f"{'is' if count == 1 else 'are'} {count}: name the others under scenes:"
        )


def _needed_s(voice: Voice | None) -> float:
    return (voice.source.duration_s or 0) + voice.delay_s + AFTER_VOICE_S if voice else 0.0


def _lengths_s(sources: Sequence[Material], brief: Brief, needed_s: float) -> list[float]:
    """Photos are shown as long as is wished, and longer where a voice needs it; clips play to their end.

    Animations play often enough to be seen.
    """
    clips = [_clip_s(source) for source in sources]
    photo_s = brief.decor.seconds or brief.styling.seconds
    photos = clips.count(None)
    rest = needed_s - sum(clip for clip in clips if clip) + CROSSFADE_S * (len(sources) - 1)
    if photos and rest > photo_s * photos:
        photo_s = rest / photos
    return [round(photo_s if clip is None else clip, 3) for clip in clips]


def _clip_s(source: Material) -> float | None:
    facts = source.facts
    if facts is None or facts.kind == "photo":
        return None
    seconds = source.duration_s or 0.0
    if facts.kind == "animation" and seconds > 0:
        seconds *= math.ceil(ANIMATION_SECONDS / seconds)
    return max(SHORTEST_CLIP_S, seconds)


def _take(source: Material, seconds: float, brief: Brief) -> Take:
    facts, look = source.facts, brief.look
    if facts is None:
        raise SidecarError(f"{source.path.name} is no picture")
    motion: Motion = brief.motion if facts.kind == "photo" else "none"
    canvas = _larger(brief.profile.canvas) if motion != "none" else brief.profile.canvas
    size = Size(facts.width, facts.height)
    placement = place(size, canvas, look.fit, look.focal)
    background = look.background if look.fit == "contain" and placement.frame != whole(canvas) else None
    return Take(
        source=source,
        canvas=canvas,
        crop=placement.crop,
        frame=placement.frame,
        background=background,
        matte=look.matte,
        seconds=seconds,
        motion=motion,
        focal=_on_canvas(look.focal, size, placement, canvas),
    )


def _on_canvas(
    focal: tuple[float, float], source: Size, placement: Placement, canvas: Size
) -> tuple[float, float]:
    """Where a point of the source lies on the canvas; what is cropped away lies at its edge."""
    crop, frame = placement.crop, placement.frame
    x = frame.x + (focal[0] * source.width - crop.x) * frame.width / crop.width
    y = frame.y + (focal[1] * source.height - crop.y) * frame.height / crop.height
    return round(min(max(x / canvas.width, 0.0), 1.0), 4), round(min(max(y / canvas.height, 0.0), 1.0), 4)


def _larger(canvas: Size) -> Size:
    return Size(*(round(length * ROOM_TO_MOVE / 2) * 2 for length in (canvas.width, canvas.height)))


def _fps(sources: Sequence[Material], profile: Profile) -> float:
    first = next((source.facts for source in sources if source.facts and source.facts.kind == "video"), None)
    if first is None:
        return min(STILL_FPS, profile.video.max_fps)
    return output_fps(first.fps, vfr=first.vfr, max_fps=profile.video.max_fps)


def _music(tune: Tune | None, materials: Mapping[Path, Material]) -> Music | None:
    if tune is None:
        return None
    music = Music(materials[tune.file], start_s=tune.start_s)
    return music if tune.gain_db is None else dataclasses.replace(music, gain_db=tune.gain_db)


def _voice(tune: Tune | None, materials: Mapping[Path, Material]) -> Voice | None:
    return None if tune is None else Voice(materials[tune.file], tune.gain_db or 0.0, tune.start_s)

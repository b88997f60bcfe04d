"""From materials to a film: everything made ready first, then one picture after the other into ffmpeg."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from signal import SIGINT

from PIL import Image

from pipeline.errors import Interrupted, RenderError
from pipeline.model import Composition, Size, Take, TitleCard
from pipeline.plan.film import film_frames
from pipeline.reformat.arguments import Shape, film_arguments
from pipeline.reformat.compose.captions import captions_of, drawing
from pipeline.reformat.compose.clips import Heard, footage, length_s, repeated, together
from pipeline.reformat.compose.materials import check_length, photo_planes, ready_clip, ready_sound
from pipeline.reformat.compose.planes import Planes, cutting, layer_at, planes_of
from pipeline.reformat.compose.scenery import Card, Clip, Labelled, Photo
from pipeline.reformat.compose.shooting import Scenery, Script, pictures
from pipeline.reformat.compose.sound import Mix, write_mix
from pipeline.reformat.compose.timeline import Segment, segments_of
from pipeline.reformat.order import Bench, Order
from pipeline.reformat.video import check
from pipeline.tools.child import Limits
from pipeline.tools.ffmpeg import feed_ffmpeg
from pipeline.tools.probe import probe

MOST_WORKERS = 2
CLIPS_SHARE = 0.3
"""Of composing, where there are clips to be made ready."""

SHORTEST_BED_S = 0.2
"""Music that is shorter is a mistake: it would buzz."""

MOST_MEGAPIXELS = 100


@dataclass(frozen=True, slots=True)
class Studio:
    """What is composed, for which order, and where: `folder` is gone afterwards."""

    order: Order
    composition: Composition
    folder: Path
    bench: Bench

    def check_stop(self) -> None:
        """Raises Interrupted when the work has to end."""
        if self.bench.stop and self.bench.stop():
            raise Interrupted(SIGINT)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A clip made ready, with its own sound where it has any."""

    path: Path
    frames: int
    sound: Path | None


def make_film(studio: Studio, target: Path) -> None:
    """Write it. Raises AssetError, EnvironmentFault or Interrupted."""
    composition = studio.composition
    segments = segments_of(composition)
    clips = _clips(studio, segments)
    sound = _sound(studio, clips) if composition.has_sound else None
    frames = film_frames(composition)
    script = Script(composition.canvas, composition.fps, frames, segments, captions_of(composition, segments))
    shape = Shape(composition.canvas, composition.fps, frames, studio.bench.threads)
    workers = max(1, min(MOST_WORKERS, studio.bench.threads))
    progress = _part(studio.bench, CLIPS_SHARE if clips else 0.0, 1.0).progress
    with closing(pictures(script, _opener(studio, clips), workers)) as shown:
        finished = feed_ffmpeg(
            film_arguments(shape, sound, target),
            Limits(studio.bench.encode_minutes * 60, studio.bench.child_memory_mb),
            _counted(shown, frames, progress),
            stop=studio.bench.stop,
        )
    check(studio.order, finished, studio.bench)


def _clips(studio: Studio, segments: tuple[Segment, ...]) -> dict[Segment, _Ready]:
    """Every take that moves by itself, as a clip of our own making."""
    moving = [segment for segment in segments if _moves(segment.shown)]
    ready = {}
    for number, segment in enumerate(moving):
        assert isinstance(segment.shown, Take)  # noqa: S101 - for mypy: cards don't move
        bench = _part(
            studio.bench, CLIPS_SHARE * number / len(moving), CLIPS_SHARE * (number + 1) / len(moving)
        )
        ready[segment] = _clip(studio, segment.shown, studio.folder / f"clip-{number}.mp4", bench)
    return ready


def _clip(studio: Studio, take: Take, target: Path, bench: Bench) -> _Ready:
    sound = ready_clip(take, studio.composition.fps, target, bench)
    is_s = probe(target, MOST_MEGAPIXELS).duration_s or 0.0
    check_length(take, is_s)
    return _Ready(target, max(1, round(is_s * studio.composition.fps)), sound)


def _moves(shown: Take | TitleCard) -> bool:
    return isinstance(shown, Take) and (shown.source.facts is None or shown.source.facts.kind != "photo")


def _opener(
    studio: Studio, clips: dict[Segment, _Ready]
) -> Callable[[Segment], AbstractContextManager[Scenery]]:
    composition = studio.composition
    canvas, fps = composition.canvas, composition.fps

    @contextmanager
    def opened(segment: Segment) -> Iterator[Scenery]:
        shown = segment.shown
        if isinstance(shown, TitleCard):
            yield Card(_card(shown, composition))
        elif segment not in clips:
            yield _labelled(shown, Photo(shown, photo_planes(shown, fps), canvas, fps), canvas)
        else:
            ready = clips[segment]
            with footage(ready.path, ready.frames, fps) as clip:
                yield _labelled(shown, Clip(shown, clip, canvas, fps), canvas)
            ready.path.unlink(missing_ok=True)

    return opened


def _labelled(take: Take, scenery: Scenery, canvas: Size) -> Scenery:
    cut = cutting(drawing(take.overlay, canvas)) if take.overlay else None
    return Labelled(scenery, layer_at(cut)) if cut else scenery


def _card(card: TitleCard, composition: Composition) -> Planes:
    size = composition.canvas
    picture = Image.new("RGBA", (size.width, size.height), card.colour)
    picture.alpha_composite(drawing(card.overlay, size))
    return planes_of(picture.convert("RGB"))


def _sound(studio: Studio, clips: dict[Segment, _Ready]) -> Path:
    composition, target = studio.composition, studio.folder / "mix.pcm"
    seconds = film_frames(composition) / composition.fps
    own = [_own(segment, ready) for segment, ready in clips.items()] if composition.own_sound else []
    spoken = [sound for sound in (*own, _voice(studio, seconds)) if sound]
    bed, music = _music(studio, seconds), composition.music
    mix = Mix(
        together(spoken, seconds),
        repeated(bed, seconds) if bed else None,
        music.duck_db if music else 0.0,
        seconds,
    )
    write_mix(mix, target, studio.check_stop)
    return target


def _own(segment: Segment, ready: _Ready) -> Heard | None:
    if ready.sound is None:
        return None
    return Heard(
        ready.sound,
        segment.start_s,
        fade_in_s=segment.fade_in_s,
        fade_out_s=segment.fade_out_s,
        seconds=segment.seconds,
    )


def _voice(studio: Studio, seconds: float) -> Heard | None:
    voice = studio.composition.voice
    if voice is None or voice.delay_s >= seconds:
        return None
    path = ready_sound(voice.source.path, seconds - voice.delay_s, studio.folder / "voice.wav", studio.bench)
    return Heard(path, voice.delay_s, voice.gain_db)


def _music(studio: Studio, seconds: float) -> Heard | None:
    music = studio.composition.music
    if music is None:
        return None
    source = music.source.path
    path = ready_sound(source, music.start_s + seconds, studio.folder / "music.wav", studio.bench)
    if length_s(path) - music.start_s < SHORTEST_BED_S:
        raise RenderError(
            f"{source.name} lasts {length_s(path):.2f} s: nothing is left from {music.start_s:g} s on"
        )
    fades = min(1.0, seconds / max(music.fade_in_s + music.fade_out_s, 1e-9))
    return Heard(
        path,
        gain_db=music.gain_db,
        fade_in_s=music.fade_in_s * fades,
        fade_out_s=music.fade_out_s * fades,
        from_s=music.start_s,
    )


def _counted(
    shown: Iterator[bytes], frames: int, progress: Callable[[float], None] | None
) -> Iterator[bytes]:
    for number, picture in enumerate(shown):
        if progress:
            progress(number / frames)
        yield picture


def _part(bench: Bench, start: float, end: float) -> Bench:
    """The same bench, whose progress is a stretch of the whole."""
    progress = bench.progress
    if progress is None:
        return bench
    return replace(bench, progress=lambda share: progress(start + (end - start) * share))

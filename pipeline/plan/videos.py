"""The recipe of a video or an animation."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from pipeline.errors import BudgetError, UnreadableError
from pipeline.model import Asset, Facts, Part, Profile, Recipe, Size
from pipeline.plan.budget import affordable_kbps, is_hopeless, is_poor, most_bytes
from pipeline.plan.canvas import EASY_CRF, Bits, means_for, means_notes
from pipeline.plan.copies import copied_parts
from pipeline.plan.fit import place, whole
from pipeline.plan.parts import Span, Split, plays_for, split
from pipeline.plan.passthrough import MOST_CHANNELS, REASONS_APART, undecorated, video_gate
from pipeline.plan.photos import background_of, picture_notes
from pipeline.plan.rates import nominal_fps, output_fps, rate_note
from pipeline.plan.terms import Look

UNCUTTABLE = "parts cut at its key frames wouldn't fit"
ANIMATION_SECONDS = 3.0
"""Anything shorter flashes by: an animation loops where it comes from, so it is shown again."""


@dataclass(frozen=True, slots=True)
class _Timing:
    """How the source's seconds become the result's."""

    split: Split
    plays: int
    fps: float

    @property
    def longest_s(self) -> float:
        return self.split.longest_s * self.plays


def video_recipe(asset: Asset, look: Look, profile: Profile) -> Recipe:
    """Passed through, re-wrapped or re-encoded, in as many parts as the platform's limit needs.

    Raises UnreadableError when the length isn't known, BudgetError when no quality fits the limit.
    """
    timing = _timing(asset, profile)
    gate = undecorated(video_gate(asset.facts, profile), look)
    if gate.copy:
        recipe = _copied(asset.facts, look, profile, timing.split.parts)
        return dataclasses.replace(recipe, action=gate.copy, why=REASONS_APART.join(gate.why))
    can_be_cut = gate.in_parts and asset.facts.cuts and not timing.split.trimmed_s
    parts = copied_parts(asset.facts, profile, len(timing.split.parts)) if can_be_cut else None
    if parts:
        recipe = _copied(asset.facts, look, profile, parts)
        return dataclasses.replace(recipe, action="remux", why=REASONS_APART.join(gate.why))
    why = (*gate.why, UNCUTTABLE) if can_be_cut else gate.why
    return dataclasses.replace(_encoded(asset, look, profile, timing), why=REASONS_APART.join(why))


def _timing(asset: Asset, profile: Profile) -> _Timing:
    facts, limits = asset.facts, profile.video
    if not facts.duration_s or facts.duration_s <= 0:
        raise UnreadableError(f"{asset.path}: it doesn't say how long it is; convert it to MP4 first")
    animated = facts.kind == "animation"
    shortest_s = max(ANIMATION_SECONDS, limits.min_seconds) if animated else limits.min_seconds
    fps = output_fps(facts.fps, vfr=facts.vfr, max_fps=limits.max_fps)
    return _Timing(
        split(facts.duration_s, limits.max_seconds, limits.min_seconds),
        plays_for(facts.duration_s, Span(shortest_s, limits.max_seconds), fps),
        fps,
    )


def _copied(facts: Facts, look: Look, profile: Profile, parts: tuple[Part, ...]) -> Recipe:
    """Told by its own measures, as nothing is made anew."""
    size = Size(facts.width, facts.height)
    return Recipe(
        action="passthrough",
        profile=profile.name,
        canvas=size,
        fit=look.fit,
        crop=whole(size),
        frame=whole(size),
        background=None,
        matte=look.matte,
        parts=parts,
        max_bytes=profile.video.max_bytes,
        quality=EASY_CRF,
        fps=nominal_fps(facts.fps or 0),
        audio_kbps=_audio_kbps(facts, profile),
        notes=_split_notes(parts, profile),
    )


def _encoded(asset: Asset, look: Look, profile: Profile, timing: _Timing) -> Recipe:
    facts = asset.facts
    source = Size(facts.width, facts.height)
    video_kbps = _video_kbps(asset, profile, timing)
    bits = Bits(video_kbps, timing.fps)
    filled = place(source, profile.canvas, look.fit, look.focal).fills(profile.canvas)
    means = means_for(profile.canvas, bits, filled=filled)
    placement = place(source, means.canvas, look.fit, look.focal)
    return Recipe(
        action="transcode",
        profile=profile.name,
        canvas=means.canvas,
        fit=look.fit,
        crop=placement.crop,
        frame=placement.frame,
        background=background_of(look, placement, means.canvas),
        matte=look.matte,
        parts=timing.split.parts,
        max_bytes=_max_bytes(asset, profile, timing, video_kbps),
        quality=means.crf,
        preset=means.preset,
        fps=timing.fps,
        video_kbps=video_kbps,
        audio_kbps=_audio_kbps(facts, profile),
        plays=timing.plays,
        notes=(
            *picture_notes(source, placement),
            *_notes(facts, profile, timing),
            *means_notes(profile.canvas, means, bits),
            *_quality_notes(profile, timing, video_kbps),
        ),
    )


def _audio_kbps(facts: Facts, profile: Profile) -> int | None:
    return profile.video.audio_kbps if facts.audio else None


def _video_kbps(asset: Asset, profile: Profile, timing: _Timing) -> int:
    limits = profile.video
    audio_kbps = _audio_kbps(asset.facts, profile)
    affordable = affordable_kbps(limits.max_bytes, timing.longest_s, audio_kbps)
    if is_hopeless(affordable, profile.canvas):
        raise BudgetError(
            f"{asset.path}: {timing.longest_s:g} s in {limits.max_bytes / 1e6:.1f} MB leaves "
            f"{max(0, affordable)} kbit/s, too little for any picture; "
            f"lower platforms.{profile.name}.video.max_seconds, so that it is split into shorter parts"
        )
    return min(affordable, limits.max_video_kbps)


def _max_bytes(asset: Asset, profile: Profile, timing: _Timing, video_kbps: int) -> int:
    """Where the bitrate is the narrower limit it says it all, so that platforms share one encode."""
    within_rate = most_bytes(video_kbps, timing.longest_s, _audio_kbps(asset.facts, profile))
    return min(profile.video.max_bytes, within_rate)


def _notes(facts: Facts, profile: Profile, timing: _Timing) -> tuple[str, ...]:
    notes = (
        _length_note(facts, profile, timing),
        rate_note(facts.fps, vfr=facts.vfr, fps=timing.fps),
        f"HDR ({facts.hdr}) made SDR" if facts.hdr else None,
        "interlaced lines joined" if facts.interlaced else None,
        _sound_note(facts),
    )
    return tuple(note for note in notes if note)


def _length_note(facts: Facts, profile: Profile, timing: _Timing) -> str | None:
    if timing.plays > 1:
        return f"shown {timing.plays} times: {facts.duration_s:.3g} s alone is too short"
    if timing.split.trimmed_s:
        limit = f"{profile.video.max_seconds:g} s"
        return f"the last {timing.split.trimmed_s:g} s are cut off: the limit is {limit} a part"
    return "".join(_split_notes(timing.split.parts, profile)) or None


def _split_notes(parts: tuple[Part, ...], profile: Profile) -> tuple[str, ...]:
    if len(parts) == 1:
        return ()
    return (f"split into {len(parts)} parts: the limit is {profile.video.max_seconds:g} s",)


def _sound_note(facts: Facts) -> str | None:
    if facts.audio is None or facts.audio.channels <= MOST_CHANNELS:
        return None
    return f"sound mixed down from {facts.audio.channels} channels to stereo"


def _quality_notes(profile: Profile, timing: _Timing, video_kbps: int) -> tuple[str, ...]:
    if video_kbps == profile.video.max_video_kbps or not is_poor(video_kbps, profile.canvas):
        return ()
    return (
        f"{timing.longest_s:.0f} s in {profile.video.max_bytes / 1e6:.1f} MB leaves {video_kbps} kbit/s: "
        f"motion may look blocky; a lower platforms.{profile.name}.video.max_seconds gives shorter parts",
    )

"""Parts of a compliant video are copies: nothing is lost, doubled, or encoded."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import av
import numpy as np
import pytest
from fakes.footage import frames_of
from fakes.media import Clip, ffmpeg, save_clip
from fakes.orders import bench_in, left_behind
from fakes.planning import WHATSAPP

from pipeline.errors import VerificationError
from pipeline.model import Asset, Part, Recipe, Rendition, Size
from pipeline.plan.passthrough import video_gate
from pipeline.plan.terms import Look
from pipeline.plan.videos import video_recipe
from pipeline.reformat import Order, render
from pipeline.tools.files import sha256_of
from pipeline.tools.mp4_samples import starts_on_key_frame
from pipeline.tools.probe import probe

PROFILE = dataclasses.replace(
    WHATSAPP, canvas=Size(90, 160), video=dataclasses.replace(WHATSAPP.video, max_seconds=7)
)
TAGS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
CODING = ("-c:v", "libx264", "-preset", "superfast", "-bf", "2", "-g", "20", "-pix_fmt", "yuv420p", *TAGS)


@dataclass(frozen=True)
class Split:
    """A long source, its recipe, and all parts of it."""

    source: Path
    folder: Path

    @cached_property
    def recipe(self) -> Recipe:
        return video_recipe(self.asset, Look("blur", "#101010", "#ffffff"), PROFILE)

    @cached_property
    def asset(self) -> Asset:
        return Asset(self.source, sha256_of(self.source), probe(self.source))

    @cached_property
    def parts(self) -> list[Rendition]:
        numbers = range(1, len(self.recipe.parts) + 1)
        return [render(Order(self.asset, self.recipe, part), bench_in(self.folder)) for part in numbers]


def packets(path: Path, kind: str) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(**{kind: 0}) if packet.size]


def made(folder: Path, name: str, *options: str, fps: int = 30, filters: str = "null") -> Split:
    clip = Clip((90, 160), 20.0, fps, coding=(*CODING, *options), filters=filters)
    return Split(save_clip(folder / name, clip), folder)


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Split:
    return made(tmp_path_factory.mktemp("split"), "a.mp4", "-metadata", "title=Secret")


@pytest.mark.parametrize(
    ("name", "options", "fps"),
    [
        ("a.mov", (), 30),
        ("plain.mp4", ("-movflags", "+negative_cts_offsets+faststart", "-use_editlist", "0"), 25),
        ("without-b.mp4", ("-bf", "0"), 24),
        ("mono.mp4", ("-ac", "1", "-ar", "44100"), 30),
    ],
)
def test_every_packet_of_the_picture_is_in_exactly_one_part(
    tmp_path: Path, name: str, options: tuple[str, ...], fps: int
) -> None:
    split = made(tmp_path, name, *options, fps=fps)
    assert split.recipe.action == "remux"
    assert [one for part in split.parts for one in packets(part.path, "video")] == packets(
        split.source, "video"
    )
    sound = [one for part in split.parts for one in packets(part.path, "audio")]
    assert sound == packets(split.source, "audio")[-len(sound) :]
    assert len(packets(split.source, "audio")) - len(sound) <= 1  # the encoder's priming


def test_every_part_begins_with_a_key_frame_and_is_itself_compliant(split: Split) -> None:
    for part, planned in zip(split.parts, split.recipe.parts, strict=True):
        facts = probe(part.path)
        assert starts_on_key_frame(part.path)
        assert video_gate(facts, PROFILE).copy == "passthrough"
        assert facts.duration_s == pytest.approx(planned.end_s - planned.start_s, abs=0.001)
        assert len(frames_of(part.path)) == round((planned.end_s - planned.start_s) * 30)
        assert facts.audio is not None
        assert facts.audio.duration_s == pytest.approx(facts.duration_s, abs=0.03)
        assert part.action == "remux"
    assert left_behind(bench_in(split.folder)) == []


def test_the_parts_carry_no_metadata_and_are_together_hardly_larger_than_the_source(split: Split) -> None:
    assert not any(b"Secret" in part.path.read_bytes() for part in split.parts)
    assert sum(part.bytes for part in split.parts) < split.source.stat().st_size + 5_000


def test_the_frames_of_the_parts_are_those_of_the_source(split: Split) -> None:
    whole = frames_of(split.source)
    parts = [frame for part in split.parts for frame in frames_of(part.path)]
    assert len(parts) == len(whole)
    assert all(one.tobytes() == other.tobytes() for one, other in zip(parts, whole, strict=True))


def onsets(path: Path) -> list[float]:
    """When it gets loud after a silence, in seconds."""
    with av.open(str(path)) as container:
        frames = list(container.decode(audio=0))
    loud = np.abs(np.concatenate([frame.to_ndarray()[0] for frame in frames])) > 0.05
    places = np.flatnonzero(loud)
    begins = places[np.diff(places, prepend=-48_000) > 4_800]
    return [float(frames[0].time or 0) + int(place) / 48_000 for place in begins]


def test_sound_stays_with_its_picture_in_every_part(tmp_path: Path) -> None:
    quiet = save_clip(tmp_path / "quiet.mp4", Clip((90, 160), 20.0, 30, coding=CODING, sound=False))
    beeps = "aevalsrc=exprs='if(gt(mod(t,3),2.5),0.5*sin(2*PI*880*t),0)':s=48000:d=20"
    source = tmp_path / "beeps.mp4"
    ffmpeg("-i", quiet, "-f", "lavfi", "-i", beeps, "-c:v", "copy", "-c:a", "aac", source)
    split = Split(source, tmp_path)
    assert split.recipe.action == "remux"
    wanted = onsets(source)
    for part, planned in zip(split.parts, split.recipe.parts, strict=True):
        heard = [planned.start_s + at_s for at_s in onsets(part.path) if at_s > 0.1]
        inside = [at_s for at_s in wanted if planned.start_s + 0.1 < at_s < planned.end_s - 0.1]
        assert heard == pytest.approx(inside, abs=0.012)
        assert inside


def test_a_cut_beside_the_key_frames_is_never_sent(split: Split, tmp_path: Path) -> None:
    beside = dataclasses.replace(split.recipe, parts=(Part(0.0, 6.5), Part(6.5, 20.0)))
    with pytest.raises(VerificationError, match=r"a\.mp4, part 2: .*doesn't begin with a key frame"):
        render(Order(split.asset, beside, 2), bench_in(tmp_path))


def test_a_last_part_without_a_sound_is_rendered_all_the_same(tmp_path: Path) -> None:
    whole = made(tmp_path, "whole.mp4")
    ffmpeg("-i", whole.source, "-c:v", "copy", "-c:a", "aac", "-af", "atrim=0:9", tmp_path / "a.mp4")
    split = Split(tmp_path / "a.mp4", tmp_path)
    assert split.recipe.action == "transcode"
    assert probe(split.parts[-1].path).audio is not None


def test_what_cannot_be_cut_at_its_key_frames_is_encoded(tmp_path: Path) -> None:
    split = made(tmp_path, "a.mp4", "-g", "600")
    assert split.recipe.action == "transcode"
    assert [part.duration_s for part in split.parts] == pytest.approx([20 / 3] * 3, abs=0.04)

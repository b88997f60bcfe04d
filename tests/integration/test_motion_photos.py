"""Photos that hold a short film: found in the files of every maker, and sent as the one or the other."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from fakes.footage import frames_of
from fakes.media import Clip, ffmpeg
from fakes.motion import FILM, MAKERS, film, google, heic, jpeg
from fakes.orders import bench_in, left_behind
from fakes.shop import Shop
from fakes.trees import tree_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Asset, State
from pipeline.reformat import Order, render
from pipeline.tools.files import sha256_of
from pipeline.tools.motion import film_behind
from pipeline.tools.probe import probe, probe_film


@pytest.fixture(scope="session")
def film_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return film(tmp_path_factory.mktemp("film"))


def motion_photo(shop: Shop, content: bytes, name: str = "a.jpg") -> Path:
    shop.inbox.mkdir(parents=True, exist_ok=True)
    (shop.inbox / name).write_bytes(content)
    return shop.inbox / name


@pytest.mark.parametrize("maker", MAKERS)
def test_the_film_of_every_maker_is_found_whole(tmp_path: Path, film_bytes: bytes, maker: str) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(MAKERS[maker](film_bytes))
    facts = probe(path)
    assert (facts.kind, facts.width, facts.metadata) == ("photo", 1080, True)
    assert facts.clip is not None
    assert path.read_bytes()[facts.clip.start :][: facts.clip.bytes] == film_bytes


@pytest.mark.parametrize("wide", [False, True])
def test_the_film_in_a_heic_is_found_whole(tmp_path: Path, film_bytes: bytes, wide: bool) -> None:  # noqa: FBT001
    path = heic(tmp_path / "a.heic", film_bytes, wide=wide)
    facts = probe(path)
    assert (facts.kind, facts.container) == ("photo", "heif")
    assert facts.clip is not None
    assert path.read_bytes()[facts.clip.start :] == film_bytes


def test_the_facts_of_a_film_are_those_of_the_clip_alone(tmp_path: Path, film_bytes: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(google(film_bytes))
    clip = probe(path).clip
    assert clip is not None
    facts = probe_film(path, clip)
    assert facts == dataclasses.replace(probe(save(tmp_path / "alone.mp4", film_bytes)), clip=clip)
    assert facts.duration_s == pytest.approx(FILM.seconds, abs=0.05)


def save(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("cut", [1, 100, 2000])
def test_a_film_that_is_cut_off_is_none(tmp_path: Path, film_bytes: bytes, cut: int) -> None:
    facts = probe(save(tmp_path / "a.jpg", google(film_bytes[:-cut])))
    assert (facts.kind, facts.clip) == ("photo", None)


def test_sound_behind_a_photo_is_no_film(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", tmp_path / "sound.mp4")
    assert probe(save(tmp_path / "a.jpg", jpeg() + (tmp_path / "sound.mp4").read_bytes())).clip is None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([b"ftyp", b"moov", b"mdat", b"\0\0\0\x10", b"\0\0\0\0", b"\0\0\0\1", b"xy"])))
def test_whatever_lies_behind_a_photo_does_no_harm(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("behind") / "a"
    path.write_bytes(b"picture" + b"".join(pieces))
    found = film_behind(path, 7)
    assert found is None or 7 <= found.start < found.start + found.bytes <= path.stat().st_size


def test_a_motion_photo_goes_out_as_a_still_unless_told_otherwise(shop: Shop, film_bytes: bytes) -> None:
    motion_photo(shop, google(film_bytes))
    shop.run()
    (name,) = shop.media()
    assert name.endswith(".jpg")
    told = (shop.outbox / "whatsapp" / name).read_bytes()
    assert b"ftyp" not in told
    assert b"MotionPhoto" not in told


@pytest.mark.parametrize("maker", MAKERS)
def test_by_config_the_film_goes_out(shop: Shop, film_bytes: bytes, maker: str) -> None:
    motion_photo(shop, MAKERS[maker](film_bytes))
    shop.run("motion_photo=clip")
    (name,) = shop.media()
    story = shop.outbox / "whatsapp" / name
    facts = probe(story)
    assert (facts.kind, facts.width, facts.height) == ("video", 1080, 1920)
    assert facts.duration_s == pytest.approx(FILM.seconds, abs=0.1)
    assert not facts.metadata


def test_a_sidecar_chooses_for_its_own_photo(shop: Shop, film_bytes: bytes) -> None:
    motion_photo(shop, google(film_bytes), "a.jpg")
    motion_photo(shop, google(film_bytes) + b"\0other", "b.jpg")
    shop.sidecar("b.jpg.yaml", "motion_photo: clip\n")
    kinds = {story.asset.path.name: story.asset.facts.kind for story in shop.plan().stories}
    assert kinds == {"a.jpg": "photo", "b.jpg": "video"}


def test_a_plan_says_that_it_is_a_film_and_leaves_no_trace(shop: Shop, film_bytes: bytes) -> None:
    motion_photo(shop, google(film_bytes))
    shop.settings()
    before = tree_of(shop.root)
    (story,) = shop.plan("motion_photo=clip").stories
    assert story.treatments[0].recipe.notes[0] == "the film of a motion photo"
    assert tree_of(shop.root) == before


def test_a_heic_motion_photo_goes_out_as_its_film(shop: Shop, film_bytes: bytes) -> None:
    shop.inbox.mkdir(parents=True)
    heic(shop.inbox / "a.heic", film_bytes)
    shop.run("motion_photo=clip")
    (name,) = shop.media()
    assert probe(shop.outbox / "whatsapp" / name).kind == "video"


def test_a_film_that_already_fits_is_passed_through_alone(tmp_path: Path) -> None:
    fitting = Clip(size=(720, 1280), seconds=3.0, fps=30, muxing=("-movflags", "+faststart", "-bf", "0"))
    alone = film(tmp_path, fitting)
    path = save(tmp_path / "a.jpg", google(alone))
    clip = probe(path).clip
    assert clip is not None
    asset = Asset(path, sha256_of(path), probe_film(path, clip))
    whatsapp = Shop(tmp_path).settings()
    from pipeline.plan import recipe_for

    recipe = recipe_for(asset, whatsapp.destinations["whatsapp"], whatsapp)
    bench = bench_in(tmp_path)
    made = render(Order(asset, dataclasses.replace(recipe, action="passthrough"), 1), bench)
    assert made.path.read_bytes() == alone
    assert left_behind(bench) == []


def test_a_film_is_taken_out_only_for_the_time_of_its_render(shop: Shop, film_bytes: bytes) -> None:
    motion_photo(shop, google(film_bytes))
    shop.run("motion_photo=clip", "fit=cover")
    scratch = shop.state / "scratch"
    assert not scratch.exists() or list(scratch.iterdir()) == []


def test_the_film_of_a_landscape_photo_is_looked_at_for_a_crop(shop: Shop, tmp_path: Path) -> None:
    motion_photo(shop, google(film(tmp_path, Clip(size=(320, 180), seconds=1.5))))
    (story,) = shop.plan("motion_photo=clip", "fit=cover").stories
    assert story.asset.scene is not None
    assert story.asset.scene.frames == 5


def test_a_film_that_cannot_be_read_is_refused_with_the_way_out(shop: Shop, film_bytes: bytes) -> None:
    harmed = film_bytes.replace(b"avc1", b"zzzz")
    motion_photo(shop, google(harmed))
    (refusal,) = shop.plan("motion_photo=clip").refusals
    assert "the film in a.jpg can't be sent" in refusal.reason
    assert "`motion_photo: still`" in refusal.reason
    assert len(shop.plan().stories) == 1


def test_a_copy_of_a_motion_photo_goes_out_once(shop: Shop, film_bytes: bytes) -> None:
    motion_photo(shop, google(film_bytes), "a.jpg")
    shop.run("motion_photo=clip")
    motion_photo(shop, google(film_bytes), "copy.jpg")
    shop.run("motion_photo=clip")
    assert list(shop.states().values()) == [State.OFFERED]
    assert len(shop.media()) == 1


def test_the_film_moves(shop: Shop, film_bytes: bytes) -> None:
    motion_photo(shop, google(film_bytes))
    shop.run("motion_photo=clip")
    frames = frames_of(shop.outbox / "whatsapp" / shop.media()[0])
    assert len(frames) == pytest.approx(FILM.seconds * 30, abs=2)
    assert frames[0].tobytes() != frames[-1].tobytes()

"""Whatever a probe finds: only what a platform takes is ever sent as it is."""

from __future__ import annotations

from fakes.planning import FITTING_PHOTO, FITTING_VIDEO, INSTAGRAM, WHATSAPP, asset, photo, video
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BudgetError, UnreadableError
from pipeline.model import Audio, Colour, Facts, Profile, Recipe
from pipeline.plan.photos import photo_recipe
from pipeline.plan.terms import Look
from pipeline.plan.videos import video_recipe

BLUR = Look("blur", "#101010", "#ffffff")
PROFILES = st.sampled_from([WHATSAPP, INSTAGRAM])
FLAGS = ("interlaced", "vfr", "mirrored", "alpha", "icc", "metadata", "edit_list")
AUDIO = st.one_of(
    st.none(),
    st.builds(
        Audio,
        codec=st.sampled_from(["aac", "aac", "mp3", "opus"]),
        channels=st.sampled_from([1, 2, 2, 6]),
        sample_rate=st.sampled_from([44_100, 48_000, 96_000]),
        profile=st.sampled_from(["LC", "LC", "HE-AAC", None]),
        duration_s=st.sampled_from([None, 20.0, 40.0]),
    ),
)
CHANGES = {
    "codec": st.sampled_from(["hevc", "vp8"]),
    "pix_fmt": st.sampled_from(["yuv420p10le", "yuv444p", "CMYK"]),
    "size": st.sampled_from([(720, 1280), (1920, 1080), (1080, 1918)]),
    "rotation": st.sampled_from([90, 180, 270]),
    "fps": st.sampled_from([None, 12.0, 25.0, 29.97, 60.0]),
    "duration_s": st.sampled_from([0.5, 2.0, 60.0, 60.2, 75.0]),
    "bytes": st.sampled_from([1_000, 20_000_000, 200_000_000]),
    "hdr": st.sampled_from(["hlg", "pq", "dolby-vision"]),
    "sample_aspect": st.just(1.33),
    "colour": st.builds(
        Colour,
        matrix=st.sampled_from([None, "bt709", "smpte170m"]),
        transfer=st.sampled_from(["bt709", "smpte2084"]),
        full_range=st.booleans(),
    ),
    "audio": AUDIO,
    "profile": st.sampled_from([None, "Main", "High 10"]),
    "level": st.sampled_from([None, 31, 51]),
    "faststart": st.just(value=False),
    "extra_streams": st.just(1),
    **{flag: st.just(value=True) for flag in FLAGS},
}
SOME_CHANGES = st.lists(st.sampled_from(sorted(CHANGES)), max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: CHANGES[name] for name in names})
)


def changed(make: type[Facts] | None, changes: dict[str, object]) -> Facts:
    size = changes.pop("size", None)
    if isinstance(size, tuple):
        changes |= {"width": size[0], "height": size[1]}
    return video(**changes) if make is None else photo(**changes)


def is_upright_and_fits(facts: Facts, recipe: Recipe) -> bool:
    return (
        (facts.width, facts.height) in {(1080, 1920), (720, 1280)}
        and (recipe.canvas.width, recipe.canvas.height) == (facts.width, facts.height)
        and not (facts.rotation or facts.mirrored or facts.hdr)
        and facts.sample_aspect == 1
    )


def video_complies(facts: Facts, profile: Profile) -> bool:
    limits, audio = profile.video, facts.audio
    return (
        (facts.codec, facts.pix_fmt) == ("h264", "yuv420p")
        and facts.profile in {"Main", "High"}
        and facts.level is not None
        and facts.level <= 42
        and not (facts.interlaced or facts.vfr or facts.colour.full_range)
        and {facts.colour.matrix, facts.colour.transfer} <= {None, "bt709"}
        and facts.fps is not None
        and 23 <= facts.fps <= 30
        and facts.duration_s is not None
        and limits.min_seconds <= facts.duration_s <= limits.max_seconds
        and facts.bytes <= limits.max_bytes
        and facts.bytes * 8 / 1000 / facts.duration_s <= limits.max_video_kbps + 128
        and (audio is None or (audio.codec, audio.profile) == ("aac", "LC"))
        and (audio is None or (audio.channels <= 2 and audio.sample_rate <= 48_000))
    )


def is_wrapped_well(facts: Facts) -> bool:
    return facts.faststart and not (facts.metadata or facts.extra_streams or facts.edit_list)


@given(SOME_CHANGES, PROFILES)
def test_only_a_compliant_video_is_copied_and_only_a_clean_one_untouched(
    changes: dict[str, object], profile: Profile
) -> None:
    facts = changed(None, changes)
    try:
        recipe = video_recipe(asset(facts), BLUR, profile)
    except (BudgetError, UnreadableError):
        return
    if recipe.action in {"passthrough", "remux"}:
        assert is_upright_and_fits(facts, recipe)
        assert video_complies(facts, profile)
        assert len(recipe.parts) == recipe.plays == 1
    if recipe.action == "passthrough":
        assert is_wrapped_well(facts)


@given(SOME_CHANGES, PROFILES)
def test_only_a_compliant_photo_is_copied_and_only_a_clean_one_untouched(
    changes: dict[str, object], profile: Profile
) -> None:
    facts = changed(Facts, changes)
    recipe = photo_recipe(facts, BLUR, profile)
    if recipe.action in {"passthrough", "remux"}:
        assert is_upright_and_fits(facts, recipe)
        assert (facts.codec, facts.pix_fmt) == ("jpeg", "RGB")
        assert not facts.icc
        assert not facts.alpha
        assert facts.bytes <= profile.photo.max_bytes
    if recipe.action == "passthrough":
        assert not facts.metadata


@given(SOME_CHANGES, PROFILES)
def test_a_copy_is_made_wherever_nothing_speaks_against_it(
    changes: dict[str, object], profile: Profile
) -> None:
    facts = changed(None, changes)
    try:
        recipe = video_recipe(asset(facts), BLUR, profile)
    except (BudgetError, UnreadableError):
        return
    assert (recipe.action == "passthrough") == (not recipe.why)


def test_the_fitting_sources_do_pass() -> None:
    assert photo_recipe(FITTING_PHOTO, BLUR, WHATSAPP).action == "passthrough"
    assert video_recipe(asset(FITTING_VIDEO), BLUR, WHATSAPP).action == "passthrough"

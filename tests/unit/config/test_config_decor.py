from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Place, load_settings
from pipeline.config.look_files import look_names
from pipeline.config.looks import check_looks, styling
from pipeline.config.sidecar import parse_sidecar
from pipeline.errors import ConfigError, SidecarError
from pipeline.model import Emblem, Tune

BESIDE = Path("/shop/inbox/beach.jpg.yaml")


def test_everything_that_decorates_a_story_is_read_and_files_are_looked_for_beside_it() -> None:
    decor = parse_sidecar(
        """
        title: Low tide
        look: quote
        caption_as: overlay
        sticker: [logo.png, {file: materials/badge.png, at: bottom-left, width: 0.2, opacity: 0.5}]
        scenes: materials/other.jpg
        music: {file: materials/song.mp3, gain_db: -3, start_s: 12}
        voice: voice.m4a
        motion: pan
        seconds: 6
        animate: slide
        intro: Hello
        outro: Bye
        """,
        "beach.jpg.yaml",
        BESIDE,
    ).decor
    inbox = BESIDE.parent
    assert (decor.title, decor.look, decor.caption_as) == ("Low tide", "quote", "overlay")
    assert decor.emblems == (
        Emblem(inbox / "logo.png"),
        Emblem(inbox / "materials/badge.png", (0.0, 1.0), 0.2, 0.5),
    )
    assert decor.scenes == (inbox / "materials/other.jpg",)
    assert decor.music == Tune(inbox / "materials/song.mp3", -3, 12)
    assert decor.voice == Tune(inbox / "voice.m4a")
    assert (decor.motion, decor.seconds, decor.animate, decor.intro, decor.outro) == (
        "pan",
        6,
        "slide",
        "Hello",
        "Bye",
    )


def test_a_variant_changes_only_what_it_names() -> None:
    sidecar = parse_sidecar(
        "caption: Hi\nlook: quote\nhashtags: [a]\ntexts: {insta: Short}\n"
        "variants: {insta: {look: event, hashtags: [b]}, wa: {caption: Ho}}",
        "s.yaml",
        BESIDE,
    )
    insta, wa, other = (sidecar.at(name) for name in ("insta", "wa", "page"))
    assert (insta.decor.look, insta.hashtags, insta.texts) == ("event", ("b",), {"insta": "Short"})
    assert (wa.caption, wa.decor.look, wa.texts) == ("Ho", "quote", {})
    assert other == sidecar


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("motion: fast", "s.yaml:1: motion: 'fast' is not one of none, zoom-in, zoom-out, pan"),
        ("seconds: 0", "s.yaml:1: seconds: '0' is too small: at least 1"),
        ("caption_as: picture", "s.yaml:1: caption_as: 'picture' is not one of overlay, text, both, none"),
        ("music: {fil: a.mp3}", "s.yaml:1: music.fil: unknown key; did you mean file?"),
        ("variants: {insta: {lok: quote}}", "s.yaml:1: variants.insta.lok: unknown key; did you mean look?"),
        ("variants: {insta: {skip: true}}", "s.yaml:1: variants.insta.skip: unknown key"),
        ("sticker: {file: a.png, width: 2}", "s.yaml:1: sticker[0].width: '2' is too large: at most 1"),
    ],
)
def test_mistakes_are_told_with_their_line(text: str, said: str) -> None:
    with pytest.raises(SidecarError) as refused:
        parse_sidecar(text, "s.yaml", BESIDE)
    assert said in str(refused.value)


def settings_of(folder: Path, text: str) -> None:
    file = folder / "storyrelay.yaml"
    file.write_text(f"inbox: inbox\n{text}\n", encoding="utf-8")
    load_settings(file, (), Place({}, folder, None))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("look: qoute", "storyrelay.yaml:2: look: 'qoute' is no look; did you mean quote?"),
        ("looks: mine", "mine' isn't there: make this folder, or leave the key out"),
        ("fonts: {brand: Brand.ttf}", "Brand.ttf for 'brand'"),
        ("watermark: {file: logo.png, width: 0}", "watermark.width: '0' is too small: more than 0"),
        (
            "destinations: {wa: {platform: whatsapp_status, look: evnt}}",
            "storyrelay.yaml:2: destinations.wa.look: 'evnt' is no look; did you mean event?",
        ),
    ],
)
def test_a_config_that_names_what_is_not_there_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        settings_of(tmp_path, text)
    assert said in str(refused.value)


def test_every_look_that_comes_along_is_without_mistakes_and_says_what_it_is() -> None:
    names = look_names(None)
    assert {"shop-offer", "event", "quote", "product", "before-after", "plain"} <= set(names)
    assert all(len(styling(name, None).about) > 10 for name in names)


def test_a_look_of_ones_own_comes_before_one_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "plain.yaml").write_text("about: mine\ntitle: {largest_px: 70}\n")
    own = styling("plain", tmp_path)
    assert (own.about, own.title.largest_px, own.title.at) == ("mine", 70, "bottom")
    (tmp_path / "plain.yaml").write_text("about: changed since, and seen\n")
    assert styling("plain", tmp_path).about == "changed since, and seen"


def test_mistakes_in_looks_of_ones_own_are_all_told_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("about: a\ntitle: {weight: 1000}\n")
    (tmp_path / "b.yaml").write_text("about: b\ncaption:\n  colour: red\n")
    first, second = check_looks(tmp_path)
    assert "a.yaml:2: title.weight: '1000' is no weight: 100 (thin) to 900 (black)" in first
    assert "b.yaml:3: caption.colour: 'red' is not a colour" in second

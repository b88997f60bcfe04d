from __future__ import annotations

import dataclasses
from importlib.util import find_spec
from pathlib import Path

import pytest
from fakes.decorated import (
    DECORATED,
    HAND,
    LOGO,
    SAFE,
    apart,
    decorated,
    drawn_on,
    inside,
    said,
    treated,
)
from fakes.planning import WHATSAPP, FakeCaptions, photo, video

from pipeline.errors import LayoutError, SidecarError
from pipeline.model import CaptionAs, Emblem, SafeArea, Sidecar, Spot

LINK = "https://wa.me/15551234567?text=Hi"


def test_a_caption_is_drawn_whole_inside_the_safe_area_and_goes_along_as_text() -> None:
    treatment = treated(decorated(caption="Fresh croissants until noon"))
    (words,) = drawn_on(treatment).words
    assert " ".join(words.lines) == "Fresh croissants until noon"
    assert inside(words.box, SAFE)
    assert treatment.texts.caption == "Fresh croissants until noon"


@pytest.mark.parametrize(
    ("how", "drawn", "beside"),
    [("overlay", True, False), ("text", False, True), ("both", True, True), ("none", False, False)],
)
def test_words_go_where_they_are_wanted(how: CaptionAs, drawn: bool, beside: bool) -> None:  # noqa: FBT001
    treatment = treated(decorated(caption="Hello", title="Big news", caption_as=how))
    assert ("Hello" in said(drawn_on(treatment))) is drawn
    assert ("Hello" in treatment.texts.caption) is beside
    assert ("Big news" in treatment.texts.caption) is beside


def test_a_destination_may_want_words_only_as_text() -> None:
    quiet = dataclasses.replace(HAND, caption="text")
    treatment = treated(decorated(caption="Hello"), destinations={"whatsapp": quiet})
    assert treatment.recipe.overlay is None


def test_a_photo_that_fits_is_sent_as_it_is_until_something_is_drawn_on_it() -> None:
    plain, drawn = treated(decorated(photo())), treated(decorated(photo(), caption="Hello"))
    assert plain.recipe.action == "passthrough"
    assert drawn.recipe.action == "image"
    assert drawn.recipe.why == "it is decorated"


def test_a_clip_that_fits_is_encoded_when_something_is_drawn_on_it() -> None:
    assert treated(decorated(video(), caption="Hello")).recipe.action == "transcode"


def test_the_link_is_a_card_at_whatsapp_and_a_sticker_at_instagram_whose_face_lies_under_it() -> None:
    story = decorated(caption="Order now", link=LINK, stickers={"link": Spot(label="Order")})
    by_hand, published = treated(story), treated(story, "mirrored")
    (code,) = drawn_on(by_hand).codes
    assert code.payload == LINK
    assert said(drawn_on(by_hand)) == ["Order now", "Order", "wa.me/15551234567"]
    (sticker,) = published.texts.stickers
    assert said(drawn_on(published))[1:] == ["🔗 Order"]
    face = drawn_on(published).panels[-1].box
    assert face.x + face.width / 2 == pytest.approx(sticker.x * 1080, abs=1)
    assert face.y + face.height / 2 == pytest.approx(sticker.y * 1920, abs=1)


def test_whoever_posts_to_instagram_by_hand_adds_the_link_there() -> None:
    assert not drawn_on(treated(decorated(caption="Hi", link=LINK), "instagram")).codes


def test_the_link_to_the_shop_itself_is_no_card_on_every_picture() -> None:
    contact = dataclasses.replace(DECORATED.contact, whatsapp="+1 555 123 4567")
    treatment = treated(decorated(caption="Hi"), contact=contact)
    assert treatment.texts.link == "https://wa.me/15551234567"
    assert not drawn_on(treatment).codes


def test_a_card_that_is_not_wanted_is_not_drawn() -> None:
    assert not drawn_on(treated(decorated(link=LINK, stickers={"link": Spot(show=False)}))).codes


def test_nothing_lies_over_another_and_all_of_it_in_the_safe_area() -> None:
    story = decorated(
        title="Night market",
        caption="Saturday, live music and mulled wine",
        link=LINK,
        emblems=(Emblem(LOGO.path, (1.0, 0.0), 0.2), Emblem(LOGO.path, (0.5, 0.5), 0.3)),
    )
    overlay = drawn_on(treated(story))
    cards = [panel.box for panel in overlay.panels if panel.colour == "#ffffff"]
    places = [decal.box for decal in overlay.decals] + cards + [words.box for words in overlay.words[:2]]
    assert len(places) == 5
    assert apart(places)
    assert all(inside(place, SAFE) for place in places)


def test_each_destination_may_get_another_look_and_other_words() -> None:
    base = Sidecar(caption="For all")
    own = dataclasses.replace(
        base, caption="For Instagram", decor=dataclasses.replace(base.decor, look="quote")
    )
    story = decorated(caption="For all", variants={"instagram": own})
    assert said(drawn_on(treated(story))) == ["For all"]
    assert said(drawn_on(treated(story, "instagram"))) == ["“For Instagram”"]


def test_words_that_can_be_pasted_need_not_fit_unless_somebody_says_so() -> None:
    menu = "\n".join(f"{number}. a dish of the day" for number in range(60))
    treatment = treated(decorated(caption=menu))
    assert not drawn_on(treatment).words
    assert any("go along as text" in note for note in treatment.recipe.notes)
    assert menu[:100] in treatment.texts.caption
    with pytest.raises(
        LayoutError, match=r"can't be drawn whole at 34 px .*shorten it, or write caption_as: text"
    ):
        treated(decorated(caption=menu, caption_as="overlay"))
    with pytest.raises(LayoutError):
        treated(decorated(caption=menu), "mirrored")


def test_a_photo_on_which_nothing_finds_room_is_sent_as_it_is() -> None:
    narrow = dataclasses.replace(WHATSAPP, safe_area=SafeArea(0.0, 0.0, 0.49, 0.49))
    profiles = {**DECORATED.profiles, WHATSAPP.name: narrow}
    treatment = treated(decorated(photo(), caption="Hello", link=LINK), profiles=profiles)
    assert treatment.recipe.action == "passthrough"
    told = [note for note in treatment.recipe.notes if "goes along as text" in note or "go along" in note]
    assert len(told) == 2
    with pytest.raises(LayoutError):
        treated(decorated(photo(), caption="Hello", link=LINK, caption_as="both"), profiles=profiles)


def test_letters_that_no_font_has_are_named_with_the_way_out() -> None:
    with pytest.raises(
        LayoutError, match=r"no font has \U00013000 \(U\+13000\) of the caption: name a font file"
    ):
        treated(decorated(caption="\U00013000", caption_as="overlay"))


def test_a_look_that_nobody_knows_is_named_with_its_nearest() -> None:
    with pytest.raises(SidecarError, match="look: 'qoute' is no look; did you mean quote"):
        treated(decorated(caption="Hi", look="qoute"))


@pytest.mark.parametrize("caption", [" \n \u200f \n", "\u200b", "\u2066\u2069"])
def test_a_caption_in_which_nothing_can_be_seen_is_none(caption: str) -> None:
    treatment = treated(decorated(photo(), caption=caption))
    assert (treatment.recipe.overlay, treatment.texts.caption) == (None, "")


def test_the_card_of_a_link_goes_where_its_sticker_would() -> None:
    story = decorated(link=LINK, stickers={"link": Spot(at=(0.5, 0.0))})
    assert drawn_on(treated(story)).panels[0].box.y == SAFE.y


def test_a_sticker_without_room_is_told() -> None:
    emblems = (
        Emblem(LOGO.path, (0.5, 0.5), 0.8),
        Emblem(LOGO.path, (0.5, 0.5), 0.85),
        Emblem(LOGO.path, (0.5, 0.5), 0.85),
    )
    tall = dataclasses.replace(
        decorated(emblems=emblems), materials=(dataclasses.replace(LOGO, facts=photo(width=300, height=200)),)
    )
    with pytest.raises(LayoutError, match=r"no room left in the safe area for logo.png"):
        treated(tall)


@pytest.mark.parametrize(
    ("at", "row", "align"),
    [((0.0, 0.0), "top", "left"), ((1.0, 1.0), "bottom", "right"), ((0.5, 0.5), "middle", "center")],
)
def test_words_go_to_named_edges_and_corners(at: tuple[float, float], row: str, align: str) -> None:
    (words,) = drawn_on(treated(decorated(caption="Hello", caption_at=at))).words
    edges = {"top": SAFE.y, "middle": SAFE.y + SAFE.height // 2, "bottom": SAFE.y + SAFE.height}
    nearest = {"top": words.box.y, "middle": words.box.y + words.box.height // 2}
    assert nearest.get(row, words.box.y + words.box.height) == pytest.approx(edges[row], abs=60)
    assert words.align == align


def test_words_go_to_any_point_as_far_as_the_safe_area_reaches() -> None:
    (free,) = drawn_on(treated(decorated(caption="Hello", caption_at=(0.4, 0.3)))).words
    assert free.box.y + free.box.height / 2 == pytest.approx(0.3 * 1920, abs=30)
    assert free.box.x + free.box.width / 2 == pytest.approx(0.4 * 1080, abs=30)
    (edge,) = drawn_on(treated(decorated(caption="Hello", caption_at=(0.99, 0.01)))).words
    assert inside(edge.box, SAFE)


def test_words_at_a_point_make_way_for_those_in_a_row() -> None:
    story = decorated(title="Above", caption="Hello", title_at=(0.5, 0.0), caption_at=(0.5, 0.01))
    title, caption = drawn_on(treated(story)).words
    assert caption.box.y >= title.box.y + title.box.height


def test_words_read_from_the_right_begin_on_the_right() -> None:
    (words,) = drawn_on(treated(decorated(caption="خبز طازج كل صباح"))).words
    assert words.align == "right"


def test_parts_are_marked_where_the_settings_say_so() -> None:
    long = decorated(video(duration_s=130.0, fps=30.0))
    assert treated(long).recipe.overlay is None
    marked = treated(long, part_marks=True)
    assert [(words.part, words.lines) for words in drawn_on(marked).words] == [
        (1, ("1/3",)),
        (2, ("2/3",)),
        (3, ("3/3",)),
    ]


def test_a_watermark_lies_over_every_story() -> None:
    overlay = drawn_on(treated(decorated(photo()), watermark=Emblem(LOGO.path, (1.0, 0.0), 0.14, 0.9)))
    (decal,) = overlay.decals
    assert (decal.sha256, decal.opacity) == (LOGO.sha256, 0.9)
    assert inside(decal.box, SAFE)


def test_the_default_caption_is_drawn_too() -> None:
    assert said(drawn_on(treated(decorated(), captions=FakeCaptions(default="Open till six")))) == [
        "Open till six"
    ]


def test_the_plan_says_in_words_what_is_drawn() -> None:
    notes = treated(
        decorated(title="New", caption="Croissants", link=LINK, emblems=(Emblem(LOGO.path),))
    ).recipe.notes
    assert "title drawn at the bottom: “New”, 1 line of 92 px" in notes
    assert "caption drawn at the bottom: “Croissants”, 1 line of 54 px" in notes
    assert f"link card with a QR code drawn: {LINK}" in notes
    assert "logo.png laid over it" in notes


def test_own_fonts_make_another_recipe() -> None:
    package = find_spec("manimgx_fonts")
    assert package
    assert package.origin
    (font,) = Path(package.origin).parent.glob("NotoSansThai*.ttf")
    plain = drawn_on(treated(decorated(caption="Hello")))
    own = drawn_on(treated(decorated(caption="Hello"), fonts={"brand": font}))
    assert own.fallback == (font,)
    assert own.fonts != plain.fonts or own.fallback != plain.fallback

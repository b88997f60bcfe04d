from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from fakes.media import exif, picture, save_animation, save_photo
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from pipeline.errors import CutShortError, StoryrelayError, TooLargeError, UnreadableError
from pipeline.tools.probe import probe


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "webp", "avif", "heic", "bmp", "tiff"])
def test_photos_of_every_format_are_known_by_their_content(tmp_path: Path, suffix: str) -> None:
    named = save_photo(tmp_path / f"beach.{suffix}")
    renamed = named.rename(tmp_path / "beach.mp4")

    facts = probe(renamed)

    assert facts.kind == "photo"
    assert (facts.width, facts.height) == (64, 48)
    assert facts.bytes == renamed.stat().st_size
    assert facts.duration_s is None
    assert facts.container == {"jpg": "jpeg", "heic": "heif"}.get(suffix, suffix)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif"])
def test_an_oriented_photo_is_described_as_it_is_shown(tmp_path: Path, suffix: str, orientation: int) -> None:
    path = save_photo(tmp_path / f"turned.{suffix}", exif=exif(orientation))

    facts = probe(path)

    with Image.open(path) as stored:
        wanted = ImageOps.exif_transpose(stored)
        shown = ImageOps.mirror(stored) if facts.mirrored else stored.copy()
    shown = shown.rotate(-facts.rotation, expand=True)
    assert (facts.width, facts.height) == wanted.size == shown.size
    assert shown.convert("RGB").tobytes() == wanted.convert("RGB").tobytes()


def test_a_turned_heic_is_turned_once(tmp_path: Path) -> None:
    facts = probe(save_photo(tmp_path / "phone.heic", exif=exif(6).tobytes()))

    assert (facts.width, facts.height) == (48, 64)
    assert facts.rotation == 0


def test_orientation_alone_is_no_metadata_but_a_camera_name_is(tmp_path: Path) -> None:
    assert not probe(save_photo(tmp_path / "plain.jpg")).metadata
    assert not probe(save_photo(tmp_path / "turned.jpg", exif=exif(6))).metadata
    assert probe(save_photo(tmp_path / "phone.jpg", exif=exif(6, make="Acme"))).metadata
    assert probe(save_photo(tmp_path / "note.jpg", comment=b"private")).metadata
    assert probe(save_photo(tmp_path / "xmp.jpg", xmp=b"<x:xmpmeta/>")).metadata


def test_what_follows_the_end_of_a_jpeg_is_metadata(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "motion.jpg")
    path.write_bytes(path.read_bytes() + b"\0" * 64)
    assert not probe(path).metadata

    path.write_bytes(path.read_bytes() + b"a video of where I live")
    assert probe(path).metadata


def test_a_thumbnail_inside_exif_is_not_taken_for_the_end(tmp_path: Path) -> None:
    thumbnail = io.BytesIO()
    picture((16, 12)).save(thumbnail, "JPEG")
    block = b"Exif\0\0" + b"MM\0*\0\0\0\x08\0\0\0\0\0\0" + thumbnail.getvalue()
    path = save_photo(tmp_path / "thumb.jpg", picture((400, 300)), exif=block)
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(CutShortError, match=r"thumb\.jpg is cut short"):
        probe(path)


def test_a_text_in_a_png_is_metadata(tmp_path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "me")

    assert probe(save_photo(tmp_path / "a.png", pnginfo=notes)).metadata
    assert not probe(save_photo(tmp_path / "b.png")).metadata


def test_a_damaged_exif_block_does_not_spoil_the_picture(tmp_path: Path) -> None:
    facts = probe(save_photo(tmp_path / "odd.webp", exif=b"Exif\0\0no TIFF at all"))

    assert (facts.width, facts.rotation, facts.metadata) == (64, 0, True)


def test_only_a_profile_other_than_srgb_counts(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

    assert not probe(save_photo(tmp_path / "srgb.jpg", icc_profile=srgb)).icc
    assert probe(save_photo(tmp_path / "lab.jpg", icc_profile=lab)).icc
    assert probe(save_photo(tmp_path / "broken.jpg", icc_profile=b"no profile")).icc


def test_wide_gamut_is_told_from_srgb_by_its_colours(tmp_path: Path) -> None:
    srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red_at = srgb.index(b"rXYZ")
    offset = int.from_bytes(srgb[red_at + 4 : red_at + 8], "big")
    srgb[offset + 8 : offset + 12] = round(0.515 * 65536).to_bytes(4, "big")  # Display P3's red

    assert probe(save_photo(tmp_path / "wide.jpg", icc_profile=bytes(srgb))).icc


@pytest.mark.parametrize(
    ("mode", "suffix", "alpha"),
    [
        ("CMYK", "jpg", False),
        ("L", "jpg", False),
        ("P", "png", False),
        ("RGBA", "png", True),
        ("I;16", "png", False),
    ],
)
def test_every_kind_of_pixel_is_named_as_pillow_names_it(
    tmp_path: Path, mode: str, suffix: str, *, alpha: bool
) -> None:
    image = Image.new("I;16", (20, 10), 40_000) if mode == "I;16" else picture((20, 10), mode)

    facts = probe(save_photo(tmp_path / f"pixels.{suffix}", image))

    assert (facts.pix_fmt, facts.alpha) == (mode, alpha)


def test_a_palette_with_a_transparent_colour_has_alpha(tmp_path: Path) -> None:
    assert probe(save_photo(tmp_path / "clear.png", picture(mode="P"), transparency=0)).alpha


@pytest.mark.parametrize("suffix", ["gif", "apng", "webp", "avif"])
def test_an_animation_lasts_as_long_as_its_frames(tmp_path: Path, suffix: str) -> None:
    facts = probe(save_animation(tmp_path / f"moving.{suffix}", [100, 250, 40, 70]))

    assert (facts.kind, facts.container, facts.codec) == ("animation", suffix, suffix)
    assert facts.duration_s == pytest.approx(0.46, abs=1e-6)
    assert facts.fps == pytest.approx(4 / 0.46)
    assert facts.vfr


def test_an_even_animation_has_a_constant_rate_although_gif_counts_hundredths(tmp_path: Path) -> None:
    assert not probe(save_animation(tmp_path / "even.gif", [30, 30, 40, 30, 30, 40])).vfr


def test_a_gif_frame_without_a_delay_is_shown_for_a_tenth_of_a_second(tmp_path: Path) -> None:
    assert probe(save_animation(tmp_path / "fast.gif", [0, 0, 0])).duration_s == pytest.approx(0.3)
    assert probe(save_animation(tmp_path / "fast.webp", [10, 10, 10])).duration_s == pytest.approx(0.3)


def test_one_frame_is_a_photo_whatever_its_format(tmp_path: Path) -> None:
    for suffix in ("gif", "webp", "apng"):
        assert probe(save_animation(tmp_path / f"still.{suffix}", [100])).kind == "photo"


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "webp", "avif", "heic", "bmp", "tiff"])
def test_a_photo_that_is_cut_short_says_so_in_one_line(tmp_path: Path, suffix: str) -> None:
    path = save_photo(tmp_path / f"half.{suffix}", Image.effect_noise((120, 90), 80).convert("RGB"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])

    with pytest.raises(CutShortError) as caught:
        probe(path)

    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", ["gif", "apng", "webp", "avif"])
def test_an_animation_that_is_cut_short_says_so(tmp_path: Path, suffix: str) -> None:
    path = save_animation(tmp_path / f"half.{suffix}", [100] * 8)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])

    with pytest.raises(CutShortError, match=f"half.{suffix}"):
        probe(path)


def test_a_png_whose_picture_cannot_be_inflated_is_unreadable(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "broken.png", Image.effect_noise((120, 90), 80))
    content = bytearray(path.read_bytes())
    middle = content.index(b"IDAT") + 500
    content[middle : middle + 40] = bytes(40)
    path.write_bytes(content)

    with pytest.raises(UnreadableError, match=r"broken\.png is damaged"):
        probe(path)


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "bomb.png")
    content = bytearray(path.read_bytes())
    content[16:24] = (60_000).to_bytes(4, "big") * 2
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    path.write_bytes(content)

    with pytest.raises(TooLargeError, match=r"bomb\.png has 3600 megapixels.*limits\.max_megapixels \(100\)"):
        probe(path)


def test_a_gif_frame_far_larger_than_its_screen_is_refused(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "bomb.gif")
    content = bytearray(path.read_bytes())
    frame_at = content.index(b",\0\0\0\0")
    content[frame_at + 5 : frame_at + 9] = b"\xff\xff\xff\xff"
    path.write_bytes(content[:-8])

    with pytest.raises(TooLargeError, match="max_megapixels"):
        probe(path)


@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_webp_that_is_too_large_is_refused_before_room_is_made_for_it(
    tmp_path: Path, mode: str, *, lossless: bool
) -> None:
    image = picture((1200, 1000), mode)
    if mode == "RGBA":
        image.putalpha(100)
    path = save_photo(tmp_path / "big.webp", image, lossless=lossless)
    path.write_bytes(path.read_bytes()[:40] + bytes(path.stat().st_size - 40))  # nothing that could be opened

    with pytest.raises(TooLargeError, match="max_megapixels"):
        probe(path, max_megapixels=1)


def test_the_limit_on_pixels_can_be_chosen(tmp_path: Path) -> None:
    path = save_photo(tmp_path / "big.jpg", picture((1200, 1000)))

    assert probe(path, max_megapixels=2).width == 1200
    with pytest.raises(TooLargeError):
        probe(path, max_megapixels=1)


def test_an_empty_file_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "empty.jpg"
    path.touch()

    with pytest.raises(CutShortError, match=r"empty\.jpg is empty"):
        probe(path)


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"gone\.jpg can't be read: No such file"):
        probe(tmp_path / "gone.jpg")
    with pytest.raises(UnreadableError, match="can't be read: Is a directory"):
        probe(tmp_path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    for suffix in ("jpg", "png", "webp", "avif", "heic", "tiff"):
        save_photo(folder / f"still.{suffix}")
    for suffix in ("gif", "apng", "webp"):
        save_animation(folder / f"moving.{suffix}", [50, 50])
    return folder


@pytest.mark.filterwarnings("ignore")  # Pillow warns about much of this
@settings(deadline=None)
@given(st.data())
def test_no_damage_ends_in_anything_but_facts_or_one_line_for_people(
    folder: Path, data: st.DataObject
) -> None:
    content = bytearray(data.draw(st.sampled_from(sorted(folder.glob("*.*")))).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = folder / "damaged"
    path.write_bytes(content[: data.draw(st.integers(1, len(content)))])

    answer = _answer(path)

    assert "\n" not in answer


def _answer(path: Path) -> str:
    try:
        return probe(path).kind
    except StoryrelayError as refused:
        return str(refused)

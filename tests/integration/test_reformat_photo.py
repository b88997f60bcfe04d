from __future__ import annotations

import dataclasses
import io
from pathlib import Path
from typing import Any

import pytest
from fakes.media import GROUND, MARK, exif, picture, save_photo
from fakes.orders import CANVAS, bench_in, left_behind, order_for
from PIL import Image, ImageCms, ImageStat

from pipeline.errors import BudgetError, UnreadableError
from pipeline.model import Fit, Rendition, Size
from pipeline.reformat import render
from pipeline.tools.files import sha256_of

MIDDLE = CANVAS.width // 2


def rendered(tmp_path: Path, source: Path, fit: Fit = "blur", **changes: Any) -> Image.Image:
    bench = bench_in(tmp_path)
    rendition = render(order_for(source, fit, **changes), bench)
    assert left_behind(bench) == []
    with Image.open(rendition.path) as result:
        assert (result.format, result.mode, result.size) == ("JPEG", "RGB", (CANVAS.width, CANVAS.height))
        assert not result.getexif()
        assert "icc_profile" not in result.info
        return result.copy()


def close(colour: object, wanted: tuple[int, int, int], slack: int = 12) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(is_ - was) <= slack for is_, was in zip(colour, wanted, strict=True))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif", ".heic"])
def test_every_orientation_comes_out_upright(tmp_path: Path, orientation: int, suffix: str) -> None:
    upright = picture((80, 60))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation in undo else upright
    source = save_photo(tmp_path / f"a{suffix}", stored, exif=exif(orientation).tobytes(), quality=95)

    result = rendered(tmp_path, source, "contain")

    top = (CANVAS.height - 68) // 2
    assert close(result.getpixel((5, top + 5)), MARK, 40)
    assert close(result.getpixel((CANVAS.width - 6, top + 5)), GROUND, 40)
    assert close(result.getpixel((5, top + 60)), GROUND, 40)


def test_contain_shows_all_of_it_on_the_colour(tmp_path: Path) -> None:
    result = rendered(tmp_path, save_photo(tmp_path / "a.png"), "contain", background="#00ff00")

    assert close(result.getpixel((MIDDLE, 5)), (0, 255, 0))
    assert close(result.getpixel((MIDDLE + 20, 80)), GROUND)


def test_blur_fills_the_rest_with_the_picture_itself(tmp_path: Path) -> None:
    result = rendered(tmp_path, save_photo(tmp_path / "a.png"), "blur")

    assert close(result.getpixel((MIDDLE + 30, CANVAS.height - 5)), GROUND)


def test_cover_cuts_off_the_sides(tmp_path: Path) -> None:
    striped = Image.new("RGB", (300, 160), (0, 0, 0))
    striped.paste((255, 255, 255), (105, 0, 195, 160))

    result = rendered(tmp_path, save_photo(tmp_path / "a.png", striped), "cover")

    assert min(ImageStat.Stat(result.crop((3, 0, 87, 160))).extrema[0]) > 240


def test_a_circle_stays_a_circle(tmp_path: Path) -> None:
    big = Image.new("L", (4000, 3000), 0)
    big.paste(255, (1000, 500, 3000, 2500))
    source = save_photo(tmp_path / "a.jpg", big, exif=exif(6))

    result = rendered(tmp_path, source, "blur").convert("L").crop((0, 20, 90, 140))
    box = result.point(lambda level: 255 if level > 128 else 0).getbbox()

    assert box is not None
    assert abs((box[2] - box[0]) - (box[3] - box[1])) <= 1


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [
        ("CMYK", ".jpg"),
        ("CMYK", ".tif"),
        ("L", ".jpg"),
        ("L", ".png"),
        ("P", ".gif"),
        ("P", ".png"),
        ("LAB", ".tif"),
    ],
)
def test_every_kind_of_pixels_keeps_its_brightness(tmp_path: Path, mode: str, suffix: str) -> None:
    source = save_photo(tmp_path / f"a{suffix}", picture((90, 160), mode))

    result = rendered(tmp_path, source, "cover")

    assert (
        abs(ImageStat.Stat(result.convert("L")).mean[0] - ImageStat.Stat(picture().convert("L")).mean[0]) < 6
    )


def test_sixteen_bit_greys_are_not_clipped(tmp_path: Path) -> None:
    grey = Image.new("I;16", (90, 160), 100 * 257)

    result = rendered(tmp_path, save_photo(tmp_path / "a.png", grey), "cover")

    assert close(result.getpixel((MIDDLE, 80)), (100, 100, 100), 2)


@pytest.mark.parametrize("suffix", [".png", ".webp", ".avif"])
def test_transparent_parts_show_the_matte(tmp_path: Path, suffix: str) -> None:
    glass = Image.new("RGBA", (90, 160), (255, 0, 255, 0))
    glass.paste((0, 0, 255, 255), (0, 80, 90, 160))

    result = rendered(tmp_path, save_photo(tmp_path / f"a{suffix}", glass), "cover", matte="#00ff00")

    assert close(result.getpixel((MIDDLE, 30)), (0, 255, 0), 16)
    assert close(result.getpixel((MIDDLE, 130)), (0, 0, 255), 16)


def test_a_colour_profile_is_applied(tmp_path: Path) -> None:
    swapped = swapped_profile()
    source = save_photo(tmp_path / "a.png", Image.new("RGB", (90, 160), (250, 10, 10)), icc_profile=swapped)

    result = rendered(tmp_path, source, "cover")

    assert close(result.getpixel((MIDDLE, 80)), (10, 250, 10), 24)


def swapped_profile() -> bytes:
    """sRGB with red and green changed places: a profile that nobody can overlook."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(data[128:132], "big")
    tags = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    data[red + 4 : red + 12], data[green + 4 : green + 12] = (
        data[green + 4 : green + 12],
        data[red + 4 : red + 12],
    )
    return bytes(data)


def test_a_noisy_photo_gives_up_quality_until_it_fits(tmp_path: Path) -> None:
    source = save_photo(tmp_path / "a.png", Image.effect_noise((90, 160), 90))
    bench = bench_in(tmp_path)
    free = render(order_for(source, "cover"), bench)

    fitted = render(order_for(source, "cover", max_bytes=free.bytes * 2 // 3), bench)

    assert free.bytes * 6 // 10 < fitted.bytes <= free.bytes * 2 // 3


def test_a_limit_that_no_quality_reaches_names_the_setting(tmp_path: Path) -> None:
    source = save_photo(tmp_path / "a.png", Image.effect_noise((90, 160), 90))
    bench = bench_in(tmp_path)

    with pytest.raises(BudgetError, match=r"a\.png.*platforms\.whatsapp_status\.photo\.max_bytes"):
        render(order_for(source, "cover", max_bytes=1000), bench)

    assert left_behind(bench) == []


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_a_photo_that_breaks_off_is_an_error_and_no_grey_half(tmp_path: Path, suffix: str) -> None:
    source = save_photo(tmp_path / f"a{suffix}", Image.effect_noise((200, 200), 90))
    order = order_for(source)
    whole = source.read_bytes()
    source.write_bytes(whole[: len(whole) // 2])
    bench = bench_in(tmp_path)

    with pytest.raises(UnreadableError, match="a\\" + suffix):
        render(
            dataclasses.replace(order, asset=dataclasses.replace(order.asset, sha256=sha256_of(source))),
            bench,
        )

    assert left_behind(bench) == []
    assert list(bench.folder.glob("*")) == []


def test_metadata_is_removed_without_touching_the_picture(tmp_path: Path) -> None:
    source = save_photo(
        tmp_path / "a.jpg", picture((90, 160)), exif=exif(1, make="Secret"), comment=b"secret"
    )
    rendition = render(order_for(source, action="remux"), bench_in(tmp_path))

    assert b"ecret" not in rendition.path.read_bytes()
    with Image.open(source) as before, Image.open(rendition.path) as after:
        assert before.tobytes() == after.tobytes()


def test_what_fits_is_passed_through_byte_by_byte(tmp_path: Path) -> None:
    source = save_photo(tmp_path / "a.jpg", picture((90, 160)))
    rendition = render(order_for(source, action="passthrough"), bench_in(tmp_path))

    assert rendition.path.read_bytes() == source.read_bytes()
    assert described(rendition) == ("image/jpeg", 90, 160, None, "passthrough", 1, 1)


def described(rendition: Rendition) -> tuple[object, ...]:
    return (
        rendition.mime,
        rendition.width,
        rendition.height,
        rendition.duration_s,
        rendition.action,
        rendition.part,
        rendition.parts,
    )


def test_a_real_size_is_made_from_a_twelve_megapixel_photo(tmp_path: Path) -> None:
    source = save_photo(tmp_path / "a.jpg", picture((4000, 3000)), exif=exif(6), quality=90)
    rendition = render(order_for(source, canvas=Size(1080, 1920)), bench_in(tmp_path))

    assert (rendition.width, rendition.height) == (1080, 1920)
    with Image.open(io.BytesIO(rendition.path.read_bytes())) as result:
        assert close(result.getpixel((1000, 300)), MARK, 16)

from __future__ import annotations

import pytest
from fakes.media import picture
from fakes.planning import photo
from PIL import Image

from pipeline.model import Rect
from pipeline.reformat.photo import stored_rect, stored_size
from pipeline.tools.orientation import BY_EXIF, Orientation


def stored(upright: Image.Image, turn: Orientation) -> Image.Image:
    """What a camera would have written for `turn` to show it upright."""
    turned = upright.rotate(turn.rotation, expand=True)
    return turned.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if turn.mirrored else turned


@pytest.mark.parametrize("turn", BY_EXIF.values())
def test_a_rectangle_of_the_upright_picture_is_found_in_the_stored_one(turn: Orientation) -> None:
    upright = picture((60, 40))
    facts = photo(width=60, height=40, rotation=turn.rotation, mirrored=turn.mirrored)
    crop = Rect(3, 2, 20, 12)

    rect = stored_rect(crop, facts)
    raw = stored(upright, turn)
    cut = raw.crop((rect.x, rect.y, rect.x + rect.width, rect.y + rect.height))

    assert (raw.width, raw.height) == (stored_size(facts).width, stored_size(facts).height)
    assert cut.tobytes() == stored(upright.crop((3, 2, 23, 14)), turn).tobytes()

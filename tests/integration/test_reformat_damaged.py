from __future__ import annotations

from pathlib import Path

import pytest
from fakes.footage import refreshed
from fakes.media import save_clip
from fakes.orders import bench_in, left_behind, order_for

from pipeline.errors import VerificationError
from pipeline.reformat import render
from pipeline.tools.files import TEMPORARY_PREFIX


def test_a_result_that_cant_be_read_is_told_of_by_its_source_alone(tmp_path: Path) -> None:
    """ffmpeg gives an MP4 without a picture where it could decode none, and calls that a success."""
    order, bench = order_for(save_clip(tmp_path / "a.mp4"), action="passthrough"), bench_in(tmp_path)
    order.asset.path.write_text("no video any more")

    with pytest.raises(VerificationError, match=r"^a\.mp4, part 1: .*copy it into the inbox again$") as told:
        render(refreshed(order), bench)

    assert TEMPORARY_PREFIX not in str(told.value)
    assert list(bench.folder.glob("*")) == left_behind(bench) == []

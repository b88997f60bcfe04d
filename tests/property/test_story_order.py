from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from pipeline.load.names import story_order

PATHS = st.lists(st.binary(min_size=1, max_size=20).filter(lambda path: b"\0" not in path), max_size=8)


@given(st.data())
def test_the_order_of_stories_never_depends_on_how_they_were_listed(data: st.DataObject) -> None:
    paths = data.draw(PATHS)
    listed_otherwise = data.draw(st.permutations(paths))

    assert sorted(listed_otherwise, key=story_order) == sorted(paths, key=story_order)


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.text("abcXYZ_- ", max_size=5))
def test_a_smaller_number_always_comes_first(one: int, other: int, stem: str) -> None:
    first, second = (story_order(os.fsencode(f"{stem}{number}.jpg")) for number in sorted((one, other)))

    assert first <= second

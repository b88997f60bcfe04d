"""What of a listing is pulled: what is new, what has changed, what is missed; never what leads elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path, PurePosixPath

import pytest
from fakes.planning import BOTH, NOW, FakeDestination, FakeSettings, asset, photo

from pipeline.model import PulledBefore, Remote
from pipeline.plan.origin import kept_from, pulled_folder, source_of
from pipeline.plan.pulling import LONGEST_NAME, chosen, name_problem

BEACH = Remote(key="beach.jpg", mark="1", path=PurePosixPath("beach.jpg"))
KNOWN = {"beach.jpg": PulledBefore("1", PurePosixPath("beach.jpg"))}


def test_what_is_new_is_pulled_and_what_is_known_isnt() -> None:
    assert chosen([BEACH], {}, (), NOW).wanted == (BEACH,)
    assert chosen([BEACH], KNOWN, (), NOW).wanted == ()


def test_what_has_changed_or_is_missed_is_pulled_again() -> None:
    changed = replace(BEACH, mark="2")
    assert chosen([changed], KNOWN, (), NOW).wanted == (changed,)
    assert chosen([BEACH], KNOWN, {PurePosixPath("beach.jpg")}, NOW).wanted == (BEACH,)


def test_what_is_over_isnt_worth_a_word() -> None:
    over = replace(BEACH, expires_at=NOW - timedelta(seconds=1))
    choice = chosen([over], {}, (), NOW)
    assert (choice.wanted, choice.left) == ((), ())


def test_what_is_left_is_told_only_while_it_is_new() -> None:
    left = replace(BEACH, left="still being written")
    assert chosen([left], {}, (), NOW).left == ((left, "still being written"),)
    assert chosen([left], KNOWN, (), NOW).left == ()


@pytest.mark.parametrize(
    "name", ["../a.jpg", "/a.jpg", "a/../../b.jpg", ".a.jpg", "a/.b/c.jpg", "a\0.jpg", "."]
)
def test_a_name_may_not_lead_out_or_hide(name: str) -> None:
    assert name_problem(PurePosixPath(name)) is not None


def test_the_longest_name_leaves_room_for_what_is_added_to_it() -> None:
    assert name_problem(PurePosixPath("é" * (LONGEST_NAME // 2))) is None
    assert name_problem(PurePosixPath("é" * (LONGEST_NAME // 2 + 1))) is not None


def test_a_source_is_told_by_where_a_file_lies() -> None:
    state = Path("/stories/state")
    assert source_of(pulled_folder(state, "mine") / "sub" / "a.jpg", state) == "mine"
    assert source_of(state / "pulled" / "a.jpg", state) is None
    assert source_of(Path("/stories/inbox/pulled/mine/a.jpg"), state) is None


class FromInstagram:
    instagram = "shop"


class FromFolder:
    instagram = None


@pytest.mark.parametrize("via", ["person", "instagrapi"])
def test_what_comes_from_instagram_is_kept_from_it_however_it_would_get_there(via: str) -> None:
    there = {**BOTH, "instagram": FakeDestination("instagram_story", via=via)}  # type: ignore[arg-type]
    settings = FakeSettings(destinations=there, sources={"mine": FromInstagram(), "nas": FromFolder()})
    pulled = replace(asset(photo()), path=settings.state / "pulled" / "mine" / "a.jpg")
    assert [one.destination for one in kept_from(pulled, settings)] == ["instagram"]
    assert kept_from(replace(pulled, path=settings.state / "pulled" / "nas" / "a.jpg"), settings) == ()
    assert kept_from(asset(photo()), settings) == ()
    (one,) = kept_from(pulled, replace(settings, sources={}))
    assert "isn't in the config any more" in one.reason

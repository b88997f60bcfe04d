"""Where renditions are made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.config import Settings

FARM = "farm: tcp://scheduler:8786"


def test_without_a_word_renditions_are_made_here(load: Callable[..., Settings]) -> None:
    execute = load("inbox: in\n").execute
    assert (execute.farm, execute.share) == (None, None)


@pytest.mark.parametrize(
    ("share", "is_"),
    [
        ("/mnt/share", "/mnt/share"),
        ("~/share", "{home}/share"),
        ("../share", "{above}/share"),
        ("s3://stories/of-the-shop/", "s3://stories/of-the-shop"),
    ],
)
def test_a_share_is_a_folder_or_an_address(
    load: Callable[..., Settings], tmp_path: Path, share: str, is_: str
) -> None:
    execute = load(f"inbox: in\nexecute: {{{FARM}, share: {share}}}\n").execute
    assert execute.share == is_.format(home=tmp_path / "home", above=tmp_path.parent)


def test_a_share_of_the_command_line_starts_there(load: Callable[..., Settings], tmp_path: Path) -> None:
    execute = load("inbox: in\n", "execute={farm: 'tls://[::1]:8786', share: share}").execute
    assert (execute.farm, execute.share) == ("tls://[::1]:8786", str(tmp_path / "share"))


@pytest.mark.parametrize(
    ("execute", "told"),
    [
        (FARM, "execute.share: is needed too: what workers get and give goes through it"),
        ("share: /s", "execute.farm: is needed too: the scheduler, such as tcp://scheduler:8786"),
        (
            "farm: scheduler, share: /s",
            "'scheduler' is no address of a scheduler such as tcp://scheduler:8786",
        ),
        ("farm: tcp://scheduler, share: /s", "'tcp://scheduler' is no address of a scheduler"),
        ("farm: 'tcp://a:b', share: /s", "'tcp://a:b' is no address of a scheduler"),
        ("farm: 'tcp://me:secret@a:1', share: /s", "has more than a name and a port"),
        (f"{FARM}, share: in/share", "execute.share: '{here}/in/share' and the inbox"),
        (f"{FARM}, share: outbox", "and the outbox"),
        (f"{FARM}, share: .", "may not lie in one another: use a folder of its own"),
        (f"{FARM}, share: 's3://'", "'s3://' names no folder or bucket"),
        (f"{FARM}, share: 'memory://stories'", "is seen by one program only"),
    ],
)
def test_each_mistake_about_a_farm_is_told(
    problems: Callable[..., list[str]], tmp_path: Path, execute: str, told: str
) -> None:
    assert told.format(here=tmp_path) in "\n".join(problems(f"inbox: in\nexecute: {{{execute}}}\n"))


@pytest.mark.parametrize(
    "share", ["s3://KEY:sesame@bucket/x", "s3://sesame@bucket", "s3://bucket?secret=sesame"]
)
def test_a_secret_in_an_address_is_refused_and_not_told(
    problems: Callable[..., list[str]], share: str
) -> None:
    told = "\n".join(problems(f"inbox: in\nexecute: {{{FARM}, share: '{share}'}}\n"))
    assert "AWS_ACCESS_KEY_ID" in told
    assert "sesame" not in told

"""Photos and clips of every kind, damaged at random: each is rendered, or refused in one line."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from fakes.damage import KINDS
from fakes.ordeal import Injury, suffer
from fakes.victims import ANIMATIONS, CLIPS, EVERYTHING, PHOTOS

SHORT_TURN = 0
LONG_TURNS = range(1, 5)


@pytest.fixture(scope="module")
def victims(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Whole files, made once."""
    folder = tmp_path_factory.mktemp("victims")
    return {name: make(folder / name) for name, make in EVERYTHING.items()}


def sent(victim: Path, kind: str, turn: int, tmp_path: Path) -> str:
    """What becomes of one damaged file; it's only kept for a look where something went wrong."""
    folder = tmp_path / f"{kind}-{turn}"
    folder.mkdir(parents=True)
    outcome = suffer(Injury(victim, kind, turn), folder)
    shutil.rmtree(folder)
    return outcome


def kinds_of(index: int) -> list[str]:
    """A third of the kinds, another for each neighbour: the long form takes all of them."""
    return [kind for number, kind in enumerate(KINDS) if (number + index) % 3 == 0]


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_damaged_file_is_rendered_or_refused_in_one_line(
    victims: dict[str, Path], name: str, tmp_path: Path
) -> None:
    for kind in kinds_of(list(EVERYTHING).index(name)):
        sent(victims[name], kind, SHORT_TURN, tmp_path)


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_undamaged_file_is_rendered(victims: dict[str, Path], name: str, tmp_path: Path) -> None:
    assert sent(victims[name], "wrong-extension", SHORT_TURN, tmp_path) == "rendered"


@pytest.mark.parametrize("names", [PHOTOS, ANIMATIONS, CLIPS], ids=["photos", "animations", "clips"])
def test_no_damage_is_survived_by_all_and_none_is_fatal_to_all(
    victims: dict[str, Path], names: dict[str, object], tmp_path: Path
) -> None:
    """Or the damage would be none, or so great that nothing behind the first check is reached."""
    outcomes = Counter(
        sent(victims[name], kind, SHORT_TURN, tmp_path / name)
        for name in list(names)[:4]
        for kind in ("truncate", "flip-anywhere")
    )
    assert outcomes["rendered"]
    assert outcomes.total() > outcomes["rendered"]


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("turn", LONG_TURNS)
@pytest.mark.parametrize("name", EVERYTHING)
def test_many_more_damaged_files_are_rendered_or_refused_in_one_line(
    victims: dict[str, Path], name: str, turn: int, tmp_path: Path
) -> None:
    for kind in KINDS:
        sent(victims[name], kind, turn, tmp_path)


def test_a_gap_of_days_between_two_frames_is_refused(victims: dict[str, Path], tmp_path: Path) -> None:
    """ffmpeg would fill it with frames until its time is over."""
    assert sent(victims["phone.mov"], "noise", 33, tmp_path) == "UnreadableError"

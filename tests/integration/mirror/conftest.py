"""The stand-in, an account that is logged in there, and something to publish."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.accounts import settings_for, signed_in
from fakes.instagram import StandIn, User
from fakes.media import Clip, picture, save_clip, save_photo

from pipeline.config import Settings
from pipeline.destination import Mirror
from pipeline.mirror import mirrors

SEED = "JBSWY3DPEHPK3PXP"
USERS = {
    "shop": User("pass-word-of-the-shop"),
    "cafe": User("pass-word-of-the-cafe", totp_seed=SEED),
    "club": User("pass-word-of-the-club", challenge="bloks"),
    "mill": User("pass-word-of-the-mill", challenge="email"),
    "farm": User("pass-word-of-the-farm", challenge="sms"),
}


@pytest.fixture
def instagram() -> Iterator[StandIn]:
    with StandIn(USERS) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, instagram: StandIn) -> Settings:
    return settings_for(tmp_path, instagram)


@pytest.fixture
def mirror(settings: Settings, instagram: StandIn) -> Mirror:
    signed_in(settings, instagram)
    return mirrors(settings)["insta"]


@pytest.fixture(scope="session")
def files(photo: Path, clip: Path) -> dict[str, Path]:
    """Both, by kind."""
    return {"photo": photo, "video": clip}


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_photo(tmp_path_factory.mktemp("photo") / "a.jpg", picture((1080, 1920)), quality=97)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_clip(tmp_path_factory.mktemp("clip") / "a.mp4", Clip(size=(90, 160), seconds=2))

"""A share in S3: a server of its own here, the same renditions."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.farm import farm
from fakes.shop import Shop

from pipeline.execute.farm import open_share
from pipeline.execute.farm.farm import tidied
from pipeline.tools.clock import now

BUCKET = "s3://stories/of-the-shop"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """What programs need in their environment to find it."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "sesame",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    yield environment
    server.stop()


def test_a_share_in_s3_serves_as_a_folder_does(s3: dict[str, str], tmp_path: Path) -> None:
    open_share(BUCKET).files.mkdir("stories")
    here, there = Shop(tmp_path / "here"), Shop(tmp_path / "there")
    here.picture("a.jpg", 1, (1600, 900))
    shutil.copytree(here.inbox, there.inbox)
    with farm(tmp_path / "farm", environment=os.environ | s3) as fake:
        settings = (f"execute.farm={fake.address}", f"execute.share={BUCKET}")
        assert here.run().exit_code == there.run(*settings).exit_code == 0
    made = [next(shop.state.glob("store/*.jpg")).read_bytes() for shop in (here, there)]
    assert made[0] == made[1]
    share = open_share(BUCKET)
    assert share.size("assets/nothing") is None
    tidied(share, set(), set(), now() + timedelta(days=2))
    assert list(share.older_than("assets", now() + timedelta(days=2))) == []
    assert "sesame" not in fake.said("worker-0.log")

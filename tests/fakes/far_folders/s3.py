"""A bucket of a server that speaks as S3 does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from fakes.far_folders.folder import PASSWORD, FarFolder
from fakes.far_folders.wire import Wire

from pipeline.tools.clock import fresh_name

PREFIX = "of-the-shop"
KEY = "AKIAIOSFODNN7EXAMPLE"


@contextmanager
def s3(root: Path) -> Iterator[FarFolder]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with patch.dict(os.environ, {"AWS_DEFAULT_REGION": "us-east-1"}):
        server.start()
        wire = Wire(server.get_host_and_port()[1])
        try:
            files = _files(wire.server)
            yield _folder(files, wire)
            files.close_session(files.loop, files._s3)
        finally:
            wire.close()
            server.stop()


def _files(port: int) -> Any:
    import s3fs

    return s3fs.S3FileSystem(
        endpoint_url=f"http://127.0.0.1:{port}",
        key=KEY,
        secret=PASSWORD,
        skip_instance_cache=True,
        use_listings_cache=False,
    )


def _folder(files: Any, wire: Wire) -> FarFolder:
    bucket = fresh_name()  # one process has one world of buckets
    files.mkdir(bucket)
    return FarFolder(
        f"s3://{bucket}/{PREFIX}",
        {"endpoint_url": f"http://127.0.0.1:{wire.port}", "key": KEY, "secret": PASSWORD},
        write=lambda path, content: files.pipe_file(f"{bucket}/{PREFIX}/{path}", content),
        remove=lambda path: files.rm_file(f"{bucket}/{PREFIX}/{path}"),
        wire=wire,
    )

"""A folder that is served by WebDAV, to who knows the password."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from fakes.far_folders.folder import PASSWORD, FarFolder
from fakes.far_folders.local import laid
from fakes.far_folders.wire import Wire

USER = "ana"


@contextmanager
def webdav(root: Path) -> Iterator[FarFolder]:
    from cheroot import wsgi
    from wsgidav.wsgidav_app import WsgiDAVApp

    folder = root / "dav" / "my stories"
    folder.mkdir(parents=True)
    config = {
        "provider_mapping": {"/": str(root / "dav")},
        "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
        "logging": {"enable_loggers": []},
        "verbose": 0,
    }
    server = wsgi.Server(("127.0.0.1", 0), WsgiDAVApp(config))
    server.shutdown_timeout = 1
    server.prepare()
    serving = threading.Thread(target=server.serve, daemon=True)
    serving.start()
    wire = Wire(server.bind_addr[1])
    try:
        yield FarFolder(
            f"webdav://{USER}@127.0.0.1:{wire.port}/{quote('my stories')}",
            {"password": PASSWORD},
            write=lambda path, content: laid(folder, path, content),
            remove=lambda path: (folder / path).unlink(),
            wrong={"password": "open"},
            wire=wire,
        )
    finally:
        wire.close()
        server.stop()
        serving.join(5)

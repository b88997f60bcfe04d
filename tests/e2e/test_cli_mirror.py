"""From a file in the inbox to a story on the account, by the command alone; and no secret anywhere."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import pytest
from fakes.command import BARE, PROGRAM, Said
from fakes.instagram import Fault, StandIn, User
from fakes.shop import picture

SEED = "JBSWY3DPEHPK3PXP"
WORD = "pass-word-of-the-cafe"
PROXY_WORD = "word-for-the-proxy"
CONFIG = """\
inbox: inbox
outbox: outbox
state: state
schedule: {{timezone: UTC}}
limits: {{settle_seconds: 0}}
destinations:
  whatsapp: {{platform: whatsapp_status}}
  insta: {{platform: instagram_story, via: instagrapi, account: cafe}}
accounts:
  cafe:
    username: cafe
    totp: {{file: seed}}
    proxy: {{env: CAFE_PROXY}}
    ca_file: {ca_file}
    pace: {{spacing_seconds: [0, 0]}}
    patience: {{connect_seconds: 5, answer_seconds: 3}}
"""


@dataclass(slots=True)
class Cafe:
    """A folder with a config, and everything that any command said in it."""

    root: Path
    instagram: StandIn
    said: list[Said] = field(default_factory=list)
    lines: set[str] = field(default_factory=set)

    def call(self, *words: str, stdin: str = "") -> Said:
        proxy = self.instagram.proxy.replace("http://", f"http://me:{PROXY_WORD}@")
        process = subprocess.Popen(
            [PROGRAM, *words, "-c", "storyrelay.yaml"],
            env=BARE | {"CAFE_PROXY": proxy, "STORYRELAY_DEBUG": "1"},
            cwd=self.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        ended = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(ended,))
        watcher.start()
        out, err = process.communicate(stdin, timeout=90)
        ended.set()
        watcher.join()
        self.said.append(Said(process.returncode, out, err))
        return self.said[-1]

    def _watch(self, ended: threading.Event) -> None:
        """The process list, as anybody on the machine sees it."""
        while not ended.wait(0.25):
            for entry in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.lines.add(entry.read_bytes().decode("utf-8", "replace"))
                except OSError:
                    continue


@pytest.fixture
def cafe(tmp_path: Path) -> Iterator[Cafe]:
    with StandIn({"cafe": User(WORD, totp_seed=SEED)}, folder=tmp_path / "server") as instagram:
        root = tmp_path / "cafe"
        (root / "inbox").mkdir(parents=True)
        (root / "seed").write_text(SEED)
        (root / "seed").chmod(0o600)
        (root / "storyrelay.yaml").write_text(CONFIG.format(ca_file=instagram.ca_file))
        yield Cafe(root, instagram)


def secrets_of(cafe: Cafe) -> set[str]:
    sessions = {key for request in cafe.instagram.requests if (key := request.headers.get("authorization"))}
    ids = set(cafe.instagram._world.sessions)
    tokens = {token.rsplit(":", 1)[-1] for token in sessions}
    return {WORD, SEED, PROXY_WORD} | ids | {unquote(one) for one in ids} | tokens


def test_a_story_is_published_once_and_its_secrets_are_found_nowhere(cafe: Cafe) -> None:
    picture(cafe.root / "inbox" / "a.jpg", 1)
    cafe.instagram.faults.add("accounts/current_user", Fault.HANG_BEFORE)
    assert cafe.call("session", "login", "--password-stdin", stdin=WORD).code == 3  # watched for some time
    assert cafe.call("run").code == 4  # nobody is logged in
    assert cafe.call("session", "login", "--password-stdin", stdin=WORD).code == 0
    said = cafe.call("run")
    assert (said.code, len(cafe.instagram.stories)) == (0, 1)
    assert cafe.call("run").code == 0
    for words in (
        ["status"],
        ["show", "a.jpg", "--json"],
        ["config", "show"],
        ["config", "check"],
        ["doctor"],
    ):
        cafe.call(*words)
    assert len(cafe.instagram.stories) == 1

    picture(cafe.root / "inbox" / "b.jpg", 2)
    cafe.instagram.faults.add("media/configure_to_story", Fault.ODD_JSON_AFTER)
    assert cafe.call("run").code in (3, 4)  # it is live, but nobody can know
    cafe.call("show", "b.jpg")

    kept = [file for file in cafe.root.rglob("*") if file.is_file() and "sessions" not in file.parts]
    texts = {str(file): file.read_bytes().decode("utf-8", "replace") for file in kept}
    texts |= {f"call {number}": said.out + said.err for number, said in enumerate(cafe.said)}
    texts |= {"process list": "\n".join(cafe.lines)}
    del texts[str(cafe.root / "seed")]
    found = {
        (where, secret) for secret in secrets_of(cafe) for where, text in texts.items() if secret in text
    }
    assert found == set()
    assert any("session" in line and "login" in line for line in cafe.lines)
    assert any("\0run\0" in line for line in cafe.lines)
    assert str(cafe.root / "state" / "ledger.sqlite3") in texts
    assert len(secrets_of(cafe)) > 5


def test_a_dead_session_stops_the_account_alone_and_a_login_frees_what_waited(cafe: Cafe) -> None:
    assert cafe.call("session", "login", "--password-stdin", stdin=WORD).code == 0
    cafe.instagram.end_sessions("cafe")
    picture(cafe.root / "inbox" / "a.jpg", 1)
    said = cafe.call("run")
    assert said.code == 4
    assert "session login cafe" in said.out + said.err
    assert (cafe.root / "outbox" / "whatsapp" / "manifest.json").exists()
    assert json.loads((cafe.root / "outbox" / "whatsapp" / "manifest.json").read_text())["stories"]
    cafe.instagram.requests.clear()
    cafe.call("run")
    assert cafe.instagram.requests == []  # the person has been told; nothing is tried meanwhile
    said = cafe.call("session", "login", "--password-stdin", "--json", stdin=WORD)
    assert (said.code, said.json()["freed"]) == (0, 1)
    assert cafe.call("run").code == 0
    assert len(cafe.instagram.stories) == 1


def test_a_run_without_a_story_that_is_due_never_loads_the_client(cafe: Cafe) -> None:
    spy = (
        "import sys; from pipeline.cli import main\n"
        "try: main(['run', '-c', 'storyrelay.yaml'])\n"
        "finally: print({'instagrapi', 'requests', 'curl_cffi', 'PIL'} & set(sys.modules), file=sys.stderr)"
    )
    python = str(Path(PROGRAM).parent / "python")
    done = subprocess.run(
        [python, "-c", spy],
        cwd=cafe.root,
        env=BARE | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "set()"

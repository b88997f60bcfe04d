"""`storyrelay serve` and what a person does with it, in processes of their own."""

from __future__ import annotations

import logging
import signal
import socket
import ssl
import time
from pathlib import Path

import pytest
import trustme
from fakes.caller import HERE, Caller
from fakes.command import call
from fakes.served import staged
from fakes.serving import serve
from fakes.shop import Shop

from pipeline.handoff.paired import Phones
from pipeline.ledger import exclusive
from pipeline.model import State
from pipeline.tools.clock import now

SOON_S = 5.0
"""Two on an idle machine; the suite has company."""
NAME = "shop.example"


@pytest.fixture
def shop_now(shop: Shop) -> Shop:
    """The commands know the real time only."""
    shop.clock.moment = now()
    shop.settings()
    return shop


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_serving_ends_at_once_when_it_is_told_to(shop_now: Shop, signum: int) -> None:
    with serve(shop_now.root) as served, served.caller().line() as idle:
        assert served.caller().get("/healthz").status == 200
        assert not (shop_now.state / "ledger.sqlite3").exists()  # whoever only looks writes nothing
        idle.sendall(b"GET / HT")
        code, seconds = served.end(signum)
    assert (code, seconds < SOON_S) == (0, True)


def test_a_day_with_the_page_from_pairing_to_sent(shop_now: Shop) -> None:
    with serve(shop_now.root) as served:
        assert "storyrelay phone pair -c storyrelay.yaml" in served.said()
        paired = call(shop_now, "phone", "pair", "--name", "Ana's")
        secret = paired.out.rsplit("#pair=", 1)[1].strip()
        phone = served.caller().pair(secret)
        assert phone.board()["ready"] == []
        shop_now.picture("bread.jpg")
        assert call(shop_now, "run").code == 0
        (story,) = phone.board()["ready"]
        assert len(phone.get(story["media"]["url"]).body) == story["media"]["bytes"]
        with exclusive(shop_now.state):
            assert phone.say(story["id"], "confirm").status == 202
        for _ in range(100):  # it looks every few seconds
            if shop_now.states()["bread.jpg", "whatsapp", 1] is State.CONFIRMED:
                break
            phone.get("/healthz")
            time.sleep(0.1)
        assert shop_now.states()["bread.jpg", "whatsapp", 1] is State.CONFIRMED
        assert "Ana's is let in no more" in call(shop_now, "phone", "revoke", "Ana's").out
        assert phone.get("/api/stories").status == 401


def test_no_secret_is_told_to_anybody_who_looks(shop_now: Shop) -> None:
    """Neither logs nor the list of processes nor any file, the ledger too, has one."""
    shop_now.picture("bread.jpg")
    shop_now.run()
    with serve(shop_now.root, env={"STORYRELAY_DEBUG": "1"}) as served:
        phones = Phones(shop_now.state)
        used, unused = phones.invite(now()), phones.invite(now())
        phone = served.caller().pair(used)
        stumble(served.caller(), unused)
        stumble(phone, unused)
        phone.say(1, "confirm")
        command = Path(f"/proc/{served.process.pid}/cmdline").read_bytes()
        command += Path(f"/proc/{served.process.pid}/environ").read_bytes()
        served.end()
    kept = {file: file.read_bytes() for file in shop_now.root.rglob("*") if file.is_file()}
    secrets = [secret.encode() for secret in (used, unused, phone.key, phone.token)]
    assert len(kept) > 5
    assert [file for file, content in kept.items() if any(secret in content for secret in secrets)] == []
    assert not any(secret in command for secret in secrets)
    assert "Traceback" not in served.said()
    assert served.said().count("\n") == 2


def stumble(caller: Caller, secret: str) -> None:
    """What goes wrong, with secrets where they don't belong."""
    for path in (f"/?pair={secret}", f"/{secret}", f"/static/{secret}", f"/media/1/{secret}"):
        caller.get(path)
        caller.post(path, {"secret": secret})
    caller.post("/api/pair", {"secret": [secret]})
    caller.post("/api/pair", {"secret": secret}, {"Origin": f"http://{secret}"})
    caller.raw(f"GET /{secret} HTTP/1.1\r\n{secret}\r\n\r\n".encode())


def test_what_is_told_in_this_process_has_no_secret_either(
    shop_now: Shop, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with staged(shop_now.root) as stage:
        secret = stage.phones.invite(stage.shop.clock())
        stumble(stage.caller(), secret)
        phone = stage.phone()
        stumble(phone, secret)
        lock = stage.shop.state / "phones.json"
        lock.write_text("{")
        assert phone.get("/api/stories").status == 503
    told = caplog.text + "".join(capfd.readouterr())
    assert not [one for one in (secret, phone.key, phone.token) if one in told]


def test_by_default_only_this_computer_is_listened_to(shop_now: Shop) -> None:
    with serve(shop_now.root) as served:
        listening = [
            line.split()[1]
            for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
            if line.split()[3] == "0A" and line.split()[1].endswith(f":{served.port:04X}")
        ]
    assert listening == [f"0100007F:{served.port:04X}"]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def certificate(authority: trustme.CA, tmp_path: Path) -> tuple[str, str]:
    """A certificate for the shop's name, and its key."""
    made = authority.issue_cert(NAME, "localhost")
    made.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    made.private_key_pem.write_to_path(tmp_path / "key.pem")
    return "cert.pem", "key.pem"


def test_the_network_gets_the_page_over_tls_only(
    shop_now: Shop, authority: trustme.CA, certificate: tuple[str, str]
) -> None:
    cert, key = certificate
    with socket.create_server((HERE, 0)) as free:
        port = free.getsockname()[1]
    url = f"https://{NAME}:{port}"
    with serve(
        shop_now.root, "--lan", "--cert", cert, "--key", key, "--url", url, "--port", str(port)
    ) as served:
        trust = ssl.create_default_context()
        authority.configure_trust(trust)
        with (
            socket.create_connection((HERE, port)) as line,
            trust.wrap_socket(line, server_hostname=NAME) as tls,
        ):
            assert tls.version() in ("TLSv1.2", "TLSv1.3")
        caller = Caller(port, tls=trust, name=NAME)
        answer = caller.post("/api/pair", {"secret": Phones(shop_now.state).invite(now())})
        cookie = answer["set-cookie"]
        assert cookie.startswith("__Host-storyrelay=")
        assert {"secure", "httponly", "samesite=strict", "path=/"} <= set(cookie.lower().split("; "))
        caller.key = cookie.partition(";")[0].partition("=")[2]
        assert caller.board()["ready"] == []
        for other in (f"localhost.evil.example:{port}", f"192.168.1.5:{port}"):
            assert caller.get("/", {"Host": other}).status == 421
        with pytest.raises((ConnectionError, OSError, AssertionError)):  # in the clear
            Caller(port, name=NAME).get("/healthz")
        assert served.process.poll() is None
        assert caller.get("/healthz").status == 200
        assert served.end()[0] == 0
    assert "Traceback" not in served.said()


def test_an_adb_that_hangs_holds_up_neither_the_page_nor_its_end(shop_now: Shop) -> None:
    slow = shop_now.root / "adb"
    slow.write_text("#!/bin/sh\nsleep 30\n")
    slow.chmod(0o700)
    with serve(shop_now.root, env={"STORYRELAY_ADB": str(slow)}) as served:
        assert served.caller().get("/healthz").status == 200
        code, seconds = served.end()
    assert (code, seconds < SOON_S) == (0, True)

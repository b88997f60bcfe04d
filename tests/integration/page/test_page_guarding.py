"""Only our own page on a paired phone may do anything, and every answer, errors too, is sealed."""

from __future__ import annotations

import pytest
from fakes.caller import EVENT, Caller, Headers, Heard
from fakes.served import Stage

from pipeline.model import State

GETS = ["/", "/healthz", "/manifest.webmanifest", "/static/page.js", "/static/icon-192.png", "/api/stories"]
GETS += ["/media/1/story-1.jpg", "/poster/1"]
STRAYS = ["/static/none", "/media/9/x", "/media/1/x.jpg", "/poster/9", "/api/none", "/none", "/api/stories/"]
SEALED = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}


def check_sealed(answer: Heard) -> None:
    assert {name: answer[name] for name in SEALED} == SEALED
    policy = dict(part.strip().split(" ", 1) for part in answer["content-security-policy"].split(";"))
    assert {name: policy[name] for name in POLICY} == POLICY
    assert "unsafe" not in str(policy)
    assert set(policy["media-src"].split()) == {"'self'", "blob:"}
    assert answer.headers["server"] is None
    assert answer.headers["access-control-allow-origin"] is None


def test_every_answer_is_sealed(phone: Caller) -> None:
    answers = [phone.get(path) for path in GETS]
    assert [answer.status for answer in answers] == [200] * len(GETS)
    answers += [phone.get(path, method="HEAD") for path in GETS]
    answers += [
        phone.get("/media/1/story-1.jpg", {"Range": span}) for span in ("bytes=1-2", "bytes=9999999-")
    ]
    answers += [phone.get("/media/1/story-1.jpg", {"Range": "bytes=0-1,5-6"})]
    answers += [phone.get(path) for path in STRAYS]
    answers += [phone.get("/", {"Host": "evil.example"}), phone.post("/", {}), phone.post("/api/stories", {})]
    answers += [phone.say(1, "sing"), phone.say(99, "confirm"), phone.post("/api/pair", b"{")]
    for answer in answers:
        check_sealed(answer)


def test_what_is_not_even_http_is_answered_like_anything_else(phone: Caller) -> None:
    for request in (b"\r\n\r\n \r\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"):
        answer = phone.raw(request)
        assert (answer.status, answer.body) == (400, b'{"error": "request"}')
        check_sealed(answer)
    host = f"Host: {phone.host}\r\n".encode()
    for head in (b"a b: c", b"Content-Length: x", b"Transfer-Encoding: gzip"):
        assert phone.raw(b"GET / HTTP/1.1\r\n" + host + head + b"\r\n\r\n").status in (400, 501)


@pytest.mark.parametrize("path", STRAYS)
def test_an_error_says_one_word(phone: Caller, path: str) -> None:
    answer = phone.get(path)
    assert answer.status in (404, 410)
    assert list(answer.json()) == ["error"]
    assert answer.json()["error"] in ("unknown", "gone")
    assert answer.headers["location"] is None


def hosts(port: int) -> list[str | None]:
    names = [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "localhost@evil.example",
        "",
        "[::]",
    ]
    return [None, "localhost", "localhost:1", f"localhost:{port}.", *(f"{name}:{port}" for name in names)]


def test_a_foreign_host_is_refused_everywhere(phone: Caller) -> None:
    """So no name that somebody else leads here (DNS rebinding) makes a browser ask for anything."""
    for host in hosts(phone.port):
        for path in GETS:
            answer = phone.get(path, {"Host": host})
            assert answer.status in (400, 421), (host, path)
        said = phone.post("/api/deliveries/1/skip", {"event": EVENT}, {"Host": host})
        assert said.status in (400, 421)


def test_two_hosts_are_one_too_many(phone: Caller) -> None:
    request = f"GET / HTTP/1.1\r\nHost: {phone.host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert phone.raw(request.encode()).status in (400, 421)
    assert phone.raw(b"GET / HTTP/1.0\r\n\r\n").status in (400, 421)


def test_every_local_name_of_the_page_is_answered(phone: Caller) -> None:
    for name in ("localhost", "127.0.0.1", "[::1]", "LOCALHOST"):
        assert phone.get("/healthz", {"Host": f"{name}:{phone.port}"}).json() == {"ok": True}


FOREIGN: list[Headers] = [
    {"Origin": None},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://evil.example"},
    {"Origin": "https://localhost:{port}"},
    {"Origin": "http://localhost"},
    {"Origin": "http://localhost:1"},
    {"Origin": "http://127.0.0.1:{port}"},
    {"Origin": "http://localhost:{port}/"},
    {"Origin": "http://localhost:{port}, http://localhost:{port}"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
]
TOKENLESS: list[Headers] = [{"X-Storyrelay-Token": value} for value in (None, "", "a" * 64, "é", "0")]


@pytest.mark.parametrize("headers", FOREIGN + TOKENLESS, ids=str)
def test_no_other_page_makes_a_phone_say_anything(standing: Stage, phone: Caller, headers: Headers) -> None:
    given = {name: value and value.format(port=phone.port) for name, value in headers.items()}
    answer = phone.post("/api/deliveries/1/confirm", {"event": EVENT}, given)
    assert answer.status == 403
    assert answer.json()["error"] in ("origin", "token")
    assert set(standing.shop.states().values()) == {State.OFFERED}
    if headers in FOREIGN:
        assert phone.post("/api/pair", {"secret": "a" * 43}, given).json() == {"error": "origin"}


def test_the_token_of_one_phone_is_no_good_for_another(stage: Stage) -> None:
    one, other = stage.phone(), stage.phone()
    assert one.token != other.token
    answer = one.post("/api/deliveries/1/confirm", {"event": EVENT}, {"X-Storyrelay-Token": other.token})
    assert (answer.status, answer.json()) == (403, {"error": "token"})


def test_no_other_page_can_embed_what_is_private(phone: Caller) -> None:
    for site in ("cross-site", "same-site"):
        for path in ("/api/stories", "/media/1/story-1.jpg", "/poster/1"):
            assert phone.get(path, {"Sec-Fetch-Site": site}).status == 403
    assert phone.get("/media/1/story-1.jpg", {"Sec-Fetch-Site": None}).status == 200  # an old browser


def test_nothing_private_is_told_without_a_cookie(standing: Stage) -> None:
    stranger = standing.caller()
    for path in (
        "/api/stories",
        "/media/1/story-1.jpg",
        "/media/99/x",
        "/poster/1",
        "/poster/99",
        "/api/none",
    ):
        assert (stranger.get(path).status, stranger.get(path).json()) == (401, {"error": "unpaired"})
    assert stranger.say(1, "confirm").status == 401
    assert stranger.get("/").status == 200


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_plain_form_can_say_nothing(phone: Caller, kind: str | None) -> None:
    for path in ("/api/deliveries/1/confirm", "/api/pair"):
        answer = phone.post(path, {"event": EVENT}, {"Content-Type": kind})
        assert (answer.status, answer.json()) == (415, {"error": "json"})


def test_what_is_said_is_short(phone: Caller) -> None:
    long = b'{"event":"' + b"a" * 5000 + b'"}'
    assert phone.post("/api/deliveries/1/confirm", long).status == 413
    chunks = b"".join(b"400\r\n" + b" " * 1024 + b"\r\n" for _ in range(5)) + b"0\r\n\r\n"
    chunked: Headers = {"Content-Length": None, "Transfer-Encoding": "chunked"}
    assert phone.post("/api/deliveries/1/confirm", chunks, chunked).status == 413
    whole = {"Content-Length": str(10**12)}
    assert phone.post("/api/deliveries/1/confirm", b"{}", whole).status == 413
    assert phone.post("/api/deliveries/1/confirm", b"[" * 4096).status == 400


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"1", b"{}", b'{"event":1}', b'{"event":""}', b'{"event":"a b c d e f"}']
)
def test_a_word_without_an_id_is_not_heard(standing: Stage, phone: Caller, body: bytes) -> None:
    assert phone.post("/api/deliveries/1/confirm", body).json() == {"error": "body"}
    assert set(standing.shop.states().values()) == {State.OFFERED}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "POST"])
def test_other_methods_do_nothing(phone: Caller, method: str) -> None:
    for path in GETS:
        assert phone.post(path, {}, method=method).status in (400, 403, 405)
        assert phone.post(path, {}, {"Origin": None}, method=method).status in (400, 403)
    assert phone.get("/api/deliveries/1/confirm").status in (404, 405)
    assert phone.get("/api/pair").status in (404, 405)


OUTSIDE = ["../storyrelay.yaml", "../../../../../../etc/passwd", "/etc/passwd", "..", ".", "~", "phones.json"]
CODES = [
    {},
    {".": "%2e"},
    {"/": "%2f"},
    {".": "%252e", "/": "%252f"},
    {"/": "\\"},
    {"/": "%5c"},
    {"..": "..%00"},
    {"/": "%c0%af"},
    {"..": "....//"},
    {".": "%u002e"},
]
PLACES = [
    "/static/{}",
    "/media/1/{}",
    "/media/{}/story-1.jpg",
    "/poster/{}",
    "/{}",
    "/api/{}",
    "/media/{}",
    "/api/deliveries/{}/confirm",
    "/api/deliveries/1/{}",
    "/static/../{}",
    "/manifest.webmanifest/{}",
]


def coded(path: str, code: dict[str, str]) -> str:
    for sign, other in code.items():
        path = path.replace(sign, other)
    return path


def test_no_path_leads_out(standing: Stage, phone: Caller) -> None:
    secrets = (b"inbox:", b"root:", b"key_sha256", b"SQLite")
    for place in PLACES:
        for path in {place.format(coded(outside, code)) for outside in OUTSIDE for code in CODES}:
            answer = phone.get(path)
            assert answer.status in (400, 401, 404, 405) or path.strip("/.~") == "", (path, answer)
            assert not [secret for secret in secrets if secret in answer.body]
            if "deliveries" in place:
                assert phone.post(path, {"event": EVENT}).status in (400, 403, 404, 405)
    assert set(standing.shop.states().values()) == {State.OFFERED}


@pytest.mark.parametrize(
    "number", ["1.0", "+1", "-1", "1e0", "0x1", "٣", "%201", "1%20", "1%00", "9" * 19, "9" * 999]
)
def test_a_story_is_known_by_its_plain_number_only(phone: Caller, number: str) -> None:
    for path in (f"/media/{number}/story-1.jpg", f"/poster/{number}"):
        assert phone.get(path).status in (400, 404)
    assert phone.say(1, "shared%00").status == 404

"""Whatever anybody sends to any route: never a fault of ours, never a hang, and the page lives on."""

from __future__ import annotations

import json
import string
from collections import Counter
from http.client import HTTPException
from pathlib import Path

import pytest
from fakes.caller import EVENT, Caller, Heard
from fakes.served import Stage, staged, stock
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

QUICK, SLOW = 300, 20_000
ANSWERED = {200, 202, 206, 307, 400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 416, 421, 429, 431, 501}

HOSTILE = [
    "..",
    ".",
    "%2e%2e",
    "%2f",
    "%252e",
    "%00",
    "\\",
    "~",
    "é",
    "%ff",
    "%c0%af",
    "\u202e",
    "'",
    '"',
    "<script>",
    "${7*7}",
    "{{7*7}}",
    "%0d%0aX:y",
    "%20",
    "-1",
    "1;ls",
    "null",
    "?",
    "#",
    "*",
    "[",
]
NAMES = [
    "Host",
    "Origin",
    "Sec-Fetch-Site",
    "Cookie",
    "X-Storyrelay-Token",
    "Content-Type",
    "Content-Length",
    "Range",
    "If-Range",
    "If-None-Match",
    "Accept-Language",
    "Accept-Encoding",
    "Transfer-Encoding",
    "Expect",
    "Upgrade",
    "Connection",
    "X-Forwarded-Host",
    "X-Forwarded-For",
    "Forwarded",
    "X-Http-Method-Override",
    "Content-Encoding",
    "User-Agent",
    "Authorization",
    "Te",
]
VERBS = ["opened", "shared", "not-yet", "confirm", "skip", "undo", "retry", "release", "CONFIRM"]
SPANS = ["bytes=-", "bytes=--", "bytes=0-0,", f"bytes={'9' * 5000}-", "bytes=٣-", "x=1-2", "bytes"]

hostile = st.sampled_from([*HOSTILE, "", "9" * 30, "a" * 300])
numbers = st.one_of(st.integers(-2, 6).map(str), st.sampled_from(["01", "1.0", "1e9", "NaN", "9" * 18]))
pieces = st.one_of(hostile, numbers, st.text(string.printable, max_size=12), st.text(max_size=6))
verbs = st.sampled_from(VERBS)
files = st.sampled_from(["story-1.jpg", "story-2.jpg", "story-3.jpg"])
paths = st.one_of(
    st.sampled_from(["/", "/healthz", "/manifest.webmanifest", "/api/stories", "/api/pair", "*", "", "//"]),
    st.builds("/static/{}".format, pieces),
    st.builds("/media/{}/{}".format, st.one_of(numbers, pieces), st.one_of(files, pieces)),
    st.builds("/poster/{}".format, st.one_of(numbers, pieces)),
    st.builds("/api/deliveries/{}/{}".format, st.one_of(numbers, pieces), st.one_of(verbs, pieces)),
    st.lists(pieces, max_size=5).map(lambda every: "/" + "/".join(every)),
    st.builds("http://{}/".format, pieces),
)
methods = st.one_of(
    st.sampled_from(["GET", "HEAD", "POST"]),
    st.sampled_from(["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "get", "PRI", "X" * 40]),
)
spans = st.one_of(
    st.builds("bytes={}-{}".format, st.integers(0, 10**6), st.integers(0, 10**6)),
    st.lists(st.builds("{}-{}".format, st.integers(-9, 99), st.integers(-9, 10**20)), max_size=120).map(
        lambda every: "bytes=" + ",".join(every)
    ),
    st.sampled_from(
        ["bytes=-", "bytes=--", "bytes=0-0,", "bytes=" + "9" * 5000 + "-", "bytes=٣-", "x=1-2", "bytes"]
    ),
    pieces,
)
values = st.one_of(pieces, st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=30))
names = st.sampled_from(NAMES)
codings = st.sampled_from(["gzip", "chunked", "identity", "100-continue"])
spoilt = st.dictionaries(names, st.one_of(st.none(), values, spans, codings), max_size=3)
cookies = st.one_of(
    st.sampled_from(["storyrelay=", "storyrelay=x", 'storyrelay="', "=", ";;;", "a[]=1; storyrelay"]),
    st.builds("{}={}".format, pieces, pieces),
)
fields = st.sampled_from(["event", "secret", "x"])
jsons = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20) | st.just(EVENT),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["event", "secret", "x"]), inner)
    ),
    max_leaves=6,
)
bodies = st.one_of(
    jsons.map(lambda value: json.dumps(value).encode()),
    st.builds(lambda text: json.dumps({"event": text, "secret": text}).encode(), st.text(max_size=80)),
    st.just(json.dumps({"event": EVENT}).encode()),
    st.binary(max_size=60),
    st.sampled_from([b"[" * 4000, b"{" * 4000, b"9" * 4000, b'"\\ud800"', b"\xff\xfe\x00", b"\x00" * 5000]),
)


def sent(caller: Caller, request: tuple[str, str, dict[str, str | None], bytes]) -> Heard | None:
    """What is answered; None when the line was simply closed, as it may be on what isn't HTTP."""
    method, path, headers, body = request
    try:
        if method in ("GET", "HEAD"):
            return caller.get(path, headers, method)
        return caller.post(path, body, headers, method)
    except TimeoutError:
        raise  # nothing may hang
    except (OSError, HTTPException):
        return None


requests = st.tuples(methods, paths, spoilt, bodies)


def search(stage: Stage, most: int) -> Counter[int]:
    """So many requests, as a phone that is paired, a stranger, or somebody with a cookie of his own."""
    stage.shop.clock.advance(minutes=5)
    phone, statuses = stage.phone(), Counter[int]()
    stranger = stage.caller()

    @settings(max_examples=most, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(request=requests, who=st.one_of(st.just(phone), st.just(stranger), cookies))
    @example(request=("GET", "/media/1/story-1.jpg", {"Range": "bytes=0-0,2-2,4-4"}, b""), who=phone)
    @example(request=("GET", "/healthz", {"Expect": "100-continue"}, b""), who=stranger)
    @example(request=("POST", "/api/pair", {"Expect": "100-continue"}, b"{}"), who=stranger)
    def send(request: tuple[str, str, dict[str, str | None], bytes], who: Caller | str) -> None:
        method, path, headers, body = request
        caller = phone
        if isinstance(who, str):
            headers = {"Cookie": who, **headers}
        else:
            caller = who
        clean = "".join(sign for sign in path if sign not in " \r\n")
        answer = sent(caller, (method, clean, headers, body))
        if answer is not None:
            statuses[answer.status] += 1
            assert answer.status in ANSWERED, answer
            assert b"Traceback" not in answer.body

    send()
    assert phone.get("/healthz").status == 200
    assert phone.get("/api/stories").status == 200
    return statuses


@pytest.mark.usefixtures("hurry")
def test_nothing_that_is_sent_is_a_fault_of_the_page(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with staged(tmp_path) as stage:
        stock(stage.shop)
        statuses = search(stage, QUICK)
    assert {200, 400, 401, 403, 404} <= statuses.keys()
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.usefixtures("hurry")
@pytest.mark.timeout(3600)
def test_nothing_of_all_that_is_sent_is_a_fault_of_the_page(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with staged(tmp_path) as stage:
        stock(stage.shop)
        statuses = search(stage, SLOW)
    assert capfd.readouterr() == ("", "")
    with capfd.disabled():
        print(statuses)  # noqa: T201 - for whoever runs it

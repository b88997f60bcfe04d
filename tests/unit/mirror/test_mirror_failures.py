"""Every error class of the client has a meaning; hidden ones are found in the answer."""

from __future__ import annotations

import inspect
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pydantic
import pytest
import requests
from instagrapi import exceptions

from pipeline.config.accounts import Account
from pipeline.errors import NeedsPerson, OutcomeUnknown, Rejected, StoryrelayError, TryAgain
from pipeline.mirror.failures import Judge
from pipeline.mirror.kinds import KINDS, OF_CLASS, Kind
from pipeline.mirror.line import Line
from pipeline.mirror.odd import OddAnswerError
from pipeline.mirror.session import session_file
from pipeline.mirror.telling import UNREACHABLE

NOW = datetime(2026, 11, 25, 18, tzinfo=UTC)
CLASSES: dict[str, Any] = {
    name: kind
    for name, kind in inspect.getmembers(exceptions, inspect.isclass)
    if issubclass(kind, Exception) and kind.__module__ == exceptions.__name__
}
JUDGE = Judge(Line("shop", Account(username="shop"), UTC, session_file(Path(), "shop"), Path(), lambda: NOW))
REST = NOW + timedelta(hours=24)


def answer(status: int, plain: Any) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response._content = plain if isinstance(plain, bytes) else json.dumps(plain).encode()
    return response


def raised(name: str, *, refusal: bool) -> Exception:
    """The class as the client raises it, with an answer that says no, or with none at all."""
    plain = {"status": "fail", "message": "no"}
    says_no = refusal and issubclass(CLASSES[name], exceptions.ClientError)
    known: Exception = (
        CLASSES[name](response=answer(400, plain), **plain) if says_no else CLASSES[name]("odd")
    )
    return known


def test_every_error_class_of_instagrapi_has_exactly_one_meaning() -> None:
    listed = [name for names in KINDS.values() for name in names.split()]
    assert sorted(listed) == sorted(CLASSES)


@pytest.mark.parametrize("name", CLASSES)
def test_each_class_is_answered_by_its_meaning_before_and_at_the_act(name: str) -> None:
    kind = OF_CLASS[name]
    before = JUDGE.before(raised(name, refusal=True))
    clear = JUDGE.publishing(raised(name, refusal=True))
    unclear = JUDGE.publishing(raised(name, refusal=False))
    assert isinstance(unclear, OutcomeUnknown)
    match kind:
        case Kind.REST:
            assert isinstance(before, TryAgain)
            assert isinstance(clear, TryAgain)
            assert before.rest_until == clear.rest_until == unclear.rest_until == REST
        case Kind.PERSON:
            assert isinstance(before, NeedsPerson)
            assert isinstance(clear, NeedsPerson)
            assert before.everything
            assert clear.everything
        case Kind.NEVER:
            assert isinstance(before, Rejected)
        case _:
            assert isinstance(before, TryAgain)
            assert isinstance(clear, OutcomeUnknown)


@pytest.mark.parametrize("wrapper", ["PhotoNotUpload", "VideoNotUpload", "ClientError", "UnknownError"])
@pytest.mark.parametrize(
    ("status", "plain", "expected"),
    [
        (400, {"message": "challenge_required", "status": "fail"}, NeedsPerson),
        (400, {"message": "checkpoint_required", "status": "fail"}, NeedsPerson),
        (400, {"message": "feedback_required", "spam": True, "status": "fail"}, TryAgain),
        (403, {"message": "login_required", "status": "fail"}, NeedsPerson),
        (401, {"message": "Please wait a few minutes before you try again.", "status": "fail"}, TryAgain),
        (400, {"message": "", "error_type": "sentry_block", "status": "fail"}, TryAgain),
        (429, b"<html>slow down</html>", TryAgain),
    ],
)
def test_what_an_upload_error_hides_is_found_in_the_answer(
    wrapper: str, status: int, plain: Any, expected: type[StoryrelayError]
) -> None:
    hidden = CLASSES[wrapper]("refused", response=answer(status, plain))
    failure = JUDGE.before(hidden, uploading=True)
    assert isinstance(failure, expected)
    if isinstance(failure, TryAgain):
        assert failure.rest_until == REST


def test_a_429_without_a_word_at_the_act_is_a_doubt_and_a_rest() -> None:
    failure = JUDGE.publishing(exceptions.ClientThrottledError("429", response=answer(429, b"slow down")))
    assert isinstance(failure, OutcomeUnknown)
    assert failure.rest_until == REST


@pytest.mark.parametrize(
    "failure",
    [
        requests.exceptions.ReadTimeout("slow"),
        requests.exceptions.ChunkedEncodingError("cut"),
        requests.exceptions.ContentDecodingError("odd"),
        requests.exceptions.SSLError("untrusted"),
        exceptions.ClientConnectionError("ProxyError no"),
        ConnectionResetError("gone"),
        OddAnswerError("media.pk"),
        AttributeError("'list' object has no attribute 'get'"),
        KeyError("media"),
        IndexError("list index out of range"),
        TypeError("not iterable"),
        RecursionError("too deep"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_network_errors_and_answers_nobody_expected_are_a_doubt_only_at_the_act(failure: Exception) -> None:
    assert isinstance(JUDGE.before(failure), TryAgain)
    assert isinstance(JUDGE.publishing(failure), OutcomeUnknown)


def test_an_answer_that_does_not_fit_the_clients_types_is_a_doubt_at_the_act() -> None:
    with pytest.raises(pydantic.ValidationError) as misfit:
        pydantic.TypeAdapter(int).validate_python("x")
    assert isinstance(JUDGE.publishing(misfit.value), OutcomeUnknown)


@pytest.mark.parametrize("failure", [ValueError("no"), AssertionError("no")])
def test_what_the_client_itself_refuses_is_never_tried_again(failure: Exception) -> None:
    assert isinstance(JUDGE.before(failure), Rejected)
    assert isinstance(JUDGE.publishing(failure), OutcomeUnknown)


def test_a_file_that_the_server_refuses_is_rejected_and_its_words_are_told() -> None:
    plain = {"status": "fail", "message": "File too large"}
    failure = JUDGE.before(exceptions.PhotoNotUpload("no", response=answer(413, plain)), uploading=True)
    assert isinstance(failure, Rejected)
    assert "File too large" in str(failure)
    again = JUDGE.before(exceptions.PhotoNotUpload("no", response=answer(503, b"")), uploading=True)
    assert isinstance(again, TryAgain)


def test_a_picture_that_the_server_cannot_read_is_rejected_at_the_act() -> None:
    plain = {"status": "fail", "message": "media_needs_reupload", "error_title": "bad image input"}
    assert isinstance(JUDGE.publishing(exceptions.ClientError(response=answer(400, plain))), Rejected)


def test_a_server_that_is_away_is_left_alone_for_a_short_while() -> None:
    for failure in (
        JUDGE.before(requests.exceptions.ConnectTimeout()),
        JUDGE.publishing(requests.exceptions.ReadTimeout()),
    ):
        assert isinstance(failure, (TryAgain, OutcomeUnknown))
        assert failure.rest_until == NOW + UNREACHABLE


def test_a_failure_of_our_own_stays_what_it_is() -> None:
    own = Rejected("no such link")
    assert JUDGE.before(own) is own
    assert JUDGE.publishing(own) is own
    assert JUDGE.at_login(own) is own


@pytest.mark.parametrize("name", CLASSES)
def test_each_class_says_something_at_a_login(name: str) -> None:
    failure = JUDGE.at_login(raised(name, refusal=True))
    assert isinstance(failure, (NeedsPerson, TryAgain))
    assert len(str(failure)) > 30


def test_tokens_in_a_servers_words_are_not_repeated() -> None:
    plain = {"status": "fail", "message": "no: 50000000001%3A32c8350609906d4cd2bc3fe665b9%3A12%3AAYe4aa"}
    failure = JUDGE.before(exceptions.UnknownError(response=answer(400, plain), **plain))
    assert "32c8350609906d4cd2bc3fe665b9" not in str(failure)

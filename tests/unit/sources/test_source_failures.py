"""What goes wrong at a server, told in our words and without secrets."""

from __future__ import annotations

import pytest

from pipeline.errors import NeedsPerson, NotReadyError, Rejected, TryAgain
from pipeline.sources.failures import as_told, of_a_file
from pipeline.sources.stores import Address

SECRETS = frozenset({"ses:ame/50%", "sftp://ana:ses%3Aame%2F50%25@nas/x"})
NAS = Address("nas", "sftp://ana@nas.example:2222/x", {"known_hosts": "/k"}, 5, 5)


class AuthenticationException(Exception):
    pass


class UnknownHost(Exception):
    pass


class Answered(Exception):
    def __init__(self, status: int) -> None:
        self.status_code = status
        super().__init__(f"received {status}")


@pytest.mark.parametrize(
    "fault", [AuthenticationException("no"), Answered(401), Answered(403), PermissionError(13, "no")]
)
def test_a_refused_login_takes_a_person(fault: Exception) -> None:
    told = as_told(fault, NAS, SECRETS)
    assert isinstance(told, NeedsPerson)
    assert "Next: correct sources.nas, then: storyrelay pull nas" in str(told)


@pytest.mark.parametrize(
    "fault",
    [Answered(500), Answered(429), ConnectionRefusedError(111, "refused"), EOFError(), TimeoutError()],
)
def test_whatever_may_pass_is_tried_again(fault: Exception) -> None:
    assert isinstance(as_told(fault, NAS, SECRETS), TryAgain)
    assert isinstance(of_a_file(fault, SECRETS), TryAgain)


def test_a_file_that_is_gone_or_may_not_be_read_says_nothing_of_the_others() -> None:
    assert isinstance(of_a_file(PermissionError(13, "no"), SECRETS), Rejected)
    assert isinstance(of_a_file(FileNotFoundError(2, "no"), SECRETS), NotReadyError)
    assert isinstance(of_a_file(Answered(403), SECRETS), Rejected)
    assert isinstance(of_a_file(Answered(404), SECRETS), NotReadyError)


def test_a_cause_counts_too() -> None:
    fault = OSError("ls")
    fault.__cause__ = AuthenticationException()
    assert isinstance(as_told(fault, NAS, SECRETS), NeedsPerson)


def test_an_unknown_server_comes_with_the_commands() -> None:
    told = str(as_told(UnknownHost("ssh-ed25519 SHA256:abc"), NAS, SECRETS))
    assert "ssh-ed25519 SHA256:abc" in told
    assert "ssh-keyscan -p 2222 nas.example >> /k; storyrelay pull nas" in told


def test_what_was_asked_for_is_left_out() -> None:
    told = str(as_told(OSError('no way to "http://x.example/b?list-type=2&Signature=abc"'), NAS, SECRETS))
    assert told.endswith('no way to "http://x.example/b"')


@pytest.mark.parametrize(
    "text",
    [
        "at ses:ame/50% it",
        "at ses%3Aame%2F50%25\nit",
        "at ses%3Aame/50%25 it",
        *sorted(SECRETS),
        "long " * 100,
    ],
)
def test_no_word_of_a_server_tells_a_secret_or_tells_much(text: str) -> None:
    for told in (str(as_told(OSError(text), NAS, SECRETS)), str(of_a_file(ValueError(text), SECRETS))):
        assert "ame" not in told
        assert len(told) < 300
        assert "\n" not in told

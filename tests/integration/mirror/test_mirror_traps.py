"""The traps of instagrapi that were found by falling into them, each with the test that it can't catch us."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from fakes.accounts import Notes, parcel_of, settings_for, signed_in
from fakes.instagram import Fault, StandIn
from fakes.instagram.phone import Transport
from PIL import Image

from pipeline.config import Settings
from pipeline.destination import Mirror
from pipeline.errors import DeliveryError, NeedsPerson, OutcomeUnknown, TryAgain
from pipeline.mirror import mirrors
from pipeline.mirror.line import line_of
from pipeline.mirror.phone import API, Phone
from pipeline.mirror.session import Saved

BOTH = pytest.mark.parametrize("transport", ["curl", "requests"])
CONFIGURE = "media/configure_to_story"


def endpoints(instagram: StandIn) -> list[str]:
    return [request.endpoint for request in instagram.requests]


def configured(instagram: StandIn) -> int:
    return sum(endpoint.startswith(CONFIGURE) for endpoint in endpoints(instagram))


@BOTH
def test_a_connection_that_dies_after_the_act_is_not_repaired_by_sending_again(
    tmp_path: Path, instagram: StandIn, photo: Path, transport: Transport
) -> None:
    settings = settings_for(tmp_path, instagram, transport)
    signed_in(settings, instagram)
    mirror = mirrors(settings)["insta"]
    mirror.blocked()  # a connection that could be kept and found dead
    instagram.faults.add(CONFIGURE, Fault.DROP_AFTER, times=None)
    with pytest.raises(OutcomeUnknown):
        mirror.deliver(parcel_of(photo), Notes())
    assert (configured(instagram), len(instagram.stories)) == (1, 1)


def test_no_connection_is_used_twice_by_curl(mirror: Mirror, instagram: StandIn, photo: Path) -> None:
    instagram.requests.clear()
    mirror.deliver(parcel_of(photo), Notes())
    connections = [request.connection for request in instagram.requests]
    assert len(set(connections)) == len(connections)


@pytest.mark.parametrize("fault", [Fault.ERROR_408_AFTER, Fault.CUT_SHORT_AFTER, Fault.RATE_LIMIT_429])
@BOTH
def test_what_instagrapi_itself_would_send_again_is_sent_once(
    tmp_path: Path, instagram: StandIn, photo: Path, transport: Transport, fault: Fault
) -> None:
    settings = settings_for(tmp_path, instagram, transport)
    signed_in(settings, instagram)
    instagram.faults.add(CONFIGURE, fault)
    began = monotonic()
    with pytest.raises(DeliveryError):
        mirrors(settings)["insta"].deliver(parcel_of(photo), Notes())
    assert configured(instagram) == 1
    assert monotonic() - began < 20  # it would sleep for a minute before it repeats a 408


def test_an_answer_without_a_story_is_never_taken_for_the_newest_one(
    mirror: Mirror, instagram: StandIn, photo: Path, clip: Path
) -> None:
    instagram.faults.add(CONFIGURE, Fault.EMPTY_JSON, times=None)
    for file, duration_s in ((photo, None), (clip, 2.0)):
        instagram.add_foreign_story("shop", file.read_bytes())
        with pytest.raises(OutcomeUnknown):
            mirror.deliver(parcel_of(file, None, duration_s), Notes())


def test_nobody_is_asked_anything_when_a_run_is_challenged(
    mirror: Mirror, instagram: StandIn, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("nobody is there to be asked"))
    instagram.faults.add(CONFIGURE, Fault.CHALLENGE)
    with pytest.raises(NeedsPerson):
        mirror.deliver(parcel_of(photo), Notes())
    assert not any(endpoint.startswith("challenge/") for endpoint in endpoints(instagram))


def test_a_dead_session_is_never_replaced_by_a_login(
    tmp_path: Path, instagram: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(tmp_path, instagram, "curl", "password: {env: SHOP_PASSWORD}")
    monkeypatch.setenv("SHOP_PASSWORD", "pass-word-of-the-shop")
    signed_in(settings, instagram)
    instagram.end_sessions("shop")
    instagram.requests.clear()
    with pytest.raises(NeedsPerson, match="session login shop") as told:
        mirrors(settings)["insta"].blocked()
    assert told.value.everything
    assert endpoints(instagram) == ["accounts/current_user/"]


def test_without_a_session_nothing_is_sent_at_all(settings: Settings, instagram: StandIn) -> None:
    with pytest.raises(NeedsPerson, match="isn't logged in"):
        mirrors(settings)["insta"].blocked()
    assert instagram.requests == []


def test_what_a_session_file_says_about_retries_and_transport_does_not_count(
    tmp_path: Path, instagram: StandIn
) -> None:
    settings = settings_for(tmp_path, instagram, "requests")
    line = signed_in(settings, instagram)
    saved = line.session.read()
    assert saved
    meddled = {
        "session_retry_total": 5,
        "request_timeout": 9,
        "private_transport": "curl",
        "tls_verify": False,
    }
    line.session.write(Saved({**saved.settings, **meddled}, "shop"))
    phone = Phone(line, line.session.read())
    assert phone.private.get_adapter(API).max_retries.total == 0
    assert (phone.request_timeout, phone.private_transport) == (0, "requests")
    assert phone.private.verify == str(instagram.ca_file)
    assert phone.with_challenge_flow is False


def test_a_handler_of_exceptions_is_no_way_to_a_second_request(
    settings: Settings, instagram: StandIn
) -> None:
    phone = Phone(signed_in(settings, instagram), line_of(settings, "shop").session.read())
    phone.handle_exception = lambda *_: None
    instagram.faults.add("accounts/current_user", Fault.ERROR_500_BEFORE)
    instagram.requests.clear()
    with pytest.raises(Exception, match="500"):
        phone.private_request("accounts/current_user/")
    assert len(instagram.requests) == 1


def test_own_stories_are_never_looked_up_on_the_public_web(
    mirror: Mirror, instagram: StandIn, photo: Path
) -> None:
    instagram.faults.add("feed/user/", Fault.ERROR_500_BEFORE)
    instagram.requests.clear()
    with pytest.raises(TryAgain):
        mirror.deliver(parcel_of(photo), Notes())
    assert len(instagram.requests) == 1
    assert instagram.strangers == []


def test_a_photo_keeps_its_quality_and_its_colour_profile(
    mirror: Mirror, instagram: StandIn, tmp_path: Path
) -> None:
    from PIL import ImageCms

    file = tmp_path / "p3.jpg"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.effect_noise((1080, 1920), 90).convert("RGB").save(file, quality=97, icc_profile=profile)
    mirror.deliver(parcel_of(file), Notes())
    assert instagram.content(instagram.stories[0]) == file.read_bytes()


@BOTH
@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.HANG_AFTER])
def test_a_server_that_hangs_holds_nobody_longer_than_the_limits(
    tmp_path: Path, instagram: StandIn, photo: Path, transport: Transport, fault: Fault
) -> None:
    patience = "patience: {connect_seconds: 1, answer_seconds: 0.5, upload_kbps: 100000}"
    settings = settings_for(tmp_path, instagram, transport, patience)
    signed_in(settings, instagram)
    instagram.faults.add(CONFIGURE, fault)
    began = monotonic()
    with pytest.raises(OutcomeUnknown) as told:
        mirrors(settings)["insta"].deliver(parcel_of(photo), Notes())
    assert monotonic() - began < 6
    assert told.value.rest_until


def test_neither_the_environments_certificates_nor_netrc_come_before_the_accounts_own(
    settings: Settings, instagram: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(tmp_path / "nothing.pem"))
    (tmp_path / "netrc").write_text("machine i.instagram.com login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    signed_in(settings, instagram)
    assert mirrors(settings)["insta"].blocked() is None
    assert all(
        "basic" not in request.headers.get("authorization", "").lower() for request in instagram.requests
    )


def test_certificates_that_nobody_trusts_are_named_with_the_key_that_helps(
    tmp_path: Path, instagram: StandIn
) -> None:
    settings = settings_for(tmp_path, instagram, "requests")
    line = signed_in(settings, instagram)
    text = (
        (tmp_path / "storyrelay.yaml").read_text().replace(f"ca_file: {instagram.ca_file}", "locale: en_US")
    )
    (tmp_path / "storyrelay.yaml").write_text(text)
    from pipeline.config import Place, load_settings

    strange = load_settings(tmp_path / "storyrelay.yaml", (), Place({}, tmp_path, None))
    assert line.session.path.exists()
    with pytest.raises(TryAgain, match="ca_file"):
        mirrors(strange)["insta"].blocked()


def test_the_phone_stays_the_same_from_login_to_login(tmp_path: Path, instagram: StandIn) -> None:
    from pipeline.mirror.login import logout

    settings = settings_for(tmp_path, instagram, "curl", "locale: de_DE", "timezone: Asia/Kolkata")
    phones: list[Any] = []
    for _ in range(3):
        line = signed_in(settings, instagram)
        saved = line.session.read()
        assert saved
        phones.append([saved.settings[key] for key in ("uuids", "device_settings", "locale", "country")])
        assert saved.settings["timezone_offset"] == 19800
        logout(line)
    assert phones[0] == phones[1] == phones[2]
    assert phones[0][2:] == ["de_DE", "DE"]
    numbers = {request.headers["x-ig-device-id"] for request in instagram.requests if "i." in request.host}
    assert len(numbers) == 1
    logout(line, forget_device=True)
    other = signed_in(settings, instagram).session.read()
    assert other
    assert other.settings["uuids"] != phones[0][0]


def test_the_clients_loggers_say_nothing_at_any_level(
    mirror: Mirror, instagram: StandIn, photo: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    instagram.faults.add(CONFIGURE, Fault.ODD_JSON)
    with pytest.raises(OutcomeUnknown):
        mirror.deliver(parcel_of(photo), Notes())
    servers = ("asyncio", "hpack", "h2")
    assert [record for record in caplog.records if not record.name.startswith(servers)] == []


def test_moviepy_is_never_asked(mirror: Mirror, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moviepy", None)
    mirror.deliver(parcel_of(clip, None, 2.0), Notes())


def test_a_session_that_is_another_accounts_publishes_nothing(tmp_path: Path, instagram: StandIn) -> None:
    signed_in(settings_for(tmp_path, instagram), instagram)
    renamed = settings_for(tmp_path, instagram, username="cafe")
    with pytest.raises(NeedsPerson, match="belongs to @shop, not to @cafe"):
        mirrors(renamed)["insta"].blocked()


def test_what_the_server_changes_of_a_session_is_kept(settings: Settings, instagram: StandIn) -> None:
    line = signed_in(settings, instagram)
    mirror = mirrors(settings)["insta"]
    mirror.blocked()
    mirror._kept._phone.mid = "a new one"  # type: ignore[attr-defined]
    mirror.blocked()
    saved = line.session.read()
    assert saved
    assert saved.settings["mid"] == "a new one"
    assert saved.since


def test_a_run_does_not_undo_a_login_that_was_made_meanwhile(
    settings: Settings, instagram: StandIn, photo: Path
) -> None:
    line = signed_in(settings, instagram)
    mirror = mirrors(settings)["insta"]
    mirror.blocked()
    signed_in(settings, instagram)
    newer = line.session.path.read_bytes()
    mirror._kept._phone.mid = "a new one"  # type: ignore[attr-defined]
    mirror.deliver(parcel_of(photo), Notes())
    assert line.session.path.read_bytes() == newer
    mirror.blocked()
    token = instagram.requests[-1].headers["authorization"]
    assert token != next(
        one.headers["authorization"] for one in instagram.requests if "rupload" in one.endpoint
    )

"""What somebody posts in the app goes on to WhatsApp, once, and never back to where it comes from."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fakes.app_stories import BOTH, PUBLISHED, WHATSAPP, AppShop, scene
from fakes.instagram import Fault, StandIn
from fakes.instagram.app import hashtag, link, location, mention, poll, song
from fakes.instagram.phone import Transport
from fakes.media import Clip, ffmpeg, save_clip

from pipeline.config import Place, load_settings, parse_sidecar
from pipeline.errors import ConfigError
from pipeline.ledger import exclusive, open_ledger, snapshot
from pipeline.model import State
from pipeline.report.events import Blocked, Pulled, Stopped

LISTING = "feed/user/"


@pytest.fixture
def shop(tmp_path: Path, instagram: StandIn) -> AppShop:
    shop = AppShop(tmp_path, instagram)
    shop.sign_in()
    return shop


def test_a_story_of_the_app_is_pulled_offered_and_never_seen_again(shop: AppShop) -> None:
    story = shop.post(1, reel_mentions=[mention("casa.lume")])
    summary = shop.run()
    assert (summary.pulled, summary.offered, summary.exit_code) == (1, 1, 0)
    name = f"shop-{story.taken_at:%Y%m%d-%H%M%S}-{story.pk}.jpg"
    assert [path.name for path in shop.copies()] == [name, f"{name}.yaml"]
    (delivery,) = shop.deliveries()
    assert (delivery.path.name, delivery.destination, delivery.state) == (name, "whatsapp", State.OFFERED)
    assert delivery.texts.caption == "@casa.lume"
    assert delivery.recipe.overlay is None
    for _ in range(2):
        summary = shop.run()
        assert (summary.pulled, summary.offered, summary.exit_code) == (0, 0, 0)


@pytest.mark.parametrize("transport", ["curl", "requests"])
def test_only_the_listing_is_read_and_the_picture_without_a_sign_of_us(
    shop: AppShop, transport: Transport
) -> None:
    shop.transport = transport
    story = shop.post()
    shop.run()
    listing, fetched = shop.instagram.requests
    assert (listing.method, listing.endpoint) == ("GET", f"feed/user/{story.user_pk}/story/")
    assert (fetched.method, fetched.host) == ("GET", "scontent.cdninstagram.com")
    assert not {"authorization", "cookie", "x-ig-device-id"} & fetched.headers.keys()
    shop.run()
    assert shop.asked() == [f"feed/user/{story.user_pk}/story/"]
    assert shop.instagram.stories == []


def test_the_largest_picture_and_the_very_video_are_fetched(shop: AppShop, tmp_path: Path) -> None:
    shop.post()
    film = save_clip(tmp_path / "film.mp4", Clip(size=(90, 160), seconds=2))
    shop.instagram.add_foreign_story("shop", film.read_bytes(), "video", 2.0)
    shop.run()
    assert [endpoint.rpartition("/")[2][-9:] for endpoint in shop.asked()[1:]] == [
        shop.asked()[1][-9:],
        shop.asked()[2][-9:],
    ]
    assert shop.asked()[1].endswith("_1080.jpg")
    (video,) = (path for path in shop.copies() if path.suffix == ".mp4")
    assert video.read_bytes() == film.read_bytes()


@pytest.mark.parametrize("destinations", [BOTH, PUBLISHED])
def test_it_never_goes_back_to_instagram_and_the_plan_says_so(shop: AppShop, destinations: str) -> None:
    shop.destinations = destinations
    shop.post()
    assert shop.pull() == 0
    from pipeline.run import Request, plan

    decided = plan(shop.settings(), Request(), shop.now)
    (story,) = decided.stories
    assert [treatment.destination for treatment in story.treatments] == ["whatsapp"]
    assert [(one.destination, one.reason) for one in story.kept_from] == [
        ("insta", "it comes from Instagram itself (source mine)")
    ]
    summary = shop.run()
    assert (summary.offered, summary.published, summary.exit_code) == (1, 0, 0)
    assert {delivery.destination for delivery in shop.deliveries()} == {"whatsapp"}
    assert shop.instagram.stories == []


def test_with_nowhere_else_to_go_it_is_left_with_the_reason(shop: AppShop) -> None:
    shop.destinations = "{insta: {platform: instagram_story, channels: [folder]}}"
    shop.post()
    summary = shop.run()
    assert (summary.pulled, summary.offered, summary.refused, summary.exit_code) == (1, 0, 0, 0)
    assert shop.deliveries() == []


def test_its_words_become_a_sidecar(shop: AppShop) -> None:
    story = shop.post(
        1,
        caption={"text": "Fresh bread\nat seven"},
        reel_mentions=[mention("casa.lume"), mention("casa.lume"), mention("ana_b")],
        story_hashtags=[hashtag("bread"), hashtag("pão"), hashtag("two words")],
        story_link_stickers=[link("https://example.com/menu?day=1&x=ü"), link("https://example.com/two")],
        story_locations=[location("Praia da Luz")],
        story_polls=[poll("Rye or wheat?", ["Rye", "Wheat"])],
        story_music_stickers=[song("Harbour", "The Tides")],
    )
    shop.run()
    told = parse_sidecar(shop.sidecar(), "it", Path("it"))
    assert told.caption.splitlines() == [
        "Fresh bread",
        "at seven",
        "Rye or wheat? (Rye / Wheat)",
        "♪ The Tides – Harbour",
        "https://example.com/two",
        "#two words",
    ]
    assert told.mentions == ("casa.lume", "ana_b")
    assert told.hashtags == ("bread", "pão")
    assert told.link == "https://example.com/menu?day=1&x=%C3%BC"
    assert told.location is not None
    assert told.location.name == "Praia da Luz"
    assert told.not_after is not None
    assert abs(told.not_after - story.taken_at - timedelta(hours=24)) < timedelta(seconds=1)
    assert shop.deliveries()[0].state is State.OFFERED


def test_a_link_that_works_nowhere_is_kept_as_text(shop: AppShop) -> None:
    shop.post(1, story_link_stickers=[link("fb://profile/33", wrapped=False)])
    assert shop.run().offered == 1
    assert "link" not in shop.sidecar()
    assert "fb://profile/33" in shop.deliveries()[0].texts.caption


def test_odd_stickers_cost_no_story(shop: AppShop) -> None:
    shop.post(
        1,
        caption="no object",
        reel_mentions=[{"user": {"username": "b@d name"}}, 7, {"user": None}],
        story_hashtags={"no": "list"},
        story_link_stickers=[{"story_link": {"url": 5}}],
        story_locations=[{"location": {}}],
        story_polls=[{}],
    )
    summary = shop.run()
    assert (summary.offered, summary.exit_code) == (1, 0)


def test_words_that_look_like_yaml_stay_words(shop: AppShop) -> None:
    shop.post(1, caption={"text": "link: {evil: [yes]}\n# no comment\n'*&%@`: no"})
    shop.run()
    assert shop.deliveries()[0].texts.caption == "link: {evil: [yes]}\n# no comment\n'*&%@`: no"


def test_what_is_for_close_friends_too_late_or_of_another_kind_stays_there(shop: AppShop) -> None:
    shop.post(1, audience="besties")
    shop.post(2, media_type=8)
    late = shop.post(3)
    shop.later(hours=23, minutes=55)
    shop.post(4, taken_at="soon")
    assert shop.run().pulled == 0
    assert sorted(shop.left()) == [
        "it ends in less than 10 minutes",
        "it's for your close friends only, and others would see it elsewhere",
        "it's neither a photo nor a video",
        "the time of a story can't be read in the server's answer",
    ]
    assert late.pk
    assert shop.copies() == []


def test_it_expires_with_the_original(shop: AppShop) -> None:
    story = shop.post()
    shop.later(hours=20)
    assert shop.run().offered == 1
    (delivery,) = shop.deliveries()
    assert delivery.expires_at is not None
    assert abs(delivery.expires_at - story.taken_at - timedelta(hours=24)) < timedelta(seconds=5)
    shop.later(hours=5)
    shop.run()
    assert [row.state for row in shop.deliveries()] == [State.EXPIRED]


def test_what_was_published_from_here_is_not_pulled(shop: AppShop) -> None:
    shop.destinations = PUBLISHED
    shop.inbox.mkdir(exist_ok=True)
    (shop.inbox / "a.jpg").write_bytes(scene(5))
    assert shop.run().published == 1
    summary = shop.run()
    assert (len(shop.instagram.stories), summary.pulled, shop.left()) == (1, 0, [])


def test_what_is_in_doubt_waits_until_it_is_settled(shop: AppShop) -> None:
    shop.destinations = PUBLISHED
    shop.inbox.mkdir(exist_ok=True)
    (shop.inbox / "a.jpg").write_bytes(scene(5))
    before = shop.post(6)
    shop.run()  # the app's own story; nothing of it is in doubt
    assert [path.name[-len(before.pk) - 4 :] for path in shop.copies()][:1] == [f"{before.pk}.jpg"]
    (shop.inbox / "b.jpg").write_bytes(scene(7))
    shop.later(minutes=30)
    shop.instagram.faults.add("media/configure_to_story", Fault.DROP_AFTER)
    shop.run()
    shop.later(minutes=6)  # an account that wasn't to be reached rests for a while
    doubtful = next(row for row in shop.deliveries() if row.state is State.UNKNOWN)
    assert shop.run().pulled == 0
    assert shop.left() == [
        f"it may be delivery {doubtful.id}, which is in doubt: storyrelay show {doubtful.id}"
    ]
    shop.later(minutes=20)
    summary = shop.run()
    assert (summary.settled, summary.pulled) == (1, 0)
    assert shop.run().pulled == 0
    assert shop.left() == []
    assert len(shop.instagram.stories) == 2


def test_what_the_person_posted_by_hand_from_here_is_known_by_its_picture(shop: AppShop) -> None:
    shop.destinations = BOTH
    shop.inbox.mkdir(exist_ok=True)
    (shop.inbox / "a.jpg").write_bytes(scene(5))
    assert shop.run().offered == 2
    (laid,) = (shop.root / "outbox" / "insta").glob("*.jpg")
    shop.instagram.add_foreign_story("shop", laid.read_bytes())
    other = shop.post(6)
    summary = shop.run()
    assert (summary.pulled, summary.offered) == (1, 1)
    assert [reason[:42] for reason in shop.left()] == ["it shows what went out from here as a.jpg "]
    assert [path.suffix for path in shop.copies()] == [".jpg", ".yaml"]
    assert other.pk in shop.copies()[0].name
    assert shop.run().pulled == 0
    assert shop.left() == []


def test_a_film_that_was_posted_by_hand_is_known_too(shop: AppShop, tmp_path: Path) -> None:
    shop.inbox.mkdir(exist_ok=True)
    save_clip(shop.inbox / "a.mp4", Clip(size=(360, 640), seconds=3))
    assert shop.run().offered == 1
    (laid,) = (shop.root / "outbox" / "whatsapp").glob("*.mp4")
    shop.instagram.add_foreign_story("shop", laid.read_bytes(), "video", 3.0)
    assert shop.run().pulled == 0
    assert [reason[:40] for reason in shop.left()] == ["it shows what went out from here as a.mp"]


def test_the_same_posted_once_more_in_the_app_is_skipped_without_a_question(
    shop: AppShop, tmp_path: Path
) -> None:
    film = save_clip(tmp_path / "a.mp4", Clip(size=(360, 640), seconds=3))
    ffmpeg("-i", film, "-c", "copy", "-metadata", "title=Again", tmp_path / "b.mp4")
    shop.instagram.add_foreign_story("shop", film.read_bytes(), "video", 3.0)
    assert shop.run().offered == 1
    shop.later(hours=73)  # so late that there is nothing to compare it with but what it holds
    shop.run()
    shop.instagram.add_foreign_story("shop", (tmp_path / "b.mp4").read_bytes(), "video", 3.0)
    summary = shop.run()
    assert (summary.pulled, summary.offered, summary.exit_code) == (1, 0, 0)
    assert [row.state for row in shop.deliveries()] == [State.EXPIRED, State.SKIPPED]


def test_after_the_copy_here_has_left_the_next_pull_pulls_nothing(shop: AppShop) -> None:
    story = shop.post()
    shop.run()
    from pipeline.ledger.answers import Answer, apply

    with exclusive(shop.state), open_ledger(shop.state, shop.now) as ledger:
        apply(ledger, Answer("confirm", shop.deliveries()[0].id, shop.now()))
    shop.later(hours=25)
    shop.run()
    assert shop.copies() == []
    # the server goes on telling of it, as an archive might
    told = {"taken_at": int(shop.now().timestamp()), "pk": story.pk, "id": story.id}
    shop.instagram.add_foreign_story("shop", scene(1), told=told)
    assert (shop.run().pulled, shop.copies()) == (0, [])


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.RATE_LIMIT_429, 3),
        (Fault.PLEASE_WAIT, 3),
        (Fault.FEEDBACK_REQUIRED, 3),
        (Fault.ODD_JSON, 3),
        (Fault.EMPTY_JSON, 3),
        (Fault.ERROR_500_BEFORE, 3),
        (Fault.DROP_BEFORE, 3),
        (Fault.CUT_SHORT_AFTER, 3),
        (Fault.CHALLENGE, 4),
        (Fault.LOGIN_REQUIRED, 4),
        (Fault.SUSPENDED, 4),
    ],
)
def test_a_listing_that_fails_stops_nothing_else_and_is_told(shop: AppShop, fault: Fault, code: int) -> None:
    shop.post(1)
    shop.inbox.mkdir(exist_ok=True)
    (shop.inbox / "a.jpg").write_bytes(scene(5))
    shop.instagram.faults.add(LISTING, fault, times=None)
    summary = shop.run()
    assert (summary.offered, summary.pulled, summary.exit_code) == (1, 0, code)
    told = [event for event in shop.events if isinstance(event, Blocked | Stopped)]
    assert [event.destination for event in told] == ["source mine"]
    assert ". Next: storyrelay " in told[0].reason
    assert "published" not in told[0].reason
    assert len(shop.asked()) == 1


@pytest.mark.parametrize("fault", [Fault.PLEASE_WAIT, Fault.DROP_BEFORE])
def test_an_account_that_is_to_be_left_alone_is_left_alone_by_everybody(shop: AppShop, fault: Fault) -> None:
    shop.destinations = PUBLISHED
    shop.instagram.faults.add(LISTING, fault)
    shop.run()
    shop.inbox.mkdir(exist_ok=True)
    (shop.inbox / "a.jpg").write_bytes(scene(5))
    shop.run()
    assert shop.asked() == []
    assert "left alone until" in shop.left()[0]
    shop.later(hours=25)
    assert shop.run().published == 1


def test_after_a_challenge_nothing_is_asked_until_somebody_has_logged_in(shop: AppShop) -> None:
    shop.post()
    shop.instagram.faults.add(LISTING, Fault.CHALLENGE)
    assert shop.run().exit_code == 4
    assert shop.run().exit_code == 0
    assert shop.asked() == []
    with exclusive(shop.state), open_ledger(shop.state, shop.now) as ledger:
        assert ledger.lane("source mine").stopped
    assert shop.pull("mine") == 0  # who names it has acted
    assert len(shop.pulled()) == 1
    assert shop.run().offered == 1


def test_without_a_session_nothing_is_asked_and_the_person_is_told(shop: AppShop) -> None:
    (shop.state / "sessions" / "shop.json").unlink()
    assert shop.run().exit_code == 4
    assert shop.asked() == []
    (told,) = (event for event in shop.events if isinstance(event, Stopped))
    assert told.reason == "@shop isn't logged in. Next: storyrelay session login shop"


def test_the_session_of_another_account_pulls_nothing(shop: AppShop, tmp_path: Path) -> None:
    shop.post()
    file = tmp_path / "storyrelay.yaml"
    settings = shop.settings("accounts.shop.username=cafe")
    from pipeline.run import Request, run

    summary = run(settings, Request(), shop.events.append, shop.now)
    assert (summary.pulled, summary.exit_code) == (0, 4)
    assert file.exists()
    assert shop.copies() == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault.LOGIN_REQUIRED,  # HTTP 403, as for an address that is over
        Fault.ERROR_500_BEFORE,
        Fault.DROP_BEFORE,
        Fault.CUT_SHORT_AFTER,
        Fault.ODD_JSON,
        Fault.EMPTY_JSON,
    ],
)
@pytest.mark.parametrize("kind", ["photo", "video"])
def test_media_that_dont_come_whole_come_later(
    shop: AppShop, fault: Fault, kind: str, files: dict[str, Path]
) -> None:
    if kind == "photo":
        shop.post()
    else:
        shop.instagram.add_foreign_story("shop", files["video"].read_bytes(), "video", 2.0)
    shop.instagram.faults.add("v/t51/" if kind == "photo" else "o1/", fault)
    summary = shop.run()
    assert (summary.pulled, summary.exit_code) == (0, 3)
    assert shop.copies() == []
    (told,) = (event for event in shop.events if isinstance(event, Blocked))
    assert told.reason.endswith("; the next run tries it again")
    assert shop.run().offered == 1


def test_a_content_network_that_hangs_is_given_up_in_time(shop: AppShop) -> None:
    shop.account = "    patience: {connect_seconds: 1, answer_seconds: 1}\n"
    shop.post()
    shop.instagram.faults.add("v/t51/", Fault.HANG_BEFORE)
    assert shop.run().exit_code == 3
    assert shop.run().offered == 1


def test_a_story_that_cant_become_one_here_is_told_and_leaves_when_it_has_ended(shop: AppShop) -> None:
    shop.instagram.add_foreign_story("shop", b"no film at all", "video", 2.0)
    summary = shop.run()
    assert (summary.pulled, summary.refused, summary.exit_code) == (1, 1, 3)
    assert shop.run().exit_code == 0
    shop.later(hours=25)
    shop.run()
    assert shop.copies() == []
    with snapshot(shop.state) as ledger:
        assert ledger.problems() == []


def test_a_story_of_which_nobody_says_where_it_lies_is_left(shop: AppShop) -> None:
    shop.post(1, image_versions2={"candidates": [{"url": "http://plain.example/a.jpg"}]})
    assert shop.run().exit_code == 0
    assert shop.left() == ["Instagram doesn't say where it can be fetched"]


def test_a_run_looks_no_more_often_than_it_may_and_a_person_whenever_they_like(shop: AppShop) -> None:
    shop.source = "instagram: shop"
    shop.post(1)
    assert shop.run().pulled == 1
    shop.post(2)
    shop.later(minutes=9)
    assert shop.run().pulled == 0
    assert shop.asked() == []
    assert shop.left()[0].endswith("; storyrelay pull mine asks now")
    assert shop.pull() == 0
    assert len(shop.pulled()) == 1
    shop.post(3)
    shop.later(minutes=11)
    assert shop.run().pulled == 1


def test_a_dry_pull_asks_and_fetches_nothing(shop: AppShop) -> None:
    story = shop.post()
    assert shop.pull(dry=True) == 0
    assert shop.asked() == [f"feed/user/{story.user_pk}/story/"]
    assert [event.path.name for event in shop.pulled()] == [
        f"shop-{story.taken_at:%Y%m%d-%H%M%S}-{story.pk}.jpg"
    ]
    assert shop.copies() == []
    shop.source = "instagram: shop"
    assert shop.pull(dry=True) == 0
    assert shop.run().offered == 1  # no run has looked yet


def test_a_folder_of_stories_that_one_took_oneself_isnt_touched_by_what_is_pulled(shop: AppShop) -> None:
    shop.post()
    shop.run()
    assert list(shop.inbox.iterdir()) == []
    assert all(isinstance(event, Pulled) for event in shop.pulled())


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        (
            "{mine: {instagram: shp}}",
            "sources.mine.instagram: 'shp' is not one of `accounts`; did you mean shop",
        ),
        (
            "{a: {instagram: shop}, b: {instagram: shop}}",
            "sources.b.instagram: 'shop' already is the source 'a'",
        ),
        ("{a: {}}", "sources.a: needs exactly one of instagram, folder"),
        ("{a: {instagram: shop, folder: /x}}", "sources.a: needs exactly one of instagram, folder"),
        ("{a: {instagram: shop, options: {x: 1}}}", "sources.a.options: goes with `folder` only"),
        ("{a: {folder: {env: X, file: y}}}", "sources.a.folder: needs exactly one of env, file, keyring"),
        ("{a: {folder: 5}}", "sources.a.folder: '5' is not a text"),
        ("{A B: {folder: /x}}", "'A B' is not a name"),
        ("{a: {instgram: shop}}", "sources.a.instgram: unknown key; did you mean instagram"),
    ],
)
def test_a_source_with_a_mistake_is_told_with_its_place(tmp_path: Path, sources: str, told: str) -> None:
    file = tmp_path / "storyrelay.yaml"
    file.write_text(
        f"inbox: in\ndestinations: {WHATSAPP}\naccounts: {{shop: {{username: s}}}}\nsources: {sources}\n"
    )
    with pytest.raises(ConfigError) as refused:
        load_settings(file, (), Place({}, tmp_path, None))
    assert told in str(refused.value)
    assert "storyrelay.yaml:4" in str(refused.value)

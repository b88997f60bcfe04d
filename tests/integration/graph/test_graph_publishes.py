"""Stories by Meta's API: exact bytes, whom they mention, what is noted, what lies in public."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.accounts import parcel_of
from fakes.contract import Mortal
from fakes.graph import PAGE, SHOP, Draft, Fault, GraphStandIn
from fakes.graph_relay import NETWORKS, GraphRelay, Network, config_of, served

from pipeline.config import Place, load_settings
from pipeline.destination import Doubt, Published
from pipeline.errors import NeedsPerson, Rejected, TryAgain
from pipeline.model import State, Sticker, Texts

FRIEND = Sticker("mention", "friend", 0.3, 0.6, 0.2, 0.05)
MENTIONS = Texts(mentions=("friend",), stickers=(FRIEND,))
DURATIONS = {"photo": None, "video": 3.0}
SETTLE = timedelta(minutes=15)


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[GraphStandIn]:
    with served(tmp_path) as server:
        yield server
        assert server.offences == []


def relay_of(tmp_path: Path, graph: GraphStandIn, network: Network, *lines: str) -> GraphRelay:
    patience = "patience: {connect_seconds: 5, answer_seconds: 5, transcode_minutes: 0.02}"
    return GraphRelay.opened(tmp_path, graph, network, *lines, *([] if lines else [patience]))


def uploads(graph: GraphStandIn, use: str) -> list[Draft]:
    return [draft for draft in graph.drafts if draft.use.startswith(use)]


@pytest.mark.parametrize("kind", ["photo", "video"])
@pytest.mark.parametrize("network", NETWORKS)
def test_a_story_is_published_with_its_exact_bytes(
    tmp_path: Path, graph: GraphStandIn, files: dict[str, Path], network: Network, kind: str
) -> None:
    relay = relay_of(tmp_path, graph, network)
    notes = Mortal()
    receipt = relay.mirror().deliver(parcel_of(files[kind], MENTIONS, DURATIONS[kind]), notes)
    (story,) = relay.stories()
    assert receipt == Published(story.id)
    assert (story.kind, graph.content(story)) == (kind, files[kind].read_bytes())
    assert notes.steps[-1][0] == "publishing"
    assert notes.published_by["kind"] == kind
    assert notes.published_by["container" if network == "instagram" else "media"] == story.draft
    assert list((tmp_path / "public").iterdir()) == []


def test_who_is_mentioned_is_tagged_where_the_name_stands(
    tmp_path: Path, graph: GraphStandIn, files: dict[str, Path]
) -> None:
    relay_of(tmp_path, graph, "instagram").mirror().deliver(parcel_of(files["photo"], MENTIONS), Mortal())
    (story,) = graph.stories(SHOP.id)
    assert story.form["user_tags"] == [{"username": "friend", "x": 0.3, "y": 0.6}]


@pytest.mark.parametrize("network", NETWORKS)
def test_media_is_uploaded_afresh_for_every_story(
    tmp_path: Path, graph: GraphStandIn, files: dict[str, Path], network: Network
) -> None:
    mirror = relay_of(tmp_path, graph, network).mirror()
    for _ in range(2):
        mirror.deliver(parcel_of(files["photo"]), Mortal())
    assert len({story.draft for story in graph.stories()}) == 2


@pytest.mark.parametrize("network", NETWORKS)
def test_what_was_uploaded_in_vain_is_used_again_after_a_doubt(
    tmp_path: Path, graph: GraphStandIn, files: dict[str, Path], network: Network
) -> None:
    relay = relay_of(tmp_path, graph, network)
    shutil.copy(files["video"], tmp_path / "inbox")
    publishes = "POST */media_publish" if network == "instagram" else "POST */video_stories"
    graph.faults.add(publishes, Fault.DROP_BEFORE, after=0 if network == "instagram" else 1)
    for _ in range(4):
        relay.run()
        relay.pass_by(16 * 60)
    assert relay.delivery().state is State.PUBLISHED
    assert len(relay.stories()) == 1
    assert len(uploads(graph, "container" if network == "instagram" else "page")) == 1


def test_a_photo_lies_in_public_only_while_instagram_fetches_it(
    tmp_path: Path, graph: GraphStandIn, files: dict[str, Path]
) -> None:
    relay = relay_of(tmp_path, graph, "instagram")
    left = tmp_path / "public" / "storyrelay-shop.0123.jpg"
    left.write_bytes(b"what a run left that was killed")
    (tmp_path / "public" / "index.html").write_text("not ours")
    relay.mirror().deliver(parcel_of(files["photo"]), Mortal())
    assert [file.name for file in (tmp_path / "public").iterdir()] == ["index.html"]
    (story,) = graph.stories()
    name = str(story.form["image_url"]).rpartition("/")[2]
    assert len(name) > len("storyrelay-shop.") + 32


def test_a_photo_without_a_public_folder_waits_for_the_person_and_a_video_does_not(
    tmp_path: Path, graph: GraphStandIn, files: dict[str, Path]
) -> None:
    relay = relay_of(tmp_path, graph, "instagram")
    relay.settings = config_of(tmp_path, graph, "instagram", shows=False)
    with pytest.raises(NeedsPerson, match=r"accounts\.shop\.public") as needs:
        relay.mirror().deliver(parcel_of(files["photo"]), Mortal())
    assert not needs.value.everything
    relay.mirror().deliver(parcel_of(files["video"], duration_s=3.0), Mortal())
    assert [story.kind for story in graph.stories()] == ["video"]


@pytest.mark.parametrize(
    ("public", "told"),
    [
        ("{folder: nowhere, url: https://media.shop.example}", "doesn't exist"),
        ("{folder: public, url: https://elsewhere.example}", "can't fetch the photo"),
    ],
)
def test_a_public_folder_that_is_none_is_told(
    tmp_path: Path, graph: GraphStandIn, files: dict[str, Path], public: str, told: str
) -> None:
    relay = relay_of(tmp_path, graph, "instagram")
    relay.settings = config_of(tmp_path, graph, "instagram", f"public: {public}", shows=False)
    with pytest.raises(TryAgain, match=told):
        relay.mirror().deliver(parcel_of(files["photo"]), Mortal())


def test_a_day_that_is_used_up_rests_the_account_until_instagram_takes_more(
    tmp_path: Path, graph: GraphStandIn, files: dict[str, Path]
) -> None:
    graph.quota_total = 1
    relay = relay_of(tmp_path, graph, "instagram")
    relay.mirror().deliver(parcel_of(files["photo"]), Mortal())
    with pytest.raises(TryAgain, match="1 posts in 24 hours") as rests:
        relay.mirror().blocked()
    assert rests.value.rest_until
    relay.pass_by(25 * 3600)
    assert relay.mirror().blocked() is None


@pytest.mark.parametrize("network", NETWORKS)
def test_a_video_that_takes_too_long_is_tried_again_or_taken_for_accepted(
    tmp_path: Path, graph: GraphStandIn, files: dict[str, Path], network: Network
) -> None:
    graph.processing_s = 600
    mirror = relay_of(tmp_path, graph, network).mirror()
    parcel = parcel_of(files["video"], duration_s=3.0)
    if network == "instagram":  # nothing is published before it is ready
        with pytest.raises(TryAgain, match="still preparing"):
            mirror.deliver(parcel, Mortal())
        assert graph.stories() == []
        return
    assert isinstance(mirror.deliver(parcel, Mortal()), Published)  # Facebook publishes it when it is ready
    graph.clock.advance(601)
    assert len(graph.stories(PAGE.id)) == 1


def test_a_video_that_facebook_cannot_show_is_told(
    tmp_path: Path, graph: GraphStandIn, files: dict[str, Path]
) -> None:
    graph.faults.add("POST */video_stories", Fault.PROCESSING_ERROR, after=1)
    with pytest.raises(Rejected, match="couldn't make a story of it"):
        relay_of(tmp_path, graph, "facebook").mirror().deliver(
            parcel_of(files["video"], duration_s=3.0), Mortal()
        )


def test_a_page_that_lists_nothing_settles_no_doubt(
    tmp_path: Path, graph: GraphStandIn, files: dict[str, Path]
) -> None:
    graph.archive_on = False
    mirror, notes = relay_of(tmp_path, graph, "facebook").mirror(), Mortal()
    mirror.deliver(parcel_of(files["photo"]), notes)
    parcel = parcel_of(files["photo"])
    look = mirror.look(Doubt(7, parcel.rendition, frozenset(), notes.published_by))
    assert look.blind
    assert "archive" in look.blind


@pytest.mark.parametrize("network", NETWORKS)
def test_a_token_of_somebody_else_stops_the_account(
    tmp_path: Path, graph: GraphStandIn, network: Network
) -> None:
    relay = relay_of(tmp_path, graph, network)
    if network == "instagram":
        relay.settings = relay.settings.model_copy(
            update={
                "accounts": {
                    "shop": relay.settings.accounts["shop"].model_copy(update={"username": "somebody"})
                }
            }
        )
    else:
        (tmp_path / "token").write_text(graph.user_token)
    with pytest.raises(NeedsPerson, match="session login shop") as needs:
        relay.mirror().blocked()
    assert needs.value.everything


def test_an_account_that_the_token_cannot_reach_is_told(tmp_path: Path, graph: GraphStandIn) -> None:
    relay = relay_of(tmp_path, graph, "instagram")
    text = (tmp_path / "storyrelay.yaml").read_text().replace(SHOP.id, "17841400000000009")
    (tmp_path / "storyrelay.yaml").write_text(text)
    relay.settings = load_settings(tmp_path / "storyrelay.yaml", (), Place({}, tmp_path, None))
    with pytest.raises(NeedsPerson, match=r"17841400000000009.*accounts\.shop\.id"):
        relay.mirror().blocked()


def test_an_upload_goes_nowhere_but_to_facebook(
    tmp_path: Path, graph: GraphStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.mirror.graph.connection import connect
    from pipeline.mirror.line import line_of
    from pipeline.mirror.odd import OddAnswerError

    relay = relay_of(tmp_path, graph, "instagram")
    line = connect(line_of(relay.settings, "shop"))
    for address in (
        "https://evil.example/ig-api-upload/1",
        "http://rupload.facebook.com/x",
        "https://rupload.facebook.com.evil.example/x",
    ):
        with pytest.raises(OddAnswerError):
            line.upload(address, b"secret")
    assert graph.requests == []

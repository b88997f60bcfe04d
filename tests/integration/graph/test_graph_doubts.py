"""What Meta's API leaves open is never settled by guess: what may be live isn't published as another one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fakes.accounts import Notes, parcel_of
from fakes.graph import PAGE, SHOP, Fault, GraphStandIn
from fakes.graph.caller import Caller
from fakes.graph_relay import NETWORKS, SHOPS, GraphRelay, Network, served

from pipeline.deliver import doubt_about
from pipeline.destination import Doubt, Published
from pipeline.errors import OutcomeUnknown
from pipeline.ledger import doubts, snapshot, trace
from pipeline.model import State

PATIENCE = "patience: {settle_minutes: 5, connect_seconds: 8, answer_seconds: 8, transcode_minutes: 0.01}"
SETTLED_S = 6 * 60
DAY_S = 25 * 3600
PUBLISHES: dict[tuple[Network, str], str] = {
    ("instagram", "photo"): "POST */media_publish",
    ("instagram", "video"): "POST */media_publish",
    ("facebook", "photo"): "POST */photo_stories",
    ("facebook", "video"): "POST */video_stories",
}
BOTH_KINDS = ("photo", "video")


@contextmanager
def shop(root: Path, network: Network, file: Path) -> Iterator[GraphRelay]:
    """A shop with one new story."""
    with served(root) as graph:
        relay = GraphRelay.opened(root, graph, network, PATIENCE)
        shutil.copy(file, root / "inbox")
        yield relay


def loses(relay: GraphRelay, kind: str, fault: Fault) -> None:
    """The request that publishes comes to nothing, or its answer does."""
    after = 1 if (relay.network, kind) == ("facebook", "video") else 0
    relay.graph.faults.add(PUBLISHES[relay.network, kind], fault, after=after)


def in_doubt(relay: GraphRelay) -> bool:
    """Whether looking may still settle it."""
    with snapshot(relay.settings.state) as ledger:
        return bool(doubts(ledger, "net"))


def the_doubt(relay: GraphRelay) -> Doubt:
    """The one that there is, as a mirror gets it."""
    row = relay.delivery()
    with snapshot(relay.settings.state) as ledger:
        return doubt_about(row, trace(ledger, row.id), ledger, relay.settings.state / "store")


@dataclass(slots=True)
class LatePublisher(Notes):
    """A journal during whose last step a request of an earlier attempt reaches the server after all."""

    graph: GraphStandIn | None = None
    network: Network = "instagram"
    kind: str = "photo"
    posts: list[Mapping[str, Any]] = field(default_factory=list)

    def publishing(self, detail: Mapping[str, object]) -> None:
        assert self.graph
        owner = SHOPS[self.network].owner
        token = self.graph.user_token if self.network == "instagram" else self.graph.page_token
        with Caller(self.graph, token) as early:
            if self.network == "instagram":
                self.posts.append(early.post(f"{owner}/media_publish", creation_id=detail["container"]))
            elif self.kind == "photo":
                self.posts.append(early.post(f"{owner}/photo_stories", photo_id=detail["media"]))
            else:
                form = {"upload_phase": "finish", "video_id": detail["media"]}
                self.posts.append(early.post(f"{owner}/video_stories", **form))


@pytest.mark.parametrize("second", ["not found", "not ready"])
@pytest.mark.parametrize("kind", BOTH_KINDS)
@pytest.mark.parametrize("network", NETWORKS)
def test_what_is_refused_when_it_is_asked_for_again_may_be_live_by_the_first_request(
    tmp_path: Path, files: dict[str, Path], network: Network, kind: str, second: Any
) -> None:
    with shop(tmp_path, network, files[kind]) as relay:
        relay.graph.second_publish = second
        loses(relay, kind, Fault.DROP_BEFORE)
        relay.run()
        assert relay.delivery().state is State.UNKNOWN
        doubt = the_doubt(relay)
        length = doubt.rendition.duration_s
        parcel = parcel_of(doubt.rendition.path, duration_s=length, earlier=doubt.detail)
        late = LatePublisher(graph=relay.graph, network=network, kind=kind)
        with pytest.raises(OutcomeUnknown):
            relay.mirror().deliver(parcel, late)
        assert len(relay.stories()) == len(late.posts) == 1


@pytest.mark.parametrize("kind", BOTH_KINDS)
@pytest.mark.parametrize("network", NETWORKS)
def test_what_is_said_to_be_spam_may_be_live_all_the_same(
    tmp_path: Path, files: dict[str, Path], network: Network, kind: str
) -> None:
    """People report it of 2026: the action is said to be blocked, and the story is there."""
    with shop(tmp_path, network, files[kind]) as relay:
        loses(relay, kind, Fault.SPAM_2207051_AFTER)
        relay.run()
        assert relay.delivery().state is State.UNKNOWN
        with snapshot(relay.settings.state) as ledger:
            assert ledger.lane("net").rest_until
        for _ in range(3):
            relay.pass_by(SETTLED_S)
            relay.run()
        assert [story.id for story in relay.stories()] == [relay.delivery().external_id]


def test_a_container_that_is_still_at_work_is_not_taken_for_unpublished(
    tmp_path: Path, files: dict[str, Path]
) -> None:
    with shop(tmp_path, "instagram", files["photo"]) as relay:
        loses(relay, "photo", Fault.DROP_BEFORE)
        relay.run()
        relay.graph.processing_s = DAY_S
        with Caller(relay.graph, relay.graph.user_token) as other:
            at_work = other.post(f"{SHOP.id}/media", media_type="STORIES", image_url=_shown(relay, files))[
                "id"
            ]
        doubt = the_doubt(relay)
        held = Doubt(doubt.delivery, doubt.rendition, doubt.known, {**doubt.detail, "container": at_work})
        relay.pass_by(SETTLED_S)
        look = relay.mirror().look(held)
        assert (look.pending, look.not_live, look.live_as) == (True, False, None)


def _shown(relay: GraphRelay, files: dict[str, Path]) -> str:
    shutil.copy(files["photo"], relay.root / "public" / "other.jpg")
    return "https://media.shop.example/other.jpg"


def test_a_video_that_facebook_still_works_on_is_not_asked_for_again(
    tmp_path: Path, files: dict[str, Path]
) -> None:
    with shop(tmp_path, "facebook", files["video"]) as relay:
        relay.graph.processing_s = 40 * 60
        loses(relay, "video", Fault.DROP_AFTER)
        relay.run()
        for _ in range(4):
            relay.pass_by(SETTLED_S)
            relay.run()
        asked = [one for one in relay.graph.requests if b"finish" in one.body]
        row = relay.delivery()
        assert (len(asked), row.state, in_doubt(relay)) == (1, State.UNKNOWN, False)
        assert "still" in (row.reason or "")


def test_a_container_that_nobody_knows_any_more_is_a_matter_for_a_person(
    tmp_path: Path, files: dict[str, Path]
) -> None:
    with shop(tmp_path, "instagram", files["photo"]) as relay:
        loses(relay, "photo", Fault.DROP_AFTER)
        relay.run()
        relay.graph.faults.add(f"GET {relay.graph.drafts[0].id}", Fault.OBJECT_GONE_100, times=None)
        for _ in range(2):
            relay.pass_by(SETTLED_S)
            relay.run()
        row = relay.delivery()
        assert (row.state, in_doubt(relay), len(relay.stories())) == (State.UNKNOWN, False, 1)
        assert "container" in (row.reason or "")


@pytest.mark.parametrize("kind", BOTH_KINDS)
@pytest.mark.parametrize("network", NETWORKS)
def test_what_was_uploaded_and_is_gone_is_uploaded_anew(
    tmp_path: Path, files: dict[str, Path], network: Network, kind: str
) -> None:
    with shop(tmp_path, network, files[kind]) as relay:
        loses(relay, kind, Fault.DROP_BEFORE)
        relay.run()
        pending = the_doubt(relay)
        parcel = parcel_of(
            pending.rendition.path, duration_s=pending.rendition.duration_s, earlier=pending.detail
        )
        relay.graph.faults.add(f"GET {relay.graph.drafts[0].id}", Fault.OBJECT_GONE_100, times=None)
        published = relay.mirror().deliver(parcel, Notes())
        assert [Published(story.id) for story in relay.stories()] == [published]


def test_a_video_that_was_uploaded_a_day_ago_is_uploaded_anew(tmp_path: Path, files: dict[str, Path]) -> None:
    with shop(tmp_path, "facebook", files["video"]) as relay:
        loses(relay, "video", Fault.DROP_BEFORE)
        relay.run()
        relay.pass_by(DAY_S)
        for _ in range(3):
            relay.run()
            relay.pass_by(SETTLED_S)
        assert relay.delivery().state is State.PUBLISHED
        assert len(relay.stories()) == 1


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.DROP_BEFORE])
def test_a_page_with_years_of_stories_in_its_archive_can_be_looked_at(
    tmp_path: Path, files: dict[str, Path], fault: Fault
) -> None:
    with shop(tmp_path, "facebook", files["photo"]) as relay:
        relay.graph.page_size = 1
        for _ in range(25):
            relay.graph.add_foreign_story(PAGE.id, b"an old one")
        relay.pass_by(DAY_S)
        loses(relay, "photo", fault)
        relay.run()
        for _ in range(3):
            relay.pass_by(SETTLED_S)
            relay.run()
        assert [story.id for story in relay.stories()] == [relay.delivery().external_id]


def test_somebody_elses_story_of_later_is_not_taken_for_ours(tmp_path: Path, files: dict[str, Path]) -> None:
    """The container says that it was published, but not as what: ours may be deleted by now."""
    with shop(tmp_path, "instagram", files["photo"]) as relay:
        relay.graph.listing_delay_s = DAY_S
        loses(relay, "photo", Fault.DROP_AFTER)
        relay.run()
        relay.pass_by(SETTLED_S)
        relay.graph.add_foreign_story(SHOP.id, files["photo"].read_bytes())
        relay.run()
        row, container = relay.delivery(), relay.graph.drafts[0].id
        assert (row.state, row.external_id) == (State.PUBLISHED, f"container:{container}")


def test_what_is_not_listed_yet_gets_no_other_storys_id(tmp_path: Path, files: dict[str, Path]) -> None:
    """A look that comes too early by the server's clock, as the one here was set."""
    with shop(tmp_path, "instagram", files["photo"]) as relay:
        relay.graph.listing_delay_s = SETTLED_S - 90
        loses(relay, "photo", Fault.DROP_AFTER)
        relay.run()
        relay.graph.add_foreign_story(SHOP.id, files["photo"].read_bytes())
        relay.ahead_s += SETTLED_S
        relay.graph.clock.advance(60)
        relay.run()
        relay.pass_by(SETTLED_S)
        relay.run()
        names = [relay.stories()[0].id, f"container:{relay.graph.drafts[0].id}"]
        assert relay.delivery().external_id in names

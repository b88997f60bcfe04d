"""Sources in a run: what is new comes once, whole, with its sidecar, and leaves again when it's over."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes.far import FarSource
from fakes.shop import Shop
from PIL import Image

import pipeline.run.pulling
from pipeline.errors import EnvironmentFault, LockedError, NeedsPerson, NotReadyError, Rejected, TryAgain
from pipeline.ledger import exclusive, snapshot
from pipeline.model import State
from pipeline.report.events import Alarm, Blocked, Event, NotPulled, Pulled, Stopped
from pipeline.run.pulling import pull, would_pull

SOURCES = "sources={far: {folder: /nowhere}}"
NEXT_DAY = timedelta(hours=25)


def photo(colour: int = 0) -> bytes:
    shade = (colour * 37 % 256, colour * 91 % 256, colour * 151 % 256)
    content = io.BytesIO()
    Image.new("RGB", (1080, 1920), shade).save(content, "JPEG", quality=75)
    return content.getvalue()


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> FarSource:
    far = FarSource()
    monkeypatch.setattr(pipeline.run.pulling, "sources", lambda *_: iter([far]))
    return far


def of(shop: Shop, kind: type[Event]) -> list[Any]:
    return [event for event in shop.events if isinstance(event, kind)]


def files(shop: Shop) -> Iterator[str]:
    for path in sorted((shop.state / "pulled").rglob("*")):
        if path.is_file():
            yield str(path.relative_to(shop.state / "pulled"))


def test_what_is_new_at_a_source_is_pulled_and_offered_once(shop: Shop, far: FarSource) -> None:
    far.files = {"beach.jpg": photo(1), "trip/harbour.jpg": photo(2)}
    summary = shop.run(SOURCES)
    assert (summary.pulled, summary.offered, summary.exit_code) == (2, 2, 0)
    assert [event.path.name for event in of(shop, Pulled)] == ["beach.jpg", "harbour.jpg"]
    assert sorted(files(shop)) == ["far/beach.jpg", "far/trip/harbour.jpg"]
    summary = shop.run(SOURCES)
    assert (summary.pulled, summary.offered, summary.seen) == (0, 0, 2)
    assert far.fetched == ["beach.jpg", "trip/harbour.jpg"]


def test_a_sidecar_lies_there_before_its_file_and_counts(shop: Shop, far: FarSource) -> None:
    far.files = {"beach.jpg": photo(1)}
    ends = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    far.sidecars = {"beach.jpg": {"caption": "Low tide: #7 @sea", "hashtags": ["tide"], "not_after": ends}}
    seen: list[list[str]] = []
    far.before_it_ends = lambda _: seen.append(list(files(shop)))
    shop.run(SOURCES)
    (delivery,) = shop.deliveries()
    assert delivery.texts.caption.startswith("Low tide: #7 @sea")
    assert delivery.texts.hashtags == ("tide",)
    assert [[name for name in names if "beach" in name] for names in seen] == [[]]
    assert list(files(shop)) == ["far/beach.jpg", "far/beach.jpg.yaml"]


def test_what_has_changed_is_pulled_again(shop: Shop, far: FarSource) -> None:
    far.files = {"beach.jpg": photo(1)}
    shop.run(SOURCES)
    far.files = {"beach.jpg": photo(2)}
    assert shop.run(SOURCES, "same_name=send").offered == 1
    assert far.fetched == ["beach.jpg"] * 2


def test_a_source_that_is_down_stops_nothing_else(shop: Shop, far: FarSource) -> None:
    shop.picture("here.jpg", 3)
    far.failure = TryAgain("its server can't be reached")
    summary = shop.run(SOURCES)
    assert (summary.offered, summary.exit_code) == (1, 3)
    assert of(shop, Blocked) == [
        Blocked("source far", "its server can't be reached. Next: storyrelay pull far")
    ]
    far.failure = EnvironmentFault("a package is missing. Next: pip install it")
    summary = shop.run(SOURCES)
    assert summary.exit_code == 6
    assert of(shop, Alarm) == [Alarm("source far", "a package is missing. Next: pip install it")]


def test_a_source_that_needs_a_person_is_told_once_and_left_alone(shop: Shop, far: FarSource) -> None:
    far.failure = NeedsPerson("nobody is logged in. Next: storyrelay session login shop")
    assert shop.run(SOURCES).exit_code == 4
    assert [event.destination for event in of(shop, Stopped)] == ["source far"]
    assert shop.run(SOURCES).exit_code == 0
    assert [event.source for event in of(shop, NotPulled)] == ["far"]
    assert far.listed == 1


def test_one_file_that_cant_be_fetched_doesnt_take_the_others_along(shop: Shop, far: FarSource) -> None:
    far.files = {"a.jpg": photo(1), "b.jpg": photo(2), "c.jpg": photo(3)}
    far.failures = {"b.jpg": TryAgain("it was cut short")}
    summary = shop.run(SOURCES)
    assert (summary.pulled, summary.offered, summary.exit_code) == (2, 2, 3)
    assert of(shop, Blocked) == [
        Blocked("source far", "b.jpg: it was cut short; the next run tries it again")
    ]
    assert list(files(shop)) == ["far/a.jpg", "far/c.jpg"]
    far.failures = {}
    assert shop.run(SOURCES).offered == 1


def test_after_two_files_in_a_row_that_cant_be_fetched_the_source_is_left(shop: Shop, far: FarSource) -> None:
    far.files = {f"{number}.jpg": photo(number) for number in range(5)}
    far.failures = dict.fromkeys(far.files, TryAgain("no answer"))
    assert shop.run(SOURCES).exit_code == 3
    assert far.fetched == ["0.jpg", "1.jpg"]


@pytest.mark.parametrize(
    "name", ["../out.jpg", "/etc/out.jpg", "a/../../out.jpg", ".hidden.jpg", "n" * 300 + ".jpg", "a\0b.jpg"]
)
def test_a_name_that_leads_elsewhere_is_told_and_left(shop: Shop, far: FarSource, name: str) -> None:
    far.files = {name: photo(1), "good.jpg": photo(2)}
    assert shop.run(SOURCES).offered == 1
    assert [event.path for event in of(shop, NotPulled)] == [name]
    assert far.fetched == ["good.jpg"]


def test_what_a_source_itself_holds_back_is_told_with_its_reason(shop: Shop, far: FarSource) -> None:
    far.files = {"a.jpg": photo(1)}
    far.left = {"a.jpg": "still being uploaded"}
    assert shop.run(SOURCES).pulled == 0
    assert [event.reason for event in of(shop, NotPulled)] == ["still being uploaded"]


def test_a_disk_without_room_pulls_nothing(shop: Shop, far: FarSource) -> None:
    far.files = {"a.jpg": photo(1)}
    summary = shop.run(SOURCES, "limits.free_mb=1000000000")
    assert (summary.pulled, summary.exit_code, far.fetched) == (0, 6, [])


def test_the_copy_leaves_a_day_after_its_end_and_is_never_pulled_again(shop: Shop, far: FarSource) -> None:
    far.files = {"beach.jpg": photo(1)}
    far.sidecars = {"beach.jpg": {"caption": "Tide"}}
    shop.run(SOURCES)
    shop.clock.advance(hours=25)  # the offer expires
    shop.run(SOURCES)
    assert [row.state for row in shop.deliveries()] == [State.EXPIRED]
    assert list(files(shop)) == ["far/beach.jpg", "far/beach.jpg.yaml"]
    shop.clock.advance(hours=25)
    summary = shop.run(SOURCES)
    assert list(files(shop)) == []
    assert (summary.exit_code, summary.postponed, of(shop, Alarm)) == (0, 0, [])
    summary = shop.run(SOURCES)
    assert (summary.pulled, summary.offered, far.fetched) == (0, 0, ["beach.jpg"])


def test_what_nothing_becomes_of_leaves_too_and_what_has_a_mistake_stays(shop: Shop, far: FarSource) -> None:
    far.files = {"idle.jpg": photo(1), "wrong.jpg": photo(2), "waits.jpg": photo(3)}
    far.sidecars = {
        "idle.jpg": {"skip": True},
        "wrong.jpg": {"capshun": "x"},
        "waits.jpg": {"not_before": "2030-01-01"},
    }
    shop.run(SOURCES)
    shop.clock.advance(hours=50)
    shop.run(SOURCES)
    assert [name for name in files(shop) if name.endswith(".jpg")] == ["far/waits.jpg", "far/wrong.jpg"]


def test_a_copy_that_is_lost_before_its_time_is_pulled_again(shop: Shop, far: FarSource) -> None:
    far.files = {"beach.jpg": photo(1)}
    far.sidecars = {"beach.jpg": {"not_before": "2026-12-31"}}
    shop.run(SOURCES)
    (shop.state / "pulled/far/beach.jpg").unlink()
    assert shop.run(SOURCES).pulled == 1
    assert [row.state for row in shop.deliveries()] == [State.PLANNED]


def test_a_plan_asks_no_source_and_shows_what_was_pulled(shop: Shop, far: FarSource) -> None:
    far.files = {"beach.jpg": photo(1)}
    assert pull(shop.settings(SOURCES), (), shop.events.append, shop.clock) == 0
    plan = shop.plan(SOURCES)
    assert [story.asset.path.name for story in plan.stories] == ["beach.jpg"]
    assert (far.listed, plan.sources) == (1, ("far",))


def test_pull_alone_makes_no_story_and_a_dry_one_writes_nothing(shop: Shop, far: FarSource) -> None:
    far.files = {"beach.jpg": photo(1)}
    assert would_pull(shop.settings(SOURCES), (), shop.events.append, shop.clock) == 0
    assert [event.path.name for event in of(shop, Pulled)] == ["beach.jpg"]
    assert not shop.state.exists()
    assert pull(shop.settings(SOURCES), ("other",), shop.events.append, shop.clock) == 0
    assert far.fetched == []
    assert pull(shop.settings(SOURCES), ("far",), shop.events.append, shop.clock) == 0
    assert (far.fetched, shop.deliveries()) == (["beach.jpg"], [])
    assert shop.run(SOURCES).offered == 1


def test_a_pull_waits_for_no_run_that_is_under_way(shop: Shop, far: FarSource) -> None:
    with exclusive(shop.settings(SOURCES).state), pytest.raises(LockedError):
        pull(shop.settings(SOURCES), (), shop.events.append, shop.clock)
    assert far.listed == 0


def test_a_run_of_named_files_asks_no_source(shop: Shop, far: FarSource) -> None:
    far.files = {"beach.jpg": photo(1)}
    shop.run(SOURCES, paths=(shop.picture("here.jpg", 2),))
    assert far.listed == 0


def test_an_empty_inbox_that_is_away_is_told_though_something_was_pulled(shop: Shop, far: FarSource) -> None:
    far.files = {"beach.jpg": photo(1)}
    settings = shop.settings(SOURCES)
    shop.inbox.rmdir()
    summary = pipeline.run.run(settings, pipeline.run.Request(), shop.events.append, shop.clock)
    assert (summary.offered, summary.exit_code) == (1, 6)
    assert [event.about for event in of(shop, Alarm)] == ["inbox"]


def test_what_is_pulled_is_remembered_byte_for_byte(shop: Shop, far: FarSource) -> None:
    strange = os.fsdecode(b"caf\xe9.jpg")
    far.files = {strange: photo(1)}
    assert shop.run(SOURCES).pulled == 1
    with snapshot(shop.state) as ledger:
        assert list(ledger.pulled_from("far")) == [strange]
    assert shop.run(SOURCES).pulled == 0


def test_a_partial_file_is_never_seen(shop: Shop, far: FarSource) -> None:
    far.files = {"beach.jpg": photo(1)}

    def die(_: Path) -> None:
        raise KeyboardInterrupt

    far.before_it_ends = die
    with pytest.raises(KeyboardInterrupt):
        shop.run(SOURCES)
    assert list(files(shop)) == []
    far.before_it_ends = None
    assert shop.run(SOURCES).offered == 1


def test_files_that_cannot_be_had_don_t_keep_the_others_away(shop: Shop, far: FarSource) -> None:
    far.files = {f"{number}.jpg": photo(number) for number in range(5)}
    far.failures = {
        "0.jpg": Rejected("it may not be read there"),
        "1.jpg": Rejected("it may not be read there"),
        "2.jpg": NotReadyError("it was changed while it was fetched"),
        "3.jpg": NotReadyError("it was changed while it was fetched"),
    }
    summary = shop.run(SOURCES)
    assert (summary.pulled, summary.offered, summary.exit_code) == (1, 1, 3)
    assert [event.path for event in of(shop, NotPulled)] == ["2.jpg", "3.jpg"]

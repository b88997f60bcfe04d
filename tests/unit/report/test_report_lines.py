"""A run told in lines of text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.model import State
from pipeline.report.events import (
    Blocked,
    Delivered,
    Due,
    Event,
    Held,
    Looked,
    Notified,
    Postponed,
    Reformatted,
    Reformatting,
    Refused,
    Repeated,
    Scanned,
    Stopped,
    Taken,
    Unheard,
    Waiting,
)
from pipeline.report.lines import MOST_PROBLEMS, Problems, in_lines, line_of

BEACH = Path("inbox/beach.mp4")


def delivered(state: State, reason: str | None = None) -> Delivered:
    return Delivered(7, BEACH, "whatsapp", 1, 3, state, None, reason)


def test_an_offer_is_one_line_with_place_and_part() -> None:
    assert line_of(delivered(State.OFFERED)) == "offered    whatsapp   beach.mp4 1/3"


def test_what_is_tried_again_later_does_not_look_like_a_success() -> None:
    line = line_of(delivered(State.PLANNED, "no space"))
    assert line == "try later  whatsapp   beach.mp4 1/3: no space"


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Refused(BEACH, "beach.mp4 is empty"), "refused    beach.mp4 is empty"),
        (Postponed(BEACH, "still growing"), "later      beach.mp4: still growing"),
        (Repeated(BEACH, Path("inbox/a.mp4")), "known      beach.mp4: the same as inbox/a.mp4"),
        (Blocked("whatsapp", "no phone"), "blocked    whatsapp: no phone"),
        (Stopped("instagram", 3, "log in"), "stopped    instagram: log in"),
        (Held("instagram", 2, "quiet hours", None), "held       2 stories for instagram: quiet hours"),
    ],
)
def test_whatever_does_not_go_out_is_told_with_its_reason(event: Event, line: str) -> None:
    assert line_of(event) == line


@pytest.mark.parametrize(
    "event",
    [
        Scanned(1, 1, 0),
        Taken(BEACH),
        Due(1, 2.0),
        Reformatting(BEACH, 1, 1, 0.5),
        Reformatted(BEACH, 1, 1, "transcode", 5, cached=False),
    ],
)
def test_progress_is_no_line(event: Event) -> None:
    assert line_of(event) is None


def test_a_quiet_observer_tells_of_problems_only() -> None:
    told: list[str] = []
    observe = Problems(told.append)
    for event in (
        delivered(State.OFFERED),
        Postponed(BEACH, "still growing"),
        Repeated(BEACH, BEACH),
        delivered(State.FAILED, "too long"),
        Refused(BEACH, "empty"),
    ):
        observe(event)
    assert [line.split()[0] for line in told] == ["failed", "refused"]


def test_many_problems_are_still_a_short_mail() -> None:
    told: list[str] = []
    observe = Problems(told.append)
    for _ in range(MOST_PROBLEMS + 180):
        observe(Refused(BEACH, "empty"))
    observe.end()
    assert (len(told), told[-1]) == (MOST_PROBLEMS + 1, "… and 180 more")


def test_an_observer_that_is_not_quiet_tells_everything() -> None:
    told: list[str] = []
    observe = in_lines(told.append)
    observe(delivered(State.OFFERED))
    observe(Postponed(BEACH, "still growing"))
    assert len(told) == 2


def test_waiting_is_told_with_its_end() -> None:
    until = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    line = line_of(Waiting("instagram", until, "a pause between two stories"))
    assert line
    assert line.startswith("waiting    instagram: a pause between two stories; goes on at ")
    held = line_of(Held("instagram", 1, "10 stories in 24 hours", until))
    assert held
    assert held.startswith("held       1 story for instagram: 10 stories in 24 hours; next at ")


def test_only_what_is_new_trouble_with_an_account_is_a_problem() -> None:
    told: list[str] = []
    observe = Problems(told.append)
    looked = (7, BEACH, "instagram", 1, 3, State.UNKNOWN)
    observe(Held("instagram", 1, "stopped: log in", None))
    observe(Waiting("instagram", datetime(2026, 11, 23, 18, 0, tzinfo=UTC), "a pause"))
    observe(Looked(*looked, reason="too early to tell; a later run looks again"))
    assert told == []
    observe(Looked(*looked, reason="several stories there might be it", needs_person=True))
    observe(Stopped("instagram", 1, "log in"))
    assert told == [
        "looked     instagram  beach.mp4 1/3: several stories there might be it. Next: storyrelay show 7",
        "stopped    instagram: log in",
    ]


def test_a_message_is_told_and_one_that_did_not_get_out_is_a_problem() -> None:
    told: list[str] = []
    observe = Problems(told.append)
    observe(Notified("storyrelay: 1 story ready for your Send"))
    observe(delivered(State.SKIPPED, "you skipped it at whatsapp"))
    observe(Unheard("notify.urls[0] (ntfy)", "no answer within 10 s"))
    assert told == ["unheard    notify.urls[0] (ntfy): no answer within 10 s"]
    assert line_of(Notified("1 story ready")) == "told you   1 story ready"


def test_a_story_that_was_found_is_told_with_its_number() -> None:
    found = Looked(7, BEACH, "instagram", 1, 1, State.PUBLISHED, external_id="31")
    assert line_of(found) == "looked     instagram  beach.mp4: it is live (31)"

"""How long a watching service rests between two runs."""

from __future__ import annotations

import pytest

from pipeline.plan.awaiting import LEAST_S, rest_s


@pytest.mark.parametrize(
    ("due_in_s", "unsettled", "rests_s"),
    [
        (None, 0, 900),
        (60.0, 0, 60),
        (4000.0, 0, 900),
        (-5.0, 0, 900),  # no phone is there: it was tried just now
        (0.2, 0, LEAST_S),
        (None, 1, 2),
        (None, 3, 8),
        (None, 500, 900),  # a file that is never finished
        (5.0, 3, 5),
    ],
)
def test_it_rests_until_something_may_have_changed(
    due_in_s: float | None, unsettled: int, rests_s: float
) -> None:
    assert rest_s(900, due_in_s, unsettled, 2) == rests_s

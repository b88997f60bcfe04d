"""A run, top to bottom: what the person said, what is new, what is due. Read `course` first.

The only place that wires parts. What is needed to carry out an answer is imported without all the stages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.tools.later import imported_later

if TYPE_CHECKING:
    from pipeline.run.answering import answer, look_again
    from pipeline.run.course import plan, run
    from pipeline.run.trip import Request

__all__ = ["Request", "answer", "look_again", "plan", "run"]

__getattr__ = imported_later(
    __name__,
    {
        "Request": "trip",
        "answer": "answering",
        "look_again": "answering",
        "plan": "course",
        "run": "course",
    },
)

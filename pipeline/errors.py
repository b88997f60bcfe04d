"""The tree of failures; each knows its exit code and whether the act may be repeated.

StoryrelayError                1  a bug, when nothing below fits
├── ConfigError                2  the config or the command line; nothing was done
├── AssetError                 3  one file can't become a story; the others go on
│   ├── UnreadableError           damaged, or not a photo, animation or video
│   │   └── CutShortError         its end is missing; perhaps it's still being copied
│   ├── TooLargeError             more pixels than can be decoded safely
│   ├── SidecarError              its sidecar has mistakes
│   ├── LayoutError               what is to be drawn on it doesn't fit, or can't be written
│   ├── NotCarriedError           a destination's way can't carry what matters about it
│   └── RenderError               it couldn't be reformatted
│       ├── BudgetError           no quality fits the byte limit; names the setting that would help
│       └── VerificationError     the result isn't what the recipe promised
├── NotReadyError              0  still being written; a later run takes it
├── DeliveryError              3  one hand-off or post went wrong
│   ├── TryAgain                  nothing happened; safe to repeat later
│   ├── Rejected                  never repeat
│   ├── NeedsPerson            4  parked until a person acts
│   └── OutcomeUnknown         4  it may be live; never repeated blindly
├── LockedError                5  another run holds the lock
├── EnvironmentFault           6  a missing tool, a full disk, a damaged or newer ledger
│   └── FarmAway                  the farm can't be used now: what it should make waits
└── Interrupted          130/143  a signal asked to stop
"""

from __future__ import annotations

from datetime import datetime


class StoryrelayError(Exception):
    """Any failure that this program knows by name. The message says what, to which file, and what to do."""

    exit_code = 1


class ConfigError(StoryrelayError):
    """The config or the command line can't be used; `problems` holds every mistake, one line each."""

    exit_code = 2

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class AssetError(StoryrelayError):
    """One file can't become a story."""

    exit_code = 3


class UnreadableError(AssetError):
    """The file is damaged, or is no photo, animation or video."""


class CutShortError(UnreadableError):
    """The file's end is missing: it is damaged, or still being copied."""


class TooLargeError(AssetError):
    """The picture has more pixels than can be decoded safely."""


class SidecarError(AssetError):
    """The sidecar has mistakes; the message lists all of them with file and line."""


class LayoutError(AssetError):
    """Words that are to be drawn don't fit at a readable size, or no font has their letters."""


class NotCarriedError(AssetError):
    """A destination's way can't carry what matters about a story, such as who may see it."""


class RenderError(AssetError):
    """The asset couldn't be reformatted."""


class BudgetError(RenderError):
    """No acceptable quality fits the byte limit; the message names the setting that would help."""


class VerificationError(RenderError):
    """The result of a render isn't what its recipe promised."""


class NotReadyError(StoryrelayError):
    """The file is still being written; a later run takes it."""

    exit_code = 0


class DeliveryError(StoryrelayError):
    """A hand-off or a post went wrong; the subclass answers "may I repeat?".

    `rest_until` (UTC) is set where the whole destination must be left alone until then.
    """

    exit_code = 3

    def __init__(self, reason: str, *, rest_until: datetime | None = None) -> None:
        self.rest_until = rest_until
        super().__init__(reason)


class TryAgain(DeliveryError):
    """Nothing happened at the destination: safe to repeat, not before `not_before` (UTC)."""

    def __init__(
        self, reason: str, not_before: datetime | None = None, *, rest_until: datetime | None = None
    ) -> None:
        self.not_before = not_before
        super().__init__(reason, rest_until=rest_until)


class Rejected(DeliveryError):
    """The destination refused this story for good."""


class NeedsPerson(DeliveryError):
    """A person is needed (login, challenge, phone); parked until then.

    `everything` says that nothing else can go to that destination either, as with a dead session.
    """

    exit_code = 4

    def __init__(self, reason: str, *, everything: bool = False) -> None:
        self.everything = everything
        super().__init__(reason)


class OutcomeUnknown(DeliveryError):
    """It may be live. Only looking, or a person, can settle it."""

    exit_code = 4


class LockedError(StoryrelayError):
    """Another run holds the lock."""

    exit_code = 5


class EnvironmentFault(StoryrelayError):
    """The machine isn't fit: a tool is missing, the disk is full, the ledger is damaged or newer."""

    exit_code = 6


class FarmAway(EnvironmentFault):
    """The farm, or what is shared with it, can't be used now; what it should make waits for another run."""


class Interrupted(StoryrelayError):
    """A signal asked to stop; the exit code is 128 + its number."""

    def __init__(self, signum: int) -> None:
        self.exit_code = 128 + signum
        super().__init__(f"stopped by signal {signum}")

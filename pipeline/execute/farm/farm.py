"""Renditions made by workers: assets go to the share, orders to the scheduler, results into our own store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline import errors
from pipeline.errors import AssetError, FarmAway, Interrupted, NotReadyError, RenderError
from pipeline.execute.farm.letters import Answer, Letter, files_of, opened_answer, sealed, slim
from pipeline.execute.farm.likeness import differences, likeness
from pipeline.execute.farm.line import Line
from pipeline.execute.farm.share import ASSETS, RENDITIONS, Share
from pipeline.model import Rendition
from pipeline.reformat import Bench, Order, made_elsewhere, rendition_key
from pipeline.tools.clock import monotonic_s
from pipeline.tools.files import sha256_of

POLL_S = 0.2
SIGINT = 2
ROUNDS = 10
"""How often what killed four workers is given to others: 20 random deaths had blamed two videos with 3."""
DAMAGES = 2
"""How often a file in the share that isn't what it should be is replaced."""
SILENCE_MINUTES = 10
"""With thrice `limits.encode_minutes`: longer than any order takes."""


@dataclass(slots=True)
class Farm:
    """Workers at the end of a line; `fault` says why nothing more is expected of them in this run.

    `under_way` are the orders out, the oldest first: those that the slots work on.
    """

    share: Share
    line: Line
    scratch: Path
    out_of_time: Callable[[], bool]
    fault: FarmAway | None = None
    under_way: dict[str, None] = field(default_factory=dict)
    answered_s: float = field(default_factory=monotonic_s)
    bringing: dict[str, threading.Lock] = field(default_factory=dict)

    def made(self, order: Order, bench: Bench) -> Rendition:
        """The result, made by a worker, verified here and kept; as `render` in all that is raised.

        FarmAway only ends what waits for the farm: the story is as it was. NotReadyError when the time
        was over before a worker had begun.
        """
        key = rendition_key(order)
        return made_elsewhere(order, bench, lambda target: self._bring(order, bench, key, target))

    def close(self) -> None:
        """Nothing is waited for any more."""
        self.line.close()

    def tidy(self, assets: Collection[str], renditions: Collection[str], before: datetime) -> None:
        """Remove what was laid into the share before a moment and isn't needed, half files too."""
        tidied(self.share, assets, renditions, before)

    def _bring(self, order: Order, bench: Bench, key: str, target: Path) -> None:
        for _ in range(DAMAGES + 1):
            told = self.share.rendition(key) or self._ordered(order, bench, key)
            if self._fetched(told, target):
                return
            self.share.remove(RENDITIONS, f"{key}.json")
        raise self._given_up(f"renditions in the share {self.share.address} aren't what was laid there")

    def _fetched(self, told: Rendition, target: Path) -> bool:
        return self.share.get(f"{RENDITIONS}/{told.path.name}", target) and sha256_of(target) == told.sha256

    def _ordered(self, order: Order, bench: Bench, key: str) -> Rendition:
        """Made by a worker just now."""
        for _ in range(DAMAGES + 1):
            files = self._laid(order)
            answer = self._answered(_letter(order, bench, key, files, self.share.address), key, bench)
            if answer.likeness:
                what = differences(likeness(), answer.likeness)
                raise self._given_up(
                    f"the worker on {answer.by} has {what}: both must have the same, or bytes differ"
                )
            if answer.failed is not None:
                raise _as_raised(answer)
            if answer.rendition is not None:
                return answer.rendition
            self._replace(answer.damaged or "", files)
        raise self._given_up(f"files in the share {self.share.address} aren't what was laid there")

    def _laid(self, order: Order) -> dict[str, str]:
        """All that the order needs lies in the share: each file's SHA-256, by its path here."""
        files: dict[str, str] = {}
        for path, known in files_of(slim(order)).items():
            files[path] = sha256 = known or sha256_of(Path(path))
            with self.bringing.setdefault(sha256, threading.Lock()):
                if self.share.size(f"{ASSETS}/{sha256}") is None:
                    self.share.put(Path(path), f"{ASSETS}/{sha256}")
        return files

    def _replace(self, damaged: str, files: Mapping[str, str]) -> None:
        """Take a file out of the share that isn't what its name says; its source may have changed."""
        self.share.remove(ASSETS, damaged)
        for path in (path for path, sha256 in files.items() if sha256 == damaged):
            if sha256_of(Path(path)) != damaged:
                raise RenderError(
                    f"{path} was changed since it was found; the next run takes it as it is then"
                )

    def _answered(self, letter: str, key: str, bench: Bench) -> Answer:
        for _ in range(ROUNDS):
            self._check(bench)
            with self._out(key):
                answer = self._awaited(self.line.submit(letter), key, bench)
            if answer is not None:
                self.answered_s = monotonic_s()
                return answer
        raise RenderError(
            f"every worker that worked on it died of it, {ROUNDS} × 4 of them; when they weren't stopped for "
            "another reason, raise `limits.child_memory_mb` or their memory, then: storyrelay retry FILE"
        )

    def _awaited(self, future: Future[str], key: str, bench: Bench) -> Answer | None:
        """The answer; None when dask has given up, as worker after worker died."""
        try:
            while not wait([future], timeout=POLL_S).done:
                self._check(bench, key)
                self._check_silence(bench)
            return opened_answer(future.result())
        except CancelledError:
            self._check(bench)
            raise self._given_up(self.line.trouble() or "the scheduler dropped what it was given") from None
        except (Interrupted, NotReadyError, FarmAway):
            future.cancel()
            raise
        except Exception as fault:
            if type(fault).__name__ == "KilledWorker":
                return None
            raise self._trouble(fault) from fault

    @contextmanager
    def _out(self, key: str) -> Iterator[None]:
        self.under_way[key] = None
        try:
            yield
        finally:
            self.under_way.pop(key, None)

    def _check(self, bench: Bench, key: str | None = None) -> None:
        """Raise what ends the waiting. Out of time, only what the slots work on is waited for."""
        if bench.stop and bench.stop():
            raise Interrupted(SIGINT)
        if self.fault is not None:
            raise self.fault
        trouble = self.line.trouble()
        if trouble is not None:
            raise self._given_up(trouble)
        if self.out_of_time() and (key is None or list(self.under_way).index(key) >= self.line.slots):
            raise NotReadyError("its time was over before a worker had begun")

    def _check_silence(self, bench: Bench) -> None:
        patience_s = 60 * (3 * bench.encode_minutes + SILENCE_MINUTES)
        if monotonic_s() - self.answered_s > patience_s:
            raise self._given_up(
                f"no worker of {self.line.address} has answered for {patience_s / 60:.0f} minutes"
            )

    def _given_up(self, why: str) -> FarmAway:
        """The first reason counts for all that is still out."""
        if self.fault is None:
            self.fault = FarmAway(why)
        return self.fault

    def _trouble(self, fault: Exception) -> FarmAway:
        """One order's, that may go better next time: a worker's full disk."""
        if isinstance(fault, ImportError):
            return self._given_up(f"a worker of {self.line.address} has no storyrelay[farm]: {fault}")
        return FarmAway(f"a worker couldn't do it: {fault or type(fault).__name__}")


def tidied(share: Share, assets: Collection[str], renditions: Collection[str], before: datetime) -> None:
    """What `Farm.tidy` does."""
    for folder, needed in ((ASSETS, assets), (RENDITIONS, renditions)):
        for name in list(share.older_than(folder, before)):
            if name.partition(".")[0] not in needed:
                share.remove(folder, name)


def _letter(order: Order, bench: Bench, key: str, files: Mapping[str, str], share: str) -> str:
    return sealed(
        Letter(
            order=slim(order),
            files=files,
            key=key,
            share=share,
            threads=bench.threads,
            encode_minutes=bench.encode_minutes,
            child_memory_mb=bench.child_memory_mb,
            likeness=likeness(),
        )
    )


def _as_raised(answer: Answer) -> AssetError:
    """The failure as it would have been raised here."""
    kind = getattr(errors, answer.failed or "", RenderError)
    return kind(answer.words) if issubclass(kind, AssetError) else RenderError(answer.words)

"""A worker of a farm: one process for each slot, so that what dies of an asset takes no other with it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import FarmAway
from pipeline.execute.farm.line import CONNECT_S, quiet, unreachable
from pipeline.execute.farm.share import INSTALL

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
START_S = 20
CLOSE_S = 10
THEIR_LOG = "DASK_LOGGING__DISTRIBUTED"
LOOK_AGAIN_S = 0.5
RECOVERY_LOOKS = 20
ENDED = frozenset({"Status.closed", "Status.failed"})
HOME_AGAIN = "dask scheduler, there; then this again"


@dataclass(frozen=True, slots=True)
class Post:
    """Where one works: a scheduler, how many at once, and the folder for what is only needed meanwhile."""

    address: str
    slots: int
    scratch: Path | None = None


def serve(post: Post, say: Callable[[str], None]) -> None:
    """Work until SIGTERM or SIGINT; what is under way then is given back, and done elsewhere.

    Raises FarmAway when the scheduler can't be reached, or is lost.
    """
    os.environ[THEIR_LOG] = "critical"  # for the processes of the slots: we say ourselves what happened
    quiet()
    try:
        import distributed
    except ImportError:
        raise FarmAway(f"storyrelay[farm] isn't installed. Next: {INSTALL}") from None
    asyncio.run(_serve(post, say, distributed))


async def _serve(post: Post, say: Callable[[str], None], dask: Any) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    await _reach(post.address)
    nannies: dict[int, Any] = {}
    slots = [asyncio.ensure_future(_slot(post, number, nannies, dask)) for number in range(post.slots)]
    stopped = asyncio.ensure_future(stop.wait())
    say(f"working for {post.address}, {post.slots} at once; SIGTERM or Ctrl-C ends it")
    await asyncio.wait([stopped, *slots], return_when=asyncio.FIRST_COMPLETED)
    for slot in slots:
        slot.cancel()
    if stop.is_set():
        say("giving back what is under way")
        await _give_back(post.address, list(nannies.values()), dask)
    await _close(list(nannies.values()))
    if not stop.is_set():
        raise FarmAway(f"the scheduler {post.address} was lost. Next: {HOME_AGAIN}")


async def _slot(post: Post, number: int, nannies: dict[int, Any], dask: Any) -> None:
    """Keep one process at work as long as the scheduler is there: dask leaves one alone that dies early."""
    while True:
        nannies[number] = nanny = dask.Nanny(post.address, **_means(post, number))
        with suppress(Exception):
            await asyncio.wait_for(nanny, START_S)
        while await _is_well(nanny):  # noqa: ASYNC110 - no event tells of a process that was killed
            await asyncio.sleep(LOOK_AGAIN_S)
        await _close([nanny])
        await _reach(post.address)


async def _is_well(nanny: Any) -> bool:
    """Whether it has a process at work, or gets one within a while."""
    for _ in range(RECOVERY_LOOKS):
        process = nanny.process
        if process is not None and str(process.status) == "Status.running" and process.is_alive():
            return True
        if str(nanny.status) in ENDED:
            return False
        await asyncio.sleep(LOOK_AGAIN_S)
    return False


def _means(post: Post, number: int) -> dict[str, Any]:
    """No limit on memory here: each child has its own, by the order."""
    host = urlsplit(post.address).hostname or ""
    return {
        "nthreads": 1,
        "name": f"{os.uname().nodename}-{os.getpid()}-{number}",
        "memory_limit": 0,
        "death_timeout": CONNECT_S,
        "dashboard": False,
        "host": "127.0.0.1" if host in HERE else None,
        "local_directory": str(post.scratch) if post.scratch else None,
    }


async def _reach(address: str) -> None:
    from distributed.comm.core import connect
    from distributed.security import Security

    try:
        arguments = Security().get_connection_args("worker")
        comm = await connect(address, timeout=CONNECT_S, **arguments)
    except Exception as fault:
        raise FarmAway(f"{unreachable(address)}. Next: {HOME_AGAIN}") from fault
    await comm.close()


async def _give_back(address: str, nannies: Sequence[Any], dask: Any) -> None:
    """Whoever leaves like this isn't taken for one that the work has killed."""
    with suppress(Exception):
        ours = [nanny.worker_address for nanny in nannies if nanny.worker_address]
        scheduler = dask.rpc(address)
        try:
            await asyncio.wait_for(scheduler.retire_workers(workers=ours, remove=True), CLOSE_S)
        finally:
            await scheduler.close_rpc()


async def _close(nannies: Sequence[Any]) -> None:
    with suppress(Exception):
        await asyncio.wait_for(
            asyncio.gather(*(nanny.close(timeout=CLOSE_S) for nanny in nannies), return_exceptions=True),
            2 * CLOSE_S,
        )

"""The same counting on a Dask cluster: a file's bytes go to a worker, its result comes back.

Dask is the optional extra `cluster`. Workers need the same Doorstep and no files of their own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from .command import ClusterError
from .many import Job, Runner, Told, count_one, refused

SECONDS_TO_ANSWER = 10
IN_HAND = 2  # files at each thread of a worker: one that it counts, one that is on its way


def on_cluster(address: str) -> Runner:
    """A runner on the Dask scheduler at an address.

    Raises ClusterError as `connect` does, and while counting where the cluster is lost.
    """
    client = connect(address)
    import distributed

    def run(jobs: Sequence[Job]) -> Iterator[tuple[int, Told]]:
        try:
            yield from _handed_out(client, distributed.as_completed, jobs)
        finally:
            client.close()

    return run


def connect(address: str) -> Any:
    """A client of the Dask scheduler at an address such as tcp://10.0.0.5:8786; close it.

    Raises ClusterError where Dask is not installed, nobody answers at the address or no worker
    is there.
    """
    try:
        import distributed
    except ImportError:
        raise ClusterError(
            "--dask needs Dask, which is not installed: pip install 'doorstep[cluster]'."
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    connected: Any = distributed.Client  # Dask's calls have no types
    try:
        client = connected(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError, TypeError):
        raise ClusterError(
            f"no Dask scheduler answers at {address}: check the address, such as "
            "tcp://127.0.0.1:8786, and that dask scheduler runs there."
        ) from None
    if not client.nthreads():
        client.close()
        raise ClusterError(f"the Dask scheduler at {address} has no workers: start some first.")
    return client


def _handed_out(client: Any, as_completed: Any, jobs: Sequence[Job]) -> Iterator[tuple[int, Told]]:
    """A few files at a time, so that the bytes of a library never lie in memory all at once."""
    order = iter(enumerate(jobs))
    place: dict[Any, int] = {}
    unreadable: list[tuple[int, Told]] = []

    def handed_out(how_many: int) -> list[Any]:
        """The next files as they are sent, passing over those that cannot be read here."""
        futures: list[Any] = []
        for position, job in order:
            try:
                data = job.path.read_bytes()
            except OSError as error:
                unreadable.append((position, refused(job, f"cannot be read ({error.strerror})")))
                continue
            futures.append(client.submit(count_one, job, data, pure=False))
            place[futures[-1].key] = position
            if len(futures) == how_many:
                break
        return futures

    under_way = handed_out(IN_HAND * sum(client.nthreads().values()))
    if under_way:
        completed = as_completed(under_way, loop=client.loop)
        under_way.clear()  # a future that is held keeps its result on the cluster
        for future in completed:
            position = place.pop(future.key)
            yield position, _told(jobs[position], future)
            completed.update(handed_out(1))
    yield from unreadable


def _told(job: Job, future: Any) -> Told:
    if future.status == "finished":
        told: Told = future.result()
        return told
    error = future.exception() if future.status == "error" else None
    if isinstance(error, ImportError):
        raise ClusterError(f"the workers cannot count ({error}): install this Doorstep there.")
    if error is None:
        raise ClusterError("the cluster was lost while it counted: run the same again to go on.")
    return refused(job, f"the cluster could not count it ({type(error).__name__})")

"""A crew of worker processes, by dask.distributed: here, or of a cluster that runs.

A partition whose worker dies is computed again by another one; nothing of the others is
lost, for a partition changes nothing but its own answer.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from typing import Any, Final

import pyarrow as pa

from api.check.batch.overlap_table import Crew, PartitionWork, in_this_process, partition_overlaps
from geo.errors import InputError

_RETRIES: Final = 3


class ClusterExtraError(InputError):
    """The optional packages for clusters are not installed."""

    code = "api.cluster.extra"


class ClusterAddressError(InputError):
    """No scheduler answers there. Params: ``address``."""

    code = "api.cluster.address"


def crew_of(scheduler: str | None, workers: int) -> AbstractContextManager[Crew]:
    """Return who computes: a cluster, processes of this machine, or this process alone."""
    if scheduler is not None:
        return remote_crew(scheduler)
    return local_crew(workers) if workers else nullcontext(in_this_process(os.cpu_count() or 1))


@contextmanager
def local_crew(workers: int) -> Iterator[Crew]:
    """Yield a crew of some processes on this machine, stopped at the end."""
    dask = _run_distributed()
    cluster = dask.LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    )
    with cluster, dask.Client(cluster) as client:
        yield _crew(client, workers)


@contextmanager
def remote_crew(address: str) -> Iterator[Crew]:
    """Yield the workers of a cluster; they must see the same files under the same paths.

    Raises
    ------
    ClusterAddressError
        No scheduler answers at the address.
    """
    dask = _run_distributed()
    try:
        client = dask.Client(address, timeout="10s")
    except (OSError, ValueError) as exc:
        raise ClusterAddressError(address=address) from exc
    with client:
        yield _crew(client, max(len(client.scheduler_info()["workers"]), 1))


def _crew(client: Any, workers: int) -> Crew:  # noqa: ANN401 - an optional package
    def run(works: Iterable[PartitionWork]) -> Iterator[pa.Table]:
        futures = client.map(partition_overlaps, list(works), retries=_RETRIES, pure=False)
        while futures:
            # In order, and let go of: answers do not pile up on the workers.
            yield futures.pop(0).result()

    return Crew(run=run, workers=workers, threads=1)


def _run_distributed() -> Any:  # noqa: ANN401 - an optional package
    try:
        return import_module("distributed")
    except ImportError as exc:
        raise ClusterExtraError from exc

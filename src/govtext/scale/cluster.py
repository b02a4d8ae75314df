"""Tasks on a Dask cluster: its scheduler gives them to workers, and gives those of a lost worker to others (集群)."""

from __future__ import annotations

import importlib
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from govtext.errors import ClusterError, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from govtext.scale.running import Execute, Task

PATIENCE = 10  # seconds to wait for the scheduler
RETRIES = 3  # of a task whose worker was lost
GO_ON = "start it again with the same command: what is done is kept"


@contextmanager
def on_cluster(address: str) -> Iterator[Execute]:
    """Give what executes tasks on a Dask cluster (在集群上执行).

    Only names of files and paths travel. Every worker must have the same release of govtext, and reach the files and
    the store under the same paths.

    Args:
        address: of the scheduler, such as tcp://127.0.0.1:8786.

    Raises:
        OptionError: Dask is not installed.
        ClusterError: the scheduler cannot be reached, or is lost on the way.
    """
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        remedy = "pip install 'govtext[cluster]', or leave out --scheduler"
        raise OptionError("Dask is not installed", where=address, remedy=remedy) from error
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        remedy = "start one with `dask scheduler`, and check the address"
        raise ClusterError("the scheduler cannot be reached", where=address, remedy=remedy) from error

    def execute(function: Callable[..., str], tasks: Sequence[Task]) -> Iterable[str]:
        if not client.scheduler_info()["workers"]:
            remedy = f"start some with `dask worker {address}`"
            raise ClusterError("the cluster has no worker", where=address, remedy=remedy)
        lost = (distributed.client.FutureCancelledError, distributed.comm.CommClosedError, OSError)
        try:
            futures = client.map(function, *zip(*tasks, strict=True), pure=False, retries=RETRIES)
            for future in distributed.as_completed(futures, loop=client.loop):
                yield future.result()
        except distributed.scheduler.KilledWorker as error:
            what = f"a task has lost its worker {RETRIES} times ({error.task})"
            raise ClusterError(what, where=address, remedy=f"look at the memory of the workers; {GO_ON}") from error
        except lost as error:
            logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # it tells the same in many lines
            raise ClusterError("the scheduler is gone", where=address, remedy=GO_ON) from error

    try:
        yield execute
    finally:
        client.close(timeout=2)

"""The same maps under Spark: `mapInArrow` runs the tasks that joblib or Dask run elsewhere (Spark 做法).

usage: python benchmarks/spark.py FOLDER STORE [MASTER]

Counts the files of FOLDER with partial results in STORE, a folder or fsspec address that every executor reaches, and
prints the totals, a digest of all that was found, and the time. MASTER is local[2] by default. Needs pyspark and Java
17; on a cluster govtext must be installed on every executor. Only names of files travel through Spark.
"""

import hashlib
import json
import os
import pickle
import sys
import time

import govtext as gt
from govtext import scale
from govtext.corpus import expand


def with_spark(session):
    """Return what executes tasks as the rows of a DataFrame, one partition a task."""

    def execute(function, tasks):
        rows = [(pickle.dumps((function, task)),) for task in tasks]  # of this program, for its own executors

        def run(batches):
            import pyarrow as pa

            for batch in batches:
                done = []
                for row in batch.column(0):
                    call, arguments = pickle.loads(row.as_py())  # noqa: S301
                    done.append(str(call(*arguments)))
                yield pa.RecordBatch.from_pydict({"done": done})

        frame = session.createDataFrame(rows, "task binary").repartition(len(rows))
        yield from (row.done for row in frame.mapInArrow(run, "done string").toLocalIterator())

    return execute


def digest(found):
    """A digest of everything that was found."""
    whole = hashlib.sha256(json.dumps([found.counts.terms, found.counts.table.tolist(), found.counts.totals]).encode())
    for columns, values in found.matrix_rows():
        whole.update(columns.tobytes() + values.astype("int64").tobytes())
    for part in found.keywords():
        whole.update(repr(part).encode())
    for column in found.edges():
        whole.update(column.tobytes())
    return whole.hexdigest()


def counted(folder, store, execute):
    began = time.perf_counter()
    totals = scale.count_corpus(
        expand([folder]), scale.Store(store), settings=scale.Settings(), lexicon=gt.Lexicon.default(), execute=execute
    )
    seconds = time.perf_counter() - began
    found = scale.Found(totals)
    return {"seconds": round(seconds, 1), "totals": found.counts.totals, "digest": digest(found)[:16]}


if __name__ == "__main__":
    folder, store, master = sys.argv[1], sys.argv[2], (sys.argv[3:] or ["local[2]"])[0]
    if master == "joblib":  # the same without Spark, to compare
        print(json.dumps(counted(folder, store, scale.with_joblib(2)) | {"load": os.getloadavg()[0]}))
        sys.exit()
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else the executors take another Python of the machine
    builder = SparkSession.builder.master(master).appName("govtext")
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    session = builder.config("spark.ui.enabled", "false").config("spark.driver.memory", "1g").getOrCreate()
    print(json.dumps(counted(folder, store, with_spark(session)) | {"load": os.getloadavg()[0]}))
    session.stop()

"""The rebuild on Spark: touches that share no chain of keys never meet, so each such group is concluded by itself.

1. Every touch is read and gives its keys (`mapInPandas`). 2. Touches that share a key are tied, and what is tied makes
a group. 3. `core.history.conclude` runs on each group (`applyInPandas`), in the order
of the ledger. The answer is that of one machine, touch by touch.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from threadline.config.rebuild.history import TOUCHES, read_known, read_models, touch_of
from threadline.core.history import Known, Models, conclude, links
from threadline.core.understanding.encoder import encoder_named
from threadline.lib.errors import ThreadlineError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

KEYS = "id long, key string"
ANSWER = "touch long, customer long, journey long, confidence double, reason string"
Numbers = NDArray[np.int64]


def rebuild(folder: Path, target: Path, *, encoder: str, master: str = "local[*]") -> None:
    """Read the history in `folder`, write the answer as Parquet into the folder `target`.

    Args:
        encoder: the name of an encoder as in the settings, or empty for none.
        master: where Spark runs; what `spark.master` means to Spark.
    Raises:
        ThreadlineError: PySpark or Java is missing.
    """
    spark = session(master)
    try:
        known = read_known(folder)
        touches = spark.read.parquet(str(folder / TOUCHES))
        groups = grouped(spark, touches, known)
        answer = (
            touches.join(groups, "id")
            .groupBy("story_of")
            .applyInPandas(lambda group: concluded(group, known, str(folder), encoder), ANSWER)
        )
        shutil.rmtree(target, ignore_errors=True)
        answer.write.parquet(str(target))
    finally:
        spark.stop()


def session(master: str) -> "SparkSession":
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ThreadlineError(
            "PySpark is not installed. Install it with `.venv/bin/pip install 'threadline[spark]'`, or rebuild "
            "on this machine alone with `--on here`."
        ) from error
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise ThreadlineError("Spark needs Java 17 and there is none. Install it (Debian: openjdk-17-jre-headless).")
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    quiet = {"spark.ui.enabled": "false", "spark.sql.session.timeZone": "UTC", "spark.log.level": "ERROR"}
    local = {"spark.sql.shuffle.partitions": "8", "spark.driver.bindAddress": "127.0.0.1"} if "local" in master else {}
    builder: Any = SparkSession.builder
    builder = builder.appName("threadline rebuild").master(master)
    for name, value in {**quiet, **local}.items():
        builder = builder.config(name, value)
    found: SparkSession = builder.getOrCreate()
    return found


def grouped(spark: "SparkSession", touches: "DataFrame", known: Known) -> "DataFrame":
    """Touch (`id`) to the number of its group (`story_of`).

    The ties come back to the driver, 16 bytes each: Splink's own components on Spark rejoin their history at every
    round and ran out of memory on 2,339 touches, where this takes a second.
    """
    from pyspark.sql import functions as F

    keyed = touches.mapInPandas(lambda batches: keys(batches, known), KEYS).cache()
    first = keyed.groupBy("key").agg(F.min("id").alias("first"))
    tied = keyed.join(first, "key").where("id <> first").select("first", "id").distinct().toArrow()
    numbers = touches.select("id").toArrow()["id"].to_numpy()
    ends = [
        np.concatenate([tied[name].to_numpy(), said]) for name, said in zip(("first", "id"), merged(known), strict=True)
    ]
    groups = components(np.sort(numbers), *ends)
    return spark.createDataFrame(pa.table({"id": np.sort(numbers), "story_of": groups}))


def merged(known: Known) -> tuple[Numbers, Numbers]:
    """The first touches of the people who, a human said, are one."""
    pairs = np.array([(one, other) for _after, one, other in known.merges], np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def components(numbers: Numbers, left: Numbers, right: Numbers) -> Numbers:
    """The group of each number (sorted), where pairs of `left` and `right` belong together."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    rows, columns = np.searchsorted(numbers, left), np.searchsorted(numbers, right)
    ties = coo_matrix((np.ones(len(rows), np.int8), (rows, columns)), shape=(len(numbers), len(numbers)))
    found: Numbers = connected_components(ties, directed=False)[1].astype(np.int64)
    return found


def keys(batches: Iterator[Any], known: Known) -> Iterator[Any]:
    """Runs on a worker: a frame of touches becomes a frame of their keys."""
    import pandas as pd

    for batch in batches:
        found = links([touch_of(row) for row in batch.to_dict("records")], known)
        rows = [(touch, f"{scheme}:{value}") for touch, (scheme, value) in found]
        yield pd.DataFrame(rows, columns=["id", "key"])


def concluded(group: Any, known: Known, folder: str, encoder: str) -> Any:
    """Runs on a worker: all touches of one group, in the order of the ledger."""
    import pandas as pd

    touches = [touch_of(row) for row in group.sort_values("id").to_dict("records")]
    found = conclude(touches, known, worker_models(folder, encoder))
    rows = [(one.touch, one.customer, one.journey, one.confidence, one.reason) for one in found]
    frame = pd.DataFrame(rows, columns=["touch", "customer", "journey", "confidence", "reason"])
    return frame.astype({"customer": "Int64", "journey": "Int64"})


@cache
def worker_models(folder: str, encoder: str) -> Models:
    """Read once by each worker, which sees the same folder as the driver."""
    return read_models(Path(folder), encoder_named(encoder) if encoder else None)

"""A real Spark with Delta, and the notebook's load in it: the open-source file
source in the place of cloudFiles, which only Databricks has."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.functions import current_date, lit

from lab import COLUMNS


def session(jars, warehouse, settings={}):
    jars = ",".join(str(jar) for jar in sorted(Path(jars).glob("*.jar")))
    spark = (SparkSession.builder.master("local[2]").appName("interop")
             .config("spark.jars", jars)
             .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
             .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
             .config("spark.sql.warehouse.dir", str(warehouse))
             .config("spark.sql.session.timeZone", "UTC")
             .config("spark.sql.shuffle.partitions", "2")
             .config("spark.databricks.delta.snapshotPartitions", "2")
             .config("spark.ui.enabled", "false")
             .config("spark.ui.showConsoleProgress", "false")
             # The quick compiler alone: these sessions are too short for the other to pay.
             .config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC -XX:TieredStopAtLevel=1")
             .config(map=settings)
             .getOrCreate())
    spark.sparkContext.setLogLevel("OFF")
    return spark


class Run:
    """What one run of the notebook in Spark did."""

    def __init__(self, query, failure):
        self.query_id = str(query.id) if query else None
        # The Java side's JSON is what Spark tells listeners; Python's objects reshape it.
        self.progress = [json.loads(entry.json()) for entry in query._jsq.recentProgress()] if query else []
        self.batches = [int(entry["batchId"]) for entry in self.progress if "addBatch" in entry["durationMs"]]
        self.failure, self.ok = failure, failure is None


# What the file source needs to be told to see files as cloudFiles does: those in
# folders below, and old ones.
HAND_OVER = {"recursiveFileLookup": "true", "maxFileAge": "36500d"}


def load(spark, source, checkpoint, table, columns=COLUMNS, options={}):
    """The notebook's load. table is a path when it has a slash, else a name,
    which is created when it is not there."""
    schema = ", ".join(f"`{column}` string" for column in columns)
    rows = (spark.readStream.format("csv").schema(schema).option("header", "true")
            .options(**HAND_OVER, **options).load(str(source))
            .withColumn("_rescued_data", lit(None).cast("string"))
            .withColumn("fecha_carga", current_date()))
    writer = (rows.writeStream.format("delta").option("checkpointLocation", str(checkpoint))
              .trigger(availableNow=True))
    query, failure = None, None
    try:
        query = writer.start(str(table)) if "/" in str(table) else writer.toTable(str(table))
        query.awaitTermination()
    except PySparkException as error:
        failure = error_class(str(error))
    return Run(query, failure)


def error_class(message):
    """The class that a Spark error names in brackets, or what it says."""
    inner = [name for name in re.findall(r"\[([A-Z][A-Z_.]+)\]", message) if name != "STREAM_FAILED"]
    if inner:
        return inner[-1]
    return message.splitlines()[0][-120:]


def rows(spark, table, version=None):
    """All rows of a Delta table, dates as text."""
    reader = spark.read.format("delta")
    if version is not None:
        reader = reader.option("versionAsOf", version)
    return counted(reader.load(str(table)).collect())


def counted(rows):
    return Counter(tuple(cell.isoformat() if isinstance(cell, date) else cell for cell in row) for row in rows)


def forget(spark):
    """Delta keeps snapshots by path; a table changed by other hands needs a new look."""
    spark._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()


def kill_when(jars, work, source, checkpoint, table, appears):
    """Runs the notebook in a Spark of its own and SIGKILLs that, with its JVM, as
    soon as a file appears."""
    process = subprocess.Popen([sys.executable, __file__, jars, work, source, checkpoint, table],
                               start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not os.path.exists(appears):
        if process.poll() is not None:
            raise RuntimeError(f"Spark ended before {appears} was there")
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


if __name__ == "__main__":
    jars, work, source, checkpoint, table = sys.argv[1:]
    load(session(jars, work), source, checkpoint, table)

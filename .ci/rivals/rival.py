"""One rival in a process of its own: reads CSV files, every column as text, and
writes them as Parquet.

    rival.py NAME SOURCE OUT    once, and ends
    rival.py NAME SOURCE        once for every line of input, a new OUT

NAME is polars, duckdb, spark-delta, spark-parquet or spark-stream. Answers with a line of JSON: seconds by its own clock, without imports and
start-up, and the rows and bytes that it wrote.
"""

import json
import sys
import time
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent


def polars(source):
    import polars
    return lambda out: (polars.scan_csv(f"{source}/*.csv", infer_schema=False)
                        .sink_parquet(f"{out}/all.parquet", compression="zstd", compression_level=1))


def duckdb(source):
    import duckdb
    connection = duckdb.connect(config={"threads": 2})
    return lambda out: connection.execute(f"COPY (SELECT * FROM read_csv('{source}/*.csv', all_varchar = true)) "
                                          f"TO '{out}/all.parquet' (FORMAT parquet, COMPRESSION zstd)")


def spark(source, kind):
    with_delta = session(Path.cwd())
    from spark import COLUMNS, load
    if kind == "stream":  # the notebook's own load
        return lambda out: load(with_delta, source, f"{out}/checkpoint", f"{out}/table")
    schema = ", ".join(f"{column} string" for column in COLUMNS)
    return lambda out: (with_delta.read.schema(schema).option("header", "true").csv(str(source))
                        .write.format(kind).mode("append").save(str(out)))


def session(folder):
    """A Spark as it is that runs all day: all its compilers, memory enough; what it leaves behind stays in folder."""
    sys.path.append(str(HERE.parent / "interop"))
    import spark
    return spark.session(HERE.parent.parent / ".interop" / "jars", folder / "warehouse", {
        "spark.driver.memory": "4g", "spark.driver.maxResultSize": "0", "spark.local.dir": str(folder),
        "spark.driver.extraJavaOptions": f"-Duser.timezone=UTC -Djava.io.tmpdir={folder}"})


RIVALS = {"polars": polars, "duckdb": duckdb}
RIVALS |= {f"spark-{kind}": partial(spark, kind=kind) for kind in ("delta", "parquet", "stream")}


def run(load, out):
    Path(out).mkdir(parents=True)
    began = time.perf_counter()
    load(out)
    seconds = time.perf_counter() - began
    files = [file for file in Path(out).rglob("*.parquet")]
    print(json.dumps({"seconds": seconds, "rows": sum(map(rows_of, files)),
                      "bytes": sum(file.stat().st_size for file in files)}), flush=True)


def rows_of(file):
    from pyarrow import parquet
    return parquet.read_metadata(file).num_rows


def main(name, source, *outs):
    load = RIVALS[name](Path(source))
    for out in outs or map(str.rstrip, sys.stdin):
        run(load, out)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The readers of a table, each with code of its own for Parquet, and the sum
of hashes by which their answers are compared."""

import hashlib
import json
from urllib.parse import unquote

import duckdb
import polars
import pyarrow
from deltalake import DeltaTable, QueryBuilder
from pyarrow import parquet


def readers(spark, table):
    """What each reader makes of the table, by name, as an arrow table."""
    delta = DeltaTable(table)
    return {
        "DuckDB": lambda: by_duckdb(delta),
        "polars": lambda: polars.read_delta(str(table)).to_arrow(),
        "pyarrow": delta.to_pyarrow_table,
        "delta-rs": lambda: by_delta_rs(delta),
        "Spark": lambda: spark.read.format("delta").load(str(table)).toArrow(),
    }


def by_duckdb(delta):
    """DuckDB is given the files that the log names."""
    if not delta.file_uris():
        return pyarrow.schema(delta.schema().to_arrow()).empty_table()
    return duckdb.sql(f"SELECT * FROM read_parquet({delta.file_uris()})").to_arrow_table()


def by_delta_rs(delta):
    return pyarrow.table(QueryBuilder().register("the_table", delta).execute("SELECT * FROM the_table").read_all())


def wrong_statistics(table):
    """Statistics of the log that do not hold for a file's values: readers skip files by them."""
    wrong = []
    for add in adds(table):
        data, stats = parquet.read_table(table / unquote(add["path"])), json.loads(add["stats"])
        if data.num_rows != stats["numRecords"]:
            wrong.append("numRecords")
        for name in data.schema.names[:32]:  # Delta's default: the first columns have statistics
            if not holds(data.column(name), stats["nullCount"].get(name), stats["minValues"].get(name), stats["maxValues"].get(name)):
                wrong.append(name)
    return wrong


def holds(column, nulls, low, high):
    """An upper bound may be missing: there is none above the last character of all."""
    values = [str(cell).encode() for cell in column.to_pylist() if cell is not None]
    bounds = not values or str(low).encode() <= min(values) and (high is None or str(high).encode() >= max(values))
    return nulls == column.null_count and bounds


def adds(table):
    for version in sorted((table / "_delta_log").glob("*.json")):
        for line in version.read_text().splitlines():
            if add := json.loads(line).get("add"):
                yield add


def fingerprint(rows):
    """How many rows, and the sum of the hashes of whole rows: their order does not count, NULL and "" do differ."""
    total = count = 0
    for row in rows:
        text = "".join("~" if cell is None else f"{len(cell)}:{cell}" for cell in row)
        total += int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        count += 1
    return f"{count:,} rows {total % 2**64:016x}"


def rows_of(table, columns):
    return zip(*(table.column(name).to_pylist() for name in columns))

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


def wrong_bounds(table):
    """Statistics, of the log and of every row group, that do not hold for the
    values: readers skip files and groups by them."""
    wrong = []
    for add in adds(table):
        file, stats = parquet.ParquetFile(table / unquote(add["path"])), json.loads(add["stats"])
        data = file.read()
        for name, nulls in stats["nullCount"].items():
            if not holds(data.column(name), nulls, stats["minValues"].get(name), stats["maxValues"].get(name)):
                wrong.append(f"{name} in the log")
        for group in range(file.num_row_groups):
            data, metadata = file.read_row_group(group), file.metadata.row_group(group)
            for i, name in enumerate(data.schema.names):
                kept = metadata.column(i).statistics
                if kept and not holds(data.column(name), kept.null_count, *(kept.min, kept.max) if kept.has_min_max else (None, None)):
                    wrong.append(f"{name} in group {group}")
    return wrong


def holds(column, nulls, low, high):
    values = [cell.encode() if isinstance(cell, str) else str(cell).encode() for cell in column.to_pylist() if cell is not None]
    return (nulls == column.null_count and (low is None or str(low).encode() <= min(values))
            and (high is None or str(high).encode() >= max(values)))


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

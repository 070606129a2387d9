"""Tables that the program makes, read by delta-rs and by Spark; and appends of
theirs to our tables, read by us."""

import json
from collections import Counter
from datetime import date, datetime, timezone

import pyarrow
from deltalake import DeltaTable, write_deltalake

import spark as engine
from checks import check, count, same_rows, story
from lab import ONE_BY_ONE, Lab, days, notebook, remove, source_rows, write_csv


def run(spark, work, jars):
    for name, build in STORIES.items():
        with story(f"read: {name}"):
            lab, want = build(work / build.__name__)
            read(spark, lab, want)
    with story("read: columns with accents"):
        accents(spark, Lab(work / "accents", tabla="compras"), work)
    with story("read: 26 commits, before and after the log's cleanup"):
        long_log(spark, Lab(work / "long"), work)
    with story("read: 150 data files"):
        many_files(spark, Lab(work / "many", tabla="muchos"), work)
    with story("read: every operation in one history"):
        operations(spark, work / "operations")
    with story("read: filters that skip files by their statistics"):
        skipping(spark, Lab(work / "skipping", tabla="largos"))
    with story("write: OPTIMIZE, DELETE, UPDATE and VACUUM by others between our loads"):
        foreign_operations(spark, Lab(work / "others"))
    with story("write: a feature that we do not know"):
        unknown_feature(spark, Lab(work / "feature"))
    with story("append: delta-rs and Spark between our loads"):
        foreign_appends(spark, Lab(work / "foreign"))


# The contract's stories. Each builds a table and tells which rows it must have.

def loaded(folder):
    lab = Lab(folder)
    lab.load()
    return lab, start()


def loaded_twice(folder):
    lab, want = loaded(folder)
    check("batches of the second load", lab.load().batches, [])
    return lab, want


def next_day(folder):
    lab, want = loaded_twice(folder)
    day = lab.next_day()
    lab.load()
    return lab, want + source_rows(day)


def dropped(folder):
    lab, _ = next_day(folder)
    lab.json("borrar-tabla", "--si")
    lab.load()
    return lab, Counter()


def dropped_then_a_day(folder):
    lab, _ = dropped(folder)
    day = lab.next_day()
    lab.load()
    return lab, source_rows(day)


def dropped_then_checkpoint_deleted(folder):
    lab, want = dropped_then_a_day(folder)
    lab.json("borrar-checkpoint", "--si")
    lab.load()
    return lab, want + source_rows(*lab.source.iterdir())


def checkpoint_in_the_table(folder):
    return reloaded(Lab(folder, "checkpoint-en-tabla"))


def copy_into(folder):
    return reloaded(Lab(folder, "copy-into"))


def reloaded(lab):
    lab.load()
    lab.json("borrar-tabla", "--si")
    lab.load()
    return lab, start()


def without_memory(folder):
    lab = Lab(folder, "sin-checkpoint")
    lab.load()
    lab.load()
    return lab, start() + start()


def checkpoint_deleted(folder):
    lab, want = loaded(folder)
    lab.json("borrar-checkpoint", "--si")
    lab.load()
    return lab, want + start()


def checkpoint_deleted_twice(folder):
    lab, want = checkpoint_deleted(folder)
    lab.json("borrar-checkpoint", "--si")
    lab.load()
    return lab, want + start()


def drop_undone(folder):
    lab, want = loaded(folder)
    lab.json("borrar-tabla", "--si")
    lab.json("deshacer")
    check("batches after undoing", lab.load().batches, [])
    return lab, want


def drop_undone_over_an_empty_table(folder):
    lab, want = loaded(folder)
    lab.json("borrar-tabla", "--si")
    lab.load()
    lab.json("deshacer")
    lab.load()
    return lab, want


STORIES = {build.__name__.replace("_", " "): build for build in (
    loaded, loaded_twice, next_day, dropped, dropped_then_a_day, dropped_then_checkpoint_deleted,
    checkpoint_in_the_table, copy_into, without_memory, checkpoint_deleted, checkpoint_deleted_twice,
    drop_undone, drop_undone_over_an_empty_table)}


def start():
    return source_rows(*days()[:3])


def read(spark, lab, want):
    """Both readers and the lab itself read the rows that the source gave."""
    table = lab.table
    count("tables read by both")
    check("lab contar", lab.count(), sum(want.values()))
    same_rows("lab", notebook(lab.rows()), want)
    same_rows("delta-rs", notebook(delta_rs_rows(table)), want)
    same_rows("Spark", notebook(engine.rows(spark, table)), want)
    same_schema(spark, table)
    same_history(spark, lab)


def travel(spark, lab, versions=None):
    """Time travel: at each version, all three read the same rows."""
    for version in versions or range(DeltaTable(lab.table).version() + 1):
        count("versions read by both")
        ours = lab.rows(version)
        same_rows(f"delta-rs at version {version}", delta_rs_rows(lab.table, version), ours)
        same_rows(f"Spark at version {version}", engine.rows(spark, lab.table, version), ours)


def same_schema(spark, table, columns=None):
    rs = [(f.name, f.type.type, f.nullable) for f in DeltaTable(table).schema().fields]
    theirs = [(f.name, f.dataType.typeName(), f.nullable) for f in spark.read.format("delta").load(str(table)).schema]
    check("Spark's schema is delta-rs's", theirs, rs)
    if columns:
        check("columns", rs, [(name, "string", True) for name in columns] +
              [("_rescued_data", "string", True), ("fecha_carga", "date", True)])


HISTORY = ["version", "timestamp", "operation", "operationParameters", "readVersion", "isolationLevel", "isBlindAppend",
           "operationMetrics", "engineInfo", "userMetadata"]


def same_history(spark, lab):
    """`lab historial` says what DESCRIBE HISTORY says, and delta-rs's."""
    ours, theirs = lab.json("historial"), describe_history(spark, lab.table)
    check("versions in DESCRIBE HISTORY", [e["version"] for e in ours], [e["version"] for e in theirs])
    for our, their in zip(ours, theirs):
        our["timestamp"] = datetime.fromisoformat(our["timestamp"])
        differing = [key for key in HISTORY if our[key] != their[key]]
        check(f"DESCRIBE HISTORY of version {our['version']}",
              {key: our[key] for key in differing}, {key: their[key] for key in differing})
    rs = DeltaTable(lab.table).history()
    check("delta-rs's history", [operation(entry) for entry in rs], [operation(entry) for entry in ours])


def operation(entry):
    # delta-rs hands on numbers and booleans as they stand in the log; Spark and the lab give their text.
    said = {key: value if isinstance(value, str) else json.dumps(value)
            for key, value in entry["operationParameters"].items() if value is not None}
    return entry["version"], entry["operation"], said


def describe_history(spark, table):
    entries = [row.asDict(recursive=True) for row in spark.sql(f"DESCRIBE HISTORY delta.`{table}`").collect()]
    for entry in entries:
        entry["timestamp"] = entry["timestamp"].astimezone(timezone.utc)
    return entries


def delta_rs_rows(table, version=None):
    read = DeltaTable(table, version=version).to_pyarrow_table()
    columns = [column.to_pylist() for column in read.columns]
    return Counter(tuple(cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in row) for row in zip(*columns))


def accents(spark, lab, work):
    columns = ["Número", "descripción", "año", "Straße", "数量", "l'été"]
    file = work / "mis compras de añó.csv"
    file.write_text(",".join(columns) + "\n1,café,2024,ß,三,œ\n2,\"coma, ñandú\",,x,,é\n", encoding="utf-8")
    lab.bring(file)
    lab.load()
    want = Counter([("1", "café", "2024", "ß", "三", "œ"), ("2", "coma, ñandú", None, "x", None, "é")])
    for reader, rows in [("lab", lab.rows()), ("delta-rs", delta_rs_rows(lab.table)), ("Spark", engine.rows(spark, lab.table))]:
        same_rows(reader, Counter(row[:6] for row in rows), want)
    same_schema(spark, lab.table, columns)
    same_history(spark, lab)
    count("tables read by both")


def long_log(spark, lab, work):
    while len(list(lab.source.iterdir())) < len(days()):
        lab.next_day()
    extra = [write_csv(work / f"extra {i}.csv", 10_000 * i, i) for i in range(1, 6)]
    lab.bring(*extra)
    files = {file.name: source_rows(file) for file in lab.source.iterdir()}
    lab.load(ONE_BY_ONE)
    read(spark, lab, sum(files.values(), Counter()))
    travel(spark, lab)

    # Each version must be the one before and one file more.
    added, before = [], Counter()
    for version in range(1, 27):
        now = notebook(delta_rs_rows(lab.table, version))
        added.append(next((name for name, rows in files.items() if rows == now - before), None))
        before = now
    check("each version adds one file", sorted(map(str, added)), sorted(files))

    log = lab.table / "_delta_log"
    check("log checkpoints", sorted(file.name for file in log.glob("*.checkpoint.parquet")),
          [f"{version:020d}.checkpoint.parquet" for version in (10, 20)])
    remove(*(log / f"{version:020d}.json" for version in range(20)), log / f"{10:020d}.checkpoint.parquet")
    engine.forget(spark)
    travel(spark, lab, (20, 21, 26))
    same_rows("delta-rs from the log checkpoint", notebook(delta_rs_rows(lab.table)), before)
    same_rows("Spark from the log checkpoint", notebook(engine.rows(spark, lab.table)), before)
    check("txns", DeltaTable(lab.table).transaction_version(lab.state()["checkpoint"]["consulta_id"]), 25)
    same_history(spark, lab)
    stream_from(spark, lab.table, before)


def stream_from(spark, table, want):
    """A stream that reads our table sees every row once."""
    query = (spark.readStream.format("delta").load(str(table)).writeStream.format("memory")
             .queryName("from_our_table").trigger(availableNow=True).start())
    query.awaitTermination()
    same_rows("readStream", notebook(engine.counted(spark.table("from_our_table").collect())), want)


def many_files(spark, lab, work):
    files = [write_csv(work / "many files" / f"{i}.csv", 100 * i, i % 7 + 1) for i in range(150)]
    lab.bring(*files)
    lab.load(ONE_BY_ONE)
    want = source_rows(*files)
    check("data files", len(DeltaTable(lab.table).file_uris()), 150)
    same_rows("lab", notebook(lab.rows()), want)
    same_rows("delta-rs", notebook(delta_rs_rows(lab.table)), want)
    same_rows("Spark", notebook(engine.rows(spark, lab.table)), want)
    same_history(spark, lab)
    stream_from(spark, lab.table, want)
    count("tables read by both")


def operations(spark, folder):
    want = Counter()
    for variant in ("cuaderno", "copy-into", "sin-checkpoint"):
        lab = Lab(folder, variant)
        lab.load()
        want += start()
    read(spark, lab, want)
    travel(spark, lab)
    check("operations", [entry["operation"] for entry in lab.json("historial")],
          ["WRITE", "COPY INTO", "STREAMING UPDATE", "CREATE TABLE"])


def foreign_appends(spark, lab):
    lab.load()
    row = ("90001", "1", "2", "2025-03-01 10:00:00", "9.99")
    schema = pyarrow.schema([(name, pyarrow.string()) for name in DeltaTable(lab.table).to_pyarrow_table().schema.names[:6]] +
                            [("fecha_carga", pyarrow.date32())])
    write_deltalake(lab.table, pyarrow.Table.from_pylist(
        [dict(zip(schema.names, (*row, None, date(2025, 3, 5))))], schema=schema), mode="append")
    want = start() + Counter([row])
    same_rows("lab after delta-rs's append", notebook(lab.rows()), want)
    check("lab contar after delta-rs's append", lab.count(), sum(want.values()))
    want += source_rows(lab.next_day())
    check("our load after delta-rs's append", lab.load().batches, [1])
    same_rows("lab after its own load", notebook(lab.rows()), want)

    other = ("90002", *row[1:])
    (spark.createDataFrame([(*other, None)], ", ".join(f"{name} string" for name in schema.names[:6]))
     .selectExpr("*", "DATE'2025-03-05' AS fecha_carga").write.format("delta").mode("append").save(str(lab.table)))
    want += Counter([other])
    same_rows("lab after Spark's append", notebook(lab.rows()), want)
    want += source_rows(lab.next_day())
    check("our load after Spark's append", lab.load().batches, [2])
    read(spark, lab, want)
    travel(spark, lab)


LONG = ["a" * 31, "a" * 32, "a" * 33, "a" * 32 + "ñ", "ñ" * 40, "😀" * 40, "a" * 31 + "😀b", "\U0010ffff" * 40,
        "z" * 32 + "\u007f", "~" * 33, "", " ", "Z", "é", "e\u0301", "0", "-1", "NULL"]


def skipping(spark, lab):
    """A file for each value, so that wrong bounds in one would hide its row."""
    lab.source.mkdir(parents=True, exist_ok=True)
    for i, value in enumerate(LONG):
        (lab.source / f"{i}.csv").write_text(f'id,valor\n{i},"{value}"\n', encoding="utf-8")
    lab.load(ONE_BY_ONE)
    table = DeltaTable(lab.table)
    check("data files", len(table.file_uris()), len(LONG))
    stored = {row[0]: row[1] for row in lab.rows()}
    check("values", [stored[str(i)] for i in range(len(LONG))], [value or None for value in LONG])
    frame = spark.read.format("delta").load(str(lab.table))
    for i, value in enumerate(LONG):
        if value:
            check(f"Spark finds {value!r}", [row.id for row in frame.where(frame.valor == value).collect()], [str(i)])
            found = table.to_pyarrow_table(filters=[("valor", "=", value)]).column("id").to_pylist()
            check(f"delta-rs finds {value!r}", found, [str(i)])


def foreign_operations(spark, lab):
    lab.load(ONE_BY_ONE)
    want = start()
    DeltaTable(lab.table).optimize.compact()
    same_rows("lab after delta-rs's OPTIMIZE", notebook(lab.rows()), want)
    want += source_rows(lab.next_day())
    check("our load", lab.load().batches, [3])
    engine.forget(spark)
    spark.sql(f"DELETE FROM delta.`{lab.table}` WHERE feature_id = '1'")
    want = Counter({row: n for row, n in want.items() if row[2] != "1"})
    same_rows("lab after Spark's DELETE", notebook(lab.rows()), want)
    spark.sql(f"UPDATE delta.`{lab.table}` SET amount_paid = '0.00' WHERE amount_paid IS NULL")
    want = Counter(row if row[4] else (*row[:4], "0.00") for row in want.elements())
    same_rows("lab after Spark's UPDATE", notebook(lab.rows()), want)
    spark.sql(f"OPTIMIZE delta.`{lab.table}`")
    DeltaTable(lab.table).vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)
    DeltaTable(lab.table).create_checkpoint()
    want += source_rows(lab.next_day())
    check("our load after VACUUM", lab.load().batches, [4])
    engine.forget(spark)
    for reader, rows in [("lab", lab.rows()), ("delta-rs", delta_rs_rows(lab.table)), ("Spark", engine.rows(spark, lab.table))]:
        same_rows(reader, notebook(rows), want)
    same_history(spark, lab)


def unknown_feature(spark, lab):
    """Never a partial answer: of a table with deletion vectors the lab tells the
    feature, and its load harms nothing."""
    lab.load()
    table = lab.table
    engine.forget(spark)
    spark.sql(f"ALTER TABLE delta.`{table}` SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')")
    spark.sql(f"DELETE FROM delta.`{table}` WHERE account_feature_id = '7'")
    before = engine.rows(spark, table)
    lab.next_day()
    for command in ("contar", "cargar"):
        done = lab.run(command, "--json")
        check(f"lab {command} fails", done.returncode, 1)
        check(f"lab {command} names the feature", "deletionVectors" in done.stdout, True)
    same_rows("nothing is harmed", engine.rows(spark, table), before)

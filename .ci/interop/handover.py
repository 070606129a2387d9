"""The stream changes hands: one checkpoint and one table, loaded in turns by the
lab and by Spark. Whoever comes next goes on where the other stood."""

import os
import time
from collections import Counter

import spark as engine
from checks import check, count, same_rows, story
from deltalake import DeltaTable
from lab import COLUMNS, ONE_BY_ONE, SEAMS, Lab, notebook, numbers, remove, source_rows, temporary_files, write_csv
from readers import delta_rs_rows


def run(spark, work, jars):
    for name, tell in STORIES.items():
        with story(f"hand over: {name}"):
            tell(spark, Shared(Lab(work / f"mi lab ñ 50% {tell.__name__}")))
    with story("hand over: the lab's folder is moved"):
        moved(spark, work / "moved")
    with story("hand over: a landing folder outside the lab"):
        other_landing(spark, work / "landing")
    for first in (True, False):
        for seam in SEAMS:
            with story(f"hand over: the lab killed at {seam} of {'its first' if first else 'a later'} batch"):
                lab_killed(spark, Shared(Lab(work / f"killed-{seam}-{first}")), seam, first)
    for moment in ("its plan", "its commit to the table"):
        with story(f"hand over: Spark killed after {moment}"):
            spark_killed(spark, Shared(Lab(work / f"spark-killed-{moment[4:]}")), moment, work, jars)
    with story("hand over: our txn is only in the Delta log's checkpoint"):
        txn_in_checkpoint(spark, Shared(Lab(work / "txn-ours")), by_spark=False)
    with story("hand over: Spark's txn is only in the Delta log's checkpoint"):
        txn_in_checkpoint(spark, Shared(Lab(work / "txn-theirs")), by_spark=True)


class Shared:
    """A stream in two hands, and what must be true of it at all times."""

    def __init__(self, lab):
        self.lab, self.query_id = lab, None
        self.source, self.checkpoint, self.table = lab.source, lab.checkpoint, lab.table

    def by_lab(self, *options):
        done = self.lab.load(*options)
        self._agrees("lab", done)
        return done

    def by_spark(self, spark, **options):
        engine.forget(spark)
        done = engine.load(spark, self.source, self.checkpoint, self.table, options=options)
        self._agrees("Spark", done)
        return done

    def _agrees(self, who, done):
        """The same query, batches without a gap, every row of the source once."""
        check(f"failure of {who}", done.failure, None)
        self.query_id = self.query_id or done.query_id
        check(f"query id of {who}", done.query_id, self.query_id)
        offsets, commits = numbers(self.checkpoint / "offsets"), numbers(self.checkpoint / "commits")
        check(f"batches after {who}", offsets, list(range(offsets[0], offsets[-1] + 1)))
        check(f"confirmed after {who}", commits[-100:], offsets[-100:])
        check(f"txn after {who}", self.txn(), offsets[-1])
        same_rows(f"rows after {who}", notebook(delta_rs_rows(self.table)), source_rows(*self.source.rglob("*.csv")))
        count(f"loads by {who}")

    def txn(self):
        return DeltaTable(self.table).transaction_version(self.query_id)


# Java's URI leaves some of these as they are and encodes others; who does it
# differently takes the file for a new one.  (Spark takes * ? [ { for patterns.)
ODD_NAMES = ["año nuevo €.csv", "compras + más (1).csv", "50% off #2.csv", "l'été & co; ~=@$!,.csv", "%41.csv",
             "año/mes de marzo/día 1.csv", "数量 🚀.csv", "sin\u00a0corte\u2003.csv", "cafe\u0301 café.csv",
             "a|b<c>^`\".csv", "tab\tulado\u200b.csv"]


def in_turns(spark, shared):
    """The lab loads past two compactions, then each side a file of its own in
    turn, past the entry 29 that Spark compacts."""
    land_odd_names(shared, "lab")
    while len(list(shared.source.rglob("*.csv"))) < 24:
        shared.lab.next_day()
    check("batches by the lab", shared.by_lab(ONE_BY_ONE).batches, list(range(24)))
    check("compacted by the lab", compacted(shared), [9, 19])
    for turn in range(8):
        write_csv(shared.source / f"turno {turn} ñ.csv", 200_000 + 100 * turn, turn + 1)
        done = shared.by_spark(spark) if turn % 2 else shared.by_lab()
        check("only what is new", done.batches, [24 + turn])
        count("hand-overs")
    check("compacted by both", compacted(shared), [9, 19, 29])
    for idle in (shared.by_spark(spark), shared.by_lab(), shared.by_spark(spark)):
        check("an idle run", idle.batches, [])


def land_odd_names(shared, folder):
    for i, name in enumerate(ODD_NAMES):
        write_csv(shared.source / folder / name, 10_000 * (i + 1), i + 1)


def compacted(shared):
    return sorted(int(file.stem) for file in (shared.checkpoint / "sources" / "0").glob("*.compact"))


def spark_begins(spark, shared):
    land_odd_names(shared, "spark")
    done = shared.by_spark(spark, maxFilesPerTrigger=1)
    check("batches by Spark", done.batches, list(range(14)))
    check("compacted by Spark", compacted(shared), [9])
    for _ in range(6):
        shared.lab.next_day()
    done = shared.by_lab(ONE_BY_ONE)
    check("batches by the lab", done.batches, list(range(14, 20)))
    check("compacted by both", compacted(shared), [9, 19])
    shared.lab.next_day()
    check("batches by Spark again", shared.by_spark(spark).batches, [20])
    count("hand-overs", 3)


def old_entries_gone(spark, shared):
    """Only the last 100 plans stay, and of the source log what is in a compacted
    entry may go: the files are made old enough for that."""
    for i in range(112):
        write_csv(shared.source / f"{i}.csv", 10_000 + 10 * i, 1)
    shared.by_lab(ONE_BY_ONE)
    for file in (shared.checkpoint / "sources" / "0").iterdir():
        os.utime(file, (time.time() - 3600,) * 2)
    for i in range(112, 122):
        write_csv(shared.source / f"{i}.csv", 10_000 + 10 * i, 1)
    shared.by_lab(ONE_BY_ONE)
    check("plans are purged", (shared.checkpoint / "offsets" / "0").exists(), False)
    check("source entries are purged", (shared.checkpoint / "sources" / "0" / "0").exists(), False)
    for turn in range(4):
        write_csv(shared.source / f"turn {turn}.csv", 20_000 + 10 * turn, 1)
        done = shared.by_spark(spark) if turn % 2 == 0 else shared.by_lab()
        check("only what is new", done.batches, [125 + turn])
        count("hand-overs")


def stale_twins(spark, shared):
    """Spark's batch is taken back, but its .crc twins stay: what the lab writes in
    its place must not be held against them."""
    shared.by_lab()
    shared.lab.next_day()
    shared.by_spark(spark)
    for file in (shared.checkpoint / "offsets" / "1", shared.checkpoint / "commits" / "1",
                 shared.checkpoint / "sources" / "0" / "1", shared.table / "_delta_log" / f"{2:020d}.json"):
        check("a twin", file.with_name(f".{file.name}.crc").exists(), True)
        file.unlink()
    (shared.table / "_delta_log" / f"{2:020d}.crc").unlink()  # Delta's own checksum, which names the version's txn
    write_csv(shared.source / "otro.csv", 300_000, 3)
    check("the lab's batch in its place", shared.by_lab().batches, [1])
    shared.lab.next_day()
    check("Spark's next", shared.by_spark(spark).batches, [2])
    count("hand-overs", 2)


def only_discovered(spark, shared):
    """Spark stopped between its source log and its plan: the two counters part."""
    shared.by_lab()
    shared.lab.next_day()
    shared.by_spark(spark)
    remove(shared.checkpoint / "offsets" / "1", shared.checkpoint / "commits" / "1",
           shared.table / "_delta_log" / f"{2:020d}.json", shared.table / "_delta_log" / f"{2:020d}.crc")
    shared.lab.next_day()
    check("the lab's batch", shared.by_lab().batches, [1])
    check("it ends at entry 2", (shared.checkpoint / "offsets" / "1").read_text().splitlines()[-1], '{"logOffset":2}')
    for turn in range(2):
        shared.lab.next_day()
        done = shared.by_lab() if turn else shared.by_spark(spark)
        check("only what is new", done.batches, [2 + turn])
    count("hand-overs", 3)


def moved(spark, work):
    """The lab's folder is moved: the checkpoint follows, in both hands."""
    shared = Shared(Lab(work / "here"))
    shared.by_lab()
    shared.lab.next_day()
    shared.by_spark(spark)
    (work / "here").rename(work / "over there")
    there = Shared(Lab(work / "over there"))
    there.query_id = shared.query_id
    check("nothing loads twice", there.by_spark(spark).batches, [])
    there.lab.next_day()
    check("only what is new, by Spark", there.by_spark(spark).batches, [2])
    there.lab.next_day()
    check("only what is new, by the lab", there.by_lab().batches, [3])
    count("hand-overs", 3)


def other_landing(spark, work):
    """A landing folder outside the lab, with a name that is not to be decoded."""
    landing = work / "mis datos %20 ñ"
    write_csv(landing / "account_premium_features" / "uno.csv", 10_000, 5)
    shared = Shared(Lab(work / "lab", volumen_landing=f"file://{landing}"))
    shared.by_lab()
    for turn in range(3):
        write_csv(shared.source / f"turno {turn}.csv", 20_000 + 100 * turn, 2)
        done = shared.by_lab() if turn % 2 else shared.by_spark(spark)
        check("only what is new", done.batches, [1 + turn])
        count("hand-overs")


def known_only(spark, shared):
    """With includeExistingFiles=false the first entry is known, never to be loaded."""
    shared.lab.load("cloudFiles.includeExistingFiles=false")
    new = source_rows(shared.lab.next_day())
    done = engine.load(spark, shared.source, shared.checkpoint, shared.table)
    check("Spark's batch", done.batches, [1])
    same_rows("only the new file", notebook(delta_rs_rows(shared.table)), new)
    new += source_rows(shared.lab.next_day())
    check("the lab's batch", shared.lab.load().batches, [2])
    same_rows("only the new files", notebook(delta_rs_rows(shared.table)), new)
    count("hand-overs", 2)


def new_column(spark, shared):
    """The lab plans a batch, finds a new column in it and stops; Spark, told of
    the column, does the batch as it was planned."""
    shared.by_lab()
    file = shared.source / "con canal.csv"
    file.write_text(",".join([*COLUMNS, "canal"]) + "\n90001,1,2,2025-03-05 10:00:00,9.99,web\n")
    check("the lab stops", shared.lab.load().failure, "UNKNOWN_FIELD_EXCEPTION")
    engine.forget(spark)
    spark.conf.set("spark.databricks.delta.schema.autoMerge.enabled", "true")
    done = engine.load(spark, shared.source, shared.checkpoint, shared.table, columns=[*COLUMNS, "canal"])
    spark.conf.set("spark.databricks.delta.schema.autoMerge.enabled", "false")
    check("Spark does the batch", (done.failure, done.batches, done.query_id), (None, [1], shared.query_id))
    day = shared.lab.next_day()
    done = shared.lab.load()
    check("the lab goes on", (done.failure, done.batches, done.query_id), (None, [2], shared.query_id))
    rows = delta_rs_rows(shared.table)
    check("columns", [field.name for field in DeltaTable(shared.table).schema().fields],
          [*COLUMNS, "_rescued_data", "fecha_carga", "canal"])
    check("the new column", Counter(row[7] for row in rows.elements()), Counter({None: 552 + 50, "web": 1}))
    check("the day", source_rows(day) - Counter(row[:5] for row in rows.elements()), Counter())
    count("hand-overs", 2)


STORIES = {
    "past the tenth, twentieth and thirtieth entry, odd names": in_turns,
    "Spark begins and compacts, the lab goes on": spark_begins,
    "old entries are gone": old_entries_gone,
    "Spark's .crc twins of files that are not there": stale_twins,
    "Spark discovered and did not plan": only_discovered,
    "files that are known and not loaded": known_only,
    "a new column": new_column,
}


def lab_killed(spark, shared, seam, first):
    """Killed at a seam, and a new file comes before Spark takes over."""
    before = Counter()
    if not first:
        shared.by_lab()
        before = notebook(delta_rs_rows(shared.table))
        shared.lab.next_day()
    shared.lab.kill_at(seam)
    shared.query_id = shared.lab.state()["checkpoint"]["consulta_id"]
    count(f"kills at {seam}")
    if seam != "tabla_confirmada":
        same_rows("a reader sees nothing of it", notebook(delta_rs_rows(shared.table)), before)
    shared.lab.next_day()
    shared.by_spark(spark)
    shared.lab.next_day()
    check("the lab's next load", len(shared.by_lab().batches), 1)
    check("temporary files", temporary_files(shared.lab.folder), [])
    count("hand-overs", 2)


def spark_killed(spark, shared, moment, work, jars):
    shared.by_lab()
    shared.by_spark(spark)  # writes its .crc twins
    day = shared.lab.next_day()
    plan = shared.checkpoint / "offsets" / "1"
    version = shared.table / "_delta_log" / f"{2:020d}.json"
    engine.kill_when(jars, work / "killed", shared.source, shared.checkpoint, shared.table,
                     plan if moment == "its plan" else version)
    confirmed = (shared.checkpoint / "commits" / "1").exists()
    check("killed in time", (plan.exists(), version.exists(), confirmed), (True, moment != "its plan", False))
    shared.lab.next_day()
    done = shared.by_lab()
    check("the lab repeats Spark's batch and adds its own", done.batches, [1, 2])
    check("already in the table", [event["lote"] for event in done.only("ya_en_tabla")],
          [] if moment == "its plan" else [1])
    shared.lab.next_day()
    check("Spark's next load", shared.by_spark(spark).batches, [3])
    count("Sparks killed")
    count("hand-overs", 2)


def txn_in_checkpoint(spark, shared, by_spark):
    """One side loads up to the log checkpoint at version 10; a commit without txn
    follows; then the JSON up to the checkpoint goes, and the last batch loses its
    confirmation. The other side must find its txn in the checkpoint."""
    files = 11 if by_spark else 10  # Spark's first batch makes the table, the lab's comes after CREATE TABLE
    while len(list(shared.source.iterdir())) < files:
        shared.lab.next_day()
    if by_spark:
        shared.by_spark(spark, maxFilesPerTrigger=1)
    else:
        shared.by_lab(ONE_BY_ONE)
    log = shared.table / "_delta_log"
    check("a log checkpoint", (log / f"{10:020d}.checkpoint.parquet").exists(), True)
    DeltaTable(shared.table).alter.set_table_properties({"purpose": "no txn"}, raise_if_not_exists=False)
    remove(*(log / f"{version:020d}.json" for version in range(11)), shared.checkpoint / "commits" / f"{files - 1}")
    check("the log now", sorted(file.name for file in log.glob("*.json")), [f"{11:020d}.json"])
    shared.lab.next_day()
    if by_spark:
        done = shared.by_lab()
        check("already in the table", [event["lote"] for event in done.only("ya_en_tabla")], [files - 1])
        shared.lab.next_day()
        shared.by_spark(spark)
    else:
        shared.by_spark(spark)
        shared.lab.next_day()
        shared.by_lab()
    count("hand-overs", 2)

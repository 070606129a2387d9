"""The stream changes hands: one checkpoint and one table, loaded in turns by the
lab and by Spark. Whoever comes next goes on where the other stood."""

import shutil

import spark as engine
from checks import check, count, same_rows, story
from deltalake import DeltaTable
from lab import ONE_BY_ONE, SEAMS, Lab, notebook, numbers, remove, source_rows, temporary_files, write_csv
from readers import delta_rs_rows


def run(spark, work, jars):
    with story("hand over: past the tenth, twentieth and thirtieth entry, odd names"):
        in_turns(spark, Shared(Lab(work / "turns")), work)
    with story("hand over: Spark begins and compacts, the lab goes on"):
        spark_begins(spark, Shared(Lab(work / "begins")))
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
        check(f"batches after {who}", offsets, list(range(len(offsets))))
        check(f"confirmed after {who}", commits, offsets)
        check(f"txn after {who}", self.txn(), offsets[-1])
        same_rows(f"rows after {who}", notebook(delta_rs_rows(self.table)), source_rows(*self.source.rglob("*.csv")))
        count(f"loads by {who}")

    def txn(self):
        return DeltaTable(self.table).transaction_version(self.query_id)


ODD_NAMES = ["año nuevo €.csv", "compras + más (1).csv", "50% off #2.csv", "l'été & co; =~@$!,.csv",
             "año/mes de marzo/día 1.csv", "数量 🚀.csv", "non breaking.csv", "cafe\u0301.csv"]


def in_turns(spark, shared, work):
    lab = shared.lab
    odd = [write_csv(work / "odd" / name, 10_000 * (i + 1), i + 1) for i, name in enumerate(ODD_NAMES)]
    lab.bring(*(file for file in odd if file.parent.name == "odd"))
    below = shared.source / "año" / "mes de marzo"
    below.mkdir(parents=True)
    shutil.copy2(odd[4], below)
    while len(list(shared.source.rglob("*.csv"))) < 24:
        lab.next_day()
    done = shared.by_lab(ONE_BY_ONE)
    check("batches by the lab", done.batches, list(range(24)))
    check("compacted by the lab", compacted(shared), [9, 19])

    # Each side loads a file of its own, past the entry 29 that Spark compacts.
    for turn in range(8):
        file = write_csv(shared.source / f"turno {turn} ñ.csv", 200_000 + 100 * turn, turn + 1)
        done = shared.by_spark(spark) if turn % 2 else shared.by_lab()
        check("only what is new", (file.exists(), done.batches), (True, [24 + turn]))
        count("hand-overs")
    check("compacted by both", compacted(shared), [9, 19, 29])
    for idle in (shared.by_spark(spark), shared.by_lab(), shared.by_spark(spark)):
        check("an idle run", idle.batches, [])


def compacted(shared):
    return sorted(int(file.stem) for file in (shared.checkpoint / "sources" / "0").glob("*.compact"))


def spark_begins(spark, shared):
    for _ in range(8):
        shared.lab.next_day()
    done = shared.by_spark(spark, maxFilesPerTrigger=1)
    check("batches by Spark", done.batches, list(range(11)))
    check("compacted by Spark", compacted(shared), [9])
    for _ in range(9):
        shared.lab.next_day()
    done = shared.by_lab(ONE_BY_ONE)
    check("batches by the lab", done.batches, list(range(11, 20)))
    check("compacted by both", compacted(shared), [9, 19])
    shared.lab.next_day()
    check("batches by Spark again", shared.by_spark(spark).batches, [20])
    count("hand-overs", 3)


def lab_killed(spark, shared, seam, first):
    """Killed at a seam, and a new file comes before Spark takes over."""
    if not first:
        shared.by_lab()
        shared.lab.next_day()
    shared.lab.kill_at(seam)
    shared.query_id = shared.lab.state()["checkpoint"]["consulta_id"]
    count(f"kills at {seam}")
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

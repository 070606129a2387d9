"""The same stories told step by step to a real Spark and to the lab: after every
step both are looked at with the same eyes, and every difference is a failure.
Writes COMPARISON.md."""

import json
import shutil
from collections import Counter
from pathlib import Path

import spark as engine
from checks import check, count, same_rows, story
from deltalake import DeltaTable
from lab import COLUMNS, Lab, days, notebook, numbers, remove
from readers import delta_rs_rows

PAGE = Path(__file__).with_name("COMPARISON.md")


def run(spark, work, jars):
    page = Page()
    for title, variant, steps in EXPERIMENTS:
        with story(f"compare: {title}"):
            sides = SparkSide(spark, work / variant, variant), LabSide(work / f"lab-{variant}", variant if variant != "odd" else "cuaderno")
            page.section(title)
            tell(page, sides, steps)
            if variant == "cuaderno":
                shapes = [shapes_of(side) for side in sides]
    with story("compare: keys of the JSON on disk"):
        page.shapes(*shapes)
    base = SparkSide(spark, work / "base", "base")
    two_batches(base)
    backup = shutil.copytree(base.root, work / "backup")
    page.section("Half-broken checkpoints")
    for number, (title, damage) in enumerate(DAMAGES.items()):
        with story(f"compare: {title}"):
            base.restore(backup)
            mine = LabSide(work / f"lab-damage-{number}", "cuaderno")
            two_batches(mine)
            base.names, mine.names = {}, {}
            observe(base, None), observe(mine, None)  # names what is there q1 and t1
            tell(page, (base, mine), [(title, damage), ("… and a new day", land)])
    with story("compare: the page"):
        page.write(spark.version)


# The stories: steps that do something and are followed by a load.

def nothing(side):
    pass


def land(side):
    side.land()


def drop(side):
    side.drop()


def delete_checkpoint(side):
    side.delete_checkpoint()


def two_batches(side):
    side.load()
    side.land()
    side.load()


def write(name, text):
    def act(side):
        file = side.source / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    return act


HEADER = ",".join(COLUMNS) + "\n"
ROW = "80001,1,2,2025-03-03 10:00:00,1.00\n"

EXPERIMENTS = [
    ("A: the checkpoint in a folder of its own, as in the notebook", "cuaderno", [
        ("first load", nothing), ("load again", nothing), ("DROP TABLE", drop), ("load again", nothing),
        ("a new day", land), ("checkpoint deleted", delete_checkpoint), ("checkpoint deleted again", delete_checkpoint)]),
    ("B: the checkpoint inside the table's folder", "checkpoint-en-tabla", [
        ("first load", nothing), ("load again", nothing), ("DROP TABLE", drop), ("load again", nothing),
        ("a new day", land)]),
    ("C: files that are odd", "odd", [
        ("first load", nothing),
        ("a file with a header and no rows", write("header.csv", HEADER)),
        ("a file of no bytes", write("empty.csv", "")),
        ("files hidden by `_` and `.`", lambda side: (write("_a.csv", HEADER + ROW)(side), write(".b.csv", HEADER + ROW)(side))),
        ("a file in a folder named `x.csv`", write("x.csv/y.csv", HEADER + ROW)),
        ("the same file written again", write("x.csv/y.csv", HEADER + ROW + ROW)),
        ("a copy under another name", write("copy.csv", HEADER + ROW)),
        ("no line break at the end", write("end.csv", HEADER + ROW.strip())),
        ("CRLF, blank lines, a row too short", write("lines.csv", (HEADER + ROW + "\n80002,1\n\n").replace("\n", "\r\n"))),
        ("quotes, commas and breaks in them", write("quotes.csv", HEADER + '80003,"a, b","say \\"x\\"",,""\n')),
        ("a name that ends in `.txt`", write("notes.txt", HEADER + ROW)),
        ("the table emptied by another's DELETE", lambda side: DeltaTable(side.table).delete()),
        ("a new day", land)]),
]


def lose(*names):
    return lambda side: remove(*(side.checkpoint / name for name in names))


def lose_batch(side):
    log = side.table / "_delta_log"
    remove(side.checkpoint / "commits" / "1", log / f"{2:020d}.json", log / f"{2:020d}.crc")


def empty_plan(side):
    remove(side.checkpoint / "commits" / "1", side.checkpoint / "offsets" / "1")
    (side.checkpoint / "offsets" / "1").touch()


def grow(side):
    with open(oldest(side), "a") as file:
        file.write("70001,1,2,2025-03-03 10:00:00,1.00\n")


def rename(side):
    oldest(side).rename(oldest(side).with_name("renamed.csv"))


def clear_source(side):
    remove(*side.source.iterdir())


def oldest(side):
    return side.source / days()[0].name


DAMAGES = {
    "`commits/1` lost": lose("commits/1"),
    "`commits/` lost": lose("commits"),
    "`commits/1` and the table's last version lost": lose_batch,
    "`offsets/1` lost": lose("offsets/1"),
    "`offsets/` lost": lose("offsets"),
    "`offsets/` and `commits/` lost": lose("offsets", "commits"),
    "`sources/` lost": lose("sources"),
    "`metadata` lost": lose("metadata"),
    "`offsets/1` emptied, `commits/1` lost": empty_plan,
    "a loaded source file grew by a row": grow,
    "a loaded source file was renamed": rename,
    "all source files deleted": clear_source,
}


# The two sides, with the same verbs.

class LabSide:
    def __init__(self, folder, variant):
        self.lab, self.names = Lab(folder, variant), {}
        self.source, self.checkpoint, self.table = self.lab.source, self.lab.checkpoint, self.lab.table
        self.progress_file = folder / "progress.jsonl"

    def land(self):
        self.lab.next_day()

    def drop(self):
        self.lab.json("borrar-tabla", "--si")

    def delete_checkpoint(self):
        self.lab.json("borrar-checkpoint", "--si")

    def load(self):
        done = self.lab.load(progress=self.progress_file)
        done.progress = [json.loads(line) for line in self.progress_file.read_text().splitlines()] if done.ok else []
        return done


class SparkSide:
    """The notebook in Spark, in a folder with source, checkpoint and table."""

    def __init__(self, spark, root, variant):
        self.spark, self.root, self.names = spark, root, {}
        self.source, self.table = root / "source", root / "db" / "t"
        self.checkpoint = self.table / "_checkpoint" if variant == "checkpoint-en-tabla" else root / "checkpoint"
        self.source.mkdir(parents=True)
        self.landed = 0
        for _ in range(3):
            self.land()
        database = variant.replace("-", "_")
        spark.sql(f"CREATE DATABASE {database} LOCATION '{root}/db'")
        self.target = f"{database}.t"

    def restore(self, backup):
        """Puts a copy in the place: paths in the checkpoint are absolute."""
        shutil.rmtree(self.root)
        shutil.copytree(backup, self.root)
        self.landed, self.target = 4, self.table  # by path: the catalog knows nothing of copies

    def land(self):
        shutil.copy2(days()[self.landed], self.source)
        self.landed += 1

    def drop(self):
        self.spark.sql(f"DROP TABLE {self.target}")

    def delete_checkpoint(self):
        shutil.rmtree(self.checkpoint)

    def load(self):
        engine.forget(self.spark)
        return engine.load(self.spark, self.source, self.checkpoint, self.target)


# What is looked at after each step.

def tell(page, sides, steps):
    for title, act in steps:
        seen = []
        for side in sides:
            act(side)
            done = side.load()
            seen.append(observe(side, done))
        theirs, ours = seen
        same_rows(f"rows after «{title}»", ours.pop("all rows"), theirs.pop("all rows"))
        differing = [key for key in theirs if ours[key] != theirs[key]]
        check(f"«{title}»", {key: ours[key] for key in differing}, {key: theirs[key] for key in differing})
        page.step(title, theirs, differing, done.failure)
        count("steps compared with Spark")


def observe(side, done):
    there = DeltaTable.is_deltatable(str(side.table))
    table = DeltaTable(side.table) if there else None
    rows = notebook(delta_rs_rows(side.table)) if there else Counter()
    seen = {
        "all rows": rows,
        "rows": sum(rows.values()),
        "query id": query_id(side),
        "table id": name(side, "t", str(table.metadata().id)) if there else None,
        "history": history(side, table) if there else [],
        "txns": txns(side, table) if there else {},
        "offsets": offsets(side.checkpoint),
        "checkpoint": files(side.checkpoint),
    }
    if done:
        seen["failure"] = done.failure if done.ok or done.failure in SPARKS_CLASSES else "without a class"
        seen["batches"] = done.batches
        seen["progress"] = [progress(entry) for entry in done.progress] if done.ok else []
    return seen


# The failures that Spark gives a class; its others here are free text.
SPARKS_CLASSES = {"CONCURRENT_STREAM_LOG_UPDATE"}


def name(side, letter, identity):
    """q1, q2, … by the order in which a side shows them."""
    same_kind = [known for known in side.names.values() if known[0] == letter]
    return side.names.setdefault(identity, f"{letter}{len(same_kind) + 1}")


def query_id(side):
    file = side.checkpoint / "metadata"
    return name(side, "q", json.loads(file.read_text())["id"]) if file.exists() else None


def history(side, table):
    entries = []
    for entry in reversed(table.history()):
        said = entry["operationParameters"]
        query = name(side, "q", said["queryId"]) if "queryId" in said else None
        entries.append((entry["version"], entry["operation"], query, said.get("epochId")))
    return entries


def txns(side, table):
    found = {alias: table.transaction_version(identity) for identity, alias in side.names.items() if alias[0] == "q"}
    return {alias: version for alias, version in found.items() if version is not None}


def offsets(checkpoint):
    """Batch → the source log's entry that its plan names."""
    folder = checkpoint / "offsets"
    if not folder.exists():
        return None
    return {n: (folder / str(n)).read_text().splitlines()[-1:] for n in numbers(folder)}


def files(checkpoint):
    """All files but what one side alone has: Spark's .crc twins, the lab's _schemas."""
    if not checkpoint.exists():
        return None
    found = [str(file.relative_to(checkpoint)) for file in checkpoint.rglob("*") if file.is_file()]
    return sorted(file for file in found if not file.endswith(".crc") and not file.startswith("_schemas/"))


def progress(entry):
    source = entry["sources"][0]
    return {
        "batchId": entry["batchId"], "numInputRows": entry["numInputRows"],
        "from": source["startOffset"], "to": source["endOffset"],
        "durations": sorted(set(entry["durationMs"]) - {"queryPlanning"}),  # the lab plans no query
        "keys": list(entry), "sink's keys": list(entry["sink"]),
        "source's keys": [key for key in source if key != "metrics"],  # cloudFiles has them, the file source not
    }


# The JSON's keys, file by file.

def shapes_of(side):
    """Every JSON line on disk: which file, which keys, which type each."""
    found = {}
    for kind, lines in json_lines(side):
        for line in lines:
            for part, keys in parts(kind, line):
                found.setdefault(part, {}).update(keys)
    return found


def json_lines(side):
    for kind, pattern in (("metadata", "metadata"), ("offsets/N", "offsets/[0-9]*"), ("commits/N", "commits/[0-9]*"),
                          ("sources/0/K", "sources/0/[0-9]*")):
        for file in side.checkpoint.glob(pattern):
            yield kind, [json.loads(line) for line in file.read_text().splitlines() if line != "v1"]
    for file in (side.table / "_delta_log").glob("*.json"):
        yield "_delta_log", [json.loads(line) for line in file.read_text().splitlines()]


def parts(kind, line):
    if kind != "_delta_log":
        where = f"{kind}, plan" if kind == "offsets/N" and "logOffset" not in line else kind
        yield where, types(line)
        return
    for action, fields in line.items():
        yield f"_delta_log: {action}", types(fields)
        if action == "commitInfo":
            yield f"_delta_log: operationParameters of {fields['operation']}", types(fields["operationParameters"])
            yield f"_delta_log: operationMetrics of {fields['operation']}", types(fields["operationMetrics"])
        if action == "add":
            yield "_delta_log: stats", types(json.loads(fields["stats"]))


def types(fields):
    return {key: type(value).__name__ for key, value in fields.items()}


# The keys that only the lab writes. Any other difference fails.
ONLY_OURS = {
    "sources/0/K": ["size", "discovered"],  # what was there at listing, and when: a replay reads no more
    "_delta_log: commitInfo": ["tags"],  # the range of the source log that the commit loaded
}


class Page:
    def __init__(self):
        self.lines = []

    def section(self, title):
        self.lines += ["", f"## {title}", "",
                       "| then a load | rows | query id | batches run | history: version, operation, query, epoch | txn | checkpoint | as the lab |",
                       "|---|--:|---|---|---|---|---|---|"]

    def step(self, title, theirs, differing, failed):
        newest = theirs["history"][-1:] and " ".join(str(part) for part in theirs["history"][-1] if part is not None)
        txns = ", ".join(f"{query}: {version}" for query, version in theirs["txns"].items())
        outcome = "NO: " + ", ".join(differing) if differing else "yes" if not failed else f"yes: {failed}"
        batches = f"fails: {theirs['failure']}" if theirs["failure"] else ", ".join(map(str, theirs["batches"])) or "none"
        self.lines.append(f"| {title} | {theirs['rows']} | {theirs['query id']} | {batches} | {newest} | {txns} "
                          f"| {folders(theirs['checkpoint'])} | {outcome} |")

    def shapes(self, theirs, ours):
        self.lines += ["", "## Keys of the JSON on disk", "", "| where | in both | only in the lab | only in Spark |", "|---|---|---|---|"]
        for where in sorted(theirs.keys() | ours.keys()):
            their, our = theirs.get(where, {}), ours.get(where, {})
            both = {key for key in their if key in our}
            extra, missing = [k for k in our if k not in their], [k for k in their if k not in our]
            check(f"types in {where}", {k: our[k] for k in both}, {k: their[k] for k in both})
            check(f"keys only in the lab's {where}", extra, ONLY_OURS.get(where, []))
            check(f"keys only in Spark's {where}", missing, [])
            self.lines.append(f"| {where} | {', '.join(k for k in their if k in both)} | {', '.join(extra)} | {', '.join(missing)} |")

    def write(self, version):
        """A page that was not up to date fails once, and is by then."""
        text = INTRODUCTION.format(version=version) + "\n".join(self.lines) + "\n" + CLOUD_FILES
        check("COMPARISON.md is up to date", PAGE.exists() and PAGE.read_text() == text, True)
        PAGE.write_text(text)


def folders(checkpoint):
    """Files of a checkpoint in short: offsets 0…8, commits 0…8, …"""
    by_folder = {}
    for file in checkpoint or []:
        folder, _, entry = file.rpartition("/")
        by_folder.setdefault(folder, []).append(entry)
    return "; ".join(f"{folder} {span(entries)}".strip() for folder, entries in by_folder.items()) or "none"


def span(entries):
    """0 1 2 3 becomes 0…3."""
    if len(entries) > 2 and entries[:-1] == [str(n) for n in range(len(entries) - 1)]:
        return f"{entries[0]}…{entries[-1]}"
    return " ".join(entries)


INTRODUCTION = """# The lab and Spark, step by step

Written by `.ci/interop/run comparison`; do not edit. Spark {version} runs the notebook's load with its
open-source file source in the place of `cloudFiles`, the lab its own; both start with the same three files.
The columns show what Spark did. The last one tells whether the lab did the same in all that is compared:
every row, query and table ids kept or new, batches, offsets, files in the checkpoint, `txn`s and history of
the Delta log, and the progress that the query reports.
"""

CLOUD_FILES = """
## What would be different with Databricks' `cloudFiles`

Spark here is the open-source one. From Databricks' documentation and from what people have shown of their
checkpoints, on Databricks:

| here | with `cloudFiles` |
|---|---|
| `sources/0/K`: text, one line a file, compacted every tenth | `sources/0/rocksdb/`: a key-value store whose contents only Databricks reads |
| offset `{"logOffset":L}`: the source log's highest entry | `{"seqNum":…,"sourceVersion":1,…}`: seemingly a running number of files |
| damage to `sources/` or `offsets/`: as in the table above | undocumented; the rows above are the open-source file source's |
| files in sub-folders: Spark with `recursiveFileLookup`, the lab always | always |
| the schema is given to Spark; the lab infers it, into `_schemas/` | inferred, into `_schemas/` too, in a form of Databricks' own |
| Spark forgets and ignores files by `maxFileAge`, seven days; the lab never | never, unless `cloudFiles.maxFileAge` is set |
| Spark takes everything new in one batch; the lab at most 1,000 files | at most 1,000 files (`cloudFiles.maxFilesPerTrigger`) |
| progress: `FileStreamSource[…]`, without `metrics`; the lab: `CloudFilesSource[…]`, with them | `CloudFilesSource[…]`, with `numFilesOutstanding` and `numBytesOutstanding` |
| `metadata` lost: a new query id, numbering goes on | newer Spark, and runtimes built on it, refuse to start (`STREAMING_CHECKPOINT_MISSING_METADATA_FILE`) |
"""

"""Several processes at once: on one table through checkpoints of their own, and
on one checkpoint."""

import json
from collections import Counter

import spark as engine
from checks import check, count, same_rows, story
from deltalake import DeltaTable
from lab import ONE_BY_ONE, Lab, Load, notebook, numbers, source_rows, temporary_files
from readers import delta_rs_rows

LOADERS = 8


def run(spark, work, jars):
    with story(f"race: {LOADERS} processes append to one table"):
        one_table(spark, work / "table")
    with story("race: a second load on a checkpoint refuses"):
        second_refuses(Lab(work / "second"))
    with story(f"race: {LOADERS} processes on one checkpoint"):
        one_checkpoint(work / "checkpoint")


def one_table(spark, folder):
    lab = Lab(folder)
    for _ in range(7):
        lab.next_day()
    loaders = [Lab(folder, volumen_bronce=f"/Volumes/bronce_dev/datavision/v{i}") for i in range(LOADERS)]
    loads = finish([loader.begin("--opcion", ONE_BY_ONE) for loader in loaders])
    check("how they ended", [load.failure for load in loads], [None] * LOADERS)

    want = Counter({row: n * LOADERS for row, n in source_rows(*lab.source.iterdir()).items()})
    same_rows("delta-rs", notebook(delta_rs_rows(lab.table)), want)
    same_rows("Spark", notebook(engine.rows(spark, lab.table)), want)
    commits = 10 * LOADERS
    check("versions", versions(lab.table), list(range(1 + commits)))
    table = DeltaTable(lab.table)
    check("txns", [table.transaction_version(load.query_id) for load in loads], [9] * LOADERS)
    check("temporary files", temporary_files(folder), [])
    count("racing commits", commits)


def second_refuses(lab):
    first = lab.pause_at("planeado")
    second = lab.load()
    check("the second", (second.failure, second.end["lotes"]), ("CHECKPOINT_IN_USE", 0))
    first.communicate("\n")
    check("the first goes on", first.returncode, 0)
    same_rows("after both", notebook(delta_rs_rows(lab.table)), source_rows(*lab.source.iterdir()))
    check("nothing is left", lab.load().batches, [])


def one_checkpoint(folder):
    """However many try, every row is loaded once."""
    lab = Lab(folder)
    loads = finish([lab.begin("--opcion", ONE_BY_ONE) for _ in range(LOADERS)])
    worked = [load for load in loads if load.ok and load.batches]
    check("those that refuse say why", {load.failure for load in loads} <= {None, "CHECKPOINT_IN_USE"}, True)
    check("at least one works", len(worked) >= 1, True)
    same_rows("rows", notebook(delta_rs_rows(lab.table)), source_rows(*lab.source.iterdir()))
    check("batches", numbers(lab.checkpoint / "commits"), [0, 1, 2])
    check("temporary files", temporary_files(folder), [])


def finish(processes):
    return [Load([json.loads(line) for line in process.communicate()[0].splitlines()]) for process in processes]


def versions(table):
    return sorted(int(file.stem) for file in (table / "_delta_log").glob("*.json"))

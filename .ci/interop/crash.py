"""Kills loads at random moments. See ./crash.

Each round has a lab of its own, whose first load is killed too. Before every load a few files land; the load is
killed, and another reader looks at the table: it may hold whole files only, none
twice, and none may go away again. At the end of the round a load runs to its end,
and the table must hold every file once."""

import argparse
import json
import random
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

import checks
import lab as program
from checks import check, same_rows, story
from lab import ONE_BY_ONE, Lab, notebook, numbers, source_rows, temporary_files, write_csv
from readers import delta_rs_rows

KILLS_A_ROUND = 25
# The last event that a killed process told, and so what it was doing.
PHASES = {None: "starting", "listado": "discovering", "descubierto": "planning", "planeado": "writing",
          "escrito": "committing", "tabla_confirmada": "confirming", "confirmado": "between batches"}


def main(work, kills, seed):
    print(f"seed {seed}")
    dice = random.Random(seed)
    phases = Counter()
    for number in range(-(-kills // KILLS_A_ROUND)):
        with story(f"round {number}"):
            phases += one_round(Lab(work / str(number)), dice, min(KILLS_A_ROUND, kills - phases.total()))
        shutil.rmtree(work / str(number), ignore_errors=True)
    for phase in PHASES.values():
        print(f"killed while {phase}: {phases[phase]}")
        check(f"kills while {phase}", phases[phase] > 0, True)
    check("kills", sum(phases.values()), kills)
    return checks.close()


def one_round(lab, dice, kills):
    phases, seen = Counter(), set()
    if phase := killed(lab, dice):  # while it still prepares the folder, perhaps
        phases[phase] += 1
    source, table, checkpoint = lab.source, lab.table, lab.checkpoint
    files = {file.name: source_rows(file) for file in source.glob("*.csv")}
    check("rows of the bundled start", sum(files.values(), Counter()).total(), 552)
    while phases.total() < kills:
        for _ in range(dice.randint(1, 3)):
            file = write_csv(source / f"file {len(files)}.csv", 10_000 + 10 * len(files), dice.randint(1, 9))
            files[file.name] = source_rows(file)
        if phase := killed(lab, dice):
            phases[phase] += 1
        seen = look(table, files, seen)
    check("the last load", lab.load(ONE_BY_ONE).failure, None)
    same_rows("rows", notebook(delta_rs_rows(table)), sum(files.values(), Counter()))
    check("batches", numbers(checkpoint / "commits"), numbers(checkpoint / "offsets"))
    check("temporary files", temporary_files(lab.folder), [])
    return phases


def killed(lab, dice):
    """Starts a load and kills it: after some milliseconds, or a moment after an
    event drawn by lot, so that no phase is missed for being short. Tells what it
    was doing; None when it came to its end before."""
    process, told = lab.begin("--opcion", ONE_BY_ONE), []
    if dice.random() < 0.4:
        time.sleep(dice.uniform(0, 0.08))
    else:
        wanted = dice.choice(["listado", "listado", *list(PHASES)[1:]])  # soon over: drawn more often
        for line in process.stdout:
            told.append(line)
            if json.loads(line)["evento"] == wanted:
                break
        time.sleep(dice.choice([0, dice.uniform(0, 0.004)]))
    process.kill()
    told += process.stdout.readlines()
    process.communicate()
    last = json.loads(told[-1])["evento"] if told else None
    return PHASES.get(last)


def look(table, files, seen):
    """What another reader sees: whole files, each once, and none gone again."""
    if not (table / "_delta_log" / f"{0:020d}.json").exists():
        return seen
    rows = notebook(delta_rs_rows(table))
    now = {name for name, wanted in files.items() if wanted & rows}
    same_rows("the reader's view", rows, sum((files[name] for name in now), Counter()))
    check("files that went away again", seen - now, set())
    return now


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("work", type=Path)
    arguments.add_argument("--kills", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    given = arguments.parse_args()
    program.program = given.work / "lab"
    sys.exit(main(given.work, given.kills, given.seed))

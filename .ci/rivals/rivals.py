"""Runs the rows of the table, in one process of small memory. See ./run."""

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import proofs
import speed
from table import PAGE, Table

ROWS = {**speed.ROWS, **proofs.ROWS}


class Bench:
    """What every row works with: where data and programs are, and how much of all there should be."""

    def __init__(self, repository, programs, folder, arguments):
        self.repository, self.programs, self.folder = repository, programs, folder
        self.rounds, self.quick, self.seed = arguments.rounds, arguments.quick, arguments.seed
        self.closing = ExitStack()
        self.table = Table(repository, repository / ".bench" / "rivals.json", None if self.quick else PAGE)

    def size(self, n):
        return n // 10 if self.quick else n


def main():
    flags = argparse.ArgumentParser(prog=".ci/rivals/run")
    flags.add_argument("repository", type=Path, help=argparse.SUPPRESS)
    flags.add_argument("programs", type=Path, help=argparse.SUPPRESS)
    flags.add_argument("--rows", default=",".join(ROWS), help=f"of {', '.join(ROWS)}")
    flags.add_argument("--quick", action="store_true", help="a tenth of the sizes; times are told, not judged")
    flags.add_argument("--rounds", type=int, default=5, help="how often each takes its turn")
    flags.add_argument("--seed", type=int, help="draws the random tables again")
    flags.add_argument("--dir", type=Path, default=os.environ.get("RIVALS_DIR"), help="where data goes, and stays with --keep")
    flags.add_argument("--keep", action="store_true", help="leaves the data for the next run")
    arguments = flags.parse_args()
    wanted = arguments.rows.split(",")
    if unknown := [row for row in wanted if row not in ROWS]:
        flags.error(f"no such row: {', '.join(unknown)}")
    folder = arguments.dir or Path(tempfile.mkdtemp(prefix="rivals-"))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.pop("LAB_DIR", None)
    bench = Bench(arguments.repository, arguments.programs, folder.resolve(), arguments)
    try:
        for row in filter(wanted.__contains__, ROWS):  # the proofs last: they bring Spark into this process
            bench.table.begin(row)
            ROWS[row](bench)
    finally:
        bench.closing.close()
        if not arguments.keep:
            shutil.rmtree(folder)
    bench.table.close({row: run.__doc__.splitlines()[0] for row, run in ROWS.items()})
    return 1 if bench.table.missed else 0


if __name__ == "__main__":
    sys.exit(main())

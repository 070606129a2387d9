"""The table: what was measured and proved, kept between runs of single rows, and
written as TABLE.md."""

import json
import os
import platform
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).with_name("TABLE.md")
PACKAGES = ["polars", "duckdb", "pyspark", "delta-spark", "deltalake", "pyarrow"]


class Table:
    """Lines by row. A line that is judged has met True or False; one that is only told has None."""

    def __init__(self, repository, kept, page):
        self.repository, self.kept, self.page = repository, kept, page  # no page: times are not judged
        self.lines = {} if not page else json.loads(kept.read_text()) if kept.exists() else {}
        self.missed = []

    def begin(self, row):
        self.row, self.lines[row] = row, {"run": self.run(), "lines": []}
        print(f"\n{row}", flush=True)

    def line(self, what, got, beside="", target="", met=None):
        self.lines[self.row]["lines"].append([what, got, beside, target, met])
        if met is False:
            self.missed.append(f"{self.row}: {what}: {got}, not {target}")
        print(f"  {sign(met):6} {what}: {got}  {beside}  {target}", flush=True)

    def measure(self, what, got, beside, target, met):
        """A line that is judged, but not with data too small to tell."""
        self.line(what, got, beside, target, met if self.page else None)

    def ratio(self, what, lab, rival, name, at_most):
        """Judges the lab's best time by a multiple of a rival's best; None tells it only."""
        figure = lab.best / rival.best
        if at_most is None:
            return self.line(what, f"{lab} = {figure:.2f} × {name}", f"{name} {rival}")
        self.measure(what, f"{lab} = {figure:.2f} × {name}", f"{name} {rival}", f"≤ {at_most:.3g} ×", figure <= at_most)

    def at_most(self, what, got, limit, write, beside=""):
        self.measure(what, write(got), beside, f"≤ {write(limit)}", got <= limit)

    def proof(self, what, failures, counted, beside=""):
        """Judges by a list of what went wrong: it must be empty."""
        self.line(what, "; ".join(failures) if failures else counted, beside, "equal", not failures)

    def run(self):
        changed = self.git("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{PAGE.relative_to(self.repository)}")
        return f"{date.today()}, {self.git('rev-parse', '--short', 'HEAD')}{' and changes' if changed else ''}"

    def git(self, *arguments):
        return subprocess.run(["git", *arguments], cwd=self.repository, capture_output=True, text=True, check=True).stdout.strip()

    def close(self, rows):
        """Writes the page, in the order of rows, and tells what was missed."""
        if self.page:
            self.kept.parent.mkdir(exist_ok=True)
            self.kept.write_text(json.dumps(self.lines, ensure_ascii=False, indent=1))
            self.page.write_text(self.text(rows))
        for missed in self.missed:
            print(f"missed: {missed}")
        judged = [line for row in self.lines.values() for line in row["lines"] if line[4] is not None]
        print(f"{sum(line[4] for line in judged)} met, {len(self.missed)} missed")

    def text(self, rows):
        there = [row for row in rows if row in self.lines]
        runs = sorted({self.lines[row]["run"] for row in there})
        parts = [HEAD.format(machine=machine(), versions=versions(), runs="; ".join(runs))]
        for row in there:
            kept = self.lines[row]
            when = "" if len(runs) == 1 else f"\n\nMeasured {kept['run']}."
            parts.append(f"\n## {row}: {rows[row]}{when}\n\n| what | the lab | beside it | target | |\n|---|---|---|---|---|\n")
            parts += ["| " + " | ".join([*line[:4], sign(line[4])]) + " |\n" for line in kept["lines"]]
        return "".join(parts)


def sign(met):
    return {None: "told", True: "met", False: "MISSED"}[met]


def machine():
    cpu = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.processor())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}"


def versions():
    go = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True).stdout.strip()
    return ", ".join([go, f"Python {sys.version.split()[0]}"] + [f"{name} {version(name)}" for name in PACKAGES])


HEAD = """# The load beside its rivals

Written by `.ci/rivals/run`; do not edit. The lab is always a whole process, `lab cargar` with its default options:
start-up, listing, checkpoint, statistics, rescued data, fsync and Delta commit included. A rival's time is by its own
clock, warm, without start-up and import, and without fsync: the stricter measure, and the one that is judged. All
take turns, lab, rival, lab, rival, at least five times each; the best of each counts, and the median is told.

- Machine: {machine}
- Versions: {versions}
- Measured: {runs}
"""

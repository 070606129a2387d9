"""The built program, driven as a student would: commands in, JSON out."""

import csv
import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

program = Path("lab")  # the suite sets it
fixtures = Path("fixtures/days")  # and this: the bundled days, in their order

COLUMNS = ["account_feature_id", "account_id", "feature_id", "purchase_date", "amount_paid"]
ONE_BY_ONE = "cloudFiles.maxFilesPerTrigger=1"
SEAMS = ["descubierto", "planeado", "escrito", "tabla_confirmada"]


# Commands that speak of a checkpoint, and so of the variant; of neither table nor checkpoint.
VARIANT_COMMANDS = {"cargar", "estado", "borrar-checkpoint"}
PLAIN_COMMANDS = {"deshacer", "sql", "--version"}


class Lab:
    """One folder of the lab, with one variant and one setting of the widgets."""

    def __init__(self, folder, variant="cuaderno", **widgets):
        self.folder, self.variant = Path(folder), variant
        self.widgets = [f"--{name.replace('_', '-')}={value}" for name, value in widgets.items()]

    def run(self, command, *args):
        return subprocess.run(self.argv(command, *args), capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def argv(self, command, *args):
        flags = [] if command in PLAIN_COMMANDS else self.widgets
        if command in VARIANT_COMMANDS:
            flags = [*flags, "--variante", self.variant]
        return [str(program), command, *map(str, args), *flags, "--dir", str(self.folder)]

    def json(self, command, *args):
        done = self.run(command, *args, "--json")
        if done.returncode:
            raise RuntimeError(f"lab {command}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def load(self, *options, progress=None):
        """Runs `lab cargar`; a load that fails is an answer too."""
        flags = [flag for option in options for flag in ("--opcion", option)]
        flags += ["--progreso", progress] if progress else []
        done = self.run("cargar", "--json", *flags)
        return Load([json.loads(line) for line in done.stdout.splitlines()])

    def begin(self, *flags):
        """Starts `lab cargar` and goes on without waiting for it."""
        return subprocess.Popen(self.argv("cargar", "--json", *flags), stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def pause_at(self, seam):
        """Starts a load and waits until it stops at a seam of its first batch."""
        process = self.begin("--pausa-en", seam)
        for line in process.stdout:
            if json.loads(line)["evento"] == seam:
                return process
        raise RuntimeError(f"the load ended before it reached {seam}")

    def kill_at(self, seam):
        """Loads up to a seam of the first batch, and SIGKILLs the process there."""
        process = self.pause_at(seam)
        process.kill()
        process.communicate()

    def state(self):
        return self.json("estado")

    @property
    def source(self):
        return Path(self.state()["origen"]["ruta"])

    @property
    def checkpoint(self):
        return Path(self.state()["checkpoint"]["ruta"])

    @property
    def table(self):
        return Path(self.state()["tabla"]["ruta"])

    def next_day(self):
        """Lands the next day that has rows (2025-03-09 has none)."""
        while True:
            if file := self.json("avanzar-dia")["archivo"]:
                return Path(file)

    def bring(self, *files):
        return [Path(path) for path in self.json("traer", *files)["rutas"]]

    def count(self):
        return self.json("contar")["filas"]

    def rows(self, version=None):
        """All rows of the table as the lab's own SQL gives them."""
        name = self.state()["tabla"]["nombre"]
        when = "" if version is None else f" VERSION AS OF {version}"
        done = self.run("sql", f"SELECT * FROM {name}{when}", "--formato", "json")
        if done.returncode:
            raise RuntimeError(f"lab sql: {done.stdout}{done.stderr}")
        return Counter(tuple(row.values()) for row in json.loads(done.stdout))


class Load:
    """What a run of `lab cargar` told."""

    def __init__(self, events):
        self.events, self.end = events, events[-1]
        self.ok = self.end["estado"] == "TERMINADA"
        self.query_id = self.end["consulta_id"]
        self.batches = sorted({e["lote"] for e in events if e["evento"] == "confirmado"})
        self.failure = None if self.ok else self.end["error"]["clase"]

    def only(self, name):
        return [event for event in self.events if event["evento"] == name]


def source_rows(*files):
    """The rows that CSV files must become, by the notebook's five columns."""
    rows = Counter()
    for file in files:
        with open(file, newline="", encoding="utf-8") as text:
            lines = csv.reader(text)
            next(lines)
            rows.update(tuple(cell or None for cell in line) for line in lines)
    return rows


def notebook(rows):
    """Rows of a table cut to the notebook's five columns: fecha_carga is the day
    of the run, and _rescued_data must be NULL."""
    assert all(row[5] is None and row[6] for row in rows), "a rescued value or no fecha_carga"
    cut = Counter()
    for row, n in rows.items():
        cut[row[:5]] += n
    return cut


def write_csv(path, first_id, rows):
    """A file of one's own, with keys that no bundled day has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [",".join(COLUMNS)]
    lines += [f"{first_id + i},1,2,2025-03-01 10:00:00,9.99" for i in range(rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def days():
    return sorted(fixtures.glob("*.csv"))


def remove(*paths):
    """Removes files or folders, and the .crc twin that a Spark left beside them."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        twin = path.with_name(f".{path.name}.crc")
        if twin.exists():
            twin.unlink()


def numbers(folder):
    """The numbered entries of a log folder, in order."""
    return sorted(int(name) for name in os.listdir(folder) if name.isdigit())


def temporary_files(folder):
    """What a writer left half-written: the lab's temporary files end in .tmp."""
    return sorted(str(file.relative_to(folder)) for file in Path(folder).rglob("*.tmp"))

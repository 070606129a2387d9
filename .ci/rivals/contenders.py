"""Who takes part: the lab, always as a whole process; a rival, by its own clock
or as a whole process; and how they take turns."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

RIVAL = Path(__file__).with_name("rival.py")
TABLE = "account_premium_features"


@dataclass
class Sample:
    """What one run took, and what it wrote. files are the lab's data files, in their order."""

    seconds: float
    rows: int = 0
    bytes: int = 0
    peak: int = 0
    files: list = field(default_factory=list)
    events: list = field(default_factory=list)


def process(argv, **environment):
    """Runs a program to its end: seconds, peak memory in bytes (of the biggest
    process, if it has children), and what it printed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        child = subprocess.Popen([str(arg) for arg in argv], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                 env={**os.environ, **environment})
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        printed = out.read().decode()
        if child.returncode:
            raise RuntimeError(f"{' '.join(map(str, argv))}: exit {child.returncode}\n{printed}{err.read().decode()}")
    return seconds, usage.ru_maxrss << 10, printed


class Lab:
    """The built program on a landing folder, in a lab folder of its own."""

    def __init__(self, program, landing, folder):
        self.program, self.landing, self.folder = program, landing, folder

    def load(self, *options, before=(), **environment):
        """Runs the load in the lab's folder, whatever it knows by now."""
        flags = [flag for option in options for flag in ("--opcion", option)]
        os.sync()  # what others wrote is none of its fsync's business
        seconds, peak, out = process([*before, self.program, "cargar", "--json", "--dir", self.folder,
                                      "--volumen-landing", f"file://{self.landing}", *flags], **environment)
        events = [json.loads(line) for line in out.splitlines()]
        written = [event for event in events if event["evento"] == "escrito"]
        return Sample(seconds, events[-1]["filas_escritas"], sum(event["bytes"] for event in written), peak,
                      [event["ruta"] for event in written], events)

    def first_load(self, *options, **how):
        """Runs the load as the first one of a new lab."""
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.load(*options, **how)

    @property
    def table(self):
        return self.folder / "catalogs" / "bronce_dev" / "datavision_bruno" / TABLE


class Rival:
    """A rival that has been started: it imports once, and every run after the
    first is warm. While others take their turn it stands still: a JVM compiles
    and collects long after its answer."""

    def __init__(self, name, source, folder):
        self.name, self.out = name, folder / name
        folder.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen([sys.executable, str(RIVAL), name, str(source)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder,
                                        process_group=0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGCONT)
        self.process.stdin.close()
        self.process.wait()
        shutil.rmtree(self.out, ignore_errors=True)

    def load(self):
        shutil.rmtree(self.out, ignore_errors=True)
        os.sync()
        os.killpg(self.process.pid, signal.SIGCONT)
        self.process.stdin.write(f"{self.out}\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("{"):
                os.killpg(self.process.pid, signal.SIGSTOP)
                return Sample(**json.loads(line))
        raise RuntimeError(f"{self.name} ended")


def whole_process(name, source, folder):
    """A rival from nothing to its end, as the lab is measured."""
    out = folder / f"{name}-whole"
    shutil.rmtree(out, ignore_errors=True)
    os.sync()
    seconds, peak, printed = process([sys.executable, RIVAL, name, source, out])
    shutil.rmtree(out)
    return Sample(**{**json.loads(printed.splitlines()[-1]), "seconds": seconds, "peak": peak})


def alternate(rounds, contenders, warm=True):
    """Each contender in turn, round after round, because machines drift; with a
    first round that only warms up. All must have written the same rows."""
    samples = {name: [] for name in contenders}
    for n in range(1 - warm, rounds + 1):
        for name, run in contenders.items():
            sample = run()
            if n:
                samples[name].append(sample)
    return {name: Runs(runs) for name, runs in samples.items()}


class Runs(list):
    """The samples of one contender."""

    @property
    def best(self):
        return min(sample.seconds for sample in self)

    @property
    def peak(self):
        return max(sample.peak for sample in self)

    @property
    def last(self):
        return self[-1]

    def __str__(self):
        return f"{seconds(self.best)} (median {seconds(median(sample.seconds for sample in self))})"


def seconds(s):
    return f"{s * 1000:.0f} ms" if s < 0.3 else f"{s:.2f} s"

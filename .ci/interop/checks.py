"""Counts what the stories assert. A check that fails is told and the story goes
on; an exception ends its story and counts as a failed check."""

import time
import traceback
from contextlib import contextmanager

passed = 0
failures = []
figures = {}  # what was compared, for the last lines
_story = ""


def check(what, got, want):
    global passed
    if got == want:
        passed += 1
        return True
    failures.append(f"{_story}: {what}")
    print(f"    FAILED {what}\n      got  {short(got)}\n      want {short(want)}", flush=True)
    return False


def same_rows(what, got, want):
    """Compares two Counters of rows, and says which rows are too many or missing."""
    figures["rows compared"] = figures.get("rows compared", 0) + sum(want.values())
    extra, missing = got - want, want - got
    check(f"{what}: rows too many", sorted(extra.elements(), key=str)[:3], [])
    check(f"{what}: rows missing", sorted(missing.elements(), key=str)[:3], [])


def count(figure, n=1):
    figures[figure] = figures.get(figure, 0) + n


def short(value):
    text = str(value)
    return text if len(text) <= 600 else text[:600] + "…"


@contextmanager
def story(name):
    global _story
    _story, began = name, time.time()
    print(f"- {name}", flush=True)
    try:
        yield
    except Exception:
        failures.append(f"{name}: did not reach its end")
        traceback.print_exc()
    print(f"    {time.time() - began:.1f} s", flush=True)


def close():
    """Prints the figures and the last line; returns the exit code."""
    for name, n in figures.items():
        print(f"{name}: {n}")
    for failure in failures:
        print(f"failed: {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0

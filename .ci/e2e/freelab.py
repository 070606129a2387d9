"""The free lab: a load that stops at its seams, and dies at one."""

import json
import os
import subprocess
import time

from screen import load_ended
from terminal import PATIENCE, Failure, Terminal, children

NAME = "libre"


def play(course):
    folder = course.folder(NAME)
    terminal = Terminal(course.server, NAME, [course.lab, "--dir", folder, "--sin-animacion"])
    try:
        killed(course, terminal, folder)
    except Failure as err:
        course.results.check("the free lab", f"{err}\n" + "\n".join(terminal.lines()))
    finally:
        terminal.close()


def killed(course, t, folder):
    check = course.results.check
    t.until_shows("Laboratorio libre")
    t.press("l")
    t.until_shows("Ejecutar la carga")
    t.press("v")
    t.still()
    t.press("e")
    for seam in range(4):
        t.until_shows("espacio")
        child = paused_child(t)
        if seam < 3:
            before = t.lines()
            t.press("Space")
            t.until("the next seam", lambda lines: lines != before and "espacio" in "\n".join(lines))
            t.still()
    state = status(course, folder)
    check("paused after the table and before the commit", None if batches(state) == (0, None) else state)
    t.press("x")
    end = time.monotonic() + PATIENCE
    while os.path.exists(f"/proc/{child}/stat") and time.monotonic() < end:
        time.sleep(0.02)
    check("x kills the child", "it lives" if os.path.exists(f"/proc/{child}/stat") else None)
    t.until("the load to end", load_ended)
    state = status(course, folder)
    check("killed: planned, in the table, not committed", None if batches(state) == (0, None) and state["tabla"]["filas"] == state["origen"]["filas"] else state)
    t.press("Enter")
    t.still()
    t.press("v", "e")
    t.until("the load to end", load_ended)
    state = status(course, folder)
    check("run again: committed, and no row twice", None if batches(state) == (0, 0) and state["tabla"]["filas"] == state["origen"]["filas"] else state)
    t.press("Enter")
    t.still()
    t.press("q")


def paused_child(t):
    found = children(t.program())
    if len(found) != 1:
        raise Failure(f"one child was expected, there are {found}")
    return found[0]


def batches(state):
    return state["checkpoint"]["lote_planeado"], state["checkpoint"]["lote_confirmado"]


def status(course, folder):
    return json.loads(subprocess.run([course.lab, "--dir", folder, "estado", "--json"], check=True, capture_output=True, text=True).stdout)

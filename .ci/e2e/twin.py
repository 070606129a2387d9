"""The same student in plain mode: every line is known before."""

import subprocess

from course import DONT_KNOW, own_words, verb
from screen import DELETES
from terminal import Failure


def play(lab, folder, lesson, way):
    """Plays a lesson and gives what was written."""
    typed = "\n".join([str(lesson.number), *lines(lesson, way), "salir", ""])
    try:
        done = subprocess.run([lab, "--dir", folder, "--plano"], input=typed, capture_output=True, text=True, timeout=180)
    except subprocess.TimeoutExpired as err:
        raise Failure(f"plain mode does not end; it was typed:\n{typed}\nand told:\n{err.output}") from err
    if done.returncode or done.stderr:
        raise Failure(f"plain mode ended with {done.returncode}: {done.stderr}\n{done.stdout[-4000:]}")
    return done.stdout


def lines(lesson, way):
    for review in lesson.reviews:
        yield str(way.review(review) + 1)
    for step in lesson.steps:
        if step.question:
            option = way.answer(step)
            yield str(len(step.options) + 1 if option == DONT_KNOW else option + 1)
        if way.right:
            yield from ["pista"] * len({hint.get("nivel", 1) for hint in step.hints})
        if step.shown_by_lab and step.solution:
            yield "ejecutar"
        else:
            for action in step.solution:
                yield str(step.offered().index(action) + 1)
                if verb(action) in DELETES:
                    yield "s"
        if way.right or step.phase == "explica":
            yield from (f"celda {cell['numero']}" for cell in step.cells)
        if way.right:
            for number, question in enumerate(step.asked, 1):
                yield from [f"responde {number}", *own_words(question), ""]
        yield "siguiente"

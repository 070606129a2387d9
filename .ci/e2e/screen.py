"""A student at the interface: a lesson played with keys, and what the screen said."""

import re

from course import DONT_KNOW, own_words, says, verb
from terminal import NOTEBOOK, Failure, Terminal

DELETES = {"borrar-tabla", "borrar-checkpoint"}


class Student:
    def __init__(self, server, name, lab, folder):
        self.terminal = Terminal(server, name, [lab, "--dir", folder, "--sin-animacion"])
        self.said = []  # (what the student did, the page that was read then)

    def play(self, lesson, way):
        t = self.terminal
        t.until_shows("Laboratorio libre")
        for _ in range(lesson.number + 1):  # above the lessons is the one to go on with
            t.press("Down")
        t.until("the lesson's row to have the focus", lambda lines: any(re.search(rf"▸ +{lesson.number}  ", line) for line in lines))
        t.press("Enter")
        t.until_shows(f"repaso 1 de {len(lesson.reviews)}" if lesson.reviews else f"paso 1 de {len(lesson.steps)}")
        for review in lesson.reviews:
            self.review(review, way.review(review))
        for number, step in enumerate(lesson.steps, 1):
            t.until_shows(f"paso {number} de {len(lesson.steps)}")
            self.step(step, way)
            t.press("n")
            if number < len(lesson.steps):
                t.until_shows(f"paso {number + 1} de {len(lesson.steps)}")
        t.until_shows("Lección terminada")
        self.read("over", lesson.id)
        t.press("Escape")
        t.until_shows("lecciones 1 de 7")
        t.press("q")

    def review(self, review, option):
        t = self.terminal
        t.until("the question on an earlier lesson", lambda lines: bare_in(review["pregunta"], lines))
        t.press(str(option + 1), "Enter")
        t.until("the answer to be recorded", answered)
        self.read("review", 0)
        t.press("n")
        t.until("to go on", lambda lines: not bare_in(review["pregunta"], lines))

    def step(self, step, way):
        t = self.terminal
        self.read("begin", step.id)
        if step.question:
            if way.right:
                t.press("n")
                t.still()
                if step.data["titulo"] not in "\n".join(t.lines()):
                    raise Failure("a question that waits for its answer was passed by")
            option = way.answer(step)
            number = len(step.options) + 1 if option == DONT_KNOW else option + 1
            t.press(str(number), "Enter")
            t.until("the answer to be recorded", answered)
        if way.right and step.hints:
            self.hints(step)
        keys = step.keys()
        for action in step.solution:
            self.act(action, keys[action])
        if way.right or step.phase == "explica":  # there the cells come before the answer
            for cell in step.cells:
                self.run_cell(cell["numero"])
        self.read("end", step.id)
        if way.right:
            for question in step.asked:
                self.answer(question)

    def run_cell(self, number):
        """Presses the row of a cell of SQL, and waits for its answer below it."""
        t = self.terminal
        row = re.search(rf"^ *▸? {{1,5}}(\S)  Ejecutar la celda {number}\b", t.page(), re.M)
        if not row:
            raise Failure(f"cell {number} cannot be run:\n{t.page()}")
        t.press(row[1])
        t.until("the cell to have run", lambda lines: "… " not in lines[-2])
        t.still()
        page = t.page()
        if re.search(rf"celda {number}\b.*sin ejecutar", page) or f"Ejecutar la celda {number}" in page:
            raise Failure(f"cell {number} was run and does not say so:\n{page}")

    def answer(self, question):
        """Answers one of the notebook's questions in words of one's own."""
        t = self.terminal
        t.press("w")
        t.until("the place for an answer", lambda lines: "ctrl+s guardar" in lines[-1] and bare_in(question, lines))
        first, second = own_words(question)
        t.write(first)
        t.press("Enter")
        t.write(second)
        t.until("the words to be written", lambda lines: bare_in(second, lines))
        t.press("C-s")
        t.until("the answer to be kept", lambda lines: "Respuesta guardada" in lines[-2])
        t.still()
        if not says(t.page(), second):
            raise Failure(f"the answer is not seen:\n{t.page()}")

    def hints(self, step):
        t = self.terminal
        for level in sorted({hint.get("nivel", 1) for hint in step.hints}):
            t.press("h")
            self.said.append((("hint", step.id), self.page_with(f"Pista {level} de")))

    def page_with(self, words):
        """The page, once these words are somewhere on it."""
        page = ""
        def comes(_):
            nonlocal page
            self.terminal.still()
            page = self.terminal.page()
            return words in page
        self.terminal.until(f"«{words}» on the page", comes)
        return page

    def act(self, action, key):
        t = self.terminal
        before = t.page()
        if not re.search(rf"^ *▸? {{1,5}}{key}  \S", before, re.M):
            raise Failure(f"no key {key} for «{action}» on the page:\n{before}")
        told = t.lines()
        t.press(key)
        if verb(action) in DELETES:
            t.until_shows("¿Borrar")
            t.press("s")
            t.until("the question to close", lambda lines: "¿Borrar" not in "\n".join(lines))
        elif verb(action) == "cargar":
            t.until("the load to end", load_ended)
            self.said.append((("load", action), "\n".join(t.lines())))
            t.press("Enter")
            t.until("the notebook to come back", lambda lines: not load_ended(lines))
        elif action == "extraer":
            t.until_shows("Extraer un día")
            t.press("Enter")
            t.until("the question to close", lambda lines: "Extraer un día" not in "\n".join(lines))
        else:
            t.until("something to change", lambda lines: lines != told)
        t.still()

    def read(self, when, step):
        """The page with all that is folded opened, from its top."""
        t = self.terminal
        for _ in range(12):
            page = t.page()
            self.said.append(((when, step), page))
            if not re.search(r" {2}o (leer|todas|entera)( {2}|$)", page, re.M):
                return
            t.press("o")
            t.still()
            t.press(*["PPage"] * 6)
            t.still()
        raise Failure(f"something stays folded:\n{page}")

    def all_said(self):
        return "\n".join(page for _, page in self.said)


def answered(lines):
    """Whether no option can be chosen any more."""
    return "elegir" not in lines[-1]


def load_ended(lines):
    return re.match(" *enter seguir {3,}", lines[-1]) is not None


def bare_in(words, lines):
    return says("\n".join(line[NOTEBOOK] for line in lines), words)

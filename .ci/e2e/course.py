"""The lessons as their files say, and the answers that a way through one gives."""

import re
import tomllib
from pathlib import Path

DONT_KNOW = -1

# The letter of each of the engine's actions; the others are numbered.
LETTERS = {"cargar": "e", "contar": "c", "borrar-tabla": "t", "borrar-checkpoint": "b", "avanzar-dia": "d", "deshacer": "z"}


class Lesson:
    def __init__(self, path):
        with open(path, "rb") as file:
            data = tomllib.load(file)
        self.id, self.number, self.title = data["id"], data["numero"], data["titulo"]
        self.reviews = data.get("repaso", [])
        self.flows, self.learn = data.get("flujo", []), data["sabras"]
        self.steps = [Step(step) for step in data["paso"]]

    def questions(self):
        return [step for step in self.steps if step.question]

    def ways(self):
        """One way for each option of the question that has most, so that every
        option of every question is taken: the right ones, the first wrong ones, …,
        and last «no lo sé»."""
        wrong = max(len(step.wrong()) for step in self.steps)
        return [Way("right", 0)] + [Way(f"wrong {n}", n) for n in range(1, wrong + 1)] + [Way("no lo sé", DONT_KNOW)]


class Way:
    """What is answered to every question: the right option, or the nth wrong one."""

    def __init__(self, name, nth):
        self.name, self.nth, self.right = name, nth, nth == 0

    def answer(self, step):
        if self.nth == DONT_KNOW:
            return DONT_KNOW
        return self._of(step.right(), step.wrong())

    def right_ones(self, lesson):
        """How many of a lesson's predictions come true."""
        return sum(self.answer(step) == step.right() for step in lesson.questions())

    def review(self, review):
        right = [i for i, o in enumerate(review["opciones"]) if o.get("correcta")]
        return self._of(right[0], [i for i in range(len(review["opciones"])) if i not in right])

    def _of(self, right, wrong):
        if self.nth <= 0 or not wrong:
            return right
        return wrong[(self.nth - 1) % len(wrong)]


class Step:
    def __init__(self, data):
        self.data = data
        self.id, self.phase, self.title = data["id"], data["fase"], data["titulo"]
        self.actions, self.solution = data.get("acciones", []), data.get("solucion", [])
        self.shown_by_lab = data.get("como") == "demostracion"
        self.hints = data.get("pista", [])
        self.question = data.get("pregunta")
        self.options = self.question["opcion"] if self.question else []
        self.cells = [c for c in data.get("celda", []) if c.get("accion", "").split(" ")[0] == "sql"]
        self.asked = [q["pregunta"] for q in data.get("preguntas_cuaderno", [])]

    def wrong(self):
        """Every wrong option is somebody's idea, and no right one is."""
        return [i for i, o in enumerate(self.options) if "idea" in o]

    def right(self):
        return next(i for i, o in enumerate(self.options) if "idea" not in o)

    def why(self, option):
        return self.question["nose"] if option == DONT_KNOW else self.options[option]["porque"]

    def offered(self):
        return list(dict.fromkeys(self.actions))

    def keys(self):
        """The key of each action that the step offers."""
        keys = {}
        for i, action in enumerate(self.offered()):
            letter = LETTERS.get(verb(action), "")
            keys[action] = letter if letter and letter not in keys.values() else str(i + 1)
        return keys


def own_words(question):
    """What a student says to one of the notebook's questions, in two lines."""
    return [f"Según yo: {question}", "él lo recuerda; ñandú | 1 204 *filas*"]


def verb(action):
    return re.match(r"[a-z-]+", action).group()


def load(folder):
    lessons = [Lesson(path) for path in sorted(Path(folder).glob("*.toml"))]
    if not lessons:
        raise SystemExit(f"e2e: no lessons in {folder}")
    return lessons


def bare(text):
    """Text without what a screen does to it: breaks, marks, memories' signs."""
    return re.sub(r"[\s`●◆■]", "", text)


def says(screen, template):
    """Whether a lesson's text, with any values in its {{…}}, is on a screen."""
    pieces = re.split(r"\{\{.*?\}\}", template, flags=re.S)
    return re.search(".{0,60}?".join(re.escape(bare(p)) for p in pieces), bare(screen), re.S) is not None

"""Plays the lessons; .ci/e2e/run tells how."""

import json
import re
import subprocess
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import course
import freelab
import screen
import twin
from terminal import Failure, Server

AT_ONCE = 4


class Results:
    def __init__(self):
        self.lock, self.passed, self.failed = threading.Lock(), 0, 0

    def check(self, name, problem=None):
        with self.lock:
            if problem is None:
                self.passed += 1
            else:
                self.failed += 1
                print(f"FAILED {name}\n{indented(problem)}", flush=True)


def indented(text):
    return "\n".join("    " + line for line in str(text).rstrip().split("\n"))


class Course:
    def __init__(self, lab, work, server, results):
        self.lab, self.work, self.server, self.results = lab, work, server, results

    def folder(self, *names):
        path = self.work / "-".join(re.sub(r"\W+", "_", name) for name in names)
        path.mkdir()
        return path

    def solved(self, lesson):
        """The state that the lesson's own solutions reach."""
        folder = self.folder(lesson.id, "solved")
        told = subprocess.run([self.lab, "--dir", folder, "lecciones", "--resolver", lesson.id], capture_output=True, text=True)
        if told.returncode:
            raise Failure(told.stdout + told.stderr)
        return self.state(folder, lesson)

    def state(self, folder, lesson):
        """The three memories of each of the lesson's pipelines, without what is
        another on every run."""
        states = {}
        for flow in lesson.flows or [{"nombre": ""}]:
            flags = [f"--{flag}={flow[flag]}" for flag in ("alumno", "variante", "tabla") if flag in flow]
            told = subprocess.run([self.lab, "--dir", folder / "lecciones" / lesson.id, "estado", "--json", *flags], capture_output=True, text=True)
            if told.returncode:
                raise Failure(f"no state: {told.stdout}{told.stderr}")
            state = json.loads(told.stdout)
            for memory in ("origen", "checkpoint", "tabla"):
                del state[memory]["ruta"]
            state["checkpoint"]["consulta_id"] = state["checkpoint"]["consulta_id"] is not None
            states[flow["nombre"]] = state
        return states

    def progress(self, folder, lesson):
        """What was recorded, without times and names that chance gives."""
        record = json.loads(chanceless((folder / "progreso.json").read_text()))["lecciones"][lesson.id]
        for chance in ("segundos", "empezada", "vista"):
            del record[chance]
        return record

    def answers(self, folder, lesson):
        """What the cells of SQL answered in each step, without what chance gives."""
        memory = json.loads(chanceless((folder / "lecciones" / lesson.id / "leccion.json").read_text().replace(str(folder), "FOLDER")))
        return {step: kept["celdas"] for step, kept in memory["pasos"].items() if "celdas" in kept}

    def unreported(self, folder, lesson):
        """What the report does not have of the cells and the student's words."""
        told = subprocess.run([self.lab, "--dir", folder, "informe", "--nombre", "Ana"], capture_output=True, text=True)
        if told.returncode:
            return told.stdout + told.stderr
        page = told.stdout.split("## Datos del informe")[0]
        for step in lesson.steps:
            for words in [*step.asked, *(words for q in step.asked for words in course.own_words(q))]:
                if words.replace("|", "\\|").replace("*", "\\*") not in page:
                    return f"not in the report: {words}\n{page}"
            for cell in step.cells:
                if not re.search(rf"^- Celda {cell['numero']}, \d{{4}}-\d\d-\d\d \d\d:\d\d UTC: `.+`\n\n\|.*\n\|---.*\n\| ", page, re.M):
                    return f"cell {cell['numero']} is not in the report:\n{page}"
        return None

    def play(self, lesson):
        """Every way through one lesson, in both modes."""
        name = f"lesson {lesson.number} {lesson.id}"
        try:
            solved = self.solved(lesson)
        except Failure as err:
            self.results.check(f"{name}, by its own solutions", err)
            return
        for way in lesson.ways():
            played, ran = {}, {}
            for mode in (self.on_screen, self.in_plain):
                where = f"{name}, {way.name}, {mode.__name__.replace('_', ' ')}"
                try:
                    folder, said = mode(lesson, way)
                    for problem in self.unsaid(lesson, way, said):
                        self.results.check(where, problem)
                    self.results.check(f"{where}: state", differs(solved, self.state(folder, lesson)))
                    played[mode] = self.progress(folder, lesson)
                    self.results.check(f"{where}: answers", self.misjudged(lesson, way, played[mode]))
                    ran[mode] = self.answers(folder, lesson)
                    if way.right:
                        self.results.check(f"{where}: report", self.unreported(folder, lesson))
                except Failure as err:
                    self.results.check(where, err)
            if len(played) == 2:
                self.results.check(f"{name}, {way.name}: the same record in both modes", differs(played[self.on_screen], played[self.in_plain]))
                self.results.check(f"{name}, {way.name}: the same answers of cells in both modes", differs(ran[self.on_screen], ran[self.in_plain]))

    def on_screen(self, lesson, way):
        folder = self.folder(lesson.id, way.name, "screen")
        student = screen.Student(self.server, folder.name, self.lab, folder)
        try:
            student.play(lesson, way)
            return folder, student.all_said()
        except Failure as err:
            raise Failure(f"{err}\n" + "\n".join(student.terminal.lines())) from err
        finally:
            student.terminal.close()

    def in_plain(self, lesson, way):
        folder = self.folder(lesson.id, way.name, "plain")
        return folder, twin.play(self.lab, folder, lesson, way)

    def unsaid(self, lesson, way, said):
        """What the lesson says and this student was not told."""
        expected = []
        for review in lesson.reviews:
            expected += [review["pregunta"], review["opciones"][way.review(review)]["porque"]]
        for step in lesson.steps:
            expected += [step.title, *paragraphs(step.data.get("texto", "")), step.data.get("fin", ""), *paragraphs(step.data.get("explica", ""))]
            if step.question:
                expected += [step.question["texto"], *(o["texto"] for o in step.options), step.why(way.answer(step))]
            if way.right:
                expected += [h["texto"] for h in step.hints if h.get("nivel", 1) > 1]
        expected += [*lesson.learn, f"{way.right_ones(lesson)} de {len(lesson.questions())}"]
        for words in expected:
            if course.says(said, words):
                self.results.check("said")
            else:
                yield f"never shown: {words}\n--- what was shown:\n{said}"

    def misjudged(self, lesson, way, record):
        steps = {step.id: step for step in lesson.steps if step.question}
        if record["predicciones"].keys() != steps.keys():
            return f"questions answered: {sorted(record['predicciones'])}, asked: {sorted(steps)}"
        for id, made in record["predicciones"].items():
            step = steps[id]
            if not made["resuelta"] or made["correcta"] != step.right() or made["opcion"] != way.answer(step):
                return f"{id}: {made}, the right option is {step.right()}"
            if made["acertada"] != (made["opcion"] == step.right()):
                return f"{id} is judged wrongly: {made}"
        if way.right:
            for question in (q for step in lesson.steps for q in step.asked):
                if record["respuestas"][question].get("propia") != "\n".join(course.own_words(question)):
                    return f"to «{question}» it was not answered what is kept: {record['respuestas'][question]}"
        if not record["hecha"] or record["pasos_hechos"] != [step.id for step in lesson.steps]:
            return f"not all was done: {record['pasos_hechos']}"
        return None


def chanceless(text):
    """Without times, and names that chance gives."""
    text = re.sub(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{8}\b", "ID", text)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)


def paragraphs(text):
    return [p for p in text.split("\n\n") if p.strip()]


def differs(want, got):
    if want == got:
        return None
    if isinstance(want, dict) and isinstance(got, dict):
        for key in sorted(want.keys() | got.keys()):
            if want.get(key) != got.get(key):
                return f"{key}: {differs(want.get(key), got.get(key))}"
    return f"want {want}\ngot  {got}"


def main(lab, work, *chosen):
    began = time.monotonic()
    lessons = course.load("lessons/es")
    if chosen:
        known = {name for l in lessons for name in (l.id, str(l.number))} | {freelab.NAME}
        if unknown := set(chosen) - known:
            raise SystemExit(f"e2e: no such lesson: {', '.join(sorted(unknown))}")
    server, results = Server(Path(work)), Results()
    plays = Course(lab, Path(work), server, results)
    jobs = [(plays.play, lesson) for lesson in lessons if not chosen or lesson.id in chosen or str(lesson.number) in chosen]
    if not chosen or freelab.NAME in chosen:
        jobs.append((freelab.play, plays))

    def run(job):
        try:
            job[0](job[1])
        except Exception:  # a defect of ours, which fails as loudly
            results.check(str(job[1]), traceback.format_exc())

    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(run, jobs))
    finally:
        server.stop()
    print(f"{results.passed} passed, {results.failed} failed ({time.monotonic() - began:.0f} s)")
    return 1 if results.failed or not results.passed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

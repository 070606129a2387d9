"""Tables of random values, drawn from a seed: the values, and the CSV files that say them."""

import csv
import io
import random
from dataclasses import dataclass

WORDS = "cuenta función año Ñandú café straße 数据 purchase plan premium 😀 e\u0301 naïve Ωmega плата".split()


@dataclass
class Dialect:
    """How the files say NULL, "" and a quote, and what the lab and Spark must be told about it.

    By default "" and an empty cell are both NULL, and a quote within quotes is
    not to be had; with these options every value is."""

    options: dict
    all_values: bool


PLAIN = Dialect({}, False)
FULL = Dialect({"nullValue": "NULL", "escape": '"'}, True)


# A column's values: each of these draws a column, and gives what draws its cells.

def key(draw):
    numbers = iter(range(draw.randrange(10**9), 10**12))
    return lambda: str(next(numbers))


def code(draw):
    width = draw.choice([1, 5, 300, 70_000])
    return lambda: f"{draw.randrange(width):0{draw.choice([1, 4])}d}"


def moment(draw):
    fraction = draw.choice(["", "", f".{draw.randrange(10**6):06d}"])
    return lambda: (f"20{draw.randrange(20, 30)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d} "
                    f"{draw.randrange(24):02d}:{draw.randrange(60):02d}:{draw.randrange(60):02d}{fraction}")


def amount(draw):
    return lambda: f"{draw.choice(['', '-'])}{draw.randrange(1000)}.{draw.randrange(100):02d}"


def sentence(draw):
    between = draw.choice([" ", " ", "; ", ", "])
    return lambda: between.join(draw.choices(WORDS, k=draw.randrange(1, 6)))


def long(draw):
    """Longer than the 32 characters that statistics keep, and often the same up to there."""
    start = "ñ" * draw.randrange(28, 36)
    return lambda: start + "".join(draw.choices("az\u007f\uffee😀\U0010fffd", k=draw.randrange(0, 60)))


def binary(draw):
    """Control characters, what looks like bytes, and the ends of the encoding."""
    alphabet = ["\x01", "\x07", "\x1f", "\x7f", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff", "\U00010000", "\t", "|", "\\x00"]
    return lambda: "k" + "".join(draw.choices(alphabet, k=draw.randrange(1, 20)))


def constant(draw):
    value = draw.choice(["x", "2025-03-03", "a value of more than thirty-two characters"])
    return lambda: value


def null(draw):
    return lambda: None


def empty(draw):
    return lambda: ""


COLUMNS = [key, code, code, moment, amount, sentence, long, binary, constant, null]


@dataclass
class Drawn:
    """A table. Its rows are tuples, NULL as None, file by file."""

    seed: int
    dialect: Dialect
    header: list
    files: list

    @property
    def rows(self):
        return [row for file in self.files for row in file]


def draw_table(seed, columns, rows):
    draw = random.Random(seed)
    dialect, quotes = draw.choice([PLAIN, FULL]), draw.choice([0, 0, 0.0001, 0.1])
    cells = [sprinkle(draw, draw.choice(COLUMNS)(draw), dialect, quotes) for _ in range(columns)]
    header = [f"{draw.choice(WORDS[:4])}_{i}" for i in range(columns)]
    table = [tuple(cell() for cell in cells) for _ in range(rows)]
    cuts = sorted(draw.sample(range(rows), 2))
    return Drawn(seed, dialect, header, [table[:cuts[0]], table[cuts[0]:cuts[1]], table[cuts[1]:]])


def sprinkle(draw, cell, dialect, quotes):
    """Some cells NULL, some empty, some with quotes in them, as the dialect can say."""
    nulls, empties = draw.choice([0, 0, 0.1]), draw.choice([0, quotes])

    def value():
        chance, drawn = draw.random(), cell()
        if chance < nulls or not dialect.all_values and drawn == "":
            return None
        if not dialect.all_values:
            return drawn
        if chance < nulls + empties:
            return ""
        return f'say "{drawn}", they said' if drawn and draw.random() < quotes else drawn
    return value


def draw_values(seed, rows):
    """A column of each kind that is easily got wrong, among them cells of 100 kB."""
    draw = random.Random(seed)
    kinds = {"id": key, "nulls": null, "empties": empty, "longs": long, "binaries": binary, "equals": constant}
    cells = [kind(draw) for kind in kinds.values()]
    table = [tuple(cell() for cell in cells) + (None if i % 50 else chr(97 + i % 26) * 100_000,) for i in range(rows)]
    return Drawn(seed, FULL, [*kinds, "hundred_kilobytes"], [table])


def draw_wide(seed, columns, rows):
    draw = random.Random(seed)
    cells = [draw.choice([*COLUMNS, empty])(draw) for _ in range(columns)]
    return Drawn(seed, FULL, [f"c{i}" for i in range(columns)], [[tuple(cell() for cell in cells) for _ in range(rows)]])


def write(table, folder):
    """The files, each with line ends and needless quotes of its own."""
    folder.mkdir(parents=True)
    draw = random.Random(table.seed)
    for i, rows in enumerate(table.files):
        needless, end = draw.choice([0, 0, 0.00001, 0.001, 1]), draw.choice(["\n", "\n", "\r\n"])
        lines = (",".join(said(cell, draw.random() < needless) for cell in row) for row in rows)
        text = end.join([",".join(table.header), *lines, ""])
        (folder / f"{i}.csv").write_text(text, encoding="utf-8", newline="")


def write_soup(seed, folder, header, lines):
    """Files with plain lines, and lines of which any parser may think what it likes:
    all of them, one in ten, or one in a thousand."""
    folder.mkdir(parents=True)
    draw = random.Random(seed)
    bites = [b"a", b"bc", b"1", b",", b",", b",", b'"', b'"', b'""', b"\\", b"\r", b" ", b"\t", "é".encode(), "😀".encode(),
             b"\xff", b"\xc3", b"\xed\xa0\x80", b"'", b"#", b'","', b'",']
    for i, share in enumerate([1, 0.1, 0.1, 0.001, 0.001]):
        text = [",".join(header).encode()]
        for n in range(lines // 5):
            text.append(b"".join(draw.choices(bites, k=draw.randrange(12))) if draw.random() < share
                        else b"%d,plain %d,%d" % (n, draw.randrange(1000), draw.randrange(10**6)))
        (folder / f"{i}.csv").write_bytes(b"\n".join(text) + draw.choice([b"", b"\n"]))


def said(cell, quote):
    if cell is None:
        return ""
    if quote or cell == "" or "," in cell or '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def read_csv(folder):
    """The rows by Python's csv module, which cannot tell "" from an empty cell: both are None."""
    csv.field_size_limit(1 << 30)
    for file in sorted(folder.iterdir()):
        with open(file, newline="", encoding="utf-8") as text:
            lines = csv.reader(text)
            next(lines)
            yield from (tuple(cell or None for cell in line) for line in lines)

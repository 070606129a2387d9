"""Turns a screen as tmux captures it, with its colours, into an SVG.

    tmux capture-pane -p -e | python3 svg.py > screen.svg
"""

import html
import re
import sys
import unicodedata

CELL, LINE, SIZE = 8.4, 18, 14
PAPER, INK = "#16161e", "#d3d7e3"
SGR = re.compile(r"\x1b\[([0-9;:]*)m")
OTHER = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-ln-z]|\(B|\][^\x07]*\x07)")


def main():
    lines = [OTHER.sub("", line.rstrip("\n")) for line in sys.stdin]
    width = max(sum(cells(c) for c in SGR.sub("", line)) for line in lines)
    w, h = (width + 4) * CELL, (len(lines) + 2) * LINE
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:.0f} {h}" width="{w:.0f}" height="{h}" '
          f'font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="{SIZE}">')
    print(f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>')
    style = {}
    for row, line in enumerate(lines):
        draw(line, (row + 1) * LINE, style)
    print("</svg>")


def draw(line, top, style):
    """Draws one line; style is what the line before left switched on."""
    column, at = 0, 0
    for found in [*SGR.finditer(line), None]:
        run = line[at:found.start() if found else None]
        if run:
            put(run, (column + 2) * CELL, top, style)
            column += sum(cells(c) for c in run)
        if found:
            apply(found.group(1), style)
            at = found.end()


def put(run, left, top, style):
    ink, paper = style.get("ink", INK), style.get("paper")
    if style.get("reverse"):
        ink, paper = paper or PAPER, ink
    wide = sum(cells(c) for c in run) * CELL
    if paper:
        print(f'<rect x="{left:.1f}" y="{top}" width="{wide:.1f}" height="{LINE}" fill="{paper}"/>')
    if run.strip():
        bold = ' font-weight="bold"' if style.get("bold") else ""
        print(f'<text x="{left:.1f}" y="{top + LINE - 5}" fill="{ink}"{bold} textLength="{wide:.1f}" '
              f'xml:space="preserve">{html.escape(run)}</text>')


def apply(codes, style):
    numbers = [int(n or 0) for n in codes.replace(":", ";").split(";")]
    while numbers:
        n = numbers.pop(0)
        if n == 0:
            style.clear()
        elif n == 1:
            style["bold"] = True
        elif n == 7:
            style["reverse"] = True
        elif n == 22:
            style.pop("bold", None)
        elif n == 27:
            style.pop("reverse", None)
        elif n in (38, 48):
            style["ink" if n == 38 else "paper"] = colour(numbers)
        elif n == 39:
            style.pop("ink", None)
        elif n == 49:
            style.pop("paper", None)


def colour(numbers):
    if numbers.pop(0) == 2:
        return "#%02x%02x%02x" % tuple(numbers.pop(0) for _ in range(3))
    n = numbers.pop(0)
    if n >= 232:
        return "#" + f"{8 + (n - 232) * 10:02x}" * 3
    n -= 16
    steps = (0, 95, 135, 175, 215, 255)
    return "#%02x%02x%02x" % (steps[n // 36 % 6], steps[n // 6 % 6], steps[n % 6])


def cells(character):
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


if __name__ == "__main__":
    main()

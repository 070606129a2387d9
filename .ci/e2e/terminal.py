"""A private tmux with the program in it: keys go in, screens come out."""

import os
import subprocess
import time

COLUMNS, ROWS = 120, 36
NOTEBOOK = slice(0, 72)  # the columns left of the rule
PATIENCE = 30  # seconds; what takes this long is stuck


class Failure(Exception):
    """Something that a student would have seen go wrong."""


class Server:
    def __init__(self, folder):
        self.config = folder / "tmux.conf"
        self.config.write_text("set -g status off\nset -g default-terminal tmux-256color\nset -g escape-time 0\n")
        self.socket = folder / "tmux.socket"

    def run(self, *args):
        return subprocess.run(["tmux", "-S", self.socket, "-f", self.config, *args], check=True, capture_output=True, text=True).stdout

    def stop(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False, capture_output=True)


class Terminal:
    def __init__(self, server, name, command):
        self.server, self.name = server, name
        env = ["-e", "TERM=tmux-256color", "-e", "LANG=C.UTF-8"]
        server.run("new-session", "-d", "-s", name, "-x", str(COLUMNS), "-y", str(ROWS), *env, *map(str, command))

    def lines(self):
        try:
            return self.server.run("capture-pane", "-p", "-t", self.name).split("\n")[:ROWS]
        except subprocess.CalledProcessError as err:
            raise Failure(f"the program is gone: {err.stderr.strip()}") from err

    def press(self, *keys):
        self.server.run("send-keys", "-t", self.name, *keys)

    def write(self, words):
        self.server.run("send-keys", "-t", self.name, "-l", words)

    def until(self, what, happens):
        """Waits till a screen is as it should be."""
        end = time.monotonic() + PATIENCE
        while True:
            lines = self.lines()
            if happens(lines):
                return lines
            if time.monotonic() > end:
                raise Failure(f"waited in vain for {what}")
            time.sleep(0.04)

    def until_shows(self, words):
        return self.until(f"«{words}»", lambda lines: words in "\n".join(lines))

    def still(self):
        """Waits till nothing moves and no work is told of above the footer."""
        before = []
        def same(lines):
            nonlocal before
            unmoved, before = lines == before, lines
            return unmoved and not lines[-2].rstrip().endswith("…")
        return self.until("a still screen", same)

    def program(self):
        return int(self.server.run("list-panes", "-t", self.name, "-F", "#{pane_pid}"))

    def close(self):
        try:
            self.server.run("kill-session", "-t", self.name)
        except subprocess.CalledProcessError:
            pass  # the program has left already

    def page(self):
        """The whole notebook page, read by scrolling to its end and back."""
        read = []
        for turns in range(20):
            lines = self.still()
            page = [line[NOTEBOOK].rstrip() for line in lines[5:-2]]
            more = page[-1].startswith("   ↓")
            body = page[:-1] if more or turns else page
            read = joined(read, body)
            if not more:
                break
            self.press("NPage")
            self.until("the page to scroll", lambda now: now != lines)
        else:
            raise Failure("the page has no end")
        for _ in range(turns):
            self.press("PPage")
        if turns:
            self.still()
        return "\n".join(read)


def joined(read, body):
    """Lines read so far and the next window's, which begins with some of them."""
    for overlap in range(min(len(read), len(body)), 0, -1):
        if read[-overlap:] == body[:overlap]:
            return read + body[overlap:]
    return read + body


def children(pid):
    """The processes that a process has begun."""
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as file:
            found += map(int, file.read().split())
    return found

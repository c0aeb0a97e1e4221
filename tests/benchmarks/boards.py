"""What a person waits for in front of the board, measured in a pseudo-terminal."""

from __future__ import annotations

import math
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import processes
from tests.benchmarks.figures import Sample
from tests.terminal import Screen, Terminal
from tests.terminal.driver import replay

COLUMNS, ROWS = 120, 36
FLOORS = Path(__file__).parent / "floors"
QUIET_S = 0.15
"""A pause this long ends the answer to a key: nine frames of Textual's, far more than an answer may take."""
TITLE_LENGTH = 16
"""So much of a title is on every card at this width; titles of the demo differ in it from those of its key results."""

Seen = Callable[[Screen], bool]


@dataclass(frozen=True)
class Program:
    """Something to run in a terminal, and how to tell that its first useful screen is there."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    is_useful: Seen

    def start(self) -> Terminal:
        """The program in a terminal of the measured size."""
        gone = dict.fromkeys(name for name in os.environ if name not in self.environment)
        return Terminal.spawn(self.command, columns=COLUMNS, rows=ROWS, environment={**gone, **self.environment})


@dataclass(frozen=True)
class Keys:
    """A key that is measured, and what leads to it and back; none of those count."""

    name: str
    measured: Sequence[str]
    """Typed one after the other, each answer a value of its own."""
    back: Sequence[str]
    """Typed after them, so that they can be measured again."""
    before: str = ""
    after: str = ""


# From the left edge to the second column: its tasks are assigned, so that they can be moved on.
_TO_ASSIGNED, _TO_DONE = "hhhhl", "llll"
CURSOR_DOWN = Keys("cursor down", "jjjjjj", "kkkkkk", before=_TO_ASSIGNED)
SCROLLING = Keys("cursor down, scrolling", "j" * 50, "g", before=_TO_DONE)
# A card moved on, then taken back, so that any number of samples finds the board as it was.
CARD_ON = Keys("card to the next column", ">", "u", before=_TO_ASSIGNED)
FILTER = Keys("filter by key result", "4", "4")
SEARCH = Keys("search letter", "w", ["\x7f"], before="/", after="\x1b")
BOARD_KEYS = (CURSOR_DOWN, SCROLLING, CARD_ON, FILTER, SEARCH)
FLOOR_KEYS = (CURSOR_DOWN, Keys("card to the next column", ">", ""))


@dataclass(slots=True)
class KeyFigures:
    """Answers to one key."""

    after_ms: Sample = field(default_factory=Sample)
    cpu_ms: Sample = field(default_factory=Sample)
    """What the program computed, up to the pause that ends the answer."""
    bytes_out: Sample = field(default_factory=Sample)
    unanswered: int = 0


def empty_app(environment: Mapping[str, str]) -> Program:
    """The empty Textual app: useful as soon as it has painted."""
    return Program("empty Textual app", [sys.executable, str(FLOORS / "empty_app.py")], environment, _is_painted)


def bare_board(database: Path, environment: Mapping[str, str]) -> Program:
    """The bare virtual board on a database."""
    command = [sys.executable, str(FLOORS / "bare_board.py"), str(database)]
    return Program("bare virtual board", command, environment, titles_of(database))


def tracker_board(database: Path, environment: Mapping[str, str]) -> Program:
    """The board of the program."""
    return Program("tracker", processes.tracker_command(), environment, titles_of(database))


def titles_of(database: Path) -> Seen:
    """Whether a screen shows the titles of some tasks."""
    with closing(sqlite3.connect(database)) as connection:
        sql = "SELECT DISTINCT substr(title, 1, ?) FROM (SELECT title FROM task ORDER BY number LIMIT 2000)"
        titles = [title for title, in connection.execute(sql, (TITLE_LENGTH,))]

    def task_titles(screen: Screen) -> bool:
        text = screen.text
        return any(title in text for title in titles)

    return task_titles


@dataclass(slots=True)
class StartFigures:
    """Starts of one program."""

    useful_ms: Sample = field(default_factory=Sample)
    """From exec to the first useful screen."""
    last_change_ms: Sample = field(default_factory=Sample)
    """From exec to the last change of a cell before the program rests."""
    cpu_ms: Sample = field(default_factory=Sample)
    """What it computed until it rests; less at the mercy of what else the machine does."""


def start_once(program: Program, figures: StartFigures) -> None:
    """Start a program and add its figures."""
    began = time.perf_counter()
    with program.start() as terminal:
        terminal.wait_for(program.is_useful, within=60)
        terminal.settle(QUIET_S)
        figures.cpu_ms.add(processes.cpu_seconds(terminal.pid) * 1000)
        screen = Screen(COLUMNS, ROWS)
        useful = changed_last = math.nan
        for chunk, changed in replay(terminal.chunks, screen):
            if changed:
                changed_last = chunk.at - began
                if math.isnan(useful) and program.is_useful(screen):
                    useful = changed_last
        figures.useful_ms.add(useful * 1000)
        figures.last_change_ms.add(changed_last * 1000)


def starts(programs: Sequence[Program], rounds: int) -> dict[str, StartFigures]:
    """Figures by program; the programs take turns."""
    for program in programs:
        start_once(program, StartFigures())  # compiles and warms the file cache
    figures = {program.name: StartFigures() for program in programs}
    for _ in range(rounds):
        for program in programs:
            start_once(program, figures[program.name])
    return figures


def keys_of(program: Program, floor: Program, wanted: Sequence[Keys], samples: int) -> Iterator[
    tuple[Keys, KeyFigures, KeyFigures]
]:
    """Each key with its figures in `program` and, where it knows the key, in `floor`; both run and take turns."""
    with ExitStack() as stack:
        opened = [stack.enter_context(_at_rest(each)) for each in (program, floor)]
        for keys in wanted:
            on_floor = next((each for each in FLOOR_KEYS if each.name == keys.name), None)
            figures = KeyFigures(), KeyFigures()
            runs = [(opened[0], keys, figures[0])]
            if on_floor is not None:
                runs.append((opened[1], on_floor, figures[1]))
            _alternate(runs, samples)
            yield keys, *figures


def _alternate(runs: Sequence[tuple[Terminal, Keys, KeyFigures]], samples: int) -> None:
    for terminal, keys, _ in runs:
        for key in keys.before:
            terminal.answer(key, QUIET_S)
    while any(figures.after_ms.n + figures.unanswered < samples for _, _, figures in runs):
        for terminal, keys, figures in runs:
            _once(terminal, keys, figures)
    for terminal, keys, _ in runs:
        for key in keys.after:
            terminal.answer(key, QUIET_S)


def _once(terminal: Terminal, keys: Keys, figures: KeyFigures) -> None:
    for key in keys.measured:
        cpu_before = processes.cpu_seconds(terminal.pid)
        answer = terminal.answer(key, QUIET_S)
        if answer.after_s is None:
            figures.unanswered += 1
        else:
            figures.cpu_ms.add((processes.cpu_seconds(terminal.pid) - cpu_before) * 1000)
            figures.after_ms.add(answer.after_s * 1000)
            figures.bytes_out.add(answer.size)
    for key in keys.back:
        terminal.answer(key, QUIET_S)


def _at_rest(program: Program) -> Terminal:
    terminal = program.start()
    terminal.wait_for(program.is_useful, within=60)
    terminal.settle(0.5)
    return terminal


@dataclass(frozen=True, slots=True)
class Held:
    """A key held down."""

    lag_ms: float
    """From the last of the repeats to the last change: grows when keys queue up."""
    bytes_per_key: float


def held_down(program: Program, keys: str = "jk", repeats: int = 60, per_second: float = 30.0) -> Held:
    """Type `keys` over and over at a keyboard's repeat rate."""
    with _at_rest(program) as terminal:
        before = terminal.bytes_out
        due = time.perf_counter()
        for number in range(repeats - 1):
            terminal.send(keys[number % len(keys)])
            due += 1 / per_second
            time.sleep(max(0.0, due - time.perf_counter()))
        answer = terminal.answer(keys[(repeats - 1) % len(keys)], QUIET_S)
        lag = answer.after_s
        return Held(math.nan if lag is None else lag * 1000, (terminal.bytes_out - before) / repeats)


@dataclass(frozen=True, slots=True)
class Rest:
    """A program left alone after some use."""

    peak_mib: float
    proportional_mib: float
    cpu_ms_per_s: float
    bytes_out: int


def at_rest(program: Program, use: str, seconds: float) -> Rest:
    """Open it, type `use`, then leave it alone for so long."""
    with _at_rest(program) as terminal:
        for key in use:
            terminal.answer(key, QUIET_S)
        terminal.settle(1.5)
        before, cpu_before = terminal.bytes_out, processes.cpu_seconds(terminal.pid)
        time.sleep(seconds)
        cpu = processes.cpu_seconds(terminal.pid) - cpu_before
        return Rest(
            processes.peak_mib(terminal.pid), processes.proportional_mib(terminal.pid),
            cpu / seconds * 1000, terminal.bytes_out - before,
        )


def _is_painted(screen: Screen) -> bool:
    return screen.cell(0, 0).background != "default"

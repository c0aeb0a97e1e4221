"""Opening a screen beside the board against the board's own first paint, in one run; and how long a forecast takes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.benchmarks.boards import COLUMNS, ROWS, Program
from tests.benchmarks.figures import Sample
from tests.terminal import NotSeen, Screen, Terminal
from tests.terminal.driver import replay
from tracker.domain import forecast

KEYS: Mapping[str, str] = {
    "check-in": "C", "alignment": "G", "flow": "F", "calendar": "W", "plan back": "P", "cycle": "R", "triage": "T",
    "strategy": "S",
}
"""The key of each screen on the board."""
LEAVE = "\x1b"
QUIET_S = 0.4
"""A pause this long ends the opening: more than what a screen may compute before it writes."""
OPEN_TASKS, HISTORY_DAYS = 1_000, 365
"""What a forecast has to answer within 50 ms."""


@dataclass(slots=True)
class Openings:
    """Rounds of one program: its first paint, and how long each screen took to open in it."""

    board_ms: Sample = field(default_factory=Sample)
    first_ms: dict[str, Sample] = field(default_factory=lambda: {name: Sample() for name in KEYS})
    """The first time in a process: modules are loaded, nothing is remembered."""
    again_ms: dict[str, Sample] = field(default_factory=lambda: {name: Sample() for name in KEYS})


def open_once(program: Program, found: Openings) -> None:
    """Start the program, open each screen twice and leave it again; one that changes nothing is left out."""
    began = time.perf_counter()
    with program.start() as terminal:
        terminal.wait_for(program.is_useful, within=60)
        terminal.settle(QUIET_S)
        found.board_ms.add(first_useful(program, terminal, began) * 1000)
        for name, key in KEYS.items():
            for sample in (found.first_ms[name], found.again_ms[name]):
                after = terminal.answer(key, QUIET_S).after_s
                if after is not None:
                    sample.add(after * 1000)
                terminal.answer(LEAVE, QUIET_S)


def first_useful(program: Program, terminal: Terminal, began: float) -> float:
    """Seconds from `began` to the first chunk after which the screen was useful."""
    screen = Screen(COLUMNS, ROWS)
    for chunk, changed in replay(terminal.chunks, screen):
        if changed and program.is_useful(screen):
            return chunk.at - began
    raise NotSeen("no useful screen")


def forecasts(rounds: int) -> dict[str, Sample]:
    """Milliseconds of each question about 1,000 open tasks, asked of a year of history as a busy team leaves it."""
    chance = random.Random(OPEN_TASKS)
    history = [max(0, round(chance.gauss(3, 3))) if day % 7 < 5 else 0 for day in range(HISTORY_DAYS)]
    questions: dict[str, Callable[[], object]] = {
        "how many by a day in 30": lambda: forecast.how_many_by(history, 30, 85),
        "how many by a day in 365": lambda: forecast.how_many_by(history, 365, 85),
        "when are all done": lambda: forecast.when_done(history, OPEN_TASKS, 85),
        "how likely by a day in 365": lambda: forecast.chance_percent(history, OPEN_TASKS, 365),
    }
    found: dict[str, Sample] = {name: Sample() for name in questions}
    for _ in range(rounds):
        for name, ask in questions.items():
            began = time.perf_counter()
            ask()
            found[name].add((time.perf_counter() - began) * 1000)
    return found

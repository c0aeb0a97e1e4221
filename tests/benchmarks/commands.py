"""Whole-process times of the everyday commands, and of what moves many tasks."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.figures import Sample
from tests.benchmarks.processes import Run, run_whole, tracker_command

FLOOR = (sys.executable, "-c", "import sqlite3, typer")
IMPORTED_UP_TO = 100_000
"""Importing a million works too, and would only make a run longer."""


@dataclass(slots=True)
class CommandFigures:
    """Runs of one command."""

    wall_ms: Sample = field(default_factory=Sample)
    cpu_ms: Sample = field(default_factory=Sample)

    def add(self, run: Run) -> None:
        """One more run."""
        self.wall_ms.add(run.wall_s * 1000)
        self.cpu_ms.add(run.cpu_s * 1000)


def most_rounds(database: Path) -> int:
    """How many rounds the tasks of the database are enough for."""
    with closing(sqlite3.connect(database)) as connection:
        sql = "SELECT count(*) FROM task WHERE status IN ('backlog', 'assigned', 'doing') GROUP BY status"
        return int(min(n for n, in connection.execute(sql))) - 1


def everyday(database: Path, person: str, rounds: int) -> dict[str, Callable[[int], list[str]]]:
    """The one-task commands and lists by name: the words of each for round 0, 1, … so that none repeats a change."""
    with closing(sqlite3.connect(database)) as connection:
        def some(status: str) -> list[str]:
            sql = "SELECT id FROM task WHERE status = ? ORDER BY number LIMIT ?"
            return [id_ for id_, in connection.execute(sql, (status, rounds + 1))]

        backlog, assigned, doing = some("backlog"), some("assigned"), some("doing")
    return {
        "add": lambda n: ["add", f"Measured task {n} kr:2 due:fri"],
        "assign": lambda n: ["assign", backlog[n], person],
        "start": lambda n: ["start", assigned[n]],
        "done": lambda n: ["done", doing[n]],
        "show": lambda n: ["show", doing[n]],
        "list": lambda n: ["list"],
        "list kr:4 @person": lambda n: ["list", "kr:4", f"@{person}"],
        "list, a word": lambda n: ["list", "newsletter"],
    }


def measured(
    commands: Mapping[str, Callable[[int], Sequence[str]]], environment: Mapping[str, str], rounds: int
) -> tuple[CommandFigures, dict[str, CommandFigures]]:
    """The floor's figures and each command's; they take turns, floor first. Round 0 warms up and is not counted."""
    floor, figures = CommandFigures(), {name: CommandFigures() for name in commands}
    tracker = tracker_command()
    for number in range(rounds + 1):
        floor_run = run_whole(FLOOR, environment)
        runs = {name: run_whole([*tracker, *words(number)], environment) for name, words in commands.items()}
        if number:
            floor.add(floor_run)
            for name, run in runs.items():
                figures[name].add(run)
    return floor, figures


@dataclass(frozen=True, slots=True)
class Stream:
    """A command that goes over all tasks."""

    name: str
    tasks: int
    run: Run

    @property
    def tasks_per_second(self) -> float:
        """Over the whole process, start included."""
        return self.tasks / self.run.wall_s


def streams(size: int, environment: Mapping[str, str]) -> Iterator[Stream]:
    """`list --all` and the exports, written to a file."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        for words in (["list", "--all"], ["list", "--all", "--json"], ["export", "json"], ["export", "csv"]):
            yield Stream(" ".join(words), size, run_whole([*tracker_command(), *words], environment, output=out))


def import_of(size: int, environment: Mapping[str, str]) -> Stream:
    """Export everything, then import it into an empty database; the import's figures."""
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "all.json"
        run_whole([*tracker_command(), "export", "json"], environment, output=exported)
        empty = {**environment, "TRACKER_DB": str(Path(folder) / "new.db")}
        empty.pop("TRACKER_PERSON", None)
        run = run_whole([*tracker_command(), "import", str(exported)], empty, output=Path(folder) / "said")
    return Stream("import", size, run)

"""What is measured, one function a part; each gives the Markdown tables of its results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import boards, commands, screens
from tests.benchmarks.boards import KeyFigures
from tests.benchmarks.databases import working_copy
from tests.benchmarks.figures import Sample, figure, table
from tests.benchmarks.generated import AS_OF
from tests.benchmarks.processes import environment_for

PERSON = "mara"
"""Who acts: somebody of the demo's team."""
IDLE_SECONDS = 10.0
SCROLLS = 12
STREAMED_FROM = 1_000
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    sizes: Sequence[int]
    samples: int
    """Of each key."""
    rounds: int
    """Starts of each program, runs of each command."""


@dataclass(frozen=True)
class Workplace:
    """A copy of the database of one size, and the environment that names it."""

    size: int
    database: Path
    environment: Mapping[str, str]


def start(plan: Plan, say: Say) -> str:
    """First useful screen, as a multiple of the empty app's first paint."""
    with ExitStack() as stack:
        places = [_open(stack, size) for size in plan.sizes]
        empty = boards.empty_app(places[0].environment)
        ours = {place.size: _named(boards.tracker_board(place.database, place.environment), place) for place in places}
        bare = {place.size: _named(boards.bare_board(place.database, place.environment), place) for place in places}
        say(f"start: {plan.rounds} rounds of {1 + len(ours) + len(bare)} programs")
        figures = boards.starts([empty, *bare.values(), *ours.values()], plan.rounds)
    floor = figures[empty.name]
    rows = [["empty Textual app", "", figure(floor.useful_ms.median), figure(floor.useful_ms.p95), "1.00", "1.00", ""]]
    for name, programs in (("bare virtual board", bare), ("tracker", ours)):
        for size, program in programs.items():
            found = figures[program.name]
            rows.append([name, f"{size:,}", figure(found.useful_ms.median), figure(found.useful_ms.p95),
                         figure(found.useful_ms.ratio_to(floor.useful_ms)), figure(found.cpu_ms.ratio_to(floor.cpu_ms)),
                         figure(found.last_change_ms.median)])
    return _titled("First useful screen, against the empty Textual app", table(
        ["program", "tasks", "median ms", "p95 ms", "ratio", "ratio of CPU time", "last change, ms"], rows))


def keys(plan: Plan, say: Say) -> str:
    """Key press to last changed cell, and bytes, beside the bare board's."""
    rows = []
    for size in plan.sizes:
        say(f"keys: {plan.samples} samples of {len(boards.BOARD_KEYS)} keys on {size:,} tasks")
        with ExitStack() as stack:
            place = _open(stack, size)
            ours = boards.tracker_board(place.database, place.environment)
            bare = boards.bare_board(place.database, place.environment)
            for key, figures, floor in boards.keys_of(ours, bare, boards.BOARD_KEYS, plan.samples):
                rows.append([key.name, f"{size:,}", *_key_cells(figures, floor)])
    rows.sort(key=lambda row: [key.name for key in boards.BOARD_KEYS].index(row[0]))
    head = ["key", "tasks", "median ms", "p95 ms", "CPU ms", "bytes", "most bytes", "samples", "no change",
            "bare: ms", "CPU ms", "ratio"]
    return _titled("Key press to last changed cell", table(head, rows))


def _key_cells(figures: KeyFigures, floor: KeyFigures) -> list[str]:
    times, sizes = figures.after_ms, figures.bytes_out
    return [
        figure(times.median), figure(times.p95), figure(figures.cpu_ms.median), f"{sizes.median:,.0f}",
        f"{max(sizes.values, default=0):,.0f}", str(times.n), str(figures.unanswered),
        figure(floor.after_ms.median), figure(floor.cpu_ms.median), figure(times.ratio_to(floor.after_ms)),
    ]


def held(plan: Plan, say: Say) -> str:
    """A key held down: the lag of the last of its repeats."""
    rows = []
    for size in plan.sizes:
        say(f"held: on {size:,} tasks")
        with ExitStack() as stack:
            place = _open(stack, size)
            for name, program in (("tracker", boards.tracker_board(place.database, place.environment)),
                                  ("bare virtual board", boards.bare_board(place.database, place.environment))):
                lags = [boards.held_down(program) for _ in range(3)]
                rows.append([name, f"{size:,}", figure(Sample.of(each.lag_ms for each in lags).median),
                             figure(max(each.bytes_per_key for each in lags))])
    return _titled("Cursor keys held down, 60 at 30 a second", table(
        ["program", "tasks", "lag of the last, ms", "bytes per key"], rows))


def rest(plan: Plan, say: Say) -> str:
    """Memory after use, and what a board that is left alone does."""
    rows = []
    use = "jjjjjjlljj4" + "4" + "j" * SCROLLS + ">" + "u"
    with ExitStack() as stack:
        for size in plan.sizes:
            say(f"rest: {IDLE_SECONDS:g} s on {size:,} tasks")
            place = _open(stack, size)
            programs = [("tracker", boards.tracker_board(place.database, place.environment), use)]
            if size == plan.sizes[0]:
                programs.insert(0, ("empty Textual app", boards.empty_app(place.environment), ""))
                programs.insert(1, ("bare virtual board", boards.bare_board(place.database, place.environment), "jj>"))
            for name, program, keys_used in programs:
                found = boards.at_rest(program, keys_used, IDLE_SECONDS)
                rows.append([name, f"{size:,}", figure(found.peak_mib), figure(found.proportional_mib),
                             figure(found.cpu_ms_per_s), str(found.bytes_out)])
    return _titled("Memory, and a board left alone", table(
        ["program", "tasks", "peak MiB", "Pss MiB", "CPU ms a second", "bytes written"], rows))


def everyday(plan: Plan, say: Say) -> str:
    """Whole-process time of the everyday commands, as a multiple of the interpreter's with sqlite3 and Typer."""
    rows = []
    for size in plan.sizes:
        with ExitStack() as stack:
            place = _open(stack, size)
            rounds = min(plan.rounds, commands.most_rounds(place.database))
            say(f"everyday: {rounds} rounds on {size:,} tasks")
            floor, found = commands.measured(
                commands.everyday(place.database, PERSON, rounds), place.environment, rounds)
        rows.append(["(floor)", f"{size:,}", figure(floor.wall_ms.median), figure(floor.wall_ms.p95), "1.00", "1.00"])
        rows += [
            [name, f"{size:,}", figure(each.wall_ms.median), figure(each.wall_ms.p95),
             figure(each.wall_ms.ratio_to(floor.wall_ms)), figure(each.cpu_ms.ratio_to(floor.cpu_ms))]
            for name, each in found.items()
        ]
    names = list(dict.fromkeys(row[0] for row in rows))
    rows.sort(key=lambda row: names.index(row[0]))
    return _titled('Commands, against `python -c "import sqlite3, typer"`', table(
        ["command", "tasks", "median ms", "p95 ms", "ratio", "ratio of CPU time"], rows))


def many(plan: Plan, say: Say) -> str:
    """What goes over all tasks: rate and peak memory."""
    rows = []
    for size in (size for size in plan.sizes if size >= STREAMED_FROM):
        with ExitStack() as stack:
            place = _open(stack, size)
            say(f"many: lists and exports of {size:,} tasks")
            found = [*commands.streams(size, place.environment)]
            if size <= commands.IMPORTED_UP_TO:
                say(f"many: import of {size:,} tasks")
                found.append(commands.import_of(size, place.environment))
        rows += [[each.name, f"{each.tasks:,}", figure(each.run.wall_s), figure(each.run.cpu_s),
                  f"{each.tasks_per_second:,.0f}", figure(each.run.peak_mib)] for each in found]
    names = list(dict.fromkeys(row[0] for row in rows))
    rows.sort(key=lambda row: names.index(row[0]))
    return _titled("All tasks at once", table(
        ["command", "tasks", "seconds", "CPU seconds", "tasks a second", "peak MiB"], rows))


def opened(plan: Plan, say: Say) -> str:
    """Key press to the last change of each screen beside the board, as a multiple of the board's first paint."""
    rows: list[list[str]] = []
    rounds = max(3, plan.rounds // 3)
    for size in plan.sizes:
        say(f"screens: {rounds} rounds of {len(screens.KEYS)} screens on {size:,} tasks")
        with ExitStack() as stack:
            place = _open(stack, size)
            program, found = boards.tracker_board(place.database, place.environment), screens.Openings()
            screens.open_once(program, screens.Openings())  # compiles and warms the file cache
            for _ in range(rounds):
                screens.open_once(program, found)
        rows.append(["(board's first paint)", f"{size:,}", figure(found.board_ms.median), "1.00", "", ""])
        for name in screens.KEYS:
            first, again = found.first_ms[name], found.again_ms[name]
            rows.append([name, f"{size:,}", figure(first.median), figure(first.ratio_to(found.board_ms)),
                         figure(again.median), figure(again.ratio_to(found.board_ms))])
    names = list(dict.fromkeys(row[0] for row in rows))
    rows.sort(key=lambda row: names.index(row[0]))
    asked = screens.forecasts(plan.rounds)
    return _titled("Opening a screen, against the board's first paint", table(
        ["screen", "tasks", "first time, ms", "ratio", "again, ms", "ratio"], rows)) + "\n" + _titled(
        f"A forecast of {screens.OPEN_TASKS:,} open tasks over {screens.HISTORY_DAYS} days of history", table(
            ["question", "median ms", "p95 ms"],
            [[name, figure(each.median), figure(each.p95)] for name, each in asked.items()]))


def synced(plan: Plan, say: Say) -> str:
    """First pushes beside what the rate allows; later runs on linked tasks, their requests, own time and memory."""
    from tests.benchmarks import syncing  # imported here: needs the extra for sync

    pushes, later = [], []
    for kind, statuses in (("asana", ("assigned",)), ("asana", syncing.MIXED), ("wrike", syncing.MIXED)):
        say(f"sync: {kind}, {len(set(statuses))} statuses, first push of {syncing.PUSHED:,} tasks")
        found = syncing.first_push(kind, syncing.PUSHED, statuses)
        least = syncing.allowed(kind, syncing.PUSHED)
        some = "all to do" if len(set(statuses)) == 1 else "two fifths further on"
        pushes.append([f"{kind}, {some}", f"{found.requests:,}", str(found.rejected), figure(found.seconds),
                       figure(found.seconds / least),
                       figure(found.seconds / syncing.allowed(kind, found.requests)), figure(found.own_seconds)])
    for kind in syncing.RATES:
        for size in syncing.LINKED:
            runs, peak = syncing.later_runs(kind, size, say)
            later += [[f"{kind}: {each.name}", str(each.requests), figure(each.seconds), figure(each.own_seconds),
                       figure(peak) if each is runs[-1] else ""] for each in runs]
    return _titled(f"Sync: a first push of {syncing.PUSHED:,} tasks", table(
        ["service", "requests", "rejected", "seconds", "of what 1 request a task is allowed",
         "of what its requests are", "own seconds"], pushes)) + "\n" + _titled("Sync: later runs", table(
             ["run", "requests", "seconds", "own seconds", "peak MiB"], later))


PARTS: Mapping[str, Callable[[Plan, Say], str]] = {
    "start": start, "keys": keys, "held": held, "rest": rest, "everyday": everyday, "many": many,
    "screens": opened, "sync": synced,
}


def _open(stack: ExitStack, size: int) -> Workplace:
    database = stack.enter_context(working_copy(size))
    return Workplace(size, database, environment_for(database, AS_OF.isoformat(), PERSON))


def _named(program: boards.Program, place: Workplace) -> boards.Program:
    name = f"{program.name}, {place.size} tasks"
    return boards.Program(name, program.command, program.environment, program.is_useful)


def _titled(title: str, body: str) -> str:
    return f"### {title}\n\n{body}\n"

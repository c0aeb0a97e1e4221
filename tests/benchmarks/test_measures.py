"""The measurements run and say what they should; what they measure is for people, so no time is looked at."""

import math
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as program
from tests.benchmarks import boards, commands, databases, processes, screens
from tests.benchmarks.measures import PARTS, PERSON
from tests.terminal import Screen


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("databases")))
        with databases.working_copy(100) as copy:
            yield copy


@pytest.fixture
def environment(database: Path) -> dict[str, str]:
    return processes.environment_for(database, "2026-10-19", PERSON)


def test_a_board_is_useful_when_it_shows_the_title_of_a_task(database: Path) -> None:
    is_useful = boards.titles_of(database)
    screen = Screen(40, 3)
    screen.feed(b"BACKLOG 6")
    assert not is_useful(screen)
    with closing(sqlite3.connect(database)) as connection:
        title = connection.execute("SELECT title FROM task LIMIT 1").fetchone()[0]
    screen.feed(f"\r\n {title[:24]}".encode())
    assert is_useful(screen)


def test_starts_are_measured_up_to_the_useful_screen(database: Path, environment: dict[str, str]) -> None:
    measured = [
        boards.empty_app(environment), boards.bare_board(database, environment),
        boards.tracker_board(database, environment),
    ]
    for each in measured:
        figures = boards.StartFigures()
        boards.start_once(each, figures)
        assert 0 < figures.useful_ms.median <= figures.last_change_ms.median, each.name
        assert figures.cpu_ms.median > 0


def test_every_measured_key_changes_the_board_and_is_taken_back(
    database: Path, environment: dict[str, str]
) -> None:
    board, bare = boards.tracker_board(database, environment), boards.bare_board(database, environment)
    once_down = replace(boards.CURSOR_DOWN, measured="j", back="k")
    before = _statuses(database)
    wanted = [once_down, boards.CARD_ON, boards.FILTER, boards.SEARCH]
    for keys, ours, floor in boards.keys_of(board, bare, wanted, samples=1):
        assert ours.unanswered == 0, keys.name
        assert ours.bytes_out.median > 0
        assert floor.after_ms.n > 0 or keys.name not in {each.name for each in boards.FLOOR_KEYS}
    assert _statuses(database) == before


def test_a_board_left_alone_is_looked_at_from_outside(database: Path, environment: dict[str, str]) -> None:
    found = boards.at_rest(boards.tracker_board(database, environment), "j", seconds=0.2)
    assert found.peak_mib >= found.proportional_mib > 10
    assert not math.isnan(found.cpu_ms_per_s)


def test_every_screen_opens_and_is_left_again(database: Path, environment: dict[str, str]) -> None:
    found = screens.Openings()
    screens.open_once(boards.tracker_board(database, environment), found)
    assert found.board_ms.median > 0
    for name in screens.KEYS:
        assert (found.first_ms[name].n, found.again_ms[name].n) == (1, 1), name


def test_a_forecast_is_asked_each_question() -> None:
    assert all(each.n == 2 and each.median > 0 for each in screens.forecasts(2).values())


def test_everyday_commands_all_succeed(database: Path, environment: dict[str, str]) -> None:
    commands.measured(commands.everyday(database, PERSON, 1), environment, rounds=0)  # raises when one fails


def test_the_first_round_is_not_counted(environment: dict[str, str]) -> None:
    floor, found = commands.measured({"version": lambda n: ["--version"]}, environment, rounds=2)
    assert floor.wall_ms.n == found["version"].wall_ms.n == 2


def test_all_tasks_are_listed_exported_and_imported(environment: dict[str, str]) -> None:
    found = [*commands.streams(100, environment), commands.import_of(100, environment)]
    assert [each.name for each in found] == [
        "list --all", "list --all --json", "export json", "export csv", "import",
    ]
    assert all(each.run.peak_mib > 5 for each in found)


def test_a_command_that_fails_stops_the_measurement_and_says_why(tmp_path: Path) -> None:
    failing = [sys.executable, "-c", "raise SystemExit('no such day')"]
    with pytest.raises(processes.WentWrong, match=r"(?s)ended with 1: no such day"):
        processes.run_whole(failing, {}, output=tmp_path / "out")


def test_users_have_no_variables_of_the_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("TRACKER_PERSON", "somebody else")
    environment = processes.environment_for(Path("/tmp/x.db"), "2026-10-19", "mara")
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["TRACKER_PERSON"] == "mara"


def test_results_replace_the_former_ones_in_the_readme(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{program.BEGIN}\nold\n{program.END}\nafter\n")
    program.write_into(readme, "new")
    program.write_into(readme, "newer")
    assert readme.read_text() == f"before\n{program.BEGIN}\n\nnewer\n{program.END}\nafter\n"


def test_the_readme_names_every_part() -> None:
    text = program.README.read_text()
    assert program.BEGIN in text
    assert all(f"| `{part}` |" in text for part in PARTS)


def _statuses(database: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT id, status FROM task ORDER BY number").fetchall()

"""Import and export from the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from tracker.cli.output import Output
from tracker.cli.progress import ProgressBar

TABLE = """\
Title,Owner,Key result,Due
Write the teaser,lena,KR-06,2026-10-23
A loose end,,,
Broken,nobody,KR-06,2026-02-30
"""


def test_export_and_import_give_the_same_bytes(tracker: Run, cli: Run, empty_path: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert cli("export", "--output", str(first)).code == 0
    assert tracker("import", str(first), db=empty_path).code == 0
    assert tracker("export", "json", "--output", str(second), db=empty_path).code == 0
    assert first.read_bytes() == second.read_bytes()


def test_export_goes_to_standard_output_when_no_file_is_named(cli: Run) -> None:
    answer = cli("export")
    assert answer.code == 0
    assert len(answer.json["tasks"]) == 62


def test_export_takes_its_format_from_the_name(cli: Run, tmp_path: Path) -> None:
    cli("export", "--output", str(tmp_path / "plan.md"))
    cli("export", "--output", str(tmp_path / "tasks.csv"))
    assert (tmp_path / "plan.md").read_text(encoding="utf-8").startswith("# Content marketing that books calls")
    assert len(list(csv.DictReader(io.StringIO((tmp_path / "tasks.csv").read_text(encoding="utf-8"))))) == 62


def test_export_of_tasks_takes_filter_words(cli: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(cli("export", "csv", "late", "@tomas").out)))
    assert [row["id"] for row in rows] == ["T-043"]
    assert cli("export", "json", "late").code == 2


def test_a_failed_export_leaves_the_old_file(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.services.transfer import exporting

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    old = tmp_path / "old.json"
    old.write_text("old")
    monkeypatch.setattr(exporting, "export_json", interrupted)
    assert cli("export", "--output", str(old)).code == 130
    assert old.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".old")] == []


def test_a_dry_run_shows_the_plan_and_changes_nothing(cli: Run, tmp_path: Path) -> None:
    table = tmp_path / "tasks.csv"
    table.write_text(TABLE)
    answer = cli("import", str(table), "--dry-run")
    assert answer.code == 0
    assert "1 added" in answer.out
    assert "Nothing was changed" in answer.err
    assert "teaser" not in cli("list", "--all").out


def test_an_import_says_what_it_took_and_what_not_and_is_one_undo(cli: Run, tmp_path: Path) -> None:
    table = tmp_path / "tasks.csv"
    table.write_text(TABLE)
    answer = cli("import", str(table), "--json").json
    assert (answer["kind"], answer["counts"]["tasks"]["added"], answer["arrivals"]) == ("import", 1, 1)
    assert {problem["line"] for problem in answer["problems"]} == {4}
    assert "Write the teaser" in cli("list").out
    assert "A loose end" in cli("idea").out
    assert cli("undo").code == 0
    assert "teaser" not in cli("list").out


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("half.json", b'{"format": "tracker/1", "people": [{"id": "ma'),
        ("empty.json", b""),
        ("list.json", b"[]"),
        ("other.json", b'{"format": "todo/3"}'),
        ("utf16.json", '{"format": "tracker/1"}'.encode("utf-16")),
    ],
)
def test_a_file_that_is_not_whole_is_refused_and_nothing_is_taken(
    cli: Run, tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    before = cli("export").out
    answer = cli("import", str(file))
    assert answer.code == 2, answer
    assert answer.err.startswith("tracker: ")
    assert "Traceback" not in answer.err
    assert cli("export").out == before


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8-sig"])
def test_a_table_in_another_encoding_is_read(cli: Run, tmp_path: Path, encoding: str) -> None:
    table = tmp_path / "tasks.csv"
    table.write_bytes("Title;Key result\nGrüße für Käufer;KR-05\n".encode(encoding))
    assert cli("import", str(table)).code == 0
    assert "Grüße für Käufer" in cli("list").out


def test_a_conflicting_import_shows_both_versions(cli: Run, tmp_path: Path) -> None:
    file = tmp_path / "changed.json"
    whole = cli("export").json
    whole["people"][0]["name"] = "Somebody Else"
    file.write_text(json.dumps(whole), encoding="utf-8")
    answer = cli("import", str(file))
    assert answer.code == 4
    assert "Somebody Else" in answer.err
    assert "Mara Okafor" in answer.err
    assert cli("import", str(file), "--replace").code == 0


# the progress bar


class Talk(io.StringIO):
    def isatty(self) -> bool:
        return True


def bar(talk: io.StringIO, ticks: list[float]) -> ProgressBar:
    output = Output(io.StringIO(), talk, is_terminal=False, width=80, height=24, colour=False)
    return ProgressBar(output, "reading", clock=lambda: ticks.pop(0))


def test_the_bar_says_how_far_it_is_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    talk = Talk()
    with bar(talk, [0.0, 0.05, 0.2]) as progress:
        progress(0, None)
        progress(30, 100)
        progress(60, 100)
    drawn = talk.getvalue().split("\r\x1b[K")
    assert drawn == ["", "reading 0", f"reading [{'#' * 18}{'.' * 12}]  60% 60 of 100", ""]


def test_the_bar_is_not_drawn_where_nobody_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    talk = io.StringIO()
    with bar(talk, [0.0]) as progress:
        progress(1, 2)
    assert talk.getvalue() == ""

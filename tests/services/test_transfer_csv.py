"""Tables in and out: columns by their headers, rows that are not taken named, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.services.transfer_files import contents, exported
from tracker.domain.errors import Refused, WrongUsage
from tracker.domain.filters import TaskFilter
from tracker.services.board import cards, ideas, task_detail
from tracker.services.tasks import NewTask, add_task, edit_tasks, wait_for
from tracker.services.transfer.csv_out import FIELDS, export_csv
from tracker.services.transfer.importing import plan_import, run_import
from tracker.services.transfer.plan import ImportPlan
from tracker.services.undo import undo
from tracker.services.workspace import Workspace


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tasks.csv"


def take(ws: Workspace, file: Path, text: str | bytes, *, replace: bool = False) -> ImportPlan:
    """The plan of a table, after it was imported and did what it said."""
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    before = exported(ws)
    plan = plan_import(ws, file, replace=replace)
    assert exported(ws) == before
    assert run_import(ws, file, replace=replace).plan == plan
    return plan


def last_task(ws: Workspace) -> dict[str, object]:
    """The fields of the newest task."""
    found: dict[str, object] = contents(ws)["tasks"][-1]
    return found


def problems(plan: ImportPlan) -> list[str]:
    return [str(problem) for problem in plan.problems]


@pytest.mark.parametrize("header", [
    "title,owner,due,key result", "Task;Assignee;Due Date;KR", "TASK NAME\tAssigned to\tDeadline\tkey_result",
    "Summary | Responsible | due_on | Key-Result", " Name ,Person,Due day,OKR",
])
def test_columns_are_found_by_their_headers(northlight: Workspace, file: Path, header: str) -> None:
    mark = next(mark for mark in ";\t|," if mark in header)
    plan = take(northlight, file, f"{header}\n{mark.join(['Call them', 'Lena', '2026-10-28', 'kr5'])}\n")

    assert (plan.counts["tasks"].added, plan.notices) == (1, ())
    found = last_task(northlight)
    assert (found["title"], found["owner"], found["due_on"], found["key_result"]) == (
        "Call them", "lena", "2026-10-28", "KR-05")
    assert (found["status"], found["assigned_on"], found["created_on"]) == ("assigned", "2026-10-19", "2026-10-19")


def test_every_field_of_a_task_has_a_column(northlight: Workspace, file: Path) -> None:
    take(northlight, file, (
        "title,key result,why,description,funnel stage,medium,channel,state,prio,start date,estimate (h),cost_minor,"
        "blocked,also serves,kind,recurs,shows,journey_step,publish date,owner,rank,goal question\n"
        'A,Signed clients,since,"two\nlines",Decision,Email,LinkedIn,In Progress,Urgent,2026-10-10,2-4 h,1200,'
        'the shoot,"KR-06, kr7",foundational,weekly,proof,3,2026-11-02,mara@,-2,Which?\n'
    ).replace("mara@", "Mara Okafor"))

    found = last_task(northlight)
    assert found["estimate_low_h"] == 2
    assert found["estimate_high_h"] == 4
    assert found["also_serves"] == ["KR-06", "KR-07"]
    assert [found[name] for name in ("contribution", "notes", "stage", "medium", "channel", "status", "priority")] == [
        "since", "two\nlines", "decision", "email", "linkedin", "doing", "high"]
    assert [found[name] for name in ("started_on", "assigned_on", "blocked_reason", "kind", "recurs", "shows")] == [
        "2026-10-10", "2026-10-10", "the shoot", "foundational", "weekly", "proof"]
    assert [found[name] for name in ("journey_step", "publish_on", "rank", "goal_question", "cost_minor")] == [
        3, "2026-11-02", -2, "Which?", 1200]


@pytest.mark.parametrize(("encoding", "notice"), [
    ("utf-8", 0), ("utf-8-sig", 0), ("utf-16", 0), ("utf-16-le", 0), ("utf-16-be", 0), ("utf-32", 0),
    ("cp1252", 1), ("latin-1", 1),
])
def test_encodings_are_recognised(northlight: Workspace, file: Path, encoding: str, notice: int) -> None:
    text = "Title;Owner;KR\nGespräch für Tomás;Tomás Rey;KR-05\n" + "Weiter so;;KR-05\n" * 3
    plan = take(northlight, file, text.encode(encoding))

    assert plan.counts["tasks"].added == 4
    assert len(plan.notices) == notice
    assert ("Gespräch für Tomás", "tomas") in [(each["title"], each["owner"]) for each in contents(northlight)["tasks"]]


@pytest.mark.parametrize(("row", "told"), [
    (",KR-05,,,", "title is empty"),
    ("A,KR-05,bob,,", "column 'Owner' - 'bob' is no person here"),
    ("A,KR-05,,31.11.2026,", "column 'Due' - '31.11.2026' is not a real day"),
    ("A,KR-05,,next week,", "'next week' is not a real day"),
    ("A,KR-05,,fri,", "'fri' is not a real day"),
    ("A,KR-05,,3/4/2026,", "'3/4/2026' may be 2026-04-03 or 2026-03-04"),
    ("A,KR-05,,,paused", "'paused' is no status"),
    ("A,KR-05,,,doing", "is doing and has no owner"),
    ("A,KR-05,mara,,done", "has no day it was done on"),
    ("A,KR-05,mara,2026-10-30,doing,extra", "has 6 cells and the header 5"),
    ('A,KR-05,"ma"ra,,', "cannot be read"),
    ("x" * 501 + ",KR-05,,,", "501 characters long"),
])
def test_a_row_that_is_not_taken_is_named_and_the_others_are_taken(
    northlight: Workspace, file: Path, row: str, told: str
) -> None:
    plan = take(northlight, file, f"Title,KR,Owner,Due,Status\nFirst,KR-05,,,\n{row}\nLast,KR-05,,,\n")

    assert (plan.counts["tasks"].added, plan.counts["tasks"].refused) == (2, 1)
    assert not plan.is_refused
    (problem,) = problems(plan)
    assert problem.startswith("row 3: ")
    assert told in problem
    assert [each["title"] for each in contents(northlight)["tasks"][-2:]] == ["First", "Last"]


def test_rules_of_the_database_name_the_row(northlight: Workspace, file: Path) -> None:
    plan = take(northlight, file, "Title,KR,low estimate,high estimate\nA,KR-05,5,2\nB,KR-05,1,2\n")
    assert problems(plan) == ["row 2: task T-063 - The low estimate is above the high one; swap them."]


def test_rows_without_a_known_key_result_become_arrivals(northlight: Workspace, file: Path) -> None:
    plan = take(northlight, file, (
        "Title,KR,Owner,Status,Tag\nLoose,,lena,todo,red\nOther,Sales,,,\nClosed,KR-01,,,\nDone,KR-01,mara,done,\n"
    ))

    assert plan.arrivals == 3
    assert plan.notices == (
        "column 'Tag' is not a field of a task and was left out (arrivals keep it)",
        "rows without a key result: 1",
        "rows that cite 'Sales', which is no key result here: 1",
        "open rows that cite KR-01, which is closed: 1",
    )
    waiting = [each for each in ideas(northlight) if each.kind == "arrival"]
    assert {each.title for each in waiting} == {"Loose", "Other", "Closed"}
    raw = {each["title"]: each["raw"] for each in contents(northlight)["import_items"]}
    assert (raw["Loose"]["owner"], raw["Loose"]["Tag"], raw["Other"]["KR"]) == ("lena", "red", "Sales")


def test_without_a_strategy_every_row_is_an_arrival(empty: Workspace, file: Path) -> None:
    assert take(empty, file, "Task\nOne\nTwo\n").arrivals == 2


@pytest.mark.parametrize(("column", "expected"), [
    (["28/10/2026", "3/4/2026"], ["2026-10-28", "2026-04-03"]),
    (["10/28/2026", "3/4/2026"], ["2026-10-28", "2026-03-04"]),
    (["2026-10-28T14:00:00Z", "2026/3/4"], ["2026-10-28", "2026-03-04"]),
    (["28.10.2026", "4 Mar 2026"], ["2026-10-28", "2026-03-04"]),
    (["October 28, 2026", "5/5/2026"], ["2026-10-28", "2026-05-05"]),
])
def test_days_are_read_as_the_rest_of_the_table_writes_them(
    northlight: Workspace, file: Path, column: list[str], expected: list[str]
) -> None:
    take(northlight, file, "Title;KR;Due\n" + "".join(f"T{n};KR-05;{day}\n" for n, day in enumerate(column)))
    assert [each["due_on"] for each in contents(northlight)["tasks"][-2:]] == expected


@pytest.mark.parametrize(("said", "owner", "status"), [
    ("", "", "backlog"), ("", "mara", "assigned"), ("To do", "", "backlog"), ("Open", "mara", "assigned"),
    ("Backlog", "mara", "backlog"), ("WIP", "mara", "doing"), ("In Review", "mara", "review"),
    ("Won't do", "", "cancelled"),
])
def test_statuses_are_understood(northlight: Workspace, file: Path, said: str, owner: str, status: str) -> None:
    take(northlight, file, f"Title,KR,Status,Owner\nA,KR-05,{said},{owner}\n")
    assert last_task(northlight)["status"] == status


def test_finished_work_keeps_its_days(northlight: Workspace, file: Path) -> None:
    take(northlight, file, "Title,KR,Owner,Completed at,Started\nA,KR-05,mara,2026-10-09,2026-10-05\n")

    found = last_task(northlight)
    assert [found[name] for name in ("status", "created_on", "assigned_on", "started_on", "done_on")] == [
        "done", "2026-10-05", "2026-10-05", "2026-10-05", "2026-10-09"]
    events = [each for each in contents(northlight)["task_events"] if each["task"] == found["id"]]
    assert [(each["to_status"], each["on_date"]) for each in events] == [
        ("backlog", "2026-10-05"), ("assigned", "2026-10-05"), ("doing", "2026-10-05"), ("done", "2026-10-09")]


def test_the_same_table_again_adds_only_what_was_mended(northlight: Workspace, file: Path) -> None:
    table = "Title,KR,Owner\nA,KR-05,\nA,KR-05,\nB,,\nC,KR-05,bob\n"
    assert take(northlight, file, table).counts["tasks"].added == 2

    again = take(northlight, file, table.replace("bob", "lena").replace("B,,", "B,KR-06,"))

    assert (again.counts["tasks"].unchanged, again.counts["tasks"].added) == (2, 2)
    assert [each for each in ideas(northlight) if each.kind == "arrival"] == []
    third = take(northlight, file, table)
    assert (third.counts["tasks"].unchanged, third.counts["tasks"].added) == (2, 0)


def test_rows_with_our_ids_are_these_tasks(northlight: Workspace, file: Path) -> None:
    table = "ID,Title,Owner\nT-059,Write case study 2: Millbrook,\nt-34,Run it,\nT-900,New,\nX-1,Foreign,\n"
    plan = take(northlight, file, table.replace("Owner", "KR").replace("New,", "New,KR-05"))

    assert (plan.counts["tasks"].unchanged, plan.counts["tasks"].added, plan.arrivals) == (1, 1, 1)
    assert problems(plan) == [
        "row 3: task T-034 differs from the one that is here in title; ask for it to be replaced if you mean it"]
    assert "ids that are not of the form T-043 and were left out: 1" in plan.notices
    assert take(northlight, file, table, replace=True).counts["tasks"].changed == 1
    assert cards(northlight, ["T-034"])[0].title == "Run it"
    undo(northlight)
    assert cards(northlight, ["T-034"])[0].title == "Run the webinar, end with the invitation"
    assert add_task(northlight, NewTask("next", "KR-05")).ids == ("T-901",)


def test_a_hard_limit_holds_for_a_table(northlight: Workspace, file: Path) -> None:
    northlight.store.connection.execute("UPDATE wip_limit SET mode = 'hard' WHERE subject = 'review'")
    before = exported(northlight)
    file.write_text("Title,KR,Status,Owner\nA,KR-05,review,mara\n")
    with pytest.raises(Refused, match="review holds 5 of 3"):
        run_import(northlight, file)
    assert exported(northlight) == before


@pytest.mark.parametrize(("content", "told"), [
    (b"", "is empty"),
    (b"\n\n\n", "is empty"),
    (b"Owner,Due\nmara,2026-10-20\n", "no column of titles; its first row reads 'Owner', 'Due'"),
    (b"PK\x03\x04rest", "save the sheet as CSV"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01", "is no text"),
    (b'Title,KR\nA,KR-05\n"never closed,KR-05\nB,KR-05\n', "row 3: a quote is opened here and never closed"),
])
def test_what_is_no_table_is_refused_whole(northlight: Workspace, file: Path, content: bytes, told: str) -> None:
    before = exported(northlight)
    file.write_bytes(content)
    with pytest.raises(WrongUsage) as wrong:
        run_import(northlight, file)
    assert told in str(wrong.value)
    assert exported(northlight) == before


def test_hostile_cells_are_cleaned_and_long_ones_refused(northlight: Workspace, file: Path) -> None:
    plan = take(northlight, file, (
        f"Title,KR,Notes\n\x1b[31mred\x1b[0m \u202eabc,KR-05,\nLong,KR-05,{'y' * 1_000_000}\n"
    ))
    assert "1,000,000 characters long" in problems(plan)[0]
    assert last_task(northlight)["title"] == "red abc"


def test_separator_lines_and_empty_rows_are_passed_over(northlight: Workspace, file: Path) -> None:
    plan = take(northlight, file, "sep=;\n\nTitle;KR\n;\nA;KR-05\n;;\n")
    assert (plan.counts["tasks"].added, plan.problem_count) == (1, 0)


# out


def table_of(ws: Workspace, wanted: TaskFilter | None = None) -> list[dict[str, str]]:
    out = io.BytesIO()
    export_csv(ws, out, wanted=wanted)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def test_every_field_of_every_task_goes_out(northlight: Workspace) -> None:
    wait_for(northlight, ["T-033"], "T-030")
    rows = table_of(northlight)

    assert len(rows) == 62
    assert set(FIELDS) >= set(task_detail(northlight, "T-033").fields) - {"number"}
    row = next(row for row in rows if row["id"] == "T-033")
    assert (row["waits_for"], row["due_on"], row["owner"]) == ("T-030", "2026-10-28", "")


def test_a_filter_chooses_the_rows(northlight: Workspace) -> None:
    rows = table_of(northlight, TaskFilter(key_result="KR-08", unowned=True))
    assert [row["id"] for row in rows] == ["T-045", "T-047"]


def test_no_cell_is_a_formula_and_it_comes_back_as_it_was(northlight: Workspace, file: Path) -> None:
    hostile = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "'=quoted", "-", "＝1"]
    for title in hostile:
        add_task(northlight, NewTask(title, "KR-05"))
    out = io.BytesIO()
    export_csv(northlight, out)
    file.write_bytes(out.getvalue())

    cells = [cell for row in csv.reader(io.StringIO(out.getvalue().decode(), newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r", "＝"))]
    plan = plan_import(northlight, file)
    assert (plan.counts["tasks"].unchanged, plan.problem_count) == (62 + len(hostile), 0)


def test_a_table_of_ours_restores_the_tasks(northlight: Workspace, file: Path) -> None:
    edit_tasks(northlight, ["T-059"], {"notes": "a\n\"b\", c;"})
    out = io.BytesIO()
    export_csv(northlight, out)
    before = {each["id"]: each for each in contents(northlight)["tasks"]}
    connection = northlight.store.connection
    for table in ("external_link", "comment", "task_dependency"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute("DELETE FROM task")
    file.write_bytes(out.getvalue())

    assert run_import(northlight, file).plan.counts["tasks"].added == 62
    assert {each["id"]: each for each in contents(northlight)["tasks"]} == before

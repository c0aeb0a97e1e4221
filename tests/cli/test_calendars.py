"""`tracker calendar` and `tracker export --ics`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar
from tests.cli.conftest import Run

from tracker.domain.recurrence import parse_rule
from tracker.services.recurrence import coming


def events(text: str | bytes) -> dict[str, Any]:
    found = Calendar.from_ical(text)
    return {str(event["uid"]).partition("@")[0]: event for event in found.walk("VEVENT")}


def test_a_month_in_a_pipe_has_a_line_for_each_day_of_a_task(cli: Run) -> None:
    answer = cli("calendar")
    lines = answer.out.splitlines()
    assert answer.code == 0
    assert "2026-10-12 due     late   T-043  doing     tomas    White paper ad to a lookalike audience" in lines
    assert "2026-10-12 publish late   T-043  doing     tomas    White paper ad to a lookalike audience" in lines
    assert lines[0].startswith("2026-09-28 publish done   T-011")
    assert "October 2026: 6 working days without anything published" in answer.err


def test_another_month_foretells_what_comes_round(cli: Run) -> None:
    lines = cli("calendar", "--month", "2026-11").out.splitlines()
    assert "2026-11-06 due     coming T-062  -         -        Answer every review within two days" in lines


def test_a_week_is_the_one_of_a_day(cli: Run) -> None:
    answer = cli("calendar", "--week", "fri", "--json")
    found = answer.json
    assert (found["kind"], found["first"], found["last"]) == ("calendar", "2026-10-19", "2026-10-25")
    day = next(each for each in found["days"] if each["day"] == "2026-10-21")
    assert (day["due"], day["publish"], day["more"]) == ({"assigned": 1, "doing": 1}, {"doing": 1}, 0)
    assert [(each["what"], each["state"], each["id"]) for each in day["tasks"]] == [
        ("publish", "open", "T-027"), ("due", "open", "T-032"), ("due", "open", "T-044"),
    ]  # fmt: skip
    assert found["gaps"]["days"] == ["2026-10-01", "2026-10-02", "2026-10-06", "2026-10-13", "2026-10-20", "2026-10-30"]


@pytest.mark.parametrize("words", [
    ("--month", "october"), ("--month", "2026-13"), ("--month", "0001-01"), ("--month", "9999-01"),
    ("--week", "never"), ("--month", "2026-10", "--week", "fri"),
])  # fmt: skip
def test_what_is_no_month_or_week_is_wrong_usage(cli: Run, words: tuple[str, ...]) -> None:
    answer = cli("calendar", *words)
    assert (answer.code, answer.out) == (2, "")


def test_on_a_terminal_days_have_headings_and_nothing_is_wider_than_it(
    tracker: Run, northlight_path: Path, on_terminal: Callable[..., Any]
) -> None:
    with on_terminal(70, 40) as screen:
        assert tracker("--today", "2026-10-19", "calendar", "--week", "today", db=northlight_path).code == 0
        text = screen.getvalue()
    assert "Mon 19 Oct  today" in text
    assert "Tue 20 Oct" in text
    assert "nothing is published" in text
    plain = [line for line in text.splitlines() if "\x1b" not in line]
    assert max(map(len, plain)) <= 70


# calendar files


def test_each_day_of_a_task_is_a_whole_day_event_with_a_lasting_name(cli: Run) -> None:
    first = events(cli("export", "--ics").out)
    event = first["t-043-due"]
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 10, 12), date(2026, 10, 13))
    assert event["summary"] == "Due: White paper ad to a lookalike audience"
    assert "KR-08 White paper downloads" in event["description"]
    assert (event["status"], event["transp"]) == ("CONFIRMED", "TRANSPARENT")
    assert isinstance(event.decoded("dtstamp"), datetime)
    assert event.decoded("dtstamp").tzinfo is not None
    assert abs(event.decoded("dtstamp") - datetime.now(UTC)).days < 1
    assert first["t-034-publish"]["status"] == "TENTATIVE"
    assert str(first["t-011-publish"]["summary"]).endswith("(done)")
    cli("due", "43", "30")
    again = events(cli("export", "ics").out)
    assert again["t-043-due"]["uid"] == event["uid"]
    assert again["t-043-due"].decoded("dtstart") == date(2026, 10, 30)


def test_there_is_an_event_for_each_due_and_publish_day_but_cancelled_ones(cli: Run, northlight_path: Path) -> None:
    cli("cancel", "44", "no longer")
    with sqlite3.connect(northlight_path) as connection:
        count = connection.execute(
            "SELECT count(due_on) + count(publish_on) FROM task WHERE status <> 'cancelled'").fetchone()[0]
    found = events(cli("export", "--ics").out)
    assert len(found) == count
    assert "t-044-due" not in found


def test_a_filter_and_a_file_work_as_for_other_formats(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "days.ics"
    assert cli("export", "ics", "@lena", "--output", str(path)).code == 0
    found = events(path.read_bytes())
    assert "t-030-due" in found
    assert "t-043-due" not in found
    by_name = tmp_path / "all.ics"
    assert cli("export", "--output", str(by_name)).code == 0
    assert len(events(by_name.read_bytes())) > len(found)


def test_lines_are_folded_and_hostile_titles_come_back_whole(cli: Run, northlight_path: Path) -> None:
    title = "One, two; three\nBEGIN:VEVENT \\ and 🦊 grüße " + "x" * 200
    with sqlite3.connect(northlight_path) as connection:
        connection.execute("UPDATE task SET title = ? WHERE id = 'T-043'", (title,))
    text = cli("export", "--ics").out
    assert max(len(line.encode()) for line in text.splitlines()) <= 75
    found = events(text)
    assert found["t-043-due"]["summary"] == f"Due: {title}"
    assert len(found) == len(events(cli("export", "--ics").out))


@pytest.mark.parametrize("words", [
    "weekly", "every 2 weeks on Mon, Thu", "every month on the last day", "every Friday, 5 times",
    "every Friday until 2026-12-31", "monthly",
])  # fmt: skip
def test_a_calendar_program_reckons_the_same_days_as_we_do(cli: Run, words: str) -> None:
    assert cli("edit", "62", "--recurs", words).code == 0
    found = events(cli("export", "--ics").out)
    days = []
    for name in ("t-062-due", "t-062-due-again"):
        if name in found and "rrule" in found[name]:
            start = datetime.combine(found[name].decoded("dtstart"), datetime.min.time())
            rule = found[name]["rrule"].to_ical().decode()
            for at in rrulestr(rule, dtstart=start):
                if at.year > 2027:
                    break
                days.append(at.date())
    due = date(2026, 10, 30)
    ours = list(coming(parse_rule(words, due), due, due, date(2027, 12, 31)))
    assert [day for day in days if day > due] == ours


def test_recurrence_on_the_command_line_is_in_words(cli: Run) -> None:
    assert cli("edit", "62", "--recurs", "every Monday").code == 0
    assert "every Monday" in cli("show", "62").out
    refused = cli("edit", "62", "--recurs", "FREQ=HOURLY")
    assert (refused.code, "tasks come round on days" in refused.err) == (2, True)
    done = cli("done", "62")
    assert "T-063" in done.out
    assert "T-063 comes next, due Mon 02 Nov" in done.err
    assert cli("undo").code == 0
    assert cli("show", "63").code == 3


@pytest.mark.parametrize(("rule", "code", "why"), [
    ("every Monday", 0, ""), ("FREQ=MONTHLY;BYDAY=1MO", 0, ""), ("every Monday until 31 dec 2026", 0, ""),
    ("FREQ=HOURLY", 1, "hours"), ("every Monday until 31 dec", 1, "another year"), ("now and then", 1, "recurrence"),
])  # fmt: skip
def test_an_import_holds_rules_to_the_same_words(
    tracker: Run, begun_path: Path, tmp_path: Path, rule: str, code: int, why: str
) -> None:
    path = tmp_path / "tasks.json"
    path.write_text(
        '{"format": "tracker/1", "tasks": [{"id": "T-001", "title": "x", "key_result": "KR-01", "stage": "enabling", '
        '"kind": "foundational", "medium": "other", "status": "backlog", "created_on": "2026-10-01", '
        f'"due_on": "2026-10-19", "recurs": "{rule}"}}]}}')
    answer = tracker("--today", "2026-10-19", "--as", "mara", "import", str(path), db=begun_path)
    assert answer.code == code, answer.err
    assert why in answer.err


def test_an_import_of_finished_upkeep_makes_no_next_one(tracker: Run, begun_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    path.write_text("id,title,key result,kind,recurs,due,status,owner,done on\n"
                    "T-001,Old,KR-01,foundational,weekly,2026-10-12,done,mara,2026-10-12\n")
    assert tracker("--today", "2026-10-19", "--as", "mara", "import", str(path), db=begun_path).code == 0
    with sqlite3.connect(begun_path) as connection:
        assert connection.execute("SELECT id, status, recurs, series FROM task").fetchall() == [
            ("T-001", "done", "weekly", "T-001"),
        ]  # fmt: skip

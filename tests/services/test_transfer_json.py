"""JSON out and in: complete both ways, all or nothing, and every fault named."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.transfer_files import contents, exported, imported, key_result, small, task, written
from tracker.domain.errors import Conflict, OutOfReach, Refused, TrackerError, WrongUsage
from tracker.services.board import cards, task_detail
from tracker.services.tasks import assign_tasks, comment, wait_for
from tracker.services.transfer.importing import plan_import, run_import
from tracker.services.undo import redo, undo
from tracker.services.workspace import Workspace
from tracker.storage.shape import SECTIONS
from tracker.storage.store import Store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "workspace.json"


@pytest.fixture
def another(tmp_path: Path, empty: Workspace) -> Workspace:
    """A second empty workspace beside `empty`."""
    return Workspace(Store.open(tmp_path / "another.sqlite3"), empty.clock, "mara")


# complete both ways


def test_export_import_export_gives_the_same_bytes(northlight: Workspace, another: Workspace, file: Path) -> None:
    assign_tasks(northlight, ["T-059"], "lena")
    comment(northlight, "T-043", "Zwölf Tage\n«später» 🐈")
    wait_for(northlight, ["T-033"], "T-030")
    undo(northlight)
    file.write_bytes(exported(northlight))

    result = run_import(another, file)

    assert exported(another) == file.read_bytes()
    assert result.plan.restores_history
    assert result.batch is None


def test_every_kind_of_record_comes_back(empty: Workspace, another: Workspace, file: Path) -> None:
    document = _everything()
    imported(empty, file, document)
    file.write_bytes(exported(empty))
    run_import(another, file)

    assert exported(another) == file.read_bytes()
    found = contents(another)
    for section in SECTIONS:
        assert found[section.key], section.key
        for given, kept in zip(document.get(section.key, []), found[section.key], strict=False):
            assert _says(kept, given), (section.key, given, kept)


def _says(kept: object, given: object) -> bool:
    """Whether a record says all that was given, whatever it says besides."""
    if isinstance(given, dict) and isinstance(kept, dict):
        return all(_says(kept[name], value) for name, value in given.items())
    if isinstance(given, list) and isinstance(kept, list):
        return len(kept) == len(given) and all(map(_says, kept, given))
    return kept == given


def test_the_history_that_comes_along_can_be_undone(northlight: Workspace, another: Workspace, file: Path) -> None:
    assign_tasks(northlight, ["T-059"], "lena")
    file.write_bytes(exported(northlight))
    run_import(another, file)

    undo(another)

    assert cards(another, ["T-059"])[0].owner is None
    redo(another)
    assert cards(another, ["T-059"])[0].owner == "lena"


def test_figures_kept_by_the_database_are_right_after_an_import(northlight: Workspace, another: Workspace, file: Path
                                                               ) -> None:
    comment(northlight, "T-033", "still?")
    wait_for(northlight, ["T-033", "T-034"], "T-030")
    file.write_bytes(exported(northlight))
    run_import(another, file)

    for table in ("task_tally", "done_tally"):
        ours, theirs = (
            set(ws.store.connection.execute(f"SELECT * FROM {table} WHERE tasks > 0")) for ws in (northlight, another)
        )
        assert ours == theirs
    card = cards(another, ["T-033"])[0]
    assert (card.waits, card.messages) == (1, 1)


def test_one_record_a_line_in_utf8(northlight: Workspace) -> None:
    lines = exported(northlight).decode().splitlines()

    assert lines[:3] == ["{", '"format": "tracker/1",', '"people": [']
    assert any('"Tomás Rey"' in line for line in lines)
    records = [line for line in lines if line.startswith("{\"")]
    assert len(records) == sum(len(value) for value in json.loads("".join(lines)).values() if isinstance(value, list))


def test_the_example_format_and_its_plain_milestones_are_read(empty: Workspace, file: Path) -> None:
    document = small() | {"format": "tracker-example/1", "note": "x", "as_of": "2026-10-19", "team": "y"}
    document["key_results"] = [key_result(metric_kind="milestone", target=2, milestones=["Brief", "Launch"])]

    result = imported(empty, file, document)

    assert result.plan.notices == ()
    assert contents(empty)["key_results"][0]["milestones"] == [
        {"position": 0, "title": "Brief", "done_on": None}, {"position": 1, "title": "Launch", "done_on": None},
    ]


def test_arrays_may_stand_in_any_order(northlight: Workspace, another: Workspace, file: Path) -> None:
    document = contents(northlight)
    keys = list(document)
    random.Random(3).shuffle(keys)
    written(file, {key: document[key] for key in keys})

    run_import(another, file)

    assert exported(another) == exported(northlight)


def test_a_file_without_status_history_gets_one_from_the_days(empty: Workspace, file: Path) -> None:
    done = task(status="done", owner="mara", assigned_on="2026-10-06", started_on="2026-10-07", done_on="2026-10-09")
    imported(empty, file, small() | {"tasks": [done]})

    assert [(event["to_status"], event["on_date"]) for event in contents(empty)["task_events"]] == [
        ("backlog", "2026-10-05"), ("assigned", "2026-10-06"), ("doing", "2026-10-07"), ("done", "2026-10-09"),
    ]


def test_a_rule_that_began_later_does_not_stop_a_restore(empty: Workspace, file: Path) -> None:
    document = small()
    document["strategies"][0]["contribution_required"] = True
    document["tasks"] = [task(status="assigned", owner="mara", assigned_on="2026-10-06")]

    imported(empty, file, document)

    assert contents(empty)["strategies"][0]["contribution_required"] is True


def test_an_export_loads_no_sqlalchemy(northlight: Workspace) -> None:
    code = (
        "import sys; from tracker.services.transfer.exporting import export_json; "
        "from tracker.services.transfer.csv_out import export_csv; "
        "print([name for name in ('sqlalchemy', 'sqlmodel', 'alembic', 'textual') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# all of it or nothing


def test_what_is_there_is_passed_over(northlight: Workspace, file: Path) -> None:
    before = exported(northlight)
    file.write_bytes(before)

    result = run_import(northlight, file)

    assert (result.batch, result.plan.total.added, result.plan.total.changed) == (None, 0, 0)
    assert result.plan.total.unchanged > 300
    assert exported(northlight) == before


def test_what_differs_is_a_conflict_that_changes_nothing(northlight: Workspace, file: Path) -> None:
    before = exported(northlight)
    document = {"format": "tracker/1", "tasks": [task(id="T-059", title="Other", key_result="KR-10")]}

    with pytest.raises(Conflict, match="T-059 title: here 'Write case study 2: Mill") as told:
        imported(northlight, file, document)

    assert {each.field for each in told.value.disagreements} == {"title", "created_on"}
    assert exported(northlight) == before
    assert plan_import(northlight, file).conflict_count == 2


def test_replacing_is_one_change_that_can_be_undone(northlight: Workspace, file: Path) -> None:
    before = contents(northlight)
    strategy = {"id": "S-01", "title": "New title", "channels": ["email"]}
    full = {**before["strategies"][0], **strategy}
    changed = {"format": "tracker/1", "strategies": [full], "tasks": [{
        **next(each for each in before["tasks"] if each["id"] == "T-034"), "waits_for": ["T-030", "T-033"],
        "due_on": "2026-10-30",
    }]}

    result = imported(northlight, file, changed, replace=True)

    assert (result.plan.counts["tasks"].changed, result.plan.counts["strategies"].changed) == (1, 1)
    detail = task_detail(northlight, "T-034")
    assert [task for task, *_ in detail.waits_for] == ["T-030", "T-033"]
    assert contents(northlight)["strategies"][0]["channels"] == ["email"]
    undo(northlight)
    after = contents(northlight)
    for history in ("change_batches", "changes"):
        before.pop(history)
        after.pop(history)
    assert after == before


def test_new_records_join_those_that_are_there(northlight: Workspace, file: Path) -> None:
    document = {
        "format": "tracker/1",
        "tasks": [task(id="T-100", key_result="KR-05", waits_for=["T-018"], also_serves=["KR-06"])],
        "comments": [{"task": "T-100", "on": "2026-10-19T10:00", "by": "mara", "body": "go"}],
    }
    imported(northlight, file, document)

    assert cards(northlight, ["T-100"])[0].waits == 1
    assert imported(northlight, file, document).plan.total.added == 0
    undo(northlight)
    assert cards(northlight, ["T-100"]) == ()


@pytest.mark.parametrize(("section", "record", "told"), [
    ("tasks", task(title=""), "task T-001 title is missing"),
    ("tasks", task(title=7), "title is a number, not text"),
    ("tasks", task(due_on="2026-02-30"), "due_on is '2026-02-30', not a real day"),
    ("tasks", task(due_on="20261003"), "not a real day"),
    ("tasks", task(status="paused"), "status is 'paused'; it is one of backlog, assigned"),
    ("tasks", task(rank=1.5), "rank is 1.5, not a whole number"),
    ("tasks", task(rank=True), "rank is true, not a whole number"),
    ("tasks", task(estimate_low_h="3"), "estimate_low_h is '3', not a number"),
    ("tasks", task(owner="nobody"), "task T-001 owner - There is no person 'nobody'"),
    ("tasks", task(key_result="KR-77"), "key_result"),
    ("tasks", task(status="doing"), "Assigned work has an owner"),
    ("tasks", task(cost_minor=-1), "A cost is not negative"),
    ("tasks", task(id="WEB-1"), "id is 'WEB-1'; a task's id is T- and a number"),
    ("tasks", task(id=None), "id is missing"),
    ("tasks", task(waits_for="T-002"), "waits_for is text, not a list"),
    ("tasks", task(waits_for=["T-404"]), "There is no task 'T-404'"),
    ("tasks", task(waits_for=["T-001"]), "task T-001 waits_for - "),
    ("tasks", task(also_serves=["KR-01", 5]), "also_serves 2 key_result is a number, not text"),
    ("tasks", task(added_mid_cycle="yes"), "added_mid_cycle is 'yes'; it is true or false"),
    ("tasks", "T-001", "is text, not an object"),
    ("tasks", task(title="x" * 1_000_000), "1,000,000 characters long"),
    ("key_results", key_result(target=-1), "target above its baseline"),
    ("key_results", key_result(target="ten"), "target is 'ten', not a number"),
    ("key_results", key_result(target=10**40), "more than 30 digits"),
    ("key_results", key_result(milestones=[{"title": "A", "day": "2026-10-01"}]), "milestones 1 day is not known"),
    ("key_results", key_result(pair_of="KR-09"), "There is no key result 'KR-09'"),
    ("strategies", small()["strategies"][0] | {"channels": []}, "at least one channel"),
    ("strategies", small()["strategies"][0] | {"stages": "A"}, "stages is text, not a list of texts"),
    ("connectors", {"id": "c", "kind": "asana", "maps": []}, "maps is a list, not an object"),
    ("comments", {"task": "T-001", "on": "yesterday", "by": "mara", "body": "x"}, "not a day with a time"),
    ("people", {"name": "No id"}, "id is missing"),
    ("wip_limits", {"scope": "status", "subject": "doing", "max": 0}, "A limit is 1 or more"),
])
def test_a_bad_record_is_named_and_nothing_is_imported(
    empty: Workspace, file: Path, section: str, record: object, told: str
) -> None:
    document = small()
    document[section] = [*[each for each in document.get(section, []) if section == "people"], record]
    before = exported(empty)

    with pytest.raises(Refused) as refused:
        imported(empty, file, document)

    assert told in str(refused.value)
    assert exported(empty) == before
    plan = plan_import(empty, file)
    assert plan.is_refused
    assert any(told in str(problem) for problem in plan.problems)
    assert exported(empty) == before


def test_the_line_of_a_bad_record_is_told(empty: Workspace, file: Path) -> None:
    text = json.dumps(small() | {"tasks": [task(), task(id="T-002", due_on="x")]}, indent=0)
    file.write_text(text)
    line = text[: text.index('"T-002"')].count("\n")

    with pytest.raises(Refused, match=rf"line {line}: task T-002 due_on"):
        run_import(empty, file)


def test_a_circle_of_waiting_is_refused(empty: Workspace, file: Path) -> None:
    document = small()
    document["tasks"] = [task(waits_for=["T-002"]), task(id="T-002", waits_for=["T-001"])]
    with pytest.raises(Refused, match="in a circle"):
        imported(empty, file, document)


def test_many_problems_are_counted_not_all_written(empty: Workspace, file: Path) -> None:
    document = small() | {"tasks": [task(id=f"T-{n}", due_on="never") for n in range(1, 1200)]}
    with pytest.raises(Refused, match="1,199 problems") as refused:
        imported(empty, file, document)
    assert len(str(refused.value).splitlines()) < 30
    assert len(plan_import(empty, file).problems) == 200


def test_stopping_in_the_middle_leaves_everything_as_it_was(northlight: Workspace, file: Path) -> None:
    before = exported(northlight)
    document = {"format": "tracker/1", "tasks": [task(id=f"T-{n}", key_result="KR-05") for n in range(100, 3000)]}
    indexes = northlight.store.connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()

    def stop(done: int, total: int | None) -> None:
        if done > 1000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_import(northlight, written(file, document), progress=stop)

    assert exported(northlight) == before
    after = northlight.store.connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    assert after == indexes
    assign_tasks(northlight, ["T-059"], "lena")


def test_a_large_import_leaves_indexes_and_search_as_they_were(northlight: Workspace, file: Path) -> None:
    connection = northlight.store.connection
    before = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    cache = connection.execute("PRAGMA cache_size").fetchone()
    document = {"format": "tracker/1", "tasks": [
        task(id=f"T-{n}", key_result="KR-05", title=f"Zebra {n}") for n in range(100, 2200)
    ]}
    imported(northlight, file, document)

    assert connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall() == before
    assert connection.execute("PRAGMA cache_size").fetchone() == cache
    connection.execute("INSERT INTO task_search (task_search, rank) VALUES ('integrity-check', 1)")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT count(*) FROM task_search WHERE task_search MATCH 'zebra'").fetchone() == (2100,)


def test_a_plan_changes_nothing_and_says_what_the_run_does(empty: Workspace, file: Path) -> None:
    before = exported(empty)
    written(file, small())

    plan = plan_import(empty, file)

    assert exported(empty) == before
    assert run_import(empty, file).plan == plan
    assert plan.counts["tasks"].added == 1
    assert any("tasks" in line and "1 added" in line for line in plan.lines())


def test_progress_reaches_its_total(northlight: Workspace, another: Workspace, file: Path) -> None:
    steps: list[tuple[int, int | None]] = []
    file.write_bytes(exported(northlight))
    run_import(another, file, progress=lambda done, total: steps.append((done, total)))

    assert steps[0] == (0, None)
    assert steps[-1][0] == steps[-1][1]
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


# arrivals


def test_a_task_without_a_key_result_becomes_an_arrival(empty: Workspace, file: Path) -> None:
    document = small()
    document["tasks"] = [task(waits_for=["T-002"]), task(id="T-002", title="Loose", key_result=None, notes="keep")]
    document["comments"] = [{"task": "T-002", "on": "2026-10-19T10:00", "by": "mara", "body": "hm"}]

    result = imported(empty, file, document)

    found = contents(empty)
    assert [each["id"] for each in found["tasks"]] == ["T-001"]
    assert found["tasks"][0]["waits_for"] == []
    (arrival,) = found["import_items"]
    assert (arrival["id"], arrival["title"], arrival["external_id"]) == ("A-01", "Loose", "T-002")
    assert arrival["raw"]["notes"] == "keep"
    assert result.plan.arrivals == 1
    assert len(result.plan.notices) == 2


def test_arrivals_made_from_tasks_do_not_take_the_ids_of_the_files_own(empty: Workspace, file: Path) -> None:
    document = small()
    document["tasks"].append(task(id="T-002", title="Loose", key_result=""))
    document["import_items"] = [
        {"id": "A-01", "connector": "csv:x", "title": "Older", "raw": {"a": 1.5}, "on": "2026-10-01"}
    ]
    imported(empty, file, document)
    assert [(each["id"], each["title"]) for each in contents(empty)["import_items"]] == [
        ("A-01", "Older"), ("A-02", "Loose"),
    ]


# what is not known


def test_unknown_names_are_told_not_dropped_silently(empty: Workspace, file: Path) -> None:
    document = small() | {"sprints": [{"id": 1}], "colour": "red"}
    document["tasks"] = [task(points=3), task(id="T-002", points=5)]

    notices = imported(empty, file, document).plan.notices

    assert "'sprints' is not known and was left out" in notices
    assert "'colour' is not known and was left out" in notices
    assert "tasks: field 'points' is not known and was left out, records: 2" in notices


@pytest.mark.parametrize(("named", "error", "told"), [
    ({"format": "tracker/2"}, Refused, "newer tracker"),
    ({"format": "trello/1"}, WrongUsage, "says it is 'trello/1'"),
    ({}, WrongUsage, "does not say its format"),
    ({"format": ["tracker/1"]}, WrongUsage, "tracker file has"),
])
def test_other_formats_are_refused(
    empty: Workspace, file: Path, named: dict[str, object], error: type[TrackerError], told: str
) -> None:
    with pytest.raises(error, match=told):
        imported(empty, file, named | {"people": []})


def test_texts_are_cleaned_on_the_way_in(empty: Workspace, file: Path) -> None:
    hostile = "\x1b[31mred\x1b[0m [bold]x[/] \u202eright\u202c a\u200bb \ud83d\ude00"
    document = small() | {"tasks": [task(title=hostile, notes="a\r\nb\x07")]}
    file.write_text(json.dumps(document))
    run_import(empty, file)

    (found,) = contents(empty)["tasks"]
    assert found["title"] == "red [bold]x[/] right ab 😀"
    assert found["notes"] == "a\nb"


# files that are no tracker files


def test_a_file_that_is_cut_off_anywhere_is_refused_with_its_line(northlight: Workspace, another: Workspace, file: Path
                                                                 ) -> None:
    whole = exported(northlight)
    before = exported(another)
    places = random.Random(5).sample(range(1, len(whole) - 3), 60)
    for place in [1, 2, len(whole) // 2, *places]:
        file.write_bytes(whole[:place])
        with pytest.raises(WrongUsage, match=r"line \d+, column \d+: .*Nothing was imported"):
            run_import(another, file)
    assert exported(another) == before


@pytest.mark.parametrize(("content", "told"), [
    (b"", "is empty"),
    (b"  \n ", "is empty"),
    (b"[1, 2]", "one JSON object"),
    (b'{"format": "tracker/1", }', "line 1, column 25"),
    (b'{"format": "tracker/1"} x', "something follows"),
    (b'{"format": "tracker/1", "tasks": [{"id": nope}]}', "line 1, column 42"),
    (b'{"format": "tracker/1", "tasks": [1 2]}', "',' is missing"),
    (b'{"format": "tracker/1", "tasks": [], "tasks": []}', "'tasks' stands there twice"),
    (b'{"format" "tracker/1"}', "':' is missing"),
    (b'{"format": "tracker/1", "x": NaN}', "NaN"),
    (b'{"format": "tracker/1", "x": 1e99999999999999999999}', "cannot be read"),
    (b'{"format": "tracker/1", "x": ' + b"9" * 5000 + b"}", "cannot be read"),
    (b'{"format": "tracker/1", "x": ' + b"[" * 100_000, "nested too deeply"),
    (b'{"format": "tracker/1",\n "people": [{"id": "J\xe9r\xf4me"}]}', "line 2, column 22: byte 0xe9 is no UTF-8"),
    ('{"format": "tracker/1"}'.encode("utf-16"), "UTF-16"),
    ('{"format": "tracker/1"}'.encode("utf-16-le"), "UTF-16"),
    ('{"format": "tracker/1"}'.encode("utf-32"), "UTF-16"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "no UTF-8"),
    (b"SQLite format 3\x00", "one JSON object"),
])
def test_what_is_no_json_is_said_with_its_place(empty: Workspace, file: Path, content: bytes, told: str) -> None:
    file.write_bytes(content)
    before = exported(empty)
    with pytest.raises(WrongUsage) as wrong:
        run_import(empty, file)
    assert told in str(wrong.value)
    assert exported(empty) == before


def test_messages_carry_no_control_characters(empty: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "a\x1b[31m\udcff.json"
    record = {"id": "\x1b]0;x\x07T-1", "title": "\x1b[2J", "due_on": "\x1b[0m", "status": "\u202e"}
    file.write_text(json.dumps(small() | {"tasks": [record], "\x1b[1m": 1}))
    with pytest.raises(Refused) as refused:
        run_import(empty, file)
    told = [str(refused.value), *plan_import(empty, file).lines()]
    file.write_text("{")
    with pytest.raises(WrongUsage) as wrong:
        run_import(empty, file)
    assert all(line.isprintable() for text in [*told, str(wrong.value)] for line in text.splitlines())
    file.write_text(json.dumps(small()))
    assert run_import(empty, file).label == "import a.json"


def test_deep_values_inside_a_record_are_refused(empty: Workspace, file: Path) -> None:
    deep: object = "x"
    for _ in range(200):
        deep = [deep]
    document = small() | {"import_items": [
        {"id": "A-01", "connector": "c", "title": "t", "raw": {"x": deep}, "on": "2026-10-01"}
    ]}
    with pytest.raises(Refused, match="nested too deeply"):
        imported(empty, file, document)


def test_a_byte_order_mark_is_no_fault(empty: Workspace, file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(small()).encode())
    assert run_import(empty, file).plan.counts["tasks"].added == 1


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_is_not_there_is_said(empty: Workspace, tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongUsage, match=r"does not exist|is a folder"):
        run_import(empty, tmp_path / name)


def test_a_database_that_is_held_is_out_of_reach(empty: Workspace, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Store.open(empty.store.path)
    other.connection.execute("BEGIN IMMEDIATE")
    empty.store.connection.execute("PRAGMA busy_timeout = 0")
    with pytest.raises(OutOfReach, match="busy"):
        imported(empty, file, small())
    other.close()


def _everything() -> dict[str, list[dict[str, object]]]:
    """A file with at least one record of every kind, with the fields that small files leave out."""
    document = small()
    document["strategies"][0] |= {"stages": ["Awareness", "größer"], "media": ["zine"], "budget_minor": 12}
    document["key_results"] = [
        key_result(weight=2.5, stretch=12, pair_of="KR-02", planned_points=[
            {"on_date": "2026-10-10", "expected": 0.25}
        ]),
        key_result(id="KR-02", metric_kind="milestone", target=2, carried_from="KR-01", milestones=[
            {"position": 0, "title": "Brief", "done_on": "2026-10-02"}, {"position": 1, "title": "Go", "done_on": None}
        ]),
    ]
    document["tasks"] = [
        task(also_serves=["KR-02"], waits_for=["T-007"], estimate_low_h=1.5, notes="two\nlines", rank=-3),
        task(id="T-007", status="assigned", owner="lena", assigned_on="2026-10-06", kind="foundational",
             recurs="weekly", blocked_reason="waits", blocked_on="2026-10-07", added_mid_cycle=True),
    ]
    return document | {
        "micro_questions": [{"id": "MQ-1", "strategy": "S-01", "question": "Which?"}],
        "check_ins": [{
            "key_result": "KR-01", "on_date": "2026-10-12", "value": 4.75, "confidence": 6, "author": "mara",
            "note": "up", "health_override": "at risk", "override_reason": "gut", "supersedes": "2026-10-12",
        }],
        "superseded_check_ins": [{
            "key_result": "KR-01", "on_date": "2026-10-12", "seq": 1, "value": 4.5, "confidence": 6, "author": "mara",
            "note": "miscounted", "replaced_on": "2026-10-13", "replaced_by": "mara",
        }],
        "task_events": [{"task": "T-001", "seq": 0, "on_date": "2026-10-05", "to_status": "backlog", "actor": "mara"}],
        "journeys": [{"key_result": "KR-01", "steps": [
            {"position": 0, "title": "Signs", "stage": "conversion"},
            {"position": 1, "title": "Calls", "stage": "decision", "rate": 0.25, "linked_key_result": "KR-02"},
        ]}],
        "grades": [{
            "key_result": "KR-02", "raw_score": 0.3, "final_score": 0.5, "graded_by": "mara",
            "graded_on": "2026-10-19", "rationale": "half of it went out",
        }],
        "retrospectives": [{
            "cycle": "2026-10", "held_on": "2026-10-19", "worked": ["mail"], "did_not": ["ads ünd"], "learned": [],
            "decisions": [{"key_result": "KR-01", "decision": "continue"}],
        }],
        "comments": [{"number": 9, "task": "T-001", "on": "2026-10-19T10:00", "by": "mara", "body": "a\nb",
                      "mentions": ["lena"]}],
        "evidence": [{"id": "E-1", "strategy": "S-01", "field": "who", "text": "talks", "task": "T-001"}],
        "ideas": [{"id": "I-01", "title": "Podcast?", "on": "2026-10-06", "by": "lena", "task": "T-007"}],
        "import_items": [{"id": "A-01", "connector": "csv:x", "external_id": "7", "title": "Old", "on": "2026-10-01",
                          "raw": {"größe": [1, 2.5, None, {"x": "\\ \""}]}}],
        "inbox_items": [{"number": 3, "person": "lena", "what": "mentioned", "on": "2026-10-19", "task": "T-001"}],
        "wip_limits": [{"scope": "status", "subject": "doing", "max": 6, "mode": "hard"}],
        "decisions": [{"number": 5, "rule": "overdue", "subject": "T-001", "choice": "keep", "reason": "soon",
                       "by": "mara", "on": "2026-10-19", "figures": {"days": 3}}],
        "audit_snapshots": [{"on": "2026-10-19", "rule": "overdue", "count": 4}],
        "budget_lines": [{"id": "B-1", "label": "Ads", "key_result": "KR-01", "planned_minor": 100, "spent_minor": 7}],
        "connectors": [{"id": "c-1", "kind": "asana", "direction": "both", "maps": {"mara": "12"},
                        "settings": {"workspace": "1"}}],
        "external_links": [{"task": "T-007", "connector": "c-1", "external_id": "99", "state": "synced",
                            "synced_on": "2026-10-16", "base": {"title": ["a", "b"]}, "theirs": {"title": "c"},
                            "version": "v1", "url": "https://example.com/99"}],
        "outbox": [{"number": 2, "connector": "c-1", "task": "T-007", "operation": "update", "idempotency_key": "k",
                    "tries": 1, "began_at": "2026-10-19T09:30:00+00:00"}],
        "comment_links": [{"comment": 9, "connector": "c-1", "external_id": "77"}],
        "goal_links": [{"key_result": "KR-01", "connector": "c-1", "external_id": "78", "sent": {"value": "4.75"}}],
        "change_batches": [{"number": 4, "at": "2026-10-19T09:30:00.000000+00:00", "by": "mara", "label": "add",
                            "is_reverted": False}],
        "changes": [{"batch": 4, "seq": 0, "entity": "task", "id": "T-001", "field": "title", "old": "\"A  b\"",
                     "new": "\"Write to ten clinics\""}],
    }

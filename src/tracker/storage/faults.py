"""What a database error means to the person in front of it."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from tracker.domain.errors import OutOfReach, Refused, TrackerError

DRIVER_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What the driver raises. The second comes of a torn page in the schema: SQLite's message about it is no text."""
UNREADABLE = "malformed database schema"

_RULES = {
    "task_cites_a_key_result": "A task cites a key result; there is none with that id.",
    "key_result_has_tasks": "Tasks cite the key result, so it stays; drop it, or cite another one in each of them.",
    "contribution_is_required": "The strategy asks how each assigned task moves its key result; say it "
    "(contribution).",
    "open_task_cites_open_key_result": "Open work cites a draft or active key result; this one is graded or dropped. "
    "Cite another one.",
    "key_result_has_open_tasks": "The key result still has open tasks; finish, cancel or re-cite them first.",
    "cycles_do_not_overlap": "The cycle's dates overlap another cycle of the same strategy; move one of them.",
    "one_running_cycle": "Another cycle of the strategy is active or being graded; close it first.",
    "one_active_strategy": "Another strategy is active; retire it first, or let this one stay a draft.",
    "strategy_starts_as_draft": "A strategy begins as a draft and is activated when it has channels.",
    "active_strategy_has_a_channel": "An active strategy uses at least one channel; name one.",
    "link_beyond_backlog": "Only assigned work gets an external link; assign the task first.",
    "history_is_append_only": "History is never changed; undo adds to it.",
    "ids_are_kept": "An id stays as it is: the history knows the record by it.",
    "rows_are_not_replaced": "There is one already with that id; change it instead.",
    "one_check_in_a_day": "The key result has a check-in on that day already; correct that one.",
    "dependency_is_removed_and_added": "Waiting is taken away and made anew, not changed.",
    "no_circle_of_waiting": "That would make the tasks wait for each other in a circle; nothing was changed.",
    "no_task_waits_for_itself": "A task cannot wait for itself.",
    "task_has_a_title": "A task needs a title.",
    "idea_has_a_title": "An idea needs a title.",
    "assigned_has_an_owner": "Assigned work has an owner; say who (assign TASK PERSON).",
    "started_has_a_day": "Started work has a day it was started on.",
    "done_has_a_day": "A task is done if and only if it has a day it was done on.",
    "cancelled_says_why": "A task is cancelled if and only if there is a reason; say why.",
    "only_cancelled_has_a_cancel_reason": "Only a cancelled task has a cancel reason.",
    "estimate_is_in_order": "The low estimate is above the high one; swap them.",
    "estimate_is_not_negative": "An estimate is not negative.",
    "cost_is_not_negative": "A cost is not negative.",
    "done_after_it_started": "A task is not done before it was started; check the two days.",
    "only_foundational_work_recurs": "Only foundational work recurs; make the task foundational first.",
    "only_assigned_work_is_blocked": "Only assigned, doing and review work can be blocked.",
    "increase_goes_up": "A key result that increases has a target above its baseline.",
    "decrease_goes_down": "A key result that decreases has a target below its baseline.",
    "maintain_has_no_baseline": "A key result that maintains a bound has no baseline.",
    "between_has_two_bounds": "Only maintain_between has two bounds, and the upper lies above the lower.",
    "milestones_count_up_from_zero": "Milestones increase from 0 to a whole number.",
    "currency_goes_with_currency_metrics": "A currency metric names its currency (three letters), others have none.",
    "active_strategy_says_who_why_how_and_what": "An active strategy says who, why, approach and desired action.",
    "confidence_is_0_to_10": "Confidence is 0 to 10.",
    "check_in_has_a_note": "A check-in needs a note.",
    "other_grade_says_why": "A final grade unlike the raw one needs a reason of 10 characters.",
    "grade_is_a_share": "A grade lies between 0 and 1.",
    "override_says_why": "A health that is overridden says why.",
    "strategy_has_a_title": "A strategy needs a title: its goal in a few words.",
    "objective_has_a_title": "An objective needs a title: the direction in words.",
    "key_result_has_title_and_unit": "A key result needs a title and a unit: what is counted, and in what.",
    "person_is_named": "A person needs an id and a name.",
    "comment_says_something": "The message is empty; say something.",
    "dropped_says_why": "A key result is dropped for a reason; say it (drop_reason).",
    "horizon_ends_after_it_starts": "The horizon ends before it starts; swap the days.",
    "cycle_ends_after_it_starts": "The cycle ends before it starts; swap the days.",
    "key_result_ends_after_it_starts": "The key result is due before it starts; swap the days.",
    "objective_weight_is_positive": "The weight of an objective is above 0.",
    "key_result_weight_is_not_negative": "The weight of a key result is 0 or more.",
    "precision_is_0_to_6": "A key result shows 0 to 6 decimals.",
    "cadence_is_1_to_92_days": "A key result is checked in every 1 to 92 days.",
    "checkin_weekday_is_iso": "The weekday of check-ins is 1 (Monday) to 7.",
    "review_comes_round": "A strategy is reviewed every 1 or more days.",
    "budget_is_not_negative": "A budget is not negative.",
    "money_is_not_negative": "Planned and spent money are not negative.",
    "capacity_is_not_negative": "A capacity is not negative.",
    "rate_is_not_negative": "A daily rate is not negative.",
    "rate_is_a_share": "A rate lies above 0 and is 1 at most.",
    "expected_is_a_share": "An expected progress lies between 0 and 1.",
    "limit_is_positive": "A limit is 1 or more.",
}


def rule_in_words(name: str) -> str:
    """The rule a constraint or trigger of that name holds, as a sentence."""
    if name in _RULES:
        return _RULES[name]
    if name.endswith("_is_a_day"):
        return f"{name.removesuffix('_is_a_day')} is not a real day; write it as 2026-10-21."
    if found := re.fullmatch(r"(\w+)_is_(text|a_number|a_whole_number|a_list_or_object)", name):
        return f"{found[1].replace('_', ' ')} holds {found[2].replace('_', ' ')}, nothing else."
    if found := re.fullmatch(r"(\w+)_is_(known|a_flag)", name):
        return f"{found[1].replace('_', ' ')} holds a word that is not known here."
    return f"The database holds a rule against it: {name.replace('_', ' ')}."


def _refused(error: sqlite3.IntegrityError) -> TrackerError:
    message = str(error)
    if found := re.match(r"(?:rule: |CHECK constraint failed: )(\w+)", message):
        return Refused(rule_in_words(found[1]))
    if message == "FOREIGN KEY constraint failed":
        return Refused("Something it refers to does not exist, or something else still refers to it.")
    if found := re.match(r"NOT NULL constraint failed: (\w+)\.(\w+)", message):
        table, column = found[1], found[2]
        if (table, column) == ("task", "key_result"):
            return Refused("A task cites a key result; name one with kr:.")
        return Refused(f"{table.replace('_', ' ')} needs {column.replace('_', ' ')}.")
    if found := re.match(r"UNIQUE constraint failed: (.+)", message):
        return Refused(f"There is one already with that {found[1].split('.')[-1].replace('_', ' ')} ({found[1]}).")
    return Refused(f"The database refused it: {message}.")


_FAULTS = (
    ("file is not a database", "{path} is not a tracker database. Name another file with --db."),
    ("file is encrypted", "{path} is not a tracker database. Name another file with --db."),
    ("malformed", "{path} is damaged. Run `tracker doctor --db {path}`; a backup may lie beside it."),
    ("vtable constructor failed", "{path} is damaged. Run `tracker doctor --db {path}`; a backup may lie beside it."),
    ("readonly", "{path} cannot be written to. Nothing was changed; check the rights of the file and its folder."),
    ("read-only", "{path} cannot be written to. Nothing was changed; check the rights of the file and its folder."),
    ("locked", "{path} is busy: another program holds it. Nothing was changed; try again in a moment."),
    ("disk is full", "The disk that holds {path} is full. Nothing was changed; make room and try again."),
    ("unable to open", "{path} cannot be opened. Check that the folder exists and may be read and written."),
    ("disk I/O", "The disk that holds {path} does not read or write. Nothing was changed."),
)


def in_words(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> TrackerError:
    """The error of the driver as one of ours, with what to do next."""
    if isinstance(error, sqlite3.IntegrityError):
        return _refused(error)
    message = UNREADABLE if isinstance(error, UnicodeDecodeError) else str(error)
    for sign, words in _FAULTS:
        if sign in message:
            return OutOfReach(words.format(path=path))
    return OutOfReach(f"{path}: the database answers {message!r}. Run `tracker doctor`.")

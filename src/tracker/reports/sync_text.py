"""Connections, plans, runs and conflicts of sync as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from tracker.domain.links import STATE_WORDS
from tracker.reports.ink import Ink, cut, padded, shown
from tracker.services.sync import (
    Action,
    ConnectionStatus,
    FieldChange,
    PlannedTask,
    RunRow,
    SyncConnection,
    SyncNote,
    SyncPlan,
    SyncReport,
    TaskConflict,
)

GROUPS: Mapping[Action, str] = {
    Action.FAIL: "Cannot be done",
    Action.CONFLICT: "To be decided: here | there",
    Action.GONE: "Gone there; the task here stays",
    Action.UNMAPPED_OWNER: "Owner not known there; the rest is kept the same",
    Action.CHANGED_THERE: "Changed there, not taken",
    Action.CREATE: "Made there",
    Action.ADOPT: "Found there, becomes the twin",
    Action.PUSH: "Sent there",
    Action.PULL: "Taken from there",
    Action.BOTH: "Sent and taken",
    Action.COMMENT: "Messages only",
    Action.ARRIVE: "Arrives here",
    Action.UNLINK: "Let go; the task there is left as it is",
    Action.GOAL: "Goals of key results",
}
"""Heading of each action in a plan, in their order: what needs a person comes first."""
COUNTED: Mapping[str, str] = {
    "create": "made there", "adopt": "found there", "push": "sent", "pull": "taken", "both": "sent and taken",
    "comment": "with new messages", "arrive": "arrived", "goal": "goals", "unlink": "let go",
    "conflict": "to be decided", "changed_there": "changed there and not taken", "gone": "gone there",
    "unmapped_owner": "with an owner not known there", "fail": "not done",
}  # fmt: skip
_ONE = {"goal": "goal"}
NEEDS_A_PERSON = frozenset({"fail", "conflict", "gone", "unmapped_owner", "changed_there"})
DIRECTIONS = {"both": "both ways", "push": "only there"}
FIELDS = {"due_on": "due", "start_on": "start"}
SAID = frozenset({"title", "description"})
LONGEST_VALUE = 60
"""Cells of a value in a plan; a description is longer, and --json has all of it."""
SHOWN_OF_A_GROUP = 20
"""Tasks of one action that a terminal gets unless all are asked for."""
CONNECTION_TABLE = ("name", "kind", "project", "direction", "policy", "people", "extras")


def field_name(field: str) -> str:
    """`due` for due_on."""
    return FIELDS.get(field, field)


def connection_row(kept: SyncConnection) -> list[str]:
    """A connection for a table."""
    chosen = kept.settings
    extras = [word for word, is_on in (("messages", chosen.sends_comments), ("arrivals", chosen.takes_arrivals),
                                       ("goals", chosen.sends_goals)) if is_on]
    return [kept.id, chosen.kind, chosen.place_name or chosen.place, chosen.direction, chosen.policy,
            str(len(chosen.people)), " ".join(extras)]


def _head(kept: SyncConnection) -> str:
    chosen = kept.settings
    return f"{kept.id}: {shown(chosen.place_name or chosen.place)}, {DIRECTIONS.get(chosen.direction, '')}"


# plan


def plan_lines(plan: SyncPlan, kept: SyncConnection, *, width: int | None, ink: Ink, whole: bool) -> Iterator[str]:
    """What a run would do, by what happens; fields with before > after."""
    for line, is_heading in _plan_lines(plan, kept, SHOWN_OF_A_GROUP if width is not None and not whole else None):
        fitting = line if width is None else cut(line, width)
        yield ink.bold(fitting) if is_heading else fitting


def _plan_lines(plan: SyncPlan, kept: SyncConnection, most: int | None) -> Iterator[tuple[str, bool]]:
    yield _head(kept), True
    for action, heading in GROUPS.items():
        tasks = [each for each in plan.tasks if each.action is action]
        if not tasks:
            continue
        yield "", False
        yield f"{heading} ({len(tasks):,})", True
        for task in tasks[:most]:
            yield from ((line, False) for line in _planned(task))
        if most is not None and len(tasks) > most:
            yield f"  and {len(tasks) - most:,} more; --all shows them", False
    if not plan.tasks:
        yield "Nothing to do: both sides hold the same.", False


def _planned(task: PlannedTask) -> Iterator[str]:
    yield f"  {padded(task.task or '-', 6)} {shown(task.title)}"
    if any(change.field == "title" and change.side == "there" and not change.before for change in task.fields):
        # what had no title is new there; the title stands above, and the description is what the task here says
        fields = [f"{field_name(each.field)} {_value(each.after)}" for each in task.fields if each.field not in SAID]
        yield f"         {', '.join(fields)}"
    else:
        yield from (f"         {change_words(change)}" for change in task.fields)
    if task.words:
        yield f"         {shown(task.words)}"


def change_words(change: FieldChange) -> str:
    """`there due       2026-10-21 > 2026-10-28`; of a conflict `due  here | there`."""
    before, after = (_value(each) for each in (change.before, change.after))
    sign = ">" if change.side else "|"
    return f"{padded(change.side, 5)} {padded(field_name(change.field), 11)} {before} {sign} {after}"


def _value(text: str) -> str:
    return cut(shown(text), LONGEST_VALUE) or "-"


# runs


def counts_words(counts: Mapping[str, int]) -> str:
    """`3 made there, 1 taken`."""
    known = [name for name in COUNTED if counts.get(name)]
    said = [f"{counts[name]:,} {_ONE.get(name, COUNTED[name]) if counts[name] == 1 else COUNTED[name]}"
            for name in known]  # fmt: skip
    return ", ".join(said) or "nothing had to change"


def report_lines(report: SyncReport, *, width: int | None) -> Iterator[str]:
    """What a run did, and what of it needs a person."""
    needed = [note for note in report.notes if note.action in NEEDS_A_PERSON]
    is_over = report.outcome == "done" or report.counts
    head = [f"{report.connection}: {counts_words(report.counts)}"] if is_over else []
    return _fitting([*head, *_notes(needed)], width)


def _fitting(lines: Iterable[str], width: int | None) -> Iterator[str]:
    return (line if width is None else cut(line, width) for line in lines)


def _notes(notes: Sequence[SyncNote]) -> Iterator[str]:
    for note in notes:
        what = COUNTED.get(note.action, note.action)
        said = f"{what}: {note.words}" if note.words and note.action == Action.FAIL else note.words or what
        yield f"  {padded(note.task or '-', 6)} {shown(said)}"


def log_lines(runs: Sequence[RunRow], *, width: int | None) -> Iterator[str]:
    """Runs, newest first, with what they noted."""
    for run in runs:
        yield from _fitting([run_words(run), *_notes(run.notes)], width)


def run_words(run: RunRow) -> str:
    """`#12  2026-10-19 11:30  asana  done: 3 made there`."""
    end = run.outcome or ("cut off, or still at work" if run.ended_at is None else "ended")
    said = f": {shown(run.words)}" if run.words else ""
    return f"#{run.number}  {minute(run.began_at)}  {run.connection}  {end}{said}"


def minute(at: str) -> str:
    """A stamp in UTC as local time to the minute."""
    try:
        return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return at[:16].replace("T", " ")


# how it stands


def status_lines(
    rows: Sequence[ConnectionStatus], kept: Mapping[str, SyncConnection], *, width: int | None
) -> Iterator[str]:
    """How each connection stands, from this database alone."""
    return _fitting(_status_lines(rows, kept), width)


def _status_lines(rows: Sequence[ConnectionStatus], kept: Mapping[str, SyncConnection]) -> Iterator[str]:
    for number, row in enumerate(rows):
        if number:
            yield ""
        yield _head(kept[row.connection])
        last = row.last_run
        yield f"  last run   {run_words(last) if last else 'none yet'}"
        states = [f"{count:,} {STATE_WORDS.get(state, state)}" for state, count in row.links.items() if count]
        yield f"  tasks      {', '.join(states) or 'none there yet'}"
        if row.waiting:
            yield f"  waiting    {row.waiting:,} changed here since, or never sent"
        if row.intents:
            yield f"  unfinished {row.intents:,} whose making began; the next run finds out what became of them"


# conflicts


def conflict_lines(found: Sequence[TaskConflict], *, width: int | None) -> Iterator[str]:
    """Tasks to decide about: base, ours and theirs of each field."""
    for place, (task, rows) in enumerate(groupby(found, key=lambda each: each.task)):
        lines = [""] if place else []
        for row in rows:
            lines.append(f"{task}  {shown(row.title)}  ({row.connection}, {STATE_WORDS.get(row.state, row.state)})")
            if row.words:
                lines.append(f"  {shown(row.words)}")
            for field in row.fields:
                lines += [f"  {field_name(field.field)}"] + [
                    f"    {padded(name, 7)} {shown(value) or '-'}"
                    for name, value in (("before", field.base), ("ours", field.ours), ("theirs", field.theirs))
                ]
        yield from _fitting(lines, width)

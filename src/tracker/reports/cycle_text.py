"""A cycle and its end as text and as a record."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from tracker.domain.cycles import Scores
from tracker.reports.figures import rounded
from tracker.reports.ink import Ink, cut, shown
from tracker.reports.records import plain
from tracker.reports.tables import table_lines
from tracker.services.closing import STEPS, Closing, KeyResultEnd

TABLE = ("id", "last", "raw", "final", "decision", "into", "open", "title")
QUESTIONS = {"worked": "What worked", "did_not": "What did not", "learned": "What was learned"}


def score_cells(scores: Scores | None) -> list[str]:
    """Score, outcome score and output score of a cycle, for a table."""
    return [""] * 3 if scores is None else [_score(each) for each in (scores.all, scores.outcome, scores.output)]


def scores_record(scores: Scores | None) -> dict[str, Any]:
    """The same as fields; null where nothing is known."""
    names = {"score": "all", "outcome_score": "outcome", "output_score": "output"}
    return {name: None if scores is None else plain(getattr(scores, of)) for name, of in names.items()}


def _score(score: Decimal | None) -> str:
    return "?" if score is None else rounded(score, 2)


def scores_line(scores: Scores) -> str:
    """`score 0.74, outcomes 0.30, outputs 0.89`."""
    return ", ".join(f"{word} {_score(each)}" for word, each in (
        ("score", scores.all), ("outcomes", scores.outcome), ("outputs", scores.output)))


def cycle_lines(found: Closing, *, width: int | None) -> Iterator[str]:
    """All of a cycle; what closing it still asks for stands at the end."""
    yield f"{found.id}  {shown(found.name)}  {found.status}  {found.starts_on} to {found.ends_on}"
    yield f"  by check-ins: {scores_line(found.scores)}"
    if found.final.all is not None:
        yield f"  by grades: {scores_line(found.final)}"
    for objective in found.objectives:
        yield ""
        score = f"score {_score(objective.score)}"
        final = f", final {_score(objective.final)}" if objective.final is not None else ""
        yield f"{objective.id}  {shown(objective.title)}"
        ends = objective.comes_to if objective.comes_to != objective.status else ""
        yield f"  {score}{final}, {objective.ambition}, {objective.status}" + (f", comes to {ends}" if ends else "")
        rows = [_row(row) for row in objective.key_results]
        room = None if width is None else width - 2
        yield from (f"  {line}" for line in table_lines(rows, TABLE, width=room, ink=Ink(False)))
        for row in objective.key_results:
            yield from (cut(line, width) if width else line for line in _details(row, found))
    yield from _retrospective(found, width)
    yield from _what_is_left(found)


def _row(row: KeyResultEnd) -> list[str]:
    return [
        row.id, row.last_check_in.isoformat() if row.last_check_in else "never", _score_or_none(row),
        "" if row.final is None else f"{row.final}", row.decision or row.status, row.into or "",
        f"{row.open_count:,}" if row.open_count else "", row.title,
    ]


def _score_or_none(row: KeyResultEnd) -> str:
    return f"{row.raw}" if row.score is not None or row.final is not None else "?"


def _details(row: KeyResultEnd, found: Closing) -> Iterator[str]:
    if row.rationale:
        yield f"    {row.id} graded {row.final}: {shown(row.rationale)}"
    if row.reason:
        yield f"    {row.id} {row.decision or row.status}: {shown(row.reason)}"
    if row.open_count:
        yield f"    {row.id} {task_plan(row, found)}"


def task_plan(row: KeyResultEnd, found: Closing) -> str:
    """`4 open tasks move to KR-13 Signed clients`."""
    count = f"{row.open_count:,} open {'task' if row.open_count == 1 else 'tasks'}"
    if row.tasks_to:
        verb = "moves" if row.open_count == 1 else "move"
        return f"{count} {verb} to {row.tasks_to} {shown(found.titles.get(row.tasks_to, ''))}".rstrip()
    if row.cancel_reason:
        return f"{count} {'is' if row.open_count == 1 else 'are'} cancelled: {shown(row.cancel_reason)}"
    return f"{count}: move or cancel?"


def _retrospective(found: Closing, width: int | None) -> Iterator[str]:
    if found.started:
        yield ""
        yield "Started for the next cycle: " + ", ".join(f"{id_} {shown(title)}" for id_, title in found.started)
    for name, question in QUESTIONS.items():
        lines: Sequence[str] = getattr(found, name)
        if lines:
            yield ""
            yield question
        for line in lines:
            text = f"  {shown(line)}"
            yield from [text] if width is None else textwrap.wrap(text, max(width, 20), subsequent_indent="  ")


def _what_is_left(found: Closing) -> Iterator[str]:
    if found.status not in ("active", "grading"):
        return
    yield ""
    next_step = "close it" if found.step == len(STEPS) - 1 else STEPS[found.step]
    yield f"Closing: {next_step} comes next" if next_step != "close it" else "Closing: nothing is missing; close it"
    lacking = [row.id for row in found.key_results if row.lacks_check_in]
    if lacking:
        yield f"  no check-in of late: {', '.join(lacking)}"
    yield from (f"  {shown(words)}" for words in found.in_the_way)
    undecided = [row.id for row in found.key_results if row.status != "dropped" and not row.decision]
    if undecided:
        yield f"  not decided (continue, change or drop): {', '.join(undecided)}"
    if found.open_tasks:
        yield f"  open tasks: {found.open_tasks:,}"
    following = f"{found.next_id} {shown(found.next_name)}" if found.next_id else "made when it is asked for"
    yield f"  next cycle: {following}"


def cycle_record(found: Closing) -> dict[str, Any]:
    """All of it, for `--json`."""
    return {
        "today": found.today.isoformat(),
        "cycle": {
            "id": found.id, "strategy": found.strategy, "name": found.name, "status": found.status,
            "starts_on": found.starts_on.isoformat(), "ends_on": found.ends_on.isoformat(), "next": found.next_id,
        },
        "by_check_ins": scores_record(found.scores), "by_grades": scores_record(found.final),
        "objectives": [
            {
                "id": each.id, "title": each.title, "ambition": each.ambition, "weight": plain(each.weight),
                "status": each.status, "score": plain(each.score), "final_score": plain(each.final),
                "comes_to": each.comes_to or None, "key_results": [_key_result(row) for row in each.key_results],
            }
            for each in found.objectives
        ],
        "started": [id_ for id_, _ in found.started],
        "retrospective": {name: list(getattr(found, name)) for name in QUESTIONS},
        "step": STEPS[min(found.step, len(STEPS) - 1)], "in_the_way": list(found.in_the_way),
        "open_tasks": found.open_tasks,
    }


def _key_result(row: KeyResultEnd) -> dict[str, Any]:
    return {
        "id": row.id, "title": row.title, "status": row.status, "result_kind": row.result_kind, "owner": row.owner,
        "weight": plain(row.weight), "last_check_in": plain(row.last_check_in),
        "lacks_check_in": row.lacks_check_in, "score": plain(row.score), "raw_score": plain(row.raw),
        "final_score": plain(row.final), "rationale": row.rationale or None, "decision": row.decision or None,
        "into": row.into, "reason": row.reason or None, "open_tasks": dict(row.open_tasks),
        "tasks_move_to": row.tasks_to, "tasks_cancelled_for": row.cancel_reason or None,
    }

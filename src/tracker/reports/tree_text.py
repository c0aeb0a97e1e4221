"""The strategy from the top down as text: objectives, key results and their first tasks, each level further in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tracker.reports.figures import key_result_figures, score_text
from tracker.reports.ink import Ink, cells, cut, shown
from tracker.reports.records import card_record, plain
from tracker.reports.task_lines import LEAST_TITLE, marks, short_day
from tracker.services.outline import Branch, Outline, Work
from tracker.storage.rows import Card, KeyResultRow, ObjectiveRow

STEP = "   "


def tree_lines(tree: Outline, *, width: int | None, ink: Ink) -> Iterator[str]:
    """A heading and a line of figures for each; tasks a line each; headings and tasks are cut to the width."""
    header = tree.header
    figures = [score_text(header.score)]
    if header.net_confidence is not None:
        figures.append(f"net confidence {header.net_confidence:+d}")
    if header.cycle is not None:
        figures.append(f"{shown(header.cycle.name)} {header.cycle.progress}")
    yield ink.bold(_cut(f"{header.strategy.id}  {shown(header.strategy.title)}", width))
    yield f"{STEP}{', '.join([*figures, _counts(tree.work)])}"
    for objective in header.objectives:
        yield from _objective(tree, objective, header.today, width, ink)
    if header.cycle is None:
        yield f"{STEP}No cycle is running, so there are no objectives to show; tracker cycle lists them."
    if tree.elsewhere:
        yield f"{STEP}{tree.elsewhere} open tasks cite key results of other cycles."


def _objective(tree: Outline, objective: ObjectiveRow, today: date, width: int | None, ink: Ink) -> Iterator[str]:
    yield ink.bold(_cut(f"{STEP}{objective.id}  {shown(objective.title)}", width))
    yield (f"{STEP * 2}{score_text(objective.score)}, {ink.health(objective.health)}, {objective.ambition}, "
           f"{_counts(tree.work_on(objective))}")
    for key_result in objective.key_results:
        yield from _key_result(key_result, tree.branches[key_result.id], today, width, ink)


def _key_result(row: KeyResultRow, branch: Branch, today: date, width: int | None, ink: Ink) -> Iterator[str]:
    before = STEP * 3
    yield _cut(f"{STEP * 2}{row.position}  {row.id}  {shown(row.title)}", width)
    yield f"{before}{key_result_figures(row, ink)}, {_counts(branch.work)}"
    for card in branch.tasks:
        yield _task(before, card, today, width)
    if branch.more:
        yield ink.dim(f"{before}… {branch.more} more")


def _task(before: str, card: Card, today: date, width: int | None) -> str:
    """Id, status, owner, due day and title; a title is cut before what is special about the task is."""
    due = short_day(card.due_on, today) if card.due_on else "--"
    lead = f"{before}{card.id:<6} {card.status:<8}  {shown(card.owner or '-'):<8}  {due:<6}  "
    said = "".join(f", {mark}" for mark in marks(card, today) if not mark.startswith("soon"))
    title = shown(card.title)
    if width is None:
        return f"{lead}{title}{said}"
    room = max(LEAST_TITLE, width - cells(lead) - cells(said))
    return cut(f"{lead}{cut(title, room)}{said}", width)


def _counts(work: Work) -> str:
    return f"{work.open} open, {work.done} done"


def _cut(line: str, width: int | None) -> str:
    return line if width is None else cut(line, width)


def tree_record(tree: Outline) -> dict[str, Any]:
    """The same as a record: the strategy with its objectives in it, those with their key results, those with tasks."""
    header = tree.header
    return {
        "today": header.today,
        "cycle": header.cycle,
        "strategy": {
            **plain(header.strategy), "score": plain(header.score), "net_confidence": header.net_confidence,
            **plain(tree.work), "objectives": [_objective_record(tree, each) for each in header.objectives],
        },
        "elsewhere": tree.elsewhere,
    }


def _objective_record(tree: Outline, objective: ObjectiveRow) -> dict[str, Any]:
    key_results = [
        {**plain(each), **plain(tree.branches[each.id].work),
         "tasks": [card_record(card) for card in tree.branches[each.id].tasks], "more": tree.branches[each.id].more}
        for each in objective.key_results
    ]
    return {**plain(objective), **plain(tree.work_on(objective)), "key_results": key_results}

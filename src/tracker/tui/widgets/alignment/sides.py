"""What stands beside the findings: coverage and results, or the tasks of one finding to choose from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from tracker.domain.audit import Finding
from tracker.domain.dates import show_day
from tracker.domain.tasks import OPEN
from tracker.reports import audit_words as words
from tracker.services.audit import SHOWN_TASKS, About, Audit, ResultRow
from tracker.storage.rows import Card
from tracker.tui.cells import clean, fit
from tracker.tui.widgets.alignment.lines import HEALTH_ROLES
from tracker.tui.widgets.painted import Line, Piece
from tracker.tui.widgets.text_view import Row, wrapped

MARKS = {"on track": "+", "at risk": "!", "off track": "x"}
STAGE_WIDTH = 13
LEAST_CELL = 4


def overview_rows(found: Audit, width: int) -> list[Row]:
    """Coverage above, results against activity below."""
    return [*_coverage(found, width), Row(), *_results(found, width)]


def _coverage(found: Audit, width: int) -> list[Row]:
    heads, rows = words.coverage_rows(found.coverage, _media_that_fit(found, width))
    cells = [max(len(head) + 1, LEAST_CELL) for head in (*heads, "all")]
    lines = [
        Row(((" COVERAGE", "head"), ("  open tasks by stage and medium", "faint"))),
        Row(((" " * (STAGE_WIDTH + 1), "faint"),
             *((f"{head:>{cell}}", "faint") for head, cell in zip((*heads, "all"), cells, strict=True)))),
    ]  # fmt: skip
    for stage, counts, total in rows:
        pieces: list[Piece] = [(f" {fit(stage, STAGE_WIDTH)}", "text" if total else "bad")]
        pieces += [(f"{count or '.':>{cell}}", "text" if count else "faint")
                   for count, cell in zip(counts, cells, strict=False)]
        lines.append(Row((*pieces, (f"{total:>{cells[-1]}}", "title"))))
    return [*lines, *wrapped(words.coverage_words(found.coverage), width, role="muted")]


def _media_that_fit(found: Audit, width: int) -> int:
    for most in range(10, 1, -1):
        heads, _ = words.coverage_rows(found.coverage, most)
        if STAGE_WIDTH + 1 + sum(max(len(head) + 1, LEAST_CELL) for head in (*heads, "all")) <= width:
            return most
    return 1


def _results(found: Audit, width: int) -> list[Row]:
    cycle = f", {found.header.cycle.name}" if found.header.cycle is not None else ""
    name = max(10, min(40, width - 4 - 5 - 5 - 7 - 10 - 1))
    head = f"    {'key result':{name}}{'done':>5}{'open':>5}{'score':>7}{'last week':>10}"
    lines = [Row(((f" RESULT AGAINST ACTIVITY{clean(cycle)}", "head"),)), Row(((head, "faint"),))]
    lines += [Row(_result(row, name)) for row in found.results]
    if found.past is not None:
        lines += [Row(), *wrapped(words.past_words(found.past), width, role="muted")]
    return lines


def _result(row: ResultRow, name: int) -> Line:
    figures = row.figures
    role = HEALTH_ROLES.get(figures.health, "stale")
    return (
        (f" {figures.position}{MARKS.get(figures.health, '?')} ", role), (fit(figures.title, name), "text"),
        (f"{row.done:>5}", "text"), (f"{row.open:>5}", "text" if row.open else "warn"),
        (f"{words.score_words(figures.score):>7}", role), (f"{words.change_words(row):>10}", "text"),
    )  # fmt: skip


def task_rows(
    finding: Finding | None, about: About | None, marked: Collection[str], today: date, width: int
) -> list[Row]:
    """The tasks of a finding; space marks them, x and m then act on the marked ones."""
    name = clean(finding.label) if finding is not None else ""
    rows = [Row(((f" TASKS of {name}", "head"),))]
    if about is None or finding is None or about.finding != finding.id:
        return [*rows, Row(((" …", "faint"),))]
    if not about.cards:
        return [*rows, *wrapped("No task is behind this finding. Esc goes back to the findings.", width, role="muted")]
    rows.append(Row(((" space ", "key"), ("marks   ", "muted"), ("x ", "key"), ("cancels   ", "muted"), ("m ", "key"),
                     ("moves to another key result   ", "muted"), ("Esc ", "key"), ("back", "muted"))))  # fmt: skip
    rows += [Row(_task(card, card.id in marked, today, width), card.id) for card in about.cards]
    if about.total > len(about.cards):
        rows.append(Row(((f"   and more than these {SHOWN_TASKS}: the board shows all of them", "muted"),)))
    return rows


def _task(card: Card, is_marked: bool, today: date, width: int) -> Line:
    room = max(8, width - 2 - 7 - 9 - 8 - 7)
    late = card.due_on is not None and card.due_on < today and card.status in OPEN
    due = show_day(card.due_on, today)[:6] if card.due_on is not None else "--"
    role = "text" if card.status in OPEN else "faint"
    return (
        ("* " if is_marked else "  ", "mark"), (fit(card.id, 7), "muted"), (fit(card.title, room - 1) + " ", role),
        (fit(card.status, 9), "muted"), (fit(card.owner or "-", 8), "accent" if card.owner else "warn"),
        (f"{due:>6}", "late" if late else role), ("!" if late else " ", "late"),
    )  # fmt: skip

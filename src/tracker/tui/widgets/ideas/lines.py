"""Ideas and arrivals, a line each; and what is known of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from tracker.domain.dates import show_day
from tracker.storage.rows import IdeaRow
from tracker.tui.cells import clean, fit
from tracker.tui.widgets.painted import Line
from tracker.tui.widgets.text_view import Row, headed, wrapped

KINDS = {"idea": "IDEAS", "arrival": "ARRIVALS"}
EMPTY = {
    "idea": "no idea waits; i keeps one",
    "arrival": "nothing arrived; tracker import FILE brings work in that cites no key result yet",
}


def idea_rows(waiting: Sequence[IdeaRow], today: date, width: int, missing: Sequence[str] = ()) -> list[Row]:
    """Own ideas first, then what came from elsewhere; above them what a first strategy still needs."""
    rows = _strategy_first(missing, width) if missing else []
    for kind, heading in KINDS.items():
        of_kind = [row for row in waiting if row.kind == kind]
        count = f"  {len(of_kind)}" if of_kind else ""
        rows += [Row(), Row(((f" {heading}", "head"), (count, "muted")))]
        rows += [_row(row, today, width) for row in of_kind] or [Row(((f" {EMPTY[kind]}", "faint"),))]
    return rows


def _strategy_first(missing: Sequence[str], width: int) -> list[Row]:
    words = (
        "There are no tasks before there is a strategy; ideas can be kept meanwhile. Esc goes on with the questions."
    )
    return [
        *headed("STRATEGY FIRST"),
        *wrapped(words, width),
        *wrapped(f"Still missing: {', '.join(missing)}.", width, role="warn"),
    ]


def _row(row: IdeaRow, today: date, width: int) -> Row:
    id_width = max(6, min(12, len(row.id) + 1))
    source_width = max(0, (width - 60) // 2) if width >= 90 else 0
    title_width = width - 1 - id_width - 8 - 9 - source_width - 1
    return Row(
        (
            (f" {fit(row.id, id_width)}", "muted"), (f"{fit(show_day(row.on, today), 8)}", "faint"),
            (fit(row.by or "", 8) + " ", "accent"), (fit(row.title, title_width) + " ", "text"),
            (fit(row.source or "", source_width), "faint"),
        ),
        row.id,
    )  # fmt: skip


def of_idea(row: IdeaRow | None, brought: Mapping[str, object]) -> Line:
    """Where it came from, and what an arrival brought along."""
    if row is None:
        return ()
    line: list[tuple[str, str]] = [(f" {row.id} ", "here"), (f" {clean(row.title)}  ", "title")]
    if row.source:
        line += [("from ", "muted"), (f"{clean(row.source)}  ", "text")]
    for name, value in brought.items():
        if value not in (None, "") and str(value).strip() != row.title:
            line += [(f"{clean(str(name)[:40])} ", "muted"), (f"{clean(str(value)[:120])}  ", "text")]
    return tuple(line)

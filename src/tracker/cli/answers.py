"""How commands answer: the changed tasks as data, everything else as talk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tracker.reports import task_lines
from tracker.reports.ink import Ink, shown
from tracker.services import board

if TYPE_CHECKING:
    from tracker.cli.invocation import Invocation
    from tracker.services.outcome import Outcome
    from tracker.storage.rows import Card


def put_record(invocation: Invocation, kind: str, **content: Any) -> None:
    """One JSON document as the answer."""
    from tracker.reports import records

    invocation.output.write(records.document(kind, ascii_only=not invocation.output.is_unicode, **content))


def put_cards(invocation: Invocation, cards: Iterable[Card]) -> None:
    """Tasks, one line each, with their status."""
    output, today = invocation.output, invocation.workspace().clock.today
    if output.is_terminal:
        output.lines(task_lines.terminal_lines(
            cards, today, width=output.width, ink=Ink(output.colour), headings=False))
    else:
        output.lines(task_lines.plain_lines(cards, today))


def tasks_changed(invocation: Invocation, outcome: Outcome, *, as_json: bool) -> None:
    """The tasks as they are now, and what the person should know about the change."""
    ws = invocation.workspace()
    cards = board.cards(ws, [id_ for id_ in outcome.ids if id_.startswith("T-")])
    if as_json:
        from tracker.reports.records import card_record

        put_change(invocation, outcome, tasks=[card_record(card) for card in cards])
        return
    put_cards(invocation, cards)
    tell(invocation, outcome)


def records_changed(invocation: Invocation, outcome: Outcome, *, as_json: bool) -> None:
    """The ids of what was changed, one a line, when it is no task."""
    if as_json:
        put_change(invocation, outcome)
        return
    invocation.output.lines(outcome.ids)
    invocation.output.say(shown(outcome.label))
    tell(invocation, outcome)


def put_change(invocation: Invocation, outcome: Outcome, **content: Any) -> None:
    """A change as JSON."""
    put_record(invocation, "change", batch=outcome.batch, label=outcome.label, ids=outcome.ids,
               notices=outcome.notices, **content)


def tell(invocation: Invocation, outcome: Outcome) -> None:
    """What the person should know: limits passed, tasks that wait no longer, or that nothing had to change."""
    if outcome.batch is None:
        invocation.output.say("Nothing had to change.")
    for notice in outcome.notices:
        invocation.output.say(shown(notice))


def put_rows(invocation: Invocation, rows: Sequence[Sequence[str]], header: Sequence[str]) -> None:
    """A small table: columns as wide as what they hold; the last is cut to the terminal and whole anywhere else."""
    from tracker.reports.tables import table_lines

    output = invocation.output
    output.lines(table_lines(rows, header, width=output.line_width, ink=Ink(output.colour)))
    if not rows:
        output.say("There is nothing to list yet.")

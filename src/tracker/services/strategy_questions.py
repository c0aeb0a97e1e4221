"""What a strategy still leaves open: empty fields, questions no objective answers, fields that are tactics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.errors import NotFound, WrongUsage
from tracker.domain.plaintext import clean_line
from tracker.domain.wording import LOOKED_AT, tactic_in
from tracker.services.outcome import Outcome
from tracker.services.records import make
from tracker.services.workspace import Workspace
from tracker.storage import strategy_rows

FIELDS: Mapping[str, str] = {
    "meta_question": "Which question does the strategy answer?",
    "perception": "What shall they think of us?",
    "differentiator": "What do only we offer?",
    "strengths": "What are we good at?",
    "gap": "What do others leave out?",
    "now_state": "Where do we stand now?",
    "want_state": "Where do we want to stand?",
    "obstacles": "What is in the way?",
    "budget_minor": "What may it cost?",
    "who": "Whom do we reach?",
    "why": "Why do they care?",
    "desired_action": "What do we want them to do?",
    "approach": "How, in one sentence?",
}
"""The fields of a strategy as questions."""


@dataclass(frozen=True, slots=True)
class Open:
    """Something that is not answered, or answered with a tactic."""

    kind: str
    """field, micro question or tactic."""
    subject: str
    """The field's name, or the id of the micro question."""
    words: str
    """The question, or why the field reads like a tactic."""


def open_questions(ws: Workspace) -> tuple[Open, ...]:
    """What the active strategy leaves open: empty fields, micro questions without an objective, tactics.

    Raises:
        NotFound: no strategy is active.
    """
    with ws.store.snapshot() as connection:
        strategy = strategy_rows.active_strategy(connection)
        if strategy is None:
            raise NotFound("There is no active strategy yet. Run tracker init (or tracker, for the wizard) first.")
        asked = strategy_rows.rows_of(
            connection, "micro_question", "strategy = ?", (strategy["id"],), "position, length(id), id")
        answered = {
            str(row["micro_question"]) for row in strategy_rows.rows_of(
                connection, "objective", "strategy = ? AND micro_question IS NOT NULL AND status <> 'dropped' "
                "AND cycle IN (SELECT id FROM cycle WHERE status <> 'closed')", (strategy["id"],))
        }
    used = strategy.get("channels")
    channels = [str(each) for each in used] if isinstance(used, list | tuple) else []
    return (
        *(Open("micro question", str(row["id"]), str(row["question"])) for row in asked
          if str(row["id"]) not in answered),
        *(Open("field", name, words) for name, words in FIELDS.items() if strategy[name] in (None, "")),
        *(Open("tactic", name, why) for name in LOOKED_AT
          if strategy[name] and (why := tactic_in(str(strategy[name]), channels))),
    )


def ask(ws: Workspace, question: str, fields: Mapping[str, object] | None = None) -> Outcome:
    """Add a micro question to the active strategy, behind the others.

    Raises:
        NotFound: no strategy is active.
        WrongUsage: it says nothing.
    """
    words = clean_line(question)
    if not words:
        raise WrongUsage("The question is empty; ask something.")
    with ws.writing(f"ask {words}"[:200]) as tx:
        strategy = strategy_rows.active_strategy(tx.connection)
        if strategy is None:
            raise NotFound("There is no active strategy that could answer it.")
        there = strategy_rows.rows_of(tx.connection, "micro_question", "strategy = ?", (strategy["id"],))
        identity = strategy_rows.next_id(tx.connection, "micro_question", "MQ-", 1)
        place = max((int(str(row["position"])) for row in there), default=0) + 1
        make(tx, "micro_question", {"position": place, **(fields or {}), "id": identity, "strategy": strategy["id"],
                                    "question": words})
    return Outcome(tx.batch, f"asked {identity}", (identity,))

"""Key results that go on in the next cycle: new ones that point to the old, without its check-ins, grade or status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tracker.domain import cycles as rules
from tracker.domain.errors import Refused, WrongUsage
from tracker.domain.plaintext import clean_line
from tracker.services.records import change, checked_record, make
from tracker.services.strategy import require_inside_its_cycle
from tracker.storage import cycle_rows, strategy_rows
from tracker.storage.writes import Row, Transaction

COPIED = (
    "title", "metric_kind", "direction", "unit", "currency", "precision", "baseline", "target", "target_max",
    "stretch", "weight", "owner", "indicator", "result_kind", "cadence_days",
)
"""What a carried key result takes over; check-ins, grade and status it does not."""
_OF_OBJECTIVE = ("title", "ambition", "weight", "owner", "micro_question")
_NOT_CHANGED = frozenset({"id", "objective", "status", "carried_from", "drop_reason", "metric_kind"})


def carry(
    tx: Transaction, row: Row, cycle: Row, fields: Mapping[str, object], *, into: object, value: Decimal | None,
    keeps_terms: bool, siblings: Sequence[Mapping[str, Any]],
) -> str:
    """Make the key result of `cycle` that carries `row` on, or change the one that does already (`into`); its id.

    Raises:
        Refused: its target is reached already, or a rule between its numbers is broken.
    """
    wrong = _NOT_CHANGED.intersection(fields)
    if wrong:
        raise WrongUsage(f"{', '.join(sorted(wrong))} cannot be changed on the way; start a new key result instead.")
    if into and tx.get("key_result", into) is not None:
        if not fields and keeps_terms:
            fields = _terms(row, {}, value)
        change(tx, "key_result", str(into), fields)
        require_inside_its_cycle(tx, tx.require("key_result", into))
        return str(into)
    objective = _objective_in(tx, tx.require("objective", row["objective"]), cycle, siblings)
    left = [each for each in cycle_rows.milestones_of(tx.connection, str(row["id"])) if each["done_on"] is None]
    copied: dict[str, object] = {name: row[name] for name in COPIED} | _terms(row, fields, value)
    if left and "target" not in fields:
        copied["target"] = str(len(left))  # what is ticked already is not promised again
    if "target" in fields and "stretch" not in fields:
        copied["stretch"] = None
    identity = strategy_rows.next_id(tx.connection, "key_result", "KR-", 2)
    values = checked_record("key_result", {
        **{name: _given(each) for name, each in copied.items()},
        "starts_on": cycle["starts_on"], "due_on": cycle["ends_on"], **fields,
        "id": identity, "objective": objective, "status": "draft", "carried_from": row["id"],
    })
    require_inside_its_cycle(tx, values)
    make(tx, "key_result", values)
    for place, milestone in enumerate(left):
        tx.insert("milestone", {"key_result": identity, "position": place, "title": milestone["title"]})
    _copy_journey(tx, str(row["id"]), identity)
    return identity


def _given(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


def _terms(row: Row, fields: Mapping[str, object], value: Decimal | None) -> dict[str, object]:
    """Where it starts from: given, or what follows from the last value."""
    if "baseline" in fields:
        return {}
    target = Decimal(str(fields.get("target") or row["target"]))
    baseline = None if row["baseline"] is None else Decimal(str(row["baseline"]))
    try:
        return {"baseline": rules.carried_baseline(
            str(row["direction"]), str(row["metric_kind"]), baseline, target, value)}
    except Refused as reached:
        raise Refused(f"{row['id']} {row['title']} cannot go on as it is. {reached}") from None


def _objective_in(
    tx: Transaction, objective: Row, cycle: Row, siblings: Sequence[Mapping[str, Any]]
) -> str:
    """The objective of the next cycle that takes over from one of this: where its other key results went, one of the
    same title, or a new one."""
    if objective["cycle"] == cycle["id"]:
        return str(objective["id"])
    for entry in siblings:
        old, new = (tx.get("key_result", entry.get(name)) for name in ("key_result", "into"))
        if old and new and old["objective"] == objective["id"]:
            return str(new["objective"])
    for there in cycle_rows.objectives_in(tx.connection, str(cycle["id"])):
        if clean_line(str(there["title"])) == clean_line(str(objective["title"])) and there["status"] != "dropped":
            return str(there["id"])
    identity = strategy_rows.next_id(tx.connection, "objective", "O-", 2)
    make(tx, "objective", {**{name: objective[name] for name in _OF_OBJECTIVE}, "id": identity,
                           "strategy": cycle["strategy"], "cycle": cycle["id"], "status": "draft"})
    return identity


def _copy_journey(tx: Transaction, old: str, new: str) -> None:
    """The way that customers go; a step that another key result counted points to the one that carries that on."""
    for step in cycle_rows.steps_of(tx.connection, old):
        linked = step["linked_key_result"]
        carried = strategy_rows.rows_of(tx.connection, "key_result", "carried_from = ?", (linked,)) if linked else []
        tx.insert("journey_step", {**step, "key_result": new, "actual_rate": None,
                                   "linked_key_result": carried[-1]["id"] if carried else None})
    for step in strategy_rows.rows_of(
        tx.connection, "journey_step",
        "linked_key_result IS NULL AND key_result IN (SELECT n.id FROM key_result n JOIN journey_step s "
        "ON s.key_result = n.carried_from AND s.linked_key_result = ? AND s.position = journey_step.position)", (old,),
    ):
        tx.update("journey_step", step, {"linked_key_result": new})


def take_back(tx: Transaction, key_result: str) -> None:
    """Remove a key result that was made to carry another one on, which is now dropped.

    Raises:
        Refused: tasks cite it already, or it was checked in.
    """
    row = tx.get("key_result", key_result)
    if row is None:
        return
    if row["status"] != "draft" or cycle_rows.is_cited(tx.connection, key_result):
        raise Refused(f"{key_result} {row['title']} carries it on and is in use already; drop that one "
                      f"(`tracker kr drop {key_result} REASON`) when its tasks are settled.")
    for part in ("milestone", "journey_step"):
        for each in strategy_rows.rows_of(tx.connection, part, "key_result = ?", (key_result,)):
            tx.delete(part, each)
    for step in strategy_rows.rows_of(tx.connection, "journey_step", "linked_key_result = ?", (key_result,)):
        tx.update("journey_step", step, {"linked_key_result": None})
    tx.delete("key_result", row)


def start(
    tx: Transaction, objective: str, title: str, fields: Mapping[str, object], cycle: Row,
    siblings: Sequence[Mapping[str, Any]], actor: str,
) -> str:
    """A new key result of `cycle`, a draft; under the objective there that takes over from `objective`. Its id.

    Raises:
        NotFound: the objective is not known.
        Refused: its numbers do not fit together.
    """
    above = tx.require("objective", objective)
    taking = _objective_in(tx, above, cycle, siblings)
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    if "target" not in given:
        raise WrongUsage("A key result has a target: give one.")
    falls = str(given.get("direction", "")).startswith("maintain")
    identity = strategy_rows.next_id(tx.connection, "key_result", "KR-", 2)
    values = checked_record("key_result", {
        "starts_on": cycle["starts_on"], "due_on": cycle["ends_on"], "unit": "count",
        "owner": actor if tx.get("person", actor) is not None else above["owner"],
        **({} if falls else {"baseline": "0"}), **given,
        "id": identity, "objective": taking, "title": title, "status": "draft",
    })
    require_inside_its_cycle(tx, values)
    make(tx, "key_result", values)
    return identity

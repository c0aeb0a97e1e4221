"""A stored key result held against S M A R T."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tracker.domain.errors import NotFound
from tracker.domain.smart import Draft, Verdict, smart
from tracker.services.workspace import Workspace
from tracker.storage import strategy_rows


def smart_of(ws: Workspace, key_result: str) -> tuple[Verdict, ...]:
    """What each letter says of a key result, as of today.

    Raises:
        NotFound: there is none of that id.
    """
    with ws.store.snapshot() as connection:
        found = strategy_rows.rows_of(connection, "key_result", "id = ?", (key_result,))
        check_ins = strategy_rows.check_ins_of(connection, [key_result])
    if not found:
        raise NotFound(f"There is no key result {key_result[:40]!r}.")
    row = found[0]
    today = ws.clock.today
    values = [each["value"] for each in check_ins if str(each["on_date"]) <= today.isoformat()]
    draft = Draft(
        title=str(row["title"]), unit=str(row["unit"]), direction=str(row["direction"]),
        metric_kind=str(row["metric_kind"]), baseline=_number(row["baseline"]), target=_number(row["target"]),
        target_max=_number(row["target_max"]), stretch=_number(row["stretch"]), objective=str(row["objective"]),
        starts_on=date.fromisoformat(str(row["starts_on"])), due_on=date.fromisoformat(str(row["due_on"])),
        value=_number(values[-1]) if values else None,
    )
    return smart(draft, today)


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))

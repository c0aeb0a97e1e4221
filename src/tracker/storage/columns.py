"""The columns that the quick path reads and writes through the driver; a test holds them against the SQLModel tables.

Generated columns and the figures that triggers keep (`waits`, `messages`, tallies) are not here: nobody writes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Columns:
    """One table as the quick path knows it."""

    table: str
    key: tuple[str, ...]
    names: tuple[str, ...]
    """Every column that is written, the key included."""
    json: frozenset[str] = frozenset()
    """Columns that hold JSON text."""


def _columns(table: str, key: str, names: str, as_json: str = "") -> Columns:
    return Columns(table, tuple(key.split()), tuple(names.split()), frozenset(as_json.split()))


_ALL = (
    _columns("person", "id", "id name title email role kind capacity_h_week rate_minor_per_day active"),
    _columns("channel", "id", "id name kind"),
    _columns(
        "strategy",
        "id",
        "id title owner status meta_question approach who why desired_action perception differentiator strengths gap "
        "now_state want_state obstacles horizon_start horizon_end budget_minor currency reviewed_on "
        "review_every_days contribution_required stages media version",
        "stages media",
    ),
    _columns("strategy_channel", "strategy channel", "strategy channel position"),
    _columns("micro_question", "id", "id strategy position question stage"),
    _columns("evidence", "id", "id strategy field text url on_date task"),
    _columns("cycle", "id", "id strategy name starts_on ends_on status checkin_weekday"),
    _columns("objective", "id", "id strategy cycle title ambition weight owner micro_question status"),
    _columns(
        "key_result",
        "id",
        "id objective title metric_kind direction unit currency precision baseline target target_max stretch weight "
        "owner indicator result_kind pair_of starts_on due_on cadence_days status drop_reason carried_from",
    ),
    _columns("milestone", "key_result position", "key_result position title done_on"),
    _columns("planned_point", "key_result on_date", "key_result on_date expected"),
    _columns(
        "check_in",
        "key_result on_date",
        "key_result on_date value confidence author note blocks health_override override_reason supersedes",
    ),
    _columns(
        "superseded_check_in",
        "key_result on_date seq",
        "key_result on_date seq value confidence author note blocks health_override override_reason replaced_on "
        "replaced_by",
    ),
    _columns(
        "journey_step",
        "key_result position",
        "key_result position title stage rate actual_rate linked_key_result min_pieces",
    ),
    _columns(
        "task",
        "id",
        "number id title key_result contribution notes stage kind medium channel journey_step shows goal_question "
        "owner status priority rank created_on assigned_on started_on review_on done_on due_on publish_on "
        "estimate_low_h estimate_high_h cost_minor blocked_reason blocked_on cancel_reason cancelled_on recurs "
        "learned added_mid_cycle series",
    ),
    _columns("task_also_serves", "task key_result", "task key_result position"),
    _columns("task_dependency", "task waits_for", "task waits_for"),
    _columns("task_event", "task seq", "task seq on_date from_status to_status actor"),
    _columns("idea", "id", "id title source by on outcome task"),
    _columns("import_item", "id", "id connector external_id title raw on outcome task", "raw"),
    _columns("comment", "number", "number task on by body mentions", "mentions"),
    _columns("inbox_item", "number", "number person task what on read_on"),
    _columns("wip_limit", "scope subject", "scope subject max mode"),
    _columns("decision", "number", "number rule subject choice cause reason by on figures", "figures"),
    _columns("audit_snapshot", "on rule", "on rule count"),
    _columns("grade", "key_result", "key_result raw_score final_score graded_by graded_on rationale"),
    _columns(
        "retrospective",
        "cycle",
        "cycle held_on facilitator worked did_not learned decisions",
        "worked did_not learned decisions",
    ),
    _columns("budget_line", "id", "id label strategy key_result planned_minor spent_minor"),
    _columns("connector", "id", "id kind project direction maps settings", "maps settings"),
    _columns(
        "external_link", "task connector", "task connector external_id state synced_on base theirs version url",
        "base theirs",
    ),
    _columns("outbox", "number", "number connector task operation idempotency_key tries began_at"),
    _columns("comment_link", "comment connector", "comment connector external_id"),
    _columns("goal_link", "key_result connector", "key_result connector external_id sent", "sent"),
    _columns("sync_state", "connector", "connector cursor seen_batch"),
    _columns("sync_run", "number", "number connector began_at ended_at outcome words"),
    _columns("sync_note", "run seq", "run seq task action words"),
    _columns("change_batch", "number", "number at by label kind reverts is_reverted"),
    _columns("change", "batch seq", "batch seq entity id field old new"),
)

COLUMNS: Mapping[str, Columns] = {columns.table: columns for columns in _ALL}


def to_database(value: object) -> object:
    """A domain value as SQLite keeps it: days and decimals as text, lists and mappings as JSON text."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False)
    return value


def quoted(name: str) -> str:
    """A column or table name inside SQL; `on`, `by` and others are words of SQL itself."""
    return f'"{name}"'


def row_id(columns: Columns, row: Mapping[str, object]) -> str:
    """How the history names a row: its key, the parts joined by a slash."""
    return "/".join(str(to_database(row[name])) for name in columns.key)

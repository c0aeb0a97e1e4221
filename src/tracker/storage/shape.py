"""The shape of the exchange file: which array holds which table, in which order, and what is nested in its records.

The columns are those of `columns.py`. Left out are figures the database keeps by itself, and a task's number, which its
id holds. A section comes after everything its records refer to, except for the columns in `LATE`, which are set when
all rows are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.storage.columns import COLUMNS

FORMAT = "tracker/1"
"""What a file of this shape says it is."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of another table that a record holds as a list."""

    key: str
    """Name of the list in the record."""
    table: str
    parent: str
    """Column that names the record."""
    order: str
    """Column the list is sorted by."""
    value: str | None = None
    """The one column that each item is; None when items are objects."""
    title: str | None = None
    """Column that an item stands for when it is plain text instead of an object."""
    is_late: bool = False
    """Whether items name records of the same section, so that they are made when all of these are there."""

    @property
    def is_placed(self) -> bool:
        """Whether a row keeps its place in the list as `position`."""
        return "position" in COLUMNS[self.table].names

    @property
    def fields(self) -> tuple[str, ...]:
        """What an item says: all columns but the parent's."""
        return tuple(name for name in COLUMNS[self.table].names if name != self.parent)


@dataclass(frozen=True, slots=True)
class Section:
    """One array of the file."""

    key: str
    entity: str
    """What one record is called in messages."""
    table: str | None
    """Table of the records; None when a record only holds parts together."""
    order: tuple[str, ...]
    parts: tuple[Part, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The plain fields of a record, in the order they are written."""
        if self.table is None:
            return (self.parts[0].parent,)
        return tuple(name for name in COLUMNS[self.table].names if (self.table, name) != ("task", "number"))

    @property
    def name(self) -> tuple[str, ...]:
        """The fields that tell one record from another; a number that the database counted is no name."""
        key = (self.parts[0].parent,) if self.table is None else COLUMNS[self.table].key
        return () if key == ("number",) else key


def _section(key: str, table: str, order: str = "", *parts: Part) -> Section:
    return Section(key, table.replace("_", " "), table, tuple(order.split()) or COLUMNS[table].key, parts)


SECTIONS: tuple[Section, ...] = (
    _section("people", "person", "rowid"),
    _section("channels", "channel", "rowid"),
    _section(
        "strategies", "strategy", "rowid",
        Part("channels", "strategy_channel", "strategy", "position", value="channel"),
    ),
    _section("micro_questions", "micro_question", "strategy position id"),
    _section("cycles", "cycle", "starts_on id"),
    _section("objectives", "objective", "rowid"),
    _section(
        "key_results", "key_result", "rowid",
        Part("milestones", "milestone", "key_result", "position", title="title"),
        Part("planned_points", "planned_point", "key_result", "on_date"),
    ),
    _section("check_ins", "check_in"),
    _section("superseded_check_ins", "superseded_check_in"),
    _section(
        "tasks", "task", "number",
        Part("also_serves", "task_also_serves", "task", "position", value="key_result"),
        Part("waits_for", "task_dependency", "task", "waits_for", value="waits_for", is_late=True),
    ),
    _section("task_events", "task_event"),
    Section(
        "journeys", "journey", None, ("key_result",), (Part("steps", "journey_step", "key_result", "position"),)
    ),
    _section("grades", "grade"),
    _section("retrospectives", "retrospective"),
    _section("comments", "comment"),
    _section("evidence", "evidence"),
    _section("ideas", "idea", "rowid"),
    _section("import_items", "import_item", "rowid"),
    _section("inbox_items", "inbox_item"),
    _section("wip_limits", "wip_limit", "rowid"),
    _section("decisions", "decision"),
    _section("audit_snapshots", "audit_snapshot"),
    _section("budget_lines", "budget_line", "rowid"),
    _section("connectors", "connector", "rowid"),
    _section("external_links", "external_link", "rowid"),
    _section("outbox", "outbox"),
    _section("comment_links", "comment_link"),
    _section("goal_links", "goal_link"),
    _section("change_batches", "change_batch"),
    _section("changes", "change"),
)

OF_THIS_DATABASE = frozenset({"sync_state", "sync_run", "sync_note"})
"""Tables that stay out of the file: how far the connections of one database have come."""

HISTORY = frozenset({"change_batches", "changes"})
"""Sections that are the record of changes itself."""

LATE: Mapping[str, Mapping[str, object]] = {
    "strategy": {"status": "draft", "contribution_required": 0},
    "key_result": {"pair_of": None, "carried_from": None},
}
"""Columns set after the rows and parts of their section, and what they hold until then: they look at what is not there
yet when the row is made."""

LAST = frozenset({"contribution_required"})
"""Those of the late columns that are set when all sections are there: a rule that began to hold when work was there
already says nothing about that work."""

DECIMALS: Mapping[str, frozenset[str]] = {
    "objective": frozenset({"weight"}),
    "key_result": frozenset({"baseline", "target", "target_max", "stretch", "weight"}),
    "planned_point": frozenset({"expected"}),
    "check_in": frozenset({"value"}),
    "superseded_check_in": frozenset({"value"}),
    "journey_step": frozenset({"rate", "actual_rate"}),
    "grade": frozenset({"raw_score", "final_score"}),
}
"""Exact numbers, which SQLite keeps as text and the file as numbers."""

FLAGS: Mapping[str, frozenset[str]] = {
    "person": frozenset({"active"}),
    "strategy": frozenset({"contribution_required"}),
    "task": frozenset({"added_mid_cycle"}),
    "change_batch": frozenset({"is_reverted"}),
}
"""Columns of 0 and 1, which the file keeps as false and true."""

INSTANTS: Mapping[str, str] = {"comment": "on", "change_batch": "at"}
"""Columns that hold a day with a time, ISO 8601."""

LINES = frozenset((
    "id", "name", "title", "email", "label", "kind", "role", "unit", "currency", "project", "rule", "subject", "field",
    "entity", "by", "actor", "author", "url", "source", "facilitator", "stage", "medium", "channel", "connector",
    "status", "idempotency_key", "external_id", "operation", "recurs", "series", "replaced_by", "version",
))
"""Text columns of one line; other text keeps its line breaks."""

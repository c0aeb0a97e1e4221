"""What is kept beside plan and work: ideas, arrivals, inbox, decisions, connections, and the history of changes."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.storage.tables.kinds import flag, one_of, real_dates, references


class Idea(SQLModel, table=True):
    """A thought without a key result; not on the board."""

    __tablename__: ClassVar[str] = "idea"
    __table_args__ = (
        CheckConstraint("length(trim(title)) > 0", name="idea_has_a_title"),
        references("task", "task", ondelete="SET NULL"),
        Index("idea_of_task", "task"),
        *real_dates("on"),
    )
    id: str = Field(primary_key=True)
    title: str
    source: str | None = None
    by: str | None = None
    on: date
    outcome: str | None = None
    task: str | None = None
    """The task it became."""


class ImportItem(SQLModel, table=True):
    """An arrival: work that came from elsewhere and cites no key result yet."""

    __tablename__: ClassVar[str] = "import_item"
    __table_args__ = (
        references("task", "task", ondelete="SET NULL"),
        UniqueConstraint("connector", "external_id"),
        Index("import_item_of_task", "task"),
        *real_dates("on"),
    )
    id: str = Field(primary_key=True)
    connector: str
    """The connector, or `csv:` and the file's name."""
    external_id: str | None = None
    title: str
    raw: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    on: date
    outcome: str | None = None
    task: str | None = None


class InboxItem(SQLModel, table=True):
    """Something a person should read."""

    __tablename__: ClassVar[str] = "inbox_item"
    __table_args__ = (references("person", "person", ondelete="CASCADE"), *real_dates("on", "read_on"))
    number: int | None = Field(default=None, primary_key=True)
    person: str
    task: str | None = None
    what: str
    on: date
    read_on: date | None = None


class Decision(SQLModel, table=True):
    """What a person decided about a finding of the audit."""

    __tablename__: ClassVar[str] = "decision"
    __table_args__ = (one_of("choice", "'keep','recalibrate','kill'"), *real_dates("on"))
    number: int | None = Field(default=None, primary_key=True)
    rule: str
    subject: str
    choice: str
    cause: str | None = None
    reason: str
    by: str
    on: date
    figures: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))


class AuditSnapshot(SQLModel, table=True):
    """How many findings a rule had on a day."""

    __tablename__: ClassVar[str] = "audit_snapshot"
    __table_args__ = (*real_dates("on"),)
    on: date = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    count: int


class Connector(SQLModel, table=True):
    """A connection to a remote system; tokens are never kept here."""

    __tablename__: ClassVar[str] = "connector"
    __table_args__ = (one_of("direction", "'push','pull','both'"),)
    id: str = Field(primary_key=True)
    kind: str
    project: str | None = None
    direction: str = "push"
    maps: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Person to the id of the same person there."""
    settings: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """Where and how, as chosen while connecting: workspace, address, options, statuses, policy."""


class Outbox(SQLModel, table=True):
    """An operation that is to be done at a remote system, exactly once."""

    __tablename__: ClassVar[str] = "outbox"
    __table_args__ = (UniqueConstraint("idempotency_key"),)
    number: int | None = Field(default=None, primary_key=True)
    connector: str
    task: str | None = None
    operation: str
    idempotency_key: str
    tries: int = 0
    began_at: str | None = None
    """UTC, ISO 8601: a moment before the first try."""


class CommentLink(SQLModel, table=True):
    """A comment's counterpart in a remote system."""

    __tablename__: ClassVar[str] = "comment_link"
    __table_args__ = (
        references("comment", "comment", "number", ondelete="CASCADE"),
        references("connector", "connector"),
        UniqueConstraint("connector", "external_id"),
    )
    comment: int = Field(primary_key=True)
    connector: str = Field(primary_key=True)
    external_id: str


class GoalLink(SQLModel, table=True):
    """The goal that stands for a key result in a remote system."""

    __tablename__: ClassVar[str] = "goal_link"
    __table_args__ = (
        references("key_result", "key_result"),
        references("connector", "connector"),
        UniqueConstraint("connector", "external_id"),
    )
    key_result: str = Field(primary_key=True)
    connector: str = Field(primary_key=True)
    external_id: str
    sent: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """What it was told last."""


class SyncState(SQLModel, table=True):
    """How far a connection has come, in this database alone: it is not part of the exchange file."""

    __tablename__: ClassVar[str] = "sync_state"
    __table_args__ = (references("connector", "connector", ondelete="CASCADE"),)
    connector: str = Field(primary_key=True)
    cursor: str | None = None
    """What the remote calls the point up to which its changes were read."""
    seen_batch: int = 0
    """The newest batch of changes here that was looked at."""


class SyncRun(SQLModel, table=True):
    """One run of a connection, in this database alone."""

    __tablename__: ClassVar[str] = "sync_run"
    __table_args__ = (
        references("connector", "connector", ondelete="CASCADE"),
        CheckConstraint("number > 0", name="number_is_positive"),
        CheckConstraint("outcome IS NULL OR outcome IN ('done','stopped','failed')", name="outcome_of_run_is_known"),
        Index("sync_run_of_connector", "connector", "number"),
        {"sqlite_autoincrement": True},
    )
    number: int | None = Field(default=None, primary_key=True)
    connector: str
    began_at: str
    ended_at: str | None = None
    outcome: str | None = None
    """NULL while it runs, or when it was cut off."""
    words: str | None = None


class SyncNote(SQLModel, table=True):
    """What a run did, or could not do, with one task."""

    __tablename__: ClassVar[str] = "sync_note"
    __table_args__ = (references("run", "sync_run", "number", ondelete="CASCADE"),)
    run: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    task: str | None = None
    action: str
    words: str


class ChangeBatch(SQLModel, table=True):
    """What one person did in one go: the unit of undo."""

    __tablename__: ClassVar[str] = "change_batch"
    __table_args__ = (
        one_of("kind", "'do','undo','redo'"),
        *flag("is_reverted"),
        CheckConstraint("number > 0", name="number_is_positive"),
        references("reverts", "change_batch", "number"),
        Index("change_batch_of_person", "by", "number"),
        Index("change_batch_reverts", "reverts"),
        {"sqlite_autoincrement": True},
    )
    number: int | None = Field(default=None, primary_key=True)
    at: str
    """UTC, ISO 8601 with microseconds."""
    by: str
    label: str
    kind: str = "do"
    reverts: int | None = None
    """The batch that this one takes back."""
    is_reverted: int = 0


class Change(SQLModel, table=True):
    """One field that one batch changed. Field `*` stands for the row: made (old NULL) or removed (old is the row)."""

    __tablename__: ClassVar[str] = "change"
    __table_args__ = (
        references("batch", "change_batch", "number"),
        Index("change_of_entity", "entity", "id", "batch"),
    )
    batch: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    entity: str
    id: str
    field: str
    old: str | None = None
    """JSON text."""
    new: str | None = None

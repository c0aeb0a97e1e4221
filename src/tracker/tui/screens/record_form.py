"""The form of a strategy, cycle, objective, key result, person or channel: one that is there, or a new one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from textual import on
from textual.app import ComposeResult

from tracker.domain.errors import NotFound
from tracker.domain.smart import smart
from tracker.services.outcome import Outcome
from tracker.services.strategy import add_key_result, add_objective, add_person, edit_record, records
from tracker.services.strategy_questions import ask
from tracker.services.workspace import Workspace
from tracker.tui.cells import clean
from tracker.tui.screens.forming import FormScreen, Values
from tracker.tui.widgets.form import Field, Form, Option
from tracker.tui.widgets.form.fields import Value
from tracker.tui.widgets.painted import Line
from tracker.tui.widgets.strategy.fields import GROUPS, NEW, Choices, fields_of
from tracker.tui.widgets.strategy.smart import draft_of, smart_line
from tracker.tui.widgets.title_line import TitleLine

LISTS = ("channels", "stages", "media")
"""Fields that hold several words."""


@dataclass(frozen=True)
class RecordPicture:
    """A record, None for a new one, and what its fields may name."""

    record: Mapping[str, object] | None
    choices: Choices
    value: Decimal | None = None
    """What a key result was checked in with last."""


def read_record(ws: Workspace, table: str, identity: str | None) -> RecordPicture:
    """The record and the options of its choices.

    Raises:
        NotFound: there is no such record.
    """
    record: dict[str, object] | None = None
    if identity is not None:
        found = records(ws, table, {"id": identity})
        if not found:
            raise NotFound(f"{identity} is not there any more.")
        record = dict(found[0])
        if table == "strategy":
            used = records(ws, "strategy_channel", {"strategy": identity})
            record["channels"] = [str(row["channel"]) for row in used]
            record.update({name: _listed(record[name]) for name in ("stages", "media")})
    choices = Choices(
        people=_options(records(ws, "person", {"active": 1}), "name"),
        objectives=_options(records(ws, "objective"), "title"),
        key_results=_options(records(ws, "key_result"), "title"),
        questions=_options(records(ws, "micro_question"), "question"),
    )
    return RecordPicture(record, choices, _last_value(ws, identity) if table == "key_result" else None)


def _last_value(ws: Workspace, key_result: str | None) -> Decimal | None:
    if key_result is None:
        return None
    today = ws.clock.today.isoformat()
    said = [row for row in records(ws, "check_in", {"key_result": key_result}) if str(row["on_date"]) <= today]
    return Decimal(str(said[-1]["value"])) if said else None


def _listed(stored: object) -> list[str] | None:
    found = json.loads(stored) if isinstance(stored, str) else stored
    return [str(each) for each in found] if isinstance(found, list) else None


def _options(rows: Sequence[Mapping[str, object]], title: str) -> tuple[Option, ...]:
    return tuple(Option(str(row["id"]), str(row[title])) for row in rows)


class RecordFormScreen(FormScreen):
    """Every field of one record."""

    def __init__(
        self, workspace: Workspace, table: str, identity: str | None, given: Mapping[str, object] | None = None
    ) -> None:
        """`identity` None makes a new record, that begins with the `given` fields."""
        super().__init__(workspace)
        self._table = table
        self._identity = identity
        self._given = {**NEW.get(table, {}), **(given or {})}
        self._value: Decimal | None = None

    def compose(self) -> ComposeResult:
        """A key result says S M A R T below its fields as one types."""
        for part in super().compose():
            if part.id == "note" and self._table == "key_result":
                yield TitleLine(id="smart", ground="")
            yield part

    @on(Form.Looked)
    def judge(self) -> None:
        """Renew S M A R T."""
        form = self.form
        if form is not None and self._table == "key_result":
            texts = {row.field.name: row.text for row in form.rows}
            verdicts = smart(draft_of(texts, self._value, self.workspace.clock.today), self.workspace.clock.today)
            self.query_one("#smart", TitleLine).show(smart_line(verdicts, self.size.width))

    def heading(self) -> Line:
        """Which record it is."""
        what = self._table.replace("_", " ")
        if self._identity is None:
            return ((f" NEW {what.upper()}", "head"),)
        name = clean(str(self.values.get("title") or self.values.get("name") or "")[:2000])
        return ((f" {what.upper()} ", "head"), (f" {self._identity} ", "here"), (f" {name}", "title"))

    def reader(self) -> Callable[[], RecordPicture]:
        """The record and the options of its choices."""
        ws, table, identity = self.workspace, self._table, self._identity
        return lambda: read_record(ws, table, identity)

    def fields(self, picture: RecordPicture) -> tuple[Sequence[Field], Values, Sequence[str]]:
        """Every field with what it holds."""
        self._value = picture.value
        values = self._given if picture.record is None else picture.record
        return fields_of(self._table, picture.choices), values, GROUPS.get(self._table, ())

    def save(self, changed: Mapping[str, Value], seen: Values) -> Callable[[], Outcome]:
        """One change of all fields together, or the new record."""
        ws, table, identity = self.workspace, self._table, self._identity
        fields = {name: _stored(name, value) for name, value in changed.items()}
        if identity is not None:
            checked = {name: value for name, value in seen.items() if name not in LISTS}
            return lambda: edit_record(ws, table, identity, fields, seen=checked)
        return lambda: _add(ws, table, {**self._given, **fields})


def _stored(name: str, value: Value) -> object:
    if name not in LISTS:
        return value
    words = [word.strip() for word in str(value or "").split(",") if word.strip()]
    return words if words or name == "channels" else None


def _add(ws: Workspace, table: str, fields: Mapping[str, object]) -> Outcome:
    given = {name: value for name, value in fields.items() if value is not None}
    if table == "micro_question":
        return ask(ws, str(given.pop("question", "")), given)
    if table == "objective":
        return add_objective(ws, str(given.pop("title", "")), given)
    if table == "key_result":
        return add_key_result(ws, str(given.pop("objective")), str(given.pop("title", "")), given)
    return add_person(ws, str(given.pop("name", "")), given)

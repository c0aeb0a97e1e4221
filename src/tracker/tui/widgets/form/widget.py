"""A form of any number of fields: one line each, with a note beside it that says what was understood or is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, TextArea

from tracker.domain.errors import Disagreement, TrackerError
from tracker.tui.cells import clean, fit, harmless
from tracker.tui.glyphs import exactly, glyphs_of
from tracker.tui.widgets.boxes import LinesBox, TextBox
from tracker.tui.widgets.form.fields import Field, Kind, Value, note, read, written
from tracker.tui.widgets.painted import Canvas, Line, width_of


class _Label(Canvas):
    """The name of a field."""

    def __init__(self, field: Field) -> None:
        super().__init__(classes="label")
        self.field = field
        self.changed = False

    def render_line(self, y: int) -> Strip:
        """The name, with a star when the field was changed."""
        if y:
            return self.paint((), self.size.width)
        star = ("*" if self.changed else " ", "mark")
        return self.paint((star, (fit(self.field.label, self.size.width - 2), "muted")), self.size.width)


class _Note(Canvas):
    """What was understood, or what is wrong."""

    def __init__(self) -> None:
        super().__init__(classes="note")
        self.line: Line = ()

    def show(self, line: Line) -> None:
        """Say something else."""
        if line != self.line:
            self.line = line
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The note, cut."""
        if y:
            return self.paint((), self.size.width)
        width = self.size.width
        line: Line = (("  ", "muted"), *self.line)
        if width_of(line) > width:
            line = (*exactly(line, width - 1), (glyphs_of(self).ellipsis, "faint"))
        return self.paint(line, width)


class _TextArea(LinesBox):
    """Several lines; Tab goes on, as in the other fields."""

    def __init__(self, text: str, id: str) -> None:
        super().__init__(text, compact=True, show_line_numbers=False, highlight_cursor_line=False, id=id)


class FormRow(Horizontal):
    """One field: label, input, note."""

    def __init__(self, field: Field, value: object) -> None:
        super().__init__(classes="long" if field.kind is Kind.LONG else "")
        self.field = field
        self.started_from = self._as_edited(value)
        self._box: Input | TextArea
        self.theirs: Disagreement | None = None
        """What somebody else made of the field meanwhile, until it is settled."""

    def compose(self) -> ComposeResult:
        """The three parts; several lines where the field asks for them."""
        self._label, self._note = _Label(self.field), _Note()  # kept: to look for them costs more than to show them
        box_id = f"field-{self.field.name}"
        if self.field.kind is Kind.LONG:
            self._box = _TextArea(self.started_from, box_id)
        else:
            is_fixed = self.field.kind is Kind.FIXED
            self._box = TextBox(self.started_from, compact=True, id=box_id, disabled=is_fixed, select_on_focus=False)
        yield self._label
        yield self._box
        yield self._note

    def start_from(self, value: object) -> None:
        """Take another value for the one that stood there in the beginning."""
        self.started_from = self._as_edited(value)

    def _as_edited(self, value: object) -> str:
        return harmless(written(self.field, value), lines=self.field.kind is Kind.LONG)

    @property
    def box(self) -> Input | TextArea:
        """Where one types."""
        return self._box

    @property
    def text(self) -> str:
        """What stands in the field."""
        box = self.box
        return box.value if isinstance(box, Input) else box.text

    @text.setter
    def text(self, text: str) -> None:
        box = self.box
        if isinstance(box, Input):
            box.value = text
        else:
            box.text = text

    @property
    def is_changed(self) -> bool:
        """Whether something else stands there than in the beginning."""
        return self.field.kind is not Kind.FIXED and self.text.strip() != self.started_from.strip()

    @property
    def is_missing(self) -> bool:
        """Whether something is needed and nothing stands there."""
        return self.field.is_required and not self.text.strip()

    def look(self, today: date) -> bool:
        """Renew the note and the star; says whether something is wrong."""
        label = self._label
        if label.changed != self.is_changed:
            label.changed = self.is_changed
            label.refresh()
        if self.theirs is not None:
            line: Line = (
                ("theirs ", "warn"),
                (f"{_shown(self.field, self.theirs.theirs)}", "title"),
                (f"  was {_shown(self.field, self.theirs.base)}", "muted"),
            )
            self._note.show(line)
            return True
        if self.is_missing and not self.is_changed:
            self._note.show((("needed  ", "warn"), (self.field.hint, "faint")))
            return True
        words, is_wrong = note(self.field, self.text, today)
        is_wrong = is_wrong and self.is_changed
        self._note.show(((clean(words[:2000]), "bad" if is_wrong else "faint"),))
        return is_wrong


class Form(VerticalScroll, inherit_bindings=False):
    """Fields below each other. Saving, asking and leaving are the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(8)", show=False),
        Binding("pageup", "page(-8)", show=False),
    ]
    can_focus = False
    DEFAULT_CSS = """
    Form {
        height: 1fr;
        background: $background;
        scrollbar-size-vertical: 1;
    }
    """

    class Looked(Message):
        """What stands in a field, or which one is in front, has changed."""

        def can_replace(self, message: Message) -> bool:
            """Of several in a row the last is enough, as when all fields are filled in."""
            return isinstance(message, Form.Looked)

    def __init__(
        self, fields: Sequence[Field], values: Mapping[str, object], today: date, *, apart: Sequence[str] = (),
        id: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(id=id)
        self.fields = tuple(fields)
        self._values = dict(values)
        self._today = today
        self._apart = frozenset(apart)
        self.rows: list[FormRow] = []
        """Every field, in order."""

    def compose(self) -> ComposeResult:
        """A row a field; a blank line goes before those that begin a group."""
        for field in self.fields:
            row = FormRow(field, self._values.get(field.name))
            row.set_class(field.name in self._apart, "apart")
            self.rows.append(row)
            yield row

    def on_mount(self) -> None:
        """Look at every field, and begin in the first."""
        for row in self.rows:
            row.look(self._today)
        self.go(0)

    @property
    def current(self) -> FormRow | None:
        """The field in front."""
        focused = self.screen.focused
        return next((row for row in self.rows if focused is not None and focused in row.children), None)

    def row(self, name: str) -> FormRow:
        """The field of that name."""
        return next(row for row in self.rows if row.field.name == name)

    def go(self, place: int) -> None:
        """To a field that can be changed, counted among those."""
        rows = [row for row in self.rows if row.field.kind is not Kind.FIXED]
        self._front(rows[max(0, min(place, len(rows) - 1))])

    def _front(self, row: FormRow) -> None:
        self.screen.set_focus(row.box)  # at once: `focus` would leave the next keys to the field before

    def step(self, by: int) -> bool:
        """To the next field or the one before; says whether there was one."""
        rows = [row for row in self.rows if row.field.kind is not Kind.FIXED]
        place = rows.index(self.current) if self.current in rows else 0
        if not 0 <= place + by < len(rows):
            return False
        self.go(place + by)
        return True

    def changed(self) -> dict[str, Value]:
        """The fields that were changed, as they are stored.

        Raises:
            TrackerError: a field cannot be read; it is then in front.
        """
        found: dict[str, Value] = {}
        for row in self.rows:
            if row.is_changed or row.is_missing:
                try:
                    found[row.field.name] = read(row.field, row.text, self._today)
                except TrackerError:
                    self._front(row)
                    raise
        return found

    def texts(self) -> dict[str, str]:
        """What stands in each changed field, as typed."""
        return {row.field.name: row.text for row in self.rows if row.is_changed}

    @property
    def unsettled(self) -> list[FormRow]:
        """Fields that somebody else changed too, and nobody has decided about."""
        return [row for row in self.rows if row.theirs is not None]

    def show_theirs(self, disagreements: Sequence[Disagreement]) -> None:
        """Show what somebody else made of fields, beside what stands here."""
        rows = {row.field.name: row for row in self.rows}
        for each in disagreements:
            if each.field in rows:
                rows[each.field].theirs = each
                rows[each.field].look(self._today)
        if self.unsettled:
            self._front(self.unsettled[0])

    def settle(self, row: FormRow, *, mine: bool) -> None:
        """Keep what stands here, or take what somebody else put in."""
        if row.theirs is None:
            return
        row.start_from(row.theirs.theirs)
        if not mine:
            row.text = row.started_from
        row.theirs = None
        row.look(self._today)
        if self.unsettled:
            self._front(self.unsettled[0])

    def restore(self) -> None:
        """Put back what stood in the field in front."""
        if self.current is not None:
            self.current.text = self.current.started_from

    def action_page(self, by: int) -> None:
        """Several fields on."""
        rows = [row for row in self.rows if row.field.kind is not Kind.FIXED]
        self.go((rows.index(self.current) if self.current in rows else 0) + by)

    @on(Input.Changed)
    @on(TextArea.Changed)
    def typed(self, message: Input.Changed | TextArea.Changed) -> None:
        """Say what was understood."""
        message.stop()
        box = message.input if isinstance(message, Input.Changed) else message.text_area
        row = next((row for row in self.rows if box in row.children), None)
        if row is not None:
            row.look(self._today)
            self.post_message(self.Looked())

    def on_descendant_focus(self, _: events.DescendantFocus) -> None:
        """Another field is in front."""
        self.post_message(self.Looked())


def _shown(field: Field, value: object) -> str:
    return clean(written(field, value)[:200]) or "nothing"

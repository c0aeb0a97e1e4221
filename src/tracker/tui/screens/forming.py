"""A form in front: saving, asking before anything is lost, and settling what two people changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tracker.domain.errors import Conflict, TrackerError
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.tui import edits
from tracker.tui.commands import bindings, footer_words
from tracker.tui.edits import Change
from tracker.tui.messages import Failed, Written
from tracker.tui.questions import choice
from tracker.tui.screen_commands import FORM
from tracker.tui.screens.working import WorkingScreen
from tracker.tui.widgets.command_line import CommandLine
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.form import Field, Form
from tracker.tui.widgets.form.fields import Value
from tracker.tui.widgets.painted import Line
from tracker.tui.widgets.title_line import TitleLine

Values = Mapping[str, object]


_CURSOR_KEYS = frozenset({"up", "down"})
"""Keys of the form that a field of several lines needs for itself."""


def _form_bindings() -> Iterator[Binding]:
    """Tab and Enter act before a field sees them: what is typed right behind them is the next field's."""
    for binding in bindings(FORM):
        keys = binding.key.split(",")
        steps = binding.id in ("next_field", "previous_field")
        for group in ([key for key in keys if key not in _CURSOR_KEYS], [key for key in keys if key in _CURSOR_KEYS]):
            if group:
                at_once = steps and group[0] not in _CURSOR_KEYS
                yield replace(binding, key=",".join(group), priority=at_once)
    yield Binding("enter", "enter", show=False, priority=True)


class FormScreen(WorkingScreen, inherit_bindings=False):
    """Reads what there is, shows it in a form, saves what was changed; Esc asks when something is not saved."""

    commands = FORM
    BINDINGS: ClassVar[list[BindingType]] = [*_form_bindings()]
    CSS_PATH = "forming.tcss"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.values: dict[str, object] = {}
        """What the fields held when they were read: a change by somebody else is a conflict."""

    # -- what a form says of itself

    def heading(self) -> Line:
        """What stands at the top."""
        raise NotImplementedError

    def fields(self, picture: Any) -> tuple[Sequence[Field], Values, Sequence[str]]:
        """The fields, what they hold, and which of them begin a group."""
        raise NotImplementedError

    def save(self, changed: Mapping[str, Value], seen: Values) -> Callable[[], Outcome]:
        """A function for the data thread that stores what was changed."""
        raise NotImplementedError

    # -- parts

    def compose(self) -> ComposeResult:
        """Title, keys; the form comes with the first picture."""
        yield TitleLine(id="title")
        yield TitleLine(id="note")
        yield Footer(footer_words(self.app.remapped, FORM), id="footer")
        yield CommandLine(id="command")

    @property
    def form(self) -> Form | None:
        """The form, once its values were read."""
        found = self.query(Form)
        return found.first() if found else None

    def show_picture(self, picture: Any) -> None:
        """Make the form of the first picture; later ones do not touch what is being typed."""
        if self.form is None:
            fields, values, apart = self.fields(picture)
            self.values = dict(values)
            form = Form(fields, values, self.workspace.clock.today, apart=apart, id="form")
            form.set_class(self.size.width < 100, "tight")
            self.mount(form, after="#title")
        self.query_one("#title", TitleLine).show(self.heading())

    @on(Form.Looked)
    def looked(self) -> None:
        """Show the whole note of the field in front, which may be cut beside it."""
        form = self.form
        if form is None:
            return
        count = len(form.texts())
        changed = f"{count} changed  " if count else ""
        row = form.current
        line: Line = ()
        if row is not None:
            line = tuple(piece for note in row.query(".note") for piece in getattr(note, "line", ()))
        self.query_one("#note", TitleLine).show(((" ", "muted"), *line), ((changed, "mark"),))

    # -- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Enter goes on from a field of one line only."""
        if action == "enter":
            return isinstance(self.focused, Input) and super().check_action("do", ())
        return super().check_action(action, parameters)

    def action_enter(self) -> None:
        """The next field."""
        self.do_next_field()

    def do_next_field(self) -> None:
        """The next field."""
        if self.form is not None:
            self.form.step(1)

    def do_previous_field(self) -> None:
        """The field before."""
        if self.form is not None:
            self.form.step(-1)

    def do_restore(self) -> None:
        """What stood in the field before."""
        if self.form is not None:
            self.form.restore()

    def do_save(self) -> None:
        """Store what was changed, or say what is wrong."""
        form = self.form
        if form is None:
            return
        if form.unsettled:
            names = ", ".join(row.field.label for row in form.unsettled)
            self.refuse(f"Somebody else changed {names} too: Ctrl+O keeps yours, Ctrl+T takes theirs.")
            return
        try:
            changed = form.changed()
        except TrackerError as wrong:
            self.refuse(str(wrong))
            return
        if not changed:
            self.dismiss()
            return
        seen = {name: self.values.get(name) for name in changed}
        self.write(Change(edits.nothing, repeatable=False), self.save(changed, seen))

    def change_came(self, message: Written) -> None:
        """Saved: back to where the form was opened."""
        self._writing = False
        self.dismiss()

    def failure_came(self, message: Failed) -> None:
        """A conflict is shown field by field; anything else in words."""
        form, error = self.form, message.error
        if message.change is not None and form is not None and isinstance(error, Conflict) and error.disagreements:
            self._writing = False
            for each in error.disagreements:
                self.values[each.field] = each.theirs
            form.show_theirs(error.disagreements)
            self.refuse("Somebody else changed this too: Ctrl+O keeps yours, Ctrl+T takes theirs; then save again.")
            return
        super().failure_came(message)

    def do_keep_mine(self) -> None:
        """Keep what stands in the field."""
        self._settle_field(mine=True)

    def do_take_theirs(self) -> None:
        """Take what somebody else put in."""
        self._settle_field(mine=False)

    def _settle_field(self, *, mine: bool) -> None:
        form = self.form
        if form is not None and form.current is not None:
            form.settle(form.current, mine=mine)
            if not form.unsettled:
                self.footer.say("All settled; Ctrl+S saves.")

    def do_leave(self) -> None:
        """Back; with something unsaved, ask what becomes of it."""
        form = self.form
        count = len(form.texts()) if form is not None else 0
        if not count:
            self.dismiss()
            return
        what = "1 field is" if count == 1 else f"{count} fields are"
        choices = [("s", "save and leave"), ("d", "drop the changes and leave")]
        row = form.current if form is not None else None

        def stay() -> None:
            self.set_focus(row.box if row is not None else None)

        self.set_focus(None)  # at once, so that the next key is the answer
        self.ask(replace(choice(f"{what} not saved (Esc stays)", choices, self._leave_after), left=stay))

    def _leave_after(self, key: str) -> None:
        if key == "s":
            self.do_save()
        else:
            self.dismiss()

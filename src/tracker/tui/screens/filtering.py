"""Narrowing a list of tasks with single keys, and the ways to other places: the same on every screen of tasks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.domain.filters import TaskFilter
from tracker.services.workspace import Workspace
from tracker.tui.lazy import Lazy
from tracker.tui.screens.editing import EditingScreen
from tracker.tui.widgets.command_line import Question
from tracker.tui.widgets.header import StrategyHeader

if TYPE_CHECKING:
    from tracker.tui import questions
else:  # the board's first frame asks nothing
    questions = Lazy("tracker.tui.questions")


class FilteringScreen(EditingScreen):
    """Commands that say which tasks are shown, and those that every screen of tasks has."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.wanted = TaskFilter()

    def filter_by(self, wanted: TaskFilter) -> None:
        """Show what matches."""
        raise NotImplementedError

    def do_all(self) -> None:
        """Take the filter away."""
        self.filter_by(TaskFilter())

    def do_key_result(self, digit: str) -> None:
        """Only a key result's tasks; again shows all."""
        rows = self.figures.key_results if self.figures is not None else ()
        row = next((each for each in rows if str(each.position) == digit), None)
        if row is None:
            self.refuse(f"There is no key result {digit}.")
        else:
            self.filter_by(replace(self.wanted, key_result=None if self.wanted.key_result == row.id else row.id))

    def do_mine(self) -> None:
        """Only the tasks of whoever acts; again shows all."""
        me = self.workspace.actor
        self.filter_by(replace(self.wanted, owner=None if self.wanted.owner == me else me, unowned=False))

    def do_person(self) -> None:
        """Ask whose tasks to show; again shows all."""
        if self.wanted.owner is not None:
            self.filter_by(replace(self.wanted, owner=None))
            return
        self.ask(
            questions.person(
                "tasks of",
                lambda: self._loads,
                lambda owner: self.filter_by(replace(self.wanted, owner=owner, unowned=False)),
                nobody=False,
            )
        )
        self._read_loads()

    def do_late(self) -> None:
        """Only what is late; again shows all."""
        self.filter_by(replace(self.wanted, late=not self.wanted.late))

    def do_unowned(self) -> None:
        """Only what nobody owns; again shows all."""
        self.filter_by(replace(self.wanted, unowned=not self.wanted.unowned, owner=None))

    def do_search(self) -> None:
        """Filter by text while it is typed."""
        self.ask(
            Question(
                "search",
                lambda _: None,
                lambda _: (("titles, contributions, notes, messages   Enter keeps it, Esc takes it away", "faint"),),
                changed=lambda text: self.filter_by(replace(self.wanted, text=text.strip())),
                left=lambda: self.filter_by(replace(self.wanted, text="")),
                text=self.wanted.text,
                drawn_with_answer=True,
            )
        )

    # -- other places

    def do_history(self) -> None:
        """Everything that was changed."""
        self.app.open_place("history")

    def do_flow(self) -> None:
        """How work flows, and when it will be done."""
        self.app.open_place("flow")

    def do_fold(self) -> None:
        """The header on one line, or back."""
        self.query_one(StrategyHeader).toggle_fold()

    def do_help(self) -> None:
        """Every key."""
        self.app.open_help()

    def do_palette(self) -> None:
        """Every command, by its letters."""
        self.app.action_command_palette()

    def do_theme(self) -> None:
        """The next theme."""
        self.app.next_theme()

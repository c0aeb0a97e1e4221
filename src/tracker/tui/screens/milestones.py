"""The form of a key result's milestones: a title a line, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tracker.services.milestones import milestones, set_milestones
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.storage.check_in_rows import MilestoneRow
from tracker.tui.cells import clean
from tracker.tui.screens.forming import FormScreen, Values
from tracker.tui.widgets.form import Field
from tracker.tui.widgets.form.fields import Kind, Value
from tracker.tui.widgets.painted import Line

TITLES = Field("milestones", "milestones", Kind.LONG, "one title a line; a title that stays keeps its tick")


class MilestonesScreen(FormScreen):
    """One field of several lines."""

    CSS = """
    MilestonesScreen Form FormRow.long {
        height: 1fr;
    }
    """

    def __init__(self, workspace: Workspace, key_result: str, title: str) -> None:
        super().__init__(workspace)
        self._key_result = key_result
        self._title = title

    def heading(self) -> Line:
        """Whose they are."""
        name = clean(self._title[:2000])
        return ((" MILESTONES ", "head"), (f" {self._key_result} ", "here"), (f" {name}", "title"))

    def reader(self) -> Callable[[], tuple[MilestoneRow, ...]]:
        """What there are."""
        ws, key_result = self.workspace, self._key_result
        return lambda: milestones(ws, key_result)

    def fields(self, picture: tuple[MilestoneRow, ...]) -> tuple[Sequence[Field], Values, Sequence[str]]:
        """All titles in one field."""
        return (TITLES,), {"milestones": "\n".join(row.title for row in picture)}, ()

    def save(self, changed: Mapping[str, Value], seen: Values) -> Callable[[], Outcome]:
        """All of them as one change."""
        ws, key_result = self.workspace, self._key_result
        titles = str(changed["milestones"] or "").splitlines()
        before = str(seen["milestones"] or "").splitlines()
        return lambda: set_milestones(ws, key_result, titles, seen=before)

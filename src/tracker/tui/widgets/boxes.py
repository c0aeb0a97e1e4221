"""Boxes to type in that take text only: what is stored or pasted cannot steer the terminal from within them."""

from __future__ import annotations

from textual.widgets import Input, TextArea
from textual.widgets.text_area import Edit, EditResult

from tracker.tui.cells import harmless


class TextBox(Input):
    """One line."""

    def validate_value(self, value: str) -> str:
        """Every value goes through here, whoever sets it."""
        return harmless(value)

    def replace(self, text: str, start: int, end: int) -> None:
        """Put `text` in the place of some characters, as keys and pasting do; the cursor goes behind it."""
        super().replace(harmless(text), start, end)


class LinesBox(TextArea):
    """Several lines."""

    def load_text(self, text: str) -> None:
        """Put in another text."""
        super().load_text(harmless(text, lines=True))

    def edit(self, edit: Edit) -> EditResult:
        """Make a change, as keys and pasting do."""
        edit.text = harmless(edit.text, lines=True)
        return super().edit(edit)

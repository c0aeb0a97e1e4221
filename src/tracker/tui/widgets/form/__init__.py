"""A form: fields with labels, what is wrong beside them."""

from tracker.tui.widgets.form.fields import Field, Kind, Option, read, written
from tracker.tui.widgets.form.widget import Form

__all__ = ["Field", "Form", "Kind", "Option", "read", "written"]

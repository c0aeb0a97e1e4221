"""Keys and notices at the bottom."""

from tracker.tui.widgets.footer.widget import Footer

__all__ = ["Footer"]

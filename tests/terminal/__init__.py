"""Programs run in a real pseudo-terminal, and what a person would see on it.

    with Terminal.spawn([sys.executable, "-m", "tracker", "demo"], columns=120, rows=36) as terminal:
        terminal.wait_for("BACKLOG")
        terminal.press("j", "j", "enter")
        terminal.wait_for(lambda screen: "T-026" in screen.line(0))
        terminal.press("ctrl+q")
        assert terminal.wait_for_exit() == 0

Every wait looks at what the program wrote and has a deadline; nothing sleeps. `NotSeen` shows the screen as it stood.
"""

from tests.terminal.driver import Answer, Chunk, NotSeen, Terminal
from tests.terminal.emulator import Screen

__all__ = ["Answer", "Chunk", "NotSeen", "Screen", "Terminal"]

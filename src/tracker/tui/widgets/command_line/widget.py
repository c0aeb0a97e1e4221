"""One line for every input, with a hint below it; Esc leaves."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.timer import Timer

from tracker.domain.errors import TrackerError
from tracker.tui.cells import clean, fit
from tracker.tui.widgets.command_line.editing import KEYS, Typed
from tracker.tui.widgets.command_line.question import Question
from tracker.tui.widgets.painted import Canvas, Line, width_of

ECHO_SECONDS = 0.008
"""How long letters wait for what they change: two paints take longer than one, and nobody sees them apart."""
HEIGHT = 2
"""The line and its hint."""


class CommandLine(Canvas, can_focus=True):
    """Puts one question at a time in the place of the footer."""

    GROUND = "input"
    DEFAULT_CSS = """
    CommandLine {
        height: 0;
        background: $panel;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.question: Question | None = None
        self._typed = Typed()
        self._hint: Line = ()
        self._echo: Timer | None = None
        self._is_behind = False
        """Whether something was typed that the line does not show yet."""

    @property
    def text(self) -> str:
        """What has been typed."""
        return self._typed.text

    def ask(self, question: Question, *, hint: Line | None = None) -> None:
        """Put a question; `hint` stands below until something is typed."""
        self.question = question
        self._typed = Typed(question.text, len(question.text))
        self._hint = question.hint(question.text) if hint is None else hint
        self.styles.height = HEIGHT  # and not `display`, with which Textual would paint the whole screen
        if self.screen.focused is not None:
            self.focus(scroll_visible=False)  # else the screen hands its keys over: a focus paints the whole screen
        self.refresh()

    def renew_hint(self) -> None:
        """What the hint is made of has changed."""
        if self.question is not None:
            self._show_hint(self.question.hint(self.text))

    def close(self) -> None:
        """Take the question away."""
        self.question = None
        self.styles.height = 0
        if self.has_focus:
            self.screen.set_focus(None)

    def leave(self) -> None:
        """Take the question away without an answer."""
        question = self.question
        self.close()
        if question is not None:
            question.left()

    # -- keys

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Every key is an answer while a question stands, but for those that end the program."""
        return self.question is not None and key not in ("ctrl+q", "ctrl+c")

    def on_key(self, event: events.Key) -> None:
        """Edit the line, answer, or leave."""
        if self.question is None:
            return  # closed by the key before; this one is for the screen
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.leave()
        elif event.key == "enter":
            self._answer(self.question, self.text)
        elif event.key in KEYS:
            self._become(KEYS[event.key](self._typed))
        elif event.is_printable and event.character:
            self._become(self._typed.insert(event.character))

    def on_paste(self, event: events.Paste) -> None:
        """Insert what was pasted, as one line."""
        if self.question is not None:
            event.stop()
            self._become(self._typed.insert(event.text))

    def _become(self, typed: Typed) -> None:
        question, before = self.question, self._typed
        if question is None or typed == before:
            return
        self._typed = typed
        self._is_behind = True
        if typed.text == before.text or not question.drawn_with_answer:
            self.draw_now()
        if typed.text == before.text:
            return
        settled = question.settled(typed.text)
        if settled is not None:
            self._answer(question, settled)
            return
        question.changed(typed.text)
        if self._is_behind and self._echo is None:  # else the answer was there at once, and drew the line with it
            self._echo = self.set_timer(ECHO_SECONDS, self.draw_now)
        if self.question is question:
            self._show_hint(question.hint(typed.text))

    def _answer(self, question: Question, text: str) -> None:
        if not text.strip() and question.empty_leaves:
            self.leave()
            return
        self.close()  # first, so that the answer may put the next question
        try:
            question.answer(text)
        except TrackerError as error:
            typed = self._typed
            self.ask(question, hint=((str(error), "bad"),))
            self._typed = typed

    def _show_hint(self, hint: Line) -> None:
        if hint != self._hint:
            self._hint = hint
            self._draw_line(1)

    def draw_now(self) -> None:
        """Show what was typed, if that has waited for the screen."""
        if self._echo is not None:
            self._echo.stop()
            self._echo = None
        if self._is_behind:
            self._is_behind = False
            self._draw_line(0)

    def _draw_line(self, y: int) -> None:
        if self.size.height < HEIGHT:
            self.refresh()
        else:
            self.refresh(Region(0, y, self.size.width, 1))

    # -- lines

    def render_line(self, y: int) -> Strip:
        """The question with what was typed, or its hint."""
        width = self.size.width
        if self.question is None:
            return self.paint((), width)
        if y == 1:
            return self.paint(self._hint_line(self._hint, width), width)
        label = fit(self.question.label, min(cell_len(clean(self.question.label)), max(8, width // 2)))
        lead: Line = ((f" {label} ", "here"),)
        line = (*lead, *self._text_pieces(width - width_of(lead) - 1))
        if self.size.height == 1:
            room = width - width_of(line)
            if room > 12:
                line = (*line, *self._hint_line(self._hint, room))
        return self.paint(line, width)

    def _hint_line(self, hint: Line, width: int) -> Line:
        kept: list[tuple[str, str]] = [(" ", "muted")]
        room = width - 1
        for text, role in hint:
            shown = clean(text[: width * 8])
            if cell_len(shown) > room:
                kept.append((fit(shown, room), role))
                break
            kept.append((shown, role))
            room -= cell_len(shown)
        return tuple(kept)

    def _text_pieces(self, room: int) -> Line:
        """The text around the caret; where it is longer than the line, the part that ends behind the caret."""
        before = clean(self._typed.text[max(0, self._typed.caret - room * 4) : self._typed.caret])
        after = clean(self._typed.text[self._typed.caret : self._typed.caret + room])
        while cell_len(before) > room - 1:
            before = before[max(1, len(before) - room) :] if len(before) > room else before[1:]
        at, rest = (after[:1], after[1:]) if after else (" ", "")
        rest = fit(rest, max(0, room - cell_len(before) - cell_len(at)), ellipsis="") if rest else ""
        self._place_terminal_cursor(cell_len(before), room)
        return ((before, "typed"), (at, "caret"), (rest.rstrip(), "typed"))

    def _place_terminal_cursor(self, cells: int, room: int) -> None:
        """Where the terminal opens the window of an input method."""
        label = self.size.width - room
        self.app.cursor_position = Offset(min(self.region.right - 1, self.region.x + label + cells), self.region.y)

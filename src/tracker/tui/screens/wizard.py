"""The first run: a dozen short questions make the first strategy, cycle, objective and key result."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input

from tracker.domain.errors import TrackerError
from tracker.services.strategy import draft, keep_draft, strategy_first
from tracker.services.workspace import Workspace
from tracker.tui import edits
from tracker.tui.commands import bindings, footer_words
from tracker.tui.edits import Change
from tracker.tui.messages import Written
from tracker.tui.screen_commands import WIZARD
from tracker.tui.screens.working import WorkingScreen
from tracker.tui.widgets.boxes import TextBox
from tracker.tui.widgets.command_line import CommandLine
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.title_line import TitleLine
from tracker.tui.widgets.wizard import STEPS, Answers, first_strategy, missing_answers, understood


class AnswerBox(TextBox):
    """The line one types in. It knows the keys that lead on: what is typed right behind them is the next answer."""

    async def _on_key(self, event: events.Key) -> None:
        screen = self.screen
        leads = {"enter": "go_on", "tab": "go_on", "down": "go_on", "shift+tab": "go_back", "up": "go_back"}
        if event.key in leads and isinstance(screen, WizardScreen):
            event.stop()
            event.prevent_default()
            screen.action_do(leads[event.key])
        else:
            await super()._on_key(event)


class WizardScreen(WorkingScreen, inherit_bindings=False):
    """One question at a time; every answer is kept as soon as it is given."""

    commands = WIZARD
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(WIZARD)]
    CSS_PATH = "wizard.tcss"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.answers: dict[str, str] = {}
        self._place = 0
        self._is_begun = False
        self._refused: str | None = None
        """The answer that was refused: its reason stands until something else is typed."""

    def compose(self) -> ComposeResult:
        """Answers so far, the question in front, what was understood."""
        yield TitleLine(id="title")
        with Vertical(id="middle"):
            yield Answers(id="answers")
            yield TitleLine(id="question", ground="")
            yield TitleLine(id="example", ground="")
            yield AnswerBox(id="answer", compact=True, select_on_focus=False)
            yield TitleLine(id="understood", ground="")
        yield Footer(footer_words(self.app.remapped, WIZARD), id="footer")
        yield CommandLine(id="command")

    @property
    def box(self) -> Input:
        """Where one types."""
        return self.query_one("#answer", Input)

    def reader(self) -> Callable[[], dict[str, str]]:
        """The answers that were kept."""
        ws = self.workspace
        return lambda: draft(ws)

    def show_picture(self, picture: dict[str, str]) -> None:
        """Go on where the last time ended."""
        if not self._is_begun:
            self._is_begun = True
            names = {step.name for step in STEPS}
            self.answers = {name: text for name, text in picture.items() if name in names}
            places = [index for index, step in enumerate(STEPS) if not step.usual and not self.answers.get(step.name)]
            self._go(places[0] if places else 0)

    def _go(self, place: int) -> None:
        self._place = place
        step = STEPS[place]
        self.query_one(Answers).show(self.answers, place)
        self.query_one("#title", TitleLine).show(
            ((" STRATEGY FIRST", "head"), ("  who we reach, why they care, what we want them to do", "muted")),
            (("everything can be changed later   ", "faint"), (f"{place + 1} of {len(STEPS)} ", "muted")),
        )
        self.query_one("#question", TitleLine).show(((f" {step.question}", "title"),))
        usual = f"   Enter alone: {step.usual}" if step.usual else ""
        self.query_one("#example", TitleLine).show(((f" for example: {step.example}{usual}", "muted"),))
        self.box.value = self.answers.get(step.name, "")
        self.box.cursor_position = len(self.box.value)
        self.box.focus()
        self._refused = None
        self._say("", "faint")

    def _say(self, words: str, role: str) -> None:
        self.query_one("#understood", TitleLine).show(((f" {words}", role),))

    @on(Input.Changed)
    def typed(self) -> None:
        """Say what was understood so far; what is wrong is said when Enter is pressed."""
        if self.box.value == self._refused:
            return  # told late of what was typed before Enter
        try:
            words = understood(STEPS[self._place], self.box.value, self.answers, self.workspace.clock.today)
        except TrackerError:
            words = ""
        self._say(words, "good")

    def do_go_on(self) -> None:
        """Keep the answer and go to the next question; after the last one, begin."""
        if not self._is_begun or self._writing:
            return
        step = STEPS[self._place]
        try:
            understood(step, self.box.value, self.answers, self.workspace.clock.today)
        except TrackerError as wrong:
            self._refuse_answer(str(wrong))
            return
        self._keep()
        if self._place + 1 < len(STEPS):
            self._go(self._place + 1)
        else:
            self._begin()

    def _refuse_answer(self, words: str) -> None:
        self._refused = self.box.value
        self._say(words, "bad")

    def do_go_back(self) -> None:
        """Keep what stands there and go to the question before."""
        if self._is_begun and self._place:
            self._keep()
            self._go(self._place - 1)

    def _keep(self) -> None:
        self.answers[STEPS[self._place].name] = self.box.value.strip()
        ws, answers = self.workspace, dict(self.answers)
        self.read("kept", lambda: keep_draft(ws, answers), lambda _: None)

    def _begin(self) -> None:
        missing = missing_answers(self.answers)
        if missing:
            self._go(next(index for index, step in enumerate(STEPS) if step.label.lower() == missing[0]))
            self._refuse_answer("This one is missing still.")
            return
        ws, first = self.workspace, first_strategy(self.answers)
        self.write(Change(edits.nothing, repeatable=False), lambda: strategy_first(ws, first))

    def change_came(self, message: Written) -> None:
        """The strategy stands: the draft goes, the board comes."""
        ws = self.workspace
        self.read("kept", lambda: keep_draft(ws, {}), self._leave)

    def _leave(self, _: None) -> None:
        self.dismiss()

    def refuse(self, words: str) -> None:
        """Say it under the line."""
        self._say(words, "bad")

    def do_leave(self) -> None:
        """Keep the answers and show what can be done without a strategy."""
        from tracker.tui.screens.ideas import IdeasScreen  # imported here: most people answer at once

        self._keep()
        self.app.push_screen(IdeasScreen(self.workspace, missing=missing_answers(self.answers)), self._came_back)

    def _came_back(self, _: None) -> None:
        self._go(self._place)

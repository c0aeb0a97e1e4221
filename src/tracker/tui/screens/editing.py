"""Changing tasks with single keys: the same on every screen that shows tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from time import sleep
from typing import TYPE_CHECKING

from textual import events, on

from tracker.domain.tasks import OPEN
from tracker.services import board as reads
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card, Header, LinkRow, LoadRow
from tracker.tui.lazy import Lazy
from tracker.tui.screens.working import WorkingScreen

if TYPE_CHECKING:
    from tracker.tui import edits, questions
    from tracker.tui.edits import Change
    from tracker.tui.widgets.command_line import Question
else:  # the first frame asks and changes nothing; the screen loads them behind it
    edits, questions = Lazy("tracker.tui.edits"), Lazy("tracker.tui.questions")

FRAME_SECONDS = 0.002
"""A write that is shown already lets the frame go to the terminal first: both would want the interpreter."""
MOST_LINKS = 9
"""Links to choose from with one key each."""
FOUND_SHOWN = 6
"""Tasks that a search in the command line shows."""


class EditingScreen(WorkingScreen):
    """Commands that change the tasks under the cursor or the selected ones."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.figures: Header | None = None
        """The strategy header's figures."""
        self._loads: Sequence[LoadRow] = ()
        self._found: Sequence[Card] = ()
        self._searched = ""

    # -- what a screen says of itself

    def targets(self) -> tuple[Card, ...]:
        """The selected tasks, else the one under the cursor."""
        raise NotImplementedError

    def cited(self) -> str | None:
        """The key result that a new task cites when it names none."""
        return None

    def foresee(self, change: Change, cards: Sequence[Card]) -> bool:
        """Show what a change leads to before it is written, and say whether that can be told."""
        return False

    # -- making a change

    def change(self, change: Change, cards: Sequence[Card] | None = None) -> None:
        """Make a change to these tasks, else to the targets."""
        wanted = self.targets() if cards is None else tuple(cards)
        if not wanted:
            self.refuse("There is no task under the cursor.")
            return
        ids, seen, ws = [card.id for card in wanted], change.seen(wanted), self.workspace

        def again() -> None:
            self.write(change, lambda: change.apply(ws, ids, None))

        is_shown = self.foresee(change, wanted)

        def work() -> Outcome:
            if is_shown:
                sleep(FRAME_SECONDS)
            return change.apply(ws, ids, seen)

        self.write(replace(change, again=again), work)

    def _named(self, cards: Sequence[Card]) -> str:
        return cards[0].id if len(cards) == 1 else f"{len(cards)} tasks"

    def _asking(self, put: Callable[[tuple[Card, ...]], Question]) -> None:
        cards = self.targets()
        if cards:
            self.ask(put(cards))
        else:
            self.refuse("There is no task under the cursor.")

    def _mending(self, question: Question, text: str) -> Question:
        """The same question with what was typed, for when the answer is refused."""
        return replace(question, text=text)

    # -- status

    def do_forward(self) -> None:
        """To the next status."""
        self.change(edits.step(1))

    def do_back(self) -> None:
        """To the status before."""
        self.change(edits.step(-1))

    def do_carry_right(self) -> None:
        """To the next status, and go along."""
        self.change(edits.step(1, follows=True))

    def do_carry_left(self) -> None:
        """To the status before, and go along."""
        self.change(edits.step(-1, follows=True))

    def do_cancel(self) -> None:
        """Ask why, and cancel."""
        self._asking(
            lambda cards: questions.reason(
                f"cancel {self._named(cards)}, because", lambda why: self.change(edits.cancel(why), cards),
                hint="the reason is kept; Esc keeps the task",
            )
        )

    def do_rank_up(self) -> None:
        """To the top of its column."""
        self.change(edits.rank(-1), self.targets()[:1])

    def do_rank_down(self) -> None:
        """To the end of its column."""
        self.change(edits.rank(1), self.targets()[:1])

    # -- fields

    def do_assign(self) -> None:
        """Ask whom, with everybody's load; then for a date when there is none."""
        self._asking(self._assign_question)
        self._read_loads()

    def _assign_question(self, cards: tuple[Card, ...]) -> Question:
        def answer(owner: str) -> None:
            self.change(edits.assign(None if owner == questions.NOBODY else owner), cards)
            undated = [card for card in cards if card.due_on is None and card.status in OPEN]
            if owner != questions.NOBODY and undated:
                self.ask(self._due_question(tuple(undated), "due"))

        return questions.person(f"{self._named(cards)} to", lambda: self._loads, answer, nobody=True)

    @on(events.ScreenResume)
    def learn_people(self) -> None:
        """Know them before they are asked for: two letters name one at once, however fast they are typed."""
        self._read_loads()

    def _read_loads(self) -> None:
        def came(loads: Sequence[LoadRow]) -> None:
            self._loads = loads
            self.command_line.renew_hint()

        self.read("loads", lambda: reads.load(self.workspace), came)

    def do_due(self) -> None:
        """Ask for a day."""
        self._asking(lambda cards: self._due_question(cards, "due"))

    def _due_question(self, cards: tuple[Card, ...], word: str) -> Question:
        def answer(day: date | None, _: str) -> None:
            self.change(edits.set_due(day), cards)

        return questions.due(f"{self._named(cards)} {word}", self.workspace.clock.today, answer)

    def do_cite(self) -> None:
        """Ask for another key result."""
        figures = self.figures
        if figures is None:
            self.refuse("There is no active strategy, so there is no key result to cite.")
            return
        self._asking(
            lambda cards: questions.key_result(
                f"{self._named(cards)} moves", figures, lambda row: self.change(edits.cite(row), cards)
            )
        )

    def do_block(self) -> None:
        """Ask what blocks it; a blocked task is freed."""
        cards = self.targets()
        if cards and all(card.blocked_reason is not None for card in cards):
            self.change(edits.block(""), cards)
            return
        self._asking(
            lambda cards: questions.reason(
                f"{self._named(cards)} blocked by", lambda why: self.change(edits.block(why), cards),
                hint="what has to happen first; b once more frees it",
            )
        )

    def do_wait(self) -> None:
        """Ask for the task to wait for."""

        def put(cards: tuple[Card, ...]) -> Question:
            def answer(other: str) -> None:
                if other == questions.NOBODY:
                    self.change(edits.stop_waiting(), cards)
                else:
                    ids, ws = [card.id for card in cards], self.workspace
                    self.write(edits.wait_for(other), lambda: edits.waiting_for_words(ws, ids, other))

            return questions.other_task(f"{self._named(cards)} waits for", answer, lambda: self._found, self._search)

        self._found = ()
        self._asking(put)

    def _search(self, text: str) -> None:
        self._searched = text

        def came(found: Sequence[Card]) -> None:
            if text == self._searched:
                self._found = found
                self.command_line.renew_hint()

        self.read("found", lambda: reads.search(self.workspace, text, FOUND_SHOWN), came)

    def do_message(self) -> None:
        """Ask for a message."""
        self._asking(
            lambda cards: questions.reason(
                f"message on {cards[0].id}", lambda body: self.change(edits.comment(body), cards[:1]),
                hint="@name tells somebody",
            )
        )

    # -- capture

    def do_new(self, text: str = "") -> None:
        """Ask for a task in one line."""
        cites, ws = self.cited(), self.workspace

        def answer(line: str) -> None:
            change = edits.Change(edits.nothing, repeatable=False, follows=True, mend=replace(question, text=line))
            self.write(change, lambda: edits.add(ws, line, cites))

        place = next((str(row.position) for row in self.figures.key_results if row.id == cites), cites) \
            if self.figures else cites
        question = questions.quick_add(self.workspace.clock.today, place, answer, text=text)
        self.ask(question)

    def do_idea(self) -> None:
        """Ask for a thought."""
        ws = self.workspace

        def answer(title: str) -> None:
            self.write(edits.Change(edits.nothing, repeatable=False), lambda: edits.keep_idea(ws, title))

        self.ask(questions.reason("idea", answer, hint="a thought from:where it came up; it waits off the board (I)"))

    # -- history

    def do_undo(self) -> None:
        """Take the last change back."""
        self._in_history(edits.undo)

    def do_redo(self) -> None:
        """Bring back what undo took."""
        self._in_history(edits.redo)

    def _in_history(self, work: Callable[[Workspace], Outcome]) -> None:
        ws = self.workspace
        self.write(edits.Change(edits.nothing, repeatable=False, follows=True), lambda: work(ws))

    def do_repeat(self) -> None:
        """The last change once more, here."""
        if self.last_change is None:
            self.refuse("Nothing was changed yet that could be repeated.")
        else:
            self.change(self.last_change)

    # -- copy

    def do_copy(self) -> None:
        """Ask what to copy."""
        cards = self.targets()
        if not cards:
            self.refuse("There is no task under the cursor.")
            return

        def answer(key: str) -> None:
            if key == "l":
                self.read("link", lambda: reads.task_detail(self.workspace, cards[0].id).links, self._copy_link)
            else:
                self.copy("\n".join(card.id if key == "i" else f"{card.id} {card.title}" for card in cards),
                          "id" if key == "i" else "text")

        self.ask(questions.choice(f"copy of {self._named(cards)}", [("i", "id"), ("l", "link"), ("t", "text")], answer))

    def _copy_link(self, links: Sequence[LinkRow]) -> None:
        known = {str(place): each for place, each in enumerate((each for each in links if each.url), 1)}
        if not known:
            self.refuse("The task has no link; it is in no other tool.")
        elif len(known) == 1:
            self.copy(str(known["1"].url), "link")
        else:
            choices = [(key, each.connection) for key, each in list(known.items())[:MOST_LINKS]]
            self.ask(questions.choice("link in", choices, lambda key: self.copy(str(known[key].url), "link")))

    def copy(self, text: str, what: str) -> None:
        """Into the terminal's clipboard (OSC 52)."""
        self.app.copy_to_clipboard(text)
        self.footer.say(f"copied the {what}: {text.splitlines()[0]}")

"""What screens over the database share: reading and writing on the data thread, one thing at a time, told in words."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events, on
from textual.screen import Screen

from tracker.domain.errors import Conflict, TrackerError
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.tui.messages import Answered, Failed, PictureRead, StoreChanged, Written
from tracker.tui.painting import Painter
from tracker.tui.widgets.command_line import CommandLine
from tracker.tui.widgets.footer import Footer

if TYPE_CHECKING:
    from tracker.tui.app import TrackerApp
    from tracker.tui.edits import Change
    from tracker.tui.widgets.command_line import Question

T = TypeVar("T")
MOST_WAITING = 100_000
"""Keys that are kept while a write is on its way: more than hands type, or a script sends, while a file is busy, for
what follows a lost key would mean something else; when the write fails they are dropped."""
QUICK_SECONDS = 0.008
"""A read that took no longer is not worth the way to another thread and back, which takes a millisecond."""


class WorkingScreen(Screen[None]):
    """Shows a picture of the database, read again after every change of it, whoever made it."""

    AUTO_FOCUS = ""
    READS_AT_ONCE = False
    """Whether a picture may be read between two frames, as long as that is quick."""
    app: TrackerApp

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.painter = Painter(self)
        self.last_change: Change | None = None
        self._turn = 0
        """Counts the pictures that were asked for; older answers are thrown away."""
        self._reading = False
        self._read_again = False
        self._read_took = 0.0
        """Seconds that the last picture took to be read."""
        self._writing = False
        self._unseen: list[Written] = []  # written, and not on the picture yet
        self._waiting: deque[tuple[str, str]] = deque(maxlen=MOST_WAITING)
        self._held: deque[events.Key] = deque()
        """Keys that came while a write was on its way."""
        self._taking = False
        self._answers: dict[str, Callable[[Any], None]] = {}

    # -- what a screen says of itself

    def reader(self) -> Callable[[], Any]:
        """A function for the data thread that reads what this screen shows now."""
        raise NotImplementedError

    def show_picture(self, picture: Any) -> None:
        """Show what the reader brought."""
        raise NotImplementedError

    def after_change(self, change: Change, outcome: Outcome) -> None:
        """Move the cursor as the change asks; the picture after it is already shown."""

    def take_back(self) -> None:
        """Show again what was there before a change that is refused, where it was shown ahead of the write."""

    def _compositor_refresh(self) -> None:
        self.painter.forget()
        super()._compositor_refresh()

    # -- parts

    @property
    def command_line(self) -> CommandLine:
        """Where questions are put."""
        return self.query_one(CommandLine)

    @property
    def footer(self) -> Footer:
        """Where notices stand."""
        return self.query_one(Footer)

    def ask(self, question: Question) -> None:
        """Put a question in the line at the bottom."""
        self.command_line.ask(question)

    def refuse(self, words: str) -> None:
        """Say why something is not done."""
        self.footer.say(words, "refused")

    # -- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """No command while a question stands, for its keys are the answer, or while keys wait for a write."""
        return action != "do" or self._taking or not (self._held or self._writing or self.command_line.question)

    async def on_key(self, event: events.Key) -> None:
        """Keys that nobody else takes: they answer the question that stands, or wait for the write on its way."""
        if self.focused is not None:
            return
        event.stop()
        if not self._held and not self._waits_for_write():
            await self._take(event)
        elif len(self._held) < MOST_WAITING:
            self._held.append(event)

    def _waits_for_write(self) -> bool:
        return self._writing and self.command_line.question is None

    async def _take(self, event: events.Key) -> None:
        """A key for the question; with none, the command that the application left alone when the key was pressed."""
        if self.command_line.question is not None:
            self.command_line.on_key(event)
            return
        self._taking = True
        try:
            await self.app._check_bindings(event.key, priority=True)
        finally:
            self._taking = False

    async def _take_held(self) -> None:
        """The keys that were typed ahead of a write, each on what the one before left behind."""
        while self._held and not self._waits_for_write():
            await self._take(self._held.popleft())

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted is for the question that stands."""
        if self.focused is None:
            self.command_line.on_paste(event)

    # -- commands

    def action_do(self, command: str, argument: str = "") -> None:
        """Do a declared command; while a write is on its way it waits, so that it acts on what the user will see."""
        if self._writing:
            self._waiting.append((command, argument))
        else:
            self._do(command, argument)

    def _do(self, command: str, argument: str) -> None:
        doing: Callable[..., None] | None = getattr(self, f"do_{command}", None)
        if doing is not None:
            said = self.footer.said
            doing(argument) if argument else doing()
            if said == self.footer.said and not self._writing:
                self.footer.hush()  # it has been seen; a change says something new in a moment

    def _do_waiting(self) -> None:
        while self._waiting and not self._writing and self.command_line.question is None:
            self._do(*self._waiting.popleft())
        if not self._writing:
            self._waiting.clear()

    # -- reading

    def request_reload(self) -> None:
        """Read again what is shown; asked for often, it happens once more after the read that is on its way."""
        if self._reading:
            self._read_again = True
            return
        self._turn += 1
        turn, reader = self._turn, self.reader()
        if self._is_read_at_once(reader):
            return
        self._reading = True

        def work() -> tuple[float, Any]:
            began = perf_counter()
            picture = reader()
            return perf_counter() - began, picture

        self.app.data.submit(
            work,
            lambda read: self.post_message(PictureRead(turn, read[1], read[0])),
            lambda error: self.post_message(Failed(error)),
        )

    def _is_read_at_once(self, reader: Callable[[], Any]) -> bool:
        """Read and show the picture right here when nothing is on its way and the last one was quick."""
        if not self.READS_AT_ONCE or self._read_took > QUICK_SECONDS or self.app.data.is_busy:
            return False
        began = perf_counter()
        try:
            with self.workspace.store.never_waiting():
                picture = reader()
        except TrackerError:
            return False  # the data thread can wait, and tells what is wrong
        self._read_took = perf_counter() - began
        self._show_read(picture)
        return True

    def _show_read(self, picture: Any) -> None:
        self.show_picture(picture)
        self._finish_unseen()
        self.command_line.draw_now()

    @on(PictureRead)
    def picture_came(self, message: PictureRead) -> None:
        """Show it, unless something newer is on its way."""
        self._reading = False
        self._read_took = message.took
        if self._read_again:
            self._read_again = False
            self.request_reload()
        elif message.turn == self._turn:
            self._show_read(message.picture)

    # A handler that is decorated runs in every class that has one, overridden or not; so those that a screen may want
    # to do in its own way are called by one that none overrides.

    @on(StoreChanged)
    @on(events.ScreenResume)
    def _hear_of_change(self) -> None:
        self.store_changed()

    @on(Written)
    def _hear_of_write(self, message: Written) -> None:
        self.change_came(message)

    @on(Failed)
    def _hear_of_failure(self, message: Failed) -> None:
        self.failure_came(message)

    def store_changed(self) -> None:
        """Somebody else wrote, or another screen of ours did."""
        self.request_reload()

    def read(self, what: str, work: Callable[[], T], answer: Callable[[T], None]) -> None:
        """Answer a small question of a hint; the newest of its kind only."""
        self._answers[what] = answer
        self.app.data.submit(
            work,
            lambda value: self.post_message(Answered(what, value)),
            lambda error: self.post_message(Failed(error)),
        )

    @on(Answered)
    def answer_came(self, message: Answered) -> None:
        """Hand it to who asked."""
        answer = self._answers.get(message.what)
        if answer is not None:
            answer(message.value)

    # -- writing

    def write(self, change: Change, work: Callable[[], Outcome]) -> None:
        """Make a change on the data thread and read the picture after it."""
        self._writing = True
        self._turn += 1
        turn, reader = self._turn, self.reader()

        def job() -> tuple[Outcome, Any]:
            outcome = work()
            try:
                return outcome, reader()
            except TrackerError:
                return outcome, None  # it is written; that reading fails is told by the reload

        self.app.data.submit(
            job,
            lambda done: self.post_message(Written(change, done[0], turn, done[1])),
            lambda error: self.post_message(Failed(error, change)),
        )

    def change_came(self, message: Written) -> None:
        """Show it, say what was done, do what was pressed meanwhile: all of that on the picture after the change."""
        if message.picture is None or message.turn != self._turn:
            self._unseen.append(message)
            self.request_reload()
        else:
            self.show_picture(message.picture)
            self._finish(message)

    def _finish_unseen(self) -> None:
        unseen, self._unseen = self._unseen, []
        for message in unseen:
            self._finish(message)

    def _finish(self, message: Written) -> None:
        self._writing = False
        if message.change.repeatable:
            self.last_change = message.change
        self.tell(message.outcome)
        self.after_change(message.change, message.outcome)
        self._do_waiting()
        self.call_later(self._take_held)

    def tell(self, outcome: Outcome) -> None:
        """What was done, and what to know about it."""
        words = "; ".join((outcome.label, *outcome.notices))
        self.footer.say(words if outcome.batch is not None else f"{words}: nothing to change",
                        "notice" if outcome.notices else "done")

    def failure_came(self, message: Failed) -> None:
        """Say why, in words; a change that was refused can be mended and given again."""
        if message.change is None:
            self._reading = self._read_again = False
            self._finish_unseen()
        else:
            self._writing = False
            self._waiting.clear()
            self._held.clear()
            self.take_back()
        error, change = message.error, message.change
        if not isinstance(error, TrackerError):
            self.app.fail(error)
            return
        self.refuse(str(error).replace("\n", " "))
        if isinstance(error, Conflict):
            self.request_reload()
            if change is not None and change.again is not None:
                self._settle(error, change.again)
        elif change is not None and change.mend is not None:
            self.command_line.ask(change.mend, hint=((str(error).replace("\n", " "), "bad"),))

    def _settle(self, conflict: Conflict, again: Callable[[], None]) -> None:
        from tracker.tui.questions import choice  # imported here: the first frame does not need it

        shown = "; ".join(
            f"{each.id} {each.field.replace('_', ' ')} was {_value(each.base)}, theirs {_value(each.theirs)}"
            for each in conflict.disagreements
        )
        ours, theirs = (_agreed(getattr(each, side) for each in conflict.disagreements) for side in ("ours", "theirs"))
        question = choice(
            shown or str(conflict), [("o", f"ours{ours}: do it all the same"), ("t", f"theirs{theirs}: leave it")],
            lambda key: again() if key == "o" else None,
        )
        self.ask(question)


def _agreed(values: Iterable[object]) -> str:
    """The value that all of them are, to stand behind its side; nothing when they differ."""
    shown = {_value(value) for value in values}
    return f", {shown.pop()}" if len(shown) == 1 else ""


def _value(value: object) -> str:
    return "none" if value in (None, "") else str(value)

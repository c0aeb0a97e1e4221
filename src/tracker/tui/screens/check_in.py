"""Check-in: the key results that are mine first; as one types, plot, score and health say what it comes to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from tracker.domain.check_ins import HEALTHS, read_past_day, state_fault
from tracker.domain.dates import show_day
from tracker.domain.errors import Refused
from tracker.services.check_in_pages import Turns, turns
from tracker.services.check_ins import check_in
from tracker.services.outcome import Outcome
from tracker.services.strategy import edit_record
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card
from tracker.tui import edits, questions
from tracker.tui.commands import bindings, footer_words
from tracker.tui.edits import Change
from tracker.tui.messages import Written
from tracker.tui.screen_commands import CHECK_IN
from tracker.tui.screens.editing import EditingScreen
from tracker.tui.screens.reading import ReadingScreen
from tracker.tui.screens.working import MOST_WAITING
from tracker.tui.widgets.check_in import (
    CheckInPage,
    Entry,
    due_pages,
    list_rows,
    strip_line,
    title_words,
    totals_line,
)
from tracker.tui.widgets.check_in.entry import CONFIDENCE, NOTE, VALUE
from tracker.tui.widgets.command_line import CommandLine, Question
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.painted import Line
from tracker.tui.widgets.text_view import TextView
from tracker.tui.widgets.title_line import TitleLine

NARROW = 100
"""Terminals with fewer columns get the list in one line above the page."""
WIDE = 160
"""Terminals with as many columns have room for longer titles in the list."""


class CheckInScreen(ReadingScreen, EditingScreen, inherit_bindings=False):
    """A list of key results beside the page of one; what is typed stays with its key result until it is saved."""

    commands = CHECK_IN
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(CHECK_IN, at_once=True)]
    CSS_PATH = "check_in.tcss"

    def __init__(self, workspace: Workspace, *, key_result: str | None = None) -> None:
        """`key_result` is in front at first; else one of mine whose turn it is."""
        super().__init__(workspace)
        self._turns: Turns | None = None
        self._entries: dict[str, Entry] = {}
        self._at = key_result
        self._early: deque[events.Key] = deque(maxlen=MOST_WAITING)

    def compose(self) -> ComposeResult:
        """Header, title, list and page, sums, keys."""
        yield StrategyHeader(id="header")
        yield TitleLine(id="title")
        yield TitleLine(id="strip", ground="")
        with Container(id="body"):
            yield TextView(id="list", ground="panel")
            yield CheckInPage(id="page")
        yield TitleLine(id="sums")
        yield Footer(footer_words(self.app.remapped, CHECK_IN), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """The page says it all, so the header is one line."""
        self.query_one(StrategyHeader).folded = True
        self.in_front = self.query_one("#list", TextView)

    def on_resize(self, event: events.Resize) -> None:
        """Where the list has no room beside the page it becomes one line."""
        self.set_class(event.size.width < NARROW, "narrow")
        self.set_class(event.size.width >= WIDE, "wide")
        self._draw()

    # -- reading

    def reader(self) -> Callable[[], Turns | None]:
        """Everything as it is now."""
        ws = self.workspace
        return lambda: turns(ws)

    def show_picture(self, picture: Turns | None) -> None:
        """Draw what was read; what is typed stays."""
        self._turns = picture
        if self._early:
            self.call_later(self._take_early)
        if picture is None:
            self.refuse("There is no active strategy.")
            return
        self.figures = picture.header
        self.query_one(StrategyHeader).show(picture.header)
        pages = {page.row.id: page for page in picture.pages}
        self._entries = {id_: entry for id_, entry in self._entries.items() if id_ in pages}
        for id_, entry in self._entries.items():
            entry.renew(pages[id_])
        if self._at not in pages:
            due = due_pages(picture.mine, picture)
            first = [*due, *picture.mine, *picture.pages]
            self._at = first[0].row.id if first else None
        self._draw()

    @property
    def entry(self) -> Entry | None:
        """What is typed about the key result in front."""
        found = self._turns
        page = next((page for page in found.pages if page.row.id == self._at), None) if found else None
        if page is None:
            return None
        if page.row.id not in self._entries:
            self._entries[page.row.id] = Entry(page, self._first_day(page.terms.ends_on, page.terms.cycle_status))
        return self._entries[page.row.id]

    def _first_day(self, ends: date, status: str) -> date:
        """Today; the last day of a cycle that is over and not graded yet."""
        today = self.workspace.clock.today
        return ends if today > ends and status == "active" else today

    @property
    def _changed(self) -> frozenset[str]:
        return frozenset(id_ for id_, entry in self._entries.items() if entry.is_changed)

    def _draw(self) -> None:
        found, entry = self._turns, self.entry
        if found is None or not self.is_mounted:
            return
        changed, at = self._changed, self._at or ""
        self.query_one("#title", TitleLine).show(*title_words(found, entry))
        self.query_one("#strip", TitleLine).show(strip_line(found, at, changed))
        self.in_front.show(lambda width: list_rows(found, changed, width))
        self.in_front.go(at)
        self.query_one(CheckInPage).show(found, entry)
        if entry is not None:
            self.query_one("#sums", TitleLine).show(totals_line(found, entry, self.size.width < NARROW))

    def _draw_typed(self) -> None:
        """After a key in a field: the page and what it comes to."""
        found, entry = self._turns, self.entry
        if found is None or entry is None:
            return
        self.query_one(CheckInPage).show(found, entry)
        self.query_one("#sums", TitleLine).show(totals_line(found, entry, self.size.width < NARROW))
        self.query_one("#strip", TitleLine).show(strip_line(found, self._at or "", self._changed))
        changed = self._changed
        self.in_front.show(lambda width: list_rows(found, changed, width))

    # -- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Every key is looked at by the field in front first; what it does not take is a command."""
        if action == "do" and not self._taking and (self._is_opening or self.entry is not None):
            return False
        return super().check_action(action, parameters)

    async def on_key(self, event: events.Key) -> None:
        """A key that comes before there are fields waits for them."""
        if self._is_opening:
            self._early.append(event)
            event.stop()
            event.prevent_default()  # else the class below hears of it as well

    @property
    def _is_opening(self) -> bool:
        return self._turns is None and self._reading

    async def _take(self, event: events.Key) -> None:
        """A key for the question that stands, else for the field in front, else a command."""
        entry = self.entry
        if self.command_line.question is None and entry is not None and entry.press(event.key, event.character):
            self.footer.hush()
            self._draw_typed()
        else:
            await super()._take(event)

    async def _take_early(self) -> None:
        """What was typed before the first picture came."""
        while self._early:
            event = self._early.popleft()
            if self._writing or self._held:
                self._held.append(event)
            else:
                await self._take(event)

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted is for the question that stands, or for the field in front."""
        entry = self.entry
        if self.command_line.question is None and entry is not None and self.focused is None:
            event.stop()
            event.prevent_default()
            entry.paste(event.text)
            self._draw_typed()

    def targets(self) -> tuple[Card, ...]:
        """No tasks here."""
        return ()

    def cited(self) -> str | None:
        """New work cites the key result in front."""
        return self._at

    # -- moving

    def do_down(self) -> None:
        """The next key result."""
        self._step(1)

    def do_up(self) -> None:
        """The key result above."""
        self._step(-1)

    def do_page_down(self) -> None:
        """The last key result."""
        self._step(len(self._entries) + 1000)

    def do_page_up(self) -> None:
        """The first key result."""
        self._step(-len(self._entries) - 1000)

    def _step(self, by: int) -> None:
        ids = [page.row.id for page in self._turns.pages] if self._turns else []
        if ids:
            place = ids.index(self._at) if self._at in ids else 0
            self._go(ids[max(0, min(len(ids) - 1, place + by))])

    def _go(self, key_result: str) -> None:
        self._at = key_result
        self._draw()

    def do_older(self) -> None:
        """Older check-ins."""
        self._scroll(1)

    def do_newer(self) -> None:
        """Newer check-ins."""
        self._scroll(-1)

    def _scroll(self, by: int) -> None:
        if self.entry is not None:
            self.entry.scroll(by)
            self._draw_typed()

    @on(TextView.Pressed)
    def pressed(self, message: TextView.Pressed) -> None:
        """A click opens a key result."""
        self._go(message.key)

    @on(CheckInPage.Clicked)
    def clicked(self, message: CheckInPage.Clicked) -> None:
        """A click puts the caret into a field."""
        if self.entry is not None:
            self.entry.field = message.field
            self._draw()

    def do_next_field(self) -> None:
        """The next field."""
        self._step_field(1)

    def do_previous_field(self) -> None:
        """The field before."""
        self._step_field(-1)

    def _step_field(self, by: int) -> None:
        if self.entry is not None:
            self.entry.step(by)
            self._draw()

    def do_skip(self) -> None:
        """The next one whose turn it is, without saving."""
        self._go_on()

    def _go_on(self) -> None:
        """To the next key result whose turn it is: mine first, then the others; else the next one of mine."""
        found = self._turns
        if found is None:
            return
        pages = list(found.pages)
        place = next((place for place, page in enumerate(pages) if page.row.id == self._at), 0)
        around = [*pages[place + 1 :], *pages[:place]]
        mine = [page for page in around if page.row.owner == found.actor]
        following = [*due_pages(mine, found), *due_pages(around, found), *mine]
        if following:
            self._go(following[0].row.id)

    # -- saving

    def do_save_check_in(self) -> None:
        """Save it and open the next; with nothing typed, open the next."""
        entry = self.entry
        if entry is None:
            self.refuse("There is no key result to check in.")
            return
        if not entry.is_changed and entry.seen:
            self._go_on()
            return
        if self._says_what_is_missing(entry):
            return
        ws, new, seen = self.workspace, entry.new(), entry.seen
        change = Change(edits.nothing, repeatable=False, follows=True,
                        again=lambda: self.write(plain, lambda: check_in(ws, entry.new())))
        plain = replace(change, again=None)
        self.write(change, lambda: check_in(ws, new, seen=seen))

    def _says_what_is_missing(self, entry: Entry) -> bool:
        """Puts the caret where something is missing or wrong, and says what."""
        fault = state_fault(entry.page.terms)
        unit = entry.page.terms.unit
        missing: tuple[tuple[bool, str, str], ...] = (
            (fault is not None, entry.field, f"{fault}."),
            (bool(entry.fault), VALUE, entry.fault),
            (not entry.is_counted and entry.value is None, VALUE, f"The value is missing: how many {unit} is it now?"),
            (entry.said.confidence is None, CONFIDENCE, "How sure are you, from 0 to 10, that the target is reached?"),
            (not entry.said.note.text.strip(), NOTE, "A check-in needs a note: say in a few words what happened."),
        )
        for is_missing, field, words in missing:
            if is_missing:
                entry.field = field
                self._draw()
                self.refuse(words)
                return True
        return False

    def change_came(self, message: Written) -> None:
        """What was saved is not typed any more."""
        if message.change.follows and message.outcome.ids and self._at == message.outcome.ids[0]:
            self._entries.pop(self._at, None)
        super().change_came(message)

    def after_change(self, change: Change, outcome: Outcome) -> None:
        """After a check-in, the next key result."""
        if change.follows and outcome.label.startswith(("checked in", "corrected")):
            self._go_on()

    def do_go_on_as_is(self) -> None:
        """Continue as planned: save, and open the next."""
        self.do_save_check_in()

    # -- what now

    def do_retarget(self) -> None:
        """The key result's form."""
        from tracker.tui.screens.record_form import RecordFormScreen  # imported here: rarely needed

        if self._at is not None:
            self.app.push_screen(RecordFormScreen(self.workspace, "key_result", self._at))

    def do_stop_key_result(self) -> None:
        """Drop the key result; it is refused while open tasks cite it."""
        entry, ws = self.entry, self.workspace
        if entry is None:
            return
        key_result = entry.page.row.id

        def answer(why: str) -> None:
            fields = {"status": "dropped", "drop_reason": why}
            change = Change(edits.nothing, repeatable=False)
            self.write(change, lambda: edit_record(ws, "key_result", key_result, fields))

        label = f"stop {entry.page.row.position} {entry.page.row.title}"[:40]
        self.ask(questions.reason(f"{label}, because", answer, hint="drops the key result; the reason is kept"))

    def do_milestones(self) -> None:
        """The titles of its milestones, one a line."""
        from tracker.tui.screens.milestones import MilestonesScreen  # imported here: rarely needed

        entry = self.entry
        if entry is None or entry.page.row.metric_kind != "milestone":
            self.refuse("Only a key result that counts milestones has titles to change; g changes what it measures.")
        else:
            self.app.push_screen(MilestonesScreen(self.workspace, entry.page.row.id, entry.page.row.title))

    # -- past ones

    def do_past_check_in(self) -> None:
        """The check-in before the one in front; after the oldest, today again."""
        entry = self.entry
        if entry is None:
            return
        earlier = [each.on_date for each in entry.page.check_ins if each.on_date < entry.day]
        today = self._first_day(entry.page.terms.ends_on, entry.page.terms.cycle_status)
        self._open_day(earlier[-1] if earlier else today)

    def do_check_in_day(self) -> None:
        """Ask for the day that is checked in."""
        entry, today = self.entry, self.workspace.clock.today
        if entry is None:
            return
        starts = entry.page.terms.starts_on

        def hint(text: str) -> Line:
            kept = "  ".join(show_day(each.on_date, today) for each in entry.page.check_ins[-6:])
            return ((f"12, 12 oct, mon, yesterday; there are check-ins of {kept or 'no day yet'}", "faint"),)

        self.ask(Question("check-in of", lambda text: self._open_day(read_past_day(text, today, starts)), hint))

    def _open_day(self, day: date) -> None:
        from tracker.domain.check_ins import day_fault

        entry = self.entry
        if entry is None or day == entry.day:
            return
        fault = day_fault(entry.page.terms, day, self.workspace.clock.today)
        if fault is not None:
            raise Refused(f"{fault[0].upper()}{fault[1:]}.")
        if entry.is_changed:
            self.refuse(f"What is typed about {show_day(entry.day, day)} is not saved: Enter saves, Ctrl+R drops it.")
            return
        self._entries[entry.page.row.id] = Entry(entry.page, day)
        self._draw()

    def do_restore_check_in(self) -> None:
        """What stood in the fields before; with nothing typed, what undo took."""
        entry = self.entry
        if entry is not None and entry.is_changed:
            self._entries[entry.page.row.id] = Entry(entry.page, entry.day)
            self._draw()
        else:
            self.do_redo()

    def do_override_health(self) -> None:
        """Ask what the health is, whatever the figures say, and why."""
        entry = self.entry
        if entry is None:
            return
        choices = [("+", HEALTHS[0]), ("!", HEALTHS[1]), ("x", HEALTHS[2]), ("-", "by the figures")]

        def answer(sign: str) -> None:
            health = dict(choices)[sign]
            if sign == "-":
                self._override(entry, None, "")
                return
            self.ask(questions.reason(f"{health}, because", lambda why: self._override(entry, health, why),
                                      hint="lasts until the next check-in; saved with this one"))

        self.ask(questions.choice("health is", choices, answer))

    def _override(self, entry: Entry, health: str | None, reason: str) -> None:
        entry.override(health, reason.strip())
        self._draw()

    # -- leaving

    def do_leave(self) -> None:
        """Out of the words, then back; what is typed and not saved is asked about first."""
        entry = self.entry
        if entry is not None and entry.is_in_words:
            entry.field = VALUE
            self._draw()
            return
        count = len(self._changed)
        if not count:
            self.dismiss()
            return
        what = "1 check-in is" if count == 1 else f"{count} check-ins are"

        def answer(_: str) -> None:
            self.dismiss()

        self.ask(questions.choice(f"{what} not saved", [("d", "drop it and leave"), ("s", "stay")],
                                  lambda key: answer(key) if key == "d" else None))

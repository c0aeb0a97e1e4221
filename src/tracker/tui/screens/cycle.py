"""The cycle: its scores, and the way to its end, step by step; each step is saved, and one can leave at any moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize

from tracker.domain.cycles import require_grade
from tracker.domain.errors import NotFound, WrongUsage
from tracker.domain.numbers import read_number
from tracker.services import cycles as services
from tracker.services.closing import RUNNING, Closing, KeyResultEnd, closing, cycle_scores, destinations
from tracker.services.cycles import TaskPlan
from tracker.services.header import header as read_header
from tracker.services.outcome import Outcome
from tracker.services.strategy import records
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card
from tracker.tui import edits, questions
from tracker.tui.cells import clean
from tracker.tui.commands import bindings, footer_words
from tracker.tui.edits import Change
from tracker.tui.glyphs import glyphs_of
from tracker.tui.screen_commands import CYCLE
from tracker.tui.screens.editing import EditingScreen
from tracker.tui.screens.reading import ReadingScreen
from tracker.tui.screens.record_form import RecordFormScreen
from tracker.tui.widgets.command_line import CommandLine, Question
from tracker.tui.widgets.cycle import CyclePicture, cycle_rows, known_of, step_line, title_of
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.painted import Line
from tracker.tui.widgets.text_view import TextView
from tracker.tui.widgets.title_line import TitleLine

ASKED = {"worked": "what worked", "did_not": "what did not work", "learned": "what we learned"}


def read_cycle(ws: Workspace, shown: str | None) -> CyclePicture:
    """The cycle that is shown, else the running one, with all others."""
    try:
        found: Closing | None = closing(ws, shown)
    except NotFound:
        found = None
    strategies = records(ws, "strategy", {"status": "active"})
    rows = records(ws, "cycle", {"strategy": strategies[0]["id"]}) if strategies else []
    return CyclePicture(
        header=read_header(ws), cycle=found, cycles=tuple(rows), scores=cycle_scores(ws),
        destinations=destinations(ws, found) if found else (), today=ws.clock.today,
    )


class CycleScreen(ReadingScreen, EditingScreen, inherit_bindings=False):
    """A text with a cursor: a key grades, decides or plans what it stands on."""

    commands = CYCLE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(CYCLE, at_once=True)]
    CSS_PATH = "cycle.tcss"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._shown: str | None = None
        """The cycle that was chosen; None goes with the running one."""
        self._picture: CyclePicture | None = None

    def compose(self) -> ComposeResult:
        """Header, title, steps, text, what is known of a line, keys."""
        yield StrategyHeader(id="header")
        yield TitleLine(id="title")
        yield TitleLine(id="steps", ground="")
        yield TextView(id="text")
        yield TitleLine(id="known")
        yield Footer(footer_words(self.app.remapped, CYCLE), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """The header is one line; the rest is for the cycle."""
        self.query_one(StrategyHeader).folded = True
        self.in_front = self.query_one("#text", TextView)

    def reader(self) -> Callable[[], CyclePicture]:
        """The cycle as it is now."""
        ws, shown = self.workspace, self._shown
        return lambda: read_cycle(ws, shown)

    def show_picture(self, picture: CyclePicture) -> None:
        """Draw what was read; the cursor stays on its line."""
        self._picture = picture
        self.figures = picture.header
        if picture.header is not None:
            self.query_one(StrategyHeader).show(picture.header)
        glyphs = glyphs_of(self.in_front)
        self.in_front.show(lambda width: cycle_rows(picture, width, glyphs))
        self.query_one("#title", TitleLine).show(*title_of(picture))
        self._show_steps()
        self._show_known()

    def on_resize(self, _: Resize) -> None:
        """Steps are shorter in a narrow terminal."""
        self._show_steps()

    def _show_steps(self) -> None:
        if self._picture is not None:
            self.query_one("#steps", TitleLine).show(step_line(self._picture.cycle, self.size.width))

    @on(TextView.Moved)
    def _show_known(self) -> None:
        if self._picture is not None:
            self.query_one("#known", TitleLine).show(known_of(self._picture, self.in_front.current))

    def targets(self) -> tuple[Card, ...]:
        """No tasks here."""
        return ()

    # -- what the cursor stands on

    def _at(self) -> tuple[str, str]:
        table, _, identity = (self.in_front.current or "").partition("/")
        return table, identity

    def _row(self) -> KeyResultEnd | None:
        """The key result of the running cycle under the cursor; says so when there is none."""
        found = self._closing_now()
        table, identity = self._at()
        if found is None:
            return None
        row = next((each for each in found.key_results if each.id == identity), None) if table == "key_result" else None
        if row is None:
            self.refuse("Put the cursor on a key result of this cycle first.")
        return row

    def _closing_now(self) -> Closing | None:
        found = self._picture.cycle if self._picture else None
        if found is None or found.status not in RUNNING:
            self.refuse("Only the running cycle is graded and closed." if found else "No cycle is running.")
            return None
        return found

    def _write(self, work: Callable[[Workspace], Outcome], *, on: bool = False, mend: Question | None = None) -> None:
        ws = self.workspace
        self.write(Change(edits.nothing, repeatable=False, moves_on=on, mend=mend), lambda: work(ws))

    def after_change(self, change: Change, outcome: Outcome) -> None:
        """On to the next key result, which waits for the same."""
        if change.moves_on:
            self.in_front.move(1)

    # -- the steps

    def do_grade(self) -> None:
        """Ask for the final grade; Enter alone takes the raw one."""
        row = self._row()
        if row is None:
            return
        key_result, raw = row.id, row.raw

        def answer(text: str) -> None:
            final = raw if not text.strip() else read_number(text)
            if final == raw:
                self._write(lambda ws: services.grade(ws, key_result), on=True)
                return
            require_grade(raw, final, "a reason is asked for next")
            self._ask_why(key_result, raw, final, row.rationale)

        hint: Line = (("Enter takes the raw ", "faint"), (str(raw), "key"),
                      ("; another one, 0 to 1, asks why", "faint"))
        self.ask(Question(f"final grade of {key_result}", answer, lambda _: hint, empty_leaves=False))

    def _ask_why(self, key_result: str, raw: Decimal, final: Decimal, before: str) -> None:
        def answer(text: str) -> None:
            require_grade(raw, final, text)
            self._write(lambda ws: services.grade(ws, key_result, final, text), on=True)

        self.ask(questions.reason(
            f"{final}, not {raw}, because", answer, hint="10 characters or more; kept beside the grade", text=before))

    def do_continue_it(self) -> None:
        """The key result goes on as it is."""
        row = self._row()
        if row is not None:
            key_result = row.id
            self._write(lambda ws: services.decide(ws, key_result, "continue"), on=True)

    def do_change_it(self) -> None:
        """Ask for the new target; the key result goes on with it."""
        row = self._row()
        if row is None:
            return
        key_result = row.id

        def answer(text: str) -> None:
            fields = {"target": str(read_number(text))}
            self._write(lambda ws: services.decide(ws, key_result, "change", fields=fields), on=True,
                        mend=replace(question, text=text))

        now = f", now {row.figures.target:f}" if row.figures else ""
        question = questions.reason(f"new target of {key_result}{now}", answer,
                                    hint="a number; e changes the rest of it afterwards")
        self.ask(question)

    def do_drop_it(self) -> None:
        """Ask why; the key result ends with this cycle."""
        row = self._row()
        if row is None:
            return
        key_result = row.id

        def answer(why: str) -> None:
            self._write(lambda ws: services.decide(ws, key_result, "drop", reason=why), on=True)

        self.ask(questions.reason(f"drop {key_result}, because", answer,
                                  hint="it ends with this cycle; the reason is kept", text=row.reason))

    def do_start_one(self) -> None:
        """Ask for a title, then a target; a new key result of the next cycle."""
        found = self._closing_now()
        if found is None:
            return
        if not found.objectives:
            self.refuse("There is no objective yet that it could belong to.")
            return
        _, identity = self._at()
        objective = next((row.objective for row in found.key_results if row.id == identity), found.objectives[0].id)

        def answer(title: str) -> None:
            self._ask_target(objective, title)

        above = next(each.title for each in found.objectives if each.id == objective)
        self.ask(questions.reason("start a key result", answer, hint=f"what is counted; under {clean(above)}"))

    def _ask_target(self, objective: str, title: str) -> None:
        def answer(text: str) -> None:
            number, _, unit = text.strip().partition(" ")
            fields = {"target": str(read_number(number)), "unit": unit.strip()}
            self._write(lambda ws: services.start(ws, objective, title, fields), mend=replace(question, text=text))

        question = questions.reason(f"target of {title[:40]}", answer, hint="number and unit: 20 reviews")
        self.ask(question)

    def do_move_tasks(self) -> None:
        """Ask where the open tasks go; nothing happens to them until they are settled."""
        row = self._row()
        if row is None:
            return
        key_result, known = row.id, self._picture.destinations if self._picture else ()
        if not known:
            self.refuse("The next cycle has no key result yet: c continues this one, s starts another.")
            return
        hint: Line = tuple(
            piece for place, (_, title) in enumerate(known, 1)
            for piece in ((str(place), "key"), (f" {clean(title)}   ", "muted")))

        def answer(text: str) -> None:
            to = _destination(known, text)
            self._write(lambda ws: services.plan_tasks(ws, key_result, TaskPlan(to=to)), on=True)

        self.ask(Question(f"open tasks of {key_result} go to", answer, lambda _: hint))

    def do_cancel_tasks(self) -> None:
        """Ask why the open tasks are cancelled; nothing happens to them until they are settled."""
        row = self._row()
        if row is None:
            return
        key_result = row.id

        def answer(why: str) -> None:
            self._write(lambda ws: services.plan_tasks(ws, key_result, TaskPlan(cancel_reason=why)), on=True)

        self.ask(questions.reason(f"cancel open tasks of {key_result}, because", answer,
                                  hint="planned only; t does it"))

    def do_settle_tasks(self) -> None:
        """Say what was planned, and do it as one change."""
        found = self._closing_now()
        if found is None:
            return
        if not found.open_tasks:
            self.refuse("No open task is left.")
            return
        unplanned = [row.id for row in found.key_results if not row.has_task_plan]
        if unplanned:
            self.refuse(f"Where do the open tasks of {', '.join(unplanned)} go? m moves, X cancels them.")
            return

        def answer(_: str) -> None:
            self._write(services.settle)

        self.ask(questions.choice(f"open tasks: {_planned(found)}", [("y", "do it, as one change")], answer))

    def do_worked(self) -> None:
        """Ask what worked."""
        self._ask_said("worked")

    def do_did_not(self) -> None:
        """Ask what did not."""
        self._ask_said("did_not")

    def do_learned(self) -> None:
        """Ask what was learned."""
        self._ask_said("learned")

    def _ask_said(self, name: str, place: int | None = None) -> None:
        found = self._picture.cycle if self._picture else None
        if found is None or found.status == "planned":
            self.refuse("It has not begun; its retrospective is written when it ends.")
            return
        before = list(getattr(found, name))
        cycle = found.id

        def answer(text: str) -> None:
            said = [*before, text] if place is None else [*before[:place], text, *before[place + 1:]]
            # one list at a time: what others write in the other two meanwhile stays
            self._write(lambda ws: services.write_retrospective(ws, cycle, **{name: said}))

        text = "" if place is None else before[place]
        hint = "one thing; the key again adds another" if place is None else "empty takes it away"
        self.ask(replace(questions.reason(ASKED[name], answer, hint=hint, text=text), empty_leaves=place is None))

    def do_begin_grading(self) -> None:
        """Check-ins are taken for a week after the end from now on."""
        if self._closing_now() is not None:
            self._write(services.begin_grading)

    def do_close_cycle(self) -> None:
        """Say what closing comes to, and do it."""
        found = self._closing_now()
        if found is None:
            return
        missing = list(found.in_the_way)
        undecided = [row.id for row in found.key_results if row.status != "dropped" and not row.decision]
        if undecided:
            missing.append(f"not decided: {', '.join(undecided)}")
        if missing:
            self.refuse("; ".join(missing))
            return

        def answer(_: str) -> None:
            self._shown = None
            self._write(services.close_cycle)

        comes_to = ", ".join(f"{row.id} {row.comes_to}" for row in found.objectives if row.comes_to)
        tasks = f", open tasks: {_planned(found)}" if found.open_tasks else ""
        hint: Line = (("y", "key"), (" close it, begin the next: ", "muted"), (f"{comes_to}{tasks}", "text"))
        question = questions.choice(f"close {clean(found.name)}?", [("y", "close it")], answer)
        self.ask(replace(question, hint=lambda _: hint))

    # -- cycles

    def do_activate(self) -> None:
        """The planned cycle under the cursor becomes the running one."""
        table, identity = self._at()
        if table != "cycle":
            self.refuse("Put the cursor on a planned cycle first.")
            return
        self._write(lambda ws: services.activate_cycle(ws, identity))

    def do_plan_cycle(self) -> None:
        """Ask for the days of a new cycle."""

        def answer(text: str) -> None:
            self._write(lambda ws: services.add_cycle(ws, text), mend=replace(question, text=text))

        question = replace(
            questions.reason("new cycle", answer,
                             hint="Enter: as long as the last, after it; month, quarter, or 2026-11-01..2026-11-30"),
            empty_leaves=False,
        )
        self.ask(question)

    # -- other places

    def do_open(self) -> None:
        """What the line under the cursor asks for next: a grade, a decision, a place for tasks; or the cycle itself."""
        table, identity = self._at()
        if table == "cycle":
            self._shown = identity
            self.request_reload()
        elif table == "said":
            name, _, place = identity.partition("/")
            self._ask_said(name, None if place == "new" else int(place))
        elif table == "key_result":
            found = self._picture.cycle if self._picture else None
            row = next((each for each in found.key_results if each.id == identity), None) if found else None
            if row is None or found is None or found.status not in RUNNING:
                self.do_edit()
            elif not row.is_settled:
                self.do_grade()
            elif row.decision and not row.has_task_plan:
                self.do_move_tasks()
            else:
                self.refuse(f"{row.id}: c continue, n change, x drop; g grades it again, m and X plan its tasks.")

    def do_edit(self) -> None:
        """The form of the cycle, or of the key result: of the one that carries it on when there is one."""
        table, identity = self._at()
        found = self._picture.cycle if self._picture else None
        if table == "key_result" and found is not None:
            into = next((row.into for row in found.key_results if row.id == identity), None)
            self.app.push_screen(RecordFormScreen(self.workspace, "key_result", into or identity))
        elif table == "cycle":
            self.app.push_screen(RecordFormScreen(self.workspace, "cycle", identity))
        elif table == "said":
            self.do_open()

    def do_check_in(self) -> None:
        """To the check-ins."""
        self.app.open_place("check_in")

    @on(TextView.Opened)
    def pressed_again(self) -> None:
        """A second click does what Enter does."""
        self.do_open()

    def do_leave(self) -> None:
        """From another cycle to the running one, then to the screen before."""
        if self._shown is not None and any(row["status"] in RUNNING for row in self._cycles()):
            self._shown = None
            self.request_reload()
        else:
            self.dismiss()

    def _cycles(self) -> tuple[Mapping[str, object], ...]:
        return self._picture.cycles if self._picture else ()


def _destination(known: tuple[tuple[str, str], ...], text: str) -> str:
    wanted = text.strip().casefold()
    if wanted.isdigit() and 0 < int(wanted[:6]) <= len(known):
        return known[int(wanted) - 1][0]
    by_id = [id_ for id_, _ in known if id_.casefold() == wanted]
    found = by_id or [id_ for id_, title in known if wanted and wanted in title.casefold()]
    if len(found) != 1:
        raise WrongUsage(f"{text.strip()[:40]!r} {'names several' if found else 'is none of them'}; type a number.")
    return found[0]


def _planned(found: Closing) -> str:
    moved = sum(row.open_count for row in found.key_results if row.tasks_to)
    words = [f"{moved:,} move"] if moved else []
    if found.open_tasks - moved:
        words.append(f"{found.open_tasks - moved:,} cancelled")
    return ", ".join(words)

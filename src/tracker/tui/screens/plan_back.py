"""Plan back: from the goal to the first contact, what each step needs, what is missing, what does not add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType

from tracker.domain.dates import show_day
from tracker.domain.rates import show_rate
from tracker.services import journey
from tracker.services.header import header as read_header
from tracker.services.outcome import Outcome
from tracker.services.plan_back import Plan, StepRow, plan_back, planned_key_result, tasks_on_step
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card, Header, IdeaRow
from tracker.tui import edits, plan_questions, questions
from tracker.tui.cells import clean
from tracker.tui.commands import bindings, footer_words
from tracker.tui.edits import Change
from tracker.tui.glyphs import glyphs_of
from tracker.tui.screen_commands import PLAN_BACK
from tracker.tui.screens.editing import EditingScreen
from tracker.tui.screens.reading import ReadingScreen
from tracker.tui.widgets.command_line import CommandLine
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.plan_back import View, fits, head_rows, panel_rows, plan_rows
from tracker.tui.widgets.text_view import Row, TextView, wrapped
from tracker.tui.widgets.title_line import TitleLine

SMALL_HEIGHT, TALL_HEIGHT = 22, 45
TASKS_SHOWN = 9
"""Tasks of a step that a tall terminal has room for."""


@dataclass(frozen=True)
class PlanPicture:
    """The header and the plan, None when no key result has one."""

    header: Header | None
    plan: Plan | None


class PlanBackScreen(ReadingScreen, EditingScreen, inherit_bindings=False):
    """The steps with a cursor; each key changes the one under it."""

    commands = PLAN_BACK
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLAN_BACK, at_once=True)]
    CSS_PATH = "plan_back.tcss"

    def __init__(self, workspace: Workspace, *, near: str | None = None) -> None:
        """`near`: a key result; the plan it has a part in is opened."""
        super().__init__(workspace)
        self._near = near
        self._key_result: str | None = None
        """Whose plan was asked for."""
        self._plan: Plan | None = None
        self._what_if: dict[int, Decimal] = {}
        self._view = View()
        self._is_full: bool | None = None
        """With what is wrong beneath the steps; None: when there is room."""
        self._tasks: Sequence[Card] = ()
        self._shown: int | None = None
        """The step that the panel speaks of."""
        self._next: int | None = None
        """The step that the cursor goes to after the change on its way."""
        self._has_asked = False

    def compose(self) -> ComposeResult:
        """Header, title, heads, steps, what is known of one, keys."""
        yield StrategyHeader(id="header")
        yield TitleLine(id="title")
        yield TextView(id="heads")
        yield TextView(id="steps")
        yield TextView(id="panel")
        yield Footer(footer_words(self.app.remapped, PLAN_BACK), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """The steps are in front."""
        self.query_one(StrategyHeader).folded = True
        self.in_front = self.query_one("#steps", TextView)
        self._mind_height(self.app.size.height)

    @on(events.Resize)
    def resized(self, event: events.Resize) -> None:
        """A low terminal has one line a step, a tall one the tasks of the step."""
        self._mind_height(event.size.height)
        self.call_after_refresh(self._draw)

    def _mind_height(self, height: int) -> None:
        self.set_class(height < SMALL_HEIGHT, "small")
        self.set_class(height >= TALL_HEIGHT, "tall")

    # -- reading

    def reader(self) -> Callable[[], PlanPicture]:
        """The plan as it is now, with the rates that are tried out."""
        ws, key_result, near, what_if = self.workspace, self._key_result, self._near, dict(self._what_if)

        def read() -> PlanPicture:
            with ws.store.snapshot():
                wanted = key_result or planned_key_result(ws, near)
                return PlanPicture(read_header(ws), _read_plan(ws, wanted, what_if) if wanted is not None else None)

        return read

    def show_picture(self, picture: PlanPicture) -> None:
        """Draw what was read; the cursor stays on its step."""
        self.figures = picture.header
        if picture.header is not None:
            self.query_one(StrategyHeader).show(picture.header)
        before, self._plan = self._plan, picture.plan
        if picture.plan is not None:
            self._key_result = picture.plan.goal.id
            self._what_if = dict(picture.plan.what_if)
            if before is not None and any(_title(before, at) != _title(picture.plan, at) for at in self._what_if):
                self._what_if = {}  # somebody else put another step there
                self.request_reload()
        self._draw()
        self._read_tasks()
        if picture.plan is None and not self._has_asked and picture.header is not None:
            self._has_asked = True
            self.do_plan_goal()

    def _draw(self) -> None:
        plan, glyphs = self._plan, glyphs_of(self.in_front)
        self._show_title()
        if plan is None:
            self.in_front.show(_without_a_plan)
            self.query_one("#heads", TextView).show(lambda _: [Row()])
            self._show_panel()
            return
        is_full = fits(plan, self.in_front.size.height) if self._is_full is None else self._is_full
        view = self._view = replace(self._view, is_full=is_full)
        self.query_one("#heads", TextView).show(lambda width: head_rows(plan, width, view))
        self.in_front.show(lambda width: plan_rows(plan, width, view, glyphs))
        self._show_panel()

    def _show_title(self) -> None:
        plan, title = self._plan, self.query_one("#title", TitleLine)
        if plan is None:
            title.show(((" PLAN BACK", "head"), ("  no key result has a plan yet", "warn")))
            return
        goal = plan.goal
        words = f"{goal.position} {clean(goal.title)}: {goal.target:,f} by {show_day(goal.due_on, plan.today)}"
        right = (("what must be true just before?   ", "faint"), ("first contact at the bottom ", "faint"))
        title.show(((" PLAN BACK ", "head"), ("from ", "muted"), (words, "title")), right)

    def _show_panel(self) -> None:
        panel = self.query_one("#panel", TextView)
        plan, position, glyphs = self._plan, self._position(), glyphs_of(panel)
        self._shown = position
        tasks = self._tasks if self.has_class("tall") else ()
        panel.show(lambda width: panel_rows(plan, position, tasks, width, glyphs))

    def _position(self) -> int | None:
        current = self.in_front.current
        known = {step.position for step in self._plan.steps} if self._plan is not None else set()
        return int(current) if current is not None and int(current) in known else None

    def _step(self) -> StepRow | None:
        position = self._position()
        return None if self._plan is None or position is None else self._plan.step(position)

    @on(TextView.Moved)
    def cursor_moved(self) -> None:
        """Say what is known of the step under the cursor, when it is another one."""
        if self._position() != self._shown:
            self._tasks = ()
            self._show_panel()
            self._read_tasks()

    def _read_tasks(self) -> None:
        plan, position, ws = self._plan, self._position(), self.workspace
        if plan is None or position is None or not self.has_class("tall"):
            return

        def came(tasks: Sequence[Card]) -> None:
            if tasks != self._tasks and position == self._position():
                self._tasks = tasks
                self._show_panel()

        self.read("tasks", lambda: tasks_on_step(ws, plan.goal.id, position, TASKS_SHOWN), came)

    @on(TextView.Opened)
    def pressed_again(self) -> None:
        """A second click asks for the name."""
        self.do_step_name()

    def targets(self) -> tuple[Card, ...]:
        """No tasks here."""
        return ()

    # -- steps

    def do_step_below(self) -> None:
        """Ask what somebody does just before this step."""
        plan, here = self._plan, self._step()
        if plan is None:
            self.do_plan_goal()
        elif not plan.steps:
            self._ask_goal(plan)
        elif here is not None:
            self._ask_new(plan, f"just before '{clean(here.title)}' somebody", here.position + 1, below=here.position)

    def do_step_above(self) -> None:
        """Ask what somebody does between this step and the one above."""
        plan, here = self._plan, self._step()
        if plan is None or here is None:
            self.do_step_below()
        elif here is plan.steps[0]:
            self.refuse("Nothing stands above the goal; o adds a step below it.")
        else:
            self._ask_new(plan, f"just after '{clean(here.title)}' somebody", here.position, above=here.position)

    def _ask_goal(self, plan: Plan) -> None:
        def answer(title: str, _: Decimal | None) -> None:
            self._write(lambda ws, key_result: journey.add_step(ws, key_result, title), go_to=0)

        text = clean(plan.goal.title)
        self.ask(plan_questions.step("the goal: somebody", answer, text=text, is_goal=True))

    def _ask_new(
        self, plan: Plan, label: str, place: int, *, below: int | None = None, above: int | None = None
    ) -> None:
        def answer(title: str, rate: Decimal | None) -> None:
            fields = {} if rate is None else {"rate": rate}
            self._write(
                lambda ws, key_result: journey.add_step(ws, key_result, title, fields, below=below, above=above),
                go_to=place,
            )

        self.ask(plan_questions.step(label, answer))

    def do_step_name(self) -> None:
        """Ask for another name."""
        here = self._here()
        if here is not None:
            label, text = f"step {here.position}: somebody", here.title
            self.ask(questions.reason(label, lambda title: self._edit(here, {"title": title}), text=text))

    def do_step_stage(self) -> None:
        """Ask for the stage."""
        here, plan = self._here(), self._plan
        if here is not None and plan is not None:
            label = f"step {here.position} {clean(here.title)} is"
            self.ask(plan_questions.stage(label, plan.stages, lambda stage: self._edit(here, {"stage": stage})))

    def do_step_rate(self) -> None:
        """Ask how many go up."""
        self._ask_rate("go up", "rate")

    def do_step_actual(self) -> None:
        """Ask how many really went up."""
        self._ask_rate("really go up", "actual_rate")

    def _ask_rate(self, words: str, field: str) -> None:
        here, plan = self._below_goal(), self._plan
        if here is None or plan is None:
            return
        label = f"of those at step {here.position} {words}"
        now = here.rate if field == "rate" else here.actual_rate
        said = "" if now is None else f"now {show_rate(now)}"
        self.ask(plan_questions.rate(label, plan, here, lambda rate: self._edit(here, {field: rate}), said=said,
                                     shows_needs=field == "rate"))

    def do_step_counted(self) -> None:
        """Ask which key result counts the step."""
        here, figures = self._here(), self.figures
        if here is not None and figures is not None:
            label = f"step {here.position} is counted by"
            self.ask(plan_questions.counted_by(
                label, figures, lambda key_result: self._edit(here, {"linked_key_result": key_result})))

    def do_step_remove(self) -> None:
        """Take the step out; undo puts it back."""
        here = self._here()
        if here is not None:
            seen = {"title": here.title}
            self._write(lambda ws, key_result: journey.remove_step(ws, key_result, here.position, seen=seen))

    def do_step_pieces(self) -> None:
        """Ask how many tasks are wanted."""
        here = self._here()
        if here is None:
            return

        def answer(words: str) -> None:
            wanted = None if words.strip() == questions.NOBODY else words.strip()
            self._edit(here, {"min_pieces": wanted})

        now = "" if here.min_pieces is None else f"   now {here.min_pieces}"
        hint = f"a number; fewer is said   {questions.NOBODY} no matter how many{now}"
        self.ask(questions.reason(f"tasks wanted on step {here.position}", answer, hint=hint))

    def do_step_target(self) -> None:
        """Let the key result that counts the step aim at what the plan needs."""
        here = self._here()
        if here is not None:
            seen = {"title": here.title}
            self._write(lambda ws, key_result: journey.set_target(ws, key_result, here.position, seen=seen))

    def _here(self) -> StepRow | None:
        here = self._step()
        if here is None:
            self.refuse("There is no step under the cursor; o begins with the goal.")
        return here

    def _below_goal(self) -> StepRow | None:
        here, plan = self._here(), self._plan
        if here is not None and plan is not None and here is plan.steps[0]:
            self.refuse("Nothing goes up from the goal, so it has no rate; the steps below it have.")
            return None
        return here

    def _edit(self, here: StepRow, fields: Mapping[str, object]) -> None:
        known = {
            "title": here.title, "stage": here.stage, "rate": here.rate, "actual_rate": here.actual_rate,
            "linked_key_result": here.counted_by.id if here.counted_by is not None else None,
            "min_pieces": here.min_pieces,
        }
        self._write(lambda ws, key_result: journey.edit_step(ws, key_result, here.position, fields, seen=known))

    def _write(self, work: Callable[[Workspace, str], Outcome], *, go_to: int | None = None) -> None:
        ws, plan = self.workspace, self._plan
        if plan is not None:
            self._next = go_to
            self._what_if = {}  # what was tried out is answered by the change, or was for the steps as they were
            key_result = plan.goal.id
            self.write(Change(edits.nothing, repeatable=False), lambda: work(ws, key_result))

    def after_change(self, change: Change, outcome: Outcome) -> None:
        """The cursor goes to a step that was just added."""
        if self._next is not None:
            self.in_front.go(str(self._next))
            self._next = None

    # -- work

    def do_step_task(self, text: str = "") -> None:
        """Ask for a task of this step in one line."""
        here, plan, ws = self._here(), self._plan, self.workspace
        if here is None or plan is None:
            return
        key_result, position, seen = plan.goal.id, here.position, {"title": here.title}

        def answer(line: str) -> None:
            change = Change(edits.nothing, repeatable=False, mend=replace(question, text=line))
            self.write(change, lambda: journey.task_on_step(ws, key_result, position, line, seen=seen))

        asked = questions.quick_add(ws.clock.today, plan.cited_on(position), answer, text=text)
        question = replace(asked, label=f"new task on step {position}")
        self.ask(question)

    def do_step_idea(self) -> None:
        """Ask which idea is for this step, whether our who would be there, then how it moves the key result."""
        here, plan = self._here(), self._plan
        if here is None or plan is None:
            return
        if not plan.ideas:
            self.refuse("No idea waits. n makes a new task on this step.")
            return
        label = f"onto step {here.position} comes"
        waiting = plan.ideas_for(here.position)
        self.ask(plan_questions.idea(label, waiting, lambda idea: self._ask_who(plan, here, idea)))

    def _ask_who(self, plan: Plan, here: StepRow, idea: IdeaRow) -> None:
        who = self.figures.strategy.who if self.figures else ""
        self.ask(questions.reaches_who(who, lambda reached: self._ask_how(plan, here, idea, reached)))

    def _ask_how(self, plan: Plan, here: StepRow, idea: IdeaRow, reached: bool | None) -> None:
        position, seen = here.position, {"title": here.title}

        def answer(how: str) -> None:
            self._write(lambda ws, key_result: journey.idea_on_step(
                ws, key_result, position, idea.id, how, reaches_who=reached, seen=seen))

        asked = questions.reason(f"How does {idea.id} move {plan.cited_on(position)}?", answer,
                                 hint="the contribution; Enter alone leaves it open, Esc keeps the idea")
        self.ask(replace(asked, empty_leaves=False))

    # -- looking

    def do_step_what_if(self) -> None:
        """Ask for another rate, only to look."""
        here, plan = self._below_goal(), self._plan
        if here is None or plan is None:
            return

        def answer(rate: Decimal | None) -> None:
            self._what_if.pop(here.position, None)
            if rate is not None and rate != here.rate:
                self._what_if[here.position] = rate
            self.request_reload()

        label = f"what if, of those at step {here.position}, go up"
        self.ask(plan_questions.rate(label, plan, here, answer, said="nothing is saved", alone=here.actual_rate))

    def do_step_view(self) -> None:
        """One line a step, or what is wrong beneath each."""
        self._is_full = not self._view.is_full
        self._draw()

    def do_plan_goal(self) -> None:
        """Ask for another key result to plan back from."""
        if self.figures is None or not self.figures.key_results:
            self.refuse("There is no key result yet to plan back from; S adds one.")
            return

        def answer(key_result: str) -> None:
            self._key_result, self._what_if = key_result, {}
            self.request_reload()

        self.ask(questions.key_result("plan back from", self.figures, answer))

    def do_step_dates(self) -> None:
        """Ask for lead times; show what the dates would be, and set them when wanted."""
        plan, ws = self._plan, self.workspace
        if plan is None or len(plan.steps) < 2:
            self.refuse("There are no steps below the goal to reckon dates for; o adds one.")
            return
        key_result = plan.goal.id

        def answer(lead_times: tuple[int, ...]) -> None:
            self.read("dates", lambda: journey.dates_back(ws, key_result, lead_times),
                      lambda days: self._propose(days, lead_times))

        self.ask(plan_questions.lead_times("lead times", len(plan.steps) - 1, answer))

    def _propose(self, days: Sequence[journey.StepDate], lead_times: tuple[int, ...]) -> None:
        self._show_dates({day.position: day for day in days})
        tasks = sum(len(day.tasks) for day in days if day.latest is not None and not day.is_past)
        if not tasks:
            self.footer.say("no task without a date stands on a step that is still to come; nothing to set", "notice")
            self.ask(replace(questions.choice("seen", [("y", "back to the plan")], lambda _: self._show_dates({})),
                             left=lambda: self._show_dates({})))
            return

        def answer(key: str) -> None:
            self._show_dates({})
            if key == "y":
                self._write(lambda ws, key_result: journey.set_dates_back(ws, key_result, lead_times))

        label = f"give {tasks} undated task{'' if tasks == 1 else 's'} the latest day?"
        asked = questions.choice(label, [("y", "yes, as one change"), ("n", "no")], answer)
        self.ask(replace(asked, left=lambda: self._show_dates({})))

    def _show_dates(self, dates: Mapping[int, journey.StepDate]) -> None:
        self._view = replace(self._view, dates=dates)
        self._draw()

    def do_leave(self) -> None:
        """First what is tried out goes, then the screen."""
        if self._what_if:
            self._what_if = {}
            self.request_reload()
        else:
            self.dismiss()


def _read_plan(ws: Workspace, key_result: str, what_if: Mapping[int, Decimal]) -> Plan:
    plan = plan_back(ws, key_result)
    below_goal = {step.position for step in plan.steps[1:]}
    tried = {position: rate for position, rate in what_if.items() if position in below_goal}
    return plan_back(ws, key_result, tried) if tried else plan


def _title(plan: Plan, position: int) -> str | None:
    return next((step.title for step in plan.steps if step.position == position), None)


def _without_a_plan(width: int) -> list[Row]:
    words = (
        "A plan back begins with a key result that counts up, and asks what must be true just before: who attends, who "
        "books, who reads, down to the first contact. K chooses the key result."
    )
    return [Row(), *wrapped(words, width)]

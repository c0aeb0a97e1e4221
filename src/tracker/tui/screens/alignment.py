"""Alignment: what moves nothing, what nobody works on, what is stuck; and what is decided about each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from tracker.domain.audit import CAUSES, Finding, Rule
from tracker.domain.tasks import OPEN
from tracker.reports.audit_page import save_page
from tracker.services import audit as reads
from tracker.services.audit import About, Audit, Judged, ResultRow
from tracker.services.decisions import Recalibration, keep, kill, recalibrate
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card
from tracker.tui import edits, questions
from tracker.tui.commands import bindings, footer_words
from tracker.tui.edits import Change, Seen
from tracker.tui.screen_commands import ALIGNMENT
from tracker.tui.screens.editing import EditingScreen
from tracker.tui.screens.plan_back import PlanBackScreen
from tracker.tui.screens.reading import ReadingScreen
from tracker.tui.screens.record_form import RecordFormScreen
from tracker.tui.widgets.alignment import about_rows, finding_rows, overview_rows, task_rows, title_of
from tracker.tui.widgets.command_line import CommandLine, Question
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.text_view import TextView
from tracker.tui.widgets.title_line import TitleLine

NARROW = 110
"""Terminals with fewer columns show findings, tasks or coverage, one at a time."""
WIDE = 160
TALL = 44
"""Terminals with fewer lines begin with the header on one line."""
OF_THE_PLAN = (Rule.JOURNEY_STEP_WITHOUT_TACTIC, Rule.TARGET_BELOW_BACKWARD_PLAN)
"""What is mended where the plan back is."""
NEW_TARGET, OTHER_KEY_RESULT = "t", "m"


class AlignmentScreen(ReadingScreen, EditingScreen, inherit_bindings=False):
    """Findings with a cursor, beside them coverage and results, or the tasks of a finding."""

    commands = ALIGNMENT
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ALIGNMENT, at_once=True)]
    CSS_PATH = "alignment.tcss"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._audit: Audit | None = None
        self._about: About | None = None
        self._told_of: str | None = None
        """The finding that is told about."""
        self._marked: dict[str, Card] = {}
        self._again: Callable[[Finding], Outcome] | None = None
        """The last decision to keep, for another finding."""

    def compose(self) -> ComposeResult:
        """Header, title, findings beside what belongs to them, what is behind one, keys."""
        yield StrategyHeader(id="header")
        yield TitleLine(id="title")
        with Container(id="body"):
            yield TextView(id="findings")
            with Container(id="side"):
                yield TextView(id="overview", ground="panel")
                yield TextView(id="tasks", ground="panel")
        yield TextView(id="about", ground="panel")
        yield Footer(footer_words(self.app.remapped, ALIGNMENT), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """The findings are in front."""
        self._findings = self.query_one("#findings", TextView)
        self._overview = self.query_one("#overview", TextView)
        self._tasks = self.query_one("#tasks", TextView)
        self.query_one(StrategyHeader).folded = self.app.size.height < TALL
        self.in_front = self._findings

    def on_resize(self, event: events.Resize) -> None:
        """One part at a time where the terminal is narrow."""
        self.set_class(event.size.width < NARROW, "narrow")
        self.set_class(event.size.width >= WIDE, "wide")

    # -- reading and showing

    def reader(self) -> Callable[[], Audit]:
        """The audit of now."""
        ws = self.workspace
        return lambda: reads.audit(ws)

    def show_picture(self, picture: Audit) -> None:
        """Draw what was found; the cursor stays on its finding."""
        is_first = self._audit is None
        self._audit = picture
        self.figures = picture.header
        self.query_one(StrategyHeader).show(picture.header)
        self._findings.show(lambda width: finding_rows(picture, width))
        self._told_of = self._findings.current
        self._overview.show(lambda width: overview_rows(picture, width))
        self._show_around()
        self._read_about()
        if is_first:
            ws = self.workspace
            self.read("snapshot", lambda: reads.keep_snapshot(ws, picture), lambda _: None)

    def _show_around(self) -> None:
        found = self._audit
        if found is not None:
            self.query_one("#title", TitleLine).show(*title_of(found, len(self._marked)))
            self._show_about(found)
            self._show_tasks()

    def _show_about(self, found: Audit) -> None:
        judged = self._judged()
        result = self._result(judged.finding) if judged is not None else None
        about, marked = self._about, tuple(self._marked.values())
        self.query_one("#about", TextView).show(lambda width: about_rows(judged, about, result, found, marked, width))

    def _show_tasks(self) -> None:
        judged, about, marked = self._judged(), self._about, frozenset(self._marked)
        finding, today = judged.finding if judged is not None else None, self.workspace.clock.today
        self._tasks.show(lambda width: task_rows(finding, about, marked, today, width))

    def _judged(self) -> Judged | None:
        key = self._findings.current
        found = self._audit
        return next((each for each in found.judged if each.finding.id == key), None) if found is not None else None

    def _result(self, finding: Finding) -> ResultRow | None:
        if self._audit is None or finding.is_of_task:
            return None
        return next((row for row in self._audit.results if row.figures.id == finding.key_result), None)

    def _read_about(self) -> None:
        judged = self._judged()
        if judged is not None:
            ws, finding, result = self.workspace, judged.finding, self._result(judged.finding)
            self.read("about", lambda: reads.about(ws, finding, result), self._about_came)

    def _about_came(self, about: About) -> None:
        self._about = about
        self._show_around()

    @on(TextView.Moved)
    def cursor_moved(self) -> None:
        """Tell about the finding under the cursor when it is another one."""
        if self._findings.current != self._told_of:
            self._told_of = self._findings.current
            self._show_around()
            self._read_about()

    # -- what is in front

    def _bring(self, what: str) -> None:
        self.set_class(what == "tasks", "tasks")
        self.set_class(what == "overview", "overview")
        self.in_front = {"tasks": self._tasks, "overview": self._overview}.get(what, self._findings)

    def do_tasks(self) -> None:
        """The tasks of the finding, and back."""
        self._bring("findings" if self.in_front is self._tasks else "tasks")

    def do_overview(self) -> None:
        """Coverage and results, and back."""
        self._bring("findings" if self.in_front is self._overview else "overview")

    # -- tasks

    def targets(self) -> tuple[Card, ...]:
        """The marked tasks, else the one under the cursor of the tasks, else the one that the finding is about."""
        if self._marked:
            return tuple(self._marked.values())
        cards = self._about.cards if self._about is not None else ()
        if self.in_front is self._tasks:
            return tuple(card for card in cards if card.id == self._tasks.current)
        judged = self._judged()
        subject = judged.finding.subject if judged is not None and judged.finding.is_of_task else None
        return tuple(card for card in cards if card.id == subject)

    def do_select(self) -> None:
        """Mark the task, or all open tasks of the finding; once more takes the marks away."""
        cards = [card for card in self._about.cards if card.status in OPEN] if self._about is not None else []
        one_by_one = self.in_front is self._tasks
        wanted = [card for card in cards if not one_by_one or card.id == self._tasks.current]
        if not wanted:
            self.refuse("There is no open task here that could be marked.")
            return
        if all(card.id in self._marked for card in wanted):
            for card in wanted:
                del self._marked[card.id]
        else:
            self._marked.update((card.id, card) for card in wanted)
        if one_by_one:
            self._tasks.move(1)
        self._show_around()

    def _chosen(self, what: str) -> tuple[Card, ...]:
        """The tasks to act on; without any, the tasks of the finding come to the front to be chosen from."""
        cards = tuple(card for card in self.targets() if card.status in OPEN)
        if not cards:
            if self.in_front is not self._tasks:
                self._bring("tasks")
            self.refuse(f"Mark the tasks to {what} with space, then press the key once more; Esc goes back.")
        return cards

    def do_move(self) -> None:
        """Ask which key result the tasks move instead."""
        if self._chosen("move to another key result"):
            self.do_cite()

    # -- decisions

    def _deciding(self, decide: Callable[[Finding], None]) -> None:
        judged = self._judged()
        if judged is None:
            self.refuse("There is no finding under the cursor.")
        else:
            decide(judged.finding)

    def do_keep(self) -> None:
        """Ask why it stays as it is."""
        ws = self.workspace

        def decide(finding: Finding) -> None:
            def answer(why: str) -> None:
                self._again = lambda other: keep(ws, other, why)
                self._write(lambda: keep(ws, finding, why))

            self.ask(questions.reason(
                "keep, because", answer,
                hint="it counts as decided until its figures change; Esc leaves it open"))

        self._deciding(decide)

    def do_repeat(self) -> None:
        """Keep this one for the same reason."""
        again = self._again
        if again is None:
            self.refuse("Nothing was kept yet whose reason could be repeated.")
        else:
            self._deciding(lambda finding: self._write(lambda: again(finding)))

    def do_kill(self) -> None:
        """Ask why the chosen tasks are cancelled."""
        ws = self.workspace

        def decide(finding: Finding) -> None:
            cards = self._chosen("cancel")
            if not cards:
                return

            def answer(why: str) -> None:
                self._with_tasks(cards, "status", lambda ids, seen: kill(ws, finding, ids, why, seen=seen))

            self.ask(questions.reason(
                f"cancel {self._named(cards)}, because", answer, hint="one reason for all; u brings them back"))

        self._deciding(decide)

    def do_recalibrate(self) -> None:
        """Ask for the cause, then what changes."""

        def decide(finding: Finding) -> None:
            by_key = {cause[0]: cause for cause in CAUSES}
            asked = questions.choice(
                "recalibrate, cause", list(by_key.items()), lambda key: self._ask_change(finding, by_key[key]))
            self.ask(replace(asked, hint=lambda _: _CAUSES_BY_LETTER))

        self._deciding(decide)

    def _ask_change(self, finding: Finding, cause: str) -> None:
        if self._result(finding) is None:
            self._ask_key_result(finding, cause)
            return
        ways = [(NEW_TARGET, "new target"), (OTHER_KEY_RESULT, "move tasks to another key result")]
        self.ask(questions.choice(
            f"{cause}: what changes", ways,
            lambda key: (self._ask_target if key == NEW_TARGET else self._ask_key_result)(finding, cause)))

    def _ask_target(self, finding: Finding, cause: str) -> None:
        row, ws = self._result(finding), self.workspace
        if row is None:
            return

        def answer(target: str) -> None:
            self._write(
                lambda: recalibrate(ws, finding, Recalibration(cause, target=target)),
                mend=replace(question, text=target),
            )

        question = questions.reason(
            f"new target of {row.figures.id}", answer, hint=f"now {row.figures.target:f} {row.figures.unit}")
        self.ask(question)

    def _ask_key_result(self, finding: Finding, cause: str) -> None:
        cards, ws, figures = self._chosen("move"), self.workspace, self.figures
        if not cards or figures is None:
            return

        def answer(to: str) -> None:
            self._with_tasks(cards, "key_result", lambda ids, seen: recalibrate(
                ws, finding, Recalibration(cause, tasks=tuple(ids), to=to), seen=seen))

        self.ask(questions.key_result(f"{self._named(cards)} moves", figures, answer))

    def _with_tasks(
        self, cards: Sequence[Card], field: str, decide: Callable[[Sequence[str], Seen | None], Outcome]
    ) -> None:
        """Decide with these tasks; where somebody else changed one meanwhile, that is shown first."""
        ids, seen = [card.id for card in cards], {card.id: {field: getattr(card, field)} for card in cards}
        self._write(lambda: decide(ids, seen), again=lambda: self._write(lambda: decide(ids, None)))

    def _write(
        self, work: Callable[[], Outcome], *, mend: Question | None = None,
        again: Callable[[], None] | None = None,
    ) -> None:
        change = Change(edits.nothing, moves_on=True, repeatable=False, mend=mend, again=again)
        self.write(change, work)

    def after_change(self, change: Change, outcome: Outcome) -> None:
        """The next finding that nobody decided about; what was changed is marked no longer."""
        for identity in outcome.ids:
            self._marked.pop(identity, None)
        if change.moves_on and self._audit is not None:
            self._bring("findings")
            self._go_on(self._audit)
        self._show_around()

    def _go_on(self, found: Audit) -> None:
        ids = [each.finding.id for each in found.judged]
        here = ids.index(self._findings.current) if self._findings.current in ids else 0
        ahead = [each for each in (*found.judged[here:], *found.judged[:here]) if each.decision is None]
        if ahead:
            self._findings.go(ahead[0].finding.id)

    # -- other places

    def do_open(self) -> None:
        """The task, key result, plan or strategy that it is about."""
        if self.in_front is self._tasks and self._tasks.current is not None:
            self.app.open_task(self._tasks.current)
            return
        self._deciding(self._open)

    def _open(self, finding: Finding) -> None:
        if finding.is_of_task:
            self.app.open_task(finding.subject)
        elif finding.rule in OF_THE_PLAN:
            self.app.push_screen(PlanBackScreen(self.workspace, near=finding.key_result))
        elif finding.key_result is not None:
            self.app.push_screen(RecordFormScreen(self.workspace, "key_result", finding.key_result))
        elif self._audit is not None and finding.subject == self._audit.header.strategy.id:
            self.app.push_screen(RecordFormScreen(self.workspace, "strategy", finding.subject))
        else:
            self._bring("tasks")

    @on(TextView.Opened)
    def pressed_again(self) -> None:
        """A second click opens it."""
        self.do_open()

    def do_report(self) -> None:
        """Ask for a file, and write the report into it."""
        found = self._audit
        if found is None:
            return

        def answer(name: str) -> None:
            self.read("report", lambda: save_page(found, name), self._written)

        self.ask(questions.reason(
            "write the report to", answer, text=f"alignment-{found.today.isoformat()}.md", hint="as Markdown"))

    def _written(self, path: Path) -> None:
        self.footer.say(f"wrote {path}", "done")

    def do_leave(self) -> None:
        """From tasks or coverage to the findings; then the marks; then back."""
        self.footer.hush()
        if self.in_front is not self._findings:
            self._bring("findings")
        elif self._marked:
            self._marked.clear()
            self._show_around()
        else:
            self.dismiss()


_CAUSES_BY_LETTER = tuple(
    piece for cause in CAUSES for piece in ((cause[0], "key"), (f"{cause[1:]}   ", "muted"))
)  # all seven fit into 80 columns when the letter stands in its word

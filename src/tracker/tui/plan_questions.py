"""The questions of the plan back: a step and its share, its stage, what counts it, which idea, which lead times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from tracker.domain.errors import TrackerError, WrongUsage
from tracker.domain.rates import read_rate, show_rate, split_rate
from tracker.domain.tasks import STAGE_LETTERS
from tracker.reports.plan_back_text import compact
from tracker.services.journey import read_lead_times
from tracker.services.plan_back import Plan, StepRow
from tracker.storage.rows import Header, IdeaRow
from tracker.tui.cells import clean
from tracker.tui.questions import HEALTH_SIGNS, NOBODY, key_results_matching
from tracker.tui.widgets.command_line import Question
from tracker.tui.widgets.painted import Line

IDEAS_SHOWN = 6


def step(
    label: str, answer: Callable[[str, Decimal | None], None], *, text: str = "", is_goal: bool = False
) -> Question:
    """What somebody does on a step, with the share that goes up behind it."""

    def hint(text: str) -> Line:
        if is_goal:
            return (("what somebody does when the goal is reached", "faint"),)
        if not text.strip():
            return (("what they do, then how many of them go up: Opens the mail 40%", "faint"),)
        try:
            title, rate = split_rate(text)
        except TrackerError as error:
            return ((str(error), "warn"),)
        share = "how many go up is left open" if rate is None else f"{show_rate(rate)} of these go up"
        return ((clean(title), "key"), (f"   {share}", "muted"))

    def checked(text: str) -> None:
        answer(*((text, None) if is_goal else split_rate(text)))

    return Question(label, checked, hint, text=text)


def rate(
    label: str, plan: Plan, row: StepRow, answer: Callable[[Decimal | None], None], *, said: str = "",
    alone: Decimal | None = None, shows_needs: bool = True,
) -> Question:
    """A share; while it is typed the needs below stand beneath it. `-` takes it away, Enter `alone` is this one."""
    of_enter = "" if alone is None else f"Enter {show_rate(alone)}, as it was seen   "

    def hint(text: str) -> Line:
        if not text.strip():
            return ((of_enter, "key"), (f"25% or 0.25   {NOBODY} takes it away   {said}", "faint"))
        if text.strip() == NOBODY:
            return (("takes it away", "muted"),)
        try:
            typed = read_rate(text)
        except TrackerError as error:
            return ((str(error), "warn"),)
        if not shows_needs:
            return ((f"{show_rate(typed)} really go up", "key"),)
        needs = plan.needs_with({**plan.what_if, row.position: typed})
        below = [
            f"{each.position}: {compact(need)}"
            for each, need in zip(plan.steps, needs, strict=False) if each.position >= row.position
        ]
        return ((f"{show_rate(typed)}   ", "key"), ("needs  " + "   ".join(below), "muted"))

    def checked(text: str) -> None:
        given = text.strip()
        answer(None if given == NOBODY else alone if not given and alone is not None else read_rate(text))

    return Question(label, checked, hint, empty_leaves=alone is None)


def stage(label: str, stages: Sequence[str], answer: Callable[[str], None]) -> Question:
    """A letter chooses at once where it says which; letters narrow down."""

    def matching(text: str) -> list[str]:
        wanted = text.strip().casefold()
        by_letter = [each for each in stages if STAGE_LETTERS.get(each, "").casefold() == wanted]
        return by_letter or [each for each in stages if each.casefold().startswith(wanted)]

    def settled(text: str) -> str | None:
        found = matching(text)
        return found[0] if text.strip() and len(found) == 1 else None

    def hint(text: str) -> Line:
        line: Line = ()
        for each in matching(text):
            line = (*line, (STAGE_LETTERS.get(each, each[:1]), "key"), (f" {clean(each)}   ", "muted"))
        return line or (("no stage is called that", "bad"),)

    def checked(text: str) -> None:
        found = matching(text)
        if len(found) != 1:
            raise WrongUsage(f"{text.strip()[:40]!r} is not one of {', '.join(stages)}")
        answer(found[0])

    return Question(label, checked, hint, settled)


def counted_by(label: str, header: Header, answer: Callable[[str | None], None]) -> Question:
    """A digit chooses a key result at once; `-` is none."""
    rows = header.key_results

    def settled(text: str) -> str | None:
        digit = text.strip()
        if digit == NOBODY:
            return NOBODY
        found = key_results_matching(rows, digit)
        return found[0].id if digit.isdigit() and (len(rows) < 10 or len(digit) > 1) and len(found) == 1 else None

    def hint(text: str) -> Line:
        line: Line = ((f"{NOBODY} nothing  ", "faint"),) if not text.strip() else ()
        for row in key_results_matching(rows, text):
            line = (*line, (f"{row.position}{HEALTH_SIGNS.get(row.health, '?')}", "key"),
                    (f" {clean(row.title)}   ", "muted"))
        return line or (("no key result is called that", "bad"),)

    def checked(text: str) -> None:
        found = key_results_matching(rows, text)
        if text.strip() != NOBODY and len(found) != 1:
            which = ", ".join(f"{row.position} {row.title}" for row in found or rows)
            raise WrongUsage(f"{text.strip()[:40]!r} {'may be' if found else 'is none of'} {which}")
        answer(None if text.strip() == NOBODY else found[0].id)

    return Question(label, checked, hint, settled)


def idea(label: str, ideas: Sequence[IdeaRow], answer: Callable[[IdeaRow], None]) -> Question:
    """The number of an idea or letters of it; Enter alone takes the first, which fits best."""

    def matching(text: str) -> list[IdeaRow]:
        wanted = text.strip().casefold()
        by_id = [row for row in ideas if row.id.casefold() == wanted or (wanted.isdigit() and _number(row) == wanted)]
        return by_id or [row for row in ideas if wanted in row.title.casefold()]

    def hint(text: str) -> Line:
        line: Line = ()
        for at, row in enumerate(matching(text)[:IDEAS_SHOWN]):
            line = (*line, (row.id, "key"), (f" {clean(row.title)}   ", "text" if at == 0 else "muted"))
        return line or (("nothing that waits is called that", "bad"),)

    def checked(text: str) -> None:
        found = matching(text)
        if not found:
            raise WrongUsage(f"Nothing that waits is called {text.strip()[:40]!r}.")
        answer(found[0])

    return Question(label, checked, hint, empty_leaves=False)


def _number(row: IdeaRow) -> str:
    return row.id.rpartition("-")[2].lstrip("0")


def lead_times(label: str, steps: int, answer: Callable[[tuple[int, ...]], None]) -> Question:
    """Days from step to step, from the goal down."""

    def hint(text: str) -> Line:
        if not text.strip():
            return ((f"days from step to step, from the goal down, up to {steps} of them: 3 7 14", "faint"),)
        try:
            read = read_lead_times(text)
        except TrackerError as error:
            return ((str(error), "warn"),)
        last = f"   the last one {sum(read):,} days before the goal"
        return ((f"{len(read)} of {steps} steps", "key"), (last, "muted"))

    return Question(label, lambda text: answer(read_lead_times(text)), hint)

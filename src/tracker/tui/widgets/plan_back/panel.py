"""What is known of the step under the cursor, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.domain.dates import show_day
from tracker.reports.plan_back_text import compact, observed_text, what_if_text
from tracker.services.plan_back import Plan, StepRow
from tracker.storage.rows import Card
from tracker.tui.cells import clean, fit
from tracker.tui.glyphs import FINE, Glyphs
from tracker.tui.widgets.painted import Line, Piece, width_of
from tracker.tui.widgets.text_view import Row, wrapped

TELLING = 1
"""Points that a share must differ from what the plan assumes before it is worked out."""


def panel_rows(
    plan: Plan | None, position: int | None, tasks: Sequence[Card], width: int, glyphs: Glyphs = FINE
) -> list[Row]:
    """A rule, the step with what was seen, what is wrong in words, the keys that mend it, and some of its tasks."""
    if plan is None or position is None or not plan.steps:
        return []
    rule, step = Row(((glyphs.rule * width, "rule"),)), plan.step(position)
    return [rule, *_title(step, width), *_sentences(plan, step, width), _keys(plan, step), *_tasks(plan, tasks, width)]


def _title(step: StepRow, width: int) -> list[Row]:
    title: Line = ((f" STEP {step.position} ", "here"), (f"{clean(step.title)}   ", "title"))
    words, role = observed_text(step), "warn" if _is_telling(step) else "muted"
    if not words:
        return [Row(title)]
    if width_of((*title, (words, role))) < width:
        return [Row((*title, (words, role)))]
    return [Row(title), *wrapped(words, width, indent=3, role=role)]


def _is_telling(step: StepRow) -> bool:
    seen = step.observed
    return seen is not None and seen.assumed is not None and abs(100 * (seen.rate - seen.assumed)) >= TELLING


def _sentences(plan: Plan, step: StepRow, width: int) -> Iterator[Row]:
    if plan.what_if:
        yield from wrapped(f"{what_if_text(plan, plan.what_if)}. Nothing is saved.", width, indent=3, role="warn")
    for words in _what_is_wrong(plan, step):
        yield from wrapped(words, width, indent=3)
    below = _below(plan, step)
    if not plan.what_if and below is not None and step.observed is not None and _is_telling(step):
        yield from wrapped(what_if_text(plan, {below.position: step.observed.rate}), width, indent=3, role="warn")


def _below(plan: Plan, step: StepRow) -> StepRow | None:
    return next((each for each in plan.steps if each.position > step.position), None)


def _what_is_wrong(plan: Plan, step: StepRow) -> Iterator[str]:
    below = _below(plan, step)
    if step.is_missing:
        words = "No task serves this step."
        if below is not None and below.needs is not None and step.needs is not None:
            words += (f" A missing step breaks the ones below it: {compact(below.needs)} at step {below.position} give "
                      f"{compact(step.needs)} here only if something makes them come.")
        yield words
    counted_by = step.counted_by
    if step.short is not None and counted_by is not None and counted_by.figures is not None:
        figures = counted_by.figures
        wanted = figures.target + step.short
        yield (f"{figures.position} {clean(figures.title)} aims at {figures.target:,f}, and the plan needs "
               f"{wanted:,f}: t sets that, or a better rate (r) above needs fewer.")
    if step.needs is None:
        yield f"What is needed here is unknown: {clean(step.why_unknown)}."


def _keys(plan: Plan, step: StepRow) -> Row:
    cited = plan.cited_on(step.position)
    stage = f", {clean(step.stage)}" if step.is_stage_known else ""
    line: list[Piece] = [("   n", "key"), (f" new task here ({cited}{stage}, step {step.position})", "muted")]
    ideas = plan.ideas_for(step.position)
    idea = step.idea or (ideas[0] if ideas else None)
    if idea is not None:
        fits = "" if step.idea is None else f" {idea.id} {clean(idea.title)}"
        line += [("    i", "key"), (f" take idea{fits}" if fits else " take an idea", "muted")]
    if step is not plan.steps[0]:
        line += [("    w", "key"), (" what if", "muted")]
    return Row(tuple(line))


def _tasks(plan: Plan, tasks: Sequence[Card], width: int) -> Iterator[Row]:
    for card in tasks:
        day = "" if card.due_on is None else show_day(card.due_on, plan.today)
        line: Line = (
            (f"   {fit(card.id, 7)}", "muted"), (f"{fit(card.status, 9)}", "good" if card.status == "done" else "text"),
            (f"{fit(card.owner or '-', 9)}{fit(day, 8)}", "muted"), (fit(card.title, max(8, width - 38)), "text"),
        )  # fmt: skip
        yield Row(line)

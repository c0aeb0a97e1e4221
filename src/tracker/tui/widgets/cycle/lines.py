"""A cycle and its end: steps of closing, key results with grade, decision and open tasks, retrospective, all cycles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.domain.cycles import Scores
from tracker.domain.dates import show_day
from tracker.reports.cycle_text import QUESTIONS, task_plan
from tracker.reports.figures import amount, rounded, target_text
from tracker.services.closing import LISTS, RUNNING, STEPS, Closing, KeyResultEnd, ObjectiveEnd
from tracker.storage.rows import Header
from tracker.tui.cells import clean, fit
from tracker.tui.glyphs import Glyphs
from tracker.tui.widgets.header.lines import mark
from tracker.tui.widgets.painted import Line
from tracker.tui.widgets.text_view import Row, headed, wrapped

WIDE, WIDEST = 110, 160
"""Cells from which value and last check-in, and from which the reason of a grade, have a column."""
VALUE, WHY = 23, 34
"""Cells of a value with its target, and at least of a reason."""
LONGEST_TITLE = 56
SHORT = ("check-ins", "grades", "decisions", "tasks", "learned", "next")
"""The steps in a narrow terminal."""
_WORDS = {"graded": "muted", "dropped": "faint", "draft": "faint", "active": "text"}


@dataclass(frozen=True)
class CyclePicture:
    """What the screen shows."""

    header: Header | None
    cycle: Closing | None
    """None: no cycle is running, and none was chosen."""
    cycles: tuple[Mapping[str, object], ...]
    scores: Mapping[str, Scores]
    destinations: tuple[tuple[str, str], ...]
    """Id and title of the key results of the next cycle."""
    today: date


def score(value: Decimal | None) -> str:
    """A score with two decimals; `?` for one that is unknown."""
    return "?" if value is None else rounded(value, 2)


def title_of(picture: CyclePicture) -> tuple[Line, Line]:
    """Left and right part of the title line."""
    found = picture.cycle
    if found is None:
        return ((" CYCLE", "head"), ("  none is running", "warn")), ()
    running = found.status in RUNNING
    days = f"  {show_day(found.starts_on, found.today)} to {show_day(found.ends_on, found.today)}"
    left: Line = (
        (" CYCLE ", "head"), (f" {clean(found.name)}", "title"),
        (f"  {found.status}", "accent" if running else "muted"), (days, "muted"),
    )  # fmt: skip
    shown = found.final if found.status == "closed" else found.scores
    return left, (
        ("score ", "muted"), (score(shown.all), "title"), ("  outcomes ", "muted"), (score(shown.outcome), "title"),
        ("  outputs ", "muted"), (f"{score(shown.output)} ", "title"),
    )  # fmt: skip


def step_line(found: Closing | None, width: int) -> Line:
    """The steps of closing: `+` done, `>` next, `.` later."""
    if found is None or found.status not in RUNNING:
        return ()
    live = [row for row in found.key_results if row.status != "dropped"]
    graded, decided = sum(row.is_settled for row in live), sum(bool(row.decision) for row in live)
    lacking = sum(row.lacks_check_in for row in live)
    lists = sum(bool(getattr(found, name)) for name in LISTS)
    said = (
        f"{lacking} lacking" if lacking else "", f"{graded}/{len(live)}", f"{decided}/{len(live)}",
        f"{found.open_tasks:,}", f"{lists}/{len(LISTS)}", clean(found.next_name),
    )  # fmt: skip
    is_short = width < WIDE
    line: list[tuple[str, str]] = [(" CLOSING  " if not is_short else " ", "muted")]
    for place, (name, words) in enumerate(zip(STEPS, said, strict=True)):
        sign, role = ("+", "good") if place < found.step else (">", "key") if place == found.step else (".", "faint")
        shown = "" if is_short and place in (0, 5) else f" {words}" if words else ""
        word = SHORT[place] if is_short else name.removesuffix(" cycle")
        line += [(sign, role), (f"{word}{shown}", "title" if place == found.step else "muted"), ("  ", "muted")]
    return tuple(line)


def cycle_rows(picture: CyclePicture, width: int, glyphs: Glyphs) -> list[Row]:
    """Everything about the cycle in front, then all cycles."""
    found = picture.cycle
    rows: list[Row] = []
    if found is None:
        rows += [Row(), *wrapped("No cycle is running. Put the cursor on a planned one and press a to activate it, "
                                 "or press N to plan the next.", width)]
    else:
        rows += _head(width)
        for place, objective in enumerate(found.objectives, 1):
            rows += _objective(place, objective, found, width, glyphs)
        rows += _started(found)
        rows += _retrospective(found, width)
    return [*rows, *_cycles(picture, width)]


def _head(width: int) -> list[Row]:
    words = [fit("", 4 + _title_width(width))]
    if width >= WIDE:
        words += [fit("value", VALUE), fit("last", 8)]
    words += [fit("raw", 5), fit("final", 7), fit("decision", 18), fit("open tasks", 14)]
    if width >= WIDEST:
        words.append("why")
    return [Row((("".join(words), "faint"),))]


def _title_width(width: int) -> int:
    rest = 4 + 5 + 7 + 18 + 15 + (VALUE + 8 if width >= WIDE else 0) + (WHY if width >= WIDEST else 0)
    return min(max(12, width - rest), LONGEST_TITLE)


def _objective(place: int, objective: ObjectiveEnd, found: Closing, width: int, glyphs: Glyphs) -> list[Row]:
    ends = objective.comes_to
    said = f"  {objective.ambition}, score {score(objective.score)}"
    said += f", final {score(objective.final)}" if objective.final is not None else ""
    line: Line = (
        (f" O{place} ", "head"), (fit(clean(objective.title), min(width - 50, 60)).rstrip(), "title"), (said, "muted"),
        (f"  {glyphs.arrow.strip()} {ends}" if ends and ends != objective.status else f"  {objective.status}",
         {"achieved": "good", "partial": "warn", "missed": "bad"}.get(ends, "faint")),
    )  # fmt: skip
    rows = [_key_result(row, found, width, glyphs) for row in objective.key_results]
    return [Row(line), *(rows or [Row(((" no key result", "faint"),))])]


def _key_result(row: KeyResultEnd, found: Closing, width: int, glyphs: Glyphs) -> Row:
    figures = row.figures
    sign, role = mark(figures.health) if figures and found.status in RUNNING else (" ", "faint")
    place = str(figures.position) if figures else "-"
    line: list[tuple[str, str]] = [
        (f"{place:>3}", "text"), (sign, role),
        (fit(row.title, _title_width(width) - 1) + " ", _WORDS.get(row.status, "text")),
    ]  # fmt: skip
    if width >= WIDE:
        value = f"{amount(figures, figures.value)} of {target_text(figures)}" if figures else row.status
        last = show_day(row.last_check_in, found.today) if row.last_check_in else "never"
        lacking = "!" if row.lacks_check_in else " "
        line += [(fit(value, VALUE - 1) + " ", "text"), (fit(last, 7), "muted"), (lacking, "warn")]
    raw = "?" if row.score is None and row.final is None else str(row.raw)
    line += [(fit(raw, 5), "muted"), _final(row)]
    line += [_decision(row, glyphs), _open(row, glyphs)]
    if width >= WIDEST:
        room = width - 4 - _title_width(width) - VALUE - 8 - 5 - 7 - 18 - 14
        line.append((fit(row.rationale or row.reason, room - 1), "faint"))
    return Row(tuple(line), f"key_result/{row.id}")


def _final(row: KeyResultEnd) -> tuple[str, str]:
    if row.final is None:
        return fit("-", 7), "faint"
    differs = row.final != row.raw
    return fit(f"{row.final}{'*' if differs else ''}", 7), "title" if differs else "text"


def _decision(row: KeyResultEnd, glyphs: Glyphs) -> tuple[str, str]:
    if not row.decision:
        return fit("-", 18), "faint"
    into = f" {glyphs.arrow.strip()} {row.into}" if row.into else ""
    return fit(f"{row.decision}{into}", 17) + " ", "accent" if row.into else "muted"


def _open(row: KeyResultEnd, glyphs: Glyphs) -> tuple[str, str]:
    count = row.open_count
    if not count:
        return fit("-", 14), "faint"
    if row.tasks_to:
        return fit(f"{count:,} {glyphs.arrow.strip()} {row.tasks_to}", 14), "accent"
    if row.cancel_reason:
        return fit(f"{count:,} cancelled", 14), "muted"
    return fit(f"{count:,} where to?", 14), "warn"


def _started(found: Closing) -> list[Row]:
    if not found.started:
        return []
    name = found.next_name or "the next cycle"
    return [
        *headed("STARTED", f"for {name}"),
        *(Row(((f"   {id_} ", "muted"), (clean(title), "text")), f"key_result/{id_}") for id_, title in found.started),
    ]


def _retrospective(found: Closing, width: int) -> list[Row]:
    if found.status == "planned":
        return []
    rows = headed("RETROSPECTIVE")
    for name in LISTS:
        lines: Sequence[str] = getattr(found, name)
        label = fit(QUESTIONS[name].lower(), 18)
        if not lines:
            rows.append(Row(((f" {label}", "muted"), ("-", "faint")), f"said/{name}/new"))
        for place, text in enumerate(lines):
            for number, row in enumerate(wrapped(text, width - 19)):
                lead = label if not place and not number else " " * 18
                rows.append(Row(((f" {lead}", "muted"), *row.line[1:]), f"said/{name}/{place}"))
    return rows


def _cycles(picture: CyclePicture, width: int) -> list[Row]:
    rows = headed("CYCLES", "score, outcomes, outputs; Enter shows one")
    if not picture.cycles:
        return [*rows, Row(((" none yet; N plans one", "faint"),))]
    in_front = picture.cycle.id if picture.cycle else ""
    for cycle in picture.cycles:
        days = " to ".join(
            show_day(date.fromisoformat(str(cycle[name])), picture.today) for name in ("starts_on", "ends_on"))
        known = picture.scores.get(str(cycle["id"]))
        figures = [score(each) for each in (known.all, known.outcome, known.output)] if known else []
        status = str(cycle["status"])
        line: Line = (
            (">" if cycle["id"] == in_front else " ", "key"),
            (fit(str(cycle["name"]), min(24, width // 3)) + " ", "title" if status in RUNNING else "text"),
            (fit(days, 20) + " ", "muted"), (fit(status, 9), "accent" if status in RUNNING else "faint"),
            ("  ".join(figures), "text"),
        )  # fmt: skip
        rows.append(Row(line, f"cycle/{cycle['id']}"))
    return rows


def known_of(picture: CyclePicture, key: str | None) -> Line:
    """What is known of the line under the cursor, beyond its columns."""
    found = picture.cycle
    table, _, identity = (key or "").partition("/")
    if found is None or table != "key_result":
        return ()
    row = next((each for each in found.key_results if each.id == identity), None)
    if row is None:
        return ((f" {identity} ", "here"), (" a draft of the next cycle; e changes it", "muted"))
    line: list[tuple[str, str]] = [(f" {row.id} ", "here"), (f" {clean(row.title)}  ", "title")]
    said = ((f"graded {row.final}", row.rationale), (row.decision or row.status, row.reason))
    for word, text in said:
        if text:
            line += [(f"{word}: ", "muted"), (f"{clean(text[:300])}  ", "text")]
    if row.lacks_check_in and found.status in RUNNING:
        line.append(("no check-in of late (C)  ", "warn"))
    if row.open_count:
        line.append((clean(task_plan(row, found)), "warn" if not row.has_task_plan else "muted"))
    return tuple(line)

"""The lines of a check-in: whose turn it is, the fields, what they come to, and what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.cells import cell_len

from tracker.domain import metrics
from tracker.domain.check_ins import MOST_CONFIDENT
from tracker.domain.dates import show_day
from tracker.domain.health import Health, confidence_health
from tracker.reports.check_in_text import gained_text, needed_text, outlook_text, pace_text
from tracker.reports.figures import amount, target_text
from tracker.services.check_in_pages import Page, Preview, Turns, preview, since, totals
from tracker.storage.check_in_rows import CheckInRow
from tracker.tui.cells import clean, fit, share
from tracker.tui.glyphs import Glyphs
from tracker.tui.widgets.check_in.entry import BLOCKS, CONFIDENCE, NOTE, VALUE, Entry
from tracker.tui.widgets.check_in.plot import legend, plot_lines
from tracker.tui.widgets.command_line.editing import Typed
from tracker.tui.widgets.header.lines import mark, number
from tracker.tui.widgets.painted import Line, Piece, width_of
from tracker.tui.widgets.text_view.layout import Row, headed

LABEL = 12
TIGHT = 26
"""Below so many lines nothing stands apart."""
PLOT_LEAST, PLOT_MOST = 3, 17
"""Lines of the plot without its axis."""
MOST_BOX_LINES = 3
"""Lines of milestones; of more, the first one and those around the one in front."""
HISTORY_LEAST, HISTORY_WANTED = 2, 8
"""Lines of the history that the plot leaves room for, in a low window and in a high one."""


# -- the list


def list_rows(found: Turns, changed: frozenset[str], width: int) -> list[Row]:
    """Key results with their health and whose turn it is, those of who acts first."""
    mine = [page for page in found.pages if page.row.owner == found.actor]
    others = [page for page in found.pages if page.row.owner != found.actor]
    rows: list[Row] = []
    for title, pages in (("yours", mine), ("others", others)):
        if pages:
            rows += [*headed(title)[0 if rows else 1 :], *(_listed(found, page, changed, width) for page in pages)]
    return rows or [Row(((" no key result yet", "muted"),))]


def _listed(found: Turns, page: Page, changed: frozenset[str], width: int) -> Row:
    row = page.row
    sign, role = mark(row.health)
    state = "typed" if row.id in changed else found.state(page)
    state_role = "muted" if state == "saved" else "warn"
    owner = "" if row.owner == found.actor else f"{clean(row.owner)[:8]:<8} "
    tail = f"{owner}{state:>8} "
    title = fit(row.title, max(6, width - 7 - len(tail)))
    return Row(
        ((f" {row.position:>2} ", "text"), (sign, role), (f" {title} ", "text"), (tail, state_role)), row.id
    )


def strip_line(found: Turns, at: str, changed: frozenset[str]) -> Line:
    """The list in one line, for narrow terminals: `2+ 4x [6!] | 1! 3! 5+`."""
    pieces: list[Piece] = [(" ", "text")]
    before = True
    for page in found.pages:
        is_mine = page.row.owner == found.actor
        if before and not is_mine and len(pieces) > 1:
            pieces.append(("| ", "rule"))
        before = is_mine
        sign, role = mark(page.row.health)
        is_due = found.state(page) != "saved" or page.row.id in changed
        left, right = ("[", "]") if page.row.id == at else (" ", " ")
        pieces += [(f"{left}{page.row.position}", "here" if page.row.id == at else "text"), (sign, role),
                   (f"{'*' if is_due else ''}{right}", "here" if page.row.id == at else "warn")]
    return tuple(pieces)


# -- the page


def page_lines(found: Turns, entry: Entry, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """One check-in in so many lines: what gives way first are blank lines, then the plot, then the history."""
    page, today = entry.page, found.today
    seen = preview(page, entry.draft, today)
    is_tight = height < TIGHT
    gap: list[Line] = [] if is_tight else [()]
    head = [*_heading(page, entry, today, width), *gap, *_fields(entry, width)]
    if not is_tight:
        head += [*_coming(page, today, width), ()]
    tail = [
        *gap, *_outcome(page, entry, seen, width), *gap, *_activity(page, entry, seen, today, is_tight), *gap,
        *_what_now(page, entry, seen, is_tight),
    ]
    past = _history(page, today, width)[entry.older :]
    room = height - len(head) - len(tail) - 2 - (0 if is_tight else 3)
    # in a low window the plot comes first, in a high one there is room for both
    kept = min(len(past), HISTORY_WANTED if room > PLOT_MOST else HISTORY_LEAST)
    rows = max(PLOT_LEAST, min(PLOT_MOST, room - kept))
    drafted = entry.day if entry.is_changed else None
    plot = plot_lines(page, seen, drafted, width - 1, rows, glyphs)
    if not is_tight:
        plot.append(legend(page, seen, drafted is not None, glyphs))
        hidden = len(past) - (height - len(head) - len(plot) - len(tail) - 2)
        more = f"  {hidden} older: Shift+Down" if hidden > 0 else ""
        tail += [(), ((" history", "muted"), (more, "faint"))]
    return [*head, *plot, *tail, *past][:height]


def field_at(entry: Entry, width: int, height: int, y: int) -> str | None:
    """The field whose line is at `y`, None when it is another line."""
    first = 2 if height < TIGHT else 3
    boxes = len(_milestone_lines(entry, width)) if entry.is_counted else 1
    if first <= y < first + boxes:
        return VALUE
    return dict(zip(range(first + boxes, first + boxes + 3), (CONFIDENCE, NOTE, BLOCKS), strict=True)).get(y)


def _heading(page: Page, entry: Entry, today: date, width: int) -> list[Line]:
    row = page.row
    sign, role = mark(row.health)
    stretch = " (stretch)" if page.objective.ambition == "aspirational" else ""
    objective = f"O{page.place} {clean(page.objective.title[:400])}{stretch} "
    title = f"{clean(row.title[:400])}"
    room = max(0, width - 7 - cell_len(title) - 2)
    behind = fit(objective, min(room, cell_len(objective))) if room > 12 else ""
    pad = " " * max(0, width - 6 - cell_len(title) - cell_len(behind))
    target = f"{target_text(row)} {row.unit}" if row.metric_kind in ("number", "milestone") else target_text(row)
    further = f", stretch {amount(row, page.stretch)}" if page.stretch is not None else ""
    facts = (f"{target} by {show_day(row.due_on, today)}{further}", f"weight {page.weight:f}",
             f"{page.result_kind}, {page.indicator}", f"every {page.cadence_days} days")
    said = "   ".join(clean(fact) for fact in facts)
    day = "" if entry.day == today else f"check-in of {entry.day:%a} {show_day(entry.day, today)}"
    past = f"   {day}" if day else ""
    if past and cell_len(said) + len(past) + 2 > width:
        said = clean(facts[0])
    return [
        ((f" {row.position:>2} ", "here"), (f"{sign} ", role), (fit(title, width - 6).rstrip(), "title"),
         (pad, "text"), (behind, "muted")),
        (("    ", "text"), (said, "muted"), (past, "warn")),
    ]


def _fields(entry: Entry, width: int) -> list[Line]:
    values = _milestone_lines(entry, width) if entry.is_counted else [_value_line(entry, width)]
    return [*values, _confidence_line(entry, width), *(_words_line(entry, name, width) for name in (NOTE, BLOCKS))]


def _label(entry: Entry, name: str) -> Line:
    is_front = entry.field == name
    return ((f" {'>' if is_front else ' '} ", "here"), (f"{name:<{LABEL - 1}}", "here" if is_front else "muted"))


def _value_line(entry: Entry, width: int) -> Line:
    page, row = entry.page, entry.page.row
    before = page.before(entry.day)
    was = f"was {amount(row, before.value)}" if before is not None else "the first one"
    unit = "" if row.metric_kind in ("percent", "currency") else f" {row.unit}"
    sign = {"percent": "%", "currency": f" {row.currency}"}.get(row.metric_kind, "")
    fault = entry.fault
    note: Line = ((f"   {clean(fault)}", "bad"),) if fault else ((f"   {was}", "faint"),)
    return (*_label(entry, VALUE), *_typed_pieces(entry.said.value, 18, is_front=entry.field == VALUE),
            (f"{sign}{clean(unit)}", "muted"), *note)


def _milestone_lines(entry: Entry, width: int) -> list[Line]:
    """Boxes to tick, each with its title; in several lines when they are many."""
    steps = entry.page.milestones
    count = f"{len(entry.said.ticked)} of {len(steps)}"
    room = width - LABEL - 4 - len(count) - 1
    abreast = len(steps) if len(steps) <= room // 14 else max(1, room // 24)
    widths = [cell_len(clean(step.title[:200])) for step in steps]
    lines: list[Line] = []
    for first in range(0, len(steps), abreast):
        places = range(first, min(first + abreast, len(steps)))
        rooms = share([widths[place] for place in places], room - 5 * len(places))
        pieces: list[Piece] = []
        for place, got in zip(places, rooms, strict=True):
            step = steps[place]
            is_here = entry.field == VALUE and place == entry.place
            box = "[x]" if step.position in entry.said.ticked else "[ ]"
            pieces += [(box, "here" if is_here else "good" if box == "[x]" else "text"),
                       (f" {fit(step.title, got)}", "here" if is_here else "text"), (" ", "text")]
        lead = _label(entry, VALUE) if not lines else ((" " * (LABEL + 2), "text"),)
        lines.append((*lead, *pieces, *(((count, "muted"),) if not lines else ())))
    begins = max(1, min(entry.place // abreast, len(lines) - 2))
    return [lines[0], *lines[begins : begins + 2]] if len(lines) > MOST_BOX_LINES else lines


def _confidence_line(entry: Entry, width: int) -> Line:
    said = entry.said.confidence
    before = entry.page.before(entry.day)
    pieces: list[Piece] = []
    for each in range(MOST_CONFIDENT + 1):
        role = {Health.ON_TRACK: "good", Health.AT_RISK: "warn"}.get(confidence_health(each), "bad")
        pieces.append((f"({each})", role) if each == said else (f" {each} ", "text" if said is None else "faint"))
    was = f"  was {before.confidence}" if before is not None else ""
    scale = "   8-10 on track, 4-7 at risk, 0-3 off" if width >= 90 else ""
    return (*_label(entry, CONFIDENCE), *pieces, (was, "muted"), (scale, "faint"))


def _words_line(entry: Entry, name: str, width: int) -> Line:
    typed: Typed = getattr(entry.said, name)
    wanted = ("what happened, in a few words", "needed") if name == NOTE else ("what is in the way", "")
    room = width - LABEL - 4
    if typed.text or entry.field == name:
        return (*_label(entry, name), *_typed_pieces(typed, room, is_front=entry.field == name))
    return (*_label(entry, name), (wanted[0], "faint"), (f"   {wanted[1]}", "warn"))


def _typed_pieces(typed: Typed, room: int, *, is_front: bool) -> Line:
    """The text around the caret; where it is longer than its room, the part that ends behind the caret."""
    if not is_front:
        text = clean(typed.text[: room * 8])
        return ((fit(text, room).rstrip() if cell_len(text) > room else text or "-", "text" if text else "faint"),)
    before = clean(typed.text[max(0, typed.caret - room * 2) : typed.caret])
    while cell_len(before) > room - 1:
        before = before[max(1, len(before) - room) :] if len(before) > room else before[1:]
    after = clean(typed.text[typed.caret : typed.caret + room])
    at, rest = (after[:1], after[1:]) if after else (" ", "")
    left = max(0, room - cell_len(before) - cell_len(at))
    return ((before, "typed"), (at, "caret"), (fit(rest, left, ellipsis="").rstrip() if rest else "", "typed"))


def _coming(page: Page, today: date, width: int) -> list[Line]:
    """The open tasks that stand first."""
    pieces: list[Piece] = [("   ", "text"), (f"{'work':<{LABEL - 1}}", "muted")]
    if not page.activity.coming:
        return [(*pieces, ("no open task", "warn"))]
    room = max(10, (width - LABEL - 4) // min(len(page.activity.coming), max(1, width // 44)) - 3)
    shown = page.activity.coming[: max(1, width // 44)]
    for task in shown:
        whose = "no owner" if task.owner is None else clean(task.owner)
        due = f" {show_day(task.due_on, today)}" if task.due_on else ""
        tail = f" {whose}{due}"
        title = fit(task.title, max(4, min(cell_len(clean(task.title[:400])), room - len(task.id) - len(tail) - 1)))
        pieces += [(task.id, "accent"), (f" {title.rstrip()}", "text"),
                   (f"{tail}   ", "warn" if task.owner is None else "faint")]
    return [tuple(pieces)]


def _outcome(page: Page, entry: Entry, seen: Preview, width: int) -> list[Line]:
    """Score, projection and need in one line, health in the next."""
    standing = seen.standing
    if standing.score is None:
        return [((" no figures before the first check-in", "muted"),), ((" ", "text"),)]
    band = metrics.band(standing.score)
    role = {"red": "bad", "yellow": "warn"}.get(band, "good")
    lead: Line = ((" score ", "muted"), (f"{number(standing.score, 2)} ({band})", role))
    outlook = clean(outlook_text(page, seen))
    for long, short in (("at this pace ", "ends at "), ("   ", "  "), ("you need", "needs")):
        if width_of(lead) + 3 + cell_len(outlook) > width:
            outlook = outlook.replace(long, short)
    healths = [_health_line(entry, seen, much) for much in (2, 1, 0)]
    health = next((line for line in healths if width_of(line) <= width), healths[-1])
    return [(*lead, (f"  {outlook}", "text")), health]


def _health_line(entry: Entry, seen: Preview, much: int) -> Line:
    """Pace, confidence and what comes of them; with how far behind (1) and how long an override lasts (2)."""
    standing = seen.standing
    sign, role = mark(standing.health)
    behind = pace_text(standing.gap) if much else ""
    pieces: list[Piece] = [
        (" health ", "muted"), (f"pace {seen.pace}", "text"), (f" ({behind})" if behind else "", "faint"),
        (f", confidence {seen.confidence}", "text"), (" -> ", "muted"),
        (f"{sign} {standing.health.upper()}", role),
    ]
    if entry.said.health is not None:
        lasts = " (until the next check-in)" if much > 1 else ""
        pieces.append((f"  because {clean(entry.said.reason[:400])}{lasts}", "warn"))
    return tuple(pieces)


def _activity(page: Page, entry: Entry, seen: Preview, today: date, is_tight: bool) -> list[Line]:
    """What was done since the check-in before, beside what came of it."""
    began, done, before = since(page, entry.day)
    made = page.activity
    day = show_day(began, today)
    value = entry.value if entry.value is not None else seen.standing.value
    plural = "task" if done == 1 else "tasks"
    work: list[Piece] = [(f"{done} {plural} done", "text"), ("   now ", "muted"), (f"{made.assigned} assigned", "text")]
    work.append((f"   {made.started} begun" if made.started else "", "text"))
    work.append((f"   {made.unowned} without owner" if made.unowned else "", "warn"))
    result: Line = ((gained_text(page, value, before), "title"),)
    if is_tight:
        # the result first: it is the shorter half, and what is cut off at 80 columns is only detail of the work
        return [((f" SINCE {day} RESULT ", "head"), *result, ("  ", "text"), *work)]
    return [
        ((f" ACTIVITY since {day}  ", "head"), *work),
        ((f" RESULT   since {day}  ", "head"), *result),
    ]


def _what_now(page: Page, entry: Entry, seen: Preview, is_tight: bool) -> list[Line]:
    choices: list[Piece] = []
    for key, words in (("c", "continue"), ("g", "change target or plan"), ("n", "start new work"),
                       ("x", "stop, say why")):
        choices += [(f" {key} ", "key"), (f"{words}  ", "text")]
    if is_tight:
        return [tuple(choices)]
    return [((f" {_state(page, entry, seen)} What do you do?", "text"),), (("  ", "text"), *choices)]


def _state(page: Page, entry: Entry, seen: Preview) -> str:
    _, _, before = since(page, entry.day)
    value = seen.standing.value
    if value is None:
        return "Nothing was measured yet."
    if before is not None and value == before and not metrics.is_maintain(page.row.direction):
        return "The key result stands still."
    if seen.aim is not None and needed_text(page, seen) == "reached":
        return "It is reached."
    said = {Health.ON_TRACK: "It is on track.", Health.AT_RISK: "It is at risk.", Health.OFF_TRACK: "It is off track."}
    return said.get(seen.standing.health, "Nobody knows how it stands.")


def _history(page: Page, today: date, width: int) -> list[Line]:
    past = page.history()
    if not past:
        return [((" no check-in yet", "muted"),)]
    room = max((cell_len(amount(page.row, each.value)) for each in past), default=1)
    return [_past(page, each, today, room, width) for each in past]


def _past(page: Page, each: CheckInRow, today: date, room: int, width: int) -> Line:
    is_old = each.replaced_on is not None
    role = "faint" if is_old else "text"
    who = f"  {clean(each.author)}" + (f", corrected by {clean(each.replaced_by or '')}" if is_old else "")
    said = clean(each.note[:2000])
    if each.health_override:
        said += f"  (said to be {each.health_override}: {clean((each.override_reason or '')[:400])})"
    if each.blocks:
        said += f"  blocks: {clean(each.blocks[:400])}"
    lead = f" {'was ' if is_old else '    '}{show_day(each.on_date, today)}  {amount(page.row, each.value):>{room}}"
    head = f"{lead}  conf {each.confidence:<2} "
    return (
        (head, role), (fit(said, max(6, width - cell_len(head) - cell_len(who) - 1)), role), (who, "faint"),
    )


def totals_line(found: Turns, entry: Entry, short: bool) -> Line:
    """What the objective, the strategy and the confidence come to with what is typed."""
    seen = preview(entry.page, entry.draft, found.today)
    sums = totals(found, entry.page, seen)
    objective = "-" if sums.objective is None else number(sums.objective, 2)
    strategy = "-" if sums.strategy is None else number(sums.strategy, 2)
    sign, role = mark(sums.objective_health)
    net = "-" if sums.net is None else f"{sums.net:+d}"
    weakest = f", weakest key result {sums.objective_health}" if not short else ""
    signs = f" ({sums.on} on, {sums.off} off, of {sums.of})" if not short else ""
    name = "Objective " if not short else ""
    return (
        (f" {name}O{entry.page.place}: ", "muted"), (f"score {objective}{weakest} ", "text"), (sign, role),
        ("   Strategy ", "muted"), (strategy, "text"),
        ("   Net confidence " if not short else "   confidence ", "muted"), (f"{net}{signs}", "text"),
    )


def title_words(found: Turns, entry: Entry | None) -> tuple[Line, Line]:
    """The title line: the day, how many are mine and saved, who I am."""
    saved = sum(found.state(page) == "saved" for page in found.mine)
    count = len(found.mine)
    said = f"{count} key result{' is' if count == 1 else 's are'} yours, {saved} saved"
    day = f"{found.today:%A} {found.today.day} {found.today:%B}"
    return (
        ((" CHECK IN ", "head"), (f" {day}   ", "text"), (said, "muted")),
        ((f"{clean(found.actor)} ", "accent"),),
    )


def due_pages(pages: Sequence[Page], found: Turns) -> list[Page]:
    """Those whose turn it is."""
    return [page for page in pages if found.state(page) == "now" or found.state(page).startswith("late")]

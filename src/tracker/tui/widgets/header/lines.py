"""What the strategy header says, line by line: pure functions from its figures to pieces of text with a role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest

from rich.cells import cell_len

from tracker.storage.rows import CycleRow, Header, KeyResultRow, ObjectiveRow
from tracker.tui.cells import clean, fit, share
from tracker.tui.glyphs import FINE, Glyphs, bar, exactly
from tracker.tui.widgets.painted import Line, Piece, width_of

HEALTH = {"on track": ("+", "good"), "at risk": ("!", "warn"), "off track": ("x", "bad"), "stale": ("?", "stale")}
UNKNOWN = ("?", "stale")
BLOCKS_ABREAST = 3
MOST_BLOCK_LINES = 9
"""Two rows of blocks with a usual number of key results; what is beyond stands on the strategy screen."""


def number(value: Decimal, precision: int) -> str:
    """`value` rounded half up to `precision` places, without a minus in front of zero."""
    text = str(value.quantize(Decimal(1).scaleb(-precision), rounding=ROUND_HALF_UP))
    return text.removeprefix("-") if not text.strip("-0.") else text


def money(minor: int) -> str:
    """Whole units of a currency with thousands marked."""
    return f"{(Decimal(minor) / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP):,}"


def short_date(day: date) -> str:
    """`Mon 19 Oct`."""
    return f"{day:%a} {day.day} {day:%b}"


def mark(health: str) -> Piece:
    """The sign of a health and its role."""
    return HEALTH.get(health, UNKNOWN)


TARGET_CHANGED = "^"


def figures(row: KeyResultRow, glyphs: Glyphs = FINE) -> str:
    """Value against target, the way the key result's direction asks: `4/10`, `79→60`, `0.47≤0.5`.

    A `^` behind it: the target was changed while the key result was active.
    """
    return f"{_figures(row, glyphs)}{'' if row.target_was is None else TARGET_CHANGED}"


def _figures(row: KeyResultRow, glyphs: Glyphs) -> str:
    value = "-" if row.value is None else _bare(row.value, row.precision)
    target = _bare(row.target, row.precision)
    if row.direction == "decrease":
        return f"{value}{glyphs.arrow}{target}"
    if row.direction == "maintain_above":
        return f"{value}{glyphs.least}{target}"
    if row.direction == "maintain_below":
        return f"{value}{glyphs.most}{target}"
    if row.direction == "maintain_between" and row.target_max is not None:
        return f"{target}{glyphs.most}{value}{glyphs.most}{_bare(row.target_max, row.precision)}"
    return f"{value}/{target}"


def _bare(value: Decimal, precision: int) -> str:
    text = number(value, precision)
    return text.rstrip("0").rstrip(".") if "." in text else text


def top_line(header: Header, width: int, glyphs: Glyphs = FINE) -> Line:
    """Strategy, score, confidence, where the cycle stands, today."""
    wanted = 7 + min(40, cell_len(clean(header.strategy.title)))
    tails = list(_tails(header, glyphs))
    tail = next((tail for tail in tails if width - width_of(tail) >= wanted), tails[-1])
    return _headed(header, tail, width, glyphs)


def _headed(header: Header, tail: Line, width: int, glyphs: Glyphs) -> Line:
    strategy_id = f" {clean(header.strategy.id)} "
    room = width - cell_len(strategy_id) - width_of(tail)
    title = fit(header.strategy.title, room, ellipsis=glyphs.ellipsis)
    return ((strategy_id, "here"), (title, "title"), *tail)


def _tails(header: Header, glyphs: Glyphs) -> Iterable[Line]:
    score = "-" if header.score is None else number(header.score, 2)
    net = "-" if header.net_confidence is None else f"{header.net_confidence:+d}"
    today: Piece = (f"{short_date(header.today)} ", "text")
    cycle = header.cycle
    if cycle is not None and cycle.days > 0:
        for bar_width in (20, 12):
            yield (
                ("  score ", "muted"), (score, "text"), ("   confidence ", "muted"), (net, "text"),
                *_cycle(cycle, header.today.year, bar_width, glyphs), ("   ", "text"), today,
            )  # fmt: skip
    day = f"{_cycle_name(cycle, header.today.year)} {_standing(cycle, '')}" if cycle else "no cycle"
    yield (("  score ", "muted"), (score, "text"), ("  ", "text"), (net, "text"), (f"  {day}  ", "muted"), today)
    yield (("  ", "text"), (score, "text"), ("  ", "text"), (net, "text"), (f"  {day}  ", "muted"), today)
    yield (("  ", "text"), (score, "text"), ("  ", "text"), today)


def _cycle_name(cycle: CycleRow, year: int) -> str:
    return clean(cycle.name).replace(f" {year}", "")


def _cycle(cycle: CycleRow, year: int, bar_width: int, glyphs: Glyphs) -> Line:
    gone = Decimal(max(0, min(cycle.day, cycle.days))) / cycle.days
    return (
        (f"   {_cycle_name(cycle, year)} ", "muted"),
        *bar(gone, None, bar_width, "accent", glyphs),
        (f" {_standing(cycle, 'day ')}", "text"),
    )


def _standing(cycle: CycleRow, lead: str) -> str:
    """`19/31` behind `lead`; outside the cycle, how far away it is."""
    return f"{lead}{cycle.day}/{cycle.days}" if 1 <= cycle.day <= cycle.days else cycle.progress


def field_lines(header: Header, width: int, glyphs: Glyphs = FINE) -> tuple[Line, Line]:
    """Who, why, action and owner; channels, budget and forecast."""
    strategy = header.strategy
    first = [("WHO", strategy.who), ("WHY", strategy.why), ("DO", strategy.desired_action), ("OWNER", strategy.owner)]
    channels = ("CHANNELS", " ".join(strategy.channels) or "none")
    seconds = [[channels, *_budget(header, full), ("FORECAST", forecast_words(header, full))] for full in (True, False)]
    second = next((fields for fields in seconds if _natural(fields) <= width), seconds[-1])
    return _fields(first, width, glyphs, keep=2), _fields(second, width, glyphs, keep=1, spread=True)


def _budget(header: Header, full: bool) -> list[tuple[str, str]]:
    if not header.planned_minor:
        return []
    currency = f" {header.strategy.currency}" if full and header.strategy.currency else ""
    return [("BUDGET", f"{money(header.spent_minor)} of {money(header.planned_minor)}{currency}")]


def forecast_words(header: Header, full: bool = True) -> str:
    """How much of the open work finishes in the cycle at 85 %, or that nobody can say."""
    forecast = header.forecast
    if forecast is None or forecast.at_85 is None:
        return "not enough history"
    by = f" by {forecast.by.day} {forecast.by:%b}" if full else ""
    return f"{forecast.at_85} of {forecast.open_tasks} open done{by}"


def _natural(fields: Sequence[tuple[str, str]]) -> int:
    return sum(len(label) + 1 + cell_len(value) for label, value in fields) + 3 * (len(fields) - 1) + 2


def _fields(fields: Sequence[tuple[str, str]], width: int, glyphs: Glyphs, *, keep: int, spread: bool = False) -> Line:
    """Labels and values in one line; the first `keep` values give way when room is short."""
    values = [clean(value[: width * 8]) for _, value in fields]
    wanted = [cell_len(value) for value in values]
    taken = _natural([(label, "") for label, _ in fields])
    kept = share(wanted[keep:], (width - taken) * 2 // 3)
    room = [*share(wanted[:keep], width - taken - sum(kept)), *kept]
    slack = max(0, width - taken - sum(room))
    line: list[Piece] = [(" ", "text")]
    for index, ((label, _), value, got) in enumerate(zip(fields, values, room, strict=True)):
        gap = "" if index == 0 else " " * (3 + (slack if spread and index == 1 else 0))
        line += [(gap, "text"), (f"{label} ", "muted"), (fit(value, got, ellipsis=glyphs.ellipsis), "text")]
    return tuple(line)


def fold_line(header: Header, width: int, glyphs: Glyphs = FINE) -> Line:
    """The whole header in one line: strategy, score, the sign of each key result, day of the cycle."""
    marks: list[Piece] = [("  ", "text")]
    for row in header.key_results:
        sign, role = mark(row.health)
        marks += [(f"{row.position}", "text"), (f"{sign} ", role)]
    for tail in list(_tails(header, glyphs))[-3:]:
        whole = (*marks, *tail)
        if width - width_of(whole) >= 22:
            return _headed(header, whole, width, glyphs)
    return top_line(header, width, glyphs)


def block_lines(header: Header, width: int, glyphs: Glyphs = FINE) -> list[Line]:
    """Objectives side by side, up to three abreast, each with its key results below it."""
    lines: list[Line] = []
    for first in range(0, len(header.objectives), BLOCKS_ABREAST):
        abreast = header.objectives[first : first + BLOCKS_ABREAST]
        widths = columns(width, len(abreast))
        blocks = [
            _block(first + index + 1, objective, widths[index], glyphs) for index, objective in enumerate(abreast)
        ]
        blank = [((" " * w, "text"),) for w in widths]
        for row in zip_longest(*blocks):
            lines.append(_walled([cell or blank[index] for index, cell in enumerate(row)], glyphs))
    if len(lines) > MOST_BLOCK_LINES:
        hidden = len(header.key_results)
        lines = [*lines[: MOST_BLOCK_LINES - 1], ((fit(f" more: S shows all {hidden} key results", width), "muted"),)]
    return lines


def columns(width: int, count: int) -> list[int]:
    """The cells of each of `count` columns of a line, a wall between neighbours."""
    if not count:
        return []
    room, rest = divmod(width - (count - 1), count)
    return [room + (1 if index < rest else 0) for index in range(count)]


def _walled(cells: Sequence[Line], glyphs: Glyphs) -> Line:
    line: list[Piece] = []
    for index, cell in enumerate(cells):
        if index:
            line.append((glyphs.wall, "rule"))
        line += cell
    return tuple(line)


def _block(place: int, objective: ObjectiveRow, width: int, glyphs: Glyphs) -> list[Line]:
    rows = objective.key_results
    figure_width = min(max((cell_len(figures(row, glyphs)) for row in rows), default=0), max(4, width // 3))
    bar_width = max(3, min(40, (width - 14) // 3)) if width >= 24 else 0
    return [
        exactly(objective_line(place, objective, width, glyphs), width),
        *(exactly(_key_result(row, width, figure_width, bar_width, glyphs), width) for row in rows),
    ]


def objective_line(place: int, objective: ObjectiveRow, width: int, glyphs: Glyphs = FINE) -> Line:
    """Number, title, whether it is a stretch, health and score of an objective."""
    sign, role = mark(objective.health)
    score = "-" if objective.score is None else number(objective.score, 1)
    tail = f"{sign}{score} "
    head = f" O{place} "
    stretch = " (stretch)" if objective.ambition == "aspirational" and width >= 36 else ""
    room = width - len(head) - len(tail) - len(stretch) - 1
    title = fit(objective.title, room, ellipsis=glyphs.ellipsis)
    trail = len(title) - len(title.rstrip()) if stretch else 0
    return (
        (head, "here"), (title.rstrip() if stretch else title, "title"), (stretch, "muted"),
        (" " * (trail + 1), "text"), (tail, role),
    )  # fmt: skip


def _key_result(row: KeyResultRow, width: int, figure_width: int, bar_width: int, glyphs: Glyphs) -> Line:
    sign, role = mark(row.health)
    confidence = "-" if row.confidence is None else str(row.confidence)
    bars = bar(row.score, row.expected, bar_width, role, glyphs) if bar_width else ()
    tail: Line = (
        (f" {fit(figures(row, glyphs), figure_width, right=True, ellipsis=glyphs.ellipsis)} ", "text"),
        *bars, (f" {confidence:>2} ", "muted"),
    )  # fmt: skip
    head = f" {row.position}"
    title = fit(row.title, width - len(head) - 2 - width_of(tail), ellipsis=glyphs.ellipsis)
    return ((head, "text"), (sign, role), (f" {title}", "text"), *tail)


def chip_lines(header: Header, width: int, glyphs: Glyphs = FINE) -> list[Line]:
    """Two lines for small terminals: objectives with score, and under each its key results as short figures."""
    abreast = header.objectives[:BLOCKS_ABREAST]
    widths = columns(width, len(abreast))
    tops = [objective_line(index + 1, each, widths[index], glyphs) for index, each in enumerate(abreast)]
    chips = [_chips(each.key_results, widths[index], glyphs) for index, each in enumerate(abreast)]
    return [_walled(tops, glyphs), _walled(chips, glyphs)] if abreast else []


def _chips(rows: Sequence[KeyResultRow], width: int, glyphs: Glyphs) -> Line:
    """Figures of each key result if they fit, else scores, else signs alone."""
    spaced = [f" {figures(row, glyphs)}" for row in rows]
    scores = ["  - " if row.score is None else f" {number(row.score, 2).removeprefix('0')}" for row in rows]
    for words in (spaced, scores, [""] * len(rows)):
        line: list[Piece] = []
        for row, word in zip(rows, words, strict=True):
            sign, role = mark(row.health)
            line += [(f" {row.position}", "text"), (sign, role), (word, "text")]
        if width_of(line) <= width:
            return (*line, (" " * (width - width_of(line)), "text"))
    return ((fit(f" {len(rows)} key results", width), "muted"),)


def rule(header: Header | None, width: int, glyphs: Glyphs, *, joint: str) -> Line:
    """A line across, with a joint where the walls between the first objectives stand."""
    count = min(BLOCKS_ABREAST, len(header.objectives)) if header else 0
    parts = [glyphs.rule * each for each in columns(width, count)] or [glyphs.rule * width]
    return ((joint.join(parts), "rule"),)

"""What the panels of flow say: pure functions from figures to lines of pieces."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tracker.domain.forecast import CONFIDENCES
from tracker.reports import flow_plots, flow_text
from tracker.services.flow import BANDS, Ageing, Flow, Outlook
from tracker.tui.cells import clean, fit
from tracker.tui.glyphs import FINE, Glyphs, bar, exactly
from tracker.tui.widgets.painted import Line, Piece

AGEING, FORECAST = "3", "4"
"""The numbers of these panels."""
LEAST_PLOT = 5
"""Lines below which a plot says nothing."""


def marks_of(plain: bool) -> flow_plots.Marks:
    """The characters of plots that a terminal can draw."""
    return flow_plots.PLAIN if plain else flow_plots.FINE


def _indented(lines: Sequence[Line]) -> list[Line]:
    return [((" ", "text"), *line) for line in lines]


def flow_lines(flow: Flow, width: int, height: int, plain: bool) -> list[Line]:
    """The cumulative flow with its legend."""
    if not any(sum(getattr(day, band) for band in BANDS) for day in flow.days):
        return [((" nothing was moved in these days", "muted"),)]
    marks = marks_of(plain)
    plot = flow_plots.flow_plot(flow, width - 1, height - 1, marks) if height > LEAST_PLOT else []
    return [*_indented(plot), flow_plots.band_legend(flow, marks)]


def times_lines(flow: Flow, width: int, height: int, plain: bool) -> list[Line]:
    """Cycle times, and what their lines are."""
    if not flow.cycle_times.percentiles:
        return [((f" {flow_text.times_words(flow)}", "muted"),)]
    marks = marks_of(plain)
    legend: Line = (
        (f" {marks.one}", "title"), (" a task, 2-9 so many  ", "muted"), (f"{marks.promise} SLE", "warn"),
        (f" {flow.cycle_times.sle_days} days, of {flow.cycle_times.tasks:,} in a year", "muted"),
    )  # fmt: skip
    plot = flow_plots.times_plot(flow, width - 1, height - 1, marks) if height > LEAST_PLOT else []
    return [*_indented(plot), legend]


def forecast_lines(flow: Flow, what_if: str, width: int, height: int, plain: bool) -> list[Line]:
    """What the pace says, and below it what each day or week finished, where there is room."""
    said = [exactly(line, width) for line in _forecast(flow.outlook, what_if, width)]
    room = height - len(said) - 2
    if room < LEAST_PLOT:
        return said
    plot = flow_plots.throughput_plot(flow, width - 1, room, marks_of(plain))
    by = "day" if len(flow.days) <= flow_plots.MOST_BARS else "week"
    done = sum(day.finished for day in flow.days)
    title: Line = ((f" THROUGHPUT by {by}", "head"), (f"   {done:,} done in {len(flow.days)} days", "muted"))
    return [*said, (), title, *_indented(plot)]


def _forecast(outlook: Outlook, what_if: str, width: int) -> list[Line]:
    lines: list[Line] = [
        ((f" {line}", "title" if index == 0 and outlook.is_known else "muted"),)
        for index, line in enumerate(_sentences(flow_text.finishing_words(outlook), width - 1))
    ]
    if outlook.is_known and outlook.open_tasks:
        lines += [*_table(outlook), ((f" {flow_text.chance_words(outlook)}", "text"),)]
    elif outlook.is_known:
        lines.append(((" nothing is open", "muted"),))
    if what_if:
        lines.append(((" what if  ", "head"), (what_if, "accent")))
    return lines


def _sentences(words: str, width: int) -> list[str]:
    """The words in one line, or where that is too narrow broken at the semicolon, then between words."""
    from textwrap import wrap  # imported here: only narrow panels need it

    if len(words) <= width:
        return [words]
    head, _, rest = words.partition("; ")
    return [line for part in (head, rest) for line in wrap(part, max(width, 8))]


def _table(outlook: Outlook) -> list[Line]:
    """How many and until when, by confidence."""
    head: list[Piece] = [(f" {fit('confidence', 12)}", "muted")]
    many: list[Piece] = [(f" {fit(_until(outlook), 12)}", "muted")]
    when: list[Piece] = [(f" {fit(f'all {outlook.open_tasks:,}', 12)}", "muted")]
    for confidence in CONFIDENCES:
        role = "title" if confidence == flow_text.PROMISED else "text"
        head.append((f"{confidence:>7}%", "muted"))
        many.append((f"{outlook.finishing.get(confidence, '-'):>8}", role))
        day = outlook.all_done[confidence]
        when.append((fit(flow_text.day_words(day, outlook.today) if day else "never", 8, right=True), role))
    return [tuple(head), tuple(many), tuple(when)] if outlook.finishing else [tuple(head), tuple(when)]


def _until(outlook: Outlook) -> str:
    return "" if outlook.ends_on is None else f"by {flow_text.day_words(outlook.ends_on, outlook.today)}"


def figure_lines(flow: Flow, panel: str | None) -> list[Line]:
    """The figures that stand above a single panel: those that it does not show itself."""
    in_work = f"{flow_text.ageing_words(flow)}; {flow_text.promise_words(flow)}"
    times = flow_text.times_words(flow)
    if panel == FORECAST:
        return [((f" {in_work}", "text"),), ((f" {times}", "muted"),)]
    known = flow.outlook.is_known
    finishing: Line = ((f" {flow_text.finishing_words(flow.outlook)}", "text" if known else "warn"),)
    return [finishing, ((f" {times if panel == AGEING else in_work}", "muted"),)]


# -- ageing work


def ageing_line(each: Ageing | None, width: int, sle: int | None, *, here: bool, glyphs: Glyphs = FINE) -> Line:
    """One task in work: age, a bar against the expectation, whose it is. Three dots while it is being read."""
    marker: Piece = (">" if here else " ", "here")
    if each is None:
        return marker, (" ...", "faint")
    card = each.card
    mark = "!" if each.is_past else "r" if card.recurs is not None else " "
    role = "late" if each.is_past else "muted"
    pieces: list[Piece] = [
        marker, (fit(card.id, max(5, len(card.id))), "here" if here else "muted"), (f" {each.days:>4}d", role),
        (f" {mark} ", role),
    ]  # fmt: skip
    bar_width = 0 if width < 44 else 12 if width < 90 else 24
    if bar_width and sle:
        share = Decimal(each.days) / (2 * sle)
        pieces += bar(share, Decimal("0.5"), bar_width, "bad" if each.is_past else "accent", glyphs)
        pieces.append((" ", "muted"))
    if width >= 70:
        pieces.append((fit(card.status, 7), "muted"))
    pieces.append((fit(card.owner or "-", 6 if width < 90 else 10, ellipsis=glyphs.ellipsis) + " ", "muted"))
    room = width - sum(len(text) for text, _ in pieces) - 1
    title = fit(clean(card.title), max(room, 0), ellipsis=glyphs.ellipsis)
    return (*pieces, (title, "title" if here else "text"))


def ageing_legend(rows: Sequence[Ageing | None], sle: int | None, glyphs: Glyphs = FINE) -> Line:
    """What the marks mean, for as many kinds as there are."""
    seen = [each for each in rows if each is not None]
    line: Line = ((" nothing is in work", "muted"),) if not rows else ()
    if sle is not None and seen:
        line = (*line, (f" {glyphs.tick}", "title"), (f" {sle} days", "muted"))
    if any(each.is_past for each in seen):
        line = (*line, ("  !", "late"), (" longer than 85% took", "muted"))
    if any(each.card.recurs is not None for each in seen):
        line = (*line, ("  r", "muted"), (" recurs: no alarm", "muted"))
    return line

"""`tracker flow`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli import answers
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import example
from tracker.cli.words import whole_number
from tracker.reports.ink import Ink
from tracker.services import flow as services

if TYPE_CHECKING:
    from tracker.cli.output import Output

MOST_AGEING = 50
"""Tasks in work that are listed, the oldest first."""
PLOT_HEIGHT = 12
WIDEST_PLOT = 100


@example("tracker flow", "tracker flow --days 90", "tracker flow --json")
def flow(
    ctx: typer.Context,
    days: Annotated[str | None, option("--days", "N", "So many days up to today, instead of the cycle so far.")] = None,
    json: Json = False,
) -> None:
    """Show how work flows: forecast, cumulative flow, cycle times, throughput, and how old started work is."""
    from tracker.reports import flow_text

    invocation: Invocation = ctx.obj
    ws, output = invocation.workspace(), invocation.output
    found = services.flow(ws, whole_number(days, "--days"))
    ageing = services.ageing(ws, 0, MOST_AGEING)
    if json:
        answers.put_record(invocation, "flow", **flow_text.flow_record(found, ageing))
        return
    ink = Ink(output.colour)
    pictures = _pictures(found, output, ink) if output.is_terminal else {}
    output.lines(flow_text.flow_lines(found, ageing, width=output.line_width, ink=ink, pictures=pictures))
    if len(ageing) < found.in_work:
        output.say(f"The {len(ageing)} oldest of {found.in_work:,} in work.")


def _pictures(found: services.Flow, output: Output, ink: Ink) -> dict[str, list[str]]:
    """The plots, as wide as the terminal allows."""
    from tracker.reports import flow_plots

    marks = flow_plots.FINE if output.is_unicode else flow_plots.PLAIN
    width = min(output.width, WIDEST_PLOT)
    paint = {"good": ink.good, "warn": ink.warn, "bad": ink.bad, "faint": ink.dim, "muted": ink.dim, "rule": ink.dim}
    drawn = {
        "CUMULATIVE FLOW": flow_plots.flow_plot(found, width, PLOT_HEIGHT, marks),
        "CYCLE TIME": flow_plots.times_plot(found, width, PLOT_HEIGHT, marks),
        "THROUGHPUT": flow_plots.throughput_plot(found, width, PLOT_HEIGHT // 2, marks),
    }
    if drawn["CUMULATIVE FLOW"]:
        drawn["CUMULATIVE FLOW"] += flow_plots.legend_lines(found, width, marks)

    def painted(text: str, role: str) -> str:
        return text if text.isspace() else paint.get(role, str)(text)

    return {name: ["".join(painted(*piece) for piece in line).rstrip() for line in lines]
            for name, lines in drawn.items()}


COMMANDS = {"flow": flow}

"""`tracker audit`: where activity and strategy do not meet, and what was decided about it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli import answers
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import example
from tracker.domain.errors import WrongUsage
from tracker.reports.ink import Ink, shown
from tracker.services import audit as services

if TYPE_CHECKING:
    from tracker.services.outcome import Outcome
    from tracker.services.workspace import Workspace

FOUND = 6
"""Exit code when --fail-on names something that was found: unlike any error, so that a script can tell them apart."""


@example(
    "tracker audit", "tracker audit --json --fail-on overdue --fail-on strategy",
    'tracker audit --decide dumping_ground:KR-08 --keep "the push ends on the 24th"',
    'tracker audit --decide T-045 --kill "not our channel"',
    'tracker audit --decide activity_without_result:KR-08 --recalibrate offer --target 200',
)
def audit(
    ctx: typer.Context,
    markdown: Annotated[bool, typer.Option("--markdown", help="Write the report as Markdown.")] = False,
    fail_on: Annotated[list[str] | None, option(
        "--fail-on", "RULE|GROUP|any", f"End with exit code {FOUND} when such a finding is undecided.")] = None,
    decide: Annotated[str | None, option(
        "--decide", "FINDING", "Decide about a finding: its id, like overdue:T-043.")] = None,
    keep: Annotated[str | None, option("--keep", "REASON", "Leave it as it is.")] = None,
    kill: Annotated[str | None, option("--kill", "REASON", "Cancel its tasks, or those of --task.")] = None,
    recalibrate: Annotated[str | None, option(
        "--recalibrate", "CAUSE", "positioning, targeting, offer, channel, execution, sales or measure.")] = None,
    target: Annotated[str | None, option("--target", "VALUE", "The key result's new target.")] = None,
    to: Annotated[str | None, option("--to", "KEY_RESULT", "What the tasks move instead.")] = None,
    task: Annotated[list[str] | None, option("--task", "TASK", "A task of the finding; may be repeated.")] = None,
    reason: Annotated[str | None, option("--reason", "REASON", "Why it is recalibrated.")] = None,
    json: Json = False,
) -> None:
    """Find activity that moves nothing and intent nobody works on; or decide about one finding.

    Decided findings stay decided until their figures change. The first audit of a week is counted for the trend.
    """
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    found = services.audit(ws)
    if decide is not None:
        choice = _Choice(keep, kill, recalibrate, target, to, tuple(task or ()), reason or "")
        _told(invocation, _decided(ws, services.finding_named(found, decide), choice), as_json=json)
        return
    if any(each is not None for each in (keep, kill, recalibrate, target, to, reason)) or task:
        raise WrongUsage("Say about which finding with --decide; `tracker audit` lists them.")
    failing = services.failing(found, fail_on or [])
    services.keep_snapshot(ws, found)
    if json:
        answers.put_record(invocation, "audit", **record(found), failing=[each.id for each in failing])
    elif markdown:
        from tracker.reports.audit_page import audit_page

        invocation.output.write(audit_page(found).rstrip("\n"))
    else:
        _put_text(invocation, found)
    if failing:
        invocation.output.say(f"{len(failing)} undecided of {', '.join(fail_on or ())}.")
        raise typer.Exit(FOUND)


class _Choice:
    """What was said behind --decide."""

    def __init__(
        self, keep: str | None, kill: str | None, recalibrate: str | None, target: str | None, to: str | None,
        tasks: tuple[str, ...], reason: str,
    ) -> None:
        if sum(each is not None for each in (keep, kill, recalibrate)) != 1:
            raise WrongUsage("Choose one of --keep REASON, --kill REASON and --recalibrate CAUSE.")
        self.keep, self.kill, self.recalibrate = keep, kill, recalibrate
        self.target, self.to, self.tasks, self.reason = target, to, tasks, reason


def _decided(ws: Workspace, judged: services.Judged, choice: _Choice) -> Outcome:
    from tracker.services import decisions
    from tracker.services.lookup import resolve_key_result, resolve_task

    finding = judged.finding
    if choice.keep is not None:
        return decisions.keep(ws, finding, choice.keep)
    own = (finding.subject,) if finding.is_of_task else ()
    tasks = tuple(resolve_task(ws, each) for each in choice.tasks) or own
    if choice.kill is not None:
        return decisions.kill(ws, finding, tasks, choice.kill)
    to = None if choice.to is None else resolve_key_result(ws, choice.to)
    new = decisions.Recalibration(
        str(choice.recalibrate), choice.target, tasks if to is not None else (), to, choice.reason
    )
    return decisions.recalibrate(ws, finding, new)


def _told(invocation: Invocation, outcome: Outcome, *, as_json: bool) -> None:
    if any(id_.startswith("T-") for id_ in outcome.ids):
        answers.tasks_changed(invocation, outcome, as_json=as_json)
        if not as_json:
            invocation.output.say(shown(outcome.label))
    else:
        answers.records_changed(invocation, outcome, as_json=as_json)


def _put_text(invocation: Invocation, found: services.Audit) -> None:
    from tracker.reports.audit_text import audit_lines, finding_lines

    output = invocation.output
    if output.is_terminal:
        output.lines(audit_lines(found, width=output.width, ink=Ink(output.colour)))
        return
    output.lines(finding_lines(found))
    if not found.judged:
        output.say("Nothing found.")


def record(found: services.Audit) -> dict[str, Any]:
    """The audit as `--json` writes it."""
    header, coverage = found.header, found.coverage
    return {
        "today": found.today,
        "strategy": {"id": header.strategy.id, "title": header.strategy.title},
        "cycle": header.cycle,
        "total": found.total,
        "decided": found.decided,
        "findings": [_finding(each) for each in found.judged],
        "more": {str(rule): count for rule, count in found.report.more.items()},
        "coverage": {
            "open": coverage.total, "foundational": coverage.foundational,
            "stages": {stage: {"open": count, "media": {
                medium: n for (of, medium), n in coverage.cells.items() if of == stage}}
                for stage, count in {**dict.fromkeys(coverage.stages, 0), **coverage.by_stage}.items()},
        },
        "results": [
            {"position": row.figures.position, "id": row.figures.id, "title": row.figures.title,
             "health": row.figures.health, "score": row.figures.score, "value": row.figures.value,
             "done": row.done, "open": row.open, "last_week": row.change}
            for row in found.results
        ],
        "trend": found.trend,
        "past_cycle": found.past,
    }  # fmt: skip


def _finding(each: services.Judged) -> dict[str, Any]:
    finding = {field.name: getattr(each.finding, field.name) for field in fields(each.finding)}
    return {"id": each.finding.id, "group": each.finding.group, **finding, "figures": dict(each.finding.figures),
            "decision": each.decision, "before": each.before}  # fmt: skip


COMMANDS = {"audit": audit}

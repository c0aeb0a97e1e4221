"""The fields of the few records around the tasks, as options, and how what was typed is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tracker.cli.parsing import FieldOption
from tracker.domain.dates import parse_day_or_none
from tracker.domain.errors import WrongUsage
from tracker.services import lookup
from tracker.services.records import DAYS, FLAGS

if TYPE_CHECKING:
    from tracker.bootstrap import Workspace

STRATEGY = {
    "title": FieldOption("TEXT", "The goal in a few words."),
    "owner": FieldOption("PERSON", "Who answers for it."),
    "meta_question": FieldOption("TEXT", "The question it answers."),
    "approach": FieldOption("TEXT", "How, in one sentence."),
    "who": FieldOption("TEXT", "Whom we reach."),
    "why": FieldOption("TEXT", "Why they care."),
    "desired_action": FieldOption("TEXT", "What we want them to do."),
    "channels": FieldOption("NAME", "A channel it uses; again for each, or commas between.", many=True),
    "perception": FieldOption("TEXT", "What they shall think of us."),
    "differentiator": FieldOption("TEXT", "What only we offer."),
    "strengths": FieldOption("TEXT", "What we are good at."),
    "gap": FieldOption("TEXT", "What others leave out."),
    "now_state": FieldOption("TEXT", "Where we are."),
    "want_state": FieldOption("TEXT", "Where we want to be."),
    "obstacles": FieldOption("TEXT", "What is in the way."),
    "horizon_start": FieldOption("DAY", "From."),
    "horizon_end": FieldOption("DAY", "To."),
    "budget_minor": FieldOption("MINOR", "Budget in minor units (cents)."),
    "currency": FieldOption("CODE", "Three letters."),
    "reviewed_on": FieldOption("DAY", "When it was looked at last."),
    "review_every_days": FieldOption("N", "How often it is looked at."),
    "contribution_required": FieldOption("yes|no", "Whether assigned tasks must say how they help."),
}
OBJECTIVE = {
    "title": FieldOption("TEXT", "The direction, in words."),
    "ambition": FieldOption("WORD", "committed or aspirational."),
    "weight": FieldOption("N", "More than 0."),
    "owner": FieldOption("PERSON", "Who answers for it."),
    "micro_question": FieldOption("ID", "The narrower question it answers."),
}
NEW_OBJECTIVE = {**OBJECTIVE, "cycle": FieldOption("CYCLE", "A planned cycle's id, like 2026-11.")}
KEY_RESULT = {
    "title": FieldOption("TEXT", "What is counted."),
    "unit": FieldOption("TEXT", "Counted in."),
    "baseline": FieldOption("N", "Where it stood; none for maintain_*."),
    "target": FieldOption("N", "Where it shall stand."),
    "target_max": FieldOption("N", "Upper bound of maintain_between."),
    "stretch": FieldOption("N", "More than the target."),
    "direction": FieldOption(
        "WORD", "increase, decrease, maintain_above, maintain_below or maintain_between."),
    "metric_kind": FieldOption("WORD", "number, percent, currency or milestone."),
    "currency": FieldOption("CODE", "Three letters, with currency metrics."),
    "precision": FieldOption("N", "Decimals, 0 to 6."),
    "weight": FieldOption("N", "0 or more."),
    "owner": FieldOption("PERSON", "Who answers for it."),
    "indicator": FieldOption("WORD", "leading or lagging."),
    "result_kind": FieldOption("WORD", "outcome or output."),
    "pair_of": FieldOption("KEY_RESULT", "The one it balances."),
    "starts_on": FieldOption("DAY", "From, inside its cycle."),
    "due_on": FieldOption("DAY", "To, inside its cycle."),
    "cadence_days": FieldOption("N", "Days between check-ins, 1 to 92."),
}
CARRIED = {
    name: KEY_RESULT[name] for name in (
        "title", "unit", "baseline", "target", "target_max", "stretch", "precision", "weight", "owner", "indicator",
        "result_kind", "starts_on", "due_on", "cadence_days",
    )
}
"""What may change in a key result on its way into the next cycle."""
PERSON = {
    "name": FieldOption("TEXT", "Full name."),
    "title": FieldOption("TEXT", "What they do."),
    "email": FieldOption("ADDRESS", "For matching with other systems."),
    "role": FieldOption("WORD", "manager, member or contributor."),
    "kind": FieldOption("WORD", "employee or contractor."),
    "capacity_h_week": FieldOption("HOURS", "Hours a week."),
    "rate_minor_per_day": FieldOption("MINOR", "Daily rate in minor units (cents)."),
    "active": FieldOption("yes|no", "Whether work can be given to them."),
}
CHANNEL = {
    "name": FieldOption("TEXT", "What it is called."),
    "kind": FieldOption("WORD", "paid, earned, shared or owned."),
}
CYCLE = {
    "name": FieldOption("TEXT", "What it is called."),
    "starts_on": FieldOption("DAY", "First day."),
    "ends_on": FieldOption("DAY", "Last day."),
    "checkin_weekday": FieldOption("N", "1 (Monday) to 7."),
}


def without(options: Mapping[str, FieldOption], *names: str) -> dict[str, FieldOption]:
    """The options but those; what a command asks for by its arguments is no option."""
    return {name: option for name, option in options.items() if name not in names}


def with_id(options: Mapping[str, FieldOption]) -> dict[str, FieldOption]:
    """The options, and the id of the new record."""
    return {**options, "id": FieldOption("ID", "Id; made of the name when not given.")}


def read(ws: Workspace, fields: Mapping[str, object]) -> dict[str, object]:
    """What was typed, as services take it: days and people looked up, yes and no, lists; "" clears.

    Raises:
        WrongUsage: a day cannot be read, or something is neither yes nor no.
        NotFound: the person or key result is not known.
    """
    return {name: _read(ws, name, value) for name, value in fields.items()}


def _read(ws: Workspace, name: str, value: object) -> object:
    if isinstance(value, list | tuple):
        return [part.strip() for each in value for part in str(each).split(",") if part.strip()]
    text = str(value)
    if not text.strip():
        return None
    if name in DAYS:
        return parse_day_or_none(text, ws.clock.today)
    if name in FLAGS:
        return _yes(name, text)
    if name == "owner":
        return lookup.resolve_person(ws, text)
    return lookup.resolve_key_result(ws, text, open_only=False) if name == "pair_of" else text


def _yes(name: str, text: str) -> bool:
    answers = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
    if text.strip().lower() not in answers:
        raise WrongUsage(f"--{name.replace('_', '-')} is yes or no, not {text[:40]!r}.")
    return answers[text.strip().lower()]


def something(fields: Mapping[str, object]) -> None:
    """Refuse an edit that changes nothing.

    Raises:
        WrongUsage: no field was given.
    """
    if not fields:
        raise WrongUsage("Say what to change; --help lists the fields.")

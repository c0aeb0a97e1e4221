"""The fields of the records around the tasks, for their forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracker.tui.widgets.form import Field, Kind, Option

Row = Mapping[str, object]


@dataclass(frozen=True)
class Choices:
    """What fields of records may name."""

    people: tuple[Option, ...] = ()
    objectives: tuple[Option, ...] = ()
    key_results: tuple[Option, ...] = ()
    questions: tuple[Option, ...] = ()


def _words(*words: str) -> tuple[Option, ...]:
    return tuple(Option(word) for word in words)


def _strategy(choices: Choices) -> Sequence[Field]:
    return (
        Field("title", "Goal", hint="what the whole is for", is_required=True),
        Field("who", "Who", hint="whom we reach", is_required=True),
        Field("why", "Why", hint="why they care", is_required=True),
        Field("desired_action", "Action", hint="what we want them to do", is_required=True),
        Field("approach", "Approach", hint="how", is_required=True),
        Field("channels", "Channels", Kind.LIST, "commas between; what is used, in order", is_required=True),
        Field("owner", "Owner", Kind.CHOICE, "two letters of a name", choices.people, True),
        Field("meta_question", "Meta question", hint="the question that the strategy answers"),
        Field("perception", "Perception", hint="how they shall see us"),
        Field("differentiator", "Differentiator", hint="what only we do"),
        Field("strengths", "Strengths"),
        Field("gap", "Gap", hint="what nobody does for them"),
        Field("now_state", "Now", hint="where we stand, in numbers"),
        Field("want_state", "Then", hint="where we want to stand"),
        Field("obstacles", "Obstacles"),
        Field("horizon_start", "Horizon from", Kind.DAY, is_required=True),
        Field("horizon_end", "Horizon to", Kind.DAY, is_required=True),
        Field("budget_minor", "Budget", Kind.MONEY, "whole units of the currency"),
        Field("currency", "Currency", hint="three letters, EUR"),
        Field("reviewed_on", "Reviewed", Kind.DAY, "t: today"),
        Field("review_every_days", "Review every", Kind.WHOLE, "days", is_required=True),
        Field("contribution_required", "Say why", Kind.FLAG, "yes: no task is assigned without its contribution"),
        Field("stages", "Stages", Kind.LIST, "empty: awareness, consideration, decision, conversion, enabling"),
        Field("media", "Media", Kind.LIST, "empty: content, email, event, paid, social, web, seo, photo, ..."),
        Field("status", "Status", Kind.FIXED),
        Field("version", "Version", Kind.FIXED, "goes up with each change"),
    )


def _cycle(choices: Choices) -> Sequence[Field]:
    return (
        Field("name", "Name", is_required=True),
        Field("starts_on", "Starts", Kind.DAY, is_required=True),
        Field("ends_on", "Ends", Kind.DAY, is_required=True),
        Field("checkin_weekday", "Check-in day", Kind.WHOLE, "1 Monday to 7 Sunday", is_required=True),
        Field("status", "Status", Kind.FIXED),
    )


def _objective(choices: Choices) -> Sequence[Field]:
    return (
        Field("title", "Objective", hint="a direction in words, without a number", is_required=True),
        Field("ambition", "Ambition", Kind.CHOICE, "committed, or aspirational: 0.7 is reached",
              _words("committed", "aspirational"), True),
        Field("weight", "Weight", Kind.DECIMAL, "against the other objectives", is_required=True),
        Field("owner", "Owner", Kind.CHOICE, "two letters of a name", choices.people, True),
        Field("micro_question", "Question", Kind.CHOICE, "the question it answers", choices.questions),
        Field("status", "Status", Kind.CHOICE, "draft, active or dropped", _words("draft", "active", "dropped"), True),
    )  # fmt: skip


def _key_result(choices: Choices) -> Sequence[Field]:
    return (
        Field("title", "Key result", hint="what is counted", is_required=True),
        Field("objective", "Objective", Kind.CHOICE, "", choices.objectives, True),
        Field("unit", "Unit", hint="clients, calls, EUR per call", is_required=True),
        Field("direction", "Direction", Kind.CHOICE, "increase, decrease, maintain_above, _below or _between",
              _words("increase", "decrease", "maintain_above", "maintain_below", "maintain_between"), True),
        Field("baseline", "Baseline", Kind.DECIMAL, "where it stood; none when it is maintained"),
        Field("target", "Target", Kind.DECIMAL, is_required=True),
        Field("target_max", "Upper bound", Kind.DECIMAL, "with maintain_between only"),
        Field("stretch", "Stretch", Kind.DECIMAL, "beyond the target"),
        Field("metric_kind", "Kind", Kind.CHOICE, "number, percent, currency or milestone",
              _words("number", "percent", "currency", "milestone"), True),
        Field("currency", "Currency", hint="three letters, with currency only"),
        Field("precision", "Places", Kind.WHOLE, "digits after the point, 0 to 6", is_required=True),
        Field("weight", "Weight", Kind.DECIMAL, "within its objective", is_required=True),
        Field("owner", "Owner", Kind.CHOICE, "two letters of a name", choices.people, True),
        Field("indicator", "Indicator", Kind.CHOICE, "leading or lagging", _words("leading", "lagging"), True),
        Field("result_kind", "Result", Kind.CHOICE, "outcome: what changed; output: what we made",
              _words("outcome", "output"), True),
        Field("starts_on", "Starts", Kind.DAY, is_required=True),
        Field("due_on", "Due", Kind.DAY, is_required=True),
        Field("cadence_days", "Check in every", Kind.WHOLE, "days", is_required=True),
        Field("pair_of", "Pair of", Kind.CHOICE, "the key result it keeps honest", choices.key_results),
        Field("status", "Status", Kind.CHOICE, "draft, active or dropped", _words("draft", "active", "dropped"), True),
        Field("drop_reason", "Dropped for", hint="why; goes with the status dropped"),
        Field("carried_from", "Carried from", Kind.FIXED),
    )  # fmt: skip


def _person(choices: Choices) -> Sequence[Field]:
    return (
        Field("name", "Name", is_required=True),
        Field("title", "Title", hint="what they do"),
        Field("email", "E-mail", hint="finds them in other tools"),
        Field("role", "Role", Kind.CHOICE, "manager, member or contributor",
              _words("manager", "member", "contributor"), True),
        Field("kind", "Kind", Kind.CHOICE, "employee or contractor", _words("employee", "contractor"), True),
        Field("capacity_h_week", "Hours a week", Kind.WHOLE, "their capacity for this work"),
        Field("rate_minor_per_day", "Day rate", Kind.MONEY),
        Field("active", "Active", Kind.FLAG, "no: no work is given to them any more"),
    )  # fmt: skip


def _channel(choices: Choices) -> Sequence[Field]:
    return (
        Field("name", "Name", is_required=True),
        Field("kind", "Kind", Kind.CHOICE, "paid, earned, shared or owned", _words("paid", "earned", "shared", "owned"),
              True),
    )  # fmt: skip


def _micro_question(choices: Choices) -> Sequence[Field]:
    return (
        Field("question", "Question", hint="a narrower question, that an objective answers", is_required=True),
        Field("stage", "Stage", hint="awareness, consideration, decision, conversion"),
        Field("position", "Place", Kind.WHOLE, "among the others"),
    )  # fmt: skip


_FIELDS: Mapping[str, Callable[[Choices], Sequence[Field]]] = {
    "strategy": _strategy, "cycle": _cycle, "objective": _objective, "key_result": _key_result, "person": _person,
    "channel": _channel, "micro_question": _micro_question,
}  # fmt: skip

NEW: Mapping[str, Row] = {
    "objective": {"ambition": "committed", "weight": "1", "status": "active"},
    "key_result": {
        "unit": "count", "direction": "increase", "baseline": "0", "metric_kind": "number", "precision": 0,
        "weight": "1", "indicator": "lagging", "result_kind": "outcome", "cadence_days": 7, "status": "active",
    },
    "person": {"role": "member", "kind": "employee", "active": 1},
}  # fmt: skip
"""What stands in the form of a new record at first."""
GROUPS: Mapping[str, Sequence[str]] = {
    "strategy": ("meta_question", "now_state", "horizon_start", "stages", "status"),
    "key_result": ("baseline", "metric_kind", "owner", "starts_on", "pair_of"),
    "objective": ("owner",),
}
"""Fields that a blank line goes before."""


def fields_of(table: str, choices: Choices) -> Sequence[Field]:
    """The fields of a kind of record."""
    return _FIELDS[table](choices)

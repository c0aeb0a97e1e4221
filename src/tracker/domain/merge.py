"""The three-way merge of a task that is kept in two places: what has to happen, field by field, before anything does.

The base of a field is what each side held when both last agreed. A side has changed a field when it no longer holds
its own half of the base, so that a remote that stores a text a little differently never looks edited, and what the two
sides call the same (a person here, an id there) has to be compared only where both have changed.

Invariant: carrying out a plan without clashes and planning again gives a plan with nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Base = Mapping[str, tuple[object, object]]
"""Field to (what stood here, what stood there) at the last agreement."""
Same = Callable[[str, object, object], bool]
"""Whether a field's value here and its value there mean the same."""


class Step(StrEnum):
    """What has to happen to one field."""

    NOTHING = "nothing"
    """Neither side changed it."""
    AGREE = "agree"
    """Both sides hold the same without having agreed on it yet; only the base is renewed."""
    PUSH = "push"
    PULL = "pull"
    CLASH = "clash"
    """Both changed it to something else; a person decides."""


class Policy(StrEnum):
    """Who wins where both sides changed the same field."""

    ASK = "ask"
    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """What has to happen to a field, and the values that led to it."""

    field: str
    step: Step
    ours: object
    theirs: object
    base: tuple[object, object] | None = None
    """None when both sides never agreed on it."""


def merge(
    base: Base,
    ours: Mapping[str, object],
    theirs: Mapping[str, object],
    same: Same,
    *,
    policy: Policy = Policy.ASK,
) -> tuple[FieldPlan, ...]:
    """What has to happen to each field that both sides hold, in the order of `ours`.

    A field that is missing on one side is left alone: not every remote holds every field.
    """
    return tuple(
        FieldPlan(field, _step(field, base.get(field), value, theirs[field], same, policy), value, theirs[field],
                  base.get(field))
        for field, value in ours.items()
        if field in theirs
    )  # fmt: skip


def _step(
    field: str, base: tuple[object, object] | None, ours: object, theirs: object, same: Same, policy: Policy
) -> Step:
    we_changed, they_changed = base is None or base[0] != ours, base is None or base[1] != theirs
    if not we_changed and not they_changed:
        return Step.NOTHING
    if same(field, ours, theirs):
        return Step.AGREE
    if we_changed and they_changed:
        return {Policy.ASK: Step.CLASH, Policy.OURS: Step.PUSH, Policy.THEIRS: Step.PULL}[policy]
    return Step.PUSH if we_changed else Step.PULL


def steps(plan: Iterable[FieldPlan], step: Step) -> tuple[FieldPlan, ...]:
    """The fields of a plan that have that step."""
    return tuple(each for each in plan if each.step is step)


def settled(plan: FieldPlan, *, ours: bool) -> FieldPlan:
    """A clash as a person decided it: with our value, or with theirs."""
    return FieldPlan(plan.field, Step.PUSH if ours else Step.PULL, plan.ours, plan.theirs, plan.base)

"""The three-way merge: nothing is lost, nothing is pushed twice, and both sides end up the same."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tracker.domain.merge import FieldPlan, Policy, Step, merge, settled, steps

FIELDS = ("title", "owner", "due_on")
NAMES = {"lena": "77", "jonas": "78", None: None}


def same(field: str, ours: object, theirs: object) -> bool:
    """People have other names there, and titles come back without blanks at the end."""
    if field == "owner":
        return NAMES.get(ours) == theirs  # type: ignore[call-overload,no-any-return]
    if field == "title":
        return str(ours).rstrip() == str(theirs).rstrip()
    return ours == theirs


@pytest.mark.parametrize(("base", "ours", "theirs", "policy", "step"), [
    (("a", "a"), "a", "a", Policy.ASK, Step.NOTHING),
    (("a", "a"), "b", "a", Policy.ASK, Step.PUSH),
    (("a", "a"), "a", "b", Policy.ASK, Step.PULL),
    (("a", "a"), "b", "b", Policy.ASK, Step.AGREE),
    (("a", "a"), "b", "c", Policy.ASK, Step.CLASH),
    (("a", "a"), "b", "c", Policy.OURS, Step.PUSH),
    (("a", "a"), "b", "c", Policy.THEIRS, Step.PULL),
    (None, "b", "b", Policy.ASK, Step.AGREE),
    (None, "b", "c", Policy.ASK, Step.CLASH),
    (("a ", "a"), "a ", "a", Policy.ASK, Step.NOTHING),
    (("a", "a"), None, "a", Policy.ASK, Step.PUSH),
    (("a", "a"), "a", None, Policy.ASK, Step.PULL),
])
def test_each_way_two_sides_can_differ_has_one_step(
    base: tuple[object, object] | None, ours: object, theirs: object, policy: Policy, step: Step
) -> None:
    (planned,) = merge({} if base is None else {"due_on": base}, {"due_on": ours}, {"due_on": theirs}, same,
                       policy=policy)  # fmt: skip
    assert planned == FieldPlan("due_on", step, ours, theirs, base)


def test_what_a_remote_stores_differently_never_looks_edited() -> None:
    base = {"title": ("Ship it ", "Ship it"), "owner": ("lena", "77")}
    plan = merge(base, {"title": "Ship it ", "owner": "lena"}, {"title": "Ship it", "owner": "77"}, same)
    assert {each.step for each in plan} == {Step.NOTHING}


def test_a_field_that_the_remote_does_not_hold_is_left_alone() -> None:
    assert [each.field for each in merge({}, {"title": "a", "priority": "high"}, {"title": "a"}, same)] == ["title"]


def test_edits_of_different_fields_on_both_sides_merge() -> None:
    base = {"title": ("a", "a"), "owner": ("lena", "77")}
    plan = merge(base, {"title": "b", "owner": "lena"}, {"title": "a", "owner": "78"}, same)
    assert [(each.field, each.step) for each in plan] == [("title", Step.PUSH), ("owner", Step.PULL)]


def test_a_clash_is_settled_for_either_side() -> None:
    (clash,) = steps(merge({"due_on": ("a", "a")}, {"due_on": "b"}, {"due_on": "c"}, same), Step.CLASH)
    assert settled(clash, ours=True).step is Step.PUSH
    assert settled(clash, ours=False).step is Step.PULL


_VALUES = {"title": st.sampled_from(["a", "b ", "c"]), "owner": st.sampled_from(["lena", "jonas", None]),
           "due_on": st.sampled_from([None, "2026-10-21", "2026-10-22"])}
_CHANGES = st.sampled_from(FIELDS).flatmap(lambda field: st.tuples(st.just(field), _VALUES[field]))


class TwoSides(RuleBasedStateMachine):
    """Edits on either side in any order; a merge always makes both sides say the same, and loses no lone edit."""

    def __init__(self) -> None:
        super().__init__()
        self.base: dict[str, tuple[object, object]] = {}
        self.ours: dict[str, object] = dict.fromkeys(FIELDS)
        self.theirs: dict[str, object] = dict.fromkeys(FIELDS)
        self.merge()

    @rule(change=_CHANGES)
    def we_write(self, change: tuple[str, object]) -> None:
        self.ours[change[0]] = change[1]

    @rule(change=_CHANGES)
    def they_write(self, change: tuple[str, object]) -> None:
        self.theirs[change[0]] = _there(*change)

    @rule(mine=st.booleans())
    def merge(self, mine: bool = True) -> None:
        before = dict(self.ours), dict(self.theirs)
        for planned in merge(self.base, self.ours, self.theirs, same):
            if planned.step is Step.NOTHING:
                continue
            we_moved = planned.base is None or planned.base[0] != planned.ours
            they_moved = planned.base is None or planned.base[1] != planned.theirs
            assert planned.step is not Step.PUSH or (we_moved and not they_moved)
            assert planned.step is not Step.PULL or (they_moved and not we_moved)
            self._carry_out(settled(planned, ours=mine) if planned.step is Step.CLASH else planned)
        assert all(self.ours[field] == before[0][field] or self.theirs[field] == before[1][field] for field in FIELDS)
        again = merge(self.base, self.ours, self.theirs, same)
        assert {each.step for each in again} == {Step.NOTHING}

    def _carry_out(self, planned: FieldPlan) -> None:
        field = planned.field
        if planned.step is Step.PUSH:
            self.theirs[field] = _there(field, planned.ours)
        elif planned.step is Step.PULL:
            self.ours[field] = _here(field, planned.theirs)
        self.base[field] = (self.ours[field], self.theirs[field])

    @invariant()
    def the_base_is_what_both_agreed_on(self) -> None:
        assert all(same(field, here, there) for field, (here, there) in self.base.items())


def _there(field: str, value: object) -> object:
    if field == "owner":
        return NAMES[value]  # type: ignore[index]
    return value.rstrip() if isinstance(value, str) else value


def _here(field: str, value: object) -> object:
    return next(ours for ours, theirs in NAMES.items() if theirs == value) if field == "owner" else value


TwoSides.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None, derandomize=True)
TestTwoSides = TwoSides.TestCase

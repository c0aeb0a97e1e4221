"""The detail says what the task is for and how it stands, in words."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from tests.tui.widgets.test_card import card

from tracker.storage.rows import Header
from tracker.tui.widgets.detail.lines import purpose_line, state_line
from tracker.tui.widgets.painted import Line, width_of

TODAY = date(2026, 10, 19)


def text(line: Line) -> str:
    return "".join(piece for piece, _ in line).rstrip()


def test_the_purpose_names_the_key_result_its_figures_and_the_contribution(demo_header: Header) -> None:
    line = text(purpose_line(card(), demo_header, 140))
    assert line.startswith(" T-043 White paper ad to a lookalike audience  moves 4 ")
    assert "off track): Direct path to the form" in line


def test_a_task_that_does_not_say_how_it_helps_is_told_so(demo_header: Header) -> None:
    assert text(purpose_line(card(contribution=""), demo_header, 140)).endswith("says not how")


def test_the_state_says_what_blocks_how_late_how_old_and_what_was_said(demo_header: Header) -> None:
    stuck = card(
        blocked_reason="ad account review", blocked_on=date(2026, 10, 12), messages=3, sync_state="changed_there",
        waits=2,
    )
    line = text(state_line(stuck, demo_header, TODAY, 200))
    assert line.startswith(" BLOCKED 7 days: ad account review   waits for 2 tasks   tomas   due 12 Oct, 7 days late")
    assert "age 14 d (85% finish in 7)" in line
    assert "changed there" in line
    assert "changed there   3 messages   3-5 h" in line


def test_what_is_missing_is_said(demo_header: Header) -> None:
    line = text(state_line(card(owner=None, due_on=None, status="backlog", started_on=None), demo_header, TODAY, 120))
    assert "no owner" in line
    assert "no date" in line


def test_due_today_and_done_are_said_in_words(demo_header: Header) -> None:
    assert "due 19 Oct, today" in text(state_line(card(due_on=TODAY), demo_header, TODAY, 120))
    assert "done 13 Oct" in text(state_line(card(status="done", done_on=date(2026, 10, 13)), demo_header, TODAY, 120))


@given(st.text(max_size=200), st.text(max_size=300), st.text(min_size=1), st.integers(20, 200))
def test_no_line_is_wider_than_the_terminal(title: str, reason: str, blocked: str, width: int) -> None:
    odd = card(title=title, contribution=reason, blocked_reason=blocked, owner="名前")
    assert width_of(purpose_line(odd, None, width)) <= width
    assert width_of(state_line(odd, None, TODAY, width)) <= width


def test_facts_that_do_not_fit_are_left_out_whole_and_the_reason_is_cut(demo_header: Header) -> None:
    stuck = card(blocked_reason="a very long reason " * 9, messages=3)
    assert "3-5 h" in text(state_line(stuck, demo_header, TODAY, 200))
    narrow = text(state_line(stuck, demo_header, TODAY, 80))
    assert narrow.startswith(" BLOCKED: a very long reason a very")
    assert narrow.endswith("…   tomas   due 12 Oct, 7 days late")

"""A card in lines: exactly as wide as its column, whatever its title, with a sign beside every colour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tracker.storage.rows import Card
from tracker.tui.widgets.columns.card import (
    Setting,
    age_days,
    done_line,
    due_sign,
    facts_line,
    is_old,
    reason_line,
    short_age,
    title_line,
)
from tracker.tui.widgets.columns.columns import FACTS
from tracker.tui.widgets.painted import Line, width_of

TODAY = date(2026, 10, 19)
SETTING = Setting(TODAY, {"KR-08": "4"}, sle_days=7)


USUAL = Card(
    number=43, id="T-043", title="White paper ad to a lookalike audience", key_result="KR-08", status="doing",
    stage="awareness", kind="ongoing", medium="paid", channel="facebook", owner="tomas", priority="normal", rank=0,
    created_on=date(2026, 10, 1), assigned_on=date(2026, 10, 2), started_on=date(2026, 10, 6), review_on=None,
    done_on=None, due_on=date(2026, 10, 12), estimate_low_h=3.0, estimate_high_h=5.0,
    contribution="Direct path to the form", blocked_reason=None, blocked_on=None, recurs=None, waits=0, messages=0,
    sync_state=None,
)  # fmt: skip


def card(**fields: Any) -> Card:
    return USUAL._replace(**fields)


def text(line: Line) -> str:
    return "".join(piece for piece, _ in line)


def role_of(line: Line, piece: str) -> str:
    return next(role for shown, role in line if piece in shown)


def test_the_facts_stand_in_the_places_of_the_drawn_board() -> None:
    assert text(facts_line(card(blocked_reason="ad account"), 26, SETTING, " ")) == " 43 4A tomas 12 Oct! 14d B"


def test_a_card_without_owner_and_date_keeps_the_places() -> None:
    line = text(facts_line(card(owner=None, due_on=None, status="backlog", started_on=None), 26, SETTING, " "))
    assert line == " 43 4A -       --         "


@pytest.mark.parametrize(
    ("days", "sign", "role"), [(-1, "!", "late"), (0, "~", "soon"), (3, "~", "soon"), (4, " ", "muted")]
)
def test_late_and_soon_have_a_sign_and_an_ink(days: int, sign: str, role: str) -> None:
    assert due_sign(card(due_on=TODAY + timedelta(days=days)), TODAY) == (sign, role)


def test_finished_work_is_never_late() -> None:
    assert due_sign(card(status="done"), TODAY) == (" ", "muted")


def test_age_counts_the_first_day_and_only_while_it_is_in_work() -> None:
    assert age_days(card(), TODAY) == 14
    assert age_days(card(started_on=TODAY), TODAY) == 1
    assert age_days(card(status="assigned", started_on=None), TODAY) is None
    assert age_days(card(status="done"), TODAY) is None


@pytest.mark.parametrize(("days", "shown"), [(1, " 1d"), (99, "99d"), (100, "14w"), (699, "99w"), (800, " 2y")])
def test_an_age_is_three_characters_long(days: int, shown: str) -> None:
    assert short_age(days) == shown


def test_age_beyond_the_service_level_is_marked_but_not_for_upkeep_that_recurs() -> None:
    assert is_old(card(), 8, 7)
    assert not is_old(card(), 7, 7)
    assert not is_old(card(recurs="FREQ=MONTHLY"), 30, 7)
    assert not is_old(card(), 30, None)
    assert role_of(facts_line(card(), 26, SETTING, " "), "14d") == "old"


def test_the_most_pressing_mark_stands_where_there_is_room_for_one() -> None:
    assert text(facts_line(card(waits=1, sync_state="conflict"), 26, SETTING, " "))[-1] == "w"
    assert text(facts_line(card(sync_state="conflict"), 26, SETTING, " "))[-1] == "≠"


def test_a_wide_card_has_every_mark_and_hours_and_medium_in_whole_words() -> None:
    line = text(facts_line(card(blocked_reason="x", waits=1, sync_state="gone"), 42, SETTING, " "))
    assert "Bw∅ 3-5h paid" in line
    assert text(facts_line(card(medium="unpronounceable"), 36, SETTING, " ")).rstrip().endswith("3-5h")


def test_priority_has_a_sign_in_front_of_the_title() -> None:
    assert text(title_line(card(priority="high"), 26, SETTING, " ", strong=False)).startswith(" ▲ White")
    assert text(title_line(card(priority="low"), 26, SETTING, " ", strong=False)).startswith(" ▽ White")


def test_a_terminal_without_unicode_gets_ascii() -> None:
    plain = Setting(TODAY, {"KR-08": "4"}, plain=True)
    odd = card(priority="high", sync_state="conflict")
    shown = text(title_line(odd, 26, plain, ">", strong=True)) + text(facts_line(odd, 26, plain, " "))
    assert shown.isascii()


@pytest.mark.parametrize(
    ("number", "shown"),
    [(43, " T-043 13Oct"), (99976, " 99976 13Oct"), (123456, " T-123456"), (1234567890, " 1234567890")],
)
def test_a_narrow_done_card_is_its_id_and_day_as_far_as_they_fit(number: int, shown: str) -> None:
    finished = card(number=number, id=f"T-{number:03}", status="done", done_on=date(2026, 10, 13))
    assert text(done_line(finished, 12, SETTING, " ", strong=False)) == shown


@pytest.mark.parametrize("digits", range(2, 8))
def test_a_mark_keeps_its_place_whatever_the_size_of_the_numbers(digits: int) -> None:
    room = 26 - FACTS - digits
    setting = replace(SETTING, digits=digits, short_days=room < 5, owner_width=max(1, min(5, room + (room < 5))))
    line = text(facts_line(card(number=10**digits - 1, blocked_reason="x"), 26, setting, " "))
    assert line[-1] == "B"
    assert len(line) == 26


def test_a_key_result_beyond_the_header_has_a_dot() -> None:
    assert " 43 ·A" in text(facts_line(card(key_result="KR-99"), 26, SETTING, " "))


@given(
    title=st.text(max_size=80), owner=st.text(min_size=1, max_size=20), contribution=st.text(max_size=80),
    number=st.integers(1, 10_000_000), width=st.integers(25, 70), priority=st.sampled_from(["low", "normal", "high"]),
)  # fmt: skip
def test_no_text_from_outside_makes_a_line_wider_than_its_column(
    title: str, owner: str, contribution: str, number: int, width: int, priority: str
) -> None:
    digits = len(str(number))
    odd = card(title=title, owner=owner, contribution=contribution, number=number, priority=priority)
    setting = Setting(TODAY, {}, 7, digits=digits, owner_width=max(3, min(8, width - 19 - digits)))
    assert cell_len(text(title_line(odd, width, setting, " ", strong=True))) == width
    assert width_of(reason_line(odd, width, setting, " ")) == width
    if width - 21 - digits >= 3:  # what a column of that width gives the owner
        assert cell_len(text(facts_line(odd, width, setting, " "))) <= width


HOSTILE = [
    "\x1b[31mred\x1b[0m", "[red]x[/red]", "a\nb\tc", "\u202eabc\u202c", "\u200babc", "漢字漢字漢字漢字漢字漢字漢字",
    "\U0001f469\u200d\U0001f467 family",
]  # fmt: skip


@pytest.mark.parametrize("title", HOSTILE)
def test_control_and_direction_characters_do_not_reach_the_terminal(title: str) -> None:
    shown = text(title_line(card(title=title), 26, SETTING, " ", strong=True))
    assert shown.isprintable()
    assert cell_len(shown) == 26

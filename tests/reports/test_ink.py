"""Text of any script fits the cells of a terminal and cannot steer it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tracker.reports.ink import Ink, cells, cut, padded, shown, shown_lines


@given(st.text(), st.integers(0, 40))
def test_a_cut_text_never_fills_more_than_its_room(text: str, room: int) -> None:
    assert cell_len(cut(shown(text), room)) <= room


@given(st.text(st.sampled_from("abc XYZ 123 [red]"), max_size=30), st.integers(0, 40))
def test_what_fits_is_left_as_it_is_and_what_does_not_says_so(text: str, room: int) -> None:
    if len(text) <= room:
        assert cut(text, room) == text
    elif room > 0:
        assert cut(text, room) == f"{text[: room - 1]}…"


@given(st.text())
def test_shown_text_has_no_control_and_no_line_end(text: str) -> None:
    line = shown(text)
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in line)
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")


def test_a_wide_character_fills_two_cells() -> None:
    assert (cells("漢字"), cells("ab"), padded("漢", 4)) == (4, 2, "漢  ")


def test_lines_are_kept_and_their_controls_are_not() -> None:
    assert shown_lines("one\x1b[2J\r\ntwo\x07") == ["one", "two"]


@pytest.mark.parametrize(
    ("health", "code"), [("on track", "32"), ("at risk", "33"), ("off track", "31"), ("stale", "2")]
)
def test_health_is_said_in_words_and_painted_only_with_colour(health: str, code: str) -> None:
    assert Ink(colour=False).health(health) == health
    assert Ink(colour=True).health(health) == f"\x1b[{code}m{health}\x1b[0m"

"""The line of text that answers are typed in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.tui.widgets.command_line.editing import KEYS, LONGEST, Typed


@pytest.mark.parametrize(
    ("key", "text", "caret", "after", "where"),
    [
        ("left", "ab", 2, "ab", 1), ("left", "ab", 0, "ab", 0), ("right", "ab", 1, "ab", 2), ("home", "ab", 2, "ab", 0),
        ("end", "ab", 0, "ab", 2), ("backspace", "ab", 2, "a", 1), ("backspace", "ab", 0, "ab", 0),
        ("delete", "ab", 0, "b", 0), ("ctrl+w", "due next fri", 12, "due next ", 9), ("ctrl+u", "abc", 2, "c", 0),
        ("ctrl+k", "abc", 1, "a", 1), ("ctrl+left", "one two", 7, "one two", 4), ("ctrl+a", "ab", 2, "ab", 0),
        ("ctrl+e", "ab", 0, "ab", 2),
    ],
)  # fmt: skip
def test_what_the_usual_keys_do(key: str, text: str, caret: int, after: str, where: int) -> None:
    assert KEYS[key](Typed(text, caret)) == Typed(after, where)


def test_pasted_lines_become_one_line() -> None:
    assert Typed("ad", 1).insert("b\nc\r\n") == Typed("ab cd", 4)


def test_a_megabyte_is_cut_at_the_longest_line() -> None:
    assert len(Typed().insert("x" * 1_000_000).text) == LONGEST


@given(st.lists(st.one_of(st.sampled_from(sorted(KEYS)), st.text(max_size=5))))
def test_the_caret_never_leaves_the_text(keys: list[str]) -> None:
    typed = Typed()
    for key in keys:
        typed = KEYS[key](typed) if key in KEYS else typed.insert(key)
        assert 0 <= typed.caret <= len(typed.text)

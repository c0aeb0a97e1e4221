"""As many columns as fit, all of the width used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.tui.widgets.columns.columns import NARROWEST, STATUSES, widths_for


def test_the_drawn_board_has_four_columns_of_26_and_a_narrow_one() -> None:
    assert widths_for(120) == [26, 26, 26, 26, 12]


@pytest.mark.parametrize(("width", "count"), [(60, 2), (80, 3), (104, 4), (115, 4), (116, 5), (200, 5)])
def test_narrow_terminals_show_fewer_columns(width: int, count: int) -> None:
    assert len(widths_for(width)) == count


@given(width=st.integers(60, 500))
def test_the_columns_and_the_walls_between_them_fill_the_width(width: int) -> None:
    widths = widths_for(width)
    assert sum(widths) + len(widths) - 1 == width
    assert all(each >= NARROWEST for each in widths[: len(STATUSES) - 1])

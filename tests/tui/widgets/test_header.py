"""The strategy header: figures in few cells, never wider than the terminal, never a markup of the user's text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from tracker.storage.rows import Header
from tracker.tui.glyphs import PLAIN, bar
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.header.lines import (
    block_lines,
    chip_lines,
    field_lines,
    figures,
    fold_line,
    forecast_words,
    number,
    top_line,
)
from tracker.tui.widgets.painted import width_of

WIDTHS = (40, 60, 72, 80, 100, 119, 120, 160, 200, 320)


def text(line: tuple[tuple[str, str], ...]) -> str:
    return "".join(piece for piece, _ in line)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_line_fills_the_width_exactly(demo_header: Header, width: int) -> None:
    lines = [
        top_line(demo_header, width),
        fold_line(demo_header, width),
        *block_lines(demo_header, width),
        *chip_lines(demo_header, width),
    ]
    assert {width_of(line) for line in lines} == {width}


@pytest.mark.parametrize("width", WIDTHS)
def test_who_why_and_channels_are_never_wider_than_the_terminal(demo_header: Header, width: int) -> None:
    assert all(width_of(line) <= width for line in field_lines(demo_header, width))


def test_wide_characters_are_counted_in_cells(demo_header: Header) -> None:
    wide = demo_header._replace(strategy=demo_header.strategy._replace(title="戦略" * 60, who="🦄" * 200))
    assert width_of(top_line(wide, 120)) == 120
    assert width_of(field_lines(wide, 120)[0]) <= 120


@pytest.mark.parametrize(
    ("day", "folded", "unfolded"),
    [
        (19, "October 19/31", "day 19/31"), (0, "October begins in 1 day", "begins in 1 day"),
        (-2, "October begins in 3 days", "begins in 3 days"), (33, "October ended 2 days ago", "ended 2 days ago"),
    ],
)  # fmt: skip
def test_outside_the_cycle_it_says_how_far_away_that_is(
    demo_header: Header, day: int, folded: str, unfolded: str
) -> None:
    assert demo_header.cycle is not None
    header = demo_header._replace(cycle=demo_header.cycle._replace(day=day))
    assert f" {folded} " in text(fold_line(header, 140))
    assert f" {unfolded} " in text(top_line(header, 140))
    assert {width_of(top_line(header, width)) for width in WIDTHS} == set(WIDTHS)


def test_the_bar_shows_score_and_even_pace_like_the_drawn_screens() -> None:
    def drawn(score: str, expected: str) -> str:
        return text(bar(Decimal(score), Decimal(expected), 7, "", PLAIN))

    assert drawn("0.4", "0.6129") == "###.|.."
    assert drawn("0.675", "0.6129") == "####|.."
    assert drawn("0.2333", "0.4290") == "##.|..."
    assert drawn("1", "0.6129") == "####|##"


def test_a_bar_without_figures_is_empty_and_one_out_of_range_is_clamped() -> None:
    assert text(bar(None, None, 5, "", PLAIN)) == "....."
    assert text(bar(Decimal("-0.25"), Decimal("1"), 5, "", PLAIN)) == "....|"
    assert text(bar(Decimal("7"), Decimal("0"), 5, "", PLAIN)) == "|####"


def test_figures_read_the_way_the_key_result_points(demo_header: Header) -> None:
    assert [figures(row) for row in demo_header.key_results] == [
        "4/10", "27/40", "79→60", "70/300", "2230/2600", "1/4", "0.47≤0.5", "4.7≥4.6",
    ]  # fmt: skip
    between = demo_header.key_results[0]._replace(
        direction="maintain_between", target=Decimal(3), target_max=Decimal(5), value=None
    )
    assert figures(between) == "3≤-≤5"


def test_numbers_round_half_up_and_never_show_minus_zero() -> None:
    assert number(Decimal("0.125"), 2) == "0.13"
    assert number(Decimal("-0.001"), 2) == "0.00"
    assert number(Decimal("-0.25"), 2) == "-0.25"


def test_without_history_the_forecast_says_so(demo_header: Header) -> None:
    assert forecast_words(demo_header) == "6 of 28 open done by 31 Oct"
    assert forecast_words(demo_header._replace(forecast=None)) == "not enough history"


def test_the_fold_keeps_the_sign_of_every_key_result(demo_header: Header) -> None:
    for width in (80, 120, 200):
        assert "1! 2+ 3! 4x 5+ 6! 7+ 8?" in text(fold_line(demo_header, width))


def test_many_objectives_stop_at_a_bound_and_say_where_the_rest_is(demo_header: Header) -> None:
    crowded = demo_header._replace(objectives=demo_header.objectives * 5)
    lines = block_lines(crowded, 120)
    assert len(lines) == 9
    assert "S shows all 40 key results" in text(lines[-1])


def test_without_objectives_the_header_still_stands(demo_header: Header) -> None:
    empty = demo_header._replace(objectives=(), cycle=None, score=None, net_confidence=None)
    assert block_lines(empty, 120) == chip_lines(empty, 120) == []
    assert "no cycle" in text(top_line(empty, 120))


class Shown(App[None]):
    """A header above something."""

    CSS = "#below { height: 1fr; }"

    def __init__(self, header: Header) -> None:
        super().__init__()
        self.figures = header
        self.pressed: list[str] = []

    def compose(self) -> ComposeResult:
        yield StrategyHeader()
        yield Static("below", id="below", markup=False)

    def on_mount(self) -> None:
        self.query_one(StrategyHeader).show(self.figures)

    def on_strategy_header_key_result_pressed(self, message: StrategyHeader.KeyResultPressed) -> None:
        self.pressed.append(message.key_result)


def lines_of(header: StrategyHeader) -> list[str]:
    return [header.render_line(y).text for y in range(header.size.height)]


@pytest.mark.parametrize(("size", "height"), [((120, 36), 9), ((80, 24), 4), ((200, 50), 9), ((60, 15), 4)])
async def test_the_header_takes_few_lines_in_a_small_terminal(
    demo_header: Header, size: tuple[int, int], height: int
) -> None:
    async with Shown(demo_header).run_test(size=size) as pilot:
        await pilot.pause()
        assert pilot.app.query_one(StrategyHeader).size.height == height


async def test_folding_leaves_one_line_and_unfolding_brings_all_back(demo_header: Header) -> None:
    async with Shown(demo_header).run_test(size=(120, 36)) as pilot:
        header = pilot.app.query_one(StrategyHeader)
        header.toggle_fold()
        await pilot.pause()
        assert header.size.height == 1
        header.toggle_fold()
        await pilot.pause()
        assert header.size.height == 9


async def test_resizing_only_the_height_folds_the_blocks_away(demo_header: Header) -> None:
    async with Shown(demo_header).run_test(size=(120, 36)) as pilot:
        await pilot.resize_terminal(120, 24)
        await pilot.pause()
        assert pilot.app.query_one(StrategyHeader).size.height == 4


async def test_new_figures_of_the_same_shape_ask_for_no_layout(
    demo_header: Header, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Shown(demo_header).run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        header = pilot.app.query_one(StrategyHeader)
        asked: list[bool] = []
        monkeypatch.setattr(header, "refresh", lambda *_, layout=False, **__: asked.append(layout))
        header.show(demo_header._replace(score=Decimal("0.53")))
        assert asked == [False]
        header.show(demo_header._replace(score=Decimal("0.53")))
        assert asked == [False], "equal figures repaint nothing"


async def test_markup_and_escapes_in_titles_are_text(demo_header: Header) -> None:
    hostile = demo_header._replace(
        strategy=demo_header.strategy._replace(title="[red]x[/red]\x1b[31m\u202eevil\u200b\nline")
    )
    async with Shown(hostile).run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        first = lines_of(pilot.app.query_one(StrategyHeader))[0]
        assert "[red]x[/red][31mevil line" in first
        assert first.isprintable()


async def test_a_click_on_a_key_result_says_which(demo_header: Header) -> None:
    app = Shown(demo_header)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.click(StrategyHeader, offset=(50, 6))
        await pilot.click(StrategyHeader, offset=(3, 1))
        await pilot.pause()
        assert app.pressed == [demo_header.objectives[1].key_results[1].id]

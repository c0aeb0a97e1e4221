"""Text that scrolls, and the cursor that goes through its entries."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from tracker.tui.widgets.painted import width_of
from tracker.tui.widgets.text_view import Row, TextView, facts, headed, wrapped


@pytest.mark.parametrize("width", [8, 20, 40, 80])
def test_wrapped_text_stays_within_its_width_and_loses_nothing(width: int) -> None:
    text = "Der schnelle braune Fuchs 戦略を立てる会議 springt\n\nüber 🦄🦄 einen-sehr-langen-Zaun-ohne-Leerzeichen"
    rows = wrapped(text, width)
    assert all(width_of(row.line) <= width for row in rows)
    drawn = "".join(piece for row in rows for piece, _ in row.line)
    assert drawn.replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_a_text_of_a_megabyte_is_cut_and_says_so() -> None:
    rows = wrapped("word " * 200_000, 80)
    assert len(rows) < 400
    assert rows[-1].line[1][0] == "(and 980,000 characters more)"


def test_facts_line_up_and_empty_ones_are_a_dash() -> None:
    rows = facts([("due", "tomorrow"), ("owner", "")], 40, label_width=8)
    assert ["".join(piece for piece, _ in row.line) for row in rows] == [" due     tomorrow", " owner   -"]


def test_hostile_text_is_taken_as_text() -> None:
    rows = wrapped("[red]a[/red]\x1b[31m\u202eb", 80)
    assert rows[0].line[1][0] == "[red]a[/red][31mb"
    assert cell_len(headed("X", "\x1b[0m")[1].line[1][0]) == len("  [0m")


class Shown(App[None]):
    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self.rows = rows
        self.events: list[str] = []

    def compose(self) -> ComposeResult:
        yield TextView()

    def on_mount(self) -> None:
        self.query_one(TextView).show(lambda _: self.rows)

    def on_text_view_moved(self) -> None:
        self.events.append("moved")

    def on_text_view_opened(self) -> None:
        self.events.append("opened")


def entries(count: int) -> list[Row]:
    rows = [Row(((" heading", "head"),))]
    for number in range(count):
        rows += [Row(((f" entry {number}", "text"),), str(number)), Row((("   more of it", "muted"),), str(number))]
    return rows


async def test_the_cursor_goes_from_entry_to_entry_and_the_view_follows() -> None:
    app = Shown(entries(40))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        view = app.query_one(TextView)
        assert view.current == "0"
        for _ in range(20):
            view.move(1)
        assert view.current == "20"
        drawn = [view.render_line(y).text.strip() for y in range(10)]
        assert "entry 20" in drawn
        view.edge(last=True)
        assert view.current == "39"
        view.edge(last=False)
        assert view.current == "0"
        assert view.render_line(0).text.strip() == "heading"


async def test_without_entries_keys_scroll_and_stop_at_the_ends() -> None:
    app = Shown([Row(((f" line {number}", "text"),)) for number in range(30)])
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        view = app.query_one(TextView)
        view.move(1)
        assert view.render_line(0).text.strip() == "line 1"
        view.page(1)
        assert view.render_line(0).text.strip() == "line 9"
        view.edge(last=True)
        assert view.render_line(9).text.strip() == "line 29"
        view.move(5)
        assert view.render_line(9).text.strip() == "line 29"


async def test_the_cursor_stays_on_its_entry_when_the_content_changes() -> None:
    app = Shown(entries(10))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        view = app.query_one(TextView)
        view.go("5")
        app.rows = entries(8)
        view.show(lambda _: app.rows)
        assert view.current == "5"
        app.rows = entries(3)
        view.show(lambda _: app.rows)
        assert view.current == "2", "as near as there is"


async def test_a_click_puts_the_cursor_there_and_another_opens() -> None:
    app = Shown(entries(4))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        app.events.clear()
        await pilot.click(TextView, offset=(3, 5))
        await pilot.pause()
        assert app.query_one(TextView).current == "2"
        await pilot.click(TextView, offset=(3, 5))
        await pilot.pause()
        assert app.events == ["moved", "opened"]
        await pilot.click(TextView, offset=(3, 0))
        assert app.query_one(TextView).current == "2"

"""The sync screen: every key, runs that hold up nothing, conflicts settled, and what it says when something lacks."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from tests.sync.pretend import Pretend
from tests.tui.driving import burst, front, press, running, settle, shown
from tests.tui.screens.sync_driving import (
    PLACE,
    Gated,
    add,
    at_rest,
    connect,
    in_dispute,
    job,
    open_with,
    run,
    unsettled,
    until,
)
from textual.widgets import Input

from tracker.domain.errors import OutOfReach
from tracker.domain.links import WORST_FIRST
from tracker.services import board, sync, tasks
from tracker.services.workspace import Workspace
from tracker.storage import sync_rows
from tracker.tui.app import TrackerApp
from tracker.tui.screens import sync as screen_module
from tracker.tui.screens.board import BoardScreen
from tracker.tui.screens.help import MARKS
from tracker.tui.screens.sync import SyncScreen
from tracker.tui.screens.task import TaskScreen
from tracker.tui.widgets.columns.card import SYNC_SIGNS
from tracker.tui.widgets.detail.lines import SYNC_WORDS
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.text_view import TextView

__all__ = ["open_with"]
Give = Callable[[object], None]


def main(pilot: Any) -> TextView:
    view: TextView = pilot.app.screen.query_one("#main", TextView)
    return view


def activity(pilot: Any) -> str:
    return str(pilot.app.screen.query_one("#activity", TextView).text)


def notice(pilot: Any) -> str:
    return str(pilot.app.screen.query_one(Footer).notice)


@pytest.fixture
def there() -> Pretend:
    return Pretend()


@pytest.fixture
def ws(begun: Workspace) -> Workspace:
    connect(begun)
    return begun


# -- what is shown


async def test_the_board_opens_it_with_a_key_and_escape_leads_back(ws: Workspace) -> None:
    async with running(ws) as pilot:
        await press(pilot, "Y")
        assert front(pilot) is SyncScreen
        await press(pilot, "escape")
        assert front(pilot) is BoardScreen


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_without_a_connection_it_says_how_to_make_one(begun: Workspace, size: tuple[int, int]) -> None:
    async with running(begun, size, place="sync") as pilot:
        text = " ".join(shown(pilot).split())
        assert "tracker sync connect asana" in text
        assert "tracker sync connect wrike" in text
        assert "pip install 'strategy-tracker[sync]'" in text
        for key in ("p", "r", "s", "o", "t", "y", "w", "enter", "c", "l", "tab", "shift+tab", "u"):
            await press(pilot, key)
            assert front(pilot) is SyncScreen
            assert not pilot.app.screen.query(Input)
        await press(pilot, "r")
        assert "tracker sync connect asana" in notice(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_connection_says_which_way_where_and_how_it_stands(
    ws: Workspace, there: Pretend, size: tuple[int, int]
) -> None:
    unsettled(ws, there)
    add(ws, "Not sent yet")
    async with running(ws, size, place="sync") as pilot:
        text = shown(pilot)
        for words in ("1 connection, 3 to settle", "asana   both ways", PLACE, "last run 19 Oct", "changed here since"):
            assert words in text, words
        # who nobody there is
        await press(pilot, "G")
        assert "Oskar Brandt (oskar)" in main(pilot).text
        assert "tracker sync set asana people=match" in " ".join(main(pilot).text.split())


async def test_every_state_is_counted(ws: Workspace, there: Pretend) -> None:
    unsettled(ws, there)
    async with running(ws, place="sync") as pilot:
        text = pilot.app.screen.query_one("#connections", TextView).text
        lines = [" ".join(line.split()) for line in text.split("\n")]
        for words in (
            "≠ sync conflict 1", "∅ gone there 1", "↓ changed there 1", "? owner unknown there 1", "↑ waits for sync -",
            "↑ changed here -", "= synced -",
        ):  # fmt: skip
            assert words in lines, words


async def test_tab_goes_through_the_connections(ws: Workspace) -> None:
    connect(ws, "wrike-too", place="IEAB", place_name="Client work", direction="push")
    async with running(ws, place="sync") as pilot:
        view = pilot.app.screen.query_one("#connections", TextView)
        assert "▌ asana" in view.text
        await press(pilot, "tab")
        assert "▌ wrike-too (asana)   only there" in view.text
        await press(pilot, "tab")
        assert "▌ asana" in view.text
        await press(pilot, "shift+tab")
        assert "▌ wrike-too" in view.text


async def test_conflicts_stand_side_by_side(ws: Workspace, there: Pretend) -> None:
    task = in_dispute(ws, there)
    async with running(ws, (200, 50), place="sync") as pilot:
        lines = [" ".join(line.split()) for line in main(pilot).text.split("\n")]
        assert f"≠ {task} Write the short page sync conflict" in lines
        assert "last agreed here (o) there (t)" in lines
        assert "title Write the page Write the short page Write the long page" in lines
        assert "due day 2026-10-30 2026-10-28 2026-11-03" in lines
        assert "o ours counts   t theirs counts" in activity(pilot)


async def test_keys_move_the_cursor_and_enter_opens_the_task(ws: Workspace, there: Pretend) -> None:
    task = in_dispute(ws, there)
    async with running(ws, place="sync") as pilot:
        view = main(pilot)
        for key, at in (
            ("j", f"{task}/title"), ("down", f"{task}/due_on"), ("k", f"{task}/title"), ("up", task),
            ("G", f"{task}/due_on"), ("g", task), ("pagedown", f"{task}/due_on"), ("pageup", task),
        ):  # fmt: skip
            await press(pilot, key)
            assert view.current == at, key
        await press(pilot, "j", "enter")
        assert front(pilot) is TaskScreen
        await press(pilot, "escape", "H")
        assert front(pilot) is SyncScreen
        assert "WHO" in shown(pilot)


# -- plan


async def test_a_plan_is_shown_and_writes_nothing(ws: Workspace, there: Pretend, open_with: Give) -> None:
    task = in_dispute(ws, there)
    made, edited = add(ws, "Print the poster"), add(ws, "Call the printer")
    run(ws, there)
    fresh = add(ws, "Book the hall")
    tasks.edit_tasks(ws, [edited], {"priority": "high"})
    there.edit(there.one(made).id, title="Print the big poster")
    there.edit(there.one(task).id, title="Write the longest page")
    before = list(ws.store.connection.iterdump())
    open_with(there)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "p")
        await at_rest(pilot)
        text = [" ".join(line.split()) for line in main(pilot).text.split("\n")]
        for words in (
            "PLAN 4 tasks; nothing is written before r", f"{task} Write the short page",
            "title Write the short page | Write the longest page", f"{fresh} Book the hall",
            "status assigned, owner mara", "priority normal → high there",
            "title Print the poster → Print the big poster here",
        ):  # fmt: skip
            assert words in text, words
        assert "4 tasks planned; r does it" in activity(pilot)
        assert list(ws.store.connection.iterdump()) == before
        await press(pilot, "y")
        assert "copied the link: https://there/" in notice(pilot)
        await press(pilot, "enter")
        assert front(pilot) is TaskScreen


async def test_a_plan_with_nothing_to_do_says_so(ws: Workspace, there: Pretend, open_with: Give) -> None:
    add(ws, "Print the poster")
    run(ws, there)
    open_with(there)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "p")
        await at_rest(pilot)
        assert "Nothing to do: both sides hold the same." in main(pilot).text


# -- runs


async def test_a_run_is_done_and_its_log_follows_the_plan(ws: Workspace, there: Pretend, open_with: Give) -> None:
    task = add(ws, "Print the poster")
    open_with(there)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "p")
        await at_rest(pilot)
        await press(pilot, "r")
        await at_rest(pilot)
        assert there.one(task).title == "Print the poster"
        assert "asana: 1 made there" in activity(pilot)
        text = " ".join(main(pilot).text.split())
        assert "LOG OF RUNS" in text
        assert f"{task} made there" in text
        assert "= synced" in shown(pilot)
        await press(pilot, "c")
        assert "Nothing: both sides agree." in main(pilot).text
        await press(pilot, "l", "j")
        assert main(pilot).current == f"{task}#1:0"


async def test_keys_typed_ahead_of_the_screen_count(ws: Workspace, there: Pretend, open_with: Give) -> None:
    task = add(ws, "Print the poster")
    open_with(there)
    async with running(ws) as pilot:
        await burst(pilot, "Y", "r")
        await at_rest(pilot)
        assert there.one(task).title == "Print the poster"


async def test_a_slow_run_holds_up_no_key_on_any_screen(ws: Workspace, open_with: Give) -> None:
    task = add(ws, "Print the poster")
    slow = Gated()
    open_with(slow)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "r")
        assert slow.reached.wait(10)
        await settle(pilot)
        assert "asana running" in " ".join(activity(pilot).split())
        # on this screen
        await press(pilot, "l")
        assert "LOG OF RUNS" in main(pilot).text
        await press(pilot, "p")
        assert "A run is at work (asana); s stops it." in notice(pilot)
        await press(pilot, "r")
        assert "A run is at work" in notice(pilot)
        # on the board, reading and writing
        await press(pilot, "escape")
        assert front(pilot) is BoardScreen
        await press(pilot, ">")
        assert board.cards(ws, [task])[0].status == "doing"
        await press(pilot, "u")
        assert board.cards(ws, [task])[0].status == "assigned"
        assert job(pilot) is not None
        assert not slow.tasks
        # done while another screen is in front: its footer says so
        slow.gate.set()
        await at_rest(pilot)
        assert "sync with asana: 1 made there" in notice(pilot)
        assert slow.one(task).title == "Print the poster"
        assert slow.closed == 1
        await press(pilot, "Y")
        assert "asana: 1 made there" in activity(pilot)


async def test_progress_is_told_while_it_runs(ws: Workspace, open_with: Give) -> None:
    for number in range(3):
        add(ws, f"Task {number}")
    slow = Gated()
    open_with(slow)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "r")
        assert slow.reached.wait(10)
        slow.reached.clear()
        slow.gate.set()
        await until(pilot, lambda: bool(slow.tasks))
        await at_rest(pilot)
        assert len(slow.tasks) == 3
        assert "asana: 3 made there" in activity(pilot)


async def test_s_stops_a_run_safely_and_the_next_goes_on(ws: Workspace, open_with: Give) -> None:
    ids = [add(ws, f"Task {number}") for number in range(3)]
    slow = Gated()
    open_with(slow)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "s")
        assert "Nothing is at work." in notice(pilot)
        await press(pilot, "r")
        assert slow.reached.wait(10)
        await press(pilot, "s")
        assert "stopping after the task in hand" in activity(pilot)
        slow.gate.set()
        await at_rest(pilot)
        assert len(slow.tasks) < 3
        assert sync.log(ws)[0].outcome == "stopped"
        await press(pilot, "r")
        await at_rest(pilot)
        kept = sync.connection(ws, "asana")
        assert sorted(kept.task_of(each.reference) or "" for each in slow.tasks.values()) == sorted(ids)


async def test_leaving_the_program_stops_a_run(ws: Workspace, open_with: Give) -> None:
    for number in range(3):
        add(ws, f"Task {number}")
    slow = Gated()
    open_with(slow)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "r")
        assert slow.reached.wait(10)
        runs = cast(TrackerApp, pilot.app).syncing
        slow.gate.set()
    assert runs._thread is not None
    assert not runs._thread.is_alive()


async def test_many_deletions_are_asked_about(ws: Workspace, there: Pretend, open_with: Give) -> None:
    ids = [add(ws, f"Task {number}") for number in range(8)]
    run(ws, there)
    for task in ids:
        there.delete(there.one(task).id)
    open_with(there)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "r")
        await at_rest(pilot)
        assert "8 tasks were deleted there" in shown(pilot)
        await press(pilot, "n")
        assert not [each for each in sync.conflicts(ws) if each.state == "gone"]
        await press(pilot, "r", "y")
        await at_rest(pilot)
        assert len([each for each in sync.conflicts(ws) if each.state == "gone"]) == 8
        assert {card.status for card in board.cards(ws, ids)} == {"assigned"}


# -- settling


@pytest.mark.parametrize(("key", "title"), [("o", "Write the short page"), ("t", "Write the long page")])
async def test_one_key_settles_all_of_a_task(
    ws: Workspace, there: Pretend, open_with: Give, key: str, title: str
) -> None:
    task = in_dispute(ws, there)
    open_with(there)
    async with running(ws, place="sync") as pilot:
        await press(pilot, key)
        assert task in notice(pilot)
        assert "nothing to change" not in notice(pilot)
        assert not sync.conflicts(ws)
        assert "TO SETTLE" in main(pilot).text
        await press(pilot, "r")
        await at_rest(pilot)
    assert board.cards(ws, [task])[0].title == title
    assert there.one(task).title == title


async def test_one_field_is_settled_alone_and_the_other_waits(ws: Workspace, there: Pretend, open_with: Give) -> None:
    task = in_dispute(ws, there)
    open_with(there)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "j", "t")
        assert board.cards(ws, [task])[0].title == "Write the long page"
        assert [field.field for each in sync.conflicts(ws) for field in each.fields] == ["due_on"]
        await press(pilot, "G", "o")
        assert not sync.conflicts(ws)
        await press(pilot, "r")
        await at_rest(pilot)
    made = there.one(task)
    assert (made.title, str(made.due_on)) == ("Write the long page", "2026-10-28")


async def test_what_was_taken_is_undone_with_a_key(ws: Workspace, there: Pretend) -> None:
    task = in_dispute(ws, there)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "j", "t", "u")
        assert board.cards(ws, [task])[0].title == "Write the short page"
        await press(pilot, "U")
        assert board.cards(ws, [task])[0].title == "Write the long page"


async def test_a_task_that_is_gone_there_is_cancelled_or_made_anew(
    ws: Workspace, there: Pretend, open_with: Give
) -> None:
    first, second = add(ws, "Print the poster"), add(ws, "Call the printer")
    run(ws, there)
    for task in (first, second):
        there.delete(there.one(task).id)
    run(ws, there)
    open_with(there)
    async with running(ws, place="sync") as pilot:
        assert "o makes it anew there with the next run; t cancels it here." in main(pilot).text
        main(pilot).go(first)
        await press(pilot, "t")
        assert board.cards(ws, [first])[0].status == "cancelled"
        main(pilot).go(second)
        await press(pilot, "o", "r")
        await at_rest(pilot)
    assert there.one(second).title == "Call the printer"
    assert not there.of(first)


async def test_without_anything_to_settle_the_keys_say_so(ws: Workspace) -> None:
    async with running(ws, place="sync") as pilot:
        for key in ("o", "t"):
            await press(pilot, "l", key)
            assert "There is nothing to settle under the cursor." in notice(pilot)


async def test_what_is_not_known_yet_is_left_to_the_next_run(northlight: Workspace) -> None:
    async with running(northlight, place="sync") as pilot:
        assert "What stands there is not known here yet; the next run looks." in main(pilot).text
        await press(pilot, "t")
        assert "T-043 has nothing to settle" in notice(pilot)


# -- links


async def test_y_copies_the_link(ws: Workspace, there: Pretend) -> None:
    task = in_dispute(ws, there)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "j", "y")
        assert pilot.app.clipboard == there.one(task).url
        await press(pilot, "l", "j", "y")
        assert pilot.app.clipboard == there.one(task).url


@pytest.mark.parametrize("url", ["https://there/r1", "file:///etc/passwd", "javascript:alert(1)"])
async def test_w_opens_web_pages_alone(
    ws: Workspace, there: Pretend, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(screen_module, "has_window", lambda: True)
    task = add(ws, "Print the poster")
    run(ws, there)
    there.edit(there.one(task).id, url=url, status="s-paused")
    run(ws, there)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "w")
        if url.startswith("https:"):
            await until(pilot, lambda: opened == [url])
        else:
            assert opened == []
            assert "no address of a web page" in notice(pilot)


async def test_without_a_window_w_copies_the_link(
    ws: Workspace, there: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_module, "has_window", lambda: False)
    task = in_dispute(ws, there)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "w")
        assert pilot.app.clipboard == there.one(task).url


# -- what goes wrong


@pytest.mark.parametrize("key", ["p", "r"])
@pytest.mark.parametrize(
    "words",
    ["There is no token for asana. Set one with: tracker sync token asana",
     "Sync with asana needs httpx; install it with: pip install 'strategy-tracker[sync]'"],
)  # fmt: skip
async def test_what_lacks_is_said_with_what_to_do(ws: Workspace, open_with: Give, key: str, words: str) -> None:
    open_with(OutOfReach(words))
    async with running(ws, (80, 24), place="sync") as pilot:
        await press(pilot, key)
        await at_rest(pilot)
        assert words in " ".join(activity(pilot).split())
        await press(pilot, "c", "l", "j")
        assert front(pilot) is SyncScreen


async def test_a_refused_token_ends_in_one_line(ws: Workspace, there: Pretend, open_with: Give) -> None:
    add(ws, "Print the poster")
    there.next_faults["changes"] = [("before", "not allowed")]
    open_with(there)
    async with running(ws, place="sync") as pilot:
        await press(pilot, "r")
        await at_rest(pilot)
        assert "The token is not valid; run: tracker sync connect pretend" in " ".join(activity(pilot).split())
        await press(pilot, "r")
        await at_rest(pilot)
        assert "asana: 1 made there" in activity(pilot)


async def test_a_faulty_adapter_does_not_end_the_program_and_shows_nothing_it_holds(
    ws: Workspace, open_with: Give
) -> None:
    open_with(RuntimeError("Authorization: Bearer 1/secret"))
    async with running(ws, place="sync") as pilot:
        await press(pilot, "r")
        await at_rest(pilot)
        assert "RuntimeError" in activity(pilot)
        assert "secret" not in shown(pilot)
        await press(pilot, "escape", "Y")
        assert front(pilot) is SyncScreen


async def test_text_from_there_steers_nothing(ws: Workspace, there: Pretend, open_with: Give) -> None:
    task = in_dispute(ws, there)
    there.edit(there.one(task).id, title="[b]bold[/b]\x1b[31m red\u202e")
    open_with(there)
    async with running(ws, place="sync") as pilot:
        for key in ("p", "r", "c", "l"):
            await press(pilot, key)
            await at_rest(pilot)
            assert "\x1b" not in shown(pilot)
            assert "\u202e" not in shown(pilot)
            assert "[b]bold[/b]" in shown(pilot) or key in "rl", key


async def test_a_connection_that_is_disconnected_meanwhile_is_let_go(ws: Workspace, there: Pretend) -> None:
    in_dispute(ws, there)
    async with running(ws, place="sync") as pilot:
        sync.disconnect(ws, "asana")
        await press(pilot, "escape", "Y")
        assert "NO CONNECTION YET" in shown(pilot)


async def test_in_a_terminal_without_fine_characters_marks_are_plain(
    ws: Workspace, there: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TextView, "plain_glyphs", property(lambda _: True))
    in_dispute(ws, there)
    async with running(ws, place="sync") as pilot:
        assert "% sync conflict" in shown(pilot)
        assert main(pilot).text.isascii()


def test_only_browsers_with_a_window_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("lynx"))
    assert not screen_module.has_window()
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.BackgroundBrowser("firefox"))
    assert screen_module.has_window()


# -- marks elsewhere


async def test_card_and_task_say_how_the_counterpart_stands_and_where_it_is(ws: Workspace, there: Pretend) -> None:
    task = in_dispute(ws, there)
    async with running(ws, (200, 50)) as pilot:
        assert "sync conflict" in shown(pilot)
        cast(TrackerApp, pilot.app).open_task(task)
        await settle(pilot)
        assert f"asana: sync conflict, r1, {there.one(task).url}" in shown(pilot)
        await press(pilot, "y", "l")
        assert pilot.app.clipboard == there.one(task).url


@pytest.mark.parametrize("state", WORST_FIRST)
async def test_every_state_shows_on_card_and_task_and_is_explained(
    ws: Workspace, there: Pretend, state: str
) -> None:
    task = add(ws, "Print the poster")
    run(ws, there)
    with ws.store.snapshot() as connection:
        found = sync_rows.task_of(connection, "asana", task)
    assert found is not None
    assert found.link is not None
    with ws.writing("set the state") as tx:
        sync_rows.put_link(tx.connection, replace(found.link, state=state))
    async with running(ws) as pilot:
        below_title = shown(pilot).split("Print the poster", 1)[1].splitlines()[1]
        assert f"mara    --        {SYNC_SIGNS[state]}" in below_title
        assert SYNC_WORDS[state] in shown(pilot)
        assert any(SYNC_SIGNS[state] in sign for sign, words in MARKS if words.startswith("other tool"))
        await press(pilot, "enter")
        assert f"asana: {SYNC_WORDS[state]}, r1, https://there/r1" in shown(pilot)

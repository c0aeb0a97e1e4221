"""Text that means harm, put into the database past the program, is only ever text on the screen."""

from __future__ import annotations

import re

import pytest

from tests.end_to_end.machine import Machine, showing
from tests.terminal import Screen, Terminal

TITLES = {
    "T-043": "\x1b[31mred\x1b[2J\x1b[?1049l\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07 gone",
    "T-042": "[red]bold[/red] [@click=app.quit]quit[/] [link=x:y]z[/] [/] \\[",
    "T-027": "\u202eesrever \u2066iso\u2069 עברית שלום العربية",
    "T-044": "ze\u200bro\u200bwidth\u2060 \ufeffjoin\u00adhy",
    "T-030": "a\u0301e\u0301 " + "Z" + "\u0300" * 200 + " zalgo",
    "T-054": "👩‍👩‍👧‍👦 family 🏳️‍🌈 flag 🇩🇪 ❤️ 👍🏽 ok",
    "T-018": "日本語のタイトルを長くしておくと列がずれるか",
    "T-051": "x" * 100_000,
    "T-062": "tab\there\r\nline\x9b31mC1 \x85nel\u2028ls \x9d0;own\x9c",
    "T-032": "ＦＵＬＬ ｗｉｄｔｈ ﷽ ꧅ ௵ 각 각",
    "T-028": "नमस्ते தமிழ் ก็้ ไทย မြန်မာ",
}
MARKUP = "[b]\x1b[31m[@click=app.quit]M\u202e👍🏽"
WALL, RULE = "│", "─"

CHANGES: list[tuple[str, tuple[object, ...]]] = [
    *(("UPDATE task SET title = ? WHERE id = ?", (title, task)) for task, title in TITLES.items()),
    ("UPDATE task SET contribution = ?, notes = ?, blocked_reason = ? WHERE id = 'T-043'", (MARKUP,) * 3),
    ("UPDATE person SET name = ? WHERE id = 'lena'", (MARKUP,)),
    ("UPDATE key_result SET title = ? WHERE id = 'KR-08'", (MARKUP,)),
    ("UPDATE objective SET title = ? WHERE id = 'O-01'", (MARKUP,)),
    ("UPDATE strategy SET title = ?, who = ?, why = ?", (MARKUP,) * 3),
    ("UPDATE comment SET body = ?", (MARKUP,)),
]
FORBIDDEN = {
    "a colour of theirs": b"\x1b[31m", "a title of the window": b"owned\x07", "a copy to the clipboard": b"\x1b]52",
    "a cleared screen": b"\x1b[2J", "a direction turned round": "\u202e".encode(), "an isolate": "\u2066".encode(),
    "a space without width": "\u200b".encode(), "a C1 control": "\x9b".encode(), "a bare C1 control": b"\x9b31m",
    "a C1 string": "\x9d".encode(), "a joiner": "\u200d".encode(), "a null": b"\x00",
}  # fmt: skip


@pytest.fixture
def hostile_machine(northlight_machine: Machine) -> Machine:
    """The demo with such texts in all places, written by plain SQL, which cleans nothing."""
    northlight_machine.write(CHANGES)
    return northlight_machine


def walls(screen: Screen) -> list[tuple[int, ...]]:
    """The cells that walls between the columns of the board stand in, for each row of cards."""
    found = screen.find("DOING ")
    assert found, screen.text
    rows: list[tuple[int, ...]] = []
    for row in range(found[1], screen.rows):
        if screen.cell(0, row).text == RULE:
            return rows
        rows.append(tuple(column for column in range(screen.columns) if screen.cell(column, row).text == WALL))
    raise AssertionError(screen.text)


def assert_only_text(terminal: Terminal) -> None:
    """Nothing of the texts reached the terminal but letters, and the program still runs."""
    assert terminal.exit_code is None
    written = terminal.raw
    assert [what for what, sequence in FORBIDDEN.items() if sequence in written] == []
    assert terminal.screen.is_alternate
    assert b"Traceback" not in written


@pytest.mark.parametrize("size", [(120, 36), (200, 50), (80, 24)])
def test_on_the_board_columns_stay_aligned_and_nothing_is_interpreted(
    hostile_machine: Machine, size: tuple[int, int]
) -> None:
    terminal = hostile_machine.board(columns=size[0], rows=size[1])
    screen = terminal.settle()
    rows = walls(screen)
    assert len(rows) > 8
    assert len(rows[0]) >= 2
    assert set(rows) == {rows[0]}
    # through each card of the column once, and its detail
    terminal.press(*"jjjjjjjj")
    assert set(walls(terminal.settle())) == {rows[0]}
    assert_only_text(terminal)


def test_in_triage_every_row_keeps_to_the_headings(hostile_machine: Machine) -> None:
    terminal = hostile_machine.board()
    terminal.press("T")
    screen = terminal.wait_for("28 open tasks")
    screen = terminal.settle()
    heading = screen.find("KR st owner")
    assert heading
    stage, row = heading[0] + len("KR "), heading[1] + 1
    rows = [at for at in range(row, screen.rows) if re.match(r"[> ][* ] T-", screen.line(at))]
    assert len(rows) >= 20
    assert {screen.cell(stage, at).text for at in rows} <= set("ACD$.")
    assert {screen.cell(stage - 1, at).text + screen.cell(stage + 1, at).text for at in rows} == {"  "}
    terminal.press("a")
    terminal.wait_for("T-043 to")
    assert_only_text(terminal)


def test_a_task_and_its_form_show_the_letters(hostile_machine: Machine) -> None:
    terminal = hostile_machine.board()
    terminal.press("enter")
    terminal.wait_for(showing("T-043", "gone", "[b]", "[@click=app.quit]M"))
    terminal.press("e")
    terminal.wait_for(re.compile(r"Title +.*gone"))
    terminal.settle()
    assert_only_text(terminal)
    terminal.press("escape")
    terminal.wait_for("MESSAGES")
    terminal.press("escape")
    terminal.wait_for("BACKLOG")
    assert_only_text(terminal)


@pytest.mark.parametrize(("keys", "sign"), [
    (("a",), "nobody"),
    (("K",), "T-043 moves"),
    (("w", "r", "e", "d"), "T-043"),
    (("/", "r", "e", "d"), "search red"),
    ((":",), "Search for commands"),
    (("I",), "[b]"),
    (("S",), "[b]"),
], ids=["people", "key results", "other tasks", "search", "palette", "ideas", "strategy"])  # fmt: skip
def test_lists_and_questions_show_the_letters(hostile_machine: Machine, keys: tuple[str, ...], sign: str) -> None:
    hostile_machine.write([("UPDATE idea SET title = ?", (MARKUP,))])
    terminal = hostile_machine.board()
    for key in keys:
        terminal.press(key)
        terminal.settle(quiet=0.05)
    terminal.wait_for(sign)
    terminal.settle()
    assert_only_text(terminal)


def test_notices_and_conflicts_show_the_letters(hostile_machine: Machine) -> None:
    machine = hostile_machine
    terminal = machine.board()
    terminal.press("b")  # it is blocked, for a reason that is hostile; this frees it
    terminal.wait_for("unblock: T-043")
    terminal.press("b")
    terminal.wait_for("blocked by")
    machine.write([("UPDATE task SET blocked_reason = ? WHERE id = 'T-043'", (MARKUP,))])
    terminal.send("[red]why\x1b[31m[/]\r")
    terminal.wait_for(re.compile(r"theirs.*\[b\]"))
    assert_only_text(terminal)


def test_what_is_pasted_is_text(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    terminal.press("n")
    terminal.wait_for("new task")
    terminal.send("\x1b[200~Teaser\r\nq [red]\u202e \u200bx\x1b[201~")
    terminal.wait_for("Teaser q [red] x")
    terminal.send(" kr:1\r")
    terminal.wait_for("added T-063")
    assert northlight_machine.rows("SELECT title FROM task WHERE id = 'T-063'") == [("Teaser q [red] x",)]
    assert_only_text(terminal)

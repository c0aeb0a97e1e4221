"""What the program does to the terminal it runs in: colours, the way out, and nothing while nobody types."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import struct
import sys
import termios
import threading
import time
from pathlib import Path

import pytest

from tests.end_to_end.machine import STARTING, Machine, in_order
from tests.terminal import NotSeen, Terminal

COLOUR = re.compile(rb"\x1b\[(?:[0-9;:]*[;:])?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:[;:][0-9;:]*)?m")
"""A sequence that sets a colour (ECMA-48 30-38, 40-48, and 90-107 of most terminals); 39 and 49 take one away."""
IDLE_SECONDS = 1.2
"""Twice a blink of a caret and a look for others' changes."""

EVERYWHERE = (
    ("T", "TRIAGE"), ("a", "T-043 to"), ("escape", ""), ("escape", "BACKLOG"),
    ("enter", "MESSAGES"), ("e", "Contribution"), ("escape", ""), ("escape", "BACKLOG"),
    ("S", "STATEMENT"), ("escape", "BACKLOG"), ("?", "Next task"), ("escape", "BACKLOG"),
    ("ctrl+t", "BACKLOG"), ("space", "1 selected"), (":", "Search for commands"), ("a", "Search"),
)  # fmt: skip
"""Keys through all kinds of screens, each with what it brings."""


def walk(terminal: Terminal) -> None:
    """Through the screens."""
    for key, sign in EVERYWHERE:
        terminal.press(key)
        if sign:
            terminal.wait_for(sign)
        else:
            terminal.settle(quiet=0.05)


def test_no_color_means_none_at_all(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board(environment={"NO_COLOR": "1"})
    walk(terminal)
    assert COLOUR.findall(terminal.raw) == []
    # what is late, under the cursor or chosen is told by signs
    terminal.press("escape")
    screen = terminal.wait_for("12 Oct!")
    assert "●" in screen.text


def test_with_colour_the_same_way_has_some(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    walk(terminal)
    assert COLOUR.search(terminal.raw)


def test_a_dumb_terminal_is_told_what_to_use_instead(northlight_machine: Machine) -> None:
    for words in ((), ("demo",)):
        terminal = northlight_machine.start(*words, environment={"TERM": "dumb"})
        assert terminal.wait_for_exit(STARTING) == 2
        assert "TERM says 'dumb'" in terminal.text
        assert "tracker list" in " ".join(terminal.text.split())
        assert b"\x1b" not in terminal.raw


def test_without_a_terminal_it_says_so(northlight_machine: Machine) -> None:
    refused = northlight_machine.run(person="mara")
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert re.fullmatch(r"tracker: The board needs a terminal, and standard input is none\..*\n", refused.stderr)


WAYS_OUT: dict[str, tuple[tuple[str, ...], int | None, int]] = {
    # keys, or none and a signal; the exit code
    "q": (("escape", "q"), None, 0),
    "ctrl+q": (("ctrl+q",), None, 0),
    "ctrl+c": (("ctrl+c",), None, 0),
    "interrupted": ((), signal.SIGINT, 0),
    "asked to end": ((), signal.SIGTERM, 128 + signal.SIGTERM),
    "hung up": ((), signal.SIGHUP, 128 + signal.SIGHUP),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_every_way_out_leaves_terminal_and_database_in_order(northlight_machine: Machine, way: str) -> None:
    keys, number, code = WAYS_OUT[way]
    terminal = northlight_machine.board()
    terminal.press(">", "n")
    terminal.send("half a th")
    terminal.wait_for("new task half a th")
    for key in keys:
        terminal.press(key)
        if key == "escape":
            terminal.wait_until_gone("new task")
    if number is not None:
        terminal.signal(number)
    assert terminal.wait_for_exit() == code
    assert in_order(terminal), terminal.screen.modes
    assert b"Traceback" not in terminal.raw
    assert northlight_machine.rows("SELECT status FROM task WHERE id = 'T-043'") == [("review",)]
    assert northlight_machine.damage() == []


def test_a_window_that_is_closed_takes_the_program_with_it(northlight_machine: Machine, tmp_path: Path) -> None:
    ours, its = os.openpty()
    name = os.ttyname(its)
    variables = northlight_machine.variables({"TERM": "xterm-256color", "TRACKER_PERSON": "mara"})
    to_terminal = [(os.POSIX_SPAWN_OPEN, 0, name, os.O_RDWR, 0), *((os.POSIX_SPAWN_DUP2, 0, to) for to in (1, 2))]
    command = [sys.executable, "-m", "tracker"]
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    pid = os.posix_spawn(sys.executable, command, variables, setsid=True, file_actions=to_terminal)
    os.close(its)
    try:
        written = b""
        while b"REVIEW" not in written:
            written += os.read(ours, 65536)
        os.write(ours, b">")
    finally:
        os.close(ours)
    assert _exit_code(pid) == 128 + signal.SIGHUP
    assert northlight_machine.damage() == []


def _exit_code(pid: int, within: float = 20.0) -> int:
    """How a child of ours ended; it is killed when it does not."""
    pause, end = threading.Event(), time.monotonic() + within
    while time.monotonic() < end:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        pause.wait(0.02)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    raise AssertionError(f"still running {within:g} s after its terminal was gone")


def test_a_suspended_board_gives_the_terminal_back_and_comes_back_whole(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    shown = terminal.settle().text
    terminal.signal(signal.SIGTSTP)
    terminal.wait_for(lambda _: in_order(terminal))
    _wait_until_stopped(terminal.pid)
    terminal.signal(signal.SIGCONT)
    terminal.wait_for(lambda screen: screen.is_alternate and screen.text == shown)
    terminal.press("j")
    terminal.wait_for("T-042 Blog")


def _wait_until_stopped(pid: int, within: float = 30.0) -> None:
    """It stops a moment after its last byte, with none to tell of it."""
    pause, deadline = threading.Event(), time.monotonic() + within
    while Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < deadline, "it does not stop"
        pause.wait(0.01)


@pytest.mark.parametrize("keys", [(), ("T",), ("a",), (":",), ("e",), ("S",)], ids="+".join)
def test_nothing_is_written_while_nobody_types(northlight_machine: Machine, keys: tuple[str, ...]) -> None:
    terminal = northlight_machine.board()
    for key in keys:
        terminal.press(key)
    _stays_quiet(terminal)


def test_nothing_is_written_while_the_wizard_waits(machine: Machine) -> None:
    terminal = machine.start()
    terminal.wait_for("What is the goal", STARTING)
    _stays_quiet(terminal)


def _stays_quiet(terminal: Terminal) -> None:
    terminal.settle(quiet=0.5)
    before = terminal.bytes_out
    with pytest.raises(NotSeen, match="not seen within"):
        terminal.wait_for(lambda _: terminal.bytes_out > before, within=IDLE_SECONDS)

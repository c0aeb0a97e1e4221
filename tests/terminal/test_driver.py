"""The driver's own promises, tried with small programs."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.terminal import Answer, NotSeen, Screen, Terminal
from tests.terminal.driver import Chunk, replay

RAW = "import sys, tty; tty.setraw(0)\n"
ECHO_UNTIL_Q = RAW + (
    "print('ready', end='\\r\\n', flush=True)\n"
    "while (key := sys.stdin.buffer.raw.read(100)) != b'q': print(key, end='\\r\\n', flush=True)\n"
)


def python(program: str, **options: object) -> Terminal:
    return Terminal.spawn([sys.executable, "-c", program], **options)  # type: ignore[arg-type]


def test_the_program_has_a_terminal_of_the_asked_size() -> None:
    with python("import os; print(*os.get_terminal_size(), os.isatty(0), os.ctermid())", columns=91, rows=17) as seen:
        seen.wait_for("91 17 True /dev/tty")
        assert seen.wait_for_exit() == 0


def test_the_terminal_is_the_controlling_one() -> None:
    with python("import time\nopen('/dev/tty').close(); print('mine', flush=True); time.sleep(60)") as seen:
        seen.wait_for("mine")
        seen.press("ctrl+c")
        assert seen.wait_for_exit() == -signal.SIGINT
        assert "KeyboardInterrupt" in seen.text


def test_colours_and_language_are_a_modern_terminals_unless_said_otherwise() -> None:
    program = "import os; print(*(os.environ.get(n) for n in ('TERM', 'COLORTERM', 'COLUMNS', 'NO_COLOR')))"
    with python(program) as seen:
        seen.wait_for("xterm-256color truecolor None None")
    with python(program, environment={"TERM": "dumb", "COLORTERM": None, "NO_COLOR": "1"}) as seen:
        seen.wait_for("dumb None None 1")


@pytest.mark.parametrize(
    ("press", "arrives"),
    [
        (lambda t: t.press("j"), r"b'j'"),
        (lambda t: t.press("up", "enter"), r"b'\x1b[A\r'"),
        (lambda t: t.press("ctrl+a", "escape"), r"b'\x01\x1b'"),
        (lambda t: t.send("é"), r"b'\xc3\xa9'"),
        (lambda t: t.click(4, 2), r"b'\x1b[<0;5;3M\x1b[<0;5;3m'"),
        (lambda t: t.wheel(0, 0, -1), r"b'\x1b[<64;1;1M'"),
        (lambda t: t.drag((0, 0), (4, 2)), r"b'\x1b[<0;1;1M\x1b[<32;3;2M\x1b[<32;5;3M\x1b[<0;5;3m'"),
    ],
)
def test_keys_and_the_mouse_arrive_as_a_terminal_sends_them(
    press: Callable[[Terminal], float], arrives: str
) -> None:
    with python(ECHO_UNTIL_Q) as seen:
        seen.wait_for("ready")
        press(seen)
        seen.wait_for(arrives)
        seen.press("q")
        assert seen.wait_for_exit() == 0


def test_an_unknown_key_is_named() -> None:
    with python(ECHO_UNTIL_Q) as seen, pytest.raises(ValueError, match="'hyper\\+x'"):
        seen.press("hyper+x")


def test_a_resize_reaches_the_program_and_the_screen() -> None:
    program = (
        "import os, signal\n"
        "signal.signal(signal.SIGWINCH, lambda *_: print(*os.get_terminal_size(), flush=True))\n"
        "print('ready', flush=True)\nwhile True: signal.pause()"
    )
    with python(program, columns=80, rows=24) as seen:
        seen.wait_for("ready")
        seen.resize(200, 50)
        screen = seen.wait_for("200 50")
        assert (screen.columns, screen.rows) == (200, 50)


def test_waiting_ends_at_the_deadline_and_shows_the_screen() -> None:
    with python("import time\nprint('only this', flush=True); time.sleep(60)") as seen:
        seen.wait_for("only this")
        with pytest.raises(NotSeen, match=r"(?s)not seen within 0.05 s: 'more'.*only this"):
            seen.wait_for("more", within=0.05)


def test_waiting_ends_when_the_program_does() -> None:
    with python("print('bye'); raise SystemExit(3)") as seen:
        began = time.perf_counter()
        with pytest.raises(NotSeen, match=r"(?s)the program ended \(3\).*bye"):
            seen.wait_for("never", within=60)
        assert time.perf_counter() - began < 30
        assert seen.exit_code == 3


def test_patterns_functions_and_absence_can_be_waited_for() -> None:
    program = RAW + "print('one', end='', flush=True); sys.stdin.read(1); print('\\rtwo', end='', flush=True)"
    with python(program) as seen:
        seen.wait_for(re.compile("o.e"))
        seen.press("x")
        seen.wait_until_gone("one")
        seen.wait_for(lambda screen: screen.line(0) == "two")


def test_settling_waits_for_a_pause_in_the_output() -> None:
    program = "import time\nfor n in range(20): print(n, flush=True); time.sleep(.01)\nprint('last', flush=True)\n" + (
        "time.sleep(60)"
    )
    with python(program) as seen:
        seen.wait_for("0")
        assert "last" in seen.settle(quiet=1.0).text


def test_settling_gives_up_on_a_program_that_never_pauses() -> None:
    with python("while True: print('x', flush=True)") as seen, pytest.raises(NotSeen, match="still writing"):
        seen.settle(quiet=0.5, within=0.2)


def test_an_answer_ends_with_the_last_change_and_counts_every_byte() -> None:
    program = RAW + (
        "import time\nprint('ready', end='', flush=True)\n"
        "while sys.stdin.read(1) != 'q':\n"
        "    print('\\rone', end='', flush=True); time.sleep(.05)\n"
        "    print('\\rtwo', end='', flush=True); time.sleep(.05)\n"
        "    print('\\rtwo', end='', flush=True)\n"  # the same once more: no change
    )
    with python(program) as seen:
        seen.wait_for("ready")
        began = time.perf_counter()
        answer = seen.answer("x", quiet=0.5)
        assert answer.after_s is not None
        assert 0.05 <= answer.after_s < seen.chunks[-1].at - began
        assert answer.size == 3 * len("\rtwo")
        assert "two" in seen.text


def test_keys_that_change_nothing_have_no_time() -> None:
    with python(RAW + "print('ready', end='', flush=True)\nwhile sys.stdin.read(1) != 'q': pass") as seen:
        seen.wait_for("ready")
        assert seen.answer("x", quiet=0.05) == Answer(None, 0)


def test_every_byte_is_counted_and_stamped_even_when_nobody_looks() -> None:
    big = 300_000  # far more than a pseudo-terminal holds: a program nobody read would hang
    with python(RAW + f"sys.stdout.write('y' * {big})") as seen:
        assert seen.wait_for_exit() == 0
        assert seen.bytes_out == big == len(seen.raw)
        stamps = [chunk.at for chunk in seen.chunks]
        assert stamps == sorted(stamps)
        assert stamps[-1] <= time.perf_counter()


def test_the_query_for_synchronised_output_is_answered_as_asked() -> None:
    ask = RAW + (
        "import select\nprint(end='\\x1b[?2026$p', flush=True)\n"
        "print(select.select([0], [], [], {wait})[0] and sys.stdin.buffer.raw.read(100))"
    )
    with python(ask.format(wait=30)) as seen:
        seen.wait_for(r"b'\x1b[?2026;2$y'")
    with python(ask.format(wait=0.1), answers=False) as seen:
        seen.wait_for("[]")


def test_closing_ends_the_program_and_nothing_else() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        terminal = python("import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\nprint('up', flush=True)\n"
                          "signal.pause()")
        terminal.wait_for("up")
        terminal.close()
        terminal.close()
        assert terminal.exit_code == -signal.SIGKILL
        assert other.poll() is None
        other.kill()


def test_an_ended_program_is_not_signalled_again() -> None:
    with python("pass") as seen:
        assert seen.wait_for_exit() == 0
        seen.signal(signal.SIGKILL)
        assert seen.exit_code == 0
        with pytest.raises(ChildProcessError):
            os.waitpid(seen.pid, os.WNOHANG)


def test_a_command_that_does_not_exist_is_an_error_and_leaves_no_file_open() -> None:
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    with pytest.raises(FileNotFoundError):
        Terminal.spawn(["/no/such/program"])
    assert not before or len(os.listdir("/proc/self/fd")) == before


def test_the_screen_knows_colours_width_and_places() -> None:
    screen = Screen(20, 3)
    screen.feed("日本 \x1b[1;38;2;255;0;16mred\x1b[0m\r\n\x1b[7mback".encode())
    assert screen.lines == ["日本 red", "back", ""]
    assert screen.find("red") == (5, 0)
    assert screen.find("blue") is None
    red = screen.cell(5, 0)
    assert (red.text, red.foreground, red.bold) == ("r", "ff0010", True)
    assert screen.cell(0, 1).reverse
    assert screen.cursor == (4, 1)


def test_marks_that_take_no_cell_move_nothing() -> None:
    screen = Screen(20, 1)
    screen.feed("नमस्ते e\u0301 தமிழ்|end".encode())
    assert screen.find("|end") == (10, 0)


@pytest.mark.parametrize("cut", range(1, 40))
def test_sequences_cut_anywhere_are_read_whole(cut: int) -> None:
    written = "\x1b[?1049h\x1b[>25u\x1b[?2026h\x1b[2;3Hé!\x1b[<u\x1b[?2026l".encode()
    screen = Screen(10, 3)
    screen.feed(written[:cut])
    screen.feed(written[cut:])
    assert screen.lines == ["", "  é!", ""]
    assert screen.is_alternate
    assert screen.modes == {b"1049"}


def test_a_replay_tells_which_bytes_changed_a_cell() -> None:
    chunks = [Chunk(n, data) for n, data in enumerate([b"hi", b"\rhi", b"\x1b[1m", b"\r\x1b[7mh", b"\x1b[5;1Hx"])]
    assert [changed for _, changed in replay(chunks, Screen(10, 5))] == [True, False, False, True, True]

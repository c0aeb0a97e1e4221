"""A program in a pseudo-terminal: started, typed at, read and ended.

A thread reads what the program writes as it comes, and stamps it, so that the program never waits for us and a time
is not the emulator's. The emulator gets its bytes when somebody looks at the screen.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.terminal import keys
from tests.terminal.emulator import Screen

Wanted = str | re.Pattern[str] | Callable[[Screen], bool]

_ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
# "Do you know synchronised output?" Most terminals of today answer "yes, it is off" (DECRQM, mode 2026).
_ASKED_FOR_SYNC = b"\x1b[?2026$p"
_KNOWS_SYNC = b"\x1b[?2026;2$y"
_READ_AT_ONCE = 65536
# Only a failing test waits so long; a machine that does much else at the same time must not fail one.
_PATIENCE_S = 30.0
_POLL_S = 0.002


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes that came together, and when (`time.perf_counter`)."""

    at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class _Resized:
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of some keys, up to a pause in the output."""

    after_s: float | None
    """From the keys to the last byte that changed a cell, in seconds; None when no cell changed."""
    size: int
    """Bytes written."""


class _Slave:
    """The program's end of the terminal, opened only to count what it has not read yet."""

    def __init__(self, name: str) -> None:
        self._descriptor = os.open(name, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)

    def unread(self) -> int:
        """Bytes typed and not read."""
        return int(struct.unpack("i", fcntl.ioctl(self._descriptor, termios.FIONREAD, b"\0" * 4))[0])

    def close(self) -> None:
        os.close(self._descriptor)


class NotSeen(AssertionError):
    """What was waited for did not come in time; the message shows the screen."""


class Terminal:
    """One program and the terminal it runs in. Use `spawn`, best in a `with`: leaving it ends the program."""

    def __init__(self, pid: int, master: int, name: str, columns: int, rows: int, *, answers: bool) -> None:
        self.pid = pid
        self._master = master
        self._name = name
        self._answers = answers
        self._arrived = threading.Condition()
        self._log: list[Chunk | _Resized] = []
        self._fed = 0
        self._bytes = 0
        self._status: int | None = None
        self._closed = False
        self._screen = Screen(columns, rows)
        self._reader = threading.Thread(target=self._read, name=f"terminal of {pid}", daemon=True)

    @classmethod
    def spawn(
        cls,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 36,
        environment: Mapping[str, str | None] | None = None,
        answers: bool = True,
    ) -> Self:
        """Start `command` (its first word is looked up on PATH) with a terminal of this size as its own.

        `environment` is laid over ours, None takes a variable away; TERM is xterm-256color in 24-bit colour unless
        it says otherwise. `answers`: reply to the query for synchronised output as modern terminals do.
        """
        master, slave = pty.openpty()
        _set_size(master, columns, rows)
        terminal_name = os.ttyname(slave)
        try:
            # Opening a terminal without O_NOCTTY in a new session makes it the controlling one; posix_spawn forks
            # no threads of ours and costs the child no time before its exec.
            pid = os.posix_spawnp(
                command[0], list(command), _environment(environment), setsid=True,
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, terminal_name, os.O_RDWR, 0),
                    (os.POSIX_SPAWN_DUP2, 0, 1),
                    (os.POSIX_SPAWN_DUP2, 0, 2),
                ],
            )
        except BaseException:
            os.close(master)
            raise
        finally:
            # Held until the child has its own: a terminal that nobody has open reads as ended.
            os.close(slave)
        terminal = cls(pid, master, terminal_name, columns, rows, answers=answers)
        terminal._reader.start()
        return terminal

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- what the person does -------------------------------------------------------------------------------------

    def send(self, text: str | bytes) -> float:
        """Write `text` to the program as if typed or pasted; when it was written (`time.perf_counter`)."""
        data = text.encode() if isinstance(text, str) else text
        sent_at = time.perf_counter()
        while data:
            data = data[os.write(self._master, data):]
        return sent_at

    def press(self, *names: str) -> float:
        """Press keys one after the other (`tests.terminal.keys.key` has the names)."""
        return self.send("".join(keys.key(name) for name in names))

    def click(self, column: int, row: int) -> float:
        """Press and release the left button on a cell."""
        return self.send(keys.click(column, row))

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> float:
        """Pull from one cell to another with the left button."""
        return self.send(keys.drag(start, end))

    def wheel(self, column: int, row: int, clicks: int = 1) -> float:
        """Turn the wheel down over a cell; up when negative."""
        return self.send(keys.wheel(column, row, clicks))

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the program is told by SIGWINCH."""
        with self._arrived:
            self._log.append(_Resized(columns, rows))
        _set_size(self._master, columns, rows)

    def wait_until_read(self, within: float = _PATIENCE_S) -> None:
        """Wait until the program has taken everything typed so far: a new size is told beside the keys, not after them.

        Raises:
            NotSeen: something typed is still waiting after so many seconds.
        """
        deadline = time.perf_counter() + within
        with contextlib.closing(_Slave(self._name)) as slave:
            while slave.unread():
                if time.perf_counter() > deadline:
                    raise NotSeen(self._describe(f"keys not read within {within:g} s"))
                threading.Event().wait(_POLL_S)

    # -- what the person sees -------------------------------------------------------------------------------------

    @property
    def screen(self) -> Screen:
        """The screen as of now."""
        for entry in self._take():
            if isinstance(entry, Chunk):
                self._screen.feed(entry.data)
            else:
                self._screen.resize(entry.columns, entry.rows)
        return self._screen

    @property
    def lines(self) -> list[str]:
        """The text of every row as of now."""
        return self.screen.lines

    @property
    def text(self) -> str:
        """All of the screen's text as of now."""
        return self.screen.text

    @property
    def bytes_out(self) -> int:
        """How many bytes the program has written so far."""
        return self._bytes

    @property
    def chunks(self) -> list[Chunk]:
        """Everything the program has written so far, in the pieces and at the times it came."""
        with self._arrived:
            return [entry for entry in self._log if isinstance(entry, Chunk)]

    @property
    def raw(self) -> bytes:
        """Every byte the program has written so far."""
        return b"".join(chunk.data for chunk in self.chunks)

    def wait_for(self, wanted: Wanted, within: float = _PATIENCE_S) -> Screen:
        """Wait until the screen has a text, matches a pattern, or makes a function true.

        Raises:
            NotSeen: it did not within so many seconds, or the program ended first.
        """
        deadline = time.perf_counter() + within
        while True:
            seen, ended = len(self._log), self._closed
            if _holds(wanted, self.screen):
                return self._screen
            if ended:
                raise NotSeen(self._describe(f"the program ended ({self.exit_code}) before {_name(wanted)}"))
            with self._arrived:
                left = deadline - time.perf_counter()
                if not self._arrived.wait_for(lambda: len(self._log) > seen or self._closed, max(left, 0)):  # noqa: B023
                    raise NotSeen(self._describe(f"not seen within {within:g} s: {_name(wanted)}"))

    def wait_until_gone(self, unwanted: str | re.Pattern[str], within: float = _PATIENCE_S) -> Screen:
        """Wait until a text or pattern is no longer on the screen.

        Raises:
            NotSeen: it still is after so many seconds, or the program ended first.
        """
        return self.wait_for(lambda screen: not _holds(unwanted, screen), within)

    def settle(self, quiet: float = 0.15, within: float = _PATIENCE_S) -> Screen:
        """Wait until the program has written nothing for `quiet` seconds, counted from now.

        Raises:
            NotSeen: it never paused so long.
        """
        self._wait_for_pause(quiet, within)
        return self.screen

    def answer(self, text: str, quiet: float = 0.15, within: float = _PATIENCE_S) -> Answer:
        """Type `text` and say how long the screen went on changing: times are those of the bytes' arrival.

        Raises:
            NotSeen: the program never paused for `quiet` seconds.
        """
        screen = self.screen
        typed_at = self.send(text)
        self._wait_for_pause(quiet, within)
        fresh = self._take()
        chunks = [entry for entry in fresh if isinstance(entry, Chunk)]
        changes = [chunk.at for chunk, changed in replay(chunks, screen) if changed]
        return Answer(changes[-1] - typed_at if changes else None, sum(len(chunk.data) for chunk in chunks))

    def _wait_for_pause(self, quiet: float, within: float) -> None:
        began = time.perf_counter()
        with self._arrived:
            while not self._closed:
                last = max(began, self._last_arrival())
                if (left := last + quiet - time.perf_counter()) <= 0:
                    break
                if time.perf_counter() - began > within:
                    raise NotSeen(self._describe(f"still writing after {within:g} s"))
                self._arrived.wait(left)

    # -- the end ----------------------------------------------------------------------------------------------------

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative: the signal that ended it."""
        return None if self._status is None else os.waitstatus_to_exitcode(self._status)

    def wait_for_exit(self, within: float = _PATIENCE_S) -> int:
        """Wait until the program has ended, and say how.

        Raises:
            NotSeen: it still runs after so many seconds.
        """
        with self._arrived:
            if not self._arrived.wait_for(lambda: self._status is not None, within):
                raise NotSeen(self._describe(f"still running after {within:g} s"))
        code = self.exit_code
        assert code is not None
        return code

    def signal(self, number: int) -> None:
        """Send a signal to the program itself; nothing when it has ended."""
        with self._arrived:
            if self._status is None:
                os.kill(self.pid, number)

    def close(self) -> None:
        """End the program if it still runs, and give the terminal back. Safe to call twice."""
        self.signal(signal.SIGKILL)
        self._reader.join()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    # -- inside -----------------------------------------------------------------------------------------------------

    def _take(self) -> list[Chunk | _Resized]:
        with self._arrived:
            fresh = self._log[self._fed:]
            self._fed = len(self._log)
        return fresh

    def _read(self) -> None:
        while data := _read_some(self._master):
            at = time.perf_counter()
            with self._arrived:
                self._log.append(Chunk(at, data))
                self._bytes += len(data)
                self._arrived.notify_all()
            if self._answers and _ASKED_FOR_SYNC in data:
                with contextlib.suppress(OSError):
                    os.write(self._master, _KNOWS_SYNC)
        self._reap()

    def _reap(self) -> None:
        # The pid is ours until it is reaped, so reaping and signalling exclude each other.
        pause = threading.Event()
        while True:
            with self._arrived:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    self._status = status
                    self._closed = True
                    self._arrived.notify_all()
                    return
            pause.wait(0.005)

    def _last_arrival(self) -> float:
        return next((entry.at for entry in reversed(self._log) if isinstance(entry, Chunk)), 0.0)

    def _describe(self, what: str) -> str:
        screen = self.screen
        frame = "-" * screen.columns
        return "\n".join([what, frame, screen.text.rstrip("\n"), frame])


def _read_some(master: int) -> bytes:
    try:
        return os.read(master, _READ_AT_ONCE)
    except OSError:  # EIO: nobody has the other end open any more
        return b""


def _environment(over: Mapping[str, str | None] | None) -> dict[str, str]:
    laid: dict[str, str | None] = {**os.environ, **_ENVIRONMENT, **(over or {})}
    for sized in ("COLUMNS", "LINES"):
        if sized not in (over or {}):
            laid[sized] = None
    return {name: value for name, value in laid.items() if value is not None}


def _set_size(master: int, columns: int, rows: int) -> None:
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _holds(wanted: Wanted, screen: Screen) -> bool:
    if isinstance(wanted, str):
        return wanted in screen.text
    if isinstance(wanted, re.Pattern):
        return wanted.search(screen.text) is not None
    return wanted(screen)


def _name(wanted: Wanted) -> str:
    if isinstance(wanted, re.Pattern):
        return f"/{wanted.pattern}/"
    return repr(wanted) if isinstance(wanted, str) else getattr(wanted, "__name__", "the condition")


def replay(chunks: Sequence[Chunk], screen: Screen) -> Iterator[tuple[Chunk, bool]]:
    """Feed chunks one by one; each with whether a cell of the screen looks different after it."""
    before = [screen.row_cells(row) for row in range(screen.rows)]
    screen.changed_rows()
    for chunk in chunks:
        screen.feed(chunk.data)
        changed = False
        for row in screen.changed_rows():
            cells = screen.row_cells(row)
            changed = changed or cells != before[row]
            before[row] = cells
        yield chunk, changed

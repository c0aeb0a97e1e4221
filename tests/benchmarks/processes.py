"""Other programs: run whole, or looked at while they run (Linux's /proc)."""

from __future__ import annotations

import contextlib
import math
import os
import re
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024
_KIB_FIELD = re.compile(r"^(\w+):\s+(\d+) kB", re.MULTILINE)


class WentWrong(Exception):
    """A measured program did not do what it should."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one whole run took."""

    wall_s: float
    """From exec to the end of the process."""
    cpu_s: float
    """User and system time of the process."""
    peak_mib: float
    """The most memory it held resident, looked at a hundred times a second; NaN when it was over before."""


def tracker_command() -> list[str]:
    """The installed command beside this interpreter, as users start it; else the module."""
    installed = Path(sys.executable).with_name("tracker")
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "tracker"]


_OURS = ("TRACKER_", "PYTHON")
"""What users do not have set: a build server's PYTHONDONTWRITEBYTECODE alone would double every time."""


def environment_for(database: Path, today: str, person: str) -> dict[str, str]:
    """Our environment with this workspace in it, and no settings of the user's or of the interpreter's."""
    nowhere = str(database.parent / "no-settings")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(_OURS)},
        "TRACKER_DB": str(database), "TRACKER_TODAY": today, "TRACKER_PERSON": person,
        "XDG_CONFIG_HOME": nowhere, "XDG_STATE_HOME": nowhere, "XDG_DATA_HOME": nowhere, "XDG_CACHE_HOME": nowhere,
    }


def run_whole(command: Sequence[str], environment: Mapping[str, str], *, output: Path | None = None) -> Run:
    """Run a command to its end, its output thrown away; or written to a file, and its memory watched.

    Raises:
        WentWrong: it ended with another code than 0; what it said is in the message.
    """
    program = shutil.which(command[0]) or command[0]
    errors = Path(os.devnull) if output is None else output.with_suffix(".stderr")
    writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(output or os.devnull), writing, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, str(errors), writing, 0o600),
    ]
    began = time.perf_counter()
    pid = os.posix_spawn(program, list(command), dict(environment), file_actions=actions)
    peak = _watch(pid) if output else math.nan
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - began
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        said = errors.read_text(errors="replace") if output else "run it by hand to see why"
        raise WentWrong(f"{' '.join(command)} ended with {code}: {said}")
    return Run(wall, used.ru_utime + used.ru_stime, peak)


def _watch(pid: int) -> float:
    # The kernel's ru_maxrss would not do: it begins with what this process held when it forked.
    peak = math.nan
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        with contextlib.suppress(KeyError, OSError):  # it has just ended
            peak = peak_mib(pid)
        time.sleep(0.01)
    return peak


def peak_mib(pid: int) -> float:
    """The most memory a running process ever held resident."""
    return _kib(Path(f"/proc/{pid}/status"))["VmHWM"] / 1024


def proportional_mib(pid: int) -> float:
    """The memory it holds now, shared pages counted by its share of them."""
    return _kib(Path(f"/proc/{pid}/smaps_rollup"))["Pss"] / 1024


def cpu_seconds(pid: int) -> float:
    """Time its threads have run so far, to the nanosecond (user and system time count in ticks of 10 ms)."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def _kib(path: Path) -> dict[str, int]:
    return {name: int(value) for name, value in _KIB_FIELD.findall(path.read_text())}

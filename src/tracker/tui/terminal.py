"""What the terminal can draw, as far as its surroundings tell: Textual itself always says that it draws everything."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Mapping
from functools import cache

VARIABLE = "TRACKER_ASCII"
"""1: ASCII signs whatever the terminal is; 0: never."""

POOR = frozenset({"linux", "dumb", "vt100", "vt102", "vt220"})
"""Values of TERM of terminals whose fonts lack the signs: the Linux console draws 256 or 512 characters at most."""

SIGNS = str.maketrans("━╌┃─│┼┬┴→←↑↓≤≥…✓▲▽╎≠∅●·•▌▓▒░█■□×–—‘’“”", "=.|-||--><^v<>~v^v:%0*..>#=:##.x--''\"\"")
"""For every sign that is drawn an ASCII one of the same width."""


def draws_ascii_only(environment: Mapping[str, str], encoding: str) -> bool:
    """Whether a terminal in this environment, with a locale of this encoding, is drawn with ASCII signs."""
    wish = environment.get(VARIABLE, "").strip()
    if wish:
        return wish != "0"
    return environment.get("TERM", "") in POOR or not encoding.lower().replace("-", "").startswith("utf")


@cache
def is_plain() -> bool:
    """Whether this process draws ASCII signs; asked for with every line, so it is found out once."""
    # Windows names the code page of old programs here; its terminals are written to in Unicode
    return draws_ascii_only(os.environ, "utf-8" if sys.platform == "win32" else locale.getencoding())

"""What a terminal sends for a key or a mouse action (xterm's sequences; mouse in SGR form, cells from 0)."""

from __future__ import annotations

_NAMED = {
    "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "escape": "\x1b", "space": " ", "backspace": "\x7f",
    "delete": "\x1b[3~", "insert": "\x1b[2~", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~",
    "shift+up": "\x1b[1;2A", "shift+down": "\x1b[1;2B", "shift+right": "\x1b[1;2C", "shift+left": "\x1b[1;2D",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f8": "\x1b[19~",
    "f10": "\x1b[21~",
}
LEFT, MIDDLE, RIGHT = 0, 1, 2
_MOVING = 32
_WHEEL_UP, _WHEEL_DOWN = 64, 65


def key(name: str) -> str:
    """The characters of one key: a name above, `ctrl+LETTER`, or the character itself.

    Raises:
        ValueError: there is no such key.
    """
    if name in _NAMED:
        return _NAMED[name]
    if name.startswith("ctrl+") and len(name) == len("ctrl+x"):
        return chr(ord(name[-1].upper()) & 0x1F)
    if len(name) == 1:
        return name
    raise ValueError(f"no key is called {name!r}; a character, ctrl+LETTER or one of {', '.join(_NAMED)}")


def click(column: int, row: int, button: int = LEFT) -> str:
    """A press and a release at a cell."""
    return _mouse(button, column, row) + _mouse(button, column, row, released=True)


def drag(start: tuple[int, int], end: tuple[int, int], button: int = LEFT) -> str:
    """A press at `start`, the pointer pulled to `end` half-way and whole, a release there."""
    half_way = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
    moves = "".join(_mouse(button + _MOVING, *place) for place in (half_way, end))
    return _mouse(button, *start) + moves + _mouse(button, *end, released=True)


def wheel(column: int, row: int, clicks: int) -> str:
    """The wheel turned down by so many clicks over a cell; up when negative."""
    return _mouse(_WHEEL_DOWN if clicks > 0 else _WHEEL_UP, column, row) * abs(clicks)


def _mouse(code: int, column: int, row: int, *, released: bool = False) -> str:
    return f"\x1b[<{code};{column + 1};{row + 1}{'m' if released else 'M'}"

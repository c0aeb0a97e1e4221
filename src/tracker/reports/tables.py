"""Small tables of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.reports.ink import Ink, cells, cut, padded, shown


def table_lines(
    rows: Sequence[Sequence[str]], header: Sequence[str], *, width: int | None, ink: Ink
) -> Iterator[str]:
    """Rows under a heading; without a terminal (`width` None) there is no heading, and nothing is cut."""
    plain = [[shown(cell) or "-" for cell in row] for row in rows]
    if not plain:
        return
    measured = plain if width is None else [list(header), *plain]
    widths = [max(cells(row[place]) for row in measured) for place in range(len(header))]
    if width is not None:
        yield ink.dim(_line(header, widths, width))
    for row in plain:
        yield _line(row, widths, width)


def _line(row: Sequence[str], widths: Sequence[int], width: int | None) -> str:
    line = "  ".join([*(padded(cell, room) for cell, room in zip(row[:-1], widths, strict=False)), row[-1]])
    return line if width is None else cut(line, width)

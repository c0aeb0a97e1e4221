"""Full-text search on an index: prefixes, without regard to case and accents, ranked, bounded at any size."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

from tracker.storage.queries import Where

RANKED_BOUND = 1_000
"""bm25 reads every match of every word; above so many matches the newest matches in titles come first instead."""

TEXT_BOUND, WORDS_BOUND = 2_000, 16
"""Characters and words of a search that count: nobody types more, and a pasted page costs no more than that."""
_MARKS = "\u0300-\u036f"
"""Combining accents."""


def match_words(text: str) -> str:
    """The FTS5 expression for what was typed: every word must begin a word of the text. Empty when there is no word."""
    # accents may come as marks of their own, which stand inside a word; FTS5 takes letter and mark as one
    words = re.findall(rf"\w[\w{_MARKS}]*", unicodedata.normalize("NFC", text[:TEXT_BOUND]))
    return " AND ".join(f'"{word}"*' for word in dict.fromkeys(words[:WORDS_BOUND]))


class Match(NamedTuple):
    """A task that was found, with what says its place in a column."""

    number: int
    status: str
    waits: int
    rank: int
    due_on: str | None
    done_on: str | None


_MATCH = "t.number, t.status, t.waits, t.rank, t.due_on, t.done_on"
_Row = tuple[Any, ...]
"""The values of a `Match`, then whether it is open."""


def matches(connection: sqlite3.Connection, text: str, condition: Where, limits: Mapping[bool, int]) -> list[Match]:
    """Tasks that match `text` and a condition, best first: the open (True) and the finished, in the order of `limits`.

    Of each at most as many as `limits` says.
    """
    words = match_words(text)
    if not words:
        return []
    anywhere = f"{{title contribution notes}} : ({words})"
    if _few(connection, anywhere):
        found = _of_few(connection, words, anywhere, condition, limits)
    else:
        found = {
            is_open: _of_many(connection, words, anywhere, condition, limit, is_open=is_open)
            for is_open, limit in limits.items()
        }
    return [Match(*row[:-1]) for rows in found.values() for row in rows.values()]


def _of_few(
    connection: sqlite3.Connection, words: str, anywhere: str, condition: Where, limits: Mapping[bool, int]
) -> dict[bool, dict[int, _Row]]:
    """Both at once: bm25 has to read every match whatever is asked for."""
    found: dict[bool, dict[int, _Row]] = {is_open: {} for is_open in limits}
    wanted = condition.and_(f"t.is_open IN ({', '.join(str(int(is_open)) for is_open in limits)})")
    searches: tuple[tuple[_Search, str, int], ...] = (
        (_ranked, anywhere, RANKED_BOUND), (_in_comments, words, max(limits.values(), default=0)),
    )  # fmt: skip
    for search, asked, most in searches:
        if any(len(found[is_open]) < limit for is_open, limit in limits.items()):
            for row in search(connection, asked, wanted, most):
                rows = found[bool(row[-1])]
                if len(rows) < limits[bool(row[-1])]:
                    rows.setdefault(row[0], row)
    return found


def _of_many(
    connection: sqlite3.Connection, words: str, anywhere: str, condition: Where, limit: int, *, is_open: bool
) -> dict[int, _Row]:
    # as a word of the index, so that the few open ones among many finished are met without reading those;
    # not where bm25 is asked, which would count that word's every match
    state = f'is_open : "{int(is_open)}"'
    wanted = condition.and_(f"t.is_open = {int(is_open)}")
    searches: tuple[tuple[_Search, str], ...] = (
        (_newest, f"title : ({words}) AND {state}"), (_newest, f"{anywhere} AND {state}"), (_in_comments, words),
    )  # fmt: skip
    found: dict[int, _Row] = {}
    for search, asked in searches:
        if len(found) < limit:  # each may find again what another has found, so that it is asked for as many
            found.update((row[0], row) for row in search(connection, asked, wanted, limit))
    return dict(islice(found.items(), limit))


_Search = Callable[[sqlite3.Connection, str, Where, int], Iterable[_Row]]


def _few(connection: sqlite3.Connection, expression: str) -> bool:
    sql = "SELECT count(*) FROM (SELECT 1 FROM task_search WHERE task_search MATCH ? LIMIT ?)"
    return bool(connection.execute(sql, (expression, RANKED_BOUND + 1)).fetchone()[0] <= RANKED_BOUND)


def _ranked(connection: sqlite3.Connection, expression: str, condition: Where, limit: int) -> Iterable[_Row]:
    # a match in the title weighs 10, in the contribution 3, in the notes 1
    sql = (
        f"SELECT {_MATCH}, t.is_open FROM task_search s JOIN task t ON t.number = s.rowid "
        f"WHERE task_search MATCH ? AND {condition.sql} "
        "ORDER BY bm25(task_search, 10, 3, 1, 0), t.number DESC LIMIT ?"
    )
    return connection.execute(sql, (expression, *condition.values, limit))


def _newest(connection: sqlite3.Connection, expression: str, condition: Where, limit: int) -> Iterable[_Row]:
    sql = (
        f"SELECT {_MATCH}, t.is_open FROM task_search s JOIN task t ON t.number = s.rowid "
        f"WHERE task_search MATCH ? AND {condition.sql} ORDER BY s.rowid DESC LIMIT ?"
    )
    return connection.execute(sql, (expression, *condition.values, limit))


def _in_comments(connection: sqlite3.Connection, expression: str, condition: Where, limit: int) -> Iterable[_Row]:
    # the newest comments that match, some more than are wanted: others may be on tasks that the condition leaves out;
    # CROSS JOIN keeps their order, which SQLite would otherwise be free to change
    sql = (
        f"SELECT {_MATCH}, t.is_open FROM (SELECT rowid AS number FROM comment_search WHERE comment_search MATCH ? "
        "ORDER BY rowid DESC LIMIT ?) s CROSS JOIN comment c ON c.number = s.number "
        f"CROSS JOIN task t ON t.id = c.task WHERE {condition.sql}"
    )
    newest = max(RANKED_BOUND, 10 * limit)
    return connection.execute(sql, (expression, newest, *condition.values))

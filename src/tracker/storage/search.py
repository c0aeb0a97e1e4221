"""Full-text search on an index: prefixes, without regard to case and accents, ranked, bounded at any size."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

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


def matches(
    connection: sqlite3.Connection, text: str, condition: Where, limit: int, *, is_open: bool
) -> list[Match]:
    """The open or the finished tasks that match `text` and a condition, best first, at most `limit`."""
    words = match_words(text)
    if not words:
        return []
    wanted = condition.and_(f"t.is_open = {int(is_open)}")
    anywhere = f"{{title contribution notes}} : ({words})"
    searches: tuple[tuple[_Search, str], ...] = ((_ranked, anywhere), (_in_comments, words))
    if not _few(connection, anywhere):
        # as a word of the index, so that the few open ones among many finished are met without reading those;
        # not where bm25 is asked, which would count that word's every match
        state = f'is_open : "{int(is_open)}"'
        searches = (
            (_newest, f"title : ({words}) AND {state}"), (_newest, f"{anywhere} AND {state}"), (_in_comments, words),
        )
    found: dict[int, Match] = {}
    for search, asked in searches:
        if len(found) < limit:  # each may find again what another has found, so that it is asked for as many
            found.update((match.number, match) for match in search(connection, asked, wanted, limit))
    return list(found.values())[:limit]


_Search = Callable[[sqlite3.Connection, str, Where, int], Iterable[Match]]


def _few(connection: sqlite3.Connection, expression: str) -> bool:
    sql = "SELECT count(*) FROM (SELECT 1 FROM task_search WHERE task_search MATCH ? LIMIT ?)"
    return bool(connection.execute(sql, (expression, RANKED_BOUND + 1)).fetchone()[0] <= RANKED_BOUND)


def _ranked(connection: sqlite3.Connection, expression: str, condition: Where, limit: int) -> Iterable[Match]:
    # a match in the title weighs 10, in the contribution 3, in the notes 1
    sql = (
        f"SELECT {_MATCH} FROM task_search s JOIN task t ON t.number = s.rowid "
        f"WHERE task_search MATCH ? AND {condition.sql} "
        "ORDER BY bm25(task_search, 10, 3, 1, 0), t.number DESC LIMIT ?"
    )
    return map(Match._make, connection.execute(sql, (expression, *condition.values, limit)))


def _newest(connection: sqlite3.Connection, expression: str, condition: Where, limit: int) -> Iterable[Match]:
    sql = (
        f"SELECT {_MATCH} FROM task_search s JOIN task t ON t.number = s.rowid "
        f"WHERE task_search MATCH ? AND {condition.sql} ORDER BY s.rowid DESC LIMIT ?"
    )
    return map(Match._make, connection.execute(sql, (expression, *condition.values, limit)))


def _in_comments(connection: sqlite3.Connection, expression: str, condition: Where, limit: int) -> Iterable[Match]:
    # the newest comments that match, some more than are wanted: others may be on tasks that the condition leaves out;
    # CROSS JOIN keeps their order, which SQLite would otherwise be free to change
    sql = (
        f"SELECT {_MATCH} FROM (SELECT rowid AS number FROM comment_search WHERE comment_search MATCH ? "
        "ORDER BY rowid DESC LIMIT ?) s CROSS JOIN comment c ON c.number = s.number "
        f"CROSS JOIN task t ON t.id = c.task WHERE {condition.sql}"
    )
    newest = max(RANKED_BOUND, 10 * limit)
    return map(Match._make, connection.execute(sql, (expression, newest, *condition.values)))

"""Full-text search on an index: prefixes, without regard to case and accents, ranked, bounded at any size."""

from __future__ import annotations

import re
import sqlite3

from tracker.storage.queries import Where

RANKED_BOUND = 1_000
"""bm25 reads every match of every word; above so many matches the newest matches in titles come first instead."""


def match_words(text: str) -> str:
    """The FTS5 expression for what was typed: every word must begin a word of the text. Empty when there is no word."""
    words = re.findall(r"\w+", text)
    return " AND ".join(f'"{word}"*' for word in words)


def matching_numbers(
    connection: sqlite3.Connection, text: str, condition: Where, limit: int
) -> list[int]:
    """Numbers of the tasks that match `text` and a condition, best first, at most `limit`."""
    expression = match_words(text)
    if not expression:
        return []
    if _few(connection, expression):
        found = _ranked(connection, expression, condition, limit)
    else:
        found = _newest(connection, f"title : ({expression})", condition, limit)
        if len(found) < limit:
            found += _newest(connection, expression, condition, limit)
    if len(found) < limit:
        found += _in_comments(connection, expression, condition, limit)
    return list(dict.fromkeys(found))[:limit]


def _few(connection: sqlite3.Connection, expression: str) -> bool:
    sql = "SELECT count(*) FROM (SELECT 1 FROM task_search WHERE task_search MATCH ? LIMIT ?)"
    return bool(connection.execute(sql, (expression, RANKED_BOUND + 1)).fetchone()[0] <= RANKED_BOUND)


def _ranked(connection: sqlite3.Connection, expression: str, condition: Where, limit: int) -> list[int]:
    # a match in the title weighs 10, in the contribution 3, in the notes 1; open work before finished
    sql = (
        "SELECT t.number FROM task_search s JOIN task t ON t.number = s.rowid "
        f"WHERE task_search MATCH ? AND {condition.sql} "
        "ORDER BY t.is_open DESC, bm25(task_search, 10, 3, 1), t.number DESC LIMIT ?"
    )
    return [row[0] for row in connection.execute(sql, (expression, *condition.values, limit))]


def _newest(connection: sqlite3.Connection, expression: str, condition: Where, limit: int) -> list[int]:
    sql = (
        "SELECT t.number FROM task_search s JOIN task t ON t.number = s.rowid "
        f"WHERE task_search MATCH ? AND {condition.sql} ORDER BY s.rowid DESC LIMIT ?"
    )
    return [row[0] for row in connection.execute(sql, (expression, *condition.values, limit))]


def _in_comments(connection: sqlite3.Connection, expression: str, condition: Where, limit: int) -> list[int]:
    sql = (
        "SELECT t.number FROM comment_search s JOIN comment c ON c.number = s.rowid JOIN task t ON t.id = c.task "
        f"WHERE comment_search MATCH ? AND {condition.sql} ORDER BY s.rowid DESC LIMIT ?"
    )
    return [row[0] for row in connection.execute(sql, (expression, *condition.values, limit))]

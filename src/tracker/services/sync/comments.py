"""Messages on linked tasks, both ways, each exactly once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tracker.domain.errors import Refused
from tracker.domain.plaintext import clean_line, clean_text
from tracker.domain.remote import AnswerLost, RemoteComment, RequestRefused
from tracker.services.sync.settling import UNREAD
from tracker.services.sync.values import Action
from tracker.services.sync.work import Work
from tracker.storage import sync_journal
from tracker.storage.sync_journal import Intent
from tracker.storage.sync_rows import LocalTask

COMMENT = "comment"


def exchange(work: Work, task: LocalTask, *, read: bool, is_found_again: bool = False) -> None:
    """Send what was written here, and take what was written there if it has to be looked at.

    `is_found_again`: the task was there before this connection knew of it, and so may messages be.

    Raises:
        RemoteError: the remote does not answer, or does not allow it.
    """
    if not (work.kept.settings.sends_comments and work.adapter.capabilities.can_comment):
        return
    if is_found_again or (read and work.translator.reads_comments):
        _take(work, task)
    _send(work, task)


def recover(work: Work, intent: Intent) -> None:
    """Find out whether a message that was cut off is there; if not, it is sent again in its turn."""
    task = work.task(intent.task)
    number = int(intent.key.rpartition("-")[2])
    if task is not None and task.link is not None and task.link.external_id is not None:
        for comment, _, name, body in _unsent(work, task):
            if comment == number:
                found = _find(work, task, _text(name, body))
                _end(work, number, found, intent.key)
                if found is None:
                    _send_one(work, task, comment, name, body)
                return
    work.keep_end(intent.key)


def _unsent(work: Work, task: LocalTask) -> list[tuple[int, str, str, str]]:
    with work.ws.store.snapshot() as connection:
        return sync_journal.unsent_comments(connection, work.kept.id, task.id)


def _send(work: Work, task: LocalTask) -> None:
    for number, _, name, body in _unsent(work, task):
        work.check_stop()
        _send_one(work, task, number, name, body)


def _send_one(work: Work, task: LocalTask, number: int, name: str, body: str) -> None:
    assert task.link is not None
    identity, text = str(task.link.external_id), _text(name, body)
    key = f"{work.kept.id}:{work.reference(task)}:{COMMENT}-{number}"
    with work.as_sync.writing("sync") as tx:
        sync_journal.begin(tx.connection, work.kept.id, task.id, COMMENT, key, work.now())
    try:
        there = work.adapter.comment(identity, text).id
    except RequestRefused as error:
        owing = replace(task.link, state="changed_here") if task.link.state == "synced" else task.link
        work.keep(owing, Action.FAIL, f"a message was not sent: {error}", ended=key)  # the next run tries again
        return
    except AnswerLost:
        found = _find(work, task, text)
        if found is None:
            raise
        there = found
    _end(work, number, there, key)


def _end(work: Work, number: int, there: str | None, key: str) -> None:
    with work.as_sync.writing("sync") as tx:
        if there is not None:
            sync_journal.link_comment(tx.connection, work.kept.id, number, there)
        sync_journal.end(tx.connection, key)
    work.counts["comment"] += there is not None


def _text(name: str, body: str) -> str:
    """A message as it is written there; one that came from another remote names its author itself."""
    return body if name.startswith("sync:") else f"{name}: {body}"


def _find(work: Work, task: LocalTask, text: str) -> str | None:
    """A message with that text there that belongs to none of ours yet."""
    assert task.link is not None
    with work.ws.store.snapshot() as connection:
        known = sync_journal.known_comments(connection, work.kept.id, task.id)
    for each in _read(work, str(task.link.external_id)):
        if each.id not in known and _squeezed(each.text) == _squeezed(text):
            return each.id
    return None


def _read(work: Work, identity: str) -> list[RemoteComment]:
    return work.ask(lambda: list(work.adapter.comments(identity)))


def _take(work: Work, task: LocalTask) -> None:
    assert task.link is not None
    with work.ws.store.snapshot() as connection:
        known = sync_journal.known_comments(connection, work.kept.id, task.id)
    for each in _read(work, str(task.link.external_id)):
        if each.id not in known and not _is_here(work, task, each) and work.translator.reads_comments:
            _take_one(work, task, each)
    if (task.link.version or "").startswith(UNREAD):
        read = replace(task.link, version=str(task.link.version).removeprefix(UNREAD))
        work.keep(read)


def _is_here(work: Work, task: LocalTask, there: RemoteComment) -> bool:
    """Whether it stands here already, from before the connection was made anew, or was taken back here."""
    with work.ws.store.snapshot() as connection:
        if sync_journal.is_taken_back(connection, work.kept.id, there.id):
            return True
    try:
        author, kept = _body_of(work, there)
    except Refused:
        return False
    as_ours, as_taken = _squeezed(there.text), (author or work.kept.actor, _squeezed(kept))
    for number, by, name, body in _unsent(work, task):
        if _squeezed(_text(name, body)) == as_ours or (by, _squeezed(body)) == as_taken:
            with work.as_sync.writing("sync") as tx:
                sync_journal.link_comment(tx.connection, work.kept.id, number, there.id)
            return True
    return False


def _squeezed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _body_of(work: Work, there: RemoteComment) -> tuple[str | None, str]:
    """Its author here, if they are somebody here, and its text as it is kept.

    Raises:
        Refused: it is no text that can be kept.
    """
    body = clean_text(there.text).strip()
    author = work.translator.person_here(there.author.id if there.author else None)
    if body and author is None and there.author is not None:
        body = f"{clean_line(there.author.name)}: {body}"
    return author, body


def _take_one(work: Work, task: LocalTask, there: RemoteComment) -> None:
    try:
        author, body = _body_of(work, there)
    except Refused as error:
        work.note(task.id, Action.FAIL, f"a message from there is not taken: {error}")
        return
    if not body:
        return
    with work.as_sync.writing(f"comment on {task.id} from {work.kept.id}") as tx:
        row = tx.insert("comment", {
            "task": task.id, "on": _minute(there.written_at), "by": author or work.kept.actor, "body": body,
            "mentions": [],
        })  # fmt: skip
        sync_journal.link_comment(tx.connection, work.kept.id, int(str(row["number"])), there.id)
    work.counts["comment"] += 1


def _minute(moment: str) -> str:
    """The minute of a message in local time, as messages here are dated."""
    try:
        at = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return moment[:16]
    return at.replace(tzinfo=None).isoformat(timespec="minutes")

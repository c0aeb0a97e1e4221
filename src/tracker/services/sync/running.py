"""A run: what both sides changed is brought to the other one, task by task, each in a small transaction of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial

from tracker.domain.remote import (
    Adapter,
    CursorTooOld,
    NotAllowed,
    RemoteError,
    RemoteTask,
    RequestRefused,
    TryLater,
)
from tracker.services.sync import comments, making
from tracker.services.sync.arrivals import arrive
from tracker.services.sync.connections import connection
from tracker.services.sync.goals import Goals
from tracker.services.sync.reading_ahead import ReadAhead
from tracker.services.sync.settling import RULES, settle
from tracker.services.sync.surveying import Stopped, Survey, Surveyor
from tracker.services.sync.values import Action, Progress, Stop, SyncReport, Wait
from tracker.services.sync.work import Work
from tracker.services.tasks import assign_tasks
from tracker.services.workspace import Workspace
from tracker.storage import sync_journal, sync_rows
from tracker.storage.sync_journal import Intent
from tracker.storage.sync_lock import one_run

RUNS_KEPT = 200
"""How many runs of a connection the log keeps."""
BUSY_AT_MOST = 3
"""Tasks in a row that a remote may leave undone for being busy before a run gives up."""
REFUSED_AT_MOST = 3
"""Tasks in a row that may be forbidden (a plan, a right, a locked field) before a run gives up."""
HEARS_ITSELF_AT = 50
"""Tasks that a run makes before it listens once more at its end: else the next run would hear of each of them."""
DELETED_MEANWHILE = "was deleted there a moment ago; the next run looks again"
STOPPED = "stopped; run it again and it goes on"


def run(
    ws: Workspace,
    id: str,
    adapter: Adapter,
    *,
    progress: Progress | None = None,
    stop: Stop | None = None,
    allow_deletions: int | None = None,
    wait: Wait = time.sleep,
) -> SyncReport:
    """Bring both sides together. May be cut off anywhere and run again: nothing is made twice, nothing is lost.

    What cannot be done with one task is a note, and the others go on. A remote that refuses the token, or does not
    answer at all, ends the run with outcome `failed` and one line; `stop` and too many deletions end it as `stopped`.

    Raises:
        NotFound: there is no such connection.
        Refused: another run of this connection is at work.
        OutOfReach: this database cannot be written to.
    """
    kept = connection(ws, id)
    with one_run(ws.store.path, id):
        with ws.writing("sync") as tx:
            number = sync_journal.begin_run(tx.connection, id, ws.clock.now().isoformat(timespec="microseconds"))
            sync_journal.forget_old_runs(tx.connection, id, RUNS_KEPT)
        work = Work(ws, kept, adapter, number, wait, stop or _never, progress or _silent)
        return _Run(work, allow_deletions).report()


def _never() -> bool:
    return False


def _silent(done: int, total: int | None, words: str) -> None:
    """Nobody looks."""


class _Run:
    def __init__(self, work: Work, allow_deletions: int | None) -> None:
        self._work = work
        self._goals = Goals(work)
        self._allowed = work.kept.settings.deletions if allow_deletions is None else allow_deletions
        self._asks_for = 0
        self._busy = self._refused = 0

    def report(self) -> SyncReport:
        """Run, and say how it ended."""
        try:
            self._everything()
        except (Stopped, KeyboardInterrupt) as end:
            report = self._end("stopped", STOPPED)
            if isinstance(end, KeyboardInterrupt):
                raise
            return report
        except RemoteError as error:
            return replace(self._end("failed", str(error)), is_forbidden=isinstance(error, NotAllowed))
        if self._asks_for:
            return self._end("stopped", (
                f"{self._asks_for} tasks are gone there, more than the {self._allowed} that a run takes by itself; "
                f"look at them with `tracker sync plan`, then run with --allow-deletions {self._asks_for}"
            ))  # fmt: skip
        return self._end("done", _summary(self._work))

    def _end(self, outcome: str, words: str) -> SyncReport:
        work = self._work
        with work.ws.writing("sync") as tx:
            sync_journal.end_run(tx.connection, work.run, work.now(), outcome, words)
        return SyncReport(work.run, work.kept.id, outcome, words, dict(work.counts), tuple(work.notes), self._asks_for)

    def _everything(self) -> None:
        work = self._work
        self._recover()
        surveyor = Surveyor(work.ws, work.kept, work.adapter, work.progress, work.stop)
        survey = surveyor.survey()
        self._goals.renew()
        self._do(survey)
        if work.counts[Action.CREATE] >= HEARS_ITSELF_AT and survey.cursor is not None and not self._asks_for:
            with suppress(CursorTooOld):
                self._do(surveyor.hear(survey.cursor, survey.seen))

    def _do(self, survey: Survey) -> None:
        work = self._work
        todo = list(self._todo(survey))
        for done, (task, words, act) in enumerate(todo):
            work.check_stop()
            work.progress(done, len(todo), words)
            self._one(task, act)
        work.progress(len(todo), len(todo), "done")
        with work.ws.writing("sync") as tx:
            cursor, _ = sync_journal.state(tx.connection, work.kept.id)
            # tasks that are gone are heard of again as long as nobody gave leave to believe it
            sync_journal.keep_state(
                tx.connection, work.kept.id, cursor if self._asks_for else survey.cursor, survey.seen
            )

    def _recover(self) -> None:
        work = self._work
        with work.ws.store.snapshot() as found:
            intents = sync_journal.intents(found, work.kept.id)
        for done, intent in enumerate(intents):
            work.check_stop()
            work.progress(done, None, f"finding out about {intent.task}")
            self._one(intent.task, partial(self._recover_one, intent))

    def _recover_one(self, intent: Intent) -> None:
        _RECOVER[intent.operation](self._work, intent)
        self._what_hangs_on(intent.task, is_news=True)

    def _todo(self, survey: Survey) -> Iterator[tuple[str | None, str, Callable[[], None]]]:
        """What there is to do, in order, and the words for it."""
        gone = self._believed(survey)
        for task, title in gone.items():
            yield task, f"{task} {title}", partial(self._gone, task)
        for task in survey.unlinked:
            yield task, task, partial(self._unlinked, task)
        for task, there in survey.linked.items():
            yield task, f"{task} {there.title}", partial(self._task, task, there)
        yield from self._local(survey)
        for task, (there, person) in survey.taken_up.items():
            yield task, f"{task} {there.title}", partial(self._take_up, task, there, person)
        for there in survey.arrivals.values():
            yield None, there.title, partial(arrive, self._work, there)
        for task in survey.commented:
            if task not in survey.linked and task not in survey.gone:
                yield task, task, partial(self._what_hangs_on, task, is_news=True)

    def _local(self, survey: Survey) -> Iterator[tuple[str | None, str, Callable[[], None]]]:
        heard = {*survey.linked, *survey.gone}
        local = [task for task in survey.local if task not in heard]
        ahead = ReadAhead(self._work, [task for task in local if task not in survey.adoptable])
        for task in local:
            made = survey.adoptable.get(task)
            yield task, task, partial(self._task, task, made) if made else partial(self._changed, task, ahead)
        for task, there in survey.adoptable.items():
            if task not in survey.local:
                yield task, task, partial(self._task, task, there)

    def _believed(self, survey: Survey) -> dict[str, str]:
        if len(survey.gone) > self._allowed:
            self._asks_for = len(survey.gone)
            return {}
        return survey.gone

    # one task

    def _one(self, task: str | None, act: Callable[[], None]) -> None:
        """Do one thing; what goes wrong with it is noted, and the others go on."""
        try:
            act()
            self._busy = self._refused = 0
            return
        except NotAllowed as error:
            self._refused += 1
            self._doubt(task)
            self._work.note(task, Action.FAIL, str(error))
            if self._refused >= REFUSED_AT_MOST:
                raise
            self._work.adapter.whoami()  # not allowed either where it is the token: that ends the run
        except TryLater as error:
            self._busy += 1
            self._doubt(task)
            self._work.note(task, Action.FAIL, str(error))
            if self._busy >= BUSY_AT_MOST:
                raise
        except RemoteError as error:
            self._doubt(task)
            self._work.note(task, Action.FAIL, str(error))
        except RULES as error:
            self._doubt(task)
            self._work.note(task, Action.FAIL, str(error))

    def _doubt(self, task: str | None) -> None:
        if task is not None:
            with self._work.ws.writing("sync") as tx:
                sync_rows.doubt(tx.connection, self._work.kept.id, task)

    def _task(self, id: str, there: RemoteTask | None) -> None:
        work = self._work
        task = work.task(id)
        if task is None:
            return
        was, adopted = task.link, work.counts[Action.ADOPT]
        if was is None or was.external_id is None:
            making.make(work, task, there)
        elif there is not None or was.state != "gone":
            settle(work, task, there)
        # read also where the version is the same: one of whole seconds may hide a message of the same second
        is_found = work.counts[Action.ADOPT] > adopted
        self._what_hangs_on(id, is_news=there is not None, is_found_again=is_found)

    def _take_up(self, id: str, there: RemoteTask, person: str) -> None:
        """Somebody has it there again."""
        assign_tasks(self._work.as_sync, [id], person)
        self._task(id, there)

    def _changed(self, id: str, ahead: ReadAhead) -> None:
        """A task that changed here, and of which nothing was heard there."""
        there = ahead.get(id)
        task = self._work.task(id) if there is not None else None
        if there is None or task is None or task.link is None:
            return self._task(id, None)
        if there.is_deleted:
            raise RequestRefused(DELETED_MEANWHILE)
        if there.version == task.link.version:
            settle(self._work, task, there)
            return self._what_hangs_on(id, is_news=False)
        return self._task(id, there)

    def _what_hangs_on(self, id: str, *, is_news: bool, is_found_again: bool = False) -> None:
        task = self._work.task(id)
        if task is None or task.link is None or task.link.external_id is None or task.link.state == "gone":
            return
        comments.exchange(self._work, task, read=is_news, is_found_again=is_found_again)
        self._goals.support(id)

    def _gone(self, id: str) -> None:
        task = self._work.task(id)
        if task is None or task.link is None:
            return
        link = replace(task.link, state="gone", theirs={})
        self._work.keep(link, Action.GONE, "was deleted there; the task here stays")

    def _unlinked(self, id: str) -> None:
        self._work.note(id, Action.UNLINK, "went back to the backlog; the task there is left as it is")


_RECOVER = {making.CREATE: making.recover, comments.COMMENT: comments.recover}
_ORDER = ("create", "adopt", "push", "pull", "both", "conflict", "changed_there", "unmapped_owner", "gone", "arrive",
          "unlink", "comment", "goal", "fail")  # fmt: skip
_WORDS = {
    "create": "made there", "adopt": "found there", "push": "sent", "pull": "taken", "both": "both ways",
    "conflict": "to settle", "changed_there": "changed there, not taken", "unmapped_owner": "without their owner",
    "gone": "gone there", "arrive": "arrived", "unlink": "let go", "comment": "messages", "goal": "goals",
    "fail": "not done",
}  # fmt: skip


def _summary(work: Work) -> str:
    said = [f"{work.counts[each]} {_WORDS[each]}" for each in _ORDER if work.counts[each]]
    return ", ".join(said) or "nothing to do"

"""Several programs on one file at the same time: nothing is lost, nobody waits for a reader, a kill leaves it whole."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

import pytest

from tracker.domain.errors import OutOfReach
from tracker.domain.filters import TaskFilter
from tracker.services import board, tasks, undo
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage import store as storage
from tracker.storage.checkup import look_at

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")

Open = Callable[..., Workspace]
DEADLINE = 60
"""Seconds after which a child that hangs is ended, so that the test fails instead of waiting."""

CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tracker.clock import stopped_clock
from tracker.domain.errors import Conflict, Refused
from tracker.services import board, tasks, undo
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage.store import Store

def say(*words):
    print(*words, flush=True)

me = sys.argv[2]
ws = Workspace(Store.open(Path(sys.argv[1])), stopped_clock(datetime(2026, 10, 19, 9, 30, tzinfo=UTC)), me)
say("ready")
sys.stdin.readline()
"""


class Child:
    """A process of its own that opens the file, waits for a word, and does what its code says."""

    def __init__(self, file: Path, code: str, person: str = "mara") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", CHILD + code, str(file), person],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        self._guard = threading.Timer(DEADLINE, self.process.kill)
        self._guard.start()

    def __enter__(self) -> Child:
        assert self.hears() == "ready", self.process.stderr and self.process.stderr.read()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._guard.cancel()
        self.process.kill()
        self.process.communicate()

    def hears(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def said(self) -> list[str]:
        """All it said until it ended by itself."""
        out, err = self.process.communicate()
        assert self.process.returncode == 0, err
        return out.split("\n")[:-1]


def all_at_once(file: Path, codes: list[str], people: list[str] | None = None) -> list[list[str]]:
    """What each child said; they are let go when all of them are ready."""
    with ExitStack() as stack:
        children = [
            stack.enter_context(Child(file, code, person))
            for code, person in zip(codes, people or ["mara"] * len(codes), strict=True)
        ]
        for child in children:
            child.go()
        return [child.said() for child in children]


@contextmanager
def holding(file: Path) -> Iterator[Child]:
    """A child inside a write transaction, until it is told to go on."""
    with Child(file, "with ws.writing('held'):\n    say('held')\n    sys.stdin.readline()\nsay('let go')") as child:
        child.go()
        assert child.hears() == "held"
        yield child


def whole(file: Path) -> bool:
    return all(not look.problems for look in look_at(file))


def test_everything_that_several_processes_add_at_once_is_there_once(begun: Workspace) -> None:
    adding = "for n in range(15):\n    say(tasks.add_task(ws, NewTask(f'{me} {n}', 'KR-01')).ids[0])"
    people = ["mara", "lena", "oskar"]
    made = all_at_once(begun.store.path, [adding] * 3, people)
    assert [len(ids) for ids in made] == [15, 15, 15]
    cards = {card.id: card.title for card in board.iterate(begun, TaskFilter())}
    assert sorted(cards) == sorted(id_ for ids in made for id_ in ids)
    assert Counter(cards.values()) == Counter(f"{person} {n}" for person in people for n in range(15))
    assert board.board(begun, TaskFilter()).counts["backlog"].n == 45
    by = Counter(change.by for change in undo.history(begun) if change.entity == "task")
    assert by == dict.fromkeys(people, 15)
    assert whole(begun.store.path)


def test_an_update_is_never_lost_and_a_clash_is_always_said(begun: Workspace) -> None:
    """Each process adds its words to what the field said before, and begins anew when somebody came between."""
    task = tasks.add_task(begun, NewTask("Shared", "KR-01")).ids[0]
    appending = f"""
for n in range(12):
    while True:
        seen = dict(board.task_detail(ws, "{task}").fields)
        try:
            tasks.edit_tasks(ws, ["{task}"], {{"notes": f"{{seen['notes']}} {{me}}{{n}}"}}, seen={{"{task}": seen}})
        except Conflict:
            say("clash")
            continue
        break
"""
    all_at_once(begun.store.path, [appending] * 3, ["mara", "lena", "oskar"])
    notes = str(board.task_detail(begun, task).fields["notes"]).split()
    assert Counter(notes) == Counter(f"{me}{n}" for me in ("mara", "lena", "oskar") for n in range(12))


def test_different_fields_changed_at_once_are_all_kept(begun: Workspace) -> None:
    ids = [tasks.add_task(begun, NewTask(f"Task {n}", "KR-01")).ids[0] for n in range(6)]
    seeing = f"ids = {ids}\nseen = {{id_: dict(board.task_detail(ws, id_).fields) for id_ in ids}}\n"
    changes = ["{'title': 'New ' + id_}", "{'due_on': '2026-10-30'}", "{'contribution': 'It helps'}"]
    all_at_once(begun.store.path, [
        f"{seeing}for id_ in ids:\n    tasks.edit_tasks(ws, [id_], {change}, seen=seen)" for change in changes
    ])
    for id_ in ids:
        fields = board.task_detail(begun, id_).fields
        assert (fields["title"], fields["due_on"], fields["contribution"]) == (f"New {id_}", "2026-10-30", "It helps")


def test_a_hard_limit_and_a_circle_of_waiting_hold_against_two_at_once(begun: Workspace) -> None:
    one, two = (tasks.add_task(begun, NewTask(title, "KR-01", owner="mara")).ids[0] for title in ("One", "Two"))
    with begun.writing("limit") as tx:
        tx.insert("wip_limit", {"scope": "status", "subject": "doing", "max": 1, "mode": "hard"})
    both = """
for attempt in (lambda: tasks.wait_for(ws, ['{0}'], '{1}'), lambda: tasks.move_tasks(ws, ['{0}'], 'doing')):
    try:
        attempt()
        say('done')
    except Refused as error:
        say('refused')
"""
    said = all_at_once(begun.store.path, [both.format(one, two), both.format(two, one)])
    assert sorted(answers[0] for answers in said) == ["done", "refused"]
    assert sorted(answers[1] for answers in said) == ["done", "refused"]
    assert sorted(card.status for card in board.cards(begun, [one, two])) == ["assigned", "doing"]


def test_one_person_undoing_at_two_keyboards_takes_back_every_change_once(begun: Workspace) -> None:
    ids = [tasks.add_task(begun, NewTask(f"Task {n}", "KR-01")).ids[0] for n in range(12)]
    said = all_at_once(begun.store.path, ["for _ in range(6):\n    say(undo.undo(ws).ids[0])"] * 2)
    assert sorted(said[0] + said[1]) == ids
    assert board.cards(begun, ids) == ()


def test_a_change_by_another_process_is_noticed_and_ones_own_is_not(begun: Workspace) -> None:
    before = begun.store.data_version()
    tasks.add_task(begun, NewTask("Mine", "KR-01"))
    assert begun.store.data_version() == before
    with Child(begun.store.path, "tasks.add_task(ws, NewTask('Theirs', 'KR-01'))\nsay('added')") as child:
        assert begun.store.data_version() == before
        child.go()
        assert child.hears() == "added"
        assert begun.store.data_version() != before
    assert [card.title for card in board.iterate(begun, TaskFilter())] == ["Mine", "Theirs"]


def test_a_write_waits_for_another_write_to_end(begun: Workspace) -> None:
    added = []
    with holding(begun.store.path) as child:
        writer = threading.Thread(target=lambda: added.append(tasks.add_task(begun, NewTask("Waits", "KR-01")).ids[0]))
        writer.start()
        writer.join(0.1)
        assert writer.is_alive()
        child.go()
        assert child.hears() == "let go"
        writer.join(DEADLINE)
    assert [card.id for card in board.cards(begun, added)] == added != []


def test_a_write_that_waited_too_long_says_so_while_readers_read_on(
    begun: Workspace, open_copy: Open, begun_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = tasks.add_task(begun, NewTask("Mine", "KR-01")).ids[0]
    monkeypatch.setattr(storage, "BUSY_TIMEOUT_MS", 20)
    impatient = open_copy(begun_file)
    with holding(begun.store.path) as child:
        with pytest.raises(OutOfReach, match="busy: another program holds it"):
            tasks.move_tasks(impatient, [task], "doing")
        with pytest.raises(OutOfReach, match="busy"):
            undo.undo(impatient)
        assert board.cards(impatient, [task])[0].status == "backlog"
        assert [card.id for card in board.search(impatient, "mine")] == [task]
        child.go()
        assert child.hears() == "let go"
    tasks.move_tasks(impatient, [task], "doing")
    assert board.cards(begun, [task])[0].status == "doing"


def test_a_reader_in_the_middle_of_a_list_neither_blocks_a_writer_nor_sees_half_of_it(begun: Workspace) -> None:
    ids = [tasks.add_task(begun, NewTask(f"Task {n}", "KR-01")).ids[0] for n in range(3)]
    listing = board.iterate(begun, TaskFilter())
    listed = [next(listing)]
    [_] = all_at_once(begun.store.path, [f"tasks.edit_tasks(ws, {ids}, {{'title': 'Changed'}})"])
    listed += listing
    assert [card.title for card in listed] == ["Task 0", "Task 1", "Task 2"]
    assert {card.title for card in board.iterate(begun, TaskFilter())} == {"Changed"}


def test_a_process_killed_inside_a_change_leaves_nothing_of_it(begun: Workspace) -> None:
    ids = [tasks.add_task(begun, NewTask(f"Task {n}", "KR-01")).ids[0] for n in range(3)]
    before = list(board.iterate(begun, TaskFilter())), undo.history(begun)
    bulk = f"""
tasks.over_limits = lambda *_: (say('inside'), sys.stdin.readline())
ws.store.connection.execute('PRAGMA cache_size = 1')  # so that pages reach the disk before the end
tasks.edit_tasks(ws, {ids}, {{'notes': 'x' * 90_000, 'status': 'doing'}})
say('never')
"""
    with Child(begun.store.path, bulk) as child:
        child.go()
        assert child.hears() == "inside"
        child.process.send_signal(signal.SIGKILL)
        assert child.process.wait() == -signal.SIGKILL
    assert (list(board.iterate(begun, TaskFilter())), undo.history(begun)) == before
    assert whole(begun.store.path)
    assert tasks.move_tasks(begun, ids, "doing").batch is not None


def test_a_process_killed_between_changes_keeps_every_one_that_was_acknowledged(
    begun: Workspace, open_copy: Open, begun_file: Path
) -> None:
    adding = """
for n in range(1_000):
    task = tasks.add_task(ws, NewTask(f'Task {n}', 'KR-01', owner='mara')).ids[0]
    say(task)
    tasks.move_tasks(ws, [task], 'doing')
    say(task)
"""
    with Child(begun.store.path, adding) as child:
        child.go()
        acknowledged = [child.hears() for _ in range(61)]
        child.process.send_signal(signal.SIGKILL)
        child.process.wait()
        assert child.process.stdout is not None
        acknowledged += child.process.stdout.read().split()
    after = open_copy(begun_file)
    cards = {card.id: card.status for card in board.iterate(after, TaskFilter())}
    steps = Counter(acknowledged)
    assert all(cards[task] == "doing" for task, times in steps.items() if times == 2)
    assert set(cards) >= set(steps)
    assert len(cards) <= len(steps) + 1
    assert whole(begun.store.path)

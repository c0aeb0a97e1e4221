"""One thread reads and writes: in order, in words, and it notices what others commit."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, get_ident

import pytest

from tracker.tui import data as module
from tracker.tui.data import DataThread


class Somebody:
    """Counts what a thread tells."""

    def __init__(self) -> None:
        self.version = 1
        self.told = Event()
        self.thread = DataThread(lambda: self.version, self.told.set)


@pytest.fixture
def somebody(monkeypatch: pytest.MonkeyPatch) -> Iterator[Somebody]:
    monkeypatch.setattr(module, "POLL_SECONDS", 0.001)
    made = Somebody()
    yield made
    made.thread.stop()


def test_jobs_are_done_in_order_and_on_one_thread(somebody: Somebody) -> None:
    done: list[tuple[int, int]] = []
    last = Event()
    for at in range(50):
        somebody.thread.submit(lambda at=at: (at, get_ident()), done.append, lambda _: None)  # type: ignore[misc]
    somebody.thread.submit(lambda: None, lambda _: last.set(), lambda _: None)
    somebody.thread.start()
    assert last.wait(5)
    assert [at for at, _ in done] == list(range(50))
    assert len({thread for _, thread in done} - {get_ident()}) == 1


def test_a_job_that_fails_is_told_and_the_next_is_done(somebody: Somebody) -> None:
    failures: list[Exception] = []
    last = Event()
    somebody.thread.start()
    somebody.thread.submit(lambda: 1 // 0, lambda _: None, failures.append)
    somebody.thread.submit(lambda: None, lambda _: last.set(), lambda _: None)
    assert last.wait(5)
    assert isinstance(failures[0], ZeroDivisionError)


def test_a_commit_of_somebody_else_is_told(somebody: Somebody) -> None:
    ready = Event()
    somebody.thread.submit(lambda: None, lambda _: ready.set(), lambda _: None)
    somebody.thread.start()
    assert ready.wait(5)
    somebody.version = 2
    assert somebody.told.wait(5)


def test_stopping_waits_for_what_was_submitted(somebody: Somebody) -> None:
    done: list[int] = []
    somebody.thread.start()
    for at in range(20):
        somebody.thread.submit(lambda at=at: at, done.append, lambda _: None)  # type: ignore[misc]
    somebody.thread.stop()
    assert done == list(range(20))


def test_it_is_busy_until_the_answer_to_the_last_job_is_given(somebody: Somebody) -> None:
    begun, go_on, seen = Event(), Event(), list[bool]()

    def work() -> None:
        begun.set()
        assert go_on.wait(5)

    somebody.thread.submit(work, lambda _: seen.append(somebody.thread.is_busy), lambda _: None)
    somebody.thread.start()
    assert begun.wait(5)
    assert somebody.thread.is_busy, "it is at work, though nothing waits"
    go_on.set()
    somebody.thread.stop()
    seen.append(somebody.thread.is_busy)
    assert seen == [True, False]

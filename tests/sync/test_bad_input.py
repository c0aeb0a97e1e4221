"""What a service, a network or a setting can do wrong: one line says what to do, and the other tasks go on."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.sync.fakes.asana import AsanaFake
from tests.sync.fakes.server import FakeServer, Reply, Request, Trouble
from tests.sync.fakes.wrike import WrikeFake
from tests.sync.two_sides import KINDS, PLACES, Sides, connected, waiting_in_no_time

from tracker.domain.plaintext import TITLE_LIMIT
from tracker.domain.remote import Connection, RemoteError, RequestRefused
from tracker.plugins import adapter_kind
from tracker.services import sync, tasks
from tracker.services.sync import SyncReport
from tracker_sync import http, paging

TITLES = ("Alpha", "Beta", "Gamma")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def started(kind: str, **more: Any) -> AsanaFake | WrikeFake:
    return AsanaFake(**more) if kind == "asana" else WrikeFake(**more)


@pytest.fixture
def fake(kind: str) -> Iterator[FakeServer]:
    with started(kind) as running:
        yield running


@pytest.fixture
def new(kind: str, fake: FakeServer, begun_file: Path, tmp_path: Path) -> Sides:
    """Connected, with three tasks that wait to be pushed."""
    sides = connected(kind, begun_file, tmp_path / "person", fake)
    for title in TITLES:
        sides.add(title)
    return sides


@pytest.fixture
def pushed(new: Sides) -> Sides:
    """Three tasks that are the same on both sides."""
    assert new.sync().outcome == "done"
    if isinstance(new.fake, WrikeFake):  # its moments know seconds only
        new.fake._now = lambda: datetime.now(UTC) + timedelta(seconds=5)
    return new


def titles(sides: Sides) -> list[str]:
    return [task.title for task in sides.there()]


def lines_of(report: SyncReport) -> list[str]:
    """What is said of failures; each is one line of printable words."""
    said = [note.words for note in report.notes if note.action == "fail"]
    said += [report.words] if report.outcome == "failed" else []
    assert all(words.isprintable() and 10 < len(words) < 600 for words in said), said
    return said


def ends_in_one_line(sides: Sides, report: SyncReport, *says: str) -> None:
    (line,) = set(lines_of(report))
    for words in says:
        assert words in line
    assert sides.stage.token not in line


def goes_on(sides: Sides, report: SyncReport, *says: str) -> None:
    """The first task was left out with a line, the others were done; the next run, healed, does it too."""
    assert report.outcome == "done"
    ends_in_one_line(sides, report, *says)
    assert titles(sides) == ["Beta", "Gamma"]
    sides.fake.heal()
    assert sides.sync().counts == {"create": 1}
    assert titles(sides) == list(TITLES)


# token, rights, plan


def test_a_wrong_token_ends_the_run_in_one_line(new: Sides) -> None:
    before = new.tasks_here()
    report = new.sync("2/wrong-token-of-nobody")
    assert report.outcome == "failed"
    ends_in_one_line(new, report, "does not accept the token", "set a new one")
    assert (titles(new), new.tasks_here()) == ([], before)


def test_a_token_that_expires_on_the_way_ends_the_run_and_the_next_goes_on(new: Sides) -> None:
    new.fake.fail(Trouble.STATUS_BEFORE, method="POST", path=new.stage.creates, status=401, after=1, times=99)
    new.fake.fail(Trouble.STATUS_BEFORE, method="GET", path="/users/me|/contacts", status=401, times=99)
    report = new.sync()
    assert report.outcome == "failed"
    assert titles(new) == ["Alpha"]
    assert len(new.fake.requests("POST", new.stage.creates)) <= 3
    assert "set a new one" in report.words
    new.fake.heal()
    assert new.sync().counts == {"create": 2}


def test_a_project_that_is_no_longer_ours_ends_the_run_in_one_line(pushed: Sides) -> None:
    before = pushed.tasks_here()
    for status in (403, 404):
        pushed.fake.fail(Trouble.STATUS_BEFORE, status=status, times=99)
        report = pushed.sync()
        pushed.fake.heal()
        assert report.outcome == "failed"
        lines_of(report)
    assert pushed.tasks_here() == before
    assert set(pushed.states().values()) == {"synced"}
    assert pushed.sync().counts == {}


@pytest.mark.parametrize(
    ("status", "says"), [(402, "higher plan"), (403, "does not allow"), (400, "refused the request")]
)
def test_one_task_that_is_refused_is_told_and_the_others_go_on(new: Sides, status: int, says: str) -> None:
    # 402: the plan; 403: a scope that is missing, a locked field, a full project; 400: a title that is too long
    times = _tries(new, status)
    new.fake.fail(Trouble.STATUS_BEFORE, method="POST", path=new.stage.creates, status=status, times=times)
    goes_on(new, new.sync(), says)


def _tries(sides: Sides, status: int) -> int:
    """How often Asana's adapter asks with less before it believes a refusal for plan or rights."""
    return 2 if sides.kind == "asana" and status in (402, 403) else 1


def test_a_right_that_is_missing_for_everything_ends_the_run_after_a_few(new: Sides) -> None:
    for number in range(5):
        new.add(f"Task {number}")
    new.fake.fail(Trouble.STATUS_BEFORE, method="POST", path=new.stage.creates, status=403, times=99)
    report = new.sync()
    assert report.outcome == "failed"
    assert "does not allow" in report.words
    assert len(new.fake.requests("POST", new.stage.creates)) < 8
    assert titles(new) == []


def test_a_field_that_is_locked_does_not_hold_the_others_back(pushed: Sides) -> None:
    pushed.doing(lambda ws: tasks.edit_tasks(ws, ["T-001"], {"title": "Alpha two", "due_on": "2026-11-20"}))
    pushed.doing(lambda ws: tasks.edit_tasks(ws, ["T-002"], {"title": "Beta two"}))
    is_due = b"due_on" if pushed.kind == "asana" else b"dates"
    _refusing(pushed.fake, lambda request: request.method == "PUT" and is_due in request.body, 403)
    report = pushed.sync()
    assert report.outcome == "done"
    ends_in_one_line(pushed, report, "does not allow")
    assert "Beta two" in titles(pushed)


def _refusing(fake: FakeServer, fits: Callable[[Request], bool], status: int, body: object = None) -> None:
    answer = fake.handle

    def handle(request: Request) -> Reply:
        words = {"errors": [{"message": "not for you"}], "error": "not_allowed", "errorDescription": "not for you"}
        return Reply(status, body or words) if fits(request) else answer(request)

    fake.handle = handle  # type: ignore[method-assign]  # this fake's alone


# what is not known there, or not here


def test_somebody_who_left_there_is_told_and_the_others_go_on(new: Sides) -> None:
    people = {"mara": "99999999", "lena": new.stage.other}
    new.doing(lambda ws: sync.change_connection(ws, new.kind, {"people": people}))
    new.doing(lambda ws: tasks.assign_tasks(ws, ["T-002", "T-003"], "lena"))
    report = new.sync()
    assert report.outcome == "done"
    ends_in_one_line(new, report)
    assert titles(new) == ["Beta", "Gamma"]


def test_a_status_that_is_not_mapped_is_shown_and_taken_as_nothing(pushed: Sides) -> None:
    fake = pushed.fake
    if isinstance(fake, AsanaFake):
        with fake.state:
            fake.user = pushed.stage.other
            section = fake._new_section("2202", "Parking lot")["gid"]
        fake.drag(pushed.id_of("Alpha"), section)
    else:
        fake.edit(pushed.id_of("Alpha"), customStatus=fake.status("On Hold"))
    pushed.stage.they_change(pushed.id_of("Beta"), {"title": "Beta there"})
    before = pushed.tasks_here()["T-001"]
    report = pushed.sync()
    assert (report.outcome, pushed.tasks_here()["T-001"]) == ("done", before)
    assert pushed.tasks_here()["T-002"]["title"] == "Beta there"
    (note,) = [each for each in report.notes if each.task == "T-001"]
    assert note.action in ("changed_there", "conflict")
    assert note.words.isprintable()


def test_markup_and_control_characters_there_are_text_here(pushed: Sides) -> None:
    pushed.stage.they_change(pushed.id_of("Alpha"), {"title": "<b>Ship</b>\x1b[2J [red]it[/red]\u202e"})
    pushed.stage.they_change(pushed.id_of("Beta"), {"description": "<script>x</script>\x07\nand \x1b]0;more"})
    pushed.stage.they_say(pushed.id_of("Gamma"), "\x1b[31mred\x1b[0m <i>word</i>")
    assert pushed.sync().outcome == "done"
    here = pushed.tasks_here()
    assert here["T-001"]["title"] == "<b>Ship</b> [red]it[/red]"
    texts = [here["T-002"]["notes"], pushed.rows("SELECT body FROM comment")[0][0]]
    assert texts[1].endswith("red <i>word</i>")
    assert all(each.isprintable() or each == "\n" for text in texts for each in text)
    assert pushed.sync().counts == {}


def test_a_title_that_is_too_long_here_is_told_and_the_others_go_on(pushed: Sides) -> None:
    pushed.stage.they_change(pushed.id_of("Alpha"), {"title": "x" * 900})
    pushed.stage.they_change(pushed.id_of("Beta"), {"title": "Beta there"})
    report = pushed.sync()
    assert report.outcome == "done"
    lines_of(report)
    here = pushed.tasks_here()
    assert len(here["T-001"]["title"]) <= TITLE_LIMIT
    assert here["T-002"]["title"] == "Beta there"


# the way there


def test_a_redirect_is_not_followed(new: Sides) -> None:
    with listener() as (port, heard):
        new.fake.fail(Trouble.REDIRECT, times=99, location=f"http://127.0.0.1:{port}/")
        report = new.sync()
    assert report.outcome == "failed"
    ends_in_one_line(new, report, f"127.0.0.1:{port}", "the token was not sent there", "Set the address")
    assert heard == []


def test_a_redirect_of_one_request_is_told_and_the_others_go_on(new: Sides) -> None:
    new.fake.fail(Trouble.REDIRECT, method="POST", path=new.stage.creates)
    goes_on(new, new.sync(), "elsewhere.example", "the token was not sent there")


@pytest.mark.parametrize("address", ["http://service.example", "http://127.0.0.1.example/api", "ftp://127.0.0.1/"])
def test_an_address_without_its_lock_is_refused_before_anything_is_sent(kind: str, address: str) -> None:
    place, workspace = PLACES[kind]
    with pytest.raises(RequestRefused, match="must begin with https://"):
        adapter_kind(kind).open("a-token", Connection(place, workspace, address))


@contextmanager
def listener(answer: bytes = b"") -> Iterator[tuple[int, list[bytes]]]:
    """A port of this machine, and the first bytes of each that came."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(5)
                    heard.append(connection.recv(65_536))
                    connection.sendall(answer)

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1], heard
        finally:
            over.set()
            thread.join(10)


PROXIES = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy")


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_proxies")
def test_a_proxy_of_the_environment_never_sees_what_stays_on_this_machine(
    new: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listener() as (port, heard):
        for name in PROXIES:
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
            new.environment[name] = f"http://127.0.0.1:{port}"
        assert new.sync().counts == {"create": 3}
        assert new.run("sync", "run").code == 0
    assert heard == []


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY"])
def test_a_proxy_is_used_as_a_tunnel_and_does_not_get_the_token(
    kind: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, workspace = PLACES[kind]
    with listener(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") as (port, heard):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        opened: Any = adapter_kind(kind)
        where = Connection(place, workspace, "https://service.example/api")
        adapter = opened.open("a-secret-token", where, waiting=waiting_in_no_time())
        with pytest.raises(RemoteError, match="check the network, the proxy"):
            adapter.whoami()
        adapter.close()
    assert heard
    assert all(each.startswith(b"CONNECT service.example:443") for each in heard)
    assert not [each for each in heard if b"a-secret-token" in each]


def test_a_failed_certificate_or_no_encryption_ends_in_one_line(new: Sides) -> None:
    secure = new.fake.url.replace("http://", "https://")
    new.doing(lambda ws: sync.change_connection(ws, new.kind, {"base_url": secure}))
    report = new.sync()
    assert report.outcome == "failed"
    ends_in_one_line(new, report, "cannot be reached", "certificate")
    assert titles(new) == []


@pytest.mark.parametrize("hours", [-20, -3, 3, 48])
def test_clocks_that_are_apart_make_nothing_twice(kind: str, hours: int, begun_file: Path, tmp_path: Path) -> None:
    with started(kind, clock=lambda: datetime.now(UTC) + timedelta(hours=hours)) as fake:
        sides = connected(kind, begun_file, tmp_path / "person", fake)
        sides.add("Alpha")
        fake.fail(Trouble.DROP_AFTER, method="POST", path=sides.stage.creates)
        sides.sync()
        sides.sync()
        assert titles(sides) == ["Alpha"]
        assert set(sides.states().values()) == {"synced"}
        sides.stage.they_change(sides.id_of("Alpha"), {"title": "Alpha there"})
        sides.sync()
        assert sides.tasks_here()["T-001"]["title"] == "Alpha there"


# answers that are too much


def test_a_huge_answer_ends_in_one_line(pushed: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    pushed.doing(lambda ws: sync.change_connection(ws, pushed.kind, {"deletions": 5}))
    before = pushed.tasks_here()
    monkeypatch.setattr(http, "MOST_BYTES", 1 << 10)
    _refusing(pushed.fake, lambda request: request.method == "GET", 200, {"data": ["x" * 5_000]})
    report = pushed.sync()
    assert report.outcome == "failed"
    ends_in_one_line(pushed, report, "nothing was taken from it")
    assert pushed.tasks_here() == before


@pytest.mark.parametrize("is_same", [True, False], ids=["the same page", "new pages"])
def test_paging_without_end_ends_in_one_line(new: Sides, is_same: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(paging.pages.__kwdefaults__ or {}, "most", 30)
    count = iter(range(10**6))

    def endless(request: Request) -> Reply:
        token = "again" if is_same else f"page-{next(count)}"
        return Reply(200, {"data": [], "next_page": {"offset": token}, "nextPageToken": token, "kind": "tasks"})

    answer = new.fake.handle
    new.fake.handle = lambda request: endless(request) if request.path.endswith("/tasks") else answer(request)  # type: ignore[method-assign]
    report = new.sync()
    assert report.outcome == "failed"
    ends_in_one_line(new, report, "was not read to its end")
    assert len(new.fake.requests("GET", "/tasks$")) <= 31
    assert titles(new) == []


@pytest.mark.parametrize("body", [b"null", b"[]", b'{"data": 7}', b'{"data": [7]}', b'{"data": [{}]}', b"{" * 9_000,
                                  b'{"data": [{"gid": "\\ud800", "id": "\\ud800"}]}'])  # fmt: skip
def test_an_answer_of_another_form_ends_in_one_line(pushed: Sides, body: bytes) -> None:
    before = pushed.tasks_here()
    _refusing(pushed.fake, lambda request: request.path.endswith("/tasks"), 200, body)
    pushed.stage.forget_cursors()
    report = pushed.sync()
    assert report.outcome == "failed"
    ends_in_one_line(pushed, report)
    assert pushed.tasks_here() == before
    assert set(pushed.states().values()) == {"synced"}


# the token


def test_the_token_is_nowhere_but_where_it_is_kept(new: Sides) -> None:
    """Everything that is written is looked through: both streams of every command, and every file."""
    token, fake = new.stage.token, new.fake
    written = ""
    commands = (("run",), ("plan",), ("run", "--json"), ("status",), ("log",), ("conflicts",), ("list", "--json"))
    for trouble, status in (
        (Trouble.STATUS_AFTER, 500), (Trouble.STATUS_BEFORE, 400), (Trouble.GARBAGE, 200),
        (Trouble.STATUS_BEFORE, 401), (Trouble.STATUS_BEFORE, 403), (Trouble.HALF, 200),
    ):  # fmt: skip
        for method in ("GET", "POST"):
            fake.fail(trouble, method=method, times=99, status=status)
            end = new.run("sync", "run")
            fake.heal()
            written += end.out + end.err
    for words in commands:
        end = new.run("sync", *words)
        written += end.out + end.err
    assert titles(new) == list(TITLES)
    assert written
    for secret in (token, token.replace("/", "\\/"), token[-12:]):
        assert secret not in written
        assert not [file for file in new.home.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]


def test_connecting_writes_the_token_into_its_file_alone(new: Sides) -> None:
    token = new.stage.token
    new.doing(lambda ws: sync.disconnect(ws, new.kind))
    for name in [name for name in new.environment if name.endswith("_TOKEN")]:
        del new.environment[name]
    place, workspace = PLACES[new.kind]
    words = ["sync", "connect", new.kind, "--token-stdin", "--workspace", workspace, "--project", place,
             "--base-url", new.fake.url]  # fmt: skip
    made = subprocess.run([sys.executable, "-m", "tracker", *words], env=new.environment, input=token, text=True,
                          capture_output=True, timeout=60, check=False)  # fmt: skip
    assert made.returncode == 0, made.stderr
    run = new.run("sync", "run")
    assert run.code == 0, run
    assert token not in made.stdout + made.stderr + run.out + run.err
    held = [file for file in new.home.rglob("*") if file.is_file() and token.encode() in file.read_bytes()]
    assert [(file.parent.name, file.stat().st_mode & 0o777) for file in held] == [("tokens", 0o600)]
    new.run("sync", "disconnect", new.kind)
    assert not [file for file in new.home.rglob("*") if file.is_file() and token.encode() in file.read_bytes()]

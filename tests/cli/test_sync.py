"""`tracker sync`: from connecting to letting go, against a remote in memory."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import keyring
import pytest
from keyring.backends import fail
from rich.cells import cell_len
from tests.cli.conftest import TODAY, Answer, Run, Tty
from tests.sync.pretend import Pretend

import tracker.cli
from tracker import plugins
from tracker.__main__ import main
from tracker.domain.remote import Connection, Named

TOKEN = "2/pretend:0123456789-secret"
DESCRIPTION = (Path(tracker.cli.__file__).parent / "JSON.md").read_text(encoding="utf-8")
CONNECT = ("sync", "connect", "pretend", "--token-stdin")


@dataclass
class PretendKind:
    """Opens one remote with whatever token; keeps the last one."""

    remote: Pretend
    name: str = "pretend"
    title: str = "Pretend"
    token_help: str = "Pretend gives tokens to everybody."
    token: str = ""

    def open(self, token: str, connection: Connection) -> Pretend:
        self.token = token
        return self.remote


@pytest.fixture
def there() -> Pretend:
    return Pretend()


@pytest.fixture(autouse=True)
def kind(there: Pretend, monkeypatch: pytest.MonkeyPatch) -> Iterator[PretendKind]:
    module = ModuleType("pretend_of_tests")
    made = PretendKind(there)
    setattr(module, "KIND", made)  # noqa: B010 - a module made on the spot
    monkeypatch.setitem(sys.modules, module.__name__, module)
    found = [EntryPoint("pretend", f"{module.__name__}:KIND", plugins.GROUP),
             EntryPoint("bare", "not_installed_anywhere:KIND", plugins.GROUP)]
    monkeypatch.setattr(plugins, "entry_points", lambda group: found if group == plugins.GROUP else [])
    for name in ("TRACKER_PRETEND_TOKEN", "TRACKER_TOKEN_PRETEND"):
        monkeypatch.delenv(name, raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def alone(tracker: Run, begun_path: Path) -> Run:
    """The program on a database with one person, who has an address; not connected."""

    def run(*words: str, stdin: str = "") -> Answer:
        return tracker("--today", TODAY, "--as", "mara", *words, db=begun_path, stdin=stdin)

    assert run("person", "edit", "mara", "--email", "Mara@Example.org").code == 0
    return run


@pytest.fixture
def sync(alone: Run) -> Run:
    """The same, connected."""
    assert alone(*CONNECT, stdin=TOKEN).code == 0
    return alone


def added(cli: Run, title: str = "Write the page") -> str:
    answer = cli("add", f"{title} @mara kr:1", "--json")
    assert answer.code == 0, answer.err
    task: str = answer.json["ids"][0]
    return task


# connecting


def test_options_say_it_all_where_there_is_no_terminal(alone: Run, kind: PretendKind, tmp_path: Path) -> None:
    answer = alone(*CONNECT, "--policy", "theirs", "--arrivals", "--deletions", "2", stdin=f"{TOKEN}\n")
    assert (answer.code, answer.out) == (0, "pretend\n"), answer.err
    for words in ("Token of Mara (mara@example.org)", "Project: Project", "mara         Mara", "review       s-review",
                  "cancelled    nothing like it there", "readable by you alone", "tracker sync plan pretend"):
        assert words in answer.err
    assert kind.token == TOKEN
    (file,) = (each for each in tmp_path.rglob("tokens/*"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (kept,) = alone("sync", "list", "--json").json["connections"]
    assert (kept["policy"], kept["takes_arrivals"], kept["deletions"]) == ("theirs", True, 2)
    assert kept["people"] == {"mara": "u-mara"}
    assert kept["statuses"]["done"] == "s-done"
    assert alone("sync", "list").out.split() == [
        "pretend", "pretend", "Project", "both", "theirs", "1", "messages", "arrivals"]


def test_somebody_without_a_counterpart_is_shown_with_what_to_do(alone: Run) -> None:
    assert alone("person", "add", "Bo Berg").code == 0
    answer = alone(*CONNECT, "--json", stdin=TOKEN)
    assert answer.json["without"] == ["bo"]
    assert "nobody there has this e-mail address" in answer.err
    assert "tracker person edit bo --email ADDRESS" in answer.err
    assert alone("sync", "set", "person.bo=Mara", "--json").json["connection"]["people"]["bo"] == "u-mara"
    assert alone("sync", "set", "person.bo=none", "--json").json["without"] == ["bo"]


def test_a_token_of_the_environment_stays_there(
    alone: Run, kind: PretendKind, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRACKER_PRETEND_TOKEN", TOKEN)
    answer = alone("sync", "connect", "pretend")
    assert "stays in TRACKER_PRETEND_TOKEN" in answer.err
    assert not list(tmp_path.rglob("tokens/*"))
    assert alone("sync", "plan").code == 0
    assert kind.token == TOKEN


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("sync", "connect"), 2, "KIND"),
        (("sync", "connect", "pretend", TOKEN), 2, "never an argument"),
        (("sync", "connect", "pretend", "--token", TOKEN), 2, "--token"),
        (("sync", "token", TOKEN), 2, "never an argument"),
        (("sync", "connect", "pretend"), 2, "TRACKER_TOKEN_PRETEND"),
        (("sync", "connect", "bare"), 5, "pip install 'strategy-tracker[sync]'"),
        (("sync", "connect", "nowhere"), 3, "known: bare, pretend"),
        ((*CONNECT, "--project", "Elsewhere"), 3, "there is Project (p)"),
        ((*CONNECT, "--direction", "pull"), 2, "both"),
        ((*CONNECT, "--policy", "mine"), 2, "ask, ours, theirs"),
        ((*CONNECT, "--person", "mara"), 2, "NAME=VALUE"),
        ((*CONNECT, "--person", "mara=Nobody Known"), 3, "no person"),
        ((*CONNECT, "--status", "parked=s-todo"), 3, "no status"),
        ((*CONNECT, "--name", "Two Words"), 2, "no name for a connection"),
        (("sync", "plan"), 3, "tracker sync connect"),
        (("sync", "run", "asana"), 3, "no connection 'asana'"),
        (("sync", "run", "--allow-deletions", "some"), 2, "whole number"),
        (("sync", "set", "policy"), 3, "policy"),
        (("sync", "disconnect", "asana"), 3, "asana"),
        (("sync", "resolve", "T-001"), 2, "--ours or --theirs"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_nothing_is_kept(
    alone: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = alone(*words, stdin=TOKEN)
    assert (answer.code, answer.out) == (code, ""), answer
    assert said in answer.err
    assert TOKEN not in answer.err
    assert "Traceback" not in answer.err
    assert alone("sync", "list", "--json").json["connections"] == []


def test_the_same_place_is_not_connected_twice(sync: Run, there: Pretend) -> None:
    before = there.count()["prepare"]
    assert "already" in sync(*CONNECT, stdin=TOKEN).err
    answer = sync(*CONNECT, "--name", "two", stdin=TOKEN)
    assert (answer.code, "connected to that place already" in answer.err) == (1, True)
    assert there.count()["prepare"] == before, "nothing is made there for a connection that cannot be"


def test_a_token_that_is_refused_leaves_no_connection(alone: Run, there: Pretend) -> None:
    there.next_faults["whoami"] = [("before", "not allowed")]
    answer = alone(*CONNECT, stdin=TOKEN)
    assert (answer.code, answer.out) == (5, "")
    assert len(answer.err.splitlines()) == 1
    assert alone("sync", "status").err.startswith("There is no connection yet")


class Crowded(Pretend):
    """Has more than one workspace and project."""

    def workspaces(self) -> Sequence[Named]:
        return [Named("10", "Work"), Named("11", "Home")]

    def places(self, workspace: str) -> Iterator[Named]:
        return iter([Named("20", "Launch of spring"), Named("21", "Launch of autumn"), Named("22", "Other")])


def test_choices_are_listed_where_nobody_can_be_asked(alone: Run, kind: PretendKind) -> None:
    kind.remote = Crowded()
    assert "Name the workspace with --workspace: Work (10), Home (11)" in alone(*CONNECT, stdin=TOKEN).err
    launch = alone(*CONNECT, "--workspace", "work", "--project", "launch", stdin=TOKEN)
    assert (launch.code, "fits several" in launch.err) == (2, True)
    assert alone(*CONNECT, "--workspace", "work", "--project", "autumn", stdin=TOKEN).code == 0


def test_at_a_terminal_it_asks(
    alone: Run, kind: PretendKind, begun_path: Path, monkeypatch: pytest.MonkeyPatch,
    on_terminal: Callable[..., Any], capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    kind.remote = Crowded()
    asked: list[str] = []

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return TOKEN

    monkeypatch.setattr("getpass.getpass", typed)
    capfd.readouterr()
    with on_terminal(100, 40) as screen:
        monkeypatch.setattr(sys, "stdin", Tty("1\nlaunch\n1\n\n"))
        assert main(["--db", str(begun_path), "--as", "mara", "sync", "connect", "pretend"]) == 0
    said = capfd.readouterr().err
    assert asked == ["Token (it is not shown): "]
    assert "Pretend gives tokens to everybody." in said
    assert "   1  Launch of autumn" in said
    assert "Connect? (Y/n)" in said
    assert TOKEN not in said + screen.getvalue()
    kept = alone("sync", "list", "--json").json["connections"][0]
    assert (kept["workspace"], kept["place_name"]) == ("10", "Launch of autumn")


def test_what_is_said_while_it_asks_breaks_between_words(
    alone: Run, begun_path: Path, monkeypatch: pytest.MonkeyPatch, on_terminal: Callable[..., Any],
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert alone("person", "add", "Bo Berg").code == 0
    monkeypatch.setenv("TRACKER_PRETEND_TOKEN", TOKEN)
    capfd.readouterr()
    with on_terminal(50, 40):
        monkeypatch.setattr(sys, "stdin", Tty("\n"))
        assert main(["--db", str(begun_path), "--as", "mara", "sync", "connect", "pretend"]) == 0
    lines = capfd.readouterr().err.splitlines()
    assert max(len(line.removeprefix("Connect? (Y/n) ")) for line in lines) <= 50
    assert "  Their tasks go there without an owner, until:" in lines
    assert "  bo           nobody there has this e-mail" in lines


def test_who_says_no_at_the_end_has_changed_nothing(
    alone: Run, there: Pretend, begun_path: Path, monkeypatch: pytest.MonkeyPatch, on_terminal: Callable[..., Any]
) -> None:
    monkeypatch.setenv("TRACKER_PRETEND_TOKEN", TOKEN)
    with on_terminal(100, 40):
        monkeypatch.setattr(sys, "stdin", Tty("n\n"))
        assert main(["--db", str(begun_path), "--as", "mara", "sync", "connect", "pretend"]) == 2
    assert there.count()["prepare"] == 0
    assert alone("sync", "list", "--json").json["connections"] == []


def test_a_new_token_is_tried_before_it_is_kept(sync: Run, there: Pretend, kind: PretendKind) -> None:
    there.next_faults["whoami"] = [("before", "not allowed")]
    assert sync("sync", "token", "--token-stdin", stdin="another-token").code == 5
    sync("sync", "plan")
    assert kind.token == TOKEN
    answer = sync("sync", "token", "pretend", "--token-stdin", stdin="another-token")
    assert (answer.code, "Token of Mara" in answer.err) == (0, True)
    sync("sync", "plan")
    assert kind.token == "another-token"


# plan and run


def test_a_plan_shows_by_what_happens_what_a_run_would_do(sync: Run, there: Pretend) -> None:
    new, moved = added(sync, "New [bold]here"), added(sync, "Moved")
    there.next_faults["create"] = [("before", "refused")]
    sync("sync", "run")
    sync("due", moved, "2026-10-30")
    before = sync("export", "json").out
    answer = sync("sync", "plan")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0] == "pretend: Project, both ways"
    assert "Made there (1)" in lines
    assert lines[lines.index(f"  {new}  New [bold]here") + 1] == "         status assigned, owner mara, priority normal"
    assert "         there due         - > 2026-10-30" in lines
    assert "Nothing was changed; do it with: tracker sync run pretend" in answer.err
    assert (sync("export", "json").out, there.of(new)) == (before, [])
    data = sync("sync", "plan", "--json").json
    assert {(each["task"], each["action"]) for each in data["tasks"]} == {(new, "create"), (moved, "push")}


def test_a_run_says_what_it_did_and_the_next_one_has_nothing_to_do(sync: Run, there: Pretend) -> None:
    task = added(sync)
    answer = sync("sync", "run")
    assert (answer.code, answer.out) == (0, "pretend: 1 made there\n"), answer.err
    assert there.one(task).title == "Write the page"
    assert sync("sync", "run").out == "pretend: nothing had to change\n"
    assert sync("sync", "plan").out.splitlines()[-1] == "Nothing to do: both sides hold the same."
    status = sync("sync", "status").out
    assert "tasks      1 the same" in status
    assert "last run   #2" in status
    assert sync("sync").out == status
    assert [row["outcome"] for row in sync("sync", "log", "--json").json["runs"]] == ["done", "done"]
    assert len(sync("sync", "log", "--limit", "1").out.splitlines()) == 1


def test_a_conflict_is_shown_with_three_values_and_settled_either_way(sync: Run, there: Pretend) -> None:
    ours, theirs = added(sync, "First"), added(sync, "Second")
    sync("sync", "run")
    for task in (ours, theirs):
        there.edit(there.one(task).id, title=f"{task} there")
        sync("edit", task, "--title", f"{task} here")
    report = sync("sync", "run")
    assert (report.code, "Decide with: tracker sync conflicts" in report.err) == (0, True)
    out = sync("sync", "conflicts").out
    for words in (f"{ours}  {ours} here", "before  First", f"ours    {ours} here", f"theirs  {ours} there"):
        assert words in out
    answer = sync("sync", "resolve", theirs, "title", "--theirs")
    assert (answer.code, f"{theirs} there" in answer.out) == (0, True), answer.err
    assert sync("sync", "resolve", ours, "--ours", "--json").json["tasks"][0]["title"] == f"{ours} here"
    sync("sync", "run")
    assert (there.one(ours).title, there.one(theirs).title) == (f"{ours} here", f"{theirs} there")
    assert sync("sync", "conflicts").err == "There is nothing to decide.\n"
    assert sync("sync", "resolve", ours, "--ours").code == 3
    assert sync("sync", "resolve", ours, "colour", "--ours").code == 2


def test_many_deletions_stop_a_run_until_somebody_gives_leave(sync: Run, there: Pretend) -> None:
    tasks = [added(sync, f"Task {number}") for number in range(3)]
    sync("sync", "set", "deletions=1")
    sync("sync", "run")
    for task in tasks[:2]:
        there.delete(there.one(task).id)
    stopped = sync("sync", "run")
    assert stopped.code == 1
    assert "tracker sync run pretend --allow-deletions 2" in stopped.err
    assert "Gone there; the task here stays (2)" in sync("sync", "plan").out
    assert sync("sync", "run", "--allow-deletions", "2").code == 0
    assert sync("list", "--json").json["tasks"].__len__() == 3
    assert "2 gone there" in sync("sync", "status").out


@pytest.mark.parametrize("as_json", [False, True])
def test_a_remote_that_refuses_ends_in_one_line_and_exit_code_5(sync: Run, there: Pretend, as_json: bool) -> None:
    added(sync)
    there.next_faults["changes"] = [("before", "not allowed")]
    answer = sync("sync", "run", *(["--json"] if as_json else []))
    assert answer.code == 5
    if as_json:
        assert answer.json["outcome"] == "failed"
        assert json.loads(answer.err)["error"]["exit_code"] == 5
    else:
        assert answer.err == (
            "tracker: The token is not valid; run: tracker sync connect pretend "
            "Set it with: tracker sync token pretend\n"
        )


def test_words_of_a_token_that_is_not_refused_send_nobody_to_set_it(sync: Run, there: Pretend) -> None:
    added(sync)
    there.next_faults["changes"] = [("before", "moved")]
    answer = sync("sync", "run")
    assert answer.code == 5
    assert answer.err == "tracker: The token was not sent to elsewhere.example.\n"


def test_a_plan_that_a_remote_refuses_says_what_to_do(sync: Run, there: Pretend) -> None:
    there.next_faults["changes"] = [("before", "not allowed")]
    answer = sync("sync", "plan")
    assert (answer.code, answer.out) == (5, "")
    assert answer.err.endswith("Set it with: tracker sync token pretend\n")


def test_a_task_that_cannot_be_done_is_told_and_the_others_go_on(sync: Run, there: Pretend) -> None:
    first, second = added(sync, "First"), added(sync, "Second")
    there.next_faults["create"] = [("before", "refused")]
    answer = sync("sync", "run")
    assert answer.code == 1
    assert f"  {first}  not done: The remote says no: bad value." in answer.out
    assert there.one(second).title == "Second"
    assert f"{first}  not done" in sync("sync", "log").out


@pytest.mark.skipif(os.name != "posix", reason="signals are otherwise there")
def test_ctrl_c_ends_a_run_where_it_is_safe_and_the_next_one_goes_on(
    sync: Run, there: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [added(sync, f"Task {number}") for number in range(3)]
    create = there.create

    def interrupted(*words: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return create(*words)

    monkeypatch.setattr(there, "create", interrupted)
    answer = sync("sync", "run")
    assert (answer.code, answer.out) == (130, "pretend: 1 made there\n")
    assert "What was done is kept; the next run goes on: tracker sync run pretend" in answer.err
    monkeypatch.setattr(there, "create", create)
    assert sync("sync", "run").out == "pretend: 2 made there\n"
    assert [len(there.of(task)) for task in tasks] == [1, 1, 1]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_ends_it_at_once_and_nothing_is_made_twice(
    sync: Run, there: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = added(sync)
    create = there.create

    def interrupted(*words: Any) -> Any:
        create(*words)
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(there, "create", interrupted)
    answer = sync("sync", "run")
    assert answer.code == 130
    assert "Interrupted at once" in answer.err
    monkeypatch.setattr(there, "create", create)
    assert sync("sync", "run").code == 0
    assert len(there.of(task)) == 1


def test_a_connection_is_changed_and_let_go(sync: Run, there: Pretend, tmp_path: Path) -> None:
    task = added(sync)
    sync("sync", "run")
    assert sync("sync", "set", "pretend", "direction=push", "comments=no", "pace=30").code == 0
    kept = sync("sync", "list", "--json").json["connections"][0]
    assert (kept["direction"], kept["sends_comments"]) == ("push", False)
    for words in ("comments=perhaps", "colour=red", "people=all", "deletions=-1", "pace=fast"):
        assert sync("sync", "set", words).code == 2, words
    answer = sync("sync", "disconnect", "pretend")
    assert (answer.code, answer.out) == (0, "pretend\n")
    assert "1 task stays as it is, there and here" in answer.err
    assert not list(tmp_path.rglob("tokens/*"))
    assert len(there.of(task)) == 1
    assert sync("show", task).code == 0


# what is written


def test_no_command_writes_the_token_anywhere(sync: Run, there: Pretend, tmp_path: Path) -> None:
    task = added(sync)
    written = ""
    for words in (
        ("token", "--token-stdin"), ("list",), ("plan",), ("run",), ("status",), ("log",), ("conflicts",),
        ("resolve", task, "--ours"), ("set", "people=match"), ("token", TOKEN), ("connect", "pretend", TOKEN),
    ):
        for more in ((), ("--json",)):
            answer = sync("sync", *words, *more, stdin=TOKEN)
            written += answer.out + answer.err
    there.next_faults["changes"] = [("before", "not allowed")]
    answer = sync("sync", "run")
    written += answer.out + answer.err
    assert TOKEN not in written
    files = [file for file in tmp_path.rglob("*") if file.is_file() and TOKEN.encode() in file.read_bytes()]
    assert [file.parent.name for file in files] == ["tokens"]
    sync("sync", "disconnect", "pretend")
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and TOKEN.encode() in file.read_bytes()]


@pytest.mark.parametrize(
    ("words", "kind_of_answer"),
    [(("list",), "sync_connections"), (("plan",), "sync_plan"), (("run",), "sync_run"), (("status",), "sync_status"),
     (("log",), "sync_log"), (("conflicts",), "sync_conflicts"), (("set", "policy=ours"), "sync_connection"),
     (("disconnect", "pretend"), "sync_disconnected")],
)  # fmt: skip
def test_every_answer_as_json_is_in_the_envelope_and_described(
    sync: Run, words: tuple[str, ...], kind_of_answer: str
) -> None:
    added(sync)
    if words[0] not in ("plan", "run"):
        sync("sync", "run")
    answer = sync("sync", *words, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert list(answer.json)[:2] == ["tracker", "kind"]
    assert answer.json["kind"] == kind_of_answer
    row = next(line for line in DESCRIPTION.splitlines() if re.match(rf"^\|[^|]*`{kind_of_answer}`[^|]*\|", line))
    for key in list(answer.json)[2:]:
        assert f"`{key}`" in row


def test_text_of_others_plays_no_tricks(sync: Run, there: Pretend) -> None:
    sync("sync", "set", "arrivals=yes")
    there.make("Evil \x1b[2Jtitle\nand more")
    for words in (("plan",), ("run",), ("log",)):
        answer = sync("sync", *words)
        assert "\x1b" not in answer.out + answer.err


@pytest.mark.parametrize("columns", [20, 80])
def test_no_line_is_wider_than_the_terminal(
    sync: Run, there: Pretend, begun_path: Path, on_terminal: Callable[..., Any], columns: int
) -> None:
    tasks = [added(sync, "漢字の長いタイトル" * 12) for _ in range(25)]
    sync("sync", "run")
    for task in tasks:
        there.edit(there.one(task).id, title=f"{task} there " * 20, due_on=None)
    sync("edit", tasks[0], "--title", "here " * 30)
    for words in (("plan",), ("run",), ("status",), ("log",), ("conflicts",), ("list",)):
        with on_terminal(columns, 24) as screen:
            main(["--db", str(begun_path), "--as", "mara", "sync", *words])
        lines = re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue()).splitlines()
        assert lines
        assert max(cell_len(line) for line in lines) <= columns, words
        if words == ("plan",):
            assert "more; --all shows" in screen.getvalue() or columns == 20


def loaded(db: Path, *words: str) -> set[str]:
    program = ("import sys; from tracker.__main__ import main; main(sys.argv[1:]); "
               "print('LOADED', *sorted(sys.modules), file=sys.stderr)")
    done = subprocess.run(
        [sys.executable, "-c", program, *words], env={**os.environ, "TRACKER_DB": str(db)}, capture_output=True,
        text=True, timeout=60, check=True, stdin=subprocess.DEVNULL)
    return set(done.stderr.rpartition("LOADED")[2].split())


def test_sync_is_loaded_only_where_it_is_used(sync: Run, begun_path: Path) -> None:
    added(sync)
    sync("sync", "run")
    for words in (("--help",), ("list",)):
        names = loaded(begun_path, *words)
        assert not {name for name in names if "sync" in name and name.startswith("tracker")}
        assert not names & {"httpx", "keyring", "tracker.plugins"}
    assert not loaded(begun_path, "sync", "status") & {"httpx", "keyring", "tracker_sync", "sqlalchemy", "textual"}

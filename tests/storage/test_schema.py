"""Opening a file: a new one is made, an older one migrated after a backup, a newer or foreign one left alone."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from alembic.config import Config

from tracker.domain.errors import OutOfReach, Refused
from tracker.storage import schema
from tracker.storage.migrations import run
from tracker.storage.store import Store

ADD_A_COLUMN = "op.execute('ALTER TABLE person ADD COLUMN phone VARCHAR')"
FAIL_HALF_WAY = f"{ADD_A_COLUMN}; op.execute('INSERT INTO person (id) VALUES (NULL)')"
BREAK_A_REFERENCE = "op.execute('DROP TABLE channel'); op.execute('CREATE TABLE channel (id VARCHAR PRIMARY KEY)')"
REBUILD_A_TABLE = (
    "from alembic.operations.ops import AddColumnOp; import sqlalchemy as sa\n"
    "    with op.batch_alter_table('channel', recreate='always') as batch:\n"
    "        batch.add_column(sa.Column('note', sa.String))"
)

Migration = Callable[[str], Path]


@pytest.fixture
def tomorrow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Migration:
    """Makes this the program of tomorrow, which has one migration more."""

    def make(body: str) -> Path:
        folder = tmp_path / "migrations"
        shutil.copytree(str(resources.files("tracker.storage.migrations")), folder)
        (folder / "versions" / "m9999_tomorrow.py").write_text(
            '"""Tomorrow."""\nfrom alembic import op\n'
            f"revision = '9999'\ndown_revision = '{schema.SCHEMA_NUMBER:04}'\n\n\n"
            f"def upgrade():\n    {body}\n"
        )
        today = run.configuration

        def configuration() -> Config:
            config = today()
            config.set_main_option("script_location", str(folder))
            return config

        monkeypatch.setattr(run, "configuration", configuration)
        monkeypatch.setattr(schema, "SCHEMA_NUMBER", schema.SCHEMA_NUMBER + 1)
        return folder

    return make


@pytest.fixture
def older(empty_file: Path, tmp_path: Path) -> Path:
    """A database of today with somebody in it."""
    path = tmp_path / "work" / "tracker.db"
    path.parent.mkdir()
    shutil.copy(empty_file, path)
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO person (id, name) VALUES ('mara', 'Mara')")
    connection.execute("INSERT INTO channel (id, name) VALUES ('email', 'E-mail')")
    connection.execute(
        "INSERT INTO strategy (id, title, owner, horizon_start, horizon_end) "
        "VALUES ('S-01', 'Calls', 'mara', '2026-01-01', '2026-12-31')"
    )
    connection.execute("INSERT INTO strategy_channel (strategy, channel) VALUES ('S-01', 'email')")
    connection.commit()
    connection.close()
    return path


def _backups(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.*backup"))


def _rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def _dump(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [*connection.iterdump(), str(connection.execute("PRAGMA user_version").fetchone())]
    finally:
        connection.close()


def test_a_new_file_gets_todays_schema_and_our_mark(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    Store.open(path).close()
    assert _rows(path, "PRAGMA user_version") == [(schema.SCHEMA_NUMBER,)]
    assert _rows(path, "PRAGMA application_id") == [(schema.APPLICATION_ID,)]
    assert _backups(path) == []


def test_an_older_database_is_migrated_after_a_backup_beside_it(older: Path, tomorrow: Migration) -> None:
    before = _dump(older)
    tomorrow(ADD_A_COLUMN)
    Store.open(older).close()
    assert _rows(older, "SELECT id, phone FROM person") == [("mara", None)]
    assert _rows(older, "PRAGMA user_version") == [(schema.SCHEMA_NUMBER,)]
    (backup,) = _backups(older)
    assert _dump(backup) == before
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert f"schema-{schema.SCHEMA_NUMBER - 1}" in backup.name


def test_a_migrated_database_is_not_migrated_again(older: Path, tomorrow: Migration) -> None:
    tomorrow(ADD_A_COLUMN)
    for _ in range(2):
        Store.open(older).close()
    assert len(_backups(older)) == 1


def test_a_table_that_others_refer_to_can_be_rebuilt(older: Path, tomorrow: Migration) -> None:
    tomorrow(REBUILD_A_TABLE)
    store = Store.open(older)
    assert store.connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    store.close()
    assert _rows(older, "SELECT id, note FROM channel") == [("email", None)]
    assert _rows(older, "SELECT strategy, channel FROM strategy_channel") == [("S-01", "email")]


@pytest.mark.parametrize("body", [FAIL_HALF_WAY, BREAK_A_REFERENCE, "raise ValueError('a mistake of ours')"])
def test_a_migration_that_fails_leaves_the_database_as_it_was(older: Path, tomorrow: Migration, body: str) -> None:
    before = _dump(older)
    tomorrow(body)
    with pytest.raises(OutOfReach, match=r"could not be brought to schema 4: .*It is as it was"):
        Store.open(older)
    assert _dump(older) == before
    assert [_dump(backup) for backup in _backups(older)] == [before]


def test_a_migration_without_room_for_a_backup_is_not_begun(
    older: Path, tomorrow: Migration, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _dump(older)
    tomorrow(ADD_A_COLUMN)

    def no_room(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tracker.storage.schema.os.open", no_room)
    with pytest.raises(OutOfReach, match=r"No backup .*No space left on device.*left as it is"):
        Store.open(older)
    assert _dump(older) == before


def test_a_newer_database_is_refused_and_left_alone(older: Path) -> None:
    connection = sqlite3.connect(older)
    connection.execute(f"PRAGMA user_version = {schema.SCHEMA_NUMBER + 1}")
    connection.close()
    before = older.read_bytes()
    with pytest.raises(Refused, match=r"written by a newer tracker \(schema 4, this one knows 3\).*upgrade with: pip"):
        Store.open(older)
    assert older.read_bytes() == before


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "music.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE song (title)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(Refused, match=r"music\.db is a database of another program\. Name another file with --db"):
        Store.open(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["music.db"]


@pytest.mark.parametrize("number", [schema.SCHEMA_NUMBER, schema.SCHEMA_NUMBER + 1])
def test_the_number_alone_does_not_make_a_database_ours(tmp_path: Path, number: int) -> None:
    path = tmp_path / "music.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE song (title)")
    connection.execute(f"PRAGMA user_version = {number}")
    connection.close()
    with pytest.raises(Refused, match="another program"):
        Store.open(path)


@pytest.mark.parametrize("content", [
    pytest.param(b"Dear diary,\n" * 200, id="text"),
    pytest.param(b"x", id="one letter"),
    pytest.param(b"SQLite format 3\0" + b"\xff" * 4000, id="a head and rubbish"),
])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(OutOfReach, match=r"notes\.txt is (not a tracker database|damaged)"):
        Store.open(path)
    assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_a_database_that_was_cut_off_is_refused_in_words(older: Path) -> None:
    older.write_bytes(older.read_bytes()[:40_000])
    with pytest.raises(OutOfReach, match=r"is damaged|not a tracker database"):
        Store.open(older).connection.execute("SELECT count(*) FROM task")


def test_a_folder_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(OutOfReach, match="is a folder, not a database file"):
        Store.open(tmp_path)


def test_a_missing_file_is_made_only_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with pytest.raises(OutOfReach, match=r"does not exist\. Run `tracker init`"):
        Store.open(path, create=False)
    assert not path.exists()


def test_an_empty_file_is_begun_only_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    path.touch()
    with pytest.raises(Refused, match=r"is empty\. Run `tracker init`"):
        Store.open(path, create=False)
    assert path.read_bytes() == b""
    Store.open(path).close()
    assert _rows(path, "PRAGMA user_version") == [(schema.SCHEMA_NUMBER,)]


_OPEN = "import sys; from pathlib import Path; from tracker.storage.store import Store; Store.open(Path(sys.argv[1]))"


_OPEN_TOMORROW = f"""import sys
from tracker.storage import schema
from tracker.storage.migrations import run
schema.SCHEMA_NUMBER += 1
today = run.configuration
def configuration():
    config = today()
    config.set_main_option("script_location", sys.argv[2])
    return config
run.configuration = configuration
{_OPEN.removeprefix('import sys; ')}
"""


def _open_in_processes(program: str, *arguments: Path) -> list[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    return [process.communicate(timeout=60)[1] for process in running]


def test_processes_that_open_a_fresh_path_at_once_all_succeed(tmp_path: Path) -> None:
    path = tmp_path / "new" / "tracker.db"
    assert _open_in_processes(_OPEN, path) == ["", ""]
    assert _rows(path, "PRAGMA journal_mode") == [("wal",)]
    assert _rows(path, "SELECT count(*) FROM alembic_version") == [(1,)]


def test_processes_that_open_an_older_database_at_once_migrate_it_once(older: Path, tomorrow: Migration) -> None:
    before = _dump(older)
    assert _open_in_processes(_OPEN_TOMORROW, older, tomorrow(ADD_A_COLUMN)) == ["", ""]
    assert _rows(older, "SELECT id, phone FROM person") == [("mara", None)]
    assert [_dump(backup) for backup in _backups(older)] == [before]


def test_what_another_process_migrated_while_this_one_waited_is_left_as_it_is(older: Path) -> None:
    before = _dump(older)
    connection = sqlite3.connect(older, isolation_level=None)
    run.upgrade(connection, older, before=lambda: pytest.fail("there is nothing to back up"))
    connection.close()
    assert _dump(older) == before

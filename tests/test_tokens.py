"""Tokens are found where they were kept, and nowhere that others look."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked, PasswordDeleteError

from tracker import tokens
from tracker.domain.errors import OutOfReach, WrongUsage
from tracker.tokens import find_token, forget_token, keep_token

TOKEN = "1/1200000:0123456789abcdef"


class Drawer(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self, *, locked: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked("locked")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("none")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tokens, "tokens_folder", lambda: tmp_path / "data" / "tokens")
    for name in ("TRACKER_TOKEN_ASANA_2", "TRACKER_ASANA_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "tracker.sqlite3"


def test_a_token_is_kept_in_the_keyring_for_one_database(database: Path, tmp_path: Path) -> None:
    drawer = Drawer()
    keyring.set_keyring(drawer)
    assert keep_token(f" {TOKEN}\n", "asana-2", database) == "the system's keyring"
    assert find_token("asana-2", "asana", database) == TOKEN
    assert not (tmp_path / "data").exists(), "nothing was written beside it"
    with pytest.raises(OutOfReach):
        find_token("asana-2", "asana", tmp_path / "another.sqlite3")
    forget_token("asana-2", database)
    assert drawer.kept == {}


@pytest.mark.parametrize("backend", [fail.Keyring, lambda: Drawer(locked=True)])
def test_without_a_keyring_that_works_a_private_file_keeps_it(backend: type, database: Path, tmp_path: Path) -> None:
    keyring.set_keyring(backend())
    where = keep_token(TOKEN, "asana-2", database)
    (file,) = (tmp_path / "data" / "tokens").iterdir()
    assert str(file) in where
    assert TOKEN not in where
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert find_token("asana-2", "asana", database) == TOKEN
    forget_token("asana-2", database)
    with pytest.raises(OutOfReach, match=r"tracker sync token asana-2.*TRACKER_TOKEN_ASANA_2"):
        find_token("asana-2", "asana", database)


def test_a_file_that_others_can_read_is_refused(database: Path, tmp_path: Path) -> None:
    keep_token(TOKEN, "asana-2", database)
    (file,) = (tmp_path / "data" / "tokens").iterdir()
    file.chmod(0o644)
    with pytest.raises(OutOfReach, match="chmod 600") as refusal:
        find_token("asana-2", "asana", database)
    assert TOKEN not in str(refusal.value)


def test_the_environment_goes_before_what_is_kept(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_token(TOKEN, "asana-2", database)
    monkeypatch.setenv("TRACKER_ASANA_TOKEN", "of-the-kind")
    assert find_token("asana-2", "asana", database) == "of-the-kind"
    monkeypatch.setenv("TRACKER_TOKEN_ASANA_2", "of-the-connection")
    assert find_token("asana-2", "asana", database) == "of-the-connection"


@pytest.mark.parametrize("token", ["", "  ", "two words", "line\nbreak", "\x1b[31m", "tökén", "x" * 5000])
def test_what_is_no_token_is_refused_without_being_repeated(token: str, database: Path) -> None:
    with pytest.raises(WrongUsage) as refusal:
        keep_token(token, "asana-2", database)
    assert not token.strip() or token not in str(refusal.value)

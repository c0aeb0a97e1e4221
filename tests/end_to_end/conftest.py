"""A machine of its own for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Nothing is on it yet."""
    with Machine(tmp_path / "person") as home:
        yield home


@pytest.fixture
def northlight_machine(machine: Machine, northlight_file: Path) -> Machine:
    """With the demo as its database; mara and others work in it."""
    machine.holds(northlight_file)
    return machine


@pytest.fixture
def begun_machine(machine: Machine, begun_file: Path) -> Machine:
    """After the first run: one strategy, one key result, mara, no task."""
    machine.holds(begun_file)
    return machine

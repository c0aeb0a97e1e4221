"""The adapter of Asana: the contract, and what is Asana's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.sync.asana_stage import AsanaStage
from tests.sync.contract import AdapterContract
from tests.sync.fakes.asana import AsanaFake


@pytest.fixture
def stage() -> Iterator[AsanaStage]:
    with AsanaFake() as fake:
        stage = AsanaStage(fake)
        yield stage
        stage.close()


class TestAsana(AdapterContract):
    """Everything that every adapter promises."""

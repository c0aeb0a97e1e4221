"""What tests of the engine begin with; a file that wants another connection has a `ws` of its own."""

from __future__ import annotations

import pytest
from tests.sync.engine_driving import connect
from tests.sync.pretend import Pretend

from tracker.services.workspace import Workspace


@pytest.fixture
def there() -> Pretend:
    """A remote with nothing in it."""
    return Pretend()


@pytest.fixture
def ws(begun: Workspace) -> Workspace:
    """A database that is connected to it."""
    connect(begun)
    return begun

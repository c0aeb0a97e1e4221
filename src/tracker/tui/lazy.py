"""Modules that the first frame does not need: named at the top like any other, loaded when first used."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any


class Lazy:
    """Stands for a module; its names are looked up in the real one."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._module: ModuleType | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.load(), name)

    def load(self) -> ModuleType:
        """The module itself."""
        if self._module is None:
            self._module = import_module(self._name)
        return self._module

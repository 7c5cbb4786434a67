"""All declared operations by their Python names."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

from api.cli import ROOMS
from api.operation import Operation


@cache
def operations_by_name() -> Mapping[str, Operation[Any, Any]]:
    """Return every operation by the name of its method, such as ``layers_import``."""
    found: dict[str, Operation[Any, Any]] = {}
    for room in ROOMS:
        for declared in import_module(f"api.{room}.operations").OPERATIONS:
            found[method_name(declared.name)] = declared
    return MappingProxyType(found)


def method_name(name: str) -> str:
    """Return the Python name of an operation.

    Examples
    --------
    >>> method_name("layers tile-set")
    'layers_tile_set'
    """
    return name.replace(" ", "_").replace("-", "_")

"""For printers that still take an answer as a dictionary; it goes with the last of them."""

from collections.abc import Callable
from typing import Any, TypeVar

from maps.answers import Answer

T = TypeVar("T")


def loose(printer: Callable[[Any, str], T]) -> Callable[[Answer, str], T]:
    """Return a printer that takes the typed answer."""
    return lambda answer, lang: printer(answer.model_dump(mode="json"), lang)

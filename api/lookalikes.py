"""Values that look like others and are not: ``true`` is no number, and 0 is no date.

What reads questions would take them: ``true`` for 1, and 0 for the first of January 1970. Each
is refused before, wherever it stands in a question.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from pydantic import BaseModel

from api.errors import RequestError
from api.operation import types_of

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def refuse_lookalikes(model: type[BaseModel], given: Mapping[str, Any], path: str = "") -> None:
    """Refuse a truth value for a number, and anything but year, month and day for a date.

    Raises
    ------
    RequestError
        Names the field.
    """
    for name, info in model.model_fields.items():
        key = name if name in given else info.alias
        if key is None or key not in given:
            continue
        kinds = types_of(info)
        field = f"{path}{key}"
        for value in _leaves(given[key]):
            _refuse(field, value, kinds)
        for inner in (one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)):
            for value in _leaves(given[key]):
                if isinstance(value, Mapping):
                    refuse_lookalikes(inner, value, f"{field}.")


def _leaves(value: object) -> list[Any]:
    """Return a value, or those of a list however nested."""
    if isinstance(value, (list, tuple)):
        return [leaf for one in value for leaf in _leaves(one)]
    return [value]


def _refuse(field: str, value: object, kinds: tuple[Any, ...]) -> None:
    numbers = int in kinds or float in kinds
    if isinstance(value, bool) and numbers and bool not in kinds:
        raise RequestError(field=field, problem="number", given=str(value).lower())
    if date in kinds and str not in kinds and not isinstance(value, date) and value is not None:
        text = value if isinstance(value, str) else repr(value)
        if not isinstance(value, str) or (value and not _DATE.fullmatch(value)):
            raise RequestError(field=field, problem="date", given=text[:40])

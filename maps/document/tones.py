"""How verdicts and outcomes are coloured in print: the colours of the map."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from maps.style.styles import styles

_OF_RESULT: Final = ("conflict", "undetermined", "conditional", "contact", "clear")


def tones() -> Mapping[str, str]:
    """Return a colour for every verdict and outcome, and for warnings."""
    result = styles()["result"]
    return MappingProxyType(
        {
            **{name: result[name] for name in _OF_RESULT},
            "avoid": result["conflict"],
            "approval": result["conditional"],
            "conditions": result["conditional"],
            "nothing": result["clear"],
            "warning": result["contact"],
        }
    )

"""How verdicts and outcomes are coloured in print: the colours of the map."""

from collections.abc import Mapping
from types import MappingProxyType

from geo.model import GRAVITY
from maps.style.styles import styles


def tones() -> Mapping[str, str]:
    """Return a colour for every verdict and outcome, and for warnings."""
    result = styles()["result"]
    return MappingProxyType(
        {
            **{name: result[name] for name in GRAVITY},
            "avoid": result["conflict"],
            "approval": result["conditional"],
            "conditions": result["conditional"],
            "nothing": result["clear"],
            "warning": result["contact"],
        }
    )

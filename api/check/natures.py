"""The natures that a project can have."""

from layers.check.natures import load_natures
from maps.answers import Title
from maps.check.answers import NatureList, NatureOption


def list_natures() -> NatureList:
    """Return all natures in the order of the table."""
    return NatureList(
        natures=[
            NatureOption(id=nature.id, name=Title(zh=nature.name_zh, en=nature.name_en))
            for nature in load_natures().values()
        ]
    )

"""What is known of each planning unit, and from whom the figures are had that are not."""

from collections.abc import Iterator

from api.density.lands import Lands
from layers.density.statistics.builtin import load_holders
from layers.density.statistics.collected import Statistics
from maps.answers import Title
from maps.density.answers import KnownFigures


def known_figures(statistics: Statistics, lands: Lands) -> Iterator[KnownFigures]:
    """Yield the latest year and the land that are known of each unit that ships."""
    latest: dict[str, int] = {}
    for value in statistics.observations:
        if value.qualified.is_fact_of_year:
            latest[value.unit_id] = max(value.year, latest.get(value.unit_id, value.year))
    for unit_id, (holder_zh, holder_en) in load_holders().items():
        unit = statistics.units[unit_id]
        yield KnownFigures(
            unit_id=unit_id,
            name=Title(zh=unit.name_zh, en=unit.name_en),
            latest_year=latest.get(unit_id),
            lands=sorted(lands.get(unit_id, {})),
            holder=Title(zh=holder_zh, en=holder_en),
        )

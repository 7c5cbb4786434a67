"""What is known of each planning unit, and from whom the figures are had that are not."""

from collections.abc import Iterator

from api.density.lands import Lands
from layers.density.statistics.collected import Statistics
from layers.zones import Zone
from maps.answers import Title
from maps.density.answers import KnownFigures


def known_figures(zone: Zone, statistics: Statistics, lands: Lands) -> Iterator[KnownFigures]:
    """Yield the latest year and the land that are known of each unit that ships."""
    latest: dict[str, int] = {}
    for value in statistics.observations:
        if value.qualified.is_fact_of_year:
            latest[value.unit_id] = max(value.year, latest.get(value.unit_id, value.year))
    for unit_id, holder in zone.holders.items():
        unit = statistics.units[unit_id]
        yield KnownFigures(
            unit_id=unit_id,
            name=Title(zh=unit.name_zh, en=unit.name_en),
            latest_year=latest.get(unit_id),
            lands=sorted(lands.get(unit_id, {})),
            holder=Title(zh=holder.holder_zh, en=holder.holder_en),
        )

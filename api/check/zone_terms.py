"""What a check takes from the zone: recorded with it, so that it can be made again anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from layers.check.site_limits import SiteLimits, site_limits
from layers.zones import Zone, shipped_zone
from maps.answers import Title

ZONE: Final = "zone"
"""The parameter of a record that names the zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneTerms:
    """The zone of a check.

    ``id`` and ``name`` are None of checks from before zones were named; all of them are of the
    zone that ships. ``not_here`` are members of the register that cannot occur, with the reason.
    """

    id: str | None
    name: Title | None
    county_codes: tuple[str, ...]
    limits: SiteLimits
    not_here: Mapping[str, Title]

    @property
    def recorded(self) -> dict[str, Any]:
        """The parameters that name the zone; none where it was not named."""
        if self.id is None or self.name is None:
            return {}
        return {
            ZONE: {
                "id": self.id,
                "name": self.name.model_dump(),
                "county_codes": list(self.county_codes),
                "not_here": {key: one.model_dump() for key, one in self.not_here.items()},
            }
        }


def zone_terms(zone: Zone) -> ZoneTerms:
    """Return what checks take from a zone."""
    said = zone.profile
    return ZoneTerms(
        id=zone.id,
        name=Title(**said.name.model_dump()),
        county_codes=zone.region.county_codes,
        limits=site_limits(zone.region),
        not_here={key: Title(**one.model_dump()) for key, one in said.not_here.items()},
    )


def recorded_terms(parameters: Mapping[str, Any]) -> ZoneTerms:
    """Return what a check took from its zone, by its record.

    Of the zone that ships all but the name is as it ships: a record can claim no other limits.
    """
    said = parameters.get(ZONE)
    shipped = zone_terms(shipped_zone())
    if said is None:
        return ZoneTerms(
            id=None,
            name=None,
            county_codes=shipped.county_codes,
            limits=shipped.limits,
            not_here=shipped.not_here,
        )
    if said["id"] == shipped.id:
        return shipped
    return ZoneTerms(
        id=said["id"],
        name=Title.model_validate(said["name"]),
        county_codes=tuple(said["county_codes"]),
        limits=SiteLimits(
            bounds_lonlat=tuple(parameters["site_limits"]["bounds_lonlat"]),
            least_area_m2=shipped.limits.least_area_m2,
        ),
        not_here={key: Title.model_validate(one) for key, one in said["not_here"].items()},
    )

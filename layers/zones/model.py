"""A zone as a value: everything that its folder says."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typing_extensions import override

from layers.zones.schema import (
    AreaRow,
    BatchRow,
    ClaimFile,
    FigureRow,
    HolderRow,
    IndicatorRow,
    LandCoverRow,
    LayerFile,
    ObservationRow,
    PlaceRow,
    PlacesFile,
    PlanFile,
    RasterFile,
    RecipeFile,
    ShareFile,
    UnitNamesFile,
    UnitRow,
    Words,
    ZoneFile,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where sites can lie.

    ``county_codes`` is how the codes of its counties begin, ``place_names`` the words for each
    prefecture and county by code, ``bounds_lonlat`` west, south, east, north in EPSG:4490.
    """

    county_codes: tuple[str, ...]
    place_names: tuple[tuple[str, tuple[str, ...]], ...]
    bounds_lonlat: tuple[float, float, float, float]

    def spelled_name(self, code: str) -> str | None:
        """Return how the name of a prefecture or county is spelled, None for a code not known."""
        names = dict(self.place_names).get(code, ())
        return next((name for name in names if name.isascii()), None)

    def prefectures(self) -> Mapping[str, tuple[str, str]]:
        """Return the prefectures by code, each in Chinese and as it is spelled."""
        found = {code: names for code, names in self.place_names if len(code) == 4}
        return {code: (names[0], self.spelled_name(code) or code) for code, names in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Zone:
    """A zone; of equal digest are equal ones. Figures are as the files have them, checked.

    ``rules_dir`` is its own folder of kinds and rules, None without one; ``demonstration`` the
    texts of how its demonstration layers are made, by kind; ``water`` lakes and rivers as GeoJSON.
    """

    profile: ZoneFile
    sha256: str
    region: Region
    rules_dir: Path | None
    units: Mapping[str, UnitRow]
    areas: tuple[AreaRow, ...]
    holders: Mapping[str, HolderRow]
    observations: tuple[ObservationRow, ...]
    batches: Mapping[str, BatchRow]
    plan_indicators: tuple[IndicatorRow, ...]
    plan_figures: Mapping[str, FigureRow]
    plan_shares: Mapping[str, ShareFile]
    unit_names: UnitNamesFile
    searched: Mapping[str, Words]
    places: PlacesFile
    claim: ClaimFile
    layers: Mapping[str, LayerFile]
    rasters: Mapping[str, RasterFile]
    recipe: RecipeFile
    gazetteer: tuple[PlaceRow, ...]
    land_cover: tuple[LandCoverRow, ...]
    water: Mapping[str, Any]
    demonstration: Mapping[str, str]

    @property
    def id(self) -> str:
        """The zone's id, by which data folders remember it."""
        return self.profile.id

    @property
    def plan(self) -> PlanFile:
        """The plan that is followed."""
        return self.profile.plan

    @property
    def whole(self) -> UnitRow:
        """The unit that is the whole zone."""
        return next(unit for unit in self.units.values() if unit.level == "zone")

    @property
    def province(self) -> UnitRow | None:
        """The unit that the plan compares the zone with, if it names one."""
        return next((unit for unit in self.units.values() if unit.level == "province"), None)

    @property
    def districts(self) -> tuple[UnitRow, ...]:
        """The districts that together are the zone."""
        return tuple(unit for unit in self.units.values() if unit.level == "district")

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Zone) and self.sha256 == other.sha256

    @override
    def __hash__(self) -> int:
        return hash(self.sha256)

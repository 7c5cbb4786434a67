"""A zone's folder read whole: every file by its schema, then all of them against each other."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar

import yaml
from pydantic import BaseModel, StringConstraints, TypeAdapter, ValidationError

from layers.yaml_text import load_yaml
from layers.zones.agreement import require_agreement
from layers.zones.errors import ZoneFolderError
from layers.zones.model import Region, Zone
from layers.zones.schema import (
    AreaRow,
    BatchRow,
    ClaimFile,
    Codes,
    FigureRow,
    HolderRow,
    IndicatorRow,
    LandCoverRow,
    LayerFile,
    Name,
    ObservationRow,
    PlaceRow,
    PlacesFile,
    RasterFile,
    RecipeFile,
    ShareFile,
    UnitId,
    UnitNamesFile,
    UnitRow,
    Words,
    ZoneFile,
)

RULES: Final = "rules"
"""The folder of a zone's own kinds and rules."""
DEMONSTRATION: Final = "demonstration"
"""The folder of how a zone's own demonstration layers are made, a file for each kind."""

_FILES: Final = frozenset(
    {
        "areas.csv",
        "county_land_cover.csv",
        "gazetteer.csv",
        "holders.csv",
        "lakes.geojson",
        "layers.yaml",
        "linkage_batches.csv",
        "observations.csv",
        "place_names.yaml",
        "places.yaml",
        "plan_claim.yaml",
        "plan_figures.csv",
        "plan_indicators.csv",
        "plan_shares.yaml",
        "rasters.yaml",
        "recipe.yaml",
        "rivers.geojson",
        "searched.yaml",
        "unit_names.yaml",
        "units.csv",
        "zone.yaml",
    }
)
_BESIDE: Final = frozenset({"gateways.yaml", "zone_facts.csv"})
"""What documents the figures, and is read by nothing here."""
_FOLDERS: Final = frozenset({RULES, DEMONSTRATION, "licences"})
_PROBLEMS: Final = frozenset({"missing", "extra_forbidden"})

Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")
_Word = Annotated[str, StringConstraints(min_length=1)]


@cache
def shipped_zone() -> Zone:
    """Return the zone that ships."""
    return load_zone(Path(str(files("layers.zones").joinpath("yunnan"))))


def load_zone(folder: Path) -> Zone:
    """Read a zone's folder.

    Raises
    ------
    ZoneFolderError
        There is no such folder, a file is missing or unknown, something in one is not as its
        schema has it, or two files contradict each other.
    """
    texts = _texts(folder)
    read = _Reader(texts)
    profile = read.file("zone.yaml", TypeAdapter(ZoneFile))
    rules = folder / RULES
    zone = Zone(
        profile=profile,
        sha256=_digest(folder),
        region=Region(
            county_codes=profile.region.county_codes,
            place_names=tuple(
                read.file("place_names.yaml", TypeAdapter(dict[Codes, tuple[_Word, ...]])).items()
            ),
            bounds_lonlat=profile.region.bounds_lonlat,
        ),
        rules_dir=rules if rules.is_dir() else None,
        units=read.by("id", "units.csv", UnitRow),
        areas=tuple(read.rows("areas.csv", AreaRow)),
        holders=read.by("unit_id", "holders.csv", HolderRow),
        observations=tuple(read.rows("observations.csv", ObservationRow)),
        batches=read.by("unit_id", "linkage_batches.csv", BatchRow),
        plan_indicators=tuple(read.by("id", "plan_indicators.csv", IndicatorRow).values()),
        plan_figures=read.by("id", "plan_figures.csv", FigureRow),
        plan_shares=read.file("plan_shares.yaml", TypeAdapter(dict[Name, ShareFile])),
        unit_names=read.file("unit_names.yaml", TypeAdapter(UnitNamesFile)),
        searched=read.file("searched.yaml", TypeAdapter(dict[UnitId, Words])),
        places=read.file("places.yaml", TypeAdapter(PlacesFile)),
        claim=read.file("plan_claim.yaml", TypeAdapter(ClaimFile)),
        layers=read.file("layers.yaml", TypeAdapter(dict[Name, LayerFile])),
        rasters=read.file("rasters.yaml", TypeAdapter(dict[Name, RasterFile])),
        recipe=read.file("recipe.yaml", TypeAdapter(RecipeFile)),
        gazetteer=tuple(read.rows("gazetteer.csv", PlaceRow)),
        land_cover=tuple(read.rows("county_land_cover.csv", LandCoverRow)),
        water=MappingProxyType(
            {name: read.features(f"{name}.geojson") for name in ("lakes", "rivers")}
        ),
        demonstration=MappingProxyType(_demonstration(folder)),
    )
    require_agreement(zone)
    return zone


def _texts(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise ZoneFolderError(file=str(folder), field="*", problem="no_folder", given="")
    found = {entry.name: entry for entry in folder.iterdir() if not entry.name.startswith(".")}
    for name in sorted(_FILES - found.keys()):
        raise ZoneFolderError(file=name, field="*", problem="missing_file", given="")
    for name, entry in sorted(found.items()):
        known = _FOLDERS if entry.is_dir() else _FILES | _BESIDE
        if name not in known and (entry.is_dir() or entry.suffix != ".md"):
            raise ZoneFolderError(file=name, field="*", problem="unknown_file", given="")
    return {name: _text(found[name], name) for name in sorted(_FILES)}


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        raise ZoneFolderError(file=name, field="*", problem="not_utf8", given="") from exc


def _demonstration(folder: Path) -> dict[str, str]:
    made = folder / DEMONSTRATION
    found = sorted(made.glob("*.yaml")) if made.is_dir() else []
    return {path.stem: _text(path, f"{DEMONSTRATION}/{path.name}") for path in found}


def _digest(folder: Path) -> str:
    """Return a digest of all that is read: names and contents, whatever the line ends."""
    found = hashlib.sha256()
    paths = (path for path in folder.rglob("*") if path.is_file())
    for path in sorted(paths, key=lambda one: one.relative_to(folder).as_posix()):
        parts = path.relative_to(folder).parts
        if parts[0] in _FILES or parts[0] in {RULES, DEMONSTRATION}:
            content = path.read_bytes().replace(b"\r\n", b"\n")
            found.update(f"{'/'.join(parts)} {len(content)}\n".encode())
            found.update(content)
    return found.hexdigest()


class _Reader:
    """The texts of a folder, read by schemas."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def file(self, name: str, form: TypeAdapter[Value]) -> Value:
        """Return what a YAML file says."""
        try:
            said = load_yaml(self._texts[name])
        except yaml.YAMLError as exc:
            raise ZoneFolderError(file=name, field="*", problem="not_yaml", given="") from exc
        try:
            return form.validate_python({} if said is None else said)
        except ValidationError as exc:
            raise _refusal(name, "", exc) from exc

    def rows(self, name: str, form: type[Model]) -> Iterable[Model]:
        """Return the rows of a table; an empty cell is no value."""
        table = csv.DictReader(io.StringIO(self._texts[name]), strict=True)
        lacking = [
            one for one, field in form.model_fields.items() if one not in (table.fieldnames or ())
        ]
        for column in lacking:
            raise ZoneFolderError(file=name, field=f"1, {column}", problem="missing", given="")
        found = []
        for row in table:
            line = str(table.line_num)
            if None in row:
                raise ZoneFolderError(file=name, field=line, problem="cells", given="")
            said = {key: (value or "").strip() or None for key, value in row.items()}
            try:
                found.append(form.model_validate(said))
            except ValidationError as exc:
                raise _refusal(name, f"{line}, ", exc) from exc
        return found

    def by(self, key: str, name: str, form: type[Model]) -> Mapping[str, Model]:
        """Return the rows of a table by a column in which none may stand twice."""
        found: dict[str, Model] = {}
        for row in self.rows(name, form):
            value = str(getattr(row, key))
            if value in found:
                raise ZoneFolderError(file=name, field=key, problem="repeated", given=value)
            found[value] = row
        return MappingProxyType(found)

    def features(self, name: str) -> list[Any]:
        """Return the features of a GeoJSON file in EPSG:4490."""
        try:
            said = json.loads(self._texts[name])
            features: list[Any] = list(said["features"])
        except (ValueError, TypeError, KeyError) as exc:
            raise ZoneFolderError(file=name, field="*", problem="not_geojson", given="") from exc
        return features


def _refusal(name: str, line: str, error: ValidationError) -> ZoneFolderError:
    first = error.errors()[0]
    field = ".".join(map(str, first["loc"])) or "*"
    given, problem = first.get("input"), first["type"]
    if given is None or given == "":
        problem = "missing"
    shown = "" if problem in _PROBLEMS or isinstance(given, (dict, list)) else str(given)[:80]
    said = first.get("ctx", {})
    limit = next((said[key] for key in ("expected", "ge", "gt", "le", "lt") if key in said), None)
    if "error" in said:
        problem = str(said["error"])
    refused = {"file": name, "field": f"{line}{field}", "problem": problem, "given": shown}
    return ZoneFolderError(**refused, **({} if limit is None else {"limit": limit}))

"""A zone's folder read whole: every file by its schema, then all of them against each other."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar, cast

import yaml
from pydantic import BaseModel, StringConstraints, TypeAdapter, ValidationError

from layers.yaml_text import load_yaml
from layers.zones.agreement import contradictions
from layers.zones.demonstration import Demonstration
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

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

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
    zone, faults = examine_folder(folder)
    for fault in faults:
        raise fault
    return cast("Zone", zone)


def examine_folder(folder: Path) -> tuple[Zone | None, tuple[ZoneFolderError, ...]]:
    """Return a zone's folder as a zone, and all that is wrong with it.

    Where a file is not right by itself there is no zone, and files are not compared: whatever
    contradicts them is not known yet.
    """
    read = _Reader()
    read.texts(folder)
    parts = _parts(read) if folder.is_dir() else {}
    if read.faults:
        return None, tuple(read.faults)
    rules = folder / RULES
    profile: ZoneFile = parts["profile"]
    names: dict[str, tuple[str, ...]] = parts.pop("place_names")
    zone = Zone(
        **parts,
        sha256=_digest(folder),
        region=Region(
            county_codes=profile.region.county_codes,
            place_names=tuple(names.items()),
            bounds_lonlat=profile.region.bounds_lonlat,
        ),
        rules_dir=rules if rules.is_dir() else None,
        demonstration=MappingProxyType(read.made),
    )
    return zone, tuple(contradictions(zone))


def _parts(read: "_Reader") -> dict[str, Any]:
    """Return what each file holds by its name in a zone; None where a file cannot be read."""
    recipe = read.file("recipe.yaml", TypeAdapter(RecipeFile))
    if recipe is not None and recipe.windows:
        read.part("recipe.yaml", "demonstration", recipe.demonstration, Demonstration)
    return {
        "profile": read.file("zone.yaml", TypeAdapter(ZoneFile)),
        "place_names": read.file("place_names.yaml", TypeAdapter(dict[Codes, tuple[_Word, ...]])),
        "units": read.by("id", "units.csv", UnitRow),
        "areas": tuple(read.rows("areas.csv", AreaRow)),
        "holders": read.by("unit_id", "holders.csv", HolderRow),
        "observations": tuple(read.rows("observations.csv", ObservationRow)),
        "batches": read.by("unit_id", "linkage_batches.csv", BatchRow),
        "plan_indicators": tuple(read.by("id", "plan_indicators.csv", IndicatorRow).values()),
        "plan_figures": read.by("id", "plan_figures.csv", FigureRow),
        "plan_shares": read.file("plan_shares.yaml", TypeAdapter(dict[Name, ShareFile])),
        "unit_names": read.file("unit_names.yaml", TypeAdapter(UnitNamesFile)),
        "searched": read.file("searched.yaml", TypeAdapter(dict[UnitId, Words])),
        "places": read.file("places.yaml", TypeAdapter(PlacesFile)),
        "claim": read.file("plan_claim.yaml", TypeAdapter(ClaimFile)),
        "layers": read.file("layers.yaml", TypeAdapter(dict[Name, LayerFile])),
        "rasters": read.file("rasters.yaml", TypeAdapter(dict[Name, RasterFile])),
        "recipe": recipe,
        "gazetteer": tuple(read.rows("gazetteer.csv", PlaceRow)),
        "land_cover": tuple(read.rows("county_land_cover.csv", LandCoverRow)),
        "water": MappingProxyType(
            {name: read.features(f"{name}.geojson") for name in ("lakes", "rivers")}
        ),
    }


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
    """The texts of a folder, read by schemas; what is wrong is gathered in ``faults``.

    ``made`` are the texts of how demonstration layers are made, by kind.
    """

    def __init__(self) -> None:
        self.faults: list[ZoneFolderError] = []
        self.made: dict[str, str] = {}
        self._texts: dict[str, str] = {}

    def texts(self, folder: Path) -> None:
        """Read the texts of all files; one that is missing or that nothing reads is a fault."""
        if not folder.is_dir():
            self._fault(str(folder), "*", "no_folder")
            return
        found = {one.name: one for one in folder.iterdir() if not one.name.startswith(".")}
        for name in sorted(_FILES - found.keys()):
            self._fault(name, "*", "missing_file")
        for name, entry in sorted(found.items()):
            known = _FOLDERS if entry.is_dir() else _FILES | _BESIDE
            if name not in known and (entry.is_dir() or entry.suffix != ".md"):
                self._fault(name, "*", "unknown_file")
        for name in sorted(_FILES & found.keys()):
            if found[name].is_file():
                self._keep(self._texts, name, found[name], name)
        made = folder / DEMONSTRATION
        for path in sorted(made.glob("*.yaml")) if made.is_dir() else ():
            self._keep(self.made, path.stem, path, f"{DEMONSTRATION}/{path.name}")

    def _keep(self, texts: dict[str, str], key: str, path: Path, name: str) -> None:
        try:
            texts[key] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            self._fault(name, "*", "not_utf8")

    def file(self, name: str, form: TypeAdapter[Value]) -> Value | None:
        """Return what a YAML file says, None where it cannot be read."""
        if name not in self._texts:
            return None
        try:
            said = load_yaml(self._texts[name])
        except yaml.YAMLError:
            self._fault(name, "*", "not_yaml")
            return None
        try:
            return form.validate_python({} if said is None else said)
        except ValidationError as exc:
            self.faults += _refusals(name, "", exc)
            return None

    def part(self, name: str, field: str, said: object, form: type[BaseModel]) -> None:
        """Hold a part of a file against a schema of its own."""
        try:
            form.model_validate(said)
        except ValidationError as exc:
            self.faults += _refusals(name, f"{field}.", exc)

    def rows(self, name: str, form: type[Model]) -> list[Model]:
        """Return the rows of a table that can be read; an empty cell is no value."""
        if name not in self._texts:
            return []
        table = csv.DictReader(io.StringIO(self._texts[name]), strict=True)
        found: list[Model] = []
        try:
            lacking = [one for one in form.model_fields if one not in (table.fieldnames or ())]
            for column in lacking:
                self._fault(name, f"1, {column}", "missing")
            if not lacking:
                for row in table:
                    self._row(name, table.line_num, row, form, found)
        except csv.Error:
            self._fault(name, str(table.reader.line_num), "quotes")
        return found

    def _row(
        self, name: str, line: int, row: dict[str, str], form: type[Model], found: list[Model]
    ) -> None:
        if None in row:
            self._fault(name, str(line), "cells")
            return
        said = {key: (value or "").strip() or None for key, value in row.items()}
        try:
            found.append(form.model_validate(said))
        except ValidationError as exc:
            self.faults += _refusals(name, f"{line}, ", exc)

    def by(self, key: str, name: str, form: type[Model]) -> Mapping[str, Model]:
        """Return the rows of a table by a column in which none may stand twice."""
        found: dict[str, Model] = {}
        for row in self.rows(name, form):
            value = str(getattr(row, key))
            if value in found:
                self._fault(name, key, "repeated", value)
            found[value] = row
        return MappingProxyType(found)

    def features(self, name: str) -> list[Any]:
        """Return the features of a GeoJSON file in EPSG:4490."""
        if name not in self._texts:
            return []
        try:
            features: list[Any] = list(json.loads(self._texts[name])["features"])
        except (ValueError, TypeError, KeyError):
            self._fault(name, "*", "not_geojson")
            return []
        return features

    def _fault(self, file: str, field: str, problem: str, given: str = "") -> None:
        self.faults.append(ZoneFolderError(file=file, field=field, problem=problem, given=given))


def _refusals(name: str, line: str, error: ValidationError) -> list[ZoneFolderError]:
    return [_refusal(name, line, one) for one in error.errors()]


def _refusal(name: str, line: str, found: "ErrorDetails") -> ZoneFolderError:
    field = ".".join(map(str, found["loc"])) or "*"
    given, problem = found.get("input"), found["type"]
    if given is None or given == "":
        problem = "missing"
    shown = "" if problem in _PROBLEMS or isinstance(given, (dict, list)) else str(given)[:80]
    said = found.get("ctx", {})
    limit = next((said[key] for key in ("expected", "ge", "gt", "le", "lt") if key in said), None)
    if "error" in said:
        problem = str(said["error"])
    refused = {"file": name, "field": f"{line}{field}", "problem": problem, "given": shown}
    return ZoneFolderError(**refused, **({} if limit is None else {"limit": limit}))

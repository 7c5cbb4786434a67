"""The gate before anything is made public: what must not be in a bundle, and what must.

It looks at the finished bytes and at nothing that their maker says of them, and holds
them against the layers in the store.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.model import Nature
from geo.publish.generalise import distances_to_lines_m
from layers.model import LayerStatus, Sensitivity
from layers.publish.fields import columns_of
from layers.publish.policy import Allowance, PublishPolicy
from layers.publish.public_package import package_corners
from maps.answers import JsonObject
from maps.density.answers import Qualifiers
from maps.density.qualified import qualifier_mark
from maps.page.assets import manifest, read_text
from maps.page.single_file import escape_end_tag
from maps.publish.data_files import CSV, GEOJSON, GEOPACKAGE
from maps.publish.packing import unpack

_CALL: Final = re.compile(r"^\s*start\(map_\d+, (?=\{)", re.MULTILINE)
_ADDRESS: Final = re.compile(
    r"""(?:src|srcset|href|action|formaction|data|poster|ping|background)"""
    r"""\s*=\s*["']?\s*((?:https?:)?//[^\s"'>]+)"""
    r"""|url\(\s*["']?((?:https?:)?//[^\s"')]+)"""
    r"""|@import\s*["']((?:https?:)?//[^\s"']+)"""
    r"""|;\s*url=\s*["']?((?:https?:)?//[^\s"'>]+)"""
    r"""|(?:fetch|import|open|sendBeacon|EventSource|WebSocket)\("""
    r"""(?:\s*["'`][A-Z]+["'`]\s*,)?\s*["'`]((?:https?|wss?):[^\s"'`]+)""",
    re.IGNORECASE,
)
_SAME_POINT_M: Final = 0.01
"""A published point this near to a surveyed one gives it away: the precision of surveys."""
_ROUNDED_POINT_M: Final = 0.08
"""As far from a surveyed point lies what was rounded to a millionth of a degree, as pages do."""
_CHANCES: Final = 2
"""So many published points may lie that near to surveyed ones by chance."""
_SHORTEST_TEXT: Final = 4
_MARKS: Final = ("title", "maker", "data_date", "crs", "disclaimer")
_DOUBTFUL: Final = (LayerStatus.DEMONSTRATION, LayerStatus.INDICATIVE)
_OWN_ATTRIBUTES: Final = frozenset({"unit"})
"""What the maker of a bundle adds: the planning unit that a density belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A layer as the store has it: boundaries in lon/lat, contents of its attributes."""

    id: str
    sensitivity: Sensitivity
    status: LayerStatus
    geometries: npt.NDArray[np.object_]
    attributes: Mapping[str, tuple[str, ...]]
    kind: str = ""

    @property
    def fields(self) -> frozenset[str]:
        """What readers are told of features beside their names; of public layers alone."""
        told = columns_of(self.kind) if self.sensitivity is Sensitivity.PUBLIC else ()
        return frozenset(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a bundle must not be published; ``code`` is worded in ``publish_faults``."""

    code: str
    params: JsonObject


def faults_of(document: str, originals: Sequence[Original], policy: PublishPolicy) -> list[Fault]:
    """Return everything that speaks against publishing a document.

    Parameters
    ----------
    document : str
        The finished HTML.
    originals : sequence of Original
        The layers of the store that it shows.
    policy : PublishPolicy
        What may be shown.
    """
    publication = read_publication(document)
    found = [
        *_missing_marks(publication, policy),
        *_shown_as_fact(publication),
        *_outside(document),
    ]
    layers = {layer["id"]: layer for layer in publication["layers"]}
    said = _attribute_values(publication)
    public = _public_texts(originals, policy)
    for original in originals:
        allowance = policy.allowances[original.sensitivity]
        found += _layer_faults(layers[original.id], original, allowance)
        found += _leaks(said - public, original, allowance)
    return found


def data_faults(document: str, files: Mapping[str, bytes]) -> list[Fault]:
    """Return which files beside a document show other places than it does.

    Parameters
    ----------
    document : str
        The finished HTML, which :func:`faults_of` examines.
    files : mapping of name to bytes
        Files of data as :mod:`maps.publish.data_files` names them.
    """
    shown = {
        tuple(corner)
        for layer in read_publication(document)["layers"]
        for feature in layer["features"]["features"]
        for corner in np.round(_corners_of([json.dumps(feature["geometry"])]), 6).tolist()
    }
    return [
        Fault(code="file_differs", params={"name": name})
        for name, corners in _FILE_CORNERS.items()
        if name in files and corners(files[name]) != shown
    ]


def _corners_of(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    corners: npt.NDArray[np.float64] = shapely.get_coordinates(shapely.from_geojson(texts))
    return corners


def _geojson_corners(data: bytes) -> set[tuple[float, ...]]:
    texts = [json.dumps(one["geometry"]) for one in json.loads(data)["features"]]
    return set(map(tuple, np.round(_corners_of(texts), 6).tolist()))


def _csv_corners(data: bytes) -> set[tuple[float, ...]]:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    texts = [row["wkt_epsg_4490"] for row in rows if row["wkt_epsg_4490"]]
    corners = np.round(shapely.get_coordinates(shapely.from_wkt(texts)), 6)
    return set(map(tuple, corners.tolist()))


_FILE_CORNERS: Final[Mapping[str, Callable[[bytes], set[tuple[float, ...]]]]] = MappingProxyType(
    {GEOJSON: _geojson_corners, CSV: _csv_corners, GEOPACKAGE: package_corners}
)


def read_publication(document: str) -> JsonObject:
    """Return the publication that a document carries, from its own bytes."""
    # The last one that begins a line: texts in the data after it hold no line end of their own.
    *_, call = _CALL.finditer(document)
    config, _ = json.JSONDecoder().raw_decode(document, call.end())
    said: JsonObject = config["publication"]
    layers = [{**layer, "features": unpack(layer["features"])} for layer in said["layers"]]
    return {**said, "layers": layers}


def _missing_marks(publication: JsonObject, policy: PublishPolicy) -> Iterator[Fault]:
    for mark in _MARKS:
        said = publication[mark]
        texts = said.values() if isinstance(said, Mapping) else [said]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            yield Fault(code="missing_mark", params={"mark": mark})
    number = publication["review_number"]
    if number is None:
        if not publication["draft"]:
            yield Fault(code="missing_mark", params={"mark": "review_number"})
    elif not re.fullmatch(policy.review_number, number):
        yield Fault(code="review_number", params={"number": number})


def _shown_as_fact(publication: JsonObject) -> Iterator[Fault]:
    """Look for densities whose values are something else than what the map says of them."""
    for table in publication["densities"]:
        about = {"indicator": table["indicator"], "year": table["year"]}
        values = [row for row in table["rows"] if row["value"] is not None]
        said = [row["qualifiers"] for row in values if row["qualifiers"]]
        for nature in sorted({table["nature"], *map(_nature_of, said)}):
            if nature != table["stated_nature"]:
                params = {**about, "nature": nature, "stated": table["stated_nature"]}
                yield Fault(code="shown_as", params=params)
        for row in values:
            if not _has_all_qualifiers(row):
                yield Fault(code="qualifier_lost", params={**about, "unit": row["unit_id"]})


def _nature_of(qualifiers: JsonObject) -> str:
    """Return what a value is: one that covers a part of its year is no fact of the year."""
    nature = str(qualifiers["nature"])
    whole = nature != Nature.FACT or qualifiers["period"] == "full_year"
    return nature if whole else str(qualifiers["period"])


def _has_all_qualifiers(row: JsonObject) -> bool:
    """Tell whether all that qualifies a value stands beside it, in every language."""
    if not row["qualifiers"]:
        return False
    expected = qualifier_mark(Qualifiers.model_validate(row["qualifiers"]))
    return bool(row["mark"] == (expected and expected.model_dump()))


def _outside(document: str) -> Iterator[Fault]:
    for path in manifest()["files"]:
        # Vendored scripts name their home pages; they are pinned by digest and ask for nothing.
        if path["path"].endswith(".js"):
            document = document.replace(escape_end_tag(read_text(path["path"])), "")
    for address in sorted({next(filter(None, match)) for match in _ADDRESS.findall(document)}):
        yield Fault(code="outside_address", params={"address": address})


def _layer_faults(layer: JsonObject, original: Original, allowance: Allowance) -> Iterator[Fault]:
    if not allowance.publishable:
        yield Fault(code="classified", params={"layer_id": original.id})
        return
    stated_m = float(layer["displacement_m"])
    if stated_m < allowance.least_displacement_m:
        params = {"displacement_m": stated_m, "least_m": allowance.least_displacement_m}
        yield Fault(code="too_exact", params={"layer_id": original.id, **params})
    if layer["status"] != original.status and original.status in _DOUBTFUL:
        marked = {"layer_id": original.id, "status": original.status.value}
        yield Fault(code="unmarked", params=marked)
    features = layer["features"]["features"]
    if not features:
        yield Fault(code="vanished", params={"layer_id": original.id})
        return
    for attribute in sorted({name for feature in features for name in feature["properties"]}):
        if attribute not in {*allowance.attributes, *_OWN_ATTRIBUTES, *original.fields}:
            yield Fault(code="attribute", params={"layer_id": original.id, "attribute": attribute})
    yield from _place_faults(features, original, stated_m)


def _place_faults(
    features: Iterable[JsonObject], original: Original, stated_m: float
) -> Iterator[Fault]:
    """Compare published points with the surveyed ones: neither on them nor far from them."""
    texts = [json.dumps(feature["geometry"]) for feature in features]
    points = shapely.get_coordinates(shapely.from_geojson(texts))
    # What everybody may see is made coarser for its size: nothing of it is to be hidden.
    if stated_m > 0.0 and original.sensitivity is not Sensitivity.PUBLIC:
        raw = shapely.points(shapely.get_coordinates(original.geometries))
        near = distances_to_lines_m(points, np.asarray(raw, dtype=object))
        exact, rounded = (int((near <= m).sum()) for m in (_SAME_POINT_M, _ROUNDED_POINT_M))
        count = rounded if rounded > _CHANCES else exact
        if count:
            yield Fault(code="raw_vertices", params={"layer_id": original.id, "count": count})
    far_m = float(distances_to_lines_m(points, original.geometries).max())
    # What is no place at all has no distance, and is no nearer for it.
    if not far_m <= stated_m + _SAME_POINT_M * 10.0:
        params = {"found_m": round(far_m, 1), "stated_m": stated_m}
        yield Fault(code="shifted", params={"layer_id": original.id, **params})


def _attribute_values(publication: JsonObject) -> set[str]:
    """Return every value of every attribute of the published features, as text."""
    return {
        str(value)
        for layer in publication["layers"]
        for feature in layer["features"]["features"]
        for value in (*feature["properties"].values(), feature["id"])
    }


def _public_texts(originals: Iterable[Original], policy: PublishPolicy) -> set[str]:
    """Return what public layers say anyway, such as the name of a lake."""
    return {
        value
        for original in originals
        if original.sensitivity is Sensitivity.PUBLIC
        for name, values in original.attributes.items()
        if name in policy.allowances[Sensitivity.PUBLIC].attributes
        for value in values
    }


def _leaks(said: set[str], original: Original, allowance: Allowance) -> Iterator[Fault]:
    """Look for contents of hidden attributes under whatever name: they tell features apart."""
    if original.sensitivity is Sensitivity.PUBLIC:
        return
    for attribute, values in original.attributes.items():
        telling = {value for value in values if len(value) >= _SHORTEST_TEXT}
        if attribute not in allowance.attributes and telling & said:
            params = {"layer_id": original.id, "attribute": attribute}
            yield Fault(code="leaked_text", params=params)

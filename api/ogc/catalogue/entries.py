"""What the catalogue knows: layers, rasters, statistics and publications, each at a version.

An entry is what is said of one of them, whatever form it is told in (STAC, Records, DCAT).
What is classified is not in it, as if it were not there: that it exists may be worth knowing too.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, Protocol

from api.density.import_statistics import list_tables
from api.ogc.catalogue.model import Entry, EntryAsset, Shelf
from api.ogc.collections import storage_uri
from api.ogc.download import download_forms
from api.workspace.needs import PublishNeeds, RasterSource
from layers.builtin import RECIPE_VERSION
from layers.density.statistics.builtin import load_areas, load_observations
from layers.density.statistics.model import Observation
from layers.density.statistics.store import StatisticsVersion
from layers.errors import UnknownLayerError, UnknownVersionError
from layers.model import LayerSpec, LayerStatus, LayerVersion, Sensitivity
from layers.publish.publications import MANIFEST, DamagedBundleError, UnknownPublicationError
from layers.rasters.errors import UnknownRasterError
from layers.rasters.model import RasterVersion
from layers.store.withdrawals import is_withdrawn
from layers.zones import Zone
from maps.answers import Title
from maps.i18n import LANGUAGES, tr
from maps.ogc.answers import GEOJSON_TYPE, HTML_TYPE, JSON_TYPE
from maps.ogc.catalogue_answers import COG_TYPE

LAYERS: Final = "layers"
RASTERS: Final = "rasters"
STATISTICS: Final = "statistics"
PUBLICATIONS: Final = "publications"
BUILTIN: Final = "built-in"
"""What ships; no data set of an office can have a name with a hyphen."""

_GRAVITY: Final = (
    LayerStatus.DEMONSTRATION,
    LayerStatus.INDICATIVE,
    LayerStatus.REFERENCE,
    LayerStatus.OFFICIAL,
)


class CatalogueNeeds(PublishNeeds, RasterSource, Protocol):
    """All that has versions."""


def shelf(workspace: CatalogueNeeds, collection: str) -> Shelf:
    """Return everything of a sort, by id.

    Raises
    ------
    KeyError
        There is no such sort.
    """
    return _SHELVES[collection](workspace)


def entry(workspace: CatalogueNeeds, collection: str, item_id: str) -> Entry:
    """Return ``name@version``, or without a version the one in use.

    Raises
    ------
    UnknownLayerError, UnknownVersionError, UnknownRasterError, UnknownPublicationError
        There is none, or none that may be known.
    LostVersionError, AllWithdrawnError, DamagedVersionError, WithdrawnError
        No version counts, or it is not what was stored.
    """
    name, _, number = item_id.partition("@")
    return _FINDERS[collection](workspace, name, number)


def _number(text: str, name: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise UnknownVersionError(layer_id=name[:80], version=text[:20])
    return int(text)


def _is_hidden(spec: LayerSpec) -> bool:
    return spec.sensitivity is Sensitivity.CLASSIFIED


def _layer_shelf(workspace: CatalogueNeeds) -> Shelf:
    found = [one for one in workspace.store.current() if not _is_hidden(one.spec)]
    return Shelf(
        entries=tuple(_layer(workspace, one) for one in found),
        lost=tuple(workspace.store.memory.unlisted()),
    )


def _find_layer(workspace: CatalogueNeeds, name: str, number: str) -> Entry:
    version = workspace.store.get(name, _number(number, name))
    if _is_hidden(version.spec):
        raise UnknownLayerError(layer_id=name[:80])
    return _layer(workspace, version)


def _layer(workspace: CatalogueNeeds, version: LayerVersion) -> Entry:
    path = f"/collections/{version.layer_id}@{version.number}"
    standing = workspace.store.memory.standing()
    downloads = [
        EntryAsset(
            key=form,
            path=f"{path}/download",
            query=(("f", form),),
            media_type=media_type,
            word=f"form_{form}",
        )
        for form, media_type in download_forms(version)
    ]
    items = EntryAsset(
        key="items", path=f"{path}/items", media_type=GEOJSON_TYPE, word="items", roles=("data",)
    )
    return Entry(
        collection=LAYERS,
        number=str(version.number),
        created_at=version.created_at,
        bounds_lonlat=version.bounds_lonlat,
        withdrawn=standing.is_withdrawn((version.layer_id, version.number)),
        history=f"/api/v1/layers/{version.layer_id}/versions",
        facts={
            "ftzgis:feature_count": version.feature_count,
            "ftzgis:geometry_type": version.geometry_type,
            "ftzgis:coverage_stated": version.covered,
            "ftzgis:storage_crs": storage_uri(version),
        },
        assets=(items, *downloads),
        **_describe_spec(version.spec),
    )


def _describe_spec(spec: LayerSpec) -> dict[str, Any]:
    return {
        "name": spec.id,
        "title": Title(zh=spec.title_zh, en=spec.title_en),
        "kind": spec.kind,
        "status": spec.status,
        "sensitivity": spec.sensitivity,
        "source": Title(zh=spec.source, en=spec.source),
        "licence": spec.licence,
        "data_date": spec.data_date,
        "precision_m": spec.precision_m,
        "holds": (spec.valid_from, spec.valid_to),
    }


def _raster_shelf(workspace: CatalogueNeeds) -> Shelf:
    found = [one for one in workspace.rasters.current() if not _is_hidden(one.spec)]
    return Shelf(
        entries=tuple(_raster(workspace, one) for one in found),
        lost=tuple(workspace.rasters.memory.unlisted()),
    )


def _find_raster(workspace: CatalogueNeeds, name: str, number: str) -> Entry:
    version = workspace.rasters.get(name, _number(number, name))
    if _is_hidden(version.spec):
        raise UnknownRasterError(raster_id=name[:80], version=None)
    return _raster(workspace, version)


def _raster(workspace: CatalogueNeeds, version: RasterVersion) -> Entry:
    facts, standing = version.facts, workspace.rasters.memory.standing()
    data = EntryAsset(
        key="data",
        path=f"/rasters/{version.label}.tif",
        media_type=COG_TYPE,
        word="whole_raster",
        facts={
            # A digest as a multihash: 0x12 is SHA-256, of 0x20 bytes.
            "file:checksum": f"1220{version.sha256}",
            "bands": _bands(version),
        },
    )
    return Entry(
        collection=RASTERS,
        number=str(version.number),
        created_at=version.created_at,
        bounds_lonlat=facts.bounds_lonlat,
        withdrawn=standing.is_withdrawn((version.raster_id, version.number)),
        history=f"/api/v1/rasters/{version.raster_id}/versions",
        facts={
            "proj:code": facts.crs if facts.crs.startswith("EPSG:") else None,
            "proj:shape": [facts.rows, facts.columns],
            "proj:transform": list(facts.transform),
            "ftzgis:pixel_m": facts.pixel_m,
            "ftzgis:unit": facts.unit,
            "ftzgis:classes": facts.classes,
            "ftzgis:made_from": list(version.made_from),
        },
        assets=(data,),
        **_describe_spec(version.spec),
    )


def _bands(version: RasterVersion) -> list[dict[str, Any]]:
    facts = version.facts
    found = []
    for at, name in enumerate(facts.bands, start=1):
        band: dict[str, Any] = {
            "name": name or str(at),
            "unit": facts.unit,
            "nodata": _nodata(facts.nodata),
        }
        if at == 1:
            band["statistics"] = {"minimum": facts.least, "maximum": facts.most}
        found.append({key: value for key, value in band.items() if value is not None})
    return found


def _nodata(value: float | None) -> float | str | None:
    return "nan" if value is not None and value != value else value  # noqa: PLR0124 - NaN


def _table_shelf(workspace: CatalogueNeeds) -> Shelf:
    listed = list_tables(workspace)
    found = [
        _table(one, withdrawn=False)
        for name in sorted({row.dataset for row in listed.tables if row.in_use})
        if (one := workspace.tables.in_use(name)) is not None
    ]
    return Shelf(entries=(_builtin_table(workspace.zone), *found), lost=tuple(listed.damaged))


def _find_table(workspace: CatalogueNeeds, name: str, number: str) -> Entry:
    if name == BUILTIN and number in {"", RECIPE_VERSION}:
        return _builtin_table(workspace.zone)
    wanted = _number(number, name)
    used = workspace.tables.in_use(name) if wanted is None else None
    if used is not None:
        return _table(used, withdrawn=False)
    for one in workspace.tables.history(name):
        if one.number == wanted:
            return _table(one, withdrawn=is_withdrawn(workspace.tables.steps_of(one)))
    raise UnknownVersionError(layer_id=name[:80], version=wanted or 0)


def _table(version: StatisticsVersion, *, withdrawn: bool) -> Entry:
    rows = version.observations
    path = f"/api/v1/statistics/{version.dataset}/versions"
    return Entry(
        collection=STATISTICS,
        name=version.dataset,
        number=str(version.number),
        title=Title(zh=version.dataset, en=version.dataset),
        created_at=version.created_at,
        source=_sources(rows) if rows else Title(zh=version.source_name, en=version.source_name),
        holds=_years(rows),
        withdrawn=withdrawn,
        history=path,
        facts={
            "ftzgis:file": version.source_name,
            "ftzgis:values": len(rows),
            "ftzgis:areas": len(version.areas),
            **_content(rows),
        },
        assets=(
            EntryAsset(
                key="versions",
                path=path,
                media_type=JSON_TYPE,
                word="versions",
                roles=("metadata",),
            ),
        ),
    )


def _builtin_table(zone: Zone) -> Entry:
    """Return the published values that ship; imported ones stand over them."""
    rows = load_observations(zone)
    return Entry(
        collection=STATISTICS,
        name=BUILTIN,
        number=RECIPE_VERSION,
        title=Title(**{lang: tr("ogc.builtin_statistics", lang) for lang in LANGUAGES}),
        created_at=None,
        source=_sources(rows),
        holds=_years(rows),
        facts={
            "ftzgis:values": len(rows),
            "ftzgis:areas": len(load_areas(zone)),
            **_content(rows),
        },
        assets=(
            EntryAsset(
                key="indicators",
                path="/api/v1/indicators",
                media_type=JSON_TYPE,
                word="indicators",
                roles=("metadata",),
            ),
        ),
    )


def _sources(rows: Iterable[Observation]) -> Title:
    text = "; ".join(_distinct(one.source for one in rows))
    return Title(zh=text, en=text)


def _years(rows: Iterable[Observation]) -> tuple[date | None, date | None]:
    years = [one.year for one in rows]
    return (date(min(years), 1, 1), date(max(years), 12, 31)) if years else (None, None)


def _content(rows: Iterable[Observation]) -> dict[str, list[str]]:
    """Return what values are of and how far each can be relied on."""
    rows = tuple(rows)
    return {
        "ftzgis:indicators": _distinct(one.indicator for one in rows),
        "ftzgis:qualities": _distinct(one.quality for one in rows),
        "ftzgis:periods": _distinct(one.period for one in rows),
    }


def _distinct(values: Iterable[str]) -> list[str]:
    return sorted({one for one in values if one})


def _publication_shelf(workspace: CatalogueNeeds) -> Shelf:
    states, damaged = workspace.publications.sound_states()
    found = list[Entry]()
    for state in states:
        if state.current is None:
            continue
        try:
            found.append(_publication(workspace, state.id, state.current))
        except (DamagedBundleError, UnknownPublicationError):
            damaged.append(state.id)
    return Shelf(entries=tuple(found), lost=tuple(sorted(damaged)))


def _find_publication(workspace: CatalogueNeeds, name: str, number: str) -> Entry:
    return _publication(workspace, name, workspace.publications.shown(name, number or None))


def _publication(workspace: CatalogueNeeds, name: str, sha256: str) -> Entry:
    """Return a released bundle as everybody may see it."""
    manifest = workspace.publications.manifest(name, sha256)
    state, plan = workspace.publications.state(name), manifest["plan"]
    released = next(one.released_at for one in state.releases if one.sha256 == sha256)
    statuses = {LayerStatus(one["status"]) for one in manifest["layers"]}
    path = f"/public/{name}/{sha256}"
    page = EntryAsset(
        key="map", path=f"{path}/index.html", media_type=HTML_TYPE, word="public_map",
        roles=("overview",),
    )  # fmt: skip
    told = EntryAsset(
        key="manifest", path=f"{path}/{MANIFEST}", media_type=JSON_TYPE, word="manifest",
        roles=("metadata",),
    )  # fmt: skip
    return Entry(
        collection=PUBLICATIONS,
        name=name,
        number=sha256,
        title=Title(**plan["title"]),
        created_at=datetime.fromisoformat(released),
        # As weak as the weakest of what it shows.
        status=next((one for one in _GRAVITY if one in statuses), None),
        sensitivity=Sensitivity.PUBLIC,
        source=Title(**plan["maker"]),
        data_date=date.fromisoformat(plan["data_date"]) if plan.get("data_date") else None,
        facts={
            "ftzgis:draft": plan["draft"],
            "ftzgis:review_number": plan.get("review_number"),
            "ftzgis:disclaimer": plan.get("disclaimer"),
            "ftzgis:layers": [f"{one['id']}@{one['version']}" for one in manifest["layers"]],
        },
        assets=(page, told),
    )


_SHELVES: Final[Mapping[str, Callable[[CatalogueNeeds], Shelf]]] = MappingProxyType(
    {
        LAYERS: _layer_shelf,
        RASTERS: _raster_shelf,
        STATISTICS: _table_shelf,
        PUBLICATIONS: _publication_shelf,
    }
)
_FINDERS: Final[Mapping[str, Callable[[CatalogueNeeds, str, str], Entry]]] = MappingProxyType(
    {
        LAYERS: _find_layer,
        RASTERS: _find_raster,
        STATISTICS: _find_table,
        PUBLICATIONS: _find_publication,
    }
)
COLLECTIONS: Final = tuple(_SHELVES)

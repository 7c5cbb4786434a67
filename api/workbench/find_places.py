"""Find places by their names or by written coordinates."""

from typing import Any, Final

from api.data.browse_layers import in_use
from api.workspace.loaded import LoadedLayer
from api.workspace.needs import LayerSource
from geo.errors import InputError
from geo.measure.positions import Position, read_positions
from layers.model import LayerVersion
from layers.readers.field_names import find_columns, read_name
from maps.answers import Title
from maps.workbench.answers import PlaceFound, PlaceList

MOST_FOUND: Final = 20
MOST_CHARACTERS: Final = 200
MOST_FEATURES_SEARCHED: Final = 20_000
"""Layers with more features hold parcels, not names: they are found by a click."""


class QueryError(InputError):
    """There is nothing to look for, or too much text. Params: ``most``."""

    code = "api.places.query"


def find_places(workspace: LayerSource, query: str) -> PlaceList:
    """Return what a text can mean: coordinates first, then names, best match first.

    Raises
    ------
    QueryError
        The text is empty or longer than :data:`MOST_CHARACTERS`.
    """
    text = query.strip()
    if not text or len(text) > MOST_CHARACTERS:
        raise QueryError(most=MOST_CHARACTERS)
    places = [_coordinates(one) for one in read_positions(text, workspace.counties)]
    wanted = text.casefold()
    hits: list[tuple[int, int, PlaceFound]] = []
    for version in workspace.store.current():
        if in_use(workspace, version):
            hits += _in_layer(workspace, version, wanted)
    hits.sort(key=lambda hit: hit[:2])
    places += [place for _, _, place in hits]
    return PlaceList(
        query=text,
        places=places[:MOST_FOUND],
        more=max(0, len(places) - MOST_FOUND),
        lost=workspace.store.memory.unlisted(),
    )


def feature_names(row: Any) -> Title | None:  # noqa: ANN401 - a row of a frame
    """Return a feature's name in both languages, where it has one."""
    found = read_name({str(name): row[name] for name in row.index})
    return Title(zh=found[0], en=found[1]) if found else None


def _in_layer(
    workspace: LayerSource, version: LayerVersion, wanted: str
) -> list[tuple[int, int, PlaceFound]]:
    title = Title(zh=version.spec.title_zh, en=version.spec.title_en)
    found = []
    if wanted in title.zh.casefold() or wanted in title.en.casefold():
        found.append((2, 0, _layer(version, title)))
    if version.feature_count > MOST_FEATURES_SEARCHED:
        return found
    loaded = workspace.load(version)
    best: dict[Any, tuple[int, int]] = {}
    for column in find_columns("name", loaded.features.columns):
        texts = loaded.features[column].fillna("").astype(str).str.casefold()
        for at, text in texts[texts.str.contains(wanted, regex=False)].items():
            rank = 0 if text == wanted else 1 if text.startswith(wanted) else 3
            best[at] = min(best.get(at, (9, 0)), (rank, len(text)))
    return found + [(*rank, _feature(loaded, title, at)) for at, rank in best.items()]


def _coordinates(position: Position) -> PlaceFound:
    name = f"{position.lon_deg:.6f}, {position.lat_deg:.6f}"
    place = f" · {position.place}" if position.place else ""
    return PlaceFound(
        kind="coordinates",
        name=Title(zh=name + place, en=name + place),
        layer_id=None,
        layer_title=None,
        feature_id=None,
        lon_deg=position.lon_deg,
        lat_deg=position.lat_deg,
        bounds_lonlat=None,
        crs=position.crs,
        evidence=list(position.evidence),
    )


def _layer(version: LayerVersion, title: Title) -> PlaceFound:
    return _found("layer", title, version, title, None, version.bounds_lonlat)


def _feature(loaded: LoadedLayer, title: Title, at: Any) -> PlaceFound:  # noqa: ANN401 - index
    row = loaded.features.loc[at]
    west, south, east, north = row[loaded.features.geometry.name].bounds
    name = feature_names(row) or title
    feature_id = str(row["feature_id"])
    return _found("feature", name, loaded.version, title, feature_id, (west, south, east, north))


def _found(
    kind: str,
    name: Title,
    version: LayerVersion,
    title: Title,
    feature_id: str | None,
    bounds_lonlat: tuple[float, float, float, float],
) -> PlaceFound:
    west, south, east, north = bounds_lonlat
    return PlaceFound(
        kind=kind,
        name=name,
        layer_id=version.layer_id,
        layer_title=title,
        feature_id=feature_id,
        lon_deg=(west + east) / 2,
        lat_deg=(south + north) / 2,
        bounds_lonlat=bounds_lonlat,
        crs=None,
        evidence=[],
    )

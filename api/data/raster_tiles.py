"""Pictures of rasters, tile by tile."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from api.data.raster_file import visible_raster
from api.workspace.needs import RasterSource
from api.workspace.suitability_rules import DEFAULT_RULE, suitability_rule
from geo.expansion.suitability import BEST, CANNOT_TELL, UNKNOWN, WORST
from geo.measure.tile_matrix import TILE_MATRIX_SETS, WEB_MERCATOR_QUAD
from geo.model import Grid
from geo.raster.terrain import classify_slopes, hillshade, slope_deg
from layers.expansion.suitability import SuitabilityRule
from layers.model import Sensitivity
from layers.rasters.kinds import class_dictionary
from layers.rasters.model import RasterVersion
from layers.rasters.small import lonlat_corners, read_small
from layers.rasters.tiling import UnknownTileError, png, read_tile
from maps.answers import Title
from maps.data.raster_answers import LegendEntry, RasterPicture, RasterStyle
from maps.style.raster_style import (
    LegendKey,
    Pixels,
    class_picture,
    hillshade_picture,
    named_legend,
    ramp_legend,
    ramp_picture,
    slope_legend,
    style_names,
    styles_digest,
    styles_of,
)
from maps.style.styles import raster_styles

_SHUT: Final = 100
_DERIVED: Final = frozenset({"hillshade", "slope"})
"""Styles made of differences of neighbours, which need a rim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileAddress:
    """Which tile of which picture."""

    raster_id: str
    version: int
    style: str
    zxy: tuple[int, int, int]
    set_id: str = WEB_MERCATOR_QUAD.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A PNG, a tag that changes with its content, and whether others may keep it."""

    data: bytes
    tag: str
    public: bool


def tile(workspace: RasterSource, address: TileAddress) -> Tile:
    """Return a tile of a raster.

    Raises
    ------
    UnknownRasterError, UnknownTileError, DamagedVersionError
        There is no such raster, version, style or tile, it is not for all eyes, or its
        file is not what was stored.
    """
    version = visible_raster(workspace, address.raster_id, address.version)
    z, x, y = address.zxy
    if address.style not in styles_of(version.spec.kind):
        raise UnknownTileError(z=z, x=x, y=y)
    derived = address.style in _DERIVED
    nearest = version.facts.unit not in {"m", "deg"}
    path = workspace.rasters.sound_path(version)
    one = TILE_MATRIX_SETS[address.set_id]
    rim = 1 if derived else 0
    bands = read_tile(version, path, address.zxy, rim=rim, nearest=nearest, matrix_set=one)
    rule = suitability_rule(workspace, DEFAULT_RULE)
    picture = _PICTURES[address.style](bands, version, rule)
    if derived:
        picture = np.ascontiguousarray(picture[:, 1:-1, 1:-1])
    return Tile(
        data=png(picture),
        tag=tile_tag(version, address),
        public=version.spec.sensitivity is Sensitivity.PUBLIC,
    )


def tile_tag(version: RasterVersion, address: TileAddress) -> str:
    """Return what a tile's content depends on, in short."""
    z, x, y = address.zxy
    place = f"{address.set_id}-{z}-{x}-{y}"
    return f"{version.sha256[:16]}-{styles_digest()}-{address.style}-{place}"


def raster_looks(workspace: RasterSource, version: RasterVersion) -> list[RasterStyle]:
    """Return the ways to draw a raster, each with its tiles and legend."""
    if not is_drawn(version):
        return []
    rule = suitability_rule(workspace, DEFAULT_RULE)
    return [_look(version, style, rule) for style in styles_of(version.spec.kind)]


def raster_picture(workspace: RasterSource, version: RasterVersion) -> RasterPicture | None:
    """Return a raster that need not be stored as one small picture; None of what nobody may see.

    ``version.path`` is read. Of heights the values are shown, not their shades.
    """
    if not is_drawn(version):
        return None
    styles = styles_of(version.spec.kind)
    style = "elevation" if "elevation" in styles else styles[0]
    rule = suitability_rule(workspace, DEFAULT_RULE)
    nearest = version.facts.unit not in {"m", "deg"}
    bands = read_small(version.path, version.facts, nearest=nearest)
    image = base64.b64encode(png(_PICTURES[style](bands, version, rule))).decode("ascii")
    return RasterPicture(
        image=f"data:image/png;base64,{image}",
        bounds_lonlat=lonlat_corners(bands[0]),
        style=_look(version, style, rule).model_copy(update={"tiles": ""}),
    )


def is_drawn(version: RasterVersion) -> bool:
    """Whether a raster is shown at all; one that is classified is as if it were not there."""
    return version.spec.sensitivity is not Sensitivity.CLASSIFIED


def _look(version: RasterVersion, style: str, rule: SuitabilityRule) -> RasterStyle:
    units = {"slope": "deg", "elevation": "m"}
    address = f"/tiles/{version.raster_id}/{version.number}/{style}"
    return RasterStyle(
        id=style,
        title=Title(**style_names(style)),
        unit=units.get(style, ""),
        tiles=f"{address}/{{z}}/{{x}}/{{y}}.png?v={styles_digest()}",
        legend=[_entry(key) for key in _legend(version, style, rule)],
    )


def _legend(version: RasterVersion, style: str, rule: SuitabilityRule) -> list[LegendKey]:
    if style == "slope":
        return slope_legend(rule.land.slope_deg.upper_bounds)
    if style == "elevation":
        return ramp_legend(version.facts.least, version.facts.most)
    if style == "cover":
        classes = class_dictionary(version.facts.classes or "").classes.values()
        return [
            LegendKey(
                colour=raster_styles()["cover"][one.group],
                names={"zh": one.title_zh, "en": one.title_en},
                upper=None,
            )
            for one in classes
        ]
    return [] if style == "hillshade" else named_legend(style)


def _entry(key: LegendKey) -> LegendEntry:
    name = Title(**key.names) if key.names else None
    return LegendEntry(colour=key.colour, name=name, upper=key.upper)


def _hillshade(bands: list[Grid], _version: RasterVersion, _rule: SuitabilityRule) -> Pixels:
    look = raster_styles()["hillshade"]
    light = {name: look[name] for name in ("azimuth_deg", "altitude_deg", "exaggeration")}
    level = float(np.sin(np.radians(look["altitude_deg"])))
    return hillshade_picture(hillshade(bands[0], **light).values, level)


def _slope(bands: list[Grid], _version: RasterVersion, rule: SuitabilityRule) -> Pixels:
    steep = classify_slopes(slope_deg(bands[0]), rule.land.slope_deg.upper_bounds)
    colours = raster_styles()["slope"]
    known = {at: colours[f"slope_{at + 1}"] for at in range(len(rule.land.slope_deg.grades))}
    return class_picture(steep.values, known)


def _elevation(bands: list[Grid], version: RasterVersion, _rule: SuitabilityRule) -> Pixels:
    return ramp_picture(bands[0].values, version.facts.least, version.facts.most)


def _cover(bands: list[Grid], version: RasterVersion, _rule: SuitabilityRule) -> Pixels:
    classes = class_dictionary(version.facts.classes or "").classes
    colours = raster_styles()["cover"]
    known = {code: colours[one.group] for code, one in classes.items()}
    return class_picture(bands[0].values, known)


def _grade(bands: list[Grid], _version: RasterVersion, _rule: SuitabilityRule) -> Pixels:
    grades = np.where(bands[0].known, bands[0].values, 0)
    colours = raster_styles()["grade"]
    return class_picture(np.round(grades), {int(key): colour for key, colour in colours.items()})


def _suitability(bands: list[Grid], _version: RasterVersion, _rule: SuitabilityRule) -> Pixels:
    grade, excluded = bands[0], bands[3]
    colours = raster_styles()["suitability"]
    keys = {number: colours[str(number)] for number in range(BEST, WORST + 1)}
    codes = grade.values.astype(np.uint8)
    codes[excluded.values > 0] = _SHUT
    silent = excluded.values == CANNOT_TELL
    codes[silent] = np.where(grade.values[silent] == UNKNOWN, UNKNOWN, CANNOT_TELL)
    shut = {_SHUT: colours["excluded"], CANNOT_TELL: colours["cannot_tell"]}
    return class_picture(codes, {**keys, **shut})


_PICTURES: Final[Mapping[str, Callable[[list[Grid], RasterVersion, SuitabilityRule], Pixels]]] = {
    "hillshade": _hillshade,
    "slope": _slope,
    "elevation": _elevation,
    "cover": _cover,
    "grade": _grade,
    "suitability": _suitability,
}

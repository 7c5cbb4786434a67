"""How rasters are drawn: styles by kind, legends, and pictures of tiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from layers.provenance import digest
from maps.i18n import LANGUAGES, tr
from maps.style.styles import raster_colours, raster_styles

Pixels = npt.NDArray[np.uint8]

STYLES_OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "dem": ("hillshade", "slope", "elevation"),
    "land_cover": ("cover",),
    "suitability": ("suitability",),
}
GRADES_STYLE: Final = ("grade",)
_OPAQUE: Final = 255
_CLASSES: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendKey:
    """A colour of a legend: a name in both languages, or where a range ends."""

    colour: str
    names: Mapping[str, str] | None
    upper: float | None


def styles_of(kind: str) -> tuple[str, ...]:
    """Return the ways in which rasters of a kind are drawn, the plainest first."""
    return STYLES_OF_KIND.get(kind, GRADES_STYLE)


def style_names(style: str) -> Mapping[str, str]:
    """Return the name of a style in each language."""
    return {lang: tr(f"raster_styles.{style}", lang) for lang in LANGUAGES}


@cache
def styles_digest() -> str:
    """Return a short digest of all colours: part of a tile's address."""
    text = files("maps").joinpath("styles/rasters.toml").read_bytes()
    return digest(text)[:10]


def slope_legend(upper_bounds: Sequence[float]) -> list[LegendKey]:
    """Return the colours of classes of slope, the last one open."""
    colours = raster_styles()["slope"]
    return [
        LegendKey(colour=colours[f"slope_{number}"], names=None, upper=upper)
        for number, upper in enumerate((*upper_bounds, None), start=1)
    ]


def ramp_legend(least: float, most: float) -> list[LegendKey]:
    """Return the colours between two values, at even steps."""
    ramp = raster_styles()["elevation"]["ramp"]
    values = np.linspace(least, most, len(ramp))
    return [
        LegendKey(colour=colour, names=None, upper=round(float(value)))
        for colour, value in zip(ramp, values, strict=True)
    ]


def named_legend(style: str) -> list[LegendKey]:
    """Return the colours of grades and of what stands beside them."""
    return [
        LegendKey(
            colour=colour,
            names={lang: tr(f"grade_names.{key}", lang) for lang in LANGUAGES},
            upper=None,
        )
        for key, colour in raster_colours(style).items()
    ]


def hillshade_picture(shade: npt.NDArray[np.floating], level: float) -> Pixels:
    """Return shadows and lights over nothing, so that the map below keeps its colours.

    Parameters
    ----------
    shade : array of float, shape (rows, columns)
        0 to 1, NaN where nothing is known.
    level : float
        The shade of level ground, which is left clear.
    """
    look = raster_styles()["hillshade"]
    known = ~np.isnan(shade)
    dark = np.where(known & (shade < level), (level - shade) / level, 0.0)
    bright = np.where(known & (shade > level), (shade - level) / (1.0 - level), 0.0)
    picture = np.zeros((4, *shade.shape), dtype=np.uint8)
    for at, (low, high) in enumerate(zip(_rgb(look["shadow"]), _rgb(look["light"]), strict=True)):
        picture[at] = np.where(dark > 0.0, low, high)
    picture[3] = np.round(_OPAQUE * look["strength"] * np.maximum(dark, bright))
    return picture


def ramp_picture(values: npt.NDArray[np.floating], least: float, most: float) -> Pixels:
    """Return measurements in colours between two values; nothing where unknown."""
    known = ~np.isnan(values)
    ramp = np.array([_rgb(colour) for colour in raster_styles()["elevation"]["ramp"]])
    place = np.linspace(least, most, len(ramp))
    shown = np.where(known, values, least)
    bands = [np.interp(shown, place, ramp[:, at]).astype(np.uint8) for at in range(3)]
    return np.stack([*bands, np.where(known, _OPAQUE, 0).astype(np.uint8)])


def class_picture(codes: npt.NDArray[np.number], colours: Mapping[int, str]) -> Pixels:
    """Return classes in their colours; codes without one are clear."""
    table = np.zeros((_CLASSES, 4), dtype=np.uint8)
    for code, colour in colours.items():
        table[code] = (*_rgb(colour), _OPAQUE)
    inside = (codes >= 0) & (codes < _CLASSES)
    picture = table[np.where(inside, codes, 0).astype(np.int64)]
    picture[~inside] = 0
    return np.moveaxis(picture, -1, 0)


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue

"""Pixels of a raster file, strip by strip: what they say, in the unit of their kind."""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from layers.rasters.errors import (
    ComplexPixelsError,
    FractionalClassError,
    NodataTypeError,
    StrangeClassError,
)
from layers.rasters.kinds import RasterKind, class_dictionary
from layers.rasters.model import RasterDeclaration
from layers.store.plausibility.concerns import Concern, import_limits
from layers.yaml_text import load_yaml

CLASS_NODATA: Final = 65_535
_WHOLE: Final = 1e-6
_NAMED: Final = 10

Floats = npt.NDArray[np.float64]
Known = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """How the numbers of a band become values: ``value = number * scale + offset``.

    ``nodata`` is what a person says to be unknown, in the band's own type.
    """

    band: int
    scale: float
    offset: float
    nodata: Any

    def decoded(self, numbers: Any) -> tuple[Floats, Known, Known]:  # noqa: ANN401 - masked array
        """Return values, where they are known, and where the number itself is exactly 0."""
        unknown = np.ma.getmaskarray(numbers)
        if self.nodata is not None:
            unknown = unknown | (numbers.data == self.nodata)
        values = numbers.data.astype(np.float64)
        if self.scale != 1.0 or self.offset != 0.0:
            values = values * self.scale + self.offset
        known = ~unknown & np.isfinite(values)
        return values, known, known & (numbers.data == 0)


def coding_of(file: Any, said: RasterDeclaration, band: int, factor: float, name: str) -> Coding:  # noqa: ANN401
    """Return how a band is read; ``factor`` takes the stated unit to that of the kind.

    Raises
    ------
    ComplexPixelsError, NodataTypeError
        Pixels have two numbers each, or none of them can be what is said to be unknown.
    """
    kind = file.dtypes[band - 1]
    if kind.startswith("complex"):
        raise ComplexPixelsError(name=name, type=kind)
    nodata = None
    if said.nodata is not None:
        nodata = _in_type(said.nodata, np.dtype(kind))
        if nodata is None:
            raise NodataTypeError(name=name, nodata=f"{said.nodata:.10g}", type=kind)
    return Coding(
        band=band,
        scale=file.scales[band - 1] * factor,
        offset=file.offsets[band - 1] * factor,
        nodata=nodata,
    )


def _in_type(value: float, kind: np.dtype[Any]) -> Any:  # noqa: ANN401 - numpy scalar
    """Return a number as a type holds it, None if it holds no such number."""
    if kind.kind == "f":
        with np.errstate(over="ignore"):
            own = kind.type(value)
        return own if np.isfinite(own) == np.isfinite(value) else None
    whole = np.isfinite(value) and value == round(value)
    limits = np.iinfo(kind)
    return kind.type(round(value)) if whole and limits.min <= value <= limits.max else None


def band_concerns(
    file: Any,  # noqa: ANN401 - rasterio is untyped
    said: RasterDeclaration,
    coding: Coding,
    height_unit: str | None,
) -> list[Concern]:
    """Return what a band says of itself that contradicts what a person says or its own type.

    ``height_unit`` is said of heights alone (see :class:`layers.rasters.place.Place`).
    """
    found = []
    own = (file.units[coding.band - 1] or "").strip()
    unit = said.unit or "class"
    of_heights = own == height_unit and unit in {"class", "grade"}
    if own and not of_heights and own.casefold() not in _band_units()[unit]:
        found.append(Concern(code="band_unit", params={"found": own[:40], "unit": unit}))
    declared, kind = file.nodata, file.dtypes[coding.band - 1]
    useless = declared is not None and _in_type(declared, np.dtype(kind)) is None
    if useless and said.nodata is None:
        params = {"nodata": f"{declared:.10g}", "type": kind}
        found.append(Concern(code="nodata_outside_type", params=params))
    return found


@cache
def _band_units() -> dict[str, frozenset[str]]:
    """Return by unit how files write it, in lower case."""
    text = files("layers.store").joinpath("catalogue_data", "band_units.yaml").read_text("utf-8")
    said: dict[str, list[str]] = load_yaml(text)
    return {unit: frozenset(map(str.casefold, names)) for unit, names in said.items()}


@dataclass(slots=True, kw_only=True)
class Codes:
    """Watches that a raster of classes or grades holds whole numbers that mean something."""

    name: str
    found: set[int] = field(default_factory=set)

    def look(self, values: Floats, known: Known) -> None:
        """Look at a strip.

        Raises
        ------
        FractionalClassError
            Some are no whole numbers.
        """
        told = np.unique(values[known])
        broken = told[np.abs(told - np.round(told)) > _WHOLE]
        if broken.size:
            shown = [round(float(one), 6) for one in broken[:_NAMED]]
            raise FractionalClassError(name=self.name, found=shown)
        self.found.update(map(int, np.round(told)))

    def require_known(self, classes: str) -> None:
        """Refuse classes that no dictionary knows.

        Raises
        ------
        StrangeClassError
            They are named as they stand in the file.
        """
        strange = sorted(self.found - class_dictionary(classes).classes.keys())
        if strange:
            raise StrangeClassError(name=self.name, classes=classes, found=strange[:_NAMED])


@dataclass(slots=True, kw_only=True)
class Collar:
    """Watches for a collar: exact zeros beside ground that stands far above or below.

    Ground that rises by more than a pixel's width within one pixel is steeper than 45
    degrees; that it does so from exactly 0 is the mark of a nodata value nobody declared.
    """

    pixel_m: float
    zeros: int = 0
    beside_m: float = 0.0
    _last: tuple[Floats, Known, Known] | None = None

    def look(self, values: Floats, known: Known, zero: Known) -> None:
        """Look at a strip; strips come from the top to the bottom."""
        self.zeros += int(zero.sum())
        self._across(values, known, zero)
        if self._last is not None:
            above = [np.vstack([row, strip[:1]]) for row, strip in
                     zip(self._last, (values, known, zero), strict=True)]  # fmt: skip
            self._across(*(one.T for one in above))
        self._across(values.T, known.T, zero.T)
        self._last = (values[-1:], known[-1:], zero[-1:])

    def concerns(self) -> list[Concern]:
        """Return what is to be asked."""
        if self.beside_m <= max(import_limits().collar_jump_m, self.pixel_m):
            return []
        params = {"count": self.zeros, "beside_m": round(self.beside_m, 1)}
        return [Concern(code="zero_collar", params=params)]

    def _across(self, values: Floats, known: Known, zero: Known) -> None:
        """Compare each pixel of a row with the next one."""
        left, right = np.s_[:, :-1], np.s_[:, 1:]
        pairs = known[left] & known[right] & (zero[left] ^ zero[right])
        if pairs.any():
            jumps = np.abs(values[left] - values[right])[pairs]
            self.beside_m = max(self.beside_m, float(jumps.max()))


def stored_values(values: Floats, known: Known, kind: RasterKind) -> npt.NDArray[Any]:
    """Return values as they are kept, nodata where they are not known."""
    if kind.classes:
        return np.where(known, np.round(values), CLASS_NODATA).astype(np.uint16)
    if kind.unit == "grade":
        values = np.round(values)
    return np.where(known, values, np.nan).astype(np.float32)

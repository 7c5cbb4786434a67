"""How a criterion of one's own is measured: of any vector or raster layer, as data."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, model_validator

from layers.expansion.ground_source import GroundSource

MeasureKind: TypeAlias = Literal["share", "distance", "count", "mean"]


class Measure(BaseModel):
    """What is measured of a site.

    ``share``: percent of the site that lies on the ground of ``of``, or on pixels of ``raster``
    with one of ``values``; ``distance``: metres to the nearest feature of ``of``; ``count``: how
    many of its features touch the site; ``mean``: of the pixels of ``raster``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: MeasureKind
    of: GroundSource | None = None
    raster: str | None = None
    values: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _one_layer(self) -> "Measure":
        if (self.of is None) == (self.raster is None):
            raise ValueError("one of of, raster")
        if bool(self.values) != (self.raster is not None and self.what == "share"):
            raise ValueError("values are for the share of a raster, which needs them")
        if self.raster is not None and self.what not in ("mean", "share"):
            raise ValueError("of a raster there is a mean or a share")
        if self.what == "mean" and self.raster is None:
            raise ValueError("a mean is of a raster")
        if self.of is not None and self.what != "share" and self.of.slope_above_deg is not None:
            raise ValueError("of a slope there is a share")
        return self

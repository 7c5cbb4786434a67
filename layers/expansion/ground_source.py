"""Which ground a constraint or a criterion speaks of, as data: of a kind, a layer, or a slope."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from layers.check.land_classes import LAND_USE, load_land_classes


class GroundSource(BaseModel):
    """Features of a kind or of one layer, or slopes; of features perhaps only some.

    ``classes`` are codes of the land survey, of which one of the first level stands for all of
    its members. ``where`` names for an attribute the texts that count. ``within_m`` grows
    features; ``outside`` means the ground that lies in none of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str | None = None
    layer: str | None = None
    slope_above_deg: Annotated[float, Field(ge=0, lt=90, allow_inf_nan=False)] | None = None
    classes: tuple[str, ...] = ()
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    within_m: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)] = 0.0
    outside: bool = False

    @model_validator(mode="after")
    def _one_ground(self) -> "GroundSource":
        named = [self.kind, self.layer, self.slope_above_deg]
        if sum(one is not None for one in named) != 1:
            raise ValueError("one of kind, layer, slope_above_deg")
        if self.slope_above_deg is not None and (self.where or self.within_m or self.outside):
            raise ValueError("a slope has no where, within_m or outside")
        if self.classes and self.kind != LAND_USE:
            raise ValueError("classes are of the land survey")
        known = load_land_classes().by_code
        if unknown := [one for one in self.classes if one not in known]:
            raise ValueError(f"no class of the land survey: {unknown[0]}")
        return self

"""Sets of constraints on ground, as data: hard, soft, or to be listed; and what ground costs."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from layers.expansion.errors import ConstraintsFileError, UnknownConstraintsError
from layers.expansion.ground_source import GroundSource
from layers.yaml_text import load_yaml

Treatment: TypeAlias = Literal["hard", "soft", "listed"]
Quality: TypeAlias = Literal["published", "law", "proposal", "own"]
NONE = "none"
"""The name by which a person asks for no constraints but those of the question itself."""


class Words(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def joined_with(self, other: "Words", by: str) -> "Words":
        """Return both texts, one after the other."""
        return Words(zh=f"{self.zh}{by}{other.zh}", en=f"{self.en}{by}{other.en}")


class Price(BaseModel):
    """What a hectare of ground costs whoever builds on it, of which year, and who says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    yuan_per_ha: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    year: Annotated[int, Field(ge=1949, le=2100)]
    source: Annotated[str, Field(min_length=1)]


class GroundConstraint(BaseModel):
    """How a site may lie on some ground.

    ``hard``: not at all. ``soft``: on ``at_most_pct`` of the site, or at the loss of
    ``points_per_pct`` of 100 for each percent of it. ``listed``: it may, and the answer says how
    much of the site does and what that asks for (``asks``). ``price`` may stand with each.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words
    ground: GroundSource
    treatment: Treatment
    at_most_pct: Annotated[float, Field(ge=0, lt=100)] | None = None
    points_per_pct: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] | None = None
    price: Price | None = None
    asks: Words | None = None
    quality: Quality
    source: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _as_treated(self) -> "GroundConstraint":
        bounds = [self.at_most_pct, self.points_per_pct]
        if (self.treatment == "soft") != any(one is not None for one in bounds):
            raise ValueError("soft ground, and no other, has at_most_pct or points_per_pct")
        return self


class ConstraintSet(BaseModel):
    """Constraints by id, in the order in which they are named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words
    note: Words
    constraints: Annotated[dict[str, GroundConstraint], Field(min_length=1, max_length=60)]

    def joined_with(self, own: "ConstraintSet") -> "ConstraintSet":
        """Return all constraints of both; of two with the same id that of ``own``."""
        return ConstraintSet.model_construct(
            name=self.name.joined_with(own.name, " + "),
            note=self.note.joined_with(own.note, " "),
            constraints={**self.constraints, **own.constraints},
        )


@cache
def constraint_sets() -> Mapping[str, ConstraintSet]:
    """Return the sets that ship by id."""
    folder = files("layers.expansion").joinpath("constraint_data")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return {
        name.removesuffix(".yaml"): parse_constraints(
            name, folder.joinpath(name).read_text(encoding="utf-8")
        )
        for name in names
    }


def constraint_set(name: str) -> ConstraintSet | None:
    """Return one set, None for ``none``.

    Raises
    ------
    UnknownConstraintsError
        None has this id.
    """
    if name == NONE:
        return None
    known = constraint_sets()
    if name not in known:
        raise UnknownConstraintsError(name=name[:60], known=[*sorted(known), NONE])
    return known[name]


def parse_constraints(name: str, text: str) -> ConstraintSet:
    """Return a set from YAML; ``name`` is the file's.

    Raises
    ------
    ConstraintsFileError
        It is not YAML, lacks a field, has one too many, or a value that cannot be.
    """
    try:
        return ConstraintSet.model_validate(load_yaml(text))
    except yaml.YAMLError as exc:
        raise ConstraintsFileError(file=name, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "*"
        raise ConstraintsFileError(file=name, field=where, problem=first["type"]) from exc

"""Sets of criteria for the comparison of sites, as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo.density.intensity import Better
from geo.expansion.ranking import Criterion, PointScale, SpanScale
from layers.expansion.errors import CriteriaFileError, UnknownCriteriaError
from layers.expansion.measures import Measure
from layers.yaml_text import load_yaml

Quality = Literal["published", "grades_of_law", "proposal", "own"]
OWN: Quality = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCriterion:
    """A criterion with its name, the unit of its fact, and what its scale rests on.

    ``measure`` says how the fact is measured; None for those that the comparison knows itself.
    """

    criterion: Criterion
    name_zh: str
    name_en: str
    unit: str
    quality: str
    source: str
    measure: Measure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A limit that a site must keep: no more than ``most``, no less than ``least``."""

    fact: str
    least: float | None
    most: float | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaSet:
    """Everything by which sites are compared; ``draws`` and ``seed`` are for stability.

    ``replaced`` are criteria that another with the same id took the place of.
    """

    id: str
    name_zh: str
    name_en: str
    criteria: Mapping[str, NamedCriterion]
    requirements: tuple[Requirement, ...]
    draws: int
    seed: int
    weights_quality: str
    weights_zh: str
    weights_en: str
    replaced: tuple[NamedCriterion, ...] = ()

    def joined_with(self, own: "CriteriaSet") -> "CriteriaSet":
        """Return all criteria and limits of both; of two with the same id that of ``own``."""
        return replace(
            own,
            id=f"{self.id}+{own.id}",
            name_zh=f"{self.name_zh} + {own.name_zh}",
            name_en=f"{self.name_en} + {own.name_en}",
            criteria={**self.criteria, **own.criteria},
            requirements=(*self.requirements, *own.requirements),
            weights_zh=f"{self.weights_zh} {own.weights_zh}",
            weights_en=f"{self.weights_en} {own.weights_en}",
            replaced=tuple(one for name, one in self.criteria.items() if name in own.criteria),
        )

    def weighted(self, weights: Mapping[str, float]) -> "CriteriaSet":
        """Return the set with a person's own weights; criteria not named keep theirs.

        Raises
        ------
        UnknownCriteriaError
            A criterion is none of the set.
        """
        for name in weights:
            if name not in self.criteria:
                raise UnknownCriteriaError(name=name[:60], known=sorted(self.criteria))
        own = {
            name: replace(
                named,
                criterion=replace(
                    named.criterion, weight=weights.get(name, named.criterion.weight)
                ),
            )
            for name, named in self.criteria.items()
        }
        return replace(self, criteria=own, weights_quality=OWN)


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zh: str
    en: str


class _CriterionFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: _Words
    unit: str
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    points: tuple[tuple[float, float], ...] | None = None
    span: Better | None = None
    quality: Quality
    source: str
    measure: Measure | None = None

    @model_validator(mode="after")
    def _one_scale(self) -> "_CriterionFile":
        if (self.points is None) == (self.span is None):
            raise ValueError("either points or span")
        return self


class _RequirementFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    fact: str
    least: float | None = None
    most: float | None = None
    source: str


class _SetFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: _Words
    draws: Annotated[int, Field(ge=1000, le=200_000)]
    seed: int
    weights_quality: Quality
    weights_note: _Words
    criteria: Annotated[dict[str, _CriterionFile], Field(min_length=1)]
    requirements: tuple[_RequirementFile, ...] = ()


@cache
def criteria_sets() -> Mapping[str, CriteriaSet]:
    """Return the sets that ship by id."""
    folder = files("layers.expansion").joinpath("ranking_data")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return {
        name.removesuffix(".yaml"): parse_criteria(
            name.removesuffix(".yaml"), folder.joinpath(name).read_text(encoding="utf-8")
        )
        for name in names
    }


def criteria_set(name: str) -> CriteriaSet:
    """Return one set.

    Raises
    ------
    UnknownCriteriaError
        None has this id.
    """
    known = criteria_sets()
    if name not in known:
        raise UnknownCriteriaError(name=name[:60], known=sorted(known))
    return known[name]


def parse_criteria(name: str, text: str) -> CriteriaSet:
    """Return a set from YAML.

    Raises
    ------
    CriteriaFileError
        It is not YAML, lacks a field or has one too many.
    """
    try:
        content = _SetFile.model_validate(load_yaml(text))
    except yaml.YAMLError as exc:
        raise CriteriaFileError(file=name, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "*"
        raise CriteriaFileError(file=name, field=where, problem=first["type"]) from exc
    return CriteriaSet(
        id=name,
        name_zh=content.name.zh,
        name_en=content.name.en,
        criteria={key: _named(key, entry) for key, entry in content.criteria.items()},
        requirements=_requirements(content.requirements),
        draws=content.draws,
        seed=content.seed,
        weights_quality=content.weights_quality,
        weights_zh=content.weights_note.zh,
        weights_en=content.weights_note.en,
    )


def _named(name: str, entry: _CriterionFile) -> NamedCriterion:
    if entry.span is not None:
        scale: PointScale | SpanScale = SpanScale(better=entry.span)
    else:
        scale = PointScale(points=entry.points or ())
    return NamedCriterion(
        criterion=Criterion(id=name, weight=entry.weight, scale=scale),
        name_zh=entry.name.zh,
        name_en=entry.name.en,
        unit=entry.unit,
        quality=entry.quality,
        source=entry.source,
        measure=entry.measure,
    )


def _requirements(entries: Sequence[_RequirementFile]) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(fact=one.fact, least=one.least, most=one.most, source=one.source)
        for one in entries
    )

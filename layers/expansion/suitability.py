"""Rules of suitability as data: factors, matrix, corrections, exclusions, points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo.expansion.suitability import (
    Correction,
    FormStep,
    Integration,
    LandRule,
    Steps,
    Worsening,
    require_matrix,
)
from layers.errors import RuleFileError
from layers.rasters.kinds import raster_kinds
from layers.store.catalogue import Kinds
from layers.yaml_text import load_yaml

_GRADES: Final = 5
_Grade = Annotated[int, Field(ge=1, le=_GRADES)]
_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TitleFile(_File):
    """A name in both languages."""

    zh: str
    en: str


class CitationFile(_File):
    """Where a part of the rule is from, and how surely its text was seen."""

    document_zh: str
    document_en: str
    number: str
    clause: str
    certainty: Literal["official_text", "reprint", "general_knowledge", "practice", "proposal"]
    note_zh: str
    note_en: str


class _StepsFile(_File):
    upper_bounds: tuple[float, ...]
    grades: tuple[_Grade, ...]

    @model_validator(mode="after")
    def _one_grade_more(self) -> "_StepsFile":
        if len(self.grades) != len(self.upper_bounds) + 1:
            raise ValueError("one grade more than bounds")
        if list(self.upper_bounds) != sorted(set(self.upper_bounds)):
            raise ValueError("bounds must rise")
        return self


class _WorseningFile(_File):
    above: float
    grades: _Grade


class _TerrainFile(_File):
    citation: CitationFile
    slope_deg: _StepsFile
    elevation_m: tuple[_WorseningFile, ...]
    relief_m: tuple[_WorseningFile, ...]
    relief_window_m: _Positive


class _CorrectionFile(_File):
    factor: str
    changes: dict[_Grade, Annotated[int, Field(ge=-_GRADES, le=_GRADES)]]
    only_grades: tuple[_Grade, ...] = ()


class _FormStepFile(_File):
    from_compactness: Annotated[float, Field(ge=0, lt=1)]
    sets: _Grade | None = None
    adds: Annotated[int, Field(ge=-_GRADES, le=_GRADES)] = 0
    only_grades: tuple[_Grade, ...] = ()

    @model_validator(mode="after")
    def _one_effect(self) -> "_FormStepFile":
        if self.sets is not None and self.adds:
            raise ValueError("sets or adds")
        return self


class _FormFile(_File):
    citation: CitationFile
    steps: Annotated[tuple[_FormStepFile, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _every_form_has_a_step(self) -> "_FormFile":
        starts = [step.from_compactness for step in self.steps]
        if starts != sorted(set(starts)) or starts[0] != 0:
            raise ValueError("steps must rise from 0")
        return self


class ClassFile(_File):
    """What some final grades are called; the id is worded in maps/locales."""

    grades: tuple[_Grade, ...]
    id: str


class _IntegrationFile(_File):
    citation: CitationFile
    matrix_factor: str
    matrix: tuple[tuple[int, ...], ...]
    corrections: tuple[_CorrectionFile, ...]
    classes: tuple[ClassFile, ...]


class LayerExclusion(_File):
    """A kind of control layer whose features are excluded.

    ``required``: without the layer, or beyond what it covers, nothing can be called free.
    ``where`` restricts it to features with these attribute values.
    """

    id: str
    required: bool
    where: dict[str, tuple[str, ...]] = {}


class _WaterFile(_File):
    layers: tuple[str, ...]
    cover_groups: tuple[str, ...]


class _ExclusionsFile(_File):
    citation: CitationFile
    layers: tuple[LayerExclusion, ...] | None = None
    water: _WaterFile
    slope_above_deg: _Positive


class _ScoreFile(_File):
    citation: CitationFile
    by_grade: dict[_Grade, float]
    least_pixels_across: _Positive
    fine_pixels_across: _Positive | None = None


class _RuleFile(_File):
    id: str
    title: TitleFile
    terrain: _TerrainFile
    integration: _IntegrationFile
    form: _FormFile | None = None
    exclusions: _ExclusionsFile
    score: _ScoreFile


@dataclass(frozen=True, slots=True, kw_only=True)
class SuitabilityRule:
    """One rule set. Grades are 1 (best) to 5; lengths in metres, slopes in degrees.

    ``form`` is empty where the rule does not look at the form of sites.
    """

    id: str
    title_zh: str
    title_en: str
    land: LandRule
    relief_window_m: float
    integration: Integration
    form: tuple[FormStep, ...]
    classes: tuple[ClassFile, ...]
    excluded_layers: tuple[LayerExclusion, ...]
    water_layers: tuple[str, ...]
    water_groups: tuple[str, ...]
    excluded_slope_deg: float
    points: Mapping[int, float]
    least_pixels_across: float
    fine_pixels_across: float
    citations: Mapping[str, CitationFile]

    @property
    def factors(self) -> tuple[str, ...]:
        """Kinds of rasters that the integration asks for, each once."""
        names = (self.integration.matrix_factor, *(c.factor for c in self.integration.corrections))
        return tuple(dict.fromkeys(names))


def load_suitability(folder: Path | None, kinds: Kinds) -> Mapping[str, SuitabilityRule]:
    """Return the built-in rule sets and those of a folder, by id; a folder's own win.

    A rule set that lists no ``exclusions.layers`` excludes all kinds that say of themselves
    that they exclude building.

    Raises
    ------
    RuleFileError, SuitabilityError
        A file is not YAML, lacks a field, names a kind that does not exist, or its
        matrix is none.
    """
    builtin = _read_all(files("layers.expansion").joinpath("suitability_data").iterdir(), kinds)
    own = _read_all(folder.iterdir(), kinds) if folder and folder.is_dir() else {}
    return MappingProxyType({**builtin, **own})


def _read_all(
    entries: Any,  # noqa: ANN401 - paths or resources
    kinds: Kinds,
) -> dict[str, SuitabilityRule]:
    found = {}
    for entry in sorted(entries, key=lambda item: str(item.name)):
        if entry.name.endswith((".yaml", ".yml")):
            rule = _read(entry, kinds)
            found[rule.id] = rule
    return found


def _read(entry: Traversable | Path, kinds: Kinds) -> SuitabilityRule:
    try:
        said = _RuleFile.model_validate(load_yaml(entry.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise RuleFileError(file=entry.name, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "*"
        raise RuleFileError(file=entry.name, field=where, problem=first["type"]) from exc
    rule = _rule(said, kinds)
    require_matrix(rule.integration.matrix)
    strange = _strange_kinds(rule, kinds)
    if strange:
        # A misspelt kind would be missing for ever, or exclude nothing without a word.
        raise RuleFileError(file=entry.name, field=strange[0], problem="no_such_kind")
    return rule


def _strange_kinds(rule: SuitabilityRule, kinds: Kinds) -> list[str]:
    asked = (*(one.id for one in rule.excluded_layers), *rule.water_layers)
    return [
        *(name for name in rule.factors if name not in raster_kinds()),
        *(name for name in asked if name not in kinds),
    ]


def _excluding(kinds: Kinds) -> tuple[LayerExclusion, ...]:
    """Return what kinds say of themselves, in the order in which exclusions are named."""
    in_order = sorted(kinds.values(), key=lambda kind: (kind.precedence, kind.id))
    return tuple(
        LayerExclusion(id=kind.id, required=said.required, where=dict(said.where))
        for kind in in_order
        if (said := kind.excludes_building)
    )


def _rule(said: _RuleFile, kinds: Kinds) -> SuitabilityRule:
    terrain, joined, out = said.terrain, said.integration, said.exclusions
    return SuitabilityRule(
        id=said.id,
        title_zh=said.title.zh,
        title_en=said.title.en,
        land=LandRule(
            slope_deg=Steps(**terrain.slope_deg.model_dump()),
            elevation_m=_worsenings(terrain.elevation_m),
            relief_m=_worsenings(terrain.relief_m),
        ),
        relief_window_m=terrain.relief_window_m,
        integration=Integration(
            matrix_factor=joined.matrix_factor,
            matrix=joined.matrix,
            corrections=tuple(Correction(**one.model_dump()) for one in joined.corrections),
        ),
        form=tuple(FormStep(**step.model_dump()) for step in said.form.steps) if said.form else (),
        classes=joined.classes,
        excluded_layers=_excluding(kinds) if out.layers is None else out.layers,
        water_layers=out.water.layers,
        water_groups=out.water.cover_groups,
        excluded_slope_deg=out.slope_above_deg,
        points=MappingProxyType(said.score.by_grade),
        least_pixels_across=said.score.least_pixels_across,
        # A rule that says nothing of it scores no site of coarse pixels at all.
        fine_pixels_across=said.score.fine_pixels_across or said.score.least_pixels_across,
        citations=MappingProxyType(
            {
                "terrain": terrain.citation,
                "integration": joined.citation,
                **({"form": said.form.citation} if said.form else {}),
                "exclusions": out.citation,
                "score": said.score.citation,
            }
        ),
    )


def _worsenings(steps: Sequence[_WorseningFile]) -> tuple[Worsening, ...]:
    return tuple(Worsening(**step.model_dump()) for step in steps)

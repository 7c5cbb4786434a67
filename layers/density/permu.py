"""Schemes of per-mu performance as data: who is scored by what, graded how, and low-yield when."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo.density.intensity import Ratio
from geo.density.permu import MissingRule, ScoredIndicator
from layers.density.quantities import QuantityWords, quantity_words
from layers.errors import SchemeFileError, SchemeToFillError, UnknownSchemeError
from layers.yaml_text import load_yaml

_DATA: Final = "permu_data"
_WHOLE: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeIndicator:
    """An indicator of a group: its formula over quantities, and how it is scored."""

    name_zh: str
    name_en: str
    unit: str
    ratio: Ratio
    scored: ScoredIndicator


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeGroup:
    """A group of firms that are scored and ranked among themselves."""

    id: str
    name_zh: str
    name_en: str
    indicators: tuple[SchemeIndicator, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LandRule:
    """When a firm's land counts as low-yield or idle; one of the three ways is set.

    ``zero``: all these quantities are zero. ``grades``: its grade is one of them.
    ``indicator``: it is below ``below_share_of_mean`` of the mean of the firm's group.
    """

    id: str
    name_zh: str
    name_en: str
    zero: tuple[str, ...]
    grades: tuple[str, ...]
    indicator: str | None
    below_share_of_mean: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A scheme; ``grades`` are (grade, percent of the firms) from the best to the worst.

    A group in which fewer than ``least_scored`` firms are scored and ranked is not graded.
    ``to_fill`` are the fields of a sheet that nobody has filled yet; nothing is scored by it.
    """

    id: str
    name_zh: str
    name_en: str
    source: str
    note_zh: str
    note_en: str
    groups: Mapping[str, SchemeGroup]
    grades: tuple[tuple[str, float], ...]
    ungraded_as: str
    least_scored: int
    land_rules: tuple[LandRule, ...]
    to_fill: tuple[str, ...] = ()


_HIGHEST_CAP: Final = 10.0
_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_Share = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zh: str
    en: str


class _IndicatorFile(_Strict):
    unit: str
    numerator: tuple[str, ...] = Field(min_length=1)
    denominator: tuple[str, ...] = Field(min_length=1)
    weight: _Positive | None
    baseline: _Positive | None
    cap: _Positive | None
    floor: Annotated[float, Field(le=0, allow_inf_nan=False)] | None = None
    missing: MissingRule


class _GroupFile(_Strict):
    indicators: dict[str, _IndicatorFile] = Field(min_length=1)


class _SchemeFile(_Strict):
    """A scheme, or a sheet in which what is null is to be filled."""

    source: str | None
    note_zh: str
    note_en: str
    groups: dict[str, _GroupFile] = Field(min_length=1)
    grades: Annotated[list[tuple[str, _Share]], Field(min_length=1)] | None
    ungraded_as: str
    least_scored: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _grades_fit(self) -> "_SchemeFile":
        if self.grades is None:
            return self
        if abs(sum(share for _, share in self.grades) - 100.0) > 1e-9:
            raise ValueError("shares")
        if self.ungraded_as not in {grade for grade, _ in self.grades}:
            raise ValueError("ungraded_as")
        return self


class _LikeFile(_Strict):
    """A scheme that differs from another one by its cap alone."""

    like: str
    cap: _Positive
    note_zh: str
    note_en: str


class _LandRuleFile(_Strict):
    zero: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    indicator: str | None = None
    below_share_of_mean: _Positive | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "_LandRuleFile":
        ways = [bool(self.zero), bool(self.grades), self.indicator is not None]
        if sum(ways) != 1 or (self.indicator is None) != (self.below_share_of_mean is None):
            raise ValueError("one_way")
        return self


class _SchemesFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    schemes: dict[str, _SchemeFile | _LikeFile] = {}
    land_rules: dict[str, _LandRuleFile] = {}


def load_schemes(folder: Path) -> Mapping[str, Scheme]:
    """Return the schemes that ship and those of a folder, by id; a folder's own win.

    A folder that is not there holds none.

    Raises
    ------
    SchemeFileError
        A file is not YAML, or a field of it is not as it must be.
    """
    own = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    schemes: dict[str, _SchemeFile | _LikeFile] = {}
    land_rules: dict[str, _LandRuleFile] = {}
    for file in (files("layers.density").joinpath(f"{_DATA}/schemes.yaml"), *own):
        content = _read(file)
        _require_measures(file.name, content.schemes)
        schemes |= content.schemes
        land_rules |= content.land_rules
    rules = tuple(_land_rule(name, rule) for name, rule in land_rules.items())
    whole = {
        name: _scheme(name, entry, rules)
        for name, entry in schemes.items()
        if isinstance(entry, _SchemeFile)
    }
    for name, entry in schemes.items():
        if isinstance(entry, _LikeFile):
            whole[name] = _capped(name, entry, whole)
    return {name: whole[name] for name in schemes}


def scheme_of(schemes: Mapping[str, Scheme], wanted: str) -> Scheme:
    """Return a scheme by its id.

    Raises
    ------
    UnknownSchemeError
        There is none with this id.
    SchemeToFillError
        It is a sheet in which baselines, weights or grades are not filled yet.
    """
    if wanted not in schemes:
        raise UnknownSchemeError(scheme=wanted[:80], known=sorted(schemes))
    found = schemes[wanted]
    if found.to_fill:
        raise SchemeToFillError(scheme=wanted, count=len(found.to_fill), fields=found.to_fill[:6])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmWords:
    """Words of tables of firms: quantities by header, groups by name, and what means yes."""

    quantities: QuantityWords
    groups: Mapping[str, str]
    yes: frozenset[str]


@cache
def load_firm_words() -> FirmWords:
    """Return the words that ship."""
    content = _quantities()
    return FirmWords(
        quantities=quantity_words(content),
        groups={word: group for group, words in content["groups"].items() for word in words},
        yes=frozenset(str(word).casefold() for word in content["affirmations"]),
    )


def firm_headers(lang: str) -> list[str]:
    """Return a header for every quantity that the reader knows, with its unit of measure.

    The first word of each quantity is the Chinese one, the last the English one.
    """
    at = 0 if lang == "zh" else -1
    return [
        entry["fields"][at] + (f"({entry['unit']})" if entry["unit"] else "")
        for entry in _quantities()["quantities"].values()
    ]


def _quantities() -> dict[str, Any]:
    text = files("layers.density").joinpath(f"{_DATA}/quantities.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = load_yaml(text)
    return content


def _read(entry: Traversable | Path) -> _SchemesFile:
    try:
        return _SchemesFile.model_validate(load_yaml(entry.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise SchemeFileError(file=entry.name, field=_WHOLE, problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or _WHOLE
        raise SchemeFileError(file=entry.name, field=where, problem=first["type"]) from exc


def _require_measures(file: str, schemes: Mapping[str, _SchemeFile | _LikeFile]) -> None:
    """Hold the unit of each indicator against those of the quantities that it divides.

    A baseline by the hectare over values by the mu would be fifteen times too easy, and a cap in
    points, which is a multiple of the weight, would be none.
    """
    units = {name: entry["unit"] for name, entry in _quantities()["quantities"].items()}
    for name, scheme in schemes.items():
        groups = scheme.groups if isinstance(scheme, _SchemeFile) else {}
        if isinstance(scheme, _LikeFile) and scheme.cap > _HIGHEST_CAP:
            raise SchemeFileError(file=file, field=f"schemes.{name}.cap", problem="cap_in_points")
        for group, found in groups.items():
            for key, one in found.indicators.items():
                where = f"schemes.{name}.groups.{group}.indicators.{key}"
                if one.cap and one.cap > _HIGHEST_CAP:
                    raise SchemeFileError(file=file, field=f"{where}.cap", problem="cap_in_points")
                sides = [{units.get(n) for n in side} for side in (one.numerator, one.denominator)]
                if any(None in side or len(side) > 1 for side in sides):
                    raise SchemeFileError(file=file, field=where, problem="unknown_quantity")
                above, below = (side.pop() for side in sides)
                if one.unit != ("" if above == below else f"{above}/{below}"):
                    raise SchemeFileError(file=file, field=f"{where}.unit", problem="other_unit")


def _unfilled(entry: _SchemeFile) -> tuple[str, ...]:
    """Return the fields of a sheet that are null and must not be."""
    cells = [
        f"groups.{group}.indicators.{key}.{field}"
        for group, found in entry.groups.items()
        for key, one in found.indicators.items()
        for field, value in (("weight", one.weight), ("baseline", one.baseline))
        if value is None
    ]
    whole = (("source", entry.source), ("grades", entry.grades))
    return (*(name for name, value in whole if value is None), *cells)


def _least_scored(entry: _SchemeFile) -> int:
    """Return how many firms there must be for the smallest share to be a whole firm."""
    shares = [share for _, share in entry.grades or ()]
    return math.ceil(100.0 / min(shares) - 1e-9) if shares else 1


def _scheme(name: str, entry: _SchemeFile, rules: tuple[LandRule, ...]) -> Scheme:
    to_fill = _unfilled(entry)
    groups = {
        group: SchemeGroup(
            id=group,
            name_zh=found.zh,
            name_en=found.en,
            indicators=tuple(
                _indicator(one, said, said.weight, said.baseline)
                for one, said in found.indicators.items()
                if said.weight is not None and said.baseline is not None
            ),
        )
        for group, found in entry.groups.items()
    }
    return Scheme(
        id=name,
        name_zh=entry.zh,
        name_en=entry.en,
        source=entry.source or "",
        note_zh=entry.note_zh,
        note_en=entry.note_en,
        groups=groups,
        grades=tuple(entry.grades or ()),
        ungraded_as=entry.ungraded_as,
        least_scored=entry.least_scored or _least_scored(entry),
        land_rules=rules,
        to_fill=to_fill,
    )


def _indicator(name: str, entry: _IndicatorFile, weight: float, baseline: float) -> SchemeIndicator:
    scored = ScoredIndicator(
        id=name,
        weight=weight,
        baseline=baseline,
        cap=entry.cap,
        floor=entry.floor,
        missing=entry.missing,
    )
    ratio = Ratio(numerator=entry.numerator, denominator=entry.denominator, factor=1.0)
    return SchemeIndicator(
        name_zh=entry.zh, name_en=entry.en, unit=entry.unit, ratio=ratio, scored=scored
    )


def _capped(name: str, entry: _LikeFile, whole: Mapping[str, Scheme]) -> Scheme:
    like = scheme_of(whole, entry.like)
    groups = {
        key: replace(
            group,
            indicators=tuple(
                replace(one, scored=replace(one.scored, cap=entry.cap)) for one in group.indicators
            ),
        )
        for key, group in like.groups.items()
    }
    return replace(
        like,
        id=name,
        name_zh=entry.zh,
        name_en=entry.en,
        note_zh=entry.note_zh,
        note_en=entry.note_en,
        groups=groups,
    )


def _land_rule(name: str, entry: _LandRuleFile) -> LandRule:
    return LandRule(
        id=name,
        name_zh=entry.zh,
        name_en=entry.en,
        zero=entry.zero,
        grades=entry.grades,
        indicator=entry.indicator,
        below_share_of_mean=entry.below_share_of_mean,
    )

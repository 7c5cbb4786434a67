"""Schemes of per-mu performance as data: who is scored by what, graded how, and low-yield when."""

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
from layers.errors import SchemeFileError, UnknownSchemeError
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
    """A scheme; ``grades`` are (grade, percent of the firms) from the best to the worst."""

    id: str
    name_zh: str
    name_en: str
    source: str
    note_zh: str
    note_en: str
    groups: Mapping[str, SchemeGroup]
    grades: tuple[tuple[str, float], ...]
    ungraded_as: str
    land_rules: tuple[LandRule, ...]


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
    weight: _Positive
    baseline: _Positive
    cap: _Positive | None
    missing: MissingRule


class _GroupFile(_Strict):
    indicators: dict[str, _IndicatorFile] = Field(min_length=1)


class _SchemeFile(_Strict):
    source: str
    note_zh: str
    note_en: str
    groups: dict[str, _GroupFile] = Field(min_length=1)
    grades: list[tuple[str, _Share]] = Field(min_length=1)
    ungraded_as: str

    @model_validator(mode="after")
    def _grades_fit(self) -> "_SchemeFile":
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
    """
    if wanted not in schemes:
        raise UnknownSchemeError(scheme=wanted[:80], known=sorted(schemes))
    return schemes[wanted]


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


def _scheme(name: str, entry: _SchemeFile, rules: tuple[LandRule, ...]) -> Scheme:
    groups = {
        group: SchemeGroup(
            id=group,
            name_zh=found.zh,
            name_en=found.en,
            indicators=tuple(_indicator(one, said) for one, said in found.indicators.items()),
        )
        for group, found in entry.groups.items()
    }
    return Scheme(
        id=name,
        name_zh=entry.zh,
        name_en=entry.en,
        source=entry.source,
        note_zh=entry.note_zh,
        note_en=entry.note_en,
        groups=groups,
        grades=tuple(entry.grades),
        ungraded_as=entry.ungraded_as,
        land_rules=rules,
    )


def _indicator(name: str, entry: _IndicatorFile) -> SchemeIndicator:
    scored = ScoredIndicator(
        id=name,
        weight=entry.weight,
        baseline=entry.baseline,
        cap=entry.cap,
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

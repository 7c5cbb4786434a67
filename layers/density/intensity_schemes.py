"""Schemes of the evaluation of zones: whose ideal values and weights hold, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layers.density.intensity import Evaluation, load_evaluation
from layers.errors import SchemeFileError, SchemeToFillError, UnknownSchemeError
from layers.yaml_text import load_yaml

_SHIPPED: Final = "intensity_data/schemes.yaml"

_Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Ideal = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class IdealsFile(BaseModel):
    """A scheme as it stands in a file; what is null is to be filled."""

    model_config = ConfigDict(extra="forbid")
    zh: str
    en: str
    source: str | None
    note_zh: str
    note_en: str
    goals: dict[str, _Weight | None] = Field(min_length=1)
    ideals: dict[str, dict[str, _Ideal | None]] = Field(min_length=1)


class _SchemesFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    schemes: dict[str, IdealsFile] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class IdealScheme:
    """Ideal values and weights with whose they are; ``to_fill`` are fields still empty."""

    id: str
    name_zh: str
    name_en: str
    source: str
    note_zh: str
    note_en: str
    evaluation: Evaluation
    to_fill: tuple[str, ...]


def load_ideal_schemes(folder: Path) -> Mapping[str, IdealScheme]:
    """Return the sample that ships, the sheet to be filled, and those of a folder, by id.

    Raises
    ------
    SchemeFileError
        A file is not YAML, or a field of it is not as it must be: an indicator, goal or
        profile that the evaluation does not know, or an ideal of zero that is to be reached.
    """
    shipped = load_evaluation()
    said = shipped.scheme
    found = {
        said["id"]: IdealScheme(
            id=said["id"], name_zh=said["zh"], name_en=said["en"], source=said["source"],
            note_zh=said["note_zh"], note_en=said["note_en"], evaluation=shipped, to_fill=(),
        )
    }  # fmt: skip
    own = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    for file in (files("layers.density").joinpath(_SHIPPED), *own):
        for name, entry in _read(file).schemes.items():
            found[name] = _scheme(file.name, name, entry, shipped)
    return found


def ideal_scheme(schemes: Mapping[str, IdealScheme], wanted: str) -> IdealScheme:
    """Return a scheme by its id.

    Raises
    ------
    UnknownSchemeError
        There is none with this id.
    SchemeToFillError
        Fields of it are not filled yet.
    """
    if wanted not in schemes:
        raise UnknownSchemeError(scheme=wanted[:80], known=sorted(schemes))
    found = schemes[wanted]
    if found.to_fill:
        raise SchemeToFillError(scheme=wanted, count=len(found.to_fill), fields=found.to_fill[:6])
    return found


def _read(entry: Traversable | Path) -> _SchemesFile:
    try:
        return _SchemesFile.model_validate(load_yaml(entry.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise SchemeFileError(file=entry.name, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "*"
        raise SchemeFileError(file=entry.name, field=where, problem=first["type"]) from exc


def _scheme(file: str, name: str, entry: IdealsFile, shipped: Evaluation) -> IdealScheme:
    _require_known(file, name, entry, shipped)
    goals = {
        key: replace(goal, weight=entry.goals.get(key) or 0.0)
        for key, goal in shipped.goals.items()
    }
    indicators = tuple(
        replace(one, ideal={
            profile: value
            for profile, value in entry.ideals.get(one.id, {}).items() if value is not None
        })
        for one in shipped.indicators
    )  # fmt: skip
    return IdealScheme(
        id=name,
        name_zh=entry.zh,
        name_en=entry.en,
        source=entry.source or "",
        note_zh=entry.note_zh,
        note_en=entry.note_en,
        evaluation=replace(shipped, indicators=indicators, goals=goals),
        to_fill=_unfilled(entry),
    )


def _require_known(file: str, name: str, entry: IdealsFile, shipped: Evaluation) -> None:
    def refuse(field: str, problem: str) -> SchemeFileError:
        return SchemeFileError(file=file, field=f"schemes.{name}.{field}", problem=problem)

    indicators = {one.id: one for one in shipped.indicators}
    for goal in entry.goals:
        if goal not in shipped.goals:
            raise refuse(f"goals.{goal}", "unknown_word")
    if not any(weight is None or weight > 0.0 for weight in entry.goals.values()):
        raise refuse("goals", "value")
    for key, ideals in entry.ideals.items():
        if key not in indicators:
            raise refuse(f"ideals.{key}", "unknown_indicator")
        for profile, value in ideals.items():
            if profile not in shipped.profiles:
                raise refuse(f"ideals.{key}.{profile}", "unknown_word")
            if value == 0.0 and indicators[key].better == "more":
                raise refuse(f"ideals.{key}.{profile}", "value")


def _unfilled(entry: IdealsFile) -> tuple[str, ...]:
    return (
        *(("source",) if entry.source is None else ()),
        *(f"goals.{goal}" for goal, weight in entry.goals.items() if weight is None),
        *(
            f"ideals.{key}.{profile}"
            for key, ideals in entry.ideals.items()
            for profile, value in ideals.items()
            if value is None
        ),
    )

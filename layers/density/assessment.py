"""By which rules the progress of a quarter is judged: a data file, or an office's own."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.density.progress import Step
from layers.errors import SchemeFileError
from layers.yaml_text import load_yaml

_NAME: Final = "assessment.yaml"
Judgement = Literal["reached", "on_time", "slightly_behind", "behind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Judgements from the best to the last; ``own`` where an office's own file says them."""

    steps: tuple[Step, ...]
    counts: frozenset[str]
    own: bool


class _StepFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: Judgement
    least: Annotated[float, Field(ge=0.0, le=2.0)]
    of_target: bool = False


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    judgements: Annotated[list[_StepFile], Field(min_length=2)]
    counts: list[str] = []


def load_assessment(folder: Path) -> Assessment:
    """Return the rules of a folder, else those that ship.

    Raises
    ------
    SchemeFileError
        The file is not YAML, or a field of it is not as it must be.
    """
    own = folder / _NAME
    found = own if own.is_file() else files("layers.density").joinpath(f"statistics_data/{_NAME}")
    try:
        content = _File.model_validate(load_yaml(found.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise SchemeFileError(file=_NAME, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SchemeFileError(file=_NAME, field=where, problem=first["type"]) from exc
    return Assessment(
        steps=tuple(Step(**one.model_dump()) for one in content.judgements),
        counts=frozenset(content.counts),
        own=own.is_file(),
    )

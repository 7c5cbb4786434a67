"""Which routes low-yield land may take: a data file, or an office's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import inf
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layers.errors import SchemeFileError
from layers.yaml_text import load_yaml

_NAME: Final = "routes.yaml"
_Mu = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRule:
    """A route is open where any of ``low_any`` holds and the land lies within the limits, in mu."""

    id: str
    name_zh: str
    name_en: str
    low_any: tuple[str, ...]
    least_mu: float
    most_mu: float

    def is_open(self, low: Sequence[str], land_mu: float) -> bool:
        """Tell whether a parcel may take it.

        Examples
        --------
        >>> said = {"id": "x", "name_zh": "", "name_en": "", "least_mu": 5.0, "most_mu": 9.0}
        >>> rule = RouteRule(low_any=("idle",), **said)
        >>> rule.is_open(["idle"], 9.0), rule.is_open(["low_tax"], 9.0), rule.is_open(["idle"], 4.9)
        (True, False, False)
        """
        return bool(set(low) & set(self.low_any)) and self.least_mu <= land_mu <= self.most_mu


class _RouteFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zh: str
    en: str
    low_any: Annotated[tuple[str, ...], Field(min_length=1)]
    least_mu: _Mu = 0.0
    most_mu: _Mu | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    routes: Annotated[dict[str, _RouteFile], Field(min_length=1)]


def load_routes(folder: Path) -> tuple[RouteRule, ...]:
    """Return the routes of a folder, else those that ship, the first to try first.

    Raises
    ------
    SchemeFileError
        The file is not YAML, or a field of it is not as it must be.
    """
    own = folder / _NAME
    found = own if own.is_file() else files("layers.density").joinpath(f"permu_data/{_NAME}")
    try:
        content = _File.model_validate(load_yaml(found.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise SchemeFileError(file=_NAME, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SchemeFileError(file=_NAME, field=where, problem=first["type"]) from exc
    return tuple(
        RouteRule(
            id=name,
            name_zh=one.zh,
            name_en=one.en,
            low_any=one.low_any,
            least_mu=one.least_mu,
            most_mu=inf if one.most_mu is None else one.most_mu,
        )
        for name, one in content.routes.items()
    )

"""How earthworks are computed, and what they cost, as data."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from layers.errors import RuleFileError
from layers.yaml_text import load_yaml

_TERMS: Final = "earthworks_data/terms.yaml"
_PRICES_FILE: Final = "prices.yaml"

Item = Literal["cut", "fill", "spoil", "borrow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarthworksTerms:
    """Draws, seed and fineness; see the file for what each is."""

    draws: int
    seed: int
    interval_pct: float
    length_pixels: float
    pixels_across: float
    cells: int
    most_parts: int
    most_pixels: int
    reach_m: float


@cache
def earthworks_terms() -> EarthworksTerms:
    """Return the terms that ship."""
    text = files("layers.expansion").joinpath(_TERMS).read_text(encoding="utf-8")
    return EarthworksTerms(**load_yaml(text))


_Cny = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class UnitPrice(BaseModel):
    """A range of CNY for a cubic metre."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    least: _Cny
    most: _Cny

    @model_validator(mode="after")
    def _rises(self) -> "UnitPrice":
        if self.least > self.most:
            raise ValueError("the least price is above the highest")
        return self


class Prices(BaseModel):
    """Unit prices by item, with where they are from."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: Annotated[str, Field(min_length=1, max_length=300)]
    cny_per_m3: dict[Item, UnitPrice]


def load_prices(folder: Path) -> Prices | None:
    """Return the prices of a data folder's ``earthworks/prices.yaml``; None without one.

    Raises
    ------
    RuleFileError
        The file is not YAML, or not as it should be.
    """
    file = folder / _PRICES_FILE
    if not file.is_file():
        return None
    try:
        return Prices.model_validate(load_yaml(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise RuleFileError(file=file.name, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "*"
        raise RuleFileError(file=file.name, field=where, problem=first["type"]) from exc

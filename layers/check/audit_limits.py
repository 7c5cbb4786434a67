"""When a layer's self-audit calls something a fault: a data file."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from layers.yaml_text import load_yaml

_Limit = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class AuditLimits(BaseModel):
    """Limits in square metres and metres, as ``review_data/audit.yaml`` explains them."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    overlap_least_m2: _Limit
    gap_most_m2: _Limit
    gap_most_width_m: _Limit
    cleft_most_width_m: _Limit
    cleft_least_m2: _Limit
    sliver_width_m: _Limit
    area_off_share: _Limit
    area_off_m2: _Limit
    most_listed: int
    lines: tuple[str, ...]
    area_fields: Mapping[str, tuple[str, ...]]


@cache
def audit_limits() -> AuditLimits:
    """Return the limits."""
    text = files("layers.check").joinpath("review_data/audit.yaml").read_text(encoding="utf-8")
    return AuditLimits.model_validate(load_yaml(text))

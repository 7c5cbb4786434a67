"""What may be made public: a policy as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from layers.model import Sensitivity
from layers.yaml_text import load_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What of a layer may be shown.

    ``least_displacement_m``: boundaries are generalised by at least this. ``attributes``
    names the only ones that may be shown.
    """

    publishable: bool
    least_displacement_m: float
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconstructionBound:
    """How near an attack on published lines may come to the survey, in shares of the displacement.

    ``fewest_corners``: with fewer no median can be measured, and only one set of lines may
    become public.
    """

    least_corner_share: float
    least_line_share: float
    most_found_share: float
    fewest_corners: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A proposal for a plan: kinds of layers with their displacement in metres.

    ``targets``: the newest targets and estimates beside the newest facts. ``about``: the kind
    without which the map would be about nothing.
    """

    id: str
    title_zh: str
    title_en: str
    kinds: Mapping[str, float]
    density: bool
    targets: bool
    about: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPolicy:
    """The whole policy; ``review_number`` is a pattern that a review number must match."""

    allowances: Mapping[Sensitivity, Allowance]
    review_number: str
    reconstruction: ReconstructionBound
    themes: Mapping[str, Theme]


@cache
def publish_policy() -> PublishPolicy:
    """Return the policy that ships."""
    text = files("layers.publish").joinpath("publish_data/policy.yaml").read_text(encoding="utf-8")
    content = load_yaml(text)
    return PublishPolicy(
        allowances=MappingProxyType(
            {Sensitivity(name): _allowance(row) for name, row in content["sensitivities"].items()}
        ),
        review_number=content["review_number"],
        reconstruction=ReconstructionBound(**content["reconstruction"]),
        themes=MappingProxyType(
            {name: _theme(name, row) for name, row in content["themes"].items()}
        ),
    )


def _allowance(row: Mapping[str, Any]) -> Allowance:
    return Allowance(
        publishable=row["publishable"],
        least_displacement_m=float(row["least_displacement_m"]),
        attributes=tuple(row["attributes"]),
    )


def _theme(name: str, row: Mapping[str, Any]) -> Theme:
    return Theme(
        id=name,
        title_zh=row["title"]["zh"],
        title_en=row["title"]["en"],
        kinds=MappingProxyType({kind: float(metres) for kind, metres in row["kinds"].items()}),
        density=row["density"],
        targets=row.get("targets", False),
        about=row.get("about"),
    )

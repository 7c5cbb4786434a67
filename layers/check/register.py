"""The register of what is environmentally sensitive: every member by name, as a data file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict

from layers.check.natures import DecisionSource
from layers.yaml_text import load_yaml


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: str
    en: str


class Member(BaseModel):
    """A member of the register.

    ``kind`` is the kind of layer that shows it, None where no kind does; ``rules`` those of its
    rules that make ground a member, empty for all. A zone says which cannot occur in its region.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    group: int
    zh: str
    en: str
    kind: str | None = None
    rules: tuple[str, ...] = ()

    def includes_rule(self, kind: str, rule_id: str) -> bool:
        """Tell whether a rule of a kind makes ground this member."""
        return kind == self.kind and (not self.rules or rule_id in self.rules)


class _RegisterFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    source: DecisionSource
    groups: dict[int, _Words]
    members: dict[str, Member]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The members by id, in the order of the catalogue, and the catalogue itself."""

    members: Mapping[str, Member]
    groups: Mapping[int, _Words]
    source: DecisionSource

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of layers that show any member."""
        return frozenset(one.kind for one in self.members.values() if one.kind)

    def names(self, kind: str, rule_id: str) -> bool:
        """Tell whether a rule of a kind makes ground a member."""
        return any(one.includes_rule(kind, rule_id) for one in self.members.values())


@cache
def load_register() -> Register:
    """Return the register of 建设项目环境影响评价分类管理名录 (2021), art. 3."""
    file = files("layers.check").joinpath("register_data", "sensitive.yaml")
    said = _RegisterFile.model_validate(load_yaml(file.read_text(encoding="utf-8")))
    return Register(
        members=MappingProxyType(said.members),
        groups=MappingProxyType(said.groups),
        source=said.source,
    )

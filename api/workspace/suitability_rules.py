"""The suitability rules that ship and a planner's own, by name."""

from typing import Final

from api.workspace.needs import RasterSource
from layers.errors import NotFoundError
from layers.expansion.suitability import SuitabilityRule, load_suitability

DEFAULT_RULE: Final = "urban_building"


class UnknownSuitabilityError(NotFoundError):
    """There is no such rule set of suitability. Params: ``rule``, ``known``."""

    code = "api.suitability.unknown_rule"


def suitability_rule(workspace: RasterSource, rule_id: str) -> SuitabilityRule:
    """Return a rule set of suitability, built-in or of the data folder.

    Raises
    ------
    UnknownSuitabilityError, RuleFileError
        There is none with this id, or a file is wrong.
    """
    rules = load_suitability(workspace.settings.data_dir / "suitability", workspace.kinds)
    if rule_id not in rules:
        raise UnknownSuitabilityError(rule=rule_id[:80], known=sorted(rules))
    return rules[rule_id]

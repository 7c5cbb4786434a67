"""The law of a day: rules in force, their kinds, and what follows from findings."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property

from layers.check.natures import Decisions
from layers.check.rules import ControlRule, rules_digest
from layers.provenance import canonical_json
from layers.store.catalogue import Kind


@dataclass(frozen=True, kw_only=True)
class Law:
    """What checks of a day are made under; its digests are computed once.

    ``kinds`` are those of the rules, one for each.
    """

    rules: tuple[ControlRule, ...]
    kinds: tuple[Kind, ...]
    decisions: Decisions

    @cached_property
    def rules_sha256(self) -> str:
        """The digest of the rules."""
        return rules_digest(self.rules)

    @cached_property
    def decisions_sha256(self) -> str:
        """The digest of the table of decisions."""
        return self.decisions.sha256()

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """The files of an evidence bundle that hold the law.

        They are kept with a check: rules may be other when it is to be proved.
        """
        return {
            "rules.json": canonical_json([asdict(rule) for rule in self.rules]),
            "kinds.json": canonical_json([kind.identity() for kind in self.kinds]),
            "decisions.json": self.decisions.to_json(),
        }

"""Answers of the watch over past checks: what comes out otherwise, and by what change."""

from pydantic import Field

from maps.answers import Answer, Title
from maps.check.batch_answers import Refusal


class FindingChange(Answer):
    """What one finding said, and what it would say now; null: there is no such finding."""

    site_id: str
    site_name: str | None
    kind: str
    kind_title: Title | None
    rule_id: str
    rule_name: Title | None
    layer_id: str | None
    layer_version_then: int | None
    layer_version_now: int | None
    verdict_then: str | None
    reviewed_then: str | None = Field(
        default=None, description="With a reviewer's own verdict; null where there was none."
    )
    verdict_now: str | None
    reasons_then: list[str]
    reasons_now: list[str]
    law_day: str | None = Field(description="Where the rule has ended: the day, ISO 8601.")
    outcome_then: str | None
    outcome_now: str | None
    overlap_then_m2: float | None
    overlap_now_m2: float | None
    difference_m2: float | None = Field(description="Now less then; null if one is not known.")
    causes: list[str] = Field(
        default=[],
        examples=[["rule_ended"], ["layer_replaced"]],
        description="What of the law, the layers or the software makes the difference.",
    )


class StaleCheck(Answer):
    """A past check beside what the same check says today."""

    check_id: str
    name: str
    checked_on: str
    state: str = Field(examples=["changed", "unaffected", "current", "undetermined"])
    causes: list[str] = Field(examples=[["layer_version"]])
    rerun: bool = Field(description="False where no change lies near enough to matter.")
    verdict_then: str
    reviewed_then: str | None = Field(
        default=None, description="With a reviewer's own verdict; null where there was none."
    )
    verdict_now: str | None
    changes: list[FindingChange]
    refusal: Refusal | None = None


class FieldChange(Answer):
    """One thing that a rule asks otherwise."""

    name: str = Field(examples=["width_m", "area_m2", "buffer_m", "relation", "where"])
    then: str | None
    now: str | None


class RuleChangeOut(Answer):
    """What became of one rule between past checks and the day, and what follows."""

    rule_id: str
    name: Title
    change: str = Field(examples=["rule_ended", "rule_replaced", "rule_new", "rule_threshold"])
    law_then: Title | None = Field(description="Law by which past checks were judged.")
    law_now: Title | None
    day: str | None = Field(
        description="Last day of the rule that ended or was replaced; first day of a new one."
    )
    fields: list[FieldChange]
    checks: int = Field(description="Past checks that were judged by the former law.")
    changed_checks: int
    changed_findings: int
    difference_m2: float | None = Field(
        description="Sum of the known differences of overlaps; null if findings change and none "
        "is known."
    )


class ChangeGroup(Answer):
    """Changes of one kind: the same rule, cause and verdicts."""

    kind_title: Title | None
    rule_id: str
    rule_name: Title | None
    causes: list[str]
    verdict_then: str | None
    reviewed_then: str | None = Field(
        default=None, description="With a reviewer's own verdict; null where there was none."
    )
    verdict_now: str | None
    what: str = Field(
        examples=["verdict", "more", "less", "outcome", "reasons"],
        description="What differs: the verdict or, that being the same, the overlap, the outcome "
        "or the reasons.",
    )
    findings: int
    checks: int
    difference_m2: float | None = Field(description="Sum; null where no difference is known.")


class StaleList(Answer):
    """All past checks, those whose result changes first."""

    today: str = Field(description="Day whose law and layers were applied, ISO 8601.")
    since: str | None
    law_alone: bool = Field(description="Whether the layers were those of each past check.")
    layers_alone: list[str] = Field(
        description="Layers that alone were those of the day; empty: all of them."
    )
    rules: list[RuleChangeOut]
    groups: list[ChangeGroup] = Field(description="Kinds of change, the most frequent first.")
    checks: list[StaleCheck]
    damaged: list[str] = Field(
        default=[], description="What cannot be read and is not in the list: run `doctor`."
    )

"""Answer of the doctor."""

from pydantic import Field

from maps.answers import Answer, Title
from maps.data.withdrawal_answers import WithdrawnVersion


class Ailment(Answer):
    """Something in the store that is not as it must be."""

    what: str = Field(examples=["layer", "lost", "check", "copy"])
    name: str = Field(examples=["red_line v2"])


class RuleEnd(Answer):
    """A rule that is not in force today, or ends within 90 days."""

    rule_id: str
    name: Title
    state: str = Field(examples=["rule_ended", "rule_not_yet_in_force", "rule_ends_soon"])
    day: str | None = Field(description="On which it ended, ends or begins, ISO 8601.")
    successor: str | None = Field(description="The edition that takes its place.")
    successor_name: Title | None = None


class Health(Answer):
    """Versions of the engines, where the data is, and what is wrong with it.

    ``rebuilt`` is how many rows of catalogues were written again.
    """

    software: dict[str, str]
    data_dir: str
    layer_count: int
    rebuilt: int
    findings: list[Ailment]
    laws: list[RuleEnd] = Field(description="Told beside: the store is sound all the same.")
    withdrawn: list[WithdrawnVersion] = Field(
        default=[], description="Told beside: what somebody withdrew is no damage."
    )
    incomplete: list[Ailment] = Field(
        default=[],
        description="Told beside: control layers that lost features when they were imported.",
    )
    audit_head: str | None = Field(
        default=None,
        description="How many entries the audit trail has, and the digest of the last: to be "
        "written down elsewhere and compared.",
    )
    sound: bool

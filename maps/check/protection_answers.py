"""Answers about the law itself: why places are protected, in plain words."""

from pydantic import Field

from maps.answers import Answer, Title
from maps.check.finding import Cited


class Protection(Answer):
    """What one rule protects, since when, by which article, what it allows, and who decides."""

    rule_id: str = Field(examples=["ecological_red_line"])
    edition: str | None = Field(description="Which of the rule's editions, where it has several.")
    kind: str = Field(examples=["ecological_red_line"])
    kind_title: Title
    name: Title
    where: dict[str, list[str]] = Field(
        description="Values of attributes of the features meant; empty where all are."
    )
    in_force: bool = Field(description="False where no edition is in force on the day.")
    valid_from: str | None = Field(description="First day of the edition, ISO 8601.")
    valid_to: str | None = Field(description="Last day of the edition, ISO 8601.")
    demands: Title
    why: Title | None = Field(description="What is protected, in plain words.")
    allowed: Title | None = Field(description="What is allowed, in plain words.")
    decides: Title | None = Field(description="Who decides, in plain words.")
    citation: Cited


class ProtectionList(Answer):
    """The rules of a day, the gravest kinds first."""

    on: str = Field(description="The day, ISO 8601.")
    protections: list[Protection]

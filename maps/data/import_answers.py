"""Answers of layers that come in: where they lie, and what was matched to their kind."""

from pydantic import Field

from maps.answers import Answer, Title


class CountyShareOut(Answer):
    """How much of a layer lies in a county; without code and name, outside of all of them."""

    code: str
    name: str
    share_pct: float = Field(description="By area; by length without areas, else by number.")


class ClassMatchOut(Answer):
    """A value of a field, and the rules in force that speak of the features that say it."""

    said: str
    meant: str | None = Field(description="The class as rules ask for it; null where none does.")
    count: int = Field(description="Features that say it.")
    rules: list[Title]


class FieldMatchOut(Answer):
    """In which field of a layer an attribute was found that rules read."""

    attribute: str
    field: str | None = Field(description="Null where no field holds it.")
    asked: bool = Field(description="Whether rules choose features by it.")
    others: list[str] = Field(description="Further fields that could be meant.")
    values: list[ClassMatchOut]

"""Answers of how a layer of a kind is prepared."""

from pydantic import Field

from maps.answers import Answer, Title


class GuideClass(Answer):
    """A class that rules ask for, and every spelling of it that is known."""

    rule: Title
    spellings: list[str]


class GuideAttribute(Answer):
    """What rules read from a feature, and the fields in which a layer may hold it."""

    name: str
    asked: bool = Field(description="Whether rules choose features by it.")
    fields: list[str]
    classes: list[GuideClass]


class GuideContact(Answer):
    """Up to which overlap a rule speaks of a technical contact, see ContactTolerance."""

    rule: Title
    width_m: float
    precision_factor: float
    area_m2: float


class ImportLimitsOut(Answer):
    """From where on an import is asked about."""

    count_factor: float
    area_factor: float
    least_inside_pct: float
    border_m: float


class KindGuide(Answer):
    """How a layer of a kind is prepared so that it comes in whole and is judged rightly."""

    kind: str
    title: Title
    geometries: list[str] = Field(examples=[["polygon"]])
    control: bool = Field(description="Whether sites are held against it.")
    attributes: list[GuideAttribute]
    contacts: list[GuideContact] = Field(description="By rule, its newest edition.")
    notes: list[Title]


class KindGuides(Answer):
    """The guides of one kind or of all, and the fields and limits that hold for every kind."""

    guides: list[KindGuide]
    id_fields: list[str]
    name_fields: list[str]
    county_fields: list[str] = Field(description="In which a feature may say its county.")
    limits: ImportLimitsOut

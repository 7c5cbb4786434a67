"""Answers about the intensity of land use in development zones, and of firms."""

from pydantic import Field

from maps.answers import Answer, Citation, LedgerOut, Title
from maps.density.answers import LineLeftOut, Qualifiers


class RateOut(Answer):
    """One rate or intensity of a zone."""

    id: str
    name: Title
    goal: str
    formula: str = Field(examples=["100 × (A + B21) / (A + B)"])
    value: float | None = Field(description="Null where a quantity is not known.")
    unit: str
    ideal: float | None
    realisation_pct: float | None
    missing: list[str] = Field(description="Quantities that are not known.")
    reason: str | None = Field(
        description="Why there is no value: missing, denominator, negative; or that the value is "
        "the one that the record states."
    )
    stated: float | None = Field(description="The value that the record itself states.")
    qualifiers: Qualifiers | None = Field(
        description="Of the figures that it follows from; null where there is no value."
    )


class GoalOut(Answer):
    """A goal with its score; ``judged_pct`` says how much of its weight is known."""

    id: str
    name: Title
    weight: float
    score: float | None
    judged_pct: float


class PotentialOut(Answer):
    """Land that could be had without expansion, in hectares; null where not known."""

    expand_ha: float | None = Field(description="Ready for supply and not supplied yet.")
    structure_ha: float | None = Field(description="Built land that could turn industrial.")
    intensity_ha: float | None = Field(description="Industrial land freed at the ideal intensity.")
    intensity_by: str | None = Field(description="The indicator that the intensity rests on.")
    management_ha: float | None = Field(description="Idle and expired land.")


class ZoneIntensity(Answer):
    """The evaluation of one development zone."""

    code: str | None
    name: str | None
    qualifiers: Qualifiers = Field(description="Of all figures of the zone: the weakest of each.")
    profile: str | None = Field(description="Whose ideal values hold; null if not known.")
    zone_type: str = Field(examples=["industrial", "mixed", "other", "unknown"])
    stated_type: str | None
    type_agrees: bool | None
    rates: list[RateOut]
    goals: list[GoalOut]
    score: float | None
    judged_pct: float = Field(description="Share of all weights that the score rests on.")
    potential: PotentialOut
    evaluated_ha: float | None
    drawn_ha: float | None = Field(description="Ellipsoidal area of the drawn boundary.")
    area_warned: bool | None = Field(description="Drawn and evaluated area differ too much.")
    texts: dict[str, str] = Field(description="What else the record says, by quantity.")
    quantities: dict[str, float | None] = Field(description="What the rates were computed of.")
    of_quantities: dict[str, Qualifiers] = Field(description="What qualifies each of them.")
    unread: list[list[str]] = Field(description="Fields whose value could not be taken, and why.")


class IdealsOut(Answer):
    """Whose ideal values and weights zones are held against."""

    id: str
    name: Title
    source: str
    note: Title
    to_fill: list[str] = Field(description="Fields of a sheet that are not filled yet.")


class IntensityReport(Answer):
    """The evaluation of all zones of a file."""

    source_name: str
    source_sha256: str
    qualifiers: Qualifiers = Field(description="Of all zones: the weakest of each.")
    citation: Citation
    scheme: IdealsOut
    zones: list[ZoneIntensity]
    unread: list[str] = Field(description="Headers that the evaluation does not know.")
    left_out: list[LineLeftOut] = Field(description="Rows that are no zone.")
    ledger: LedgerOut | None = Field(description="Of a layer: what became of its elements.")

"""Answers about suitability for building: of sites, and as a map."""

from pydantic import Field

from maps.answers import Answer, Basis, Citation, ReadReportOut, Title
from maps.data.raster_answers import RasterOut
from maps.expansion.ground_answers import RasterUsed, Share, SiteProblem


class MissingLine(Answer):
    """A hard layer that is not there, or says nothing on this day or of this place."""

    kind: str
    required: bool = Field(description="If true, ground without it is never called free.")
    reason: str = Field(examples=["layer_missing", "coverage_unknown"])


class Score(Answer):
    """Points of a site, 0 to 100: the mean of its ground, excluded ground counting 0."""

    points: float = Field(description="Of the ground that is judged, from the known factors.")
    least: float = Field(
        description="Whatever missing factors and ground turn out to be, the whole site not less."
    )
    most: float = Field(description="And not more.")
    judged_pct: float = Field(description="Share of the site that the points rest on.")


class FormChange(Answer):
    """What the form of a site did to the grades of its ground."""

    compactness: float | None = Field(
        description="Area over that of the smallest circle around; null: not known, no change."
    )
    effect: str = Field(examples=["sets", "adds", "none", "unknown"])
    grades: int = Field(
        description="Grade that is set, or grades that are added; 0 for the others."
    )
    only_grades: list[int] = Field(description="Grades it applies to; empty: all.")
    points_without: float | None = Field(description="Points before the change.")


class SiteSuitability(Answer):
    """How suitable one site is."""

    id: str
    name: Title | None
    area_ha: float
    width_m: float
    problem: SiteProblem | None
    raster: RasterUsed | None
    others: list[RasterUsed] = Field(description="Further rasters, where the first says nothing.")
    shares: list[Share] = Field(
        description="grade_1 to grade_5, excluded:<reason>, cannot_tell, unknown, outside."
    )
    score: Score | None = Field(description="Null where nothing of the site can be judged.")
    coarse: bool = Field(
        default=False,
        description="Pixels are wide for the site: the bounds of the score take each of them for "
        "the best around it and for one grade below the worst.",
    )
    form: FormChange | None = Field(
        description="Already in the shares and the score; null where the rule does not ask for it."
    )


class SuitabilityReport(Answer):
    """How suitable sites are, and what is not known."""

    rule: str
    title: Title
    basis: list[Basis]
    citations: dict[str, Citation]
    missing_factors: list[str] = Field(description="Never assumed: they widen the score's range.")
    missing_lines: list[MissingLine]
    sites: list[SiteSuitability]
    read_report: ReadReportOut | None


class SuitabilityMap(Answer):
    """A stored map of suitability, with its files."""

    rule: str
    title: Title
    raster: RasterOut
    basis: list[Basis]
    shares: list[Share]
    form_counted: bool = Field(description="False: the form of a site is its own, not the map's.")
    missing_factors: list[str]
    missing_lines: list[MissingLine]
    files: list[str]

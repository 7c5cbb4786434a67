"""Answers about the per-mu performance of firms, and about low-yield land."""

from pydantic import Field

from maps.answers import Answer, Basis, JsonObject, LedgerOut, Title
from maps.density.answers import LineLeftOut, Qualifiers
from maps.density.intensity_answers import IdealsOut


class SchemeOut(Answer):
    """A scheme by which firms are scored."""

    id: str
    name: Title
    source: str
    note: Title
    groups: list[str]
    to_fill: list[str] = Field(description="Fields of a sheet that are not filled yet.")


class SchemeList(Answer):
    """All schemes: of firms, and of the ideal values of zones."""

    schemes: list[SchemeOut]
    ideals: list[IdealsOut] = Field(description="By which zones can be evaluated.")


class ScoredOut(Answer):
    """An indicator of a group, with how it is scored and how firms report it."""

    id: str
    name: Title
    unit: str
    formula: str = Field(examples=["tax / land_mu"])
    weight: float
    baseline: float = Field(description="At this value the weight is earned.")
    cap: float | None = Field(description="Most points, as a multiple of the weight.")
    floor: float | None = Field(description="Fewest points, as a multiple of the weight.")
    missing_rule: str = Field(examples=["group_mean"])
    mean: float | None = Field(description="Mean over the firms of the group that report it.")
    mean_qualifiers: Qualifiers | None
    missing: int = Field(description="Firms that do not report it.")


class GradeOut(Answer):
    """Firms of a group with one grade."""

    grade: str | None = Field(description="Null: not graded.")
    quota_pct: float | None
    firms: int
    land_mu: float


class FirmGroupOut(Answer):
    """Firms that are ranked among themselves."""

    id: str
    name: Title
    firms: int
    scored: int
    ranked: int = Field(description="Scored and not on the ungraded list.")
    least_ranked: int = Field(description="With fewer of them the group is not graded.")
    indicators: list[ScoredOut]
    grades: list[GradeOut]


class FirmOut(Answer):
    """One firm: values, points, grade, and the low-yield rules that hold for its land."""

    line: int
    name: str
    group: str
    district: str | None
    parcels: list[str]
    land_mu: float
    land_method: str = Field(examples=["stated", "ellipsoidal"])
    drawn_mu: float | None = Field(description="Ellipsoidal area of its parcels.")
    quantities: dict[str, float] = Field(description="As reported, in the dictionary's units.")
    values: dict[str, float | None]
    points: dict[str, float | None]
    filled: list[str] = Field(description="Indicators for which a rule stands in.")
    total: float | None
    grade: str | None
    grade_by: str = Field(examples=["rank", "ungraded_list", "not_scored", "small_group"])
    qualifiers: Qualifiers = Field(
        description="Of all figures that its points follow from: the weakest of each."
    )
    low: list[str] = Field(description="Rules by which its land is low-yield or idle.")
    untold: list[str] = Field(description="Rules that cannot be told: a value is not reported.")


class LandRuleOut(Answer):
    """A rule of low-yield land, and how many firms it holds for."""

    id: str
    name: Title
    firms: int
    untold: int


class LowLand(Answer):
    """Low-yield land of a district, and what it would yield at the district's mean."""

    district: str | None = Field(description="Null: the firms name no district.")
    firms: int
    land_mu: float
    low_firms: int
    low_land_mu: float
    low_share_pct: float
    tax: float = Field(description="Of the firms that report it, in 万元.")
    low_tax: float
    taxed_mu: float = Field(description="Land of the firms that report their tax.")
    low_taxed_mu: float
    tax_per_mu: float | None = Field(description="Mean of the district: sum of tax over land.")
    low_tax_per_mu: float | None
    gain: float | None = Field(description="Tax gained if low-yield land reached the mean, 万元.")
    tax_per_mu_then: float | None = Field(description="Density that the district would reach.")
    unreported: int = Field(description="Firms without a reported tax; left out of the densities.")
    qualifiers: Qualifiers | None = Field(
        description="Of the taxes and land of its firms; null where nobody reports tax."
    )


class AreaDifference(Answer):
    """A firm whose stated land differs from its drawn parcels."""

    name: str
    stated_mu: float
    drawn_mu: float
    difference_pct: float


class ParcelLayer(Answer):
    """The layer that the parcels come from."""

    id: str
    version: int
    status: str


class PermuReport(Answer):
    """All firms of a file scored and graded, and their low-yield land."""

    scheme: SchemeOut
    source_name: str
    source_sha256: str | None
    qualifiers: Qualifiers = Field(description="Of what all firms report: the weakest of each.")
    times: list[Title] = Field(
        description="What times the figures of firms are of; several are ranked together."
    )
    parcel_layer: ParcelLayer | None
    basis: list[Basis]
    groups: list[FirmGroupOut]
    land_rules: list[LandRuleOut]
    low: list[LowLand] = Field(description="By district.")
    low_whole: LowLand = Field(description="All districts; each raised to its own mean.")
    firms: list[FirmOut] = Field(description="In the order of the file.")
    area_differences: list[AreaDifference]
    unread: list[str] = Field(description="Headers that the dictionary does not know.")
    left_out: list[LineLeftOut] = Field(description="Rows that are no firm.")
    ledger: LedgerOut | None = Field(description="Of a layer: what became of its elements.")
    missing_columns: list[str] = Field(description="Quantities that no firm reports.")
    features: JsonObject | None = Field(default=None, description="Parcels as GeoJSON, lon/lat.")

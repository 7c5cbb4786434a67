"""Answers about routes of low-yield land, and about promises of standard land."""

from pydantic import Field

from maps.answers import Answer, Basis, JsonObject, Title
from maps.density.answers import LineLeftOut, Qualifiers


class ParcelRoute(Answer):
    """What is decided of one firm's low-yield land."""

    line: int
    name: str
    district: str | None
    parcels: list[str]
    land_mu: float
    low: list[str] = Field(description="Rules by which it is low-yield.")
    open: list[str] = Field(description="Routes that it may take, the first to try first.")
    route: str | None = Field(description="The one that the budget pays for.")
    decision: str = Field(examples=["chosen", "over_budget", "no_price", "no_route", "cannot_tell"])
    cost: float = Field(description="In 万元.")
    freed_mu: float
    money: float = Field(description="That the freed land brings, in 万元.")
    qualifiers: Qualifiers


class RouteSum(Answer):
    """All parcels of one route."""

    route: str
    name: Title
    parcels: int
    open_parcels: int
    land_mu: float
    cost: float
    freed_mu: float
    money: float


class LowLandPlan(Answer):
    """Routes of all low-yield land under a budget."""

    budget: float = Field(description="In 万元.")
    aim: str = Field(examples=["land", "money"])
    parcels: list[ParcelRoute]
    sums: list[RouteSum]
    spent: float
    freed_mu: float
    money: float
    gain: float = Field(description="What was to be as much as possible: mu, or 万元.")
    most: float = Field(description="No choice within the budget frees more.")
    kept_firms: int = Field(description="Firms whose land is not low-yield: kept.")
    unpriced: list[Title] = Field(description="Routes without a price: not chosen.")
    source_name: str
    qualifiers: Qualifiers
    basis: list[Basis]
    features: JsonObject | None = Field(
        default=None,
        description="Drawn parcels as GeoJSON, lon/lat, with the lines of their firms.",
    )


class LedgerRow(Answer):
    """One promise of one parcel in one year."""

    parcel: str
    firm: str | None
    promise: str = Field(examples=["investment", "output", "tax", "energy"])
    year: int | None = Field(description="Null where no deadline is stated.")
    promised: float
    actual: float | None
    unit: str
    state: str = Field(examples=["kept", "breach", "no_figure", "not_due", "no_deadline"])
    shortfall_pct: float | None


class Expiry(Answer):
    """The end of a lease or of an elastic term."""

    parcel: str
    firm: str | None
    tenure: str | None
    ends_on: str
    days_left: int
    state: str = Field(examples=["expired", "soon", "later"])


class LandLedger(Answer):
    """Promises of standard land against yearly figures, and when terms end."""

    on: str
    warn_months: int
    parcels: int
    rows: list[LedgerRow]
    expiries: list[Expiry]
    counts: dict[str, int] = Field(description="Rows by state.")
    without_term: list[str] = Field(description="Parcels of which no end of the term is stated.")
    unknown_parcels: list[str] = Field(description="With yearly figures and without a promise.")
    left_out: list[LineLeftOut] = Field(
        description="Planned, estimated or of a part of a year, as the code says: not counted."
    )
    sums: list[LineLeftOut] = Field(description="Rows of both tables that add up others.")
    sources: list[str]

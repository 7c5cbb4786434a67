"""Answers about sites: what avoids the hard lines, where free ground is, which site is best."""

from pydantic import Field

from api.schemas import Answer, Basis, JsonObject, ReadReportOut, Title


class BriefFinding(Answer):
    """What one control layer says of a site, in short."""

    rule_id: str
    layer_id: str | None
    title: Title
    verdict: str = Field(examples=["conflict"])
    reasons: list[str]
    overlap_area_m2: float | None


class BriefCheck(Answer):
    """What the check says of one site; the whole of it is under its id."""

    check_id: str
    verdict: str = Field(examples=["clear"])
    hard_overlap_m2: float = Field(description="Ground on hard lines, over all of them.")
    findings: list[BriefFinding] = Field(description="All but the clear ones.")


class LostGround(Answer):
    """Ground of a site that goes to one line, each square metre once."""

    rule_id: str
    layer_id: str
    layer_version: int
    title: Title
    area_m2: float
    area_mu: float


class TrimOut(Answer):
    """The largest part of a site that keeps clear of the lines."""

    possible: bool
    why: str | None = Field(description="nothing_left, too_narrow, too_small; null if possible.")
    area_m2: float = Field(description="What stays, or would stay.")
    area_mu: float
    kept_pct: float
    width_m: float = Field(description="Diameter of the largest circle inside.")
    lost: list[LostGround]
    cut_off_m2: float = Field(description="Free ground that is too narrow, or lies apart.")
    check: BriefCheck | None
    geometry: JsonObject | None


class ShiftOut(Answer):
    """The smallest move of a whole site that clears the lines."""

    possible: bool
    why: str | None = Field(description="none_within_reach, too_small; null if possible.")
    area_m2: float
    distance_m: float | None
    bearing_deg: float | None = Field(description="From grid north, clockwise.")
    accuracy_m: float = Field(description="Outlines were simplified by this much for the search.")
    check: BriefCheck | None
    geometry: JsonObject | None


class AvoidedSite(Answer):
    """One site before and after."""

    site_id: str
    name: str | None
    area_m2: float
    area_mu: float
    margin_m: float
    before: BriefCheck
    trim: TrimOut
    shift: ShiftOut
    geometry: JsonObject


class AvoidanceReport(Answer):
    """Sites that keep clear of the hard lines of the day."""

    target_m2: float
    width_m: float
    reach_m: float
    terms_quality: str = Field(examples=["proposal"])
    terms_note: Title
    untold: list[str] = Field(description="Kinds of lines that no layer tells of.")
    sites: list[AvoidedSite]
    basis: list[Basis]
    read_report: ReadReportOut

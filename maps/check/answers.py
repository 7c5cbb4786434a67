"""Answers of checks."""

from typing import Final

from pydantic import Field, computed_field

from geo.model import Verdict
from layers.zones import shipped_zone
from maps.answers import Answer, Basis, JsonObject, LeftOutOut, ReadReportOut, Title, VersionStep
from maps.check.finding import DecisionSource, Finding, Override, Printed
from maps.check.headline import (
    Beside,
    LineVerdict,
    beside,
    beside_over_sites,
    line_over_sites,
    lines_of,
)
from maps.check.land_answers import LandUse
from maps.check.sensitive import (
    MemberState,
    UnexaminedKind,
    member_states,
    states_not_examined,
    states_over_sites,
)

AHEAD: Final = "ahead"
"""Among the parameters of a record: that its day had not come."""
_SHARED_GROUND: Final = frozenset({"site_repeated", "site_inside_site", "sites_overlap"})
"""Codes of what a reader says of sites that overlap each other."""


def _not_in_the_shipped_zone() -> dict[str, Title]:
    """Results from before zones were named are all of the zone that ships."""
    said = shipped_zone().profile.not_here
    return {name: Title(zh=one.zh, en=one.en) for name, one in said.items()}


class DrawnBoundary(Answer):
    """The boundary of a site as its file draws it, before anything was added to its edges."""

    crs: str = Field(description="Of the coordinates: an EPSG code, or well-known text.")
    geometry: JsonObject = Field(description="Polygon or MultiPolygon; no coordinate is rounded.")
    numbers: list[str] = Field(
        default=[],
        description="What the file calls its points, for each coordinate in turn, empty for one "
        "without a number; none at all where no point has one.",
    )


class SiteResult(Answer):
    """All findings of one site."""

    site_id: str
    name: str | None
    area_m2: float
    area_mu: float
    printed: Printed
    verdict: str
    reviewed_verdict: str | None = Field(
        default=None, description="With the reviewer's own verdicts; null where there are none."
    )
    outcome: str = Field(description="Gravest outcome for a project of the stated nature.")
    findings: list[Finding]
    not_here: dict[str, Title] = Field(
        default_factory=_not_in_the_shipped_zone,
        description="Members of the register that cannot occur in the region, with the reason.",
    )
    geometry: JsonObject | None = None
    boundary: DrawnBoundary | None = Field(
        default=None, description="Null of checks that were made before it was kept."
    )

    @computed_field(description="The three lines, each by itself.")  # type: ignore[prop-decorator]
    @property
    def lines(self) -> list[LineVerdict]:
        """What is said of each of the three lines."""
        return lines_of(self.findings)

    @computed_field(description="Conditions that apply.")  # type: ignore[prop-decorator]
    @property
    def conditions(self) -> list[Beside]:
        """What applies to the site without forbidding it."""
        return beside(self.findings, Verdict.CONDITIONAL)

    @computed_field(description="Technical contacts.")  # type: ignore[prop-decorator]
    @property
    def contacts(self) -> list[Beside]:
        """What the site touches within the precision of coordinates."""
        return beside(self.findings, Verdict.CONTACT)

    @computed_field(  # type: ignore[prop-decorator]
        description="Every member of the register of sensitive areas, by name."
    )
    @property
    def sensitive(self) -> list[MemberState]:
        """What is known of every member of the register of sensitive areas."""
        return member_states(self.findings, self.not_here)


class WithdrawnLayer(Answer):
    """A layer version that does not count any more."""

    layer_id: str
    version: int
    step: VersionStep


class CheckResult(Answer):
    """A check of one or more sites against all control layers."""

    id: str = Field(description="Digest of input, layer versions, rules and software.")
    verdict: str = Field(examples=["conflict", "contact", "clear", "undetermined"])
    reviewed_verdict: str | None = Field(
        default=None, description="With the reviewer's own verdicts; null where there are none."
    )
    nature: str | None = Field(description="Nature of the project; null if it was not stated.")
    checked_on: str = Field(description="Date whose law and layers were applied, ISO 8601.")
    basis: list[Basis]
    overrides: list[Override] = Field(default=[], description="All of them, oldest first.")
    withdrawn: list[WithdrawnLayer] = Field(
        default=[], description="Layer versions that it rests on and that were withdrawn since."
    )
    sites: list[SiteResult]
    land_use: LandUse | None = Field(
        default=None,
        description="Sites by class of land; null where no layer of the land survey counted.",
    )
    left_out: list[LeftOutOut] = Field(
        default=[],
        description="Sites of the input that were not judged; with any, the check as a whole "
        "cannot tell.",
    )
    not_examined: list[UnexaminedKind] = Field(
        default=[],
        description="Kinds beside the register of sensitive areas that have rules and no layer.",
    )
    read_report: ReadReportOut
    record: JsonObject = Field(description="What is needed to run the same check again.")

    @computed_field(  # type: ignore[prop-decorator]
        description="The three lines over all sites; empty where the answer carries no sites."
    )
    @property
    def lines(self) -> list[LineVerdict]:
        """What is said of each of the three lines over all sites."""
        columns = zip(*(site.lines for site in self.sites), strict=True)
        untold, overlapping = bool(self.left_out), self.are_overlapping
        return [line_over_sites(one, untold=untold, overlapping=overlapping) for one in columns]

    @property
    def are_overlapping(self) -> bool:
        """Whether sites share ground, so that sums over sites count some of it twice."""
        return any(one.code in _SHARED_GROUND for one in self.read_report.issues)

    @computed_field(  # type: ignore[prop-decorator]
        description="The zone that it was made for; null of checks from before zones were named."
    )
    @property
    def zone(self) -> Title | None:
        """The zone that the check was made for."""
        said = self.record.get("parameters", {}).get("zone")
        return Title.model_validate(said["name"]) if said else None

    @computed_field(  # type: ignore[prop-decorator]
        description="The day had not come when the check was made: its law may be another."
    )
    @property
    def ahead(self) -> bool:
        """Whether the day was still to come."""
        return AHEAD in self.record.get("parameters", {})

    @property
    def left_out_count(self) -> int:
        """Return how many elements of the input may be sites and were not judged."""
        return sum(one.count for one in self.left_out)

    @computed_field(description="Conditions that apply to any site.")  # type: ignore[prop-decorator]
    @property
    def conditions(self) -> list[Beside]:
        """What applies to any of the sites without forbidding it."""
        told = (one for site in self.sites for one in site.conditions)
        return beside_over_sites(told, overlapping=self.are_overlapping)

    @computed_field(description="Technical contacts of any site.")  # type: ignore[prop-decorator]
    @property
    def contacts(self) -> list[Beside]:
        """What any of the sites touches within the precision of coordinates."""
        told = (one for site in self.sites for one in site.contacts)
        return beside_over_sites(told, overlapping=self.are_overlapping)

    @computed_field(  # type: ignore[prop-decorator]
        description="Every member of the register of sensitive areas: the gravest of all sites. "
        "Then the kinds beside the register that were not examined."
    )
    @property
    def sensitive(self) -> list[MemberState]:
        """What is known of every member of the register, and what else was not examined."""
        sites = {site.site_id: site.sensitive for site in self.sites}
        return states_over_sites(sites) + states_not_examined(self.not_examined, sites)

    def without_geometry(self) -> "CheckResult":
        """Return the same result with every geometry left out."""
        sites = [
            site.model_copy(
                update={
                    "geometry": None,
                    "boundary": None,
                    "findings": [_without_geometry(finding) for finding in site.findings],
                }
            )
            for site in self.sites
        ]
        return self.model_copy(update={"sites": sites})


def _without_geometry(finding: Finding) -> Finding:
    parts = [part.model_copy(update={"geometry": None}) for part in finding.parts]
    return finding.model_copy(update={"parts": parts})


class ClaimUnit(Answer):
    """What the layers say of one planning unit with regard to the plan's claim."""

    unit_id: str
    name: Title
    verdict: str
    reason: str | None = Field(description="Why a unit was not judged.", examples=["no_limits"])
    members: list[MemberState] = Field(
        description="The certificate: every member of the register, then kinds examined beside it."
    )
    findings: list[Finding]


class ClaimCheck(Answer):
    """The plan's claim that the zone touches nothing sensitive, and what can be said of it."""

    claim: Title
    source: str
    holds: bool | None = Field(description="Null: it cannot be told.")
    verdict: str
    checked_on: str
    basis: list[Basis]
    units: list[ClaimUnit]
    missing: list[Title] = Field(
        default=[],
        description="Kinds of units of which no layer counts: of them nothing can be told.",
    )


class Need(Answer):
    """What follows for a nature where a site touches what a rule speaks of."""

    rule_id: str = Field(description="Key in `rules`.")
    outcome: str
    statement: str | None
    papers: list[str]
    source: str = Field(description="Key in `sources`: the clause from which it follows.")


class RegisterMember(Answer):
    """A member of the register of sensitive areas, and whether it can be examined here."""

    id: str
    group: int
    title: Title
    kind: str | None
    occurs: bool
    why: Title | None = Field(description="Why it cannot occur here.")
    layers: list[str] = Field(description="Ids of the layers by which it is examined today.")
    laws: list[DecisionSource] = Field(description="What protects it, by the rules in force.")


class RegisterList(Answer):
    """The register of sensitive areas."""

    source: DecisionSource
    members: list[RegisterMember]


class NatureOption(Answer):
    """A nature that a project can have, and what it needs."""

    id: str
    name: Title
    of: str | None = Field(description="The wider nature that it is one of.")
    asks: bool = Field(description="Must be said closer: by itself nothing follows from it.")
    needs: list[Need] = Field(description="By rule, the gravest first.")
    open: list[str] = Field(description="Rules of which nothing is decided: it cannot be told.")


class NatureList(Answer):
    """All natures of projects, with the law behind what they need."""

    natures: list[NatureOption]
    rules: dict[str, Title] = Field(description="The kind with its rule, in words.")
    sources: dict[str, DecisionSource]


class Difference(Answer):
    """One value that came out otherwise."""

    path: str = Field(examples=["sites[0].findings[2].overlap_area_m2"])
    recorded: object
    recomputed: object = Field(description="Null where there is none now.")

    @property
    def text(self) -> str:
        """Both values; a dash stands for none."""
        then, now = ("—" if one is None else one for one in (self.recorded, self.recomputed))
        return f"{self.path}: {then} → {now}"


class Verification(Answer):
    """What running a check again said."""

    same: bool
    check_id: str
    verdict: str
    reviewed_verdict: str | None = Field(
        default=None,
        description="With the reviewers' verdicts that the bundle carries; null without any.",
    )
    bundle_sha256: str
    result_sha256: str
    reviews: int = Field(description="How many reviewers' verdicts the bundle carries.")
    unproved: list[str] = Field(
        description="Not proved: `layers`, an old bundle shows no proof that its features belong "
        "to the versions and are all near the sites; `origin`, nothing was given that the bundle "
        "is held against; `zone`, what it says of a zone that does not ship: its bounds, its "
        "counties, and what cannot occur there; `reviews`, only the digest of the bundle binds "
        "reviewers' verdicts.",
    )
    differences: list[Difference]
    layers: dict[str, str] = Field(
        default={}, description="Digests of the layer versions that it rests on, by id@version."
    )
    withdrawn: list[WithdrawnLayer] = Field(
        default=[],
        description="Those that were withdrawn, as the evidence says and, where it is verified "
        "beside a store, as the store knows.",
    )

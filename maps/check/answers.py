"""Answers of checks."""

from pydantic import Field

from maps.answers import (
    Answer,
    Basis,
    JsonObject,
    LeftOutOut,
    ReadReportOut,
    Title,
    VersionStep,
)


class Printed(Answer):
    """An area as it is printed, in three units."""

    m2: float
    ha: float
    mu: float


class Part(Answer):
    """The share of a site that one control feature takes."""

    feature_id: str
    area_m2: float = Field(description="Ground counted once over all parts of the finding.")
    printed: Printed = Field(description="Parts add up to the rounded overlap.")
    shared_area_m2: float = Field(description="Ground that an earlier part already counts.")
    max_width_m: float = Field(description="Diameter of the largest circle inside the part.")
    average_width_m: float = Field(description="Twice the area over the perimeter.")
    attributes: dict[str, str] = Field(
        description="What the rule wants said of the feature.", examples=[{"class": "priority"}]
    )
    geometry: JsonObject | None = Field(default=None, description="GeoJSON, lon/lat.")


class DecisionOut(Answer):
    """What a finding means for a project of the stated nature."""

    outcome: str = Field(examples=["avoid", "approval", "nothing", "undetermined"])
    statement: str | None = Field(description="Which statement to print, as a code.")
    papers: list[str] = Field(examples=[["provincial_opinion"]])


class Sensitivity(Answer):
    """Overlap that would be left if pieces up to a width counted as contact."""

    tolerance_m: float
    overlap_area_m2: float


class Cited(Answer):
    """The law behind a rule; ``certainty`` says how its text was seen."""

    document_zh: str
    document_en: str
    number: str
    clause: str
    issued: str | None = Field(description="ISO 8601.")
    certainty: str
    note_zh: str
    note_en: str

    def document(self, lang: str) -> str:
        """Return the name of the law in a language."""
        return self.document_zh if lang == "zh" else self.document_en

    def note(self, lang: str) -> str:
        """Return what is said of the law, in a language."""
        return self.note_zh if lang == "zh" else self.note_en


class Finding(Answer):
    """What one control layer says of one site by one rule."""

    kind: str = Field(examples=["ecological_red_line"])
    kind_title: Title
    rule_id: str = Field(examples=["ecological_red_line"])
    rule_name: Title | None = Field(
        default=None, description="Name of the rule; null where its file has none."
    )
    layer_id: str | None = Field(
        default=None, description="Null where no layer of the kind is in the store."
    )
    layer_version: int | None = None
    layer_status: str | None = None
    title: Title
    demands: Title = Field(description="What the rule demands.")
    relation: str = Field(examples=["must_not_overlap", "must_be_inside", "imposes_conditions"])
    verdict: str = Field(examples=["conflict"])
    reasons: list[str] = Field(examples=[["overlap"]])
    law_day: str | None = Field(
        default=None,
        description="Where no edition of the rule is in force: the day on which it ended or "
        "begins, ISO 8601.",
    )
    buffer_m: float | None = Field(description="By how much features are grown to be judged.")
    overlap_area_m2: float | None = Field(
        default=None, description="Ground that decides: in the features, or outside a boundary."
    )
    overlap_area_mu: float | None = None
    share_pct: float | None = Field(default=None, description="Overlap as a share of the site.")
    overlap_interval_m2: tuple[float, float] | None = Field(
        default=None,
        description="Least and greatest overlap that both layers' precision allows; null where "
        "one of the two precisions is not known.",
    )
    spans_zero: bool | None = Field(
        default=None, description="Whether the precision leaves open if there is an overlap."
    )
    inside_area_m2: float | None = Field(
        default=None, description="Site in the features; with the outside it is the site."
    )
    outside_area_m2: float | None = None
    inside_printed: Printed | None = Field(
        default=None, description="With the outside it adds up to the printed site."
    )
    outside_printed: Printed | None = None
    sensitivity: list[Sensitivity] = Field(default=[])
    max_width_m: float | None = None
    nearest_m: float | None = Field(
        default=None, description="Geodesic distance to the nearest feature."
    )
    coverage_pct: float | None = Field(
        default=None, description="Share of the site that this layer speaks about."
    )
    kind_coverage_pct: float | None = Field(
        default=None,
        description="Share that all layers of the kind speak about together: it decides.",
    )
    tolerance_width_m: float | None = Field(
        default=None, description="Width up to which contact is technical."
    )
    citation: Cited
    decision: DecisionOut
    override: "Override | None" = Field(
        default=None, description="A reviewer's own verdict, beside what was computed."
    )
    parts: list[Part] = Field(default=[])


class Override(Answer):
    """What a reviewer holds against a computed verdict, and why; the original stays."""

    site_id: str
    rule_id: str
    layer_id: str | None
    verdict: str = Field(examples=["contact"])
    reason: str
    name: str = Field(description="Who takes responsibility.")
    at: str = Field(description="When it was recorded, ISO 8601.")


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
    geometry: JsonObject | None = None


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
    left_out: list[LeftOutOut] = Field(
        default=[],
        description="Sites of the input that were not judged; with any, the check as a whole "
        "cannot tell.",
    )
    read_report: ReadReportOut
    record: JsonObject = Field(description="What is needed to run the same check again.")

    def without_geometry(self) -> "CheckResult":
        """Return the same result with every geometry left out."""
        sites = [
            site.model_copy(
                update={
                    "geometry": None,
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


class NatureOption(Answer):
    """A nature that a project can have."""

    id: str
    name: Title


class NatureList(Answer):
    """All natures of projects."""

    natures: list[NatureOption]


class Difference(Answer):
    """One value that came out otherwise."""

    path: str = Field(examples=["sites[0].findings[2].overlap_area_m2"])
    recorded: object
    recomputed: object


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
        "is held against; `reviews`, only the digest of the bundle binds reviewers' verdicts.",
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

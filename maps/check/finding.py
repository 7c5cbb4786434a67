"""What one layer says of one site: a finding, and what a reviewer holds against it."""

from dataclasses import dataclass

from pydantic import Field

from geo.model import Verdict
from layers.check.natures import Outcome
from maps.answers import Answer, JsonObject, Title
from maps.i18n import tr
from maps.law_words import article_text


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


class DecisionSource(Answer):
    """Where what follows from a finding is from; ``certainty`` says how its text was seen."""

    document_zh: str
    document_en: str
    number: str | None
    clause: str | None
    certainty: str

    def text(self, lang: str) -> str:
        """Return document, number and clause, with how surely the text was seen."""
        document = self.document_zh if lang == "zh" else self.document_en
        articles = (article_text(one, lang) for one in (self.number, self.clause))
        said = " ".join(filter(None, dict.fromkeys((document, *articles))))
        return f"{said} ({tr(f'certainty.{self.certainty}', lang)})"


class DecisionOut(Answer):
    """What a finding means for a project of the stated nature."""

    outcome: str = Field(examples=["avoid", "approval", "nothing", "undetermined"])
    statement: str | None = Field(description="Which statement to print, as a code.")
    papers: list[str] = Field(examples=[["provincial_opinion"]])
    source: DecisionSource | None = Field(
        default=None, description="Null: the clause that the rule itself cites."
    )


class Sensitivity(Answer):
    """Overlap that would be left if pieces up to a width counted as contact."""

    tolerance_m: float
    overlap_area_m2: float


class Cited(Answer):
    """The law behind a rule; ``certainty`` says how its text was seen."""

    document_zh: str
    document_en: str
    number: str | None
    clause: str | None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The numbers of a finding that stand for something; None is a dash."""

    area_m2: float | None
    share_pct: float | None
    width_m: float | None


class UntoldLine(Answer):
    """A kind of hard lines of which nothing can be told, and why."""

    kind: str = Field(examples=["ecological_red_line"])
    title: Title
    reason: str = Field(examples=["rule_ended", "layer_missing", "layer_withdrawn"])
    law_day: str | None = Field(
        default=None, description="Where its rule is not in force: the day it ended, or begins."
    )


class Finding(Answer):
    """What one control layer says of one site by one rule."""

    kind: str = Field(examples=["ecological_red_line"])
    kind_title: Title
    covers_all_land: bool = Field(
        default=False,
        description="Every place lies in a feature of the kind: its conditions decide no verdict.",
    )
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

    @property
    def final_verdict(self) -> str:
        """The reviewer's verdict where there is one, else the computed one."""
        return self.override.verdict if self.override else self.verdict

    @property
    def told(self) -> Told:
        """The numbers to print: where nothing was found and nothing can be told, there are none.

        That a layer shows nothing on a part of a site, or speaks about none of it, is no zero for
        the site. How far its nearest feature is stays a fact.
        """
        numbers = (self.overlap_area_m2, self.share_pct, self.max_width_m)
        if self.verdict == Verdict.UNDETERMINED and not self.overlap_area_m2:
            numbers = (None, None, None)
        area_m2, share_pct, width_m = numbers
        return Told(area_m2=area_m2, share_pct=share_pct, width_m=width_m)

    @property
    def decided_by(self) -> DecisionSource | None:
        """What the decision is from: a clause of its own, or the rule's; None where undecided."""
        if self.decision.outcome == Outcome.UNDETERMINED:
            return None
        cited = self.citation
        return self.decision.source or DecisionSource(
            document_zh=cited.document_zh,
            document_en=cited.document_en,
            number=cited.number,
            clause=cited.clause,
            certainty=cited.certainty,
        )

    @property
    def rule(self) -> Title:
        """The name of the rule or, where its file gives it none, what it demands.

        Ids are no words: they stand in JSON and in data alone.
        """
        return self.rule_name or self.demands

    @property
    def named(self) -> Title:
        """What speaks, in words: the kind, with its rule where it has rules of other names."""
        kind, rule = self.kind_title, self.rule
        if self.rule_id == self.kind or rule == kind:
            return kind
        return Title(zh=f"{kind.zh} · {rule.zh}", en=f"{kind.en} · {rule.en}")


class Override(Answer):
    """What a reviewer holds against a computed verdict, and why; the original stays."""

    site_id: str
    rule_id: str
    layer_id: str | None
    verdict: str = Field(examples=["contact"])
    reason: str
    name: str = Field(description="Who takes responsibility.")
    at: str = Field(description="When it was recorded, ISO 8601.")

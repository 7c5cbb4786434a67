"""What the report of a check is made from, and words that all of its sections share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geo.check.verdict import gravity
from geo.model import GRAVITY, Verdict
from layers.check.natures import Outcome, load_natures
from maps.check.answers import CheckResult, SiteResult, WithdrawnLayer
from maps.check.finding import Finding, Printed
from maps.check.protection_answers import Protection
from maps.check.report.locations import Places
from maps.document.cells import Tag
from maps.document.model import Picture
from maps.i18n import tables, tr
from maps.numbers import columns_of, day_and_time

UNOFFICIAL: Final = ("demonstration", "indicative")
"""Status of layers that no verdict can rest on alone."""
M2_DECIMALS: Final = 2
HA_DECIMALS: Final = 4
MU_DECIMALS: Final = 3
_LABEL_COLUMNS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedLayer:
    """A layer version that a check used, as far as the store still knows it."""

    id: str
    version: int
    content_sha256: str
    title: str | None
    status: str | None
    data_date: str | None
    source: str | None
    precision_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePictures:
    """Maps of one site; ``enlarged`` are those of its findings, by their place.

    ``relation`` is None where there are more sites than a report shows maps of.
    """

    relation: Picture | None
    enlarged: Mapping[int, Picture]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMaterial:
    """An answer of a check, with reviewers' verdicts, and what the store adds to it.

    ``project`` and ``maker`` are what the person who prints wants on the front page.
    ``sites`` are in the order of the check's sites. ``digests`` are of its evidence and of the
    result in it, None where no evidence can be made. ``protections`` are the cards of the
    rules that any site does not simply keep clear of; ``places`` say where the sites lie.
    """

    check: CheckResult
    layers: tuple[UsedLayer, ...]
    location: Picture | None
    sites: tuple[SitePictures, ...]
    project: str | None = None
    maker: str | None = None
    digests: tuple[str, str] | None = None
    protections: tuple[Protection, ...] = ()
    places: Places | None = None


def say(key: str, lang: str, **params: object) -> str:
    """Return a text of the report."""
    return tr(f"report.{key}", lang, **params)


def verdict_tag(verdict: str, lang: str) -> Tag:
    """Return a verdict as a coloured word."""
    return Tag(text=tr(f"verdicts.{verdict}", lang), tone=verdict)


def reviewed_text(computed: str, reviewed: str | None, lang: str) -> str:
    """Return a computed verdict in words, and a reviewer's beside it where there is one."""
    said = tr(f"verdicts.{computed}", lang)
    if reviewed is None:
        return said
    other = tr(f"verdicts.{reviewed}", lang)
    return tr("cli.reviewed_verdict", lang, computed=said, reviewed=other)


def reviewed_tag(computed: str, reviewed: str | None, lang: str) -> Tag:
    """Return a computed verdict, and a reviewer's beside it where there is one."""
    return Tag(text=reviewed_text(computed, reviewed, lang), tone=reviewed or computed)


def finding_tag(finding: Finding, lang: str) -> Tag:
    """Return the verdict of a finding, and a reviewer's beside it where there is one."""
    own = finding.override
    return reviewed_tag(finding.verdict, own.verdict if own else None, lang)


def outcome_tag(outcome: str, lang: str) -> Tag:
    """Return an outcome as a coloured word."""
    return Tag(text=tr(f"outcomes.{outcome}", lang), tone=outcome)


def site_name(site: SiteResult, lang: str) -> str:
    """Return how a site is called where it is introduced: its whole name and its number."""
    number = say("site_number", lang, id=site.site_id)
    return say("site_named", lang, name=site.name, number=number) if site.name else number


def site_label(site: SiteResult, lang: str) -> str:
    """Return how a site is called in tables and captions: a long name is cut."""
    name = site.name
    return site_name(site.model_copy(update={"name": shorten_name(name)}) if name else site, lang)


def shorten_name(name: str) -> str:
    """Return a name that fits a cell of a table: at most twenty columns wide.

    Examples
    --------
    >>> shorten_name("磨憨—瑞丽跨境物流与先进制造产业园"), shorten_name("A-12")
    ('磨憨—瑞丽跨境物流与…', 'A-12')
    """
    if columns_of(name) <= _LABEL_COLUMNS:
        return name
    kept = ""
    for char in name:
        if columns_of(kept + char) > _LABEL_COLUMNS - 1:
            break
        kept += char
    return kept.rstrip() + "…"


def nature_name(nature: str | None, lang: str) -> str:
    """Return the nature of a project in words."""
    if nature is None:
        return say("nature_unstated", lang)
    found = load_natures()[nature]
    return found.name_zh if lang == "zh" else found.name_en


def nature_notice(nature: str | None, lang: str) -> str | None:
    """Return what is to be said of the project before anything can follow, None if nothing is."""
    if nature is None:
        return say("nature_notice", lang)
    parts = [one for one in load_natures().values() if one.of == nature]
    if not parts:
        return None
    names = "; ".join(f"{one.name_zh if lang == 'zh' else one.name_en} ({one.id})" for one in parts)
    return tr("beside.nature_asks", lang, nature=nature_name(nature, lang), names=names)


def reasons_text(finding: Finding, lang: str) -> str:
    """Return the reasons of a finding in words."""
    said = "; ".join(tr(f"reasons.{reason}", lang) for reason in finding.reasons)
    return f"{said} ({finding.law_day})" if finding.law_day else said


def finding_name(finding: Finding, lang: str) -> str:
    """Return the layer and the rule by name, or by what it demands where it has no name."""
    title = finding.title.text(lang)
    return title if finding.rule_id == finding.kind else f"{title} · {finding.rule.text(lang)}"


ENLARGED: Final = tuple(one for one in GRAVITY if one not in (Verdict.CONDITIONAL, Verdict.CLEAR))
"""Verdicts whose parts are drawn large, the gravest first."""


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by their verdict, those of one verdict in the order of kinds and rules."""
    return sorted(findings, key=lambda one: gravity(one.final_verdict))


def asking(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings from which anything follows."""
    return [one for one in findings if one.decision.outcome != Outcome.NOTHING]


def nothing_asked(findings: Sequence[Finding], lang: str) -> str:
    """Return once for all findings of a site that ask for nothing that they do; or nothing."""
    names = [finding_name(one, lang) for one in findings if one not in asking(findings)]
    outcome = tr(f"outcomes.{Outcome.NOTHING}", lang)
    said = {"outcome": outcome, "count": len(names), "names": "; ".join(names)}
    return tr("beside.nothing_asked", lang, **said) if names else ""


class LineNames:
    """How findings are called: by their layer, with the rule where a kind has several."""

    def __init__(self, check: CheckResult, lang: str) -> None:
        self._lang = lang
        rules: dict[str, set[str]] = {}
        layers: dict[str, set[str | None]] = {}
        for _, finding in findings_of(check):
            rules.setdefault(finding.kind, set()).add(finding.rule_id)
            layers.setdefault(finding.rule_id, set()).add(finding.layer_id)
        self._several = frozenset(kind for kind, found in rules.items() if len(found) > 1)
        self._shared = frozenset(rule for rule, found in layers.items() if len(found) > 1)

    def of(self, finding: Finding) -> str:
        """Return the name of a finding."""
        if finding.kind in self._several:
            return finding_name(finding, self._lang)
        return finding.title.text(self._lang)

    def short(self, finding: Finding) -> str:
        """Return the name of a finding's rule, with its layer only where several have it."""
        if finding.rule_id in self._shared:
            return self.of(finding)
        own = finding.kind_title if finding.rule_id == finding.kind else finding.rule
        return own.text(self._lang)

    def marked(self, finding: Finding) -> str:
        """Return the short name, with the status of a layer that is not official."""
        name = self.short(finding)
        if finding.layer_status not in UNOFFICIAL or finding.rule_id in self._shared:
            return name
        mark = tr(f"statuses.{finding.layer_status}", self._lang)
        return say("marked_name", self._lang, name=name, mark=mark)


def word(table: str, key: str, lang: str) -> str:
    """Return a word of a table, or the key itself: layers bring words of their own."""
    return tables(lang).get(table, {}).get(key, key)


def findings_of(check: CheckResult) -> Iterator[tuple[SiteResult, Finding]]:
    """Return every finding with its site."""
    for site in check.sites:
        for finding in site.findings:
            yield site, finding


def printed_total(sites: Sequence[SiteResult]) -> Printed:
    """Return what the printed areas of sites add up to: each plot stands for itself."""
    m2, ha, mu = (
        totals([[getattr(site.printed, unit) for site in sites]])[0] for unit in ("m2", "ha", "mu")
    )
    return Printed(m2=m2, ha=ha, mu=mu)


def totals(columns: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Return the sums of printed columns, free of the noise of binary fractions."""
    return tuple(round(sum(column), MU_DECIMALS + 1) for column in columns)


def withdrawn_text(one: WithdrawnLayer, lang: str) -> str:
    """Return by whom, when and why a layer version was withdrawn."""
    said = one.step.model_dump(include={"name", "reason"}) | {"at": day_and_time(one.step.at)}
    return tr("withdrawals.rests_on", lang, id=one.layer_id, version=one.version, **said)

"""The three lines each by itself, and what is told beside a verdict: conditions and contacts."""

from collections.abc import Iterable, Sequence

from pydantic import Field

from geo.check.verdict import gravity
from geo.model import Verdict, worst_verdict
from layers.check.audit_limits import audit_limits
from layers.store.catalogue import load_kinds
from maps.answers import Answer, Title
from maps.check.finding import Finding


class LineVerdict(Answer):
    """What is said of one of the three lines, by itself."""

    kind: str = Field(examples=["permanent_basic_farmland"])
    title: Title
    verdict: str = Field(description="`undetermined` where nothing was said of the line.")
    reviewed_verdict: str | None = None
    overlap_area_m2: float | None = Field(
        description="Of the layer that decides: in the line, or outside of a boundary."
    )
    sites: int = Field(default=1, description="How many sites have this verdict.")
    counted_twice: bool = Field(
        default=False, description="Sites overlap each other: the area counts some ground twice."
    )


class Beside(Answer):
    """What is told beside a verdict and never hidden by it: conditions, or contacts."""

    rule_id: str
    name: Title
    covers_all_land: bool
    overlap_area_m2: float | None
    sites: int = 1
    counted_twice: bool = False


def lines_of(findings: Sequence[Finding]) -> list[LineVerdict]:
    """Return what is said of each of the three lines by a site's findings."""
    return [_line_of(kind, findings) for kind in audit_limits().lines]


def _line_of(kind: str, findings: Sequence[Finding]) -> LineVerdict:
    own = [one for one in findings if one.kind == kind]
    own.sort(key=lambda one: (gravity(one.verdict), -(one.overlap_area_m2 or 0.0)))
    known = load_kinds()[kind]
    reviewed = any(one.override for one in own)
    return LineVerdict(
        kind=kind,
        title=own[0].kind_title if own else Title(zh=known.title_zh, en=known.title_en),
        verdict=worst_verdict(Verdict(one.verdict) for one in own),
        reviewed_verdict=worst_verdict(Verdict(one.final_verdict) for one in own)
        if reviewed
        else None,
        overlap_area_m2=own[0].overlap_area_m2 if own else None,
    )


def line_over_sites(
    lines: Sequence[LineVerdict], *, untold: bool, overlapping: bool = False
) -> LineVerdict:
    """Return one line over sites.

    ``untold``: of some of the input nothing is known; ``overlapping``: sites share ground.
    """
    open_ = [Verdict.UNDETERMINED] * untold
    reviewed = any(one.reviewed_verdict for one in lines)
    final = (Verdict(one.reviewed_verdict or one.verdict) for one in lines)
    verdict = worst_verdict([*(Verdict(one.verdict) for one in lines), *open_])
    return LineVerdict(
        kind=lines[0].kind,
        title=lines[0].title,
        verdict=verdict,
        reviewed_verdict=worst_verdict([*final, *open_]) if reviewed else None,
        overlap_area_m2=_sum_m2(one.overlap_area_m2 for one in lines),
        sites=sum(one.verdict == verdict for one in lines),
        counted_twice=overlapping and _is_sum(lines),
    )


def beside(findings: Iterable[Finding], verdict: Verdict) -> list[Beside]:
    """Return the findings of one verdict, reviewers' ones applied, as they are told in short."""
    return [
        Beside(
            rule_id=one.rule_id,
            name=one.named,
            covers_all_land=one.covers_all_land,
            overlap_area_m2=one.overlap_area_m2,
        )
        for one in findings
        if one.final_verdict == verdict
    ]


def beside_over_sites(told: Iterable[Beside], *, overlapping: bool = False) -> list[Beside]:
    """Return what is told of sites rule by rule, with areas in m2 added up.

    ``overlapping``: sites share ground.
    """
    by_rule: dict[str, list[Beside]] = {}
    for one in told:
        by_rule.setdefault(one.rule_id, []).append(one)
    return [
        rows[0].model_copy(
            update={
                "overlap_area_m2": _sum_m2(one.overlap_area_m2 for one in rows),
                "sites": len(rows),
                "counted_twice": overlapping and _is_sum(rows),
            }
        )
        for rows in by_rule.values()
    ]


def _is_sum(told: Iterable[LineVerdict | Beside]) -> bool:
    """Return whether more than one site has a part in the area."""
    return sum(bool(one.overlap_area_m2) for one in told) > 1


def _sum_m2(areas_m2: Iterable[float | None]) -> float | None:
    known = [area for area in areas_m2 if area is not None]
    return sum(known) if known else None

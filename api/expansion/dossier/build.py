"""Put a dossier together: the check, what it is compared with, ground, access and earthworks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol, TypeAlias

from api.check.report.build import (
    ReportWish,
    print_report,
    report_material,
    wished_template,
)
from api.check.sites import Asked, check_and_keep
from api.expansion.avoid import brief_check
from api.expansion.dossier.alternatives import Alternatives, find_alternatives, named_shapes
from api.expansion.dossier.neighbours import find_sides
from api.expansion.earthworks.report import earthworks_report
from api.expansion.ground_maps import slope_maps, suitability_maps
from api.expansion.questions import (
    AccessQuestion,
    DossierQuestion,
    EarthworksQuestion,
    LevellingTerms,
    RankQuery,
)
from api.expansion.rank import rank_sites
from api.expansion.ranking_map import sites_map
from api.expansion.suitability import suitability_report
from api.expansion.terrain import query_of_file, terrain_report
from api.expansion.travel.access import access_report
from api.upload import Upload
from api.workspace.needs import ReportNeeds, SiteNeeds
from geo.errors import PlanningError
from layers.check.site_limits import leave_out_unjudgeable
from layers.model import Progress, ReadOptions, SiteFrame
from layers.readers import Source
from layers.readers.made import make_sites
from maps.answers import Answer
from maps.check.report.report import check_report
from maps.document.model import Document, Paragraph
from maps.document.reading import ledger_blocks
from maps.expansion.access_document import access_document
from maps.expansion.answers import BriefCheck, RankingReport
from maps.expansion.dossier_document import Part, dossier_document
from maps.expansion.earthworks_document import earthworks_document
from maps.expansion.ground_document import suitability_document, terrain_document
from maps.expansion.ranking_document import ranking_document
from maps.i18n import tr
from maps.refusals import refusal_text

Made: TypeAlias = tuple[Answer, Document]
"""What a chapter found, and the chapter."""

_STEPS: Final = 7
_COMPARED_BY: Final = tuple(sorted(RankQuery.model_fields.keys() & DossierQuestion.model_fields))
"""What the comparison is asked as the dossier is."""


class DossierNeeds(ReportNeeds, SiteNeeds, Protocol):
    """Nearly everything that is known of sites."""


def build_dossier(
    workspace: DossierNeeds, asked: DossierQuestion, wish: ReportWish, progress: Progress
) -> bytes:
    """Return the dossier of the sites of a file in the form that is wished.

    What cannot be computed is a chapter that says why; the check must be possible.

    Raises
    ------
    PlanningError
        The sites cannot be read or judged, or a choice that the question makes is none.
    """
    template = wished_template(workspace, wish)
    source = asked.file.source(workspace.limits)
    progress(0, _STEPS, "check")
    read = workspace.read_sites(source, asked.options)
    frame = leave_out_unjudgeable(read, workspace.site_limits)
    checked = check_and_keep(
        workspace, source, frame, Asked(options=asked.options, nature=asked.nature)
    )
    progress(1, _STEPS, "search")
    others = find_alternatives(workspace, frame.sites, asked)
    source_of_all = _compared(workspace, frame, others)
    own = dict(zip(named_shapes(frame.sites), checked.sites, strict=True))
    briefs = {name: brief_check(checked.id, site) for name, site in own.items()}
    if others.checked is not None:
        briefs |= {name: brief_check(others.checked.id, one) for name, one in others.sites.items()}
    parts = _parts(workspace, source_of_all, briefs, asked, wish.lang, progress)
    material = report_material(workspace, checked, wish)
    document = dossier_document(
        check_report(material, wish.lang),
        find_sides(workspace, frame.sites),
        parts,
        _notes(others, asked, wish.lang),
        wish.lang,
    )
    return print_report(template, material, document, wish)


def _compared(workspace: DossierNeeds, frame: SiteFrame, others: Alternatives) -> Source:
    """Return all sites of a dossier in one file, to be read as any other."""
    source, _ = make_sites(
        {**named_shapes(frame.sites), **others.shapes},
        "compared",
        counties=workspace.counties,
        limits=workspace.limits,
    )
    return source


def _parts(
    workspace: DossierNeeds,
    source: Source,
    briefs: Mapping[str, BriefCheck],
    asked: DossierQuestion,
    lang: str,
    progress: Progress,
) -> Mapping[str, Part]:
    read = ReadOptions()
    upload = Upload(name=source.name, files=dict(source.files))

    def alternatives() -> Made:
        query = RankQuery(
            geometry=True,
            **{name: getattr(asked, name) for name in _COMPARED_BY},
        )
        report = _as_checked(rank_sites(workspace, source, read, query), briefs)
        return report, ranking_document(report, lang, sites_map(workspace, report, lang))

    def ground() -> Made:
        query = query_of_file(workspace, source, read, None)
        report = terrain_report(workspace, query, progress)
        return report, terrain_document(report, lang, slope_maps(workspace, query, lang))

    def suitability() -> Made:
        query = query_of_file(workspace, source, read, None)
        report = suitability_report(workspace, query, progress)
        return report, suitability_document(report, lang, suitability_maps(workspace, query, lang))

    def access() -> Made:
        query = AccessQuestion(file=upload, places=asked.places)
        report = access_report(workspace, source, read, query, progress)
        return report, access_document(report, lang)

    def earthworks(swell: float) -> Made:
        terms = {name: getattr(asked, name) for name in LevellingTerms.model_fields}
        query = EarthworksQuestion(file=upload, swell=swell, **terms)
        report = earthworks_report(workspace, source, read, query, progress)
        return report, earthworks_document(report, lang)

    makers: dict[str, Callable[[], Made]] = {
        "alternatives": alternatives,
        "ground": ground,
        "suitability": suitability,
        "access": access,
    }
    found = {}
    for at, (name, make) in enumerate(makers.items(), start=2):
        progress(at, _STEPS, name)
        found[name] = _part(make, lang)
    found["earthworks"] = Part(document=None, problem=tr("dossier.no_swell", lang))
    if (swell := asked.swell) is not None:
        found["earthworks"] = _part(lambda: earthworks(swell), lang)
    return found


def _part(make: Callable[[], Made], lang: str) -> Part:
    try:
        answer, document = make()
        return Part(document=document, answer=answer)
    except PlanningError as exc:
        return Part(document=None, problem=refusal_text(exc.code, exc.params, lang))


def _as_checked(report: RankingReport, briefs: Mapping[str, BriefCheck]) -> RankingReport:
    """Return a comparison in which sites have the verdict of the file as it was handed in.

    What contradicts its own statements is never clear, and made anew it states nothing.
    """
    sites = [
        one.model_copy(update={"check": briefs.get(one.site_id, one.check)}) for one in report.sites
    ]
    return report.model_copy(update={"sites": sites})


def _notes(others: Alternatives, asked: DossierQuestion, lang: str) -> Sequence[str]:
    notes = [tr(f"dossier.how_{others.how}", lang)]
    if others.checked is not None:
        ledger = others.checked.read_report.ledger
        notes += [one.text for one in ledger_blocks(ledger, lang) if isinstance(one, Paragraph)]
    if asked.indicator is None:
        notes.append(tr("dossier.no_density", lang))
    return notes

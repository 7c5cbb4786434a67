"""The report of a kept check, in the form that a person asks for."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.check.override import reviewed_check
from api.check.proof.evidence import FORM, RESULT, evidence_files
from api.check.protections import protections_of
from api.check.questions import PastCheck
from api.check.report.maps import report_maps
from api.check.report.places import find_places
from api.check.report.templates import read_template
from api.operation import Call, Question, resolve
from api.workspace.file_forms import FileForms
from api.workspace.needs import CheckSource, LawSource, LayerSource, ReportNeeds
from geo.errors import PlanningError
from geo.model import Verdict
from layers.provenance import digest
from layers.store.bundle import pack
from maps.check.answers import CheckResult
from maps.check.protection_answers import Protection
from maps.check.report.fields import report_fields
from maps.check.report.material import CheckMaterial, UsedLayer
from maps.check.report.report import CHAPTERS, check_report
from maps.document.model import Document

FORMS: Final[Mapping[str, str]] = {
    "docx": "maps.document.word:docx_of",
    "pdf": "maps.document.pdf:pdf_of",
    "html": "maps.document.web:html_of",
    "xlsx": "maps.document.book:xlsx_of",
}
"""Who prints each form; imported when asked for: a report in one form needs no other."""

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWish:
    """How a report is wanted: its form, its language, and what stands on the front page.

    ``template`` is the name of an office's own, see :mod:`api.check.report.templates`.
    """

    form: str
    lang: str
    project: str | None = None
    maker: str | None = None
    template: str | None = None


def report_forms(call: Call, _: Question) -> FileForms:
    """Return how a check that is still to be made becomes a report."""

    def writer(form: str) -> Callable[[CheckResult, str], bytes]:
        return lambda answer, lang: build_report(
            call.workspace, answer.id, ReportWish(form=form, lang=lang)
        )

    return FileForms(stem="report", writers={form: writer(form) for form in FORMS})


def require_report(call: Call, asked: PastCheck) -> None:
    """Refuse a report of no check, before its task begins.

    Raises
    ------
    UnknownCheckError
        There is no such check.
    """
    call.workspace.archive.get(asked.check_id)


def build_report(workspace: ReportNeeds, check_id: str, wish: ReportWish) -> bytes:
    """Return the report of a kept check; the same check and wish give the same bytes.

    Raises
    ------
    UnknownCheckError
        There is no such check.
    TemplateFormError, UnknownTemplateError, BrokenTemplateError, UnknownFieldError, \
ChapterPlaceError
        The template cannot be used.
    """
    template = wished_template(workspace, wish)
    material = report_material(workspace, reviewed_check(workspace, check_id), wish)
    return print_report(template, material, check_report(material, wish.lang), wish)


def wished_template(workspace: ReportNeeds, wish: ReportWish) -> bytes | None:
    """Return the template of a report before any work on it is done; None without one.

    Raises
    ------
    TemplateFormError, UnknownTemplateError
        There is no such template, or none for the form.
    """
    return read_template(workspace.settings.templates_dir, wish.template, wish.form)


def print_report(
    template: bytes | None, material: CheckMaterial, report: Document, wish: ReportWish
) -> bytes:
    """Return a report, or what was made of one, in its form or in an office's template.

    Raises
    ------
    BrokenTemplateError, UnknownFieldError, ChapterPlaceError
        The template cannot be used.
    """
    if template is None or wish.template is None:
        printed: bytes = resolve(FORMS[wish.form])(report)
        return printed
    fill_template = resolve("maps.document.office:fill_template")
    filled: bytes = fill_template(
        wish.template,
        template,
        report_fields(material, report, wish.lang),
        report,
        chosen=CHAPTERS.keys(),
    )
    return filled


def report_material(workspace: CheckSource, result: CheckResult, wish: ReportWish) -> CheckMaterial:
    """Return everything that a report of a check prints."""
    evidence = _evidence(workspace, result.id)
    with ThreadPoolExecutor(max_workers=1) as beside:
        # Packing lets go of the interpreter.
        digests = beside.submit(_digests, evidence) if evidence else None
        location, sites = report_maps(workspace, result, wish.lang)
    return CheckMaterial(
        check=result,
        layers=tuple(
            _used_layer(workspace, name, content, wish.lang)
            for name, content in sorted(result.record["layers"].items())
        ),
        location=location,
        sites=sites,
        project=_short(wish.project),
        maker=_short(wish.maker),
        digests=digests.result() if digests else None,
        protections=_protections(workspace, result),
        places=find_places(workspace, result, wish.lang),
    )


def _protections(workspace: LawSource, result: CheckResult) -> tuple[Protection, ...]:
    """Return the cards of the rules that any site meets, by the law of the check's day.

    Of a line that nothing can be told of, and nothing was found, the law stands among the rules.
    """
    findings = (finding for site in result.sites for finding in site.findings)
    met = {one.rule_id for one in findings if one.verdict != Verdict.CLEAR and one.told.area_m2}
    return protections_of(workspace.as_of(date.fromisoformat(result.checked_on)), met)


def _evidence(workspace: CheckSource, check_id: str) -> dict[str, bytes] | None:
    """Return the files of the evidence of a check, None where there can be none."""
    try:
        return evidence_files(workspace, check_id)
    except PlanningError:
        return None


def _digests(evidence: Mapping[str, bytes]) -> tuple[str, str]:
    """Return the digests of the evidence and of its result."""
    return digest(pack(evidence, FORM)), digest(evidence[RESULT])


def _used_layer(workspace: LayerSource, name: str, content: str, lang: str) -> UsedLayer:
    """Return what the store still knows of a layer version; the check itself knows its digest."""
    layer_id, _, number = name.rpartition("@")
    try:
        spec = workspace.store.get(layer_id, int(number)).spec
    except PlanningError:
        spec = None
    return UsedLayer(
        id=layer_id,
        version=int(number),
        content_sha256=content,
        title=(spec.title_zh if lang == "zh" else spec.title_en) if spec else None,
        status=spec.status if spec else None,
        data_date=spec.data_date.isoformat() if spec and spec.data_date else None,
        source=spec.source if spec else None,
        precision_m=spec.precision_m if spec else None,
    )


def _short(text: str | None) -> str | None:
    return text.strip()[:_LONGEST] or None if text else None

"""Sheets on the ground of sites, in the form that a person asks for."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from api.check.report import UnknownFormError
from api.expansion.ground_maps import slope_maps, suitability_maps
from api.expansion.suitability import suitability_report
from api.expansion.terrain import TerrainQuery, terrain_report
from api.workspace.output import write_whole
from api.workspace.workspace import Workspace
from maps.answers import Written
from maps.document.model import Report
from maps.document.onepage import sheet_pdf
from maps.document.web import html_of
from maps.document.word import docx_of
from maps.expansion.ground_sheet import suitability_sheet, terrain_sheet

FORMS: Final[Mapping[str, Callable[[Report], bytes]]] = {
    "pdf": sheet_pdf,
    "docx": docx_of,
    "html": html_of,
}


def _terrain(workspace: Workspace, query: TerrainQuery, lang: str) -> Report:
    report = terrain_report(workspace, query)
    return terrain_sheet(report, slope_maps(workspace, query, lang), lang)


def _suitability(workspace: Workspace, query: TerrainQuery, lang: str) -> Report:
    report = suitability_report(workspace, query)
    return suitability_sheet(report, suitability_maps(workspace, query, lang), lang)


_SUBJECTS: Final = {"terrain": _terrain, "suitability": _suitability}


def write_ground(
    workspace: Workspace, subject: str, query: TerrainQuery, output: Path, lang: str
) -> Written:
    """Write a sheet in the form that the file's suffix names, whole or not at all."""
    form = output.suffix.lower().removeprefix(".")
    return write_whole(output, build_ground(workspace, subject, query, form, lang))


def build_ground(
    workspace: Workspace, subject: str, query: TerrainQuery, form: str, lang: str
) -> bytes:
    """Return a sheet of ``terrain`` or ``suitability`` with a map of each of the first sites.

    Raises
    ------
    UnknownFormError
        Sheets are not made in this form.
    PlanningError
        Nothing can be said of any site.
    """
    if form not in FORMS:
        raise UnknownFormError(form=form[:20], known=sorted(FORMS))
    return FORMS[form](_SUBJECTS[subject](workspace, query, lang))

"""Sheets on the ground of sites, in the form that a person asks for."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from api.check.report import UnknownFormError
from api.expansion.ground_maps import slope_maps, suitability_maps
from api.expansion.suitability import suitability_report
from api.expansion.terrain import TerrainQuery, terrain_report
from api.workspace.workspace import Workspace
from maps.answers import Answer
from maps.document.model import Document
from maps.document.onepage import sheet_pdf
from maps.document.web import html_of
from maps.document.word import docx_of
from maps.expansion.ground_sheet import suitability_sheet, terrain_sheet
from maps.figure.picture import MapPicture

FORMS: Final[Mapping[str, Callable[[Document], bytes]]] = {
    "pdf": sheet_pdf,
    "docx": docx_of,
    "html": html_of,
}

_Pictures = dict[str, MapPicture]
_SUBJECTS: Final[
    Mapping[
        str,
        tuple[
            Callable[[Workspace, TerrainQuery], Answer],
            Callable[[Workspace, TerrainQuery, str], _Pictures],
            Callable[[Mapping[str, Any], _Pictures, str], Document],
        ],
    ]
] = {
    "terrain": (terrain_report, slope_maps, terrain_sheet),
    "suitability": (suitability_report, suitability_maps, suitability_sheet),
}


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
    report, maps, sheet = _SUBJECTS[subject]
    answer = report(workspace, query).model_dump(mode="json")
    return FORMS[form](sheet(answer, maps(workspace, query, lang), lang))

"""Operations of expansion sites and their ground, declared once for both doors."""

from typing import TYPE_CHECKING, Final

from api.exits import Exit, exit_of, gravest
from api.expansion.questions import (
    AccessQuestion,
    AvoidQuestion,
    DossierQuestion,
    EarthworksQuestion,
    GroundQuestion,
    RankQuestion,
    SearchQuestion,
    SuitabilityMapQuestion,
)
from api.operation import Call, FileAnswer, operation
from api.workspace.file_forms import MEDIA
from maps.expansion.access_answers import AccessReport
from maps.expansion.answers import AvoidanceReport, RankingReport, SearchReport
from maps.expansion.earthworks_answers import EarthworksReport
from maps.expansion.ground_answers import TerrainReport
from maps.expansion.suitability_answers import SuitabilityMap, SuitabilityReport

if TYPE_CHECKING:
    from api.expansion.terrain import TerrainQuery

_BEST_FIRST: Final = (Exit.FINE, Exit.UNDETERMINED, Exit.CONFLICT)


def _exit_of_search(report: SearchReport) -> Exit:
    """Return that it cannot be told where a hard line says nothing of the ground.

    Nor that there is no site, where required layers do not cover all of the ground.
    """
    unseen = any(step.reason == "unstated" and step.removed_km2 for step in report.funnel)
    found = bool(report.candidates) or not unseen
    return Exit.FINE if found and not report.untold else Exit.UNDETERMINED


@operation(
    "search",
    "POST /api/v1/sites/search",
    task="search",
    kept=True,
    text="maps.expansion.sites_document:search_document",
    exit_of=_exit_of_search,
    files="api.expansion.files:site_files",
    require="api.expansion.search_area:require_area",
)
def search(call: Call, asked: SearchQuestion) -> SearchReport:
    """Search a county or an area for expansion sites."""
    from api.expansion.output import CANDIDATE_FILES, write_outputs
    from api.expansion.search import search_sites
    from api.expansion.search_area import find_search_area

    area = find_search_area(call.workspace, asked)
    report = search_sites(call.workspace.as_of(asked.on), area, asked, call.progress)
    return write_outputs(report, call.folder, CANDIDATE_FILES)


def _exit_of_avoidance(report: AvoidanceReport) -> Exit:
    """Return a conflict for a site without a way out; a way that cannot be judged is none yet."""
    return gravest(
        min(
            (exit_of([way.check.verdict]) for way in (site.trim, site.shift) if way.check),
            key=_BEST_FIRST.index,
            default=Exit.CONFLICT,
        )
        for site in report.sites
    )


@operation(
    "avoid",
    "POST /api/v1/sites/avoidance",
    arguments=("file",),
    drawn=True,
    task="avoid",
    kept=True,
    text="maps.expansion.sites_document:avoidance_document",
    files="api.expansion.files:site_files",
    exit_of=_exit_of_avoidance,
)
def avoid(call: Call, asked: AvoidQuestion) -> AvoidanceReport:
    """Trim or shift sites clear of all hard lines; both are checked again."""
    from api.expansion.avoid import avoid_lines
    from api.expansion.output import AVOIDANCE_FILES, write_outputs

    source = asked.file.source(call.workspace.limits)
    report = avoid_lines(
        call.workspace.as_of(asked.on), source, asked.options, asked, call.progress
    )
    return write_outputs(report, call.folder, AVOIDANCE_FILES)


@operation(
    "rank",
    "POST /api/v1/sites/ranking",
    arguments=("file",),
    drawn=True,
    kept=True,
    text="maps.expansion.ranking_document:ranking_document",
    files="api.expansion.files:ranking_files",
)
def rank(call: Call, asked: RankQuestion) -> RankingReport:
    """Compare sites by weighted criteria, and say how firm the order is."""
    from api.expansion.rank import rank_sites

    source = asked.file.source(call.workspace.limits)
    drawn = asked.geometry or call.form in ("pdf", "docx", "html")
    query = asked.model_copy(update={"geometry": drawn})
    return rank_sites(call.workspace.as_of(asked.on), source, asked.options, query)


@operation(
    "access",
    "POST /api/v1/sites/access",
    arguments=("file",),
    drawn=True,
    text="maps.expansion.access_document:access_document",
    files="api.expansion.travel.files:access_files",
)
def access(call: Call, asked: AccessQuestion) -> AccessReport:
    """Return travel time and distance from sites on the network of roads, with isochrones."""
    from api.expansion.travel.access import access_report

    source = asked.file.source(call.workspace.limits)
    drawn = asked.geometry or call.form in ("geojson", "gpkg", "zip")
    query = asked.model_copy(update={"geometry": drawn})
    return access_report(call.workspace, source, asked.options, query, call.progress)


@operation(
    "earthworks",
    "POST /api/v1/sites/earthworks",
    arguments=("file",),
    drawn=True,
    text="maps.expansion.earthworks_document:earthworks_document",
    files="api.expansion.files:earthworks_files",
)
def earthworks(call: Call, asked: EarthworksQuestion) -> EarthworksReport:
    """Return cut and fill of sites at platforms, with balance, slopes, error and cost."""
    from api.expansion.earthworks.report import earthworks_report

    source = asked.file.source(call.workspace.limits)
    return earthworks_report(call.workspace, source, asked.options, asked, call.progress)


@operation(
    "dossier",
    "POST /api/v1/sites/dossier.{format}",
    arguments=("file",),
    drawn=True,
    forms={form: MEDIA[form] for form in ("docx", "pdf", "html", "xlsx")},
    task="dossier",
    heavy=True,
    kept=True,
)
def dossier(call: Call, asked: DossierQuestion) -> FileAnswer:
    """Return the dossier of sites: check, bounds, alternatives, ground, access, earthworks."""
    from api.check.report.build import ReportWish
    from api.expansion.dossier.build import build_dossier

    wish = ReportWish(
        form=call.form,
        lang=call.lang,
        project=asked.project,
        maker=asked.maker,
        template=asked.template,
    )
    return FileAnswer(
        name=f"dossier.{call.form}",
        data=build_dossier(call.workspace, asked, wish, call.progress),
        media_type=MEDIA[call.form],
    )


@operation(
    "terrain",
    "POST /api/v1/terrain",
    "POST /api/v1/terrain/layers/{of_layer}",
    arguments=("file",),
    drawn=True,
    long_by="of_layer",
    text="maps.expansion.ground_document:terrain_document",
    files="api.expansion.files:terrain_files",
)
def terrain(call: Call, asked: GroundQuestion) -> TerrainReport:
    """Return heights, slopes and land cover of sites, or of the polygons of a layer."""
    from api.expansion.terrain import terrain_report

    return terrain_report(call.workspace, ground_query(call, asked), call.progress)


@operation(
    "suitability",
    "POST /api/v1/suitability",
    "POST /api/v1/suitability/layers/{of_layer}",
    arguments=("file",),
    drawn=True,
    long_by="of_layer",
    text="maps.expansion.ground_document:suitability_document",
    files="api.expansion.files:suitability_files",
)
def suitability(call: Call, asked: GroundQuestion) -> SuitabilityReport:
    """Return grades, exclusions and points of sites, or of the polygons of a layer."""
    from api.expansion.suitability import suitability_report

    return suitability_report(call.workspace, ground_query(call, asked), call.progress)


@operation(
    "suitability-map",
    "POST /api/v1/suitability/maps",
    arguments=("raster",),
    task="suitability",
    folder=True,
    needs_output=True,
    text="maps.expansion.ground_document:suitability_map_document",
    require="api.expansion.suitability_map:require_map",
)
def suitability_map(call: Call, asked: SuitabilityMapQuestion) -> SuitabilityMap:
    """Grade a whole raster of heights and store the result."""
    from api.expansion.suitability_map import make_map

    return make_map(call.workspace, asked.raster, asked.rule, call.require_folder(), call.progress)


def ground_query(call: Call, asked: GroundQuestion) -> "TerrainQuery":
    """Return which ground is meant: that of a file, or that of a stored layer.

    Raises
    ------
    OneGroundError
        Both are named, or neither.
    """
    from api.expansion.terrain import OneGroundError, query_of_file, query_of_layer

    if (asked.file is None) == (asked.of_layer is None):
        raise OneGroundError
    if asked.file is None:
        return query_of_layer(call.workspace, asked.of_layer or "", asked.raster)
    source = asked.file.source(call.workspace.limits)
    return query_of_file(call.workspace, source, asked.options, asked.raster)


OPERATIONS = (
    search,
    avoid,
    rank,
    access,
    earthworks,
    dossier,
    terrain,
    suitability,
    suitability_map,
)

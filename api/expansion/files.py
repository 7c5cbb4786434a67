"""Answers on expansion sites as files."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typing_extensions import override

from api.expansion.ground_maps import slope_maps, suitability_maps
from api.expansion.operations import ground_query
from api.expansion.output import NothingToWriteError, write_sites
from api.expansion.questions import (
    AvoidQuestion,
    EarthworksQuestion,
    GroundQuestion,
    RankQuestion,
    SearchQuestion,
)
from api.expansion.ranking_map import sites_map
from api.operation import Call
from api.workspace.file_forms import FileForms
from maps.answers import Answer, Written
from maps.document.forms import writers
from maps.document.model import Document
from maps.expansion.answers import AvoidanceReport, RankingReport, SearchReport
from maps.expansion.earthworks_document import earthworks_document
from maps.expansion.ground_answers import TerrainReport
from maps.expansion.ground_document import suitability_document, terrain_document
from maps.expansion.ranking_document import ranking_document
from maps.expansion.suitability_answers import SuitabilityReport


class SiteForms(FileForms):
    """Sites as layers; where none came out the answer says why, and no file is written."""

    @override
    def write(self, answer: Answer, path: Path, lang: str) -> Written | None:
        """Write the layer in the form that the suffix names, if there is anything to write."""
        try:
            return super().write(answer, path, lang)
        except NothingToWriteError:
            return None


def site_files(_: Call, __: SearchQuestion | AvoidQuestion) -> FileForms:
    """Return how candidates, or trimmed and shifted sites, become layers."""

    def writer(form: str) -> Callable[[SearchReport | AvoidanceReport, str], bytes]:
        def write(report: SearchReport | AvoidanceReport, _: str) -> bytes:
            with tempfile.TemporaryDirectory(prefix="ftzgis-") as folder:
                path = Path(folder) / f"sites.{form}"
                write_sites(report, path)
                return path.read_bytes()

        return write

    forms = ("geojson", "gpkg", "zip")
    return SiteForms(stem="sites", writers={form: writer(form) for form in forms})


def ranking_files(call: Call, _: RankQuestion) -> FileForms:
    """Return how a comparison is written; its PDF has a map, for which geometries are needed."""

    def document(report: RankingReport, lang: str) -> Document:
        return ranking_document(report, lang, sites_map(call.workspace, report, lang))

    return _illustrated("comparison", document, ranking_document)


def earthworks_files(_: Call, __: EarthworksQuestion) -> FileForms:
    """Return how the earthworks of sites are written."""
    return FileForms(stem="earthworks", writers=dict(writers(earthworks_document)))


def terrain_files(call: Call, asked: GroundQuestion) -> FileForms:
    """Return how the ground of sites becomes a sheet with maps of the first of them."""

    def document(report: TerrainReport, lang: str) -> Document:
        pictures = slope_maps(call.workspace, ground_query(call, asked), lang)
        return terrain_document(report, lang, pictures)

    return _illustrated("terrain", document, terrain_document)


def suitability_files(call: Call, asked: GroundQuestion) -> FileForms:
    """Return how the suitability of sites becomes a sheet with maps of the first of them."""

    def document(report: SuitabilityReport, lang: str) -> Document:
        pictures = suitability_maps(call.workspace, ground_query(call, asked), lang)
        return suitability_document(report, lang, pictures)

    return _illustrated("suitability", document, suitability_document)


def _illustrated(
    stem: str, drawn: Callable[[Any, str], Document], plain: Callable[[Any, str], Document]
) -> FileForms:
    """Return the forms of a document whose maps are drawn for those forms that show them."""
    tables = {form: write for form, write in writers(plain).items() if form in ("xlsx", "csv")}
    return FileForms(stem=stem, writers={**writers(drawn), **tables})

"""Answers on expansion sites as files."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typing_extensions import override

from api.expansion.ground_report import FORMS, build_ground
from api.expansion.operations import ground_query
from api.expansion.output import NothingToWriteError, write_sites
from api.expansion.questions import AvoidQuestion, GroundQuestion, RankQuestion, SearchQuestion
from api.expansion.ranking_map import sites_map
from api.operation import Call
from api.workspace.file_forms import Body, FileForms
from maps.answers import Answer, Written
from maps.document.loose import loose
from maps.expansion.answers import AvoidanceReport, RankingReport, SearchReport
from maps.expansion.ranking_book import ranking_csv, ranking_pdf, ranking_workbook


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

    def pdf(report: RankingReport, lang: str) -> bytes:
        body: Body = report.model_dump(mode="json")
        return ranking_pdf(body, lang, sites_map(call.workspace, report, lang))

    writers = {"xlsx": loose(ranking_workbook), "csv": loose(ranking_csv), "pdf": pdf}
    return FileForms(stem="comparison", writers=writers)


def terrain_files(call: Call, asked: GroundQuestion) -> FileForms:
    """Return how the ground of sites becomes a sheet with maps."""
    return _ground_files(call, asked, "terrain")


def suitability_files(call: Call, asked: GroundQuestion) -> FileForms:
    """Return how the suitability of sites becomes a sheet with maps."""
    return _ground_files(call, asked, "suitability")


def _ground_files(call: Call, asked: GroundQuestion, subject: str) -> FileForms:
    def writer(form: str) -> Callable[[Any, str], bytes]:
        return lambda _, lang: build_ground(
            call.workspace, subject, ground_query(call, asked), form, lang
        )

    return FileForms(stem=subject, writers={form: writer(form) for form in FORMS})

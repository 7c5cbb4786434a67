"""The comparison of sites as files."""

from api.expansion.ranking_map import sites_map
from api.workspace.file_forms import FileForms, Writer
from api.workspace.workspace import Workspace
from maps.expansion.answers import RankingReport
from maps.expansion.ranking_book import ranking_csv, ranking_pdf, ranking_workbook


def ranking_files(workspace: Workspace, report: RankingReport) -> FileForms:
    """Return how a comparison is written; its PDF has a map, for which geometries are needed."""

    def pdf(answer: RankingReport, lang: str) -> bytes:
        return ranking_pdf(answer, lang, sites_map(workspace, report, lang))

    writers: dict[str, Writer] = {"xlsx": ranking_workbook, "csv": ranking_csv, "pdf": pdf}
    return FileForms(stem="comparison", writers=writers)

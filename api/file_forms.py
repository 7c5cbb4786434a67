"""Answers as files: the same answer as a workbook or as CSV, at the door of choice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from api.answers_sites import RankingReport
from api.jobs.output import write_whole
from api.jobs.ranking_map import sites_map
from api.jobs.workspace import Workspace
from api.schemas import Answer, Written
from geo.errors import InputError
from maps.density_book import density_csv, density_pdf, density_workbook, unit_pdf
from maps.intensity_book import intensity_csv, intensity_workbook
from maps.permu_book import permu_csv, permu_workbook
from maps.plan_book import plan_csv, plan_pdf, plan_workbook
from maps.ranking_book import ranking_csv, ranking_pdf, ranking_workbook
from maps.scenario_book import downscale_csv, downscale_workbook, scenario_csv, scenario_workbook

Body = Mapping[str, Any]
Writer = Callable[[Body, str], bytes]


class FileFormError(InputError):
    """An answer has no such form. Params: ``form``, ``known``."""

    code = "api.files.format"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForms:
    """How an answer is written as files; ``stem`` names them."""

    stem: str
    writers: Mapping[str, Writer]

    def write(self, answer: Answer, path: Path, lang: str) -> Written:
        """Write an answer in the form that a file's suffix names.

        Raises
        ------
        FileFormError
            There is no such form.
        OutputError
            The file cannot be written there.
        """
        form = path.suffix.lower().removeprefix(".")
        return write_whole(path, self.data(answer, form, lang))

    def data(self, answer: Answer, form: str, lang: str) -> bytes:
        """Return an answer in a form.

        Raises
        ------
        FileFormError
            There is no such form.
        """
        if form not in self.writers:
            raise FileFormError(form=form[:20], known=sorted(self.writers))
        return self.writers[form](answer.model_dump(mode="json"), lang)


PERMU_FILES: Final = FileForms(stem="permu", writers={"xlsx": permu_workbook, "csv": permu_csv})
SCENARIO_FILES: Final = FileForms(
    stem="scenarios", writers={"xlsx": scenario_workbook, "csv": scenario_csv}
)
DOWNSCALE_FILES: Final = FileForms(
    stem="downscaled", writers={"csv": downscale_csv, "xlsx": downscale_workbook}
)
DENSITY_FILES: Final = FileForms(
    stem="density", writers={"xlsx": density_workbook, "csv": density_csv, "pdf": density_pdf}
)
UNIT_FILES: Final = FileForms(stem="unit", writers={"pdf": unit_pdf})
PLAN_FILES: Final = FileForms(
    stem="plan", writers={"xlsx": plan_workbook, "csv": plan_csv, "pdf": plan_pdf}
)
INTENSITY_FILES: Final = FileForms(
    stem="intensity", writers={"xlsx": intensity_workbook, "csv": intensity_csv}
)


def ranking_files(workspace: Workspace, report: RankingReport) -> FileForms:
    """Return how a comparison is written; its PDF has a map, for which geometries are needed."""

    def pdf(answer: Body, lang: str) -> bytes:
        return ranking_pdf(answer, lang, sites_map(workspace, report, lang))

    writers = {"xlsx": ranking_workbook, "csv": ranking_csv, "pdf": pdf}
    return FileForms(stem="comparison", writers=writers)

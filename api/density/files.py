"""Answers on density as files."""

from typing import Final

from api.workspace.file_forms import FileForms
from maps.density.density_book import density_csv, density_pdf, density_workbook, unit_pdf
from maps.density.intensity_book import intensity_csv, intensity_workbook
from maps.density.permu_book import permu_csv, permu_workbook
from maps.density.plan_book import plan_csv, plan_pdf, plan_workbook
from maps.density.scenario_book import (
    downscale_csv,
    downscale_workbook,
    scenario_csv,
    scenario_workbook,
)

PERMU_FILES: Final = FileForms(stem="permu", writers={"xlsx": permu_workbook, "csv": permu_csv})


SCENARIO_FILES: Final = FileForms(
    stem="scenarios", writers={"xlsx": scenario_workbook, "csv": scenario_csv}
)


DOWNSCALE_FILES: Final = FileForms(
    stem="downscaled", writers={"csv": downscale_csv, "xlsx": downscale_workbook}
)


DENSITY_FILES: Final = FileForms(
    stem="density",
    writers={"xlsx": density_workbook, "csv": density_csv, "pdf": density_pdf},
)


UNIT_FILES: Final = FileForms(stem="unit", writers={"pdf": unit_pdf})


PLAN_FILES: Final = FileForms(
    stem="plan",
    writers={"xlsx": plan_workbook, "csv": plan_csv, "pdf": plan_pdf},
)


INTENSITY_FILES: Final = FileForms(
    stem="intensity", writers={"xlsx": intensity_workbook, "csv": intensity_csv}
)

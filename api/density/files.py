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
from maps.document.loose import loose

PERMU_FILES: Final = FileForms(
    stem="permu", writers={"xlsx": loose(permu_workbook), "csv": loose(permu_csv)}
)


SCENARIO_FILES: Final = FileForms(
    stem="scenarios", writers={"xlsx": loose(scenario_workbook), "csv": loose(scenario_csv)}
)


DOWNSCALE_FILES: Final = FileForms(
    stem="downscaled", writers={"csv": loose(downscale_csv), "xlsx": loose(downscale_workbook)}
)


DENSITY_FILES: Final = FileForms(
    stem="density",
    writers={"xlsx": loose(density_workbook), "csv": loose(density_csv), "pdf": loose(density_pdf)},
)


UNIT_FILES: Final = FileForms(stem="unit", writers={"pdf": loose(unit_pdf)})


PLAN_FILES: Final = FileForms(
    stem="plan",
    writers={"xlsx": loose(plan_workbook), "csv": loose(plan_csv), "pdf": loose(plan_pdf)},
)


INTENSITY_FILES: Final = FileForms(
    stem="intensity", writers={"xlsx": loose(intensity_workbook), "csv": loose(intensity_csv)}
)

"""Answers on density as files."""

from typing import Final

from api.workspace.file_forms import FileForms
from maps.density.density_document import density_document, unit_document, years_document
from maps.density.intensity_document import intensity_document
from maps.density.linkage_document import (
    comparison_document,
    linkage_document,
    missing_document,
)
from maps.density.permu_document import permu_document
from maps.density.plan_document import plan_document
from maps.density.route_document import ledger_document, low_land_document
from maps.density.scenario_document import downscale_document, scenario_document
from maps.density.statement_document import (
    final_document,
    resource_document,
    statement_document,
)
from maps.document.forms import writers

DENSITY_FILES: Final = FileForms(stem="density", writers=writers(density_document))
YEARS_FILES: Final = FileForms(stem="densities", writers=writers(years_document))
UNIT_FILES: Final = FileForms(stem="unit", writers=writers(unit_document))
PLAN_FILES: Final = FileForms(stem="plan", writers=writers(plan_document))
INTENSITY_FILES: Final = FileForms(stem="intensity", writers=writers(intensity_document))
PERMU_FILES: Final = FileForms(stem="permu", writers=writers(permu_document))
SCENARIO_FILES: Final = FileForms(stem="scenarios", writers=writers(scenario_document))
DOWNSCALE_FILES: Final = FileForms(stem="downscaled", writers=writers(downscale_document))
LINKAGE_FILES: Final = FileForms(stem="linkage", writers=writers(linkage_document))
COMPARISON_FILES: Final = FileForms(stem="comparison", writers=writers(comparison_document))
MISSING_FILES: Final = FileForms(stem="missing", writers=writers(missing_document))
STATEMENT_FILES: Final = FileForms(stem="statement", writers=writers(statement_document))
RESOURCE_FILES: Final = FileForms(stem="resources", writers=writers(resource_document))
FINAL_FILES: Final = FileForms(stem="final", writers=writers(final_document))
LOW_LAND_FILES: Final = FileForms(stem="low_land", writers=writers(low_land_document))
LEDGER_FILES: Final = FileForms(stem="standard_land", writers=writers(ledger_document))

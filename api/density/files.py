"""Answers on density as files."""

from typing import Final

from api.density.questions import DensityQuestion, StatementQuestion
from api.operation import Call
from api.workspace.file_forms import FileForms
from maps.density.answers import DensityTable
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
from maps.density.statement_answers import Statement
from maps.density.statement_document import (
    final_document,
    resource_document,
    statement_document,
)
from maps.document.forms import writers
from maps.document.model import Document


def density_files(call: Call, _: DensityQuestion) -> FileForms:
    """Return how a density is written; on paper it has a map with its districts near at hand."""

    def document(table: DensityTable, lang: str) -> Document:
        from api.density.office.density_map import density_map  # noqa: PLC0415 - heavy

        return density_document(table, lang, density_map(call.workspace, table, lang))

    tables = {
        form: write for form, write in writers(density_document).items() if form in ("xlsx", "csv")
    }
    return FileForms(stem="density", writers={**writers(document), **tables})


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


def statement_files(call: Call, _: StatementQuestion) -> FileForms:
    """Return how a statement is written; on paper with a map of the targets over the land."""

    def document(found: Statement, lang: str) -> Document:
        from api.density.office.density_map import target_map  # noqa: PLC0415 - heavy

        return statement_document(found, lang, target_map(call.workspace, found, lang))

    tables = {
        form: write
        for form, write in writers(statement_document).items()
        if form in ("xlsx", "csv")
    }
    return FileForms(stem="statement", writers={**writers(document), **tables})


RESOURCE_FILES: Final = FileForms(stem="resources", writers=writers(resource_document))
FINAL_FILES: Final = FileForms(stem="final", writers=writers(final_document))
LOW_LAND_FILES: Final = FileForms(stem="low_land", writers=writers(low_land_document))
LEDGER_FILES: Final = FileForms(stem="standard_land", writers=writers(ledger_document))

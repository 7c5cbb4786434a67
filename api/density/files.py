"""Answers on density as files."""

from collections.abc import Callable
from typing import Final, TypeVar

from api.density.questions import (
    CompareQuestion,
    DensitySheetQuestion,
    PlanQuestion,
    StatementQuestion,
    UnitQuestion,
)
from api.operation import Call
from api.workspace.file_forms import FileForms
from maps.density.answers import DensityTable
from maps.density.density_answers import UnitSheet
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
from maps.density.statistics_answers import PlanMonitor
from maps.document.forms import writers
from maps.document.model import Document
from maps.document.signed import signed

A = TypeVar("A")
_TABLES: Final = ("xlsx", "csv")


def density_files(call: Call, asked: DensitySheetQuestion) -> FileForms:
    """Return how a density is written; on paper it has a map with its districts near at hand."""

    def document(table: DensityTable, lang: str) -> Document:
        from api.density.office.density_map import density_map  # noqa: PLC0415 - heavy

        return density_document(table, lang, density_map(call.workspace, table, lang))

    return _handed_in(call, asked.maker, "density", (density_document, document))


def unit_files(call: Call, asked: UnitQuestion) -> FileForms:
    """Return how all that is known of a unit is written; on paper with where it lies."""

    def document(sheet: UnitSheet, lang: str) -> Document:
        from api.density.office.density_map import unit_map  # noqa: PLC0415 - heavy

        return unit_document(sheet, lang, unit_map(call.workspace, sheet.unit_id, lang))

    return _handed_in(call, asked.maker, "unit", (unit_document, document))


def plan_files(call: Call, asked: PlanQuestion) -> FileForms:
    """Return how the plan's indicators are written; on paper with a map of a target's density."""

    def document(monitor: PlanMonitor, lang: str) -> Document:
        from api.density.office.density_map import plan_map  # noqa: PLC0415 - heavy

        return plan_document(monitor, lang, plan_map(call.workspace, monitor, lang))

    return _handed_in(call, asked.maker, "plan", (plan_document, document))


def comparison_files(call: Call, asked: CompareQuestion) -> FileForms:
    """Return how a comparison is written."""
    both = (comparison_document, comparison_document)
    return _handed_in(call, asked.maker, "comparison", both)


def _handed_in(
    call: Call,
    maker: str | None,
    stem: str,
    documents: tuple[Callable[[A, str], Document], Callable[[A, str], Document]],
) -> FileForms:
    """Return tables as they are, and what is read on paper with its maker and its day."""
    of_tables, of_paper = documents

    def document(answer: A, lang: str) -> Document:
        return signed(of_paper(answer, lang), maker, call.workspace.now().date())

    tables = {form: write for form, write in writers(of_tables).items() if form in _TABLES}
    return FileForms(stem=stem, writers={**writers(document), **tables})


YEARS_FILES: Final = FileForms(stem="densities", writers=writers(years_document))
INTENSITY_FILES: Final = FileForms(stem="intensity", writers=writers(intensity_document))
PERMU_FILES: Final = FileForms(stem="permu", writers=writers(permu_document))
SCENARIO_FILES: Final = FileForms(stem="scenarios", writers=writers(scenario_document))
DOWNSCALE_FILES: Final = FileForms(stem="downscaled", writers=writers(downscale_document))
LINKAGE_FILES: Final = FileForms(stem="linkage", writers=writers(linkage_document))
MISSING_FILES: Final = FileForms(stem="missing", writers=writers(missing_document))


def statement_files(call: Call, asked: StatementQuestion) -> FileForms:
    """Return how a statement is written; on paper with a map of the targets over the land."""

    def document(found: Statement, lang: str) -> Document:
        from api.density.office.density_map import target_map  # noqa: PLC0415 - heavy

        return statement_document(found, lang, target_map(call.workspace, found, lang))

    return _handed_in(call, asked.maker, "statement", (statement_document, document))


RESOURCE_FILES: Final = FileForms(stem="resources", writers=writers(resource_document))
FINAL_FILES: Final = FileForms(stem="final", writers=writers(final_document))
LOW_LAND_FILES: Final = FileForms(stem="low_land", writers=writers(low_land_document))
LEDGER_FILES: Final = FileForms(stem="standard_land", writers=writers(ledger_document))

"""Refusals of grids of cells: one class for each remedy."""

from geo.errors import InputError


class SearchError(InputError):
    """No search can be made so."""


class CellSideError(SearchError):
    """The side of a cell is no length. Params: ``cell_m``."""

    code = "geo.search.cell"


class TooManyCellsError(SearchError):
    """The area has too many cells. Params: ``cell_m``, ``limit``."""

    code = "geo.search.too_many_cells"


class CellTooWideError(SearchError):
    """Cells are too wide for the least width. Params: ``cell_m``, ``limit``: cells across."""

    code = "geo.search.width"


class AreaTooSmallError(SearchError):
    """The area is smaller than one site. Params: ``least_ha``."""

    code = "geo.search.area"

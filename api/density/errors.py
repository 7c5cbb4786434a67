"""Refusals of density at the doors: one class for each remedy."""

from geo.density.errors import DownscaleError
from geo.errors import InputError


class ScenarioCaseError(InputError):
    """A scenario cannot be. Params: ``name``."""


class ScenarioCountError(ScenarioCaseError):
    """There is no scenario, or too many."""

    code = "api.scenario.case.count"


class ScenarioFormError(ScenarioCaseError):
    """A text is no scenario."""

    code = "api.scenario.case.form"


class NoPlanTargetError(ScenarioCaseError):
    """The plan has no target for this indicator."""

    code = "api.scenario.case.no_plan_target"


class AddedLandError(ScenarioCaseError):
    """The land that is added is no area."""

    code = "api.scenario.case.added"


class CaseDensityError(ScenarioCaseError):
    """The density to reach is none."""

    code = "api.scenario.case.density"


class CaseGrowthError(ScenarioCaseError):
    """The growth of the present land is no growth that can be."""

    code = "api.scenario.case.growth"


class CaseYearError(ScenarioCaseError):
    """The year lies before the data or too far."""

    code = "api.scenario.case.year"


class CaseValueError(ScenarioCaseError):
    """The value to start from is not above zero."""

    code = "api.scenario.case.value"


class OneTargetError(DownscaleError):
    """A grid and a layer are both named, or neither."""

    code = "api.downscale.onto"


class PartialRasterError(DownscaleError):
    """The raster says too little about a unit."""

    code = "api.downscale.raster_partial"

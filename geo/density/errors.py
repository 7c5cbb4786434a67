"""Refusals of density: one class for each remedy."""

from geo.errors import InputError


class GrowthError(InputError):
    """No growth can be computed."""


class NoYearsError(GrowthError):
    """The years do not follow each other."""

    code = "geo.growth.no_years"


class NotPositiveValueError(GrowthError):
    """A value is not above zero."""

    code = "geo.growth.not_positive"


class IntensityError(InputError):
    """An intensity cannot be computed. Params: ``names``."""


class NegativeQuantityError(IntensityError):
    """A quantity is below zero."""

    code = "geo.intensity.negative"


class ZeroDivisorError(IntensityError):
    """What is divided by is zero."""

    code = "geo.intensity.denominator"


class IdealError(IntensityError):
    """An ideal is not above zero."""

    code = "geo.intensity.ideal"


class PermuError(InputError):
    """A per-mu scheme cannot be used. Params: ``indicator``."""


class BaselineError(PermuError):
    """A baseline is not above zero."""

    code = "geo.permu.baseline"


class SchemeWeightError(PermuError):
    """A weight is below zero."""

    code = "geo.permu.weight"


class RepeatedIndicatorError(PermuError):
    """An indicator stands twice."""

    code = "geo.permu.repeated"


class GradeSharesError(PermuError):
    """The shares of the grades do not sum to 100."""

    code = "geo.permu.shares"


class DenominatorError(InputError):
    """A value and a land do not make a density. Params: ``units``."""


class OtherUnitLandError(DenominatorError):
    """Value and land are of different planning units."""

    code = "geo.density.unit_differs"


class NoLandError(DenominatorError):
    """Land or value is not above zero."""

    code = "geo.density.not_positive"


class LandYearUnknownError(DenominatorError):
    """It is not known which years the land holds for."""

    code = "geo.density.year_unknown"


class OtherYearLandError(DenominatorError):
    """The land is of other years than the value."""

    code = "geo.density.other_year"


class MixedYearsError(DenominatorError):
    """Values of different years are put together."""

    code = "geo.density.mixed_years"


class MixedMeasuresError(DenominatorError):
    """Values in different units of measure are put together."""

    code = "geo.density.mixed_units"


class MixedLandsError(DenominatorError):
    """Different kinds of land are put together."""

    code = "geo.density.mixed_kinds"


class RepeatedUnitError(DenominatorError):
    """A unit stands twice."""

    code = "geo.density.repeated"


class OverlappingUnitsError(DenominatorError):
    """Units share ground."""

    code = "geo.density.overlap"


class DownscaleError(InputError):
    """A total cannot be brought onto smaller land. Params: ``units``."""


class GridSideError(DownscaleError):
    """The side of a cell is not above zero."""

    code = "geo.downscale.cell"


class GridTooFineError(DownscaleError):
    """The grid has too many cells."""

    code = "geo.downscale.too_many"


class NoWeightInUnitError(DownscaleError):
    """Nothing in a unit has weight."""

    code = "geo.downscale.no_weight"


class BoundsError(InputError):
    """Values and lands do not bound a density. Params: ``units``, how many there are."""

    code = "geo.density.bounds"


class NoTargetError(InputError):
    """A target is not above zero."""

    code = "geo.density.no_target"


class NoProductError(InputError):
    """A product or a factor to compute with is not above zero. Params: ``value``."""

    code = "geo.density.no_product"


class RouteOptionError(InputError):
    """A cost, a gain or a budget of routes is negative or no number. Params: ``budget``."""

    code = "geo.density.route_option"

"""Refusals of expansion: one class for each remedy."""

from geo.errors import InputError


class RankingError(InputError):
    """Sites cannot be ranked so. Params: ``names``."""


class RepeatedNameError(RankingError):
    """Sites or criteria have the same id."""

    code = "geo.ranking.repeated"


class NegativeWeightError(RankingError):
    """A weight is below zero or no number."""

    code = "geo.ranking.negative_weight"


class NoWeightError(RankingError):
    """All weights are zero."""

    code = "geo.ranking.no_weight"


class ScalePointsError(RankingError):
    """The points of a scale are none."""

    code = "geo.ranking.points"


class SuitabilityError(InputError):
    """No suitability can be computed."""


class MatrixShapeError(SuitabilityError):
    """A matrix of grades has another shape or grade."""

    code = "geo.suitability.matrix_shape"


class MatrixOrderError(SuitabilityError):
    """A matrix of grades rises somewhere."""

    code = "geo.suitability.matrix_order"


class NoSegmentError(InputError):
    """The lines of a network have no length, or there are none that may be travelled."""

    code = "geo.network.no_segment"

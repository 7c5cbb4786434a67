"""Growth between years, the path to a target, and whether a value keeps to it."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise

from geo.density.errors import NotPositiveValueError, NoYearsError
from geo.units import round_as_printed


class Course(StrEnum):
    """Where an indicator stands on the way to its target."""

    REACHED = "reached"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    UNCERTAIN = "uncertain"
    NO_DATA = "no_data"


class PathShape(StrEnum):
    """How a target is approached: by equal rates a year, or by equal steps."""

    EQUAL_RATES = "equal_rates"
    EQUAL_STEPS = "equal_steps"


def annual_growth_pct(first: float, last: float, years: int) -> float:
    """Return the constant yearly rate that leads from one value to another, in percent.

    Raises
    ------
    GrowthError
        ``no_years`` or ``not_positive``: no rate leads from nothing.

    Examples
    --------
    The plan's public budget revenue, 94.93 to 190.94 in five years:

    >>> round(annual_growth_pct(94.93, 190.94, 5), 1)
    15.0
    """
    if years < 1:
        raise NoYearsError()
    if not (first > 0.0 and last > 0.0):
        raise NotPositiveValueError()
    return float(((last / first) ** (1.0 / years) - 1.0) * 100.0)


def path_value(
    start: tuple[int, float], target: tuple[int, float], year: int, shape: PathShape
) -> float:
    """Return the value that the path from a start to a target has in a year.

    Parameters
    ----------
    start, target : (year, value)
        The target's year is the later one.
    year : int
        From the start's year on; after the target's year the path goes on.
    shape : PathShape
        Equal rates for values that grow by percent, equal steps for counts that add up.

    Raises
    ------
    GrowthError
        ``no_years``: the target is not later than the start, or the year is before it;
        ``not_positive``: equal rates from or to nothing.

    Examples
    --------
    >>> path_value((2020, 100.0), (2022, 121.0), 2021, PathShape.EQUAL_RATES)
    110.00000000000001
    >>> path_value((2020, 36.0), (2025, 180.0), 2022, PathShape.EQUAL_STEPS)
    93.6
    """
    (first_year, first), (last_year, last) = start, target
    if last_year <= first_year or year < first_year:
        raise NoYearsError()
    passed = (year - first_year) / (last_year - first_year)
    if shape is PathShape.EQUAL_STEPS:
        return first + (last - first) * passed
    if not (first > 0.0 and last > 0.0):
        raise NotPositiveValueError()
    return float(first * (last / first) ** passed)


def course_to_target(
    start: tuple[int, float],
    target: tuple[int, float],
    latest: tuple[int, float] | None,
    shape: PathShape,
    decimals: int,
) -> Course:
    """Tell whether the latest value keeps to the path to a target that is to be exceeded.

    ``latest`` is (year, value) after the start, None or the start itself if nothing later
    is known: then nothing is told. Values are compared as they are printed, with ``decimals``:
    what reads as the target has reached it.

    Examples
    --------
    >>> course_to_target((2020, 1.0), (2025, 5.0), (2024, 4.996), PathShape.EQUAL_STEPS, 2)
    <Course.REACHED: 'reached'>
    """
    if latest is None or latest[0] <= start[0]:
        return Course.NO_DATA
    reached = round_as_printed(latest[1], decimals)
    if reached >= round_as_printed(target[1], decimals):
        return Course.REACHED
    if latest[0] >= target[0]:
        return Course.BEHIND
    path = path_value(start, target, latest[0], shape)
    on_path = reached >= round_as_printed(path, decimals)
    return Course.ON_TRACK if on_path else Course.BEHIND


def course_of_rise(values: Mapping[int, float], decimals: int) -> Course:
    """Tell whether an indicator that shall rise continuously has risen year after year.

    A gap between years is no proof of a rise within it: two years apart count as one
    step, but fewer than two values tell nothing. Values are compared as they are printed,
    with ``decimals``: a rise that cannot be read is none.

    Examples
    --------
    >>> course_of_rise({2020: 1.0, 2021: 1.2, 2022: 1.2}, 2)
    <Course.BEHIND: 'behind'>
    >>> course_of_rise({2020: 1.0, 2021: 1.004}, 2), course_of_rise({2020: 1.0, 2021: 1.004}, 3)
    (<Course.BEHIND: 'behind'>, <Course.ON_TRACK: 'on_track'>)
    """
    known = [round_as_printed(values[year], decimals) for year in sorted(values)]
    if len(known) < 2:
        return Course.NO_DATA
    rises = all(later > earlier for earlier, later in pairwise(known))
    return Course.ON_TRACK if rises else Course.BEHIND

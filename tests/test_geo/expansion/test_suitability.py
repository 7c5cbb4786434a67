"""Grades of suitability: the published 5 x 5 table, corrections by hand, bounds by brute force."""

import itertools

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from geo.errors import GridMismatchError, GridUnitError
from geo.expansion.errors import SuitabilityError
from geo.expansion.shape import compactness_of
from geo.expansion.suitability import form_effect, integrate_grades, land_grade, require_matrix
from geo.model import Grid
from layers.expansion.suitability import load_suitability
from layers.store.catalogue import load_kinds

RULE = load_suitability(None, load_kinds())["urban_building"]
STEP = Affine(30, 0, 5e5, 0, -30, 2.7e6)
FACTORS = RULE.factors


def grid(values, unit="grade", nodata=0) -> Grid:
    return Grid(
        values=np.atleast_2d(values), transform=STEP, crs=CRS(4543), nodata=nodata, unit=unit
    )


def land(slope, height, relief) -> list[int]:
    grids = [
        grid(np.array(values, dtype=float), unit, np.nan)
        for values, unit in ((slope, "deg"), (height, "m"), (relief, "m"))
    ]
    return land_grade(*grids, RULE.land).values[0].tolist()


def one(land_value: int, **factors: int):
    found = integrate_grades(
        grid([land_value]), {name: grid([value]) for name, value in factors.items()},
        RULE.integration,
    )  # fmt: skip
    return (
        int(found.known.values[0, 0]),
        int(found.best.values[0, 0]),
        int(found.worst.values[0, 0]),
    )


def test_land_by_hand() -> None:
    # The guide: 3, 8, 15, 25 degrees; 3500 m one grade worse, 5000 m the worst; relief 100, 200.
    assert land([0, 3, 3.1, 8, 15, 25, 26], [1900] * 7, [10] * 7) == [1, 1, 2, 2, 3, 4, 5]
    assert land([1] * 4, [3500, 3501, 5000, 5001], [0] * 4) == [1, 2, 2, 5]
    assert land([1] * 4, [1900] * 4, [100, 101, 200, 201]) == [1, 2, 2, 3]
    assert land([10], [4000], [300]) == [5]
    assert land([np.nan, 1, 1], [1900, np.nan, 1900], [1, 1, np.nan]) == [0, 0, 0]


TABLE = {1: [1, 1, 1, 2, 3], 2: [1, 1, 2, 2, 3], 3: [2, 2, 3, 3, 4], 4: [3, 4, 4, 5, 5], 5: [5] * 5}


@pytest.mark.parametrize(("row", "water"), list(itertools.product(range(1, 6), range(1, 6))))
def test_the_table_of_land_and_water(row: int, water: int) -> None:
    # The practice of 2019, written out cell by cell; climate 2 and so on change nothing.
    calm = {name: 4 for name in FACTORS if name not in {"water_resources", "location"}}
    known, best, worst = one(row, water_resources=water, location=3, **calm)
    assert known == best == worst == TABLE[row][water - 1]


@pytest.mark.parametrize(
    ("factor", "grade", "start", "end"),
    [
        ("geohazard", 1, 1, 5), ("geohazard", 2, 1, 3), ("geohazard", 3, 1, 2), ("geohazard", 4, 1, 1),
        ("geohazard", 2, 4, 5), ("storm_hazard", 1, 2, 3), ("air_capacity", 5, 2, 3),
        ("water_capacity", 5, 2, 3), ("climate", 1, 2, 3), ("location", 5, 2, 4),
        ("location", 4, 2, 3), ("location", 1, 3, 2), ("location", 1, 1, 1), ("location", 1, 5, 5),
    ],
)  # fmt: skip
def test_corrections_by_hand(factor: str, grade: int, start: int, end: int) -> None:
    assert one(start, **{factor: grade})[0] == end


def test_both_capacities_at_their_end_count_twice() -> None:
    assert one(1, air_capacity=5, water_capacity=5)[0] == 3


def test_unknown_ground_has_no_grade_whatever_the_rest() -> None:
    assert one(0, water_resources=1, geohazard=4) == (0, 0, 0)


@given(
    st.integers(1, 5),
    st.fixed_dictionaries(
        {}, optional={name: st.sampled_from([0, 1, 2, 3, 4, 5]) for name in FACTORS}
    ),
)
@settings(max_examples=25, deadline=None)
def test_bounds_are_those_of_every_possible_world(start: int, given_factors) -> None:
    # Brute force: all grades of all unknown factors; at most 5^7 worlds, in one grid.
    open_ = [name for name in FACTORS if given_factors.get(name, 0) == 0]
    worlds = np.array(list(itertools.product(range(1, 6), repeat=len(open_)))).reshape(
        5 ** len(open_), len(open_)
    )
    factors = {
        name: grid(
            worlds[:, open_.index(name)] if name in open_
            else np.full(len(worlds), given_factors[name])
        )
        for name in FACTORS
    }  # fmt: skip
    every = integrate_grades(
        grid(np.full(len(worlds), start)), factors, RULE.integration
    ).known.values
    known, best, worst = one(start, **given_factors)
    assert (best, worst) == (every.min(), every.max())
    assert best <= known <= worst
    if not open_:
        assert best == known == worst


def test_missing_factors_are_named_once() -> None:
    found = integrate_grades(grid([1]), {"geohazard": grid([4])}, RULE.integration)
    assert set(found.missing) == set(FACTORS) - {"geohazard"}
    assert len(found.missing) == len(set(found.missing))


def test_grids_of_another_kind_or_place_are_refused() -> None:
    with pytest.raises(GridUnitError):
        integrate_grades(grid([1], unit="deg"), {}, RULE.integration)
    with pytest.raises(GridUnitError):
        integrate_grades(grid([1]), {"climate": grid([1], unit="class")}, RULE.integration)
    with pytest.raises(GridMismatchError):
        integrate_grades(grid([1]), {"climate": grid([1, 2])}, RULE.integration)


@pytest.mark.parametrize(
    ("matrix", "why"),
    [
        ([[1] * 5] * 4, "matrix_shape"), ([[1] * 4] * 5, "matrix_shape"), ([[6] * 5] * 5, "matrix_shape"),
        ([[2] * 5, [1] * 5, [3] * 5, [4] * 5, [5] * 5], "matrix_order"),
        ([[1, 2, 1, 3, 4]] * 5, "matrix_order"),
    ],
)  # fmt: skip
def test_a_matrix_that_is_none_is_refused(matrix, why: str) -> None:
    with pytest.raises(SuitabilityError) as caught:
        require_matrix(matrix)
    assert caught.value.code.rpartition(".")[2] == why


@pytest.mark.parametrize(
    ("compactness", "grades"),
    [
        # The practice of 2019: below 0.2 the worst, then +1, 0, -1 (of 2 to 4), from 0.8 the best.
        (0.0, [5, 5, 5, 5, 5]), (0.199, [5, 5, 5, 5, 5]), (0.2, [2, 3, 4, 5, 5]),
        (0.4, [1, 2, 3, 4, 5]), (0.599, [1, 2, 3, 4, 5]), (0.6, [1, 1, 2, 3, 5]),
        (0.8, [1, 1, 1, 1, 5]), (1.0, [1, 1, 1, 1, 5]),
    ],
)  # fmt: skip
def test_the_form_of_a_site_by_hand(compactness: float, grades: list[int]) -> None:
    effect = form_effect(compactness, RULE.form)
    for table in (effect.known, effect.best, effect.worst):
        assert table.tolist() == [0, *grades]


def test_an_unknown_form_changes_nothing_and_bounds_all_forms() -> None:
    effect = form_effect(None, RULE.form)
    every = np.array([form_effect(c, RULE.form).known for c in np.linspace(0, 1, 101)])
    assert effect.step is None
    assert effect.known.tolist() == [0, 1, 2, 3, 4, 5]
    assert effect.best.tolist() == every.min(axis=0).tolist() == [0, 1, 1, 1, 1, 5]
    assert effect.worst.tolist() == every.max(axis=0).tolist() == [0, 5, 5, 5, 5, 5]


@pytest.mark.parametrize(("across_m", "along_m"), [(400.0, 400.0), (100.0, 400.0), (50.0, 1000.0)])
def test_compactness_of_rectangles_is_the_formula(across_m: float, along_m: float) -> None:
    # By hand: a rectangle's smallest circle has its diagonal as diameter: 4ab / (pi (a2 + b2)).
    lat = 25.0
    half = np.array([along_m / 2 / 111_320.0 / np.cos(np.radians(lat)), across_m / 2 / 110_770.0])
    site = shapely.box(*(np.array([102.8, lat]) - half), *(np.array([102.8, lat]) + half))
    expected = 4 * across_m * along_m / (np.pi * (across_m**2 + along_m**2))
    assert compactness_of(site) == pytest.approx(expected, rel=2e-3)

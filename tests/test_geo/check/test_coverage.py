"""geo.coverage. Oracles: shares of cells by hand, and properties."""

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.check.control_index import index_controls
from geo.check.coverage import coverage_of
from geo.check.verdict import Evidence, judge
from geo.measure.area import area_lonlat_m2
from geo.model import ContactTolerance, Overlap, Reason, Relation, Verdict

SITE = shapely.box(102.50, 25.00, 102.54, 25.04)
TOLERANCE = ContactTolerance(width_m=0.01, precision_factor=3.0, area_m2=200.0)


def spoken(*areas):
    return index_controls(
        gpd.GeoSeries(list(areas), crs="EPSG:4490"), [str(at) for at in range(len(areas))]
    )


def m2(geometry):
    return float(area_lonlat_m2(np.array([geometry], dtype=object))[0])


def verdict_on(coverage):
    return judge(
        Evidence(
            relation=Relation.MUST_NOT_OVERLAP,
            tolerance=TOLERANCE,
            overlap=Overlap(area_m2=0.0, max_width_m=0.0, parts=()),
            coverage=coverage,
            precision_m=None,
            site_m2=m2(SITE),
        )
    )


@pytest.mark.parametrize(
    ("areas", "share_pct", "verdict"),
    [
        pytest.param(
            [shapely.box(102, 24, 104, 26)], 100.0, (Verdict.CLEAR, Reason.NO_OVERLAP), id="all"
        ),
        pytest.param([SITE], 100.0, (Verdict.CLEAR, Reason.NO_OVERLAP), id="exactly"),
        pytest.param(
            # Two sheets with a common edge: nothing is lost between them.
            [shapely.box(102, 24, 102.52, 26), shapely.box(102.52, 24, 104, 26)],
            100.0,
            (Verdict.CLEAR, Reason.NO_OVERLAP),
            id="two sheets",
        ),
        pytest.param(
            # A quarter of the longitudes is a quarter of the area.
            [shapely.box(102, 24, 102.51, 26)],
            25.0,
            (Verdict.UNDETERMINED, Reason.COVERAGE_PARTIAL),
            id="a quarter",
        ),
        pytest.param(
            [shapely.box(102, 24, 102.52, 26), shapely.box(102.51, 24, 102.53, 26)],
            75.0,
            (Verdict.UNDETERMINED, Reason.COVERAGE_PARTIAL),
            id="overlapping sheets",
        ),
        pytest.param(
            [shapely.box(110, 24, 112, 26)],
            0.0,
            (Verdict.UNDETERMINED, Reason.COVERAGE_NONE),
            id="elsewhere",
        ),
        pytest.param(
            [shapely.box(102.54, 25, 103, 26)],
            0.0,
            (Verdict.UNDETERMINED, Reason.COVERAGE_NONE),
            id="next door",
        ),
        pytest.param([], 0.0, (Verdict.UNDETERMINED, Reason.COVERAGE_NONE), id="nothing"),
        pytest.param(
            # Coverage digitised 1e-8 degrees (1 mm) short of the site.
            [shapely.box(102, 24, 102.54 - 1e-8, 26)],
            100.0,
            (Verdict.CLEAR, Reason.NO_OVERLAP),
            id="hairline",
        ),
        pytest.param(
            # 1e-6 degrees are 0.1 m x 4.4 km: a real gap.
            [shapely.box(102, 24, 102.54 - 1e-6, 26)],
            100.0 * (1 - 1e-6 / 0.04),
            (Verdict.UNDETERMINED, Reason.COVERAGE_PARTIAL),
            id="a gap of 10 cm",
        ),
    ],
)
def test_shares_by_hand(areas, share_pct, verdict):
    coverage = coverage_of(SITE, spoken(*areas))
    assert coverage.share_pct == pytest.approx(share_pct, rel=1e-6, abs=0.0)
    assert (verdict_on(coverage)[0], verdict_on(coverage)[1][0]) == verdict
    assert 0.0 <= coverage.share_pct <= 100.0
    expected_m2 = m2(SITE) * (1.0 - share_pct / 100.0)
    assert coverage.gap.area_m2 == pytest.approx(expected_m2, rel=1e-4, abs=10.0)


discs = st.builds(
    lambda lon, lat, r, n: shapely.Point(lon, lat).buffer(r, quad_segs=n),
    st.floats(102.45, 102.6),
    st.floats(24.95, 25.1),
    st.floats(0.002, 0.08),
    st.integers(1, 12),
)


@settings(max_examples=50, deadline=None)
@given(discs, st.lists(discs, max_size=3))
def test_share_and_gap_make_the_site(site, areas):
    # Property: what is spoken of and the gap make 100 %, whatever the pieces.
    coverage = coverage_of(site, spoken(*areas))
    covered = shapely.intersection(site, shapely.union_all(areas)) if areas else shapely.Polygon()
    assert coverage.share_pct == pytest.approx(100.0 * m2(covered) / m2(site), rel=1e-7, abs=1e-7)
    assert coverage.gap.area_m2 <= m2(site) * (1 + 1e-9)
    if not any(site.intersects(area) for area in areas):
        assert coverage.share_pct == 0.0
        assert verdict_on(coverage)[1] == (Reason.COVERAGE_NONE,)


@settings(max_examples=30, deadline=None)
@given(discs, st.lists(discs, min_size=1, max_size=3))
def test_more_layers_never_cover_less(site, areas):
    shares = [
        coverage_of(site, spoken(*areas[:count])).share_pct for count in range(len(areas) + 1)
    ]
    assert all(after >= before - 1e-9 for before, after in itertools.pairwise(shares))

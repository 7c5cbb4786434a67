"""geo.verdict. Oracle: the truth table of the rules, written out by hand."""

import itertools

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.check.coverage import Coverage
from geo.check.verdict import Evidence, is_contact, judge
from geo.model import (
    ContactTolerance,
    Overlap,
    OverlapPart,
    Reason,
    Relation,
    Verdict,
    worst_verdict,
)

TOLERANCE = ContactTolerance(width_m=0.01, precision_factor=3.0, area_m2=200.0)
FAULTS = (Reason.LAYER_EXPIRED, Reason.LAYER_NOT_YET_VALID, Reason.LAYER_UNREADABLE)


def touching(area_m2, width_m):
    part = OverlapPart(
        feature_id="f",
        area_m2=area_m2,
        shared_area_m2=0.0,
        max_width_m=width_m,
        geometry=shapely.Polygon(),
    )
    return Overlap(area_m2=area_m2, max_width_m=width_m, parts=(part,))


NOTHING = Overlap(area_m2=0.0, max_width_m=0.0, parts=())
THIN = touching(100.0, 0.009)
WIDE = touching(16.0, 4.0)

FULL = Coverage(share_pct=100.0, gap=NOTHING)
HAIRLINE = Coverage(share_pct=99.9999, gap=THIN)
PARTIAL = Coverage(share_pct=60.0, gap=WIDE)
NONE = Coverage(share_pct=0.0, gap=touching(1e6, 900.0))


def judged(relation, overlap, coverage, *, faults=(), precision_m=None, site_m2=1e9, doubts=()):
    return judge(
        Evidence(
            relation=relation,
            tolerance=TOLERANCE,
            overlap=overlap,
            coverage=coverage,
            precision_m=precision_m,
            site_m2=site_m2,
            faults=faults,
            doubts=doubts,
        )
    )


APART, INSIDE = Relation.MUST_NOT_OVERLAP, Relation.MUST_BE_INSIDE
IMPOSES = Relation.IMPOSES_CONDITIONS
CONFLICT, UNKNOWN, CONDITIONAL, CONTACT, CLEAR = (
    Verdict.CONFLICT,
    Verdict.UNDETERMINED,
    Verdict.CONDITIONAL,
    Verdict.CONTACT,
    Verdict.CLEAR,
)
R = Reason


@pytest.mark.parametrize(
    ("relation", "overlap", "coverage", "expected"),
    [
        (APART, WIDE, FULL, (CONFLICT, (R.OVERLAP,))),
        (APART, WIDE, HAIRLINE, (CONFLICT, (R.OVERLAP,))),
        (APART, WIDE, PARTIAL, (CONFLICT, (R.OVERLAP, R.COVERAGE_PARTIAL))),
        (APART, WIDE, NONE, (CONFLICT, (R.OVERLAP, R.COVERAGE_NONE))),
        (APART, WIDE, None, (CONFLICT, (R.OVERLAP, R.COVERAGE_UNKNOWN))),
        (APART, THIN, FULL, (CONTACT, (R.THIN_OVERLAP,))),
        (APART, THIN, HAIRLINE, (CONTACT, (R.THIN_OVERLAP,))),
        (APART, THIN, PARTIAL, (UNKNOWN, (R.COVERAGE_PARTIAL, R.THIN_OVERLAP))),
        (APART, THIN, NONE, (UNKNOWN, (R.COVERAGE_NONE, R.THIN_OVERLAP))),
        (APART, THIN, None, (UNKNOWN, (R.COVERAGE_UNKNOWN, R.THIN_OVERLAP))),
        (APART, NOTHING, FULL, (CLEAR, (R.NO_OVERLAP,))),
        (APART, NOTHING, HAIRLINE, (CLEAR, (R.NO_OVERLAP,))),
        (APART, NOTHING, PARTIAL, (UNKNOWN, (R.COVERAGE_PARTIAL,))),
        (APART, NOTHING, NONE, (UNKNOWN, (R.COVERAGE_NONE,))),
        (APART, NOTHING, None, (UNKNOWN, (R.COVERAGE_UNKNOWN,))),
        (INSIDE, WIDE, FULL, (CONFLICT, (R.OUTSIDE,))),
        (INSIDE, WIDE, HAIRLINE, (CONFLICT, (R.OUTSIDE,))),
        (INSIDE, WIDE, PARTIAL, (CONFLICT, (R.OUTSIDE, R.COVERAGE_PARTIAL))),
        (INSIDE, WIDE, NONE, (CONFLICT, (R.OUTSIDE, R.COVERAGE_NONE))),
        # Outside of a boundary that nobody says is complete: it may go on elsewhere.
        (INSIDE, WIDE, None, (UNKNOWN, (R.COVERAGE_UNKNOWN, R.OUTSIDE))),
        (INSIDE, THIN, FULL, (CONTACT, (R.THIN_OVERLAP,))),
        (INSIDE, THIN, HAIRLINE, (CONTACT, (R.THIN_OVERLAP,))),
        (INSIDE, THIN, PARTIAL, (UNKNOWN, (R.COVERAGE_PARTIAL, R.THIN_OVERLAP))),
        (INSIDE, THIN, NONE, (UNKNOWN, (R.COVERAGE_NONE, R.THIN_OVERLAP))),
        (INSIDE, THIN, None, (UNKNOWN, (R.COVERAGE_UNKNOWN, R.THIN_OVERLAP))),
        (INSIDE, NOTHING, FULL, (CLEAR, (R.INSIDE,))),
        (INSIDE, NOTHING, HAIRLINE, (CLEAR, (R.INSIDE,))),
        (INSIDE, NOTHING, PARTIAL, (UNKNOWN, (R.COVERAGE_PARTIAL,))),
        (INSIDE, NOTHING, NONE, (UNKNOWN, (R.COVERAGE_NONE,))),
        (INSIDE, NOTHING, None, (UNKNOWN, (R.COVERAGE_UNKNOWN,))),
        (IMPOSES, WIDE, FULL, (CONDITIONAL, (R.CONDITIONS_APPLY,))),
        (IMPOSES, WIDE, HAIRLINE, (CONDITIONAL, (R.CONDITIONS_APPLY,))),
        # Of the uncovered part nobody knows which conditions apply there.
        (IMPOSES, WIDE, PARTIAL, (UNKNOWN, (R.COVERAGE_PARTIAL, R.CONDITIONS_APPLY))),
        (IMPOSES, WIDE, NONE, (UNKNOWN, (R.COVERAGE_NONE, R.CONDITIONS_APPLY))),
        (IMPOSES, WIDE, None, (UNKNOWN, (R.COVERAGE_UNKNOWN, R.CONDITIONS_APPLY))),
        (IMPOSES, THIN, FULL, (CONTACT, (R.THIN_OVERLAP,))),
        (IMPOSES, THIN, PARTIAL, (UNKNOWN, (R.COVERAGE_PARTIAL, R.THIN_OVERLAP))),
        (IMPOSES, THIN, None, (UNKNOWN, (R.COVERAGE_UNKNOWN, R.THIN_OVERLAP))),
        (IMPOSES, NOTHING, FULL, (CLEAR, (R.NO_OVERLAP,))),
        (IMPOSES, NOTHING, PARTIAL, (UNKNOWN, (R.COVERAGE_PARTIAL,))),
        (IMPOSES, NOTHING, NONE, (UNKNOWN, (R.COVERAGE_NONE,))),
        (IMPOSES, NOTHING, None, (UNKNOWN, (R.COVERAGE_UNKNOWN,))),
    ],
)
def test_truth_table_without_faults(relation, overlap, coverage, expected):
    assert judged(relation, overlap, coverage) == expected


@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize("coverage", [FULL, HAIRLINE, PARTIAL, NONE, None])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_decides_and_what_was_touched_is_still_said(relation, coverage, fault):
    wide = {APART: R.OVERLAP, INSIDE: R.OUTSIDE, IMPOSES: R.CONDITIONS_APPLY}[relation]
    for overlap, said in ((WIDE, (wide,)), (THIN, (R.THIN_OVERLAP,)), (NOTHING, ())):
        found = judged(relation, overlap, coverage, faults=(fault,))
        assert found == (UNKNOWN, (fault, *said))


def test_all_faults_are_named_in_the_order_given():
    _, reasons = judged(APART, NOTHING, FULL, faults=FAULTS)
    assert reasons == FAULTS


overlaps = st.one_of(
    st.just(NOTHING), st.builds(touching, st.floats(1e-6, 1e9), st.floats(0.0, 1e5))
)
coverages = st.one_of(
    st.none(),
    st.builds(Coverage, share_pct=st.floats(0.0, 100.0), gap=overlaps),
)
fault_sets = st.lists(st.sampled_from(FAULTS), unique=True).map(tuple)
precisions = st.one_of(st.none(), st.floats(0.0, 5.0))


@given(st.sampled_from(Relation), overlaps, coverages, fault_sets, precisions)
def test_clear_needs_every_thing_known(relation, overlap, coverage, faults, precision_m):
    # Property: no data never reads as no conflict.
    verdict, reasons = judged(relation, overlap, coverage, faults=faults, precision_m=precision_m)
    assert len(reasons) == len(set(reasons)) > 0
    if verdict is CLEAR:
        assert not faults
        assert not overlap.parts
        assert coverage is not None
        assert not coverage.gap.parts or is_contact(coverage.gap, TOLERANCE, precision_m)
    if verdict is CONTACT:
        assert is_contact(overlap, TOLERANCE, precision_m)
    if faults:
        assert verdict is UNKNOWN


@given(st.sampled_from(Relation), overlaps, coverages, fault_sets)
def test_knowing_less_never_makes_a_clear(relation, overlap, coverage, faults):
    # Property: taking away coverage or adding a fault cannot turn a verdict into clear.
    before, _ = judged(relation, overlap, coverage, faults=faults)
    for fewer in ({"coverage": None, "faults": faults}, {"coverage": coverage, "faults": FAULTS}):
        after, _ = judged(relation, overlap, **fewer)
        assert after is not CLEAR or before is CLEAR
        assert after is not CLEAR


@pytest.mark.parametrize(
    ("area_m2", "width_m", "precision_m", "expected"),
    [
        (200.0, 0.01, None, True),  # both limits are included
        (200.1, 0.01, None, False),  # thin, but too much ground
        (1.0, 0.0101, None, False),  # little ground, but too wide
        (1.0, 0.03, 0.01, True),  # three times the layers' centimetre
        (1.0, 0.031, 0.01, False),
        (1.0, 0.01, 0.001, True),  # a millimetre layer does not narrow the limit
        (1.0, float("nan"), None, False),  # an unknown width is no contact
    ],
)
def test_contact_by_hand(area_m2, width_m, precision_m, expected):
    assert is_contact(touching(area_m2, width_m), TOLERANCE, precision_m) is expected


@pytest.mark.parametrize("relation", Relation)
def test_a_tolerance_for_slivers_is_none_for_wholes(relation):
    # By hand: 100 m2, 9 mm wide, is contact with a site of 201 m2 and not with one of 199.
    assert judged(relation, THIN, FULL, site_m2=201.0)[0] is CONTACT
    whole, reasons = judged(relation, THIN, FULL, site_m2=199.0)
    assert whole is (CONDITIONAL if relation is IMPOSES else CONFLICT)
    assert Reason.THIN_OVERLAP not in reasons
    # A site that is all gap is not covered, however narrow it and the gap are.
    none = Coverage(share_pct=0.0, gap=THIN)
    nothing = Coverage(share_pct=0.0, gap=NOTHING)
    for coverage in (none, nothing):
        assert judged(relation, NOTHING, coverage) == (UNKNOWN, (Reason.COVERAGE_NONE,))
    assert judged(relation, NOTHING, Coverage(share_pct=49.0, gap=THIN))[0] is UNKNOWN
    assert judged(relation, NOTHING, Coverage(share_pct=51.0, gap=THIN))[0] is CLEAR


def test_worst_of_all_sets_of_verdicts():
    # By hand: conflict > cannot tell > conditional > contact > clear; nothing judged is unknown.
    order = [CONFLICT, UNKNOWN, CONDITIONAL, CONTACT, CLEAR]
    assert worst_verdict([]) is UNKNOWN
    for size in range(1, 6):
        for chosen in itertools.permutations(order, size):
            assert worst_verdict(chosen) is min(chosen, key=order.index)


def test_one_order_of_verdicts_everywhere() -> None:
    """Oracle: DESIGN's list, by hand; no module and no script says it again."""
    from pathlib import Path

    from geo.check.verdict import GRAVITY, gravity

    order = ["conflict", "undetermined", "conditional", "contact", "clear"]
    assert [verdict.value for verdict in GRAVITY] == order
    assert sorted(["clear", *order[:4]], key=gravity) == order
    root = Path(__file__).parents[3]
    sources = [p for room in ("geo", "layers", "maps", "api") for p in (root / room).rglob("*.py")]
    retyped = [
        path.name
        for path in sources
        if '"conflict", "undetermined", "conditional"' in path.read_text("utf-8")
    ]
    assert retyped == []
    scripts = (root / "maps/static").glob("**/*.js")
    assert [p.name for p in scripts if '"conflict", "undetermined"' in p.read_text("utf-8")] == []
    told = " > ".join(f"`{verdict}`" for verdict in order)
    for page in ("docs/http.md", "docs/adr/0004-verdict-values.md"):
        assert told in (root / page).read_text("utf-8"), page


@pytest.mark.parametrize(
    ("relation", "overlap", "expected"),
    [
        (APART, WIDE, CONFLICT),
        (APART, THIN, UNKNOWN),
        (APART, NOTHING, UNKNOWN),
        (INSIDE, WIDE, CONFLICT),
        (INSIDE, NOTHING, UNKNOWN),
        (IMPOSES, WIDE, UNKNOWN),
        (IMPOSES, NOTHING, UNKNOWN),
    ],
)
def test_a_doubtful_site_is_a_conflict_or_cannot_be_told(relation, overlap, expected):
    doubt = R.STATED_AREA_DISAGREES
    verdict, reasons = judged(relation, overlap, FULL, doubts=(doubt,))
    assert verdict is expected
    assert doubt in reasons

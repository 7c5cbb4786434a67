"""Files that were once read wrongly. Oracle: the answers that were written down with them."""

from pathlib import Path

import pytest
import shapely

from geo.errors import PlanningError
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import to_lonlat
from layers.errors import BadLineError, SeveralZonesInFileError, UnknownFormatError
from layers.model import ReadOptions
from layers.readers import read_layer, read_sites, source_from_path
from layers.readers.errors import NoListedLayerError

CASES = Path(__file__).parents[2] / "golden" / "cases"
SQUARE_M2 = 9_998.26
"""A square of 100 m of EPSG:4543 at 102.83 E, on the ellipsoid."""

DEGREES_M2 = 11_191.64
"""0.001 by 0.001 degrees at 24.8975 N."""


def read(path, crs=None):
    source = source_from_path(CASES / path)
    return read_sites(source, ReadOptions(crs=crs), counties=None)


def areas(sites):
    return area_lonlat_m2(to_lonlat(sites.features.geometry).to_numpy()).tolist()


def codes(sites):
    return {issue.code for issue in sites.report.issues}


def lost(sites):
    return [(one.label, one.reason) for one in sites.report.ledger.left_out]


@pytest.mark.parametrize(
    ("path", "crs", "expected_m2"),
    [
        ("vector/01_nocount_header.txt", None, [SQUARE_M2]),
        ("vector/02_hole_as_plot.txt", None, [SQUARE_M2, 399.93]),
        ("vector/03_fullwidth_brackets.txt", None, [SQUARE_M2]),
        ("vector/41_ring_typo_noarea.txt", None, [SQUARE_M2]),
        ("vector/c01_sidelen_rows.csv", "EPSG:4543", [SQUARE_M2]),
        ("vector/curvepolygon_circle_r100.gpkg", None, [31_410.46]),
        ("vector/d01_two_plots_cont_labels_blank.csv", "EPSG:4543", [SQUARE_M2, 9_998.24]),
        ("vector/g04_dim3_on_collection.gml", None, [SQUARE_M2]),
        ("vector/geoparquet_0_1_crs_as_wkt.parquet", None, [DEGREES_M2]),
        ("vector/k03_empty_coords_other_placemark.kml", None, [DEGREES_M2]),
        ("vector/k05_unbound_prefix.kml", None, [DEGREES_M2]),
        ("vector/k11_mixed_point_label.kml", None, [DEGREES_M2]),
        ("vector/k13_schema_placemark.kml", None, [DEGREES_M2] * 2),
        ("vector/k20_multipolygon_tag.kml", None, [DEGREES_M2] * 2),
        ("vector/layer_flat_spike.gpkg", None, [6_640.32]),
        ("vector/s03_reversed.shp", None, [9_598.33]),
        ("vector/site_flat_spike.geojson", None, [6_640.32]),
        ("vector/x03_layer_off.dxf", "EPSG:4543", [SQUARE_M2]),
        ("vector/x05_block_mirror.dxf", "EPSG:4543", [SQUARE_M2]),
        ("vector/batch_one_bad/ok.txt", None, [SQUARE_M2]),
    ],
)
def test_areas(path, crs, expected_m2):
    sites = read(path, crs)
    # The arc is cut into straight pieces: 4e-6 of a circle's area.
    assert areas(sites) == pytest.approx(expected_m2, abs=0.15 if "circle" in path else 0.01)
    ledger = sites.report.ledger
    assert ledger.unexplained == 0
    assert "unaccounted" not in {entry.reason for entry in ledger.left_out}


def test_a_header_without_a_count():
    sites = read("vector/01_nocount_header.txt")
    assert sites.features["地块名称"].to_list() == ["地块1"]
    assert sites.features["申报面积"].to_list() == ["0.9998公顷"]


def test_a_hole_that_is_a_plot_of_its_own():
    (issue,) = [
        one for one in read("vector/02_hole_as_plot.txt").report.issues if "inside" in one.code
    ]
    assert (issue.code, issue.feature_id, issue.params) == ("site_inside_site", "2", {"other": "1"})


def plots_beside(gap_m: float) -> bytes:
    """Return two squares of 100 m, the second so far east of the first."""
    plots = [(x, x + 100.0) for x in (478_800.0, 478_900.0 + gap_m)]
    rows = [
        f"{name},{x},{y}"
        for name, (west, east) in zip("AB", plots, strict=True)
        for x, y in ((west, 2.7e6), (east, 2.7e6), (east, 2.7e6 + 100.0), (west, 2.7e6 + 100.0))
    ]
    return "\n".join(["地块编号,横坐标(Y),纵坐标(X)", *rows]).encode()


@pytest.mark.parametrize(
    ("gap_m", "shares"), [(-40.0, [40.0]), (-0.05, [0.05]), (-0.005, []), (0.0, []), (10.0, [])]
)
def test_plots_that_overlap_are_named_and_neighbours_are_not(gap_m, shares, one_file):
    """Oracle: by hand, 40 m of 100 m; half a centimetre along an edge is no overlap."""
    sites = read_sites(one_file(plots_beside(gap_m)), ReadOptions(crs="EPSG:4543"), counties=None)
    found = [one for one in sites.report.issues if one.code == "sites_overlap"]
    assert [one.params["share_pct"] for one in found] == shares
    assert all(one.params["other"] == "2" for one in found)


def test_a_slip_in_a_ring_number_is_named():
    assert "ring_number_mended" in codes(read("vector/41_ring_typo_noarea.txt"))


def test_plots_in_two_zones_are_named():
    with pytest.raises(SeveralZonesInFileError) as caught:
        read("vector/20_two_zones.txt")
    assert caught.value.params["zones"] == [34, 35]
    assert caught.value.params["plots"] == ["34: 1", "35: 2"]


def test_plots_that_a_blank_line_parts_are_asked_about():
    assert "gap_parted" in codes(read("vector/d01_two_plots_cont_labels_blank.csv", "EPSG:4543"))


def test_packed_degrees_are_asked_about():
    (issue,) = [
        one
        for one in read("vector/c04_packed_dms.csv", "EPSG:4490").report.issues
        if one.code == "degrees_maybe_packed"
    ]
    assert issue.params["packed"] == pytest.approx([102.8314, 24.8979], abs=1e-4)


@pytest.mark.parametrize("header", ["经度(度分秒),纬度(度分秒)", "经度(DD.MMSSss),纬度(DD.MMSSss)"])
def test_packed_degrees_that_are_stated_are_read(header, one_file):
    text = (CASES / "vector/c04_packed_dms.csv").read_text(encoding="utf-8")
    data = text.replace("经度,纬度", header).encode()
    sites = read_sites(one_file(data), ReadOptions(crs="EPSG:4490"), counties=None)
    # 102°49′53.00″ is 102.8313889, 24°53′52.41″ is 24.8978917.
    first = shapely.get_coordinates(sites.features.geometry[0])[0]
    assert first == pytest.approx([102.83138889, 24.89789167], abs=1e-8)
    assert "degrees_packed" in codes(sites)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("vector/k03_empty_coords_other_placemark.kml", [("b", "no_coordinates")]),
        ("vector/k11_mixed_point_label.kml", [("标注", "is_point")]),
        ("vector/x03_layer_off.dxf", [("旧红线", "layer_off")]),
    ],
)
def test_what_is_left_out_is_named(path, expected):
    assert lost(read(path, "EPSG:4543" if path.endswith("dxf") else None)) == expected


def test_layer_0_in_a_block_is_the_layer_of_its_place():
    sites = read("vector/x05_block_mirror.dxf", "EPSG:4543")
    assert sites.features["layer"].to_list() == ["用地红线"]


def test_arcs_and_turned_rings_are_told():
    assert "arcs_cut" in codes(read("vector/curvepolygon_circle_r100.gpkg"))
    assert "rings_by_position" in codes(read("vector/s03_reversed.shp"))


@pytest.mark.parametrize("path", ["tables/points_blank_pair.xlsx", "tables/points_letter_o.csv"])
def test_points_without_coordinates_are_refused(path):
    with pytest.raises(BadLineError) as caught:
        read(path, "EPSG:4490")
    assert caught.value.params["line"] == 5


def test_an_endless_view_is_never_run():
    with pytest.raises(NoListedLayerError) as caught:
        read("hostile/g_view.gpkg")
    assert caught.value.params["views"]


def test_comments_without_end_are_stepped_over_once():
    with pytest.raises(UnknownFormatError):
        read("hostile/redos_320B.kml")


@pytest.mark.parametrize("path", sorted(CASES.glob("*/*.*")), ids=lambda path: path.name)
def test_every_case_as_a_layer(path):
    """Property: a layer is read with a balanced account, or refused in words."""
    if path.suffix in (".dbf", ".prj", ".shx"):
        return
    try:
        frame, report = read_layer(
            source_from_path(path), ReadOptions(crs="EPSG:4543"), counties=None
        )
    except PlanningError:
        return
    assert len(frame) == report.feature_count
    assert report.ledger.unexplained == 0

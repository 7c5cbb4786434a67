"""One stray or bad site takes no file, one bad file no batch; what is left out is named.

Oracles: the same sites without the bad ones; areas by hand; the right answers of the cases.
"""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.check.batch.output import write_batch
from api.check.batch.run import BatchTerms, entries_of, run_batch
from api.check.proof.evidence import build_evidence
from api.check.proof.verify import verify_evidence
from api.check.sites import read_and_check
from api.cli import app
from api.data.import_layer import ImportRequest, import_layer, prepare_import
from api.expansion.questions import RankQuery
from api.expansion.rank import MOST_SITES, TooManySitesError, rank_sites
from api.workspace.workspace import Workspace
from geo.model import Verdict
from layers.check.site_limits import site_limits
from layers.errors import OutsideRegionError, SiteTooSmallError
from layers.model import LayerSpec, LayerStatus, ReadOptions, Sensitivity
from layers.readers import Source, source_from_path
from layers.zones import shipped_zone
from maps.answers import LeftOutOut
from maps.check.answers import CheckResult
from maps.document.reading import left_out_text
from maps.i18n import LANGUAGES, tr

CASES = Path(__file__).parents[2] / "golden" / "cases"
KUNMING = (102.80, 24.98)


def collection(*geometries: dict | None, crs: str | None = None) -> bytes:
    features = [
        {"type": "Feature", "properties": {"name": f"P{at}"}, "geometry": one}
        for at, one in enumerate(geometries, start=1)
    ]
    member = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    return json.dumps({"type": "FeatureCollection", **member, "features": features}).encode()


def box(west: float, south: float, size: float = 0.001) -> dict:
    return json.loads(shapely.to_geojson(shapely.box(west, south, west + size, south + size)))


def check(workspace: Workspace, data: bytes, **declared: object) -> CheckResult:
    source = Source(name="a.geojson", files={"a.geojson": data})
    return read_and_check(workspace, source, ReadOptions(**declared), None)


def site_at(x: float, y: float) -> dict:
    return json.loads(shapely.to_geojson(shapely.box(x, y, x + 100.0, y + 100.0)))


BAD: dict[str, dict | None] = {
    "no_geometry": None,
    "no_area": {"type": "Polygon", "coordinates": [[[102.8, 24.98], [102.9, 24.98], [102.8, 24.98], [102.8, 24.98]]]},
    "not_finite": {"type": "Polygon", "coordinates": [[[102.8, 24.98], [102.9, None], [102.9, 24.99], [102.8, 24.98]]]},
    "outside_region": box(121.4, 31.2),
    "too_small": box(102.8, 24.98, 1e-8),
}  # fmt: skip


LOST = {(str(at), reason) for at, reason in enumerate(BAD, start=2)}


def many_with_bad_ones(count: int) -> tuple[list[dict | None], dict[int, str]]:
    """Return many sites, and what is wrong with 20 of them by position."""
    chosen = np.sort(np.random.default_rng(20261129).choice(count, 20, replace=False)).tolist()
    bad = dict(zip(chosen, sorted(BAD) * 4, strict=False))
    shapes = [
        BAD[bad[at]] if at in bad else box(102.76 + 0.0005 * (at % 50), 24.93 + 0.0005 * (at // 50), 0.0004)
        for at in range(count)
    ]  # fmt: skip
    return shapes, bad


@pytest.mark.slow
def test_20_bad_sites_change_nothing_of_the_others(workspace: Workspace) -> None:
    shapes, bad = many_with_bad_ones(200)
    result = check(workspace, collection(*shapes))
    assert len(result.sites) == 180
    assert {int(one.label) - 1: one.reason for one in result.left_out} == bad
    ledger = result.read_report.ledger
    assert (ledger.found, ledger.used) == (200, 180)
    assert result.verdict == worst_with_unknown(result)
    sound = check(workspace, collection(*(one for at, one in enumerate(shapes) if at not in bad)))
    assert [site.findings for site in sound.sites] == [site.findings for site in result.sites]


@pytest.mark.slow
def test_2000_sites_with_20_bad_ones_at_both_doors(
    client: TestClient, workspace: Workspace, tmp_path: Path
) -> None:
    shapes, bad = many_with_bad_ones(2000)
    path = tmp_path / "many.geojson"
    path.write_bytes(collection(*shapes))
    answer = client.post("/api/v1/checks", json=json.loads(path.read_bytes())).json()
    assert len(answer["sites"]) == 1980
    assert {int(one["label"]) - 1: one["reason"] for one in answer["left_out"]} == bad
    environment = {"FTZGIS_DATA_DIR": str(workspace.settings.data_dir)}
    # A conflict of one outranks that others could not be judged.
    exit_code = 1 if "conflict" in {one["verdict"] for one in answer["sites"]} else 3
    said = CliRunner().invoke(app, ["check", str(path), "--lang", "en"], env=environment)
    assert said.exit_code == exit_code
    for entry in answer["left_out"]:
        assert left_out_text(LeftOutOut(**entry), "en") in said.output
    out = tmp_path / "out"
    command = ["batch", str(path), "-o", str(out), "--lang", "zh"]
    said = CliRunner().invoke(app, command, env=environment)
    assert said.exit_code == exit_code
    lost = gpd.read_file(out / "conflicts.gpkg", layer="left_out")
    assert {
        int(label) - 1: reason for label, reason in zip(lost.label, lost.reason, strict=True)
    } == bad
    assert set(lost.file) == {"many.geojson"}
    # By hand: where the last two kinds of bad sites begin.
    places = {
        why: (one.x, one.y) for why, one in zip(lost.reason, lost.geometry, strict=True) if one
    }
    assert places["outside_region"] == pytest.approx((121.401, 31.2), abs=0.002)
    assert places["too_small"] == pytest.approx((102.8, 24.98), abs=1e-6)
    assert set(places) == {"outside_region", "too_small"}
    for why in lost.why:
        assert why in said.output


def worst_with_unknown(result: CheckResult) -> str:
    order = list(Verdict)
    return min(*(site.verdict for site in result.sites), "undetermined", key=order.index)


def test_what_is_left_out_is_named_at_every_door(
    client: TestClient, workspace: Workspace, tmp_path: Path
) -> None:
    label_point = {"type": "Point", "coordinates": [102.8, 24.98]}
    data = collection(box(*KUNMING), *BAD.values(), label_point)
    path = tmp_path / "a.geojson"
    path.write_bytes(data)
    answer = client.post("/api/v1/checks", json=json.loads(data)).json()
    assert {(one["label"], one["reason"]) for one in answer["left_out"]} == LOST
    # A label beside the plots is named, and is no plot of which nothing can be told.
    named = {one["reason"] for one in answer["read_report"]["ledger"]["left_out"]}
    assert named == {"is_point", *BAD}
    assert answer["verdict"] == "undetermined"
    assert answer["sites"][0]["verdict"] != "undetermined"
    batch = run_batch(
        workspace,
        entries_of([path], workspace.limits, leave_out=tmp_path / "out"),
        BatchTerms(options=ReadOptions(), nature=None),
        lambda *_: None,
    )
    assert {(one.file, one.site.label, one.site.reason) for one in batch.left_out} == {
        ("a.geojson", *one) for one in LOST
    }
    environment = {"FTZGIS_DATA_DIR": str(workspace.settings.data_dir)}
    for lang in LANGUAGES:
        said = CliRunner().invoke(app, ["check", str(path), "--lang", lang], env=environment)
        assert said.exit_code == 3
        write_batch(batch, tmp_path / lang, lang)
        book = openpyxl.load_workbook(tmp_path / lang / "batch.xlsx")
        rows = {str(row[2]): row[-1] for row in book[tr("book.sheet_gaps", lang)].values}
        for entry in answer["left_out"]:
            said_why = left_out_text(LeftOutOut(**entry), lang)
            assert rows[entry["label"]] == said_why
            assert said_why in said.output
    proved = verify_evidence(build_evidence(workspace, answer["id"]))
    assert proved.differences == []


def test_a_stray_site_in_a_plane_takes_no_other(workspace: Workspace) -> None:
    # By hand: the second lies 5 degrees of longitude west of the zone's meridian, the third
    # at an easting that EPSG:4543 has no place for.
    data = collection(
        site_at(479_000, 2_764_000), site_at(0.0, 0.0), site_at(9.0e7, 2_764_000),
        site_at(479_500, 2_764_000),
        crs="urn:ogc:def:crs:EPSG::4543",
    )  # fmt: skip
    result = check(workspace, data)
    assert [site.name for site in result.sites] == ["P1", "P4"]
    assert [one.reason for one in result.left_out] == ["outside_crs", "outside_crs"]
    assert [one.label for one in result.left_out] == ["2", "3"]


def test_degrees_declared_as_metres_are_refused(workspace: Workspace) -> None:
    source = source_from_path(CASES / "hostile" / "lonlat_declared_3857.geojson")
    with pytest.raises(OutsideRegionError) as caught:
        read_and_check(workspace, source, ReadOptions(crs="EPSG:3857"))
    # By hand: 102.8 m east and 24.97 m north of the Gulf of Guinea's origin.
    assert caught.value.params["lon"] == pytest.approx(102.82 / 111_319.49, rel=1e-4)
    assert caught.value.params["lat"] == pytest.approx(24.97 / 111_319.49, rel=1e-2)
    assert caught.value.params["crs"] == "EPSG:3857"


def test_a_square_millimetre_inside_a_red_line_is_refused(workspace: Workspace) -> None:
    with pytest.raises(SiteTooSmallError) as caught:
        check(workspace, collection(box(102.771, 24.936, 1e-8)))
    assert caught.value.params["area_m2"] == pytest.approx(1.1e-6, rel=0.1)
    assert caught.value.params["least_m2"] == site_limits(shipped_zone().region).least_area_m2


def test_the_region_holds_every_county(workspace: Workspace) -> None:
    """Oracle: the county boundaries that ship."""
    west, south, east, north = site_limits(shipped_zone().region).bounds_lonlat
    bounds = workspace.counties.total_bounds
    assert (west, south) < tuple(bounds[:2])
    assert (east, north) > tuple(bounds[2:])


def test_a_site_with_a_flat_spike_is_judged(workspace: Workspace) -> None:
    source = source_from_path(CASES / "vector" / "site_flat_spike.geojson")
    result = read_and_check(workspace, source, ReadOptions())
    (one,) = result.sites
    assert one.area_m2 == pytest.approx(6640.0, rel=1e-3)
    (issue,) = [one for one in result.read_report.issues if one.code == "geometry_restored"]
    assert issue.params["area_after_m2"] == pytest.approx(one.area_m2, abs=1e-3)
    assert abs(issue.params["area_after_m2"] - issue.params["area_before_m2"]) < 0.01
    assert result.left_out == []


@pytest.mark.slow
def test_a_site_over_a_layer_with_a_flat_spike_is_a_conflict(workspace: Workspace) -> None:
    spec = LayerSpec(
        id="spike", kind="ecological_red_line", title_zh="红线", title_en="red line",
        status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL, source="s", licence="l",
    )  # fmt: skip
    layer = CASES / "vector" / "layer_flat_spike.gpkg"
    request = ImportRequest(
        source=source_from_path(layer), spec=spec, options=ReadOptions(), covers=("53",)
    )
    imported = import_layer(workspace, prepare_import(workspace, request))
    assert "geometry_restored" in {one.code for one in imported.read_report.issues}
    source = source_from_path(CASES / "vector" / "site_over_layer_flat_spike.gpkg")
    (one,) = read_and_check(workspace, source, ReadOptions()).sites
    (found,) = [finding for finding in one.findings if finding.layer_id == "spike"]
    assert found.verdict == "conflict"
    assert found.overlap_area_m2 == pytest.approx(6639.0, rel=1e-3)


def test_one_bad_file_takes_no_batch(workspace: Workspace, tmp_path: Path) -> None:
    folder = CASES / "vector" / "batch_one_bad"
    entries = entries_of([folder], workspace.limits, leave_out=tmp_path)
    terms = BatchTerms(options=ReadOptions(), nature=None)
    batch = run_batch(workspace, entries, terms, lambda *_: None)
    areas = {
        file.name: round(sum(site.area_m2 for site in file.check.sites), 2)
        for file in batch.files
        if file.check
    }
    assert areas["crumb.gpkg"] == pytest.approx(9998.26, abs=0.01)
    assert set(areas) == {"crumb.gpkg", "ok.txt"}
    write_batch(batch, tmp_path, "zh")


def test_an_unforeseen_fault_of_one_file_is_named_and_the_next_is_checked(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.geojson").write_bytes(collection(box(*KUNMING)))
    read = workspace.read_sites

    def broken(source: Source, options: ReadOptions) -> object:
        if source.name == "b.geojson":
            raise shapely.errors.GEOSException("TopologyException")
        return read(source, options)

    monkeypatch.setattr(workspace, "read_sites", broken)
    entries = entries_of([folder], workspace.limits, leave_out=tmp_path)
    terms = BatchTerms(options=ReadOptions(), nature=None)
    files = run_batch(workspace, entries, terms, lambda *_: None).files
    assert [file.status for file in files] == ["checked", "refused", "checked"]
    assert files[1].refusal.code == "api.internal"


def test_too_many_sites_are_refused_before_any_is_judged(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = [box(102.76 + 0.0005 * (at % 50), 24.93 + 0.0005 * (at // 50)) for at in range(700)]
    source = Source(name="a", files={"a": collection(*shapes)})
    query = RankQuery()

    def never(*_: object) -> None:
        raise AssertionError("a check began")

    monkeypatch.setattr("api.check.sites.compute_check", never)
    with pytest.raises(TooManySitesError) as caught:
        rank_sites(workspace, source, ReadOptions(), query)
    assert caught.value.params == {"sites": 700, "most": MOST_SITES}

"""Rasters: taken in with checks, kept in versions, read in windows."""

import shutil
import subprocess
import warnings
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from geo.errors import (
    CrsMismatchError,
    MissingCrsError,
    NoGridOverlapError,
    TurnedGridError,
)
from geo.model import Grid
from layers.errors import DamagedFileError, DamagedVersionError, KindChangedError, LayerIdError
from layers.model import LayerSpec, LayerStatus, Sensitivity
from layers.rasters._gdal import open_local, rasterio
from layers.rasters.building import put_grids
from layers.rasters.errors import (
    BandError,
    EmptyRasterError,
    ImplausibleValueError,
    MadeKindError,
    NotGeoTiffError,
    StrangeClassError,
    UnknownClassesError,
    UnknownRasterError,
    UnknownRasterKindError,
    UnstatedUnitError,
    WrongUnitError,
)
from layers.rasters.intake import take_in
from layers.rasters.kinds import class_dictionaries, raster_kinds
from layers.rasters.model import RasterDeclaration
from layers.rasters.reading import read_onto, read_window
from layers.rasters.store import RasterOrigin, RasterStore

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
STEP = Affine(30, 0, 580000, 0, -30, 2765000)
DEM = RasterDeclaration(kind="dem", unit="m")


def spec(raster_id="ground", kind="dem", status=LayerStatus.OFFICIAL) -> LayerSpec:
    return LayerSpec(
        id=raster_id, kind=kind, title_zh="地形", title_en="Ground", status=status,
        sensitivity=Sensitivity.INTERNAL, source="made by hand", licence="internal",
    )  # fmt: skip


def write(
    path: Path, values: np.ndarray, *, nodata=None, crs="EPSG:4543", step=STEP, **more
) -> Path:
    values = np.atleast_3d(values.T).T if values.ndim == 2 else values
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(
            path, "w", driver="GTiff", width=values.shape[2], height=values.shape[1],
            count=len(values), dtype=values.dtype, crs=crs, transform=step, nodata=nodata, **more,
        ) as file:  # fmt: skip
            file.write(values)
    return path


def taken(tmp_path: Path, source: Path, said: RasterDeclaration = DEM):
    facts, report = take_in(source, tmp_path / "out.tif", said)
    with open_local(tmp_path / "out.tif") as file:
        return facts, report, file.read(1)


def ramp(rows=40, columns=50) -> np.ndarray:
    return (1800 + np.arange(rows * columns).reshape(rows, columns) * 0.25).astype(np.float32)


@pytest.fixture
def store(tmp_path: Path) -> RasterStore:
    return RasterStore(tmp_path / "store")


def keep(store: RasterStore, values: np.ndarray, *, said=None, step=STEP, crs=4543, unit="m"):
    said = said or spec()
    grid = Grid(values=values, transform=step, crs=CRS(crs), nodata=np.nan, unit=unit)
    return put_grids(store, said, {"z": grid}, classes=None, origin=RasterOrigin(), now=NOW)


def test_values_and_place_survive(tmp_path: Path) -> None:
    z = ramp()
    z[3, 4] = -9999
    facts, report, kept = taken(tmp_path, write(tmp_path / "地形.tif", z, nodata=-9999))
    assert np.isnan(kept[3, 4])
    assert np.array_equal(np.delete(kept.ravel(), 3 * 50 + 4), np.delete(z.ravel(), 3 * 50 + 4))
    assert (facts.crs, facts.columns, facts.rows, facts.pixel_m) == ("EPSG:4543", 50, 40, 30.0)
    assert facts.affine == STEP
    assert (facts.least, facts.most) == (1800.0, ramp().max())
    assert (report.name, report.crs_how, report.issues) == ("地形.tif", "geotiff", ())
    with open_local(tmp_path / "out.tif") as file:
        assert file.compression.name == "deflate"
        assert file.profile["tiled"]


def test_a_large_file_gets_overviews_and_is_read_in_strips(tmp_path: Path) -> None:
    z = np.full((600, 700), 1500, dtype=np.int16)
    z[299, 650] = 1501
    facts, _, kept = taken(tmp_path, write(tmp_path / "a.tif", z))
    assert (facts.least, facts.most) == (1500, 1501)
    assert kept[299, 650] == 1501
    with open_local(tmp_path / "out.tif") as file:
        assert file.overviews(1)


def test_feet_scale_and_offset_become_metres(tmp_path: Path) -> None:
    # By hand: 1000 ft = 304.8 m; stored 500 with scale 0.5 and offset 100 is 350.
    z = np.full((3, 3), 1000, dtype=np.float32)
    feet = RasterDeclaration(kind="dem", unit="ft")
    facts, report, kept = taken(tmp_path, write(tmp_path / "a.tif", z), feet)
    assert kept == pytest.approx(304.8)
    assert facts.unit == "m"
    assert [issue.code for issue in report.issues] == ["raster_unit_changed"]
    path = write(tmp_path / "b.tif", np.full((3, 3), 500, dtype=np.int16))
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.5,), (100.0,)
    assert taken(tmp_path, path)[2] == pytest.approx(350.0)


@pytest.mark.parametrize(
    ("unit", "said"), [("m", "Unit Type: m"), ("deg", "Unit Type: deg"), ("grade", "")]
)
def test_another_program_reads_the_unit_of_a_band(
    store: RasterStore, tmp_path: Path, unit: str, said: str
) -> None:
    if shutil.which("gdalinfo") is None:
        pytest.skip("GDAL's programs are not installed: apt-get install gdal-bin")
    kept = store.sound_path(keep(store, ramp(), unit=unit).version)
    told = subprocess.run(["gdalinfo", kept], capture_output=True, encoding="utf-8", check=True)
    assert [line.strip() for line in told.stdout.splitlines() if "Unit Type" in line] == [
        *filter(None, [said])
    ]
    # What comes in from outside is kept in the unit of its kind, whatever it was in.
    _, _, values = taken(
        tmp_path, write(tmp_path / "cm.tif", 100 * ramp()), RasterDeclaration(kind="dem", unit="cm")
    )
    assert np.allclose(values, ramp())
    told = subprocess.run(
        ["gdalinfo", tmp_path / "out.tif"], capture_output=True, encoding="utf-8", check=True
    )
    assert "Unit Type: m" in told.stdout


def test_nothing_about_a_file_is_guessed(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.tif", ramp())
    cases = {
        UnstatedUnitError: (plain, RasterDeclaration(kind="dem", unit=None)),
        WrongUnitError: (plain, RasterDeclaration(kind="dem", unit="class")),
        UnknownRasterKindError: (plain, RasterDeclaration(kind="heights", unit="m")),
        MadeKindError: (plain, RasterDeclaration(kind="suitability", unit="grade")),
        UnknownClassesError: (plain, RasterDeclaration(kind="land_cover", unit=None)),
        CrsMismatchError: (plain, RasterDeclaration(kind="dem", unit="m", crs="EPSG:4542")),
        MissingCrsError: (write(tmp_path / "b.tif", ramp(), crs=None), DEM),
        BandError: (write(tmp_path / "c.tif", np.stack([ramp(), ramp()])), DEM),
        TurnedGridError: (
            write(tmp_path / "d.tif", ramp(), step=STEP @ Affine.rotation(10)), DEM,
        ),
        EmptyRasterError: (write(tmp_path / "e.tif", np.full((3, 3), -1.0), nodata=-1.0), DEM),
        ImplausibleValueError: (write(tmp_path / "f.tif", ramp() * 10), DEM),
    }  # fmt: skip
    for error, (source, said) in cases.items():
        with pytest.raises(error):
            take_in(source, tmp_path / "out.tif", said)
        assert not list(tmp_path.glob("*.loose.tif"))


def test_a_band_and_a_crs_can_be_declared(tmp_path: Path) -> None:
    two = write(tmp_path / "a.tif", np.stack([ramp(), ramp() + 1]), crs=None)
    said = RasterDeclaration(kind="dem", unit="m", crs="EPSG:4543", band=2)
    facts, report, kept = taken(tmp_path, two, said)
    assert np.array_equal(kept, ramp() + 1)
    assert (facts.crs, report.crs_how) == ("EPSG:4543", "declared")


def test_an_undeclared_nodata_value_is_found_out(tmp_path: Path) -> None:
    z = ramp()
    z[0, 0] = -32768
    with pytest.raises(ImplausibleValueError) as caught:
        taken(tmp_path, write(tmp_path / "a.tif", z))
    assert caught.value.params["found"] == -32768
    said = RasterDeclaration(kind="dem", unit="m", nodata=-32768)
    assert taken(tmp_path, write(tmp_path / "a.tif", z), said)[0].least == 1800.25


def test_classes_must_be_in_their_dictionary(tmp_path: Path) -> None:
    codes = np.array([[1, 2, 9], [8, 255, 5]], dtype=np.uint8)
    clcd = RasterDeclaration(kind="land_cover", unit=None, classes="clcd")
    with pytest.raises(StrangeClassError) as caught:
        taken(tmp_path, write(tmp_path / "a.tif", codes), clcd)
    assert caught.value.params["found"] == [255]
    facts, _, kept = taken(tmp_path, write(tmp_path / "a.tif", codes, nodata=255), clcd)
    assert (facts.classes, facts.unit, facts.nodata) == ("clcd", "class", 65535)
    assert kept.tolist() == [[1, 2, 9], [8, 65535, 5]]


@pytest.mark.parametrize(
    "content",
    [
        b"<VRTDataset rasterXSize='1' rasterYSize='1'><SourceFilename>/etc/passwd",
        b"", b"II*\x00", b"II*\x00" + b"\xff" * 300, b"\x89PNG\r\n\x1a\n",
    ],
)  # fmt: skip
def test_what_is_no_geotiff_is_refused_whatever_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "dem.tif"
    path.write_bytes(content)
    with pytest.raises((NotGeoTiffError, DamagedFileError)):
        take_in(path, tmp_path / "out.tif", DEM)


def test_a_cut_off_file_is_damaged(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", ramp(400, 400))
    path.write_bytes(path.read_bytes()[:-200_000])
    with pytest.raises(DamagedFileError):
        take_in(path, tmp_path / "out.tif", DEM)


def test_formats_that_point_elsewhere_have_no_driver() -> None:
    with rasterio.Env() as environment:
        drivers = set(environment.drivers())
    # VRT is what rasterio describes warps by; no file is opened as one, see above.
    assert drivers <= {"GTiff", "COG", "MEM", "Memory", "PNG", "VRT"}


def test_versions_are_counted_and_never_change(store: RasterStore) -> None:
    first = keep(store, ramp())
    assert first.created
    assert first.version.number == 1
    again = keep(store, ramp())
    assert not again.created
    assert again.version == first.version
    second = keep(store, ramp() + 1)
    assert second.version.number == 2
    assert [v.number for v in store.versions("ground")] == [2, 1]
    assert store.get("ground", 1) == first.version
    assert store.current() == (second.version,)
    assert oct(first.version.path.stat().st_mode)[-3:] == "444"
    assert not list(first.version.path.parent.parent.glob(".*"))
    assert RasterStore(first.version.path.parents[2]).get("ground") == second.version


def test_the_digest_is_of_values_and_place(store: RasterStore) -> None:
    base = keep(store, ramp()).version.facts.content_sha256
    moved = keep(store, ramp(), step=STEP @ Affine.translation(1, 0)).version.facts
    other = ramp()
    other[5, 5] += 0.25
    changed = keep(store, other).version.facts
    assert len({base, moved.content_sha256, changed.content_sha256}) == 3


def test_store_refusals(store: RasterStore) -> None:
    keep(store, ramp())
    with pytest.raises(LayerIdError):
        keep(store, ramp(), said=spec("../x"))
    with pytest.raises(UnknownRasterKindError):
        keep(store, ramp(), said=spec(kind="nothing"))
    with pytest.raises(KindChangedError):
        keep(store, ramp(), said=spec(kind="climate"), unit="grade")
    for wanted in (("other", None), ("ground", 7)):
        with pytest.raises(UnknownRasterError):
            store.get(*wanted)


def test_a_damaged_file_is_found_out(store: RasterStore) -> None:
    version = keep(store, ramp()).version
    version.path.chmod(0o644)
    data = bytearray(version.path.read_bytes())
    data[-10] ^= 1
    version.path.write_bytes(data)
    with pytest.raises(DamagedVersionError):
        store.sound_path(version)
    # The same again is its successor, and is used.
    again = keep(store, ramp())
    assert (again.created, again.version.number) == (True, 2)
    assert store.sound_path(again.version) == again.version.path


def test_demonstrations_give_way_and_fine_pixels_go_first(store: RasterStore) -> None:
    keep(store, ramp(), said=spec("made_up", status=LayerStatus.DEMONSTRATION))
    assert [v.raster_id for v in store.in_use("dem")] == ["made_up"]
    keep(store, ramp(), said=spec("coarse"), step=STEP @ Affine.scale(3))
    keep(store, ramp(), said=spec("fine"))
    assert [v.raster_id for v in store.in_use("dem")] == ["fine", "coarse"]
    assert store.in_use("climate") == ()


@pytest.mark.parametrize("step", [STEP, Affine(30, 0, 580000, 0, 30, 2763800)])
def test_windows_are_cut_as_asked(store: RasterStore, step: Affine) -> None:
    # Second method: the same rows and columns of the array.
    z = ramp()
    version = keep(store, z, step=step).version
    left, right = 580000 + 30 * 10.5, 580000 + 30 * 12
    rows = (20, 22)
    ends = sorted(step.f + step.e * row for row in rows)
    part = read_window(version, version.path, (left, ends[0], right, ends[1]))
    assert np.array_equal(part.values, z[20:22, 10:12])
    assert part.transform == step @ Affine.translation(10, 20)
    wide = read_window(version, version.path, (left, ends[0], right, ends[1]), margin=1)
    assert np.array_equal(wide.values, z[19:23, 9:13])
    corner = read_window(version, version.path, (579000, 0, 580010, 1e7), margin=1)
    assert np.array_equal(corner.values, z[:, :2])
    assert np.array_equal(read_window(version, version.path, None).values, z)
    with pytest.raises(NoGridOverlapError):
        read_window(version, version.path, (0, 0, 100, 100))


def test_a_raster_is_laid_onto_other_pixels(store: RasterStore) -> None:
    # Analytic: a plane in x and y keeps its values wherever it is sampled.
    row, column = np.mgrid[:40, :50]
    version = keep(store, (1000 + column - row).astype(np.float32)).version
    other = STEP @ Affine.translation(5.5, 7.5) @ Affine.scale(1.0)
    onto = Grid(values=np.zeros((10, 10)), transform=other, crs=CRS(4543), nodata=np.nan, unit="m")
    found = read_onto(version, version.path, onto)
    r, c = np.mgrid[:10, :10]
    assert found.values == pytest.approx(1000 + (c + 5.5) - (r + 7.5), abs=1e-3)
    far = Grid(
        values=np.zeros((2, 2)), transform=STEP @ Affine.translation(500, 0), crs=CRS(4543),
        nodata=np.nan, unit="m",
    )  # fmt: skip
    assert np.isnan(read_onto(version, version.path, far).values).all()


def test_dictionaries_and_kinds_are_whole() -> None:
    groups = {one.group for each in class_dictionaries().values() for one in each.classes.values()}
    assert groups == {
        "forest",
        "shrub",
        "grass",
        "crop",
        "built",
        "bare",
        "snow",
        "water",
        "wetland",
    }
    for kind in raster_kinds().values():
        assert kind.units[kind.unit] == 1.0

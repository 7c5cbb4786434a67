"""Densities over HTTP: the plan's own numbers by hand, reasons for every gap."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from geo.units import round_as_printed
from layers.density.statistics.builtin import load_units
from layers.zones import shipped_zone

URL = "/api/v1/density"


def table(client: TestClient, **query: object) -> dict:
    return client.get(URL, params=query).json()


def row_of(answer: dict, unit: str) -> dict:
    return next(row for row in answer["rows"] if row["unit_id"] == unit)


@pytest.mark.parametrize(
    ("indicator", "year", "by_hand"),
    [
        ("trade", 2020, 717.9 / 119.86),
        ("trade", 2025, 2675.78 / 119.86),
        ("public_budget_revenue", 2020, 94.93 / 119.86),
        ("fixed_investment", 2025, 1376.59 / 119.86),
        ("new_firms", 2020, 17874 / 119.86),
    ],
)
def test_the_plans_figures_over_the_approved_area(
    shared_client: TestClient, indicator: str, year: int, by_hand: float
) -> None:
    answer = table(shared_client, indicator=indicator, year=year, denominator="approved")
    zone = row_of(answer, "ftz")
    assert zone["density"] == pytest.approx(by_hand, rel=1e-12)
    assert (zone["area_km2"], zone["area_method"]) == (119.86, "published")
    assert zone["value_note"] == ("target" if year == 2025 else "full_year")


def test_trade_density_of_2020_is_5_99(shared_client: TestClient) -> None:
    answer = table(shared_client, indicator="trade", year=2020, denominator="approved")
    assert round(row_of(answer, "ftz")["density"], 2) == 5.99
    assert answer["unit"] == "亿元/km²"


def test_districts_without_a_value_say_so(shared_client: TestClient) -> None:
    answer = table(shared_client, indicator="trade", year=2020, denominator="approved")
    for unit in ("kunming", "honghe", "dehong"):
        row = row_of(answer, unit)
        assert (row["density"], row["reason"]) == (None, "no_value")


def test_the_drawn_boundary_is_indicative_and_says_so(shared_client: TestClient) -> None:
    answer = table(shared_client, indicator="trade", year=2020, denominator="boundary")
    zone = row_of(answer, "ftz")
    assert zone["area_method"] == "ellipsoidal"
    assert zone["area_km2"] == pytest.approx(119.86, abs=1e-9)
    (basis,) = answer["basis"]
    assert (basis["status"], basis["layer_ids"]) == ("indicative", ["zone"])
    assert "indicative" in basis["titles"][0]["en"]


def test_one_park_over_two_denominators_has_two_densities(client: TestClient) -> None:
    # By hand from a GDP of 300 over the published 157 (administered) and 17.87 (built-up).
    file = {"file": ("t.csv", "单元,指标,年份,数值,单位\n曲靖经开区,地区生产总值,2019,300,亿元\n")}
    said = {"dataset": "qujing", "source": "x"}
    assert client.post("/api/v1/statistics", data=said, files=file).status_code == 201
    for land, area in (("administered", 157.0), ("built_up", 17.87)):
        answer = table(client, indicator="gdp", year=2019, denominator=land)
        assert row_of(answer, "qujing_etdz")["density"] == pytest.approx(300 / area)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"indicator": "x", "year": 2020, "denominator": "approved"}, "api.density.unknown_indicator"),
        ({"indicator": "trade", "year": 1999, "denominator": "approved"}, "api.density.none"),
        ({"indicator": "trade", "year": 2020, "denominator": "moon"}, "api.density.none"),
        ({"indicator": "trade", "denominator": "approved"}, "api.request.invalid"),
        ({"indicator": "trade", "year": "soon", "denominator": "approved"}, "api.request.invalid"),
    ],
)  # fmt: skip
def test_a_density_that_cannot_be_is_refused(
    shared_client: TestClient, query: dict, code: str
) -> None:
    answer = shared_client.get(URL, params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_an_area_of_another_year_gives_no_density(shared_client: TestClient) -> None:
    # The area of Qujing's zone is published for 2019, its foreign capital for 2017.
    answer = shared_client.get(
        URL, params={"indicator": "foreign_capital", "year": 2017, "denominator": "administered"}
    )
    assert answer.json()["code"] == "api.density.none"


def test_what_is_not_public_is_named_with_the_office_that_has_it(
    shared_client: TestClient, built_store: Path
) -> None:
    # Oracle: what ships has no figure and no land of Kunming's ETDZ, and no year of a district.
    units = {one["unit_id"]: one for one in shared_client.get("/api/v1/indicators").json()["units"]}
    assert list(units) == list(load_units(shipped_zone()))
    assert (units["ftz"]["latest_year"], units["ftz"]["lands"]) == (2020, ["approved", "boundary"])
    for unit in ("kunming", "honghe", "dehong", "kunming_etdz", "dali_etdz"):
        assert units[unit]["latest_year"] is None, unit
        assert "管委会" in units[unit]["holder"]["zh"]
    assert units["kunming_etdz"]["lands"] == []
    for lang, missing in (("zh", "未公开"), ("en", "not public")):
        command = ["indicators", "--lang", lang]
        text = CliRunner().invoke(app, command, env={"FTZGIS_DATA_DIR": str(built_store)}).stdout
        for one in units.values():
            assert one["holder"][lang] in text
        assert missing in text


def test_every_offered_density_can_be_had(shared_client: TestClient) -> None:
    offered = shared_client.get("/api/v1/indicators").json()["indicators"]
    assert {option["id"] for option in offered} >= {"trade", "gdp", "industrial_output"}
    for option in offered:
        for year in option["years"]:
            for land in year["denominators"]:
                answer = table(
                    shared_client, indicator=option["id"], year=year["year"], denominator=land
                )
                known = [row["density"] for row in answer["rows"] if row["density"] is not None]
                assert known
                # As the map prints them: two decimals, four below one.
                printed = {round_as_printed(one, 2 if one >= 1 else 4) for one in known}
                assert answer["breaks"]["edges"] == sorted(printed)

"""Low-yield land to a decision, and standard land. Oracles: by hand, and seeded histories."""

import random
from datetime import date

import pytest
from starlette.testclient import TestClient

from layers.density.promises import expiry_state, first_due_year, keeps_least, term_end

FIRMS = """企业名称,规模,片区,用地面积(亩),税收(万元),增加值(万元),综合能耗(吨标煤),从业人员(人),主营业务收入(万元),研发经费(万元),排放量(吨),用电量(万千瓦时),年份
甲,规上,昆明片区,100,3000,9000,1000,200,30000,500,2,100,2025
乙,规上,昆明片区,60,60,300,200,20,1000,0,1,20,2025
丙,规上,红河片区,40,0,0,0,0,0,0,0,0,2025
丁,规上,红河片区,30,20,100,100,10,500,0,1,10,2025
戊,规上,德宏片区,200,5000,15000,2000,400,60000,900,3,200,2025
己,规上,德宏片区,20,,100,100,10,500,0,1,10,2025
"""  # fmt: skip
PROMISES = """宗地,企业,供地方式,出让日期,出让年限(年),达产期限,出让面积(亩),承诺投资强度(万元/亩),承诺亩均产值(万元/亩),承诺亩均税收(万元/亩),承诺单位产值能耗(吨标煤/万元)
A1,甲,弹性出让,2007-03-01,20,2023-06-30,100,300,400,25,0.1
A2,乙,租赁,2021年1月1日,5,2024-12-31,50,200,300,20,
A4,丁,,,,,30,300,,,
"""
FIGURES = """宗地,年份,累计投资(万元),产值(万元),税收(万元),综合能耗(吨标煤)
A1,2023,29000,10000,500,900
A1,2024,31000,45000,2600,4000
A1,2025,31000,38000,2600,4500
A2,2024,12000,9000,500,1
A2,2025年预计,12000,20000,1500,1
B9,2024,1,1,1,1
"""


def decide(client: TestClient, **said: object) -> dict:
    files = {"file": ("f.csv", FIRMS.encode(), "text/csv")}
    asked = {"scheme": "huangyan_2022", "budget_wan": "3000"} | said
    answer = client.post("/api/v1/low-land", data=asked, files=files)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ledger(client: TestClient, promises: str, figures: str, **said: str) -> dict:
    files = {
        "file": ("p.csv", promises.encode(), "text/csv"),
        "figures": ("f.csv", figures.encode(), "text/csv"),
    }
    answer = client.post("/api/v1/standard-land", data=said, files=files)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_routes_and_what_a_budget_frees_by_hand(shared_client: TestClient) -> None:
    found = decide(shared_client, prices=["reserve=45:1:60", "mixed=10:0.3:50"])
    routes = {one["name"]: (one["route"], one["decision"]) for one in found["parcels"]}
    assert routes == {
        # 60 mu are too many for mixed use, and nobody says what an exchange costs.
        "乙": (None, "no_price"),
        "丙": ("reserve", "chosen"),
        "丁": ("mixed", "chosen"),
        "己": (None, "cannot_tell"),
    }
    # 40 x 45 + 30 x 10 = 2100; 40 + 0.3 x 30 = 49 mu; 40 x 60 + 9 x 50 = 2850.
    assert (found["spent"], found["freed_mu"], found["money"]) == (2100, 49, 2850)
    assert found["kept_firms"] == 2
    assert {one["en"] for one in found["unpriced"]} == {
        "exchanged for land elsewhere", "converted in place",
    }  # fmt: skip


def test_a_small_budget_waits_and_nothing_is_assumed(shared_client: TestClient) -> None:
    small = decide(shared_client, budget_wan="500", prices=["reserve=45:1:60"])
    assert [one["decision"] for one in small["parcels"] if one["name"] == "丙"] == ["over_budget"]
    assert (small["spent"], small["freed_mu"]) == (0, 0)
    none = decide(shared_client)
    assert {one["route"] for one in none["parcels"]} == {None}


@pytest.mark.parametrize(
    "price", ["reserve=45", "reserve=45:2:0", "reserve=x:1:0", "other=1:1:1", "reserve=-1:1:1"]
)
def test_a_price_that_is_none_is_refused(shared_client: TestClient, price: str) -> None:
    files = {"file": ("f.csv", FIRMS.encode(), "text/csv")}
    said = {"scheme": "huangyan_2022", "budget_wan": "1", "prices": price}
    answer = shared_client.post("/api/v1/low-land", data=said, files=files)
    assert answer.json()["code"] == "api.density.route_price"


def test_broken_kept_and_unknown_promises_by_hand(shared_client: TestClient) -> None:
    found = ledger(shared_client, PROMISES, FIGURES)
    states = {(one["parcel"], one["promise"], one["year"]): one["state"] for one in found["rows"]}
    broken = {key for key, state in states.items() if state == "breach"}
    # 29000 / 100 < 300; 38000 / 100 < 400; 4500 / 38000 > 0.1.
    assert broken == {("A1", "investment", 2023), ("A1", "output", 2025), ("A1", "energy", 2025)}
    # An estimate is no figure, and a promise without a deadline is told.
    assert states["A2", "output", 2025] == "no_figure"
    assert states["A4", "investment", None] == "no_deadline"
    assert found["unknown_parcels"] == ["B9"]
    assert found["without_term"] == ["A4"]
    assert found["left_out"]
    ends = {one["parcel"]: one["ends_on"] for one in found["expiries"]}
    assert ends == {"A2": "2025-12-31", "A1": "2027-02-28"}


def test_sums_of_a_ledger_are_no_parcels(shared_client: TestClient) -> None:
    found = ledger(shared_client, f"{PROMISES}合计,,,,,,180,,,,\n", FIGURES)
    assert [one["text"] for one in found["sums"]] == ["合计"]
    assert found["parcels"] == len(PROMISES.strip().splitlines()) - 1
    assert not any(one["parcel"] == "合计" for one in found["rows"])


def test_ends_of_terms_by_hand() -> None:
    assert term_end(date(2021, 1, 1), 60) == date(2025, 12, 31)
    assert term_end(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert term_end(date(2024, 2, 29), 48) == date(2028, 2, 28)
    assert term_end(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert term_end(date(2026, 12, 31), 2) == date(2027, 2, 28)
    today = date(2026, 11, 30)
    assert [expiry_state(one, today, 12) for one in (date(2026, 11, 29), date(2026, 11, 30))] == [
        "expired", "soon",
    ]  # fmt: skip
    assert expiry_state(date(2027, 12, 1), today, 12) == "later"
    assert first_due_year(date(2023, 12, 31), at_deadline=False) == 2024
    assert keeps_least(0.1 + 0.2, 0.3)


@pytest.mark.parametrize("seed", range(3))
def test_all_breaches_of_a_seeded_history_are_found_and_no_other(
    shared_client: TestClient, seed: int
) -> None:
    said, last = random.Random(seed), 2025  # noqa: S311 - a seeded case
    heads = PROMISES.splitlines()[0], FIGURES.splitlines()[0]
    promises, figures, broken, gone = [heads[0]], [heads[1]], set(), set()
    for number in range(60):
        parcel, due, mu = f"P{number}", said.randint(2019, 2024), said.randint(10, 90)
        promises.append(f"{parcel},,出让,2018-01-01,50,{due}-06-30,{mu},300,400,25,0.1")
        for year in range(due, last + 1):
            amounts = {"investment": 330.0 * mu, "output": 440.0 * mu, "tax": 27.5 * mu}
            amounts["energy"] = 0.09 * amounts["output"]
            for name in ("investment", "output", "tax", "energy"):
                due_now = name == "investment" or year > due
                if said.random() < 0.1:
                    amounts[name] *= 1.5 if name == "energy" else 0.5
                    broken |= {(parcel, name, year)} if due_now else set()
            # Half the output for the same energy breaks that promise too.
            if amounts["energy"] > 0.1 * amounts["output"] and year > due:
                broken.add((parcel, "energy", year))
            elif (parcel, "energy", year) in broken:
                broken.discard((parcel, "energy", year))
            if said.random() < 0.05:
                names = [n for n in amounts if n == "investment" or year > due]
                gone |= {(parcel, name, year) for name in names}
                broken -= {(parcel, name, year) for name in names}
                continue
            row = ",".join(f"{amounts[n]:.6f}" for n in ("investment", "output", "tax", "energy"))
            figures.append(f"{parcel},{year},{row}")
    found = ledger(shared_client, "\n".join(promises), "\n".join(figures))
    by_state: dict[str, set] = {}
    for one in found["rows"]:
        by_state.setdefault(one["state"], set()).add((one["parcel"], one["promise"], one["year"]))
    assert broken
    assert by_state["breach"] == broken
    assert by_state.get("no_figure", set()) == gone


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (PROMISES.replace("2023-06-30", "明年"), "not_a_date"),
        (PROMISES + "A1,,,,,2024-01-01,1,1,,,\n", "repeated_parcel"),
        (PROMISES.replace(",300,400,25,0.1", ",三百,400,25,0.1"), "not_a_number"),
    ],
)
def test_rows_that_do_not_fit_are_named(shared_client: TestClient, table: str, code: str) -> None:
    files = {
        "file": ("p.csv", table.encode(), "text/csv"),
        "figures": ("f.csv", FIGURES.encode(), "text/csv"),
    }
    answer = shared_client.post("/api/v1/standard-land", files=files)
    assert answer.status_code == 422
    assert code in {one["code"] for one in answer.json()["params"]["problems"]}


@pytest.mark.parametrize("form", ["docx", "pdf", "xlsx", "csv"])
def test_both_become_files(shared_client: TestClient, form: str) -> None:
    files = {"file": ("f.csv", FIRMS.encode(), "text/csv")}
    said = {"scheme": "huangyan_2022", "budget_wan": "3000", "prices": "reserve=45:1:60"}
    query = {"format": form, "lang": "en"}
    plan = shared_client.post("/api/v1/low-land", params=query, data=said, files=files)
    assert plan.status_code == 200
    both = {"file": ("p.csv", PROMISES.encode()), "figures": ("f.csv", FIGURES.encode())}
    answer = shared_client.post("/api/v1/standard-land", params=query, files=both)
    assert answer.status_code == 200


def test_drawn_parcels_come_with_the_lines_of_their_firms(shared_client: TestClient) -> None:
    address = "/api/v1/low-land?scheme=huangyan_2022&parcels=demo_parcels&budget_wan=1000"
    found = shared_client.get(f"{address}&geometry=true").json()
    drawn = {line for one in found["features"]["features"] for line in one["properties"]["lines"]}
    assert {one["line"] for one in found["parcels"]} <= drawn
    assert shared_client.get(address).json()["features"] is None

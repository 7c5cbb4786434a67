"""Sites that are not what their own file says of them.

Oracle: squares of 300 m, 9 ha; the clear one is known to lie off all lines that forbid.
"""

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from geo.model import Reason
from layers.model import Issue, Severity
from layers.readers.contradictions import contradiction_in

URL = "/api/v1/checks"
HEADER = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=34
[地块坐标]
"""
CLEAR = (2763926.867, 580624.841)
IN_FARMLAND = (2772191.537, 561553.978)
AREA, POINTS = Reason.STATED_AREA_DISAGREES, Reason.STATED_POINTS_DISAGREE


def plot(
    order: str = "12341", *, corner: tuple[float, float] = CLEAR, area: str = "9.0", name: str = "1"
) -> str:
    north, east = corner
    corners = {"1": (0, 300), "2": (300, 300), "3": (300, 0), "4": (0, 0)}
    rows = (f"J{at},1,{north + corners[at][0]:.3f},{east + corners[at][1]:.3f}\n" for at in order)
    return f"5,{area},{name},甲,面,G48G,工业,,@\n" + "".join(rows)


def check(client: TestClient, *plots: str) -> dict:
    answer = client.post(URL, files={"file": ("a.txt", (HEADER + "".join(plots)).encode())})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("text", "verdict", "doubts"),
    [
        (plot(), "clear", set()),
        # By hand: the ellipsoidal area is 8.99855 ha, 0.016 % below what is stated.
        (plot(area="9.0000"), "clear", set()),
        (plot(area="9"), "clear", set()),
        (plot(area="9.2000"), "undetermined", {AREA}),
        (plot(area="8.8000"), "undetermined", {AREA}),
        (plot("13241"), "undetermined", {AREA}),
        (plot("1241"), "undetermined", {AREA, POINTS}),
        (plot("1241", area=""), "undetermined", {POINTS}),
        (plot("1241", corner=IN_FARMLAND), "conflict", {AREA, POINTS}),
    ],
)
def test_a_site_that_contradicts_what_is_stated_of_it_is_never_clear(
    client: TestClient, text: str, verdict: str, doubts: set[str]
) -> None:
    answer = check(client, text)
    (site,) = answer["sites"]
    assert (answer["verdict"], site["verdict"]) == (verdict, verdict)
    for finding in site["findings"]:
        assert {AREA, POINTS} & set(finding["reasons"]) == doubts
        assert not doubts or finding["verdict"] in {"undetermined", "conflict"}


def test_another_plot_of_the_file_stays_clear_whatever_the_ids(client: TestClient) -> None:
    # Two plots of one number are numbered anew: the doubt goes with its plot.
    answer = check(client, plot(name="2"), plot("1241", corner=(2763926.867, 581024.841), name="2"))
    assert [site["verdict"] for site in answer["sites"]] == ["clear", "undetermined"]
    assert answer["verdict"] == "undetermined"


def test_the_command_and_a_batch_say_it(own_store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    folder.mkdir()
    (folder / "a.txt").write_text(HEADER + plot("1241"), encoding="utf-8")
    env = {"FTZGIS_DATA_DIR": str(own_store)}
    one = CliRunner().invoke(app, ["check", str(folder / "a.txt"), "--lang", "zh"], env=env)
    assert one.exit_code == 3
    assert "写明的界址点数与实有不符" in one.output
    said = ["batch", str(folder), "-o", str(tmp_path / "out"), "--lang", "zh"]
    many = CliRunner().invoke(app, said, env=env)
    assert many.exit_code == 3, many.output
    assert "无法判定" in many.output


@pytest.mark.parametrize(
    ("stated", "computed", "rounding", "found"),
    [
        # A hundredth of the stated area, after half the step of its digits, is the limit.
        (1000.0, 990.0, 0.0, None),
        (1000.0, 989.9, 0.0, AREA),
        (400.0, 446.0, 50.0, None),
        (400.0, 455.0, 50.0, AREA),
        (400.0, 345.0, 50.0, AREA),
    ],
)
def test_rounding_is_no_contradiction(
    stated: float, computed: float, rounding: float, found: Reason | None
) -> None:
    told = {"stated_m2": stated, "computed_m2": computed, "rounding_m2": rounding}
    issue = Issue(code="area_disagrees", severity=Severity.WARNING, params=told)
    assert contradiction_in(issue) == found


@pytest.mark.parametrize(
    ("order", "doubts"), [("12341", []), ("13241", ["repaired_otherwise"])], ids=["square", "eight"]
)
def test_a_figure_eight_without_a_stated_area_is_never_clear(
    client: TestClient, order: str, doubts: list[str]
) -> None:
    # Half of the square that is meant lies in neither lobe: 4.5 of 9 ha.
    answer = check(client, plot(order, area=""))
    (site,) = answer["sites"]
    assert answer["verdict"] == ("undetermined" if doubts else "clear")
    assert all(
        [one for one in finding["reasons"] if one == "repaired_otherwise"] == doubts
        for finding in site["findings"]
    )
    crossing = plot(order, area="", corner=IN_FARMLAND)
    assert check(client, crossing)["verdict"] == "conflict"


def test_the_repair_that_a_stated_area_confirms_is_no_doubt(client: TestClient) -> None:
    # By hand: two lobes of 150 m x 300 m / 2 each are half of 9 ha.
    assert check(client, plot("13241", area="4.5"))["verdict"] == "clear"


def table(numbers: str, *, corner: tuple[float, float] = CLEAR, plot: str = "") -> str:
    """Points of a hexagon that holds the square of 300 m, without those that are not named."""
    north, east = corner
    places = {
        "1": (0, 0),
        "2": (0, 150),
        "3": (0, 300),
        "4": (300, 300),
        "5": (300, 150),
        "6": (300, 0),
    }
    return "".join(
        f"{plot}J{at},{north + places[at][0]:.3f},{east + places[at][1]:.3f}\n" for at in numbers
    )


def verdicts(client: TestClient, name: str, text: str) -> list[tuple[str, bool]]:
    answer = client.post(f"{URL}?crs=EPSG:4543", files={"file": (name, text.encode())})
    assert answer.status_code == 200, answer.text
    return [
        (site["verdict"], any("points_missing" in one["reasons"] for one in site["findings"]))
        for site in answer.json()["sites"]
    ]


HEAD = "点号,X,Y\n"


def test_points_whose_numbers_have_a_gap_are_never_clear(client: TestClient) -> None:
    """J3 may be a corner: nothing in the table tells how large the plot is."""
    assert verdicts(client, "a.csv", HEAD + table("123456")) == [("clear", False)]
    assert verdicts(client, "a.csv", HEAD + table("12456")) == [("undetermined", True)]
    lost = HEAD + table("12456", corner=IN_FARMLAND)
    assert verdicts(client, "a.csv", lost) == [("conflict", True)]
    # One plot's gap is no doubt of the other, whatever they are called.
    beside = (2763926.867, 581024.841)
    for names in (("甲,", "乙,"), ("2,", "1,")):
        both = table("12456", plot=names[0]) + table("123456", corner=beside, plot=names[1])
        found = verdicts(client, "a.csv", f"地块,{HEAD}{both}")
        assert found == [("undetermined", True), ("clear", False)]


@pytest.mark.parametrize(
    ("count", "area", "verdict"),
    [
        ("", "", "undetermined"),
        ("5", "", "clear"),
        ("6", "", "undetermined"),
        # By hand: the triangle beyond J2 and J4 is 150 m x 300 m / 2 of the 9 ha.
        ("", "6.75", "clear"),
    ],
)
def test_a_stated_number_or_area_that_agrees_says_that_no_point_is_lost(
    client: TestClient, count: str, area: str, verdict: str
) -> None:
    rows = "".join(line.replace(",", ",1,", 1) + "\n" for line in table("12456").splitlines())
    text = f"{HEADER}{count},{area},1,甲,面,G48G,工业,,@\n{rows}"
    ((found, told),) = verdicts(client, "a.txt", text)
    assert found == verdict
    assert told == (verdict != "clear")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_doubts_of_a_shape_are_said_in_words(client: TestClient, lang: str) -> None:
    asked = check(client, plot("13241", area=""))
    report = client.get(f"{URL}/{asked['id']}/report.html?lang={lang}").text
    words = {"zh": "边界自相交，修复后面积改变", "en": "the outline crosses itself"}
    assert words[lang] in report
    assert "repaired_otherwise" not in report

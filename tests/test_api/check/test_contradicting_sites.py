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


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_doubts_of_a_shape_are_said_in_words(client: TestClient, lang: str) -> None:
    asked = check(client, plot("13241", area=""))
    report = client.get(f"{URL}/{asked['id']}/report.html?lang={lang}").text
    words = {"zh": "边界自相交，修复后面积改变", "en": "the outline crosses itself"}
    assert words[lang] in report
    assert "repaired_otherwise" not in report

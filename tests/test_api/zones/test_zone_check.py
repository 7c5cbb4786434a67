"""A zone's folder is checked before it is used. Oracle: faults put in by hand, one in each place."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app


def checked(folder: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["zone", "check", str(folder), *options])
    return result.exit_code, result.output


def spoil(folder: Path, file: str, before: str, after: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), "utf-8")


@pytest.fixture
def folder(bay_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(tmp_path / "none"))
    return Path(shutil.copytree(bay_folder, tmp_path / "zone"))


def test_all_faults_are_listed_by_file_and_place_in_both_languages(folder: Path) -> None:
    spoil(folder, "units.csv", "东片区,East District", "东片区,")
    spoil(folder, "areas.csv", "east,approved,20", "east,approved,-20")
    spoil(folder, "areas.csv", "west,approved,10", "west,approved,ten")
    spoil(folder, "zone.yaml", "id: bay", "id: bay\ncolour: red")
    spoil(folder, "recipe.yaml", "pixel_m: 180.0, ", "")
    (folder / "holders.csv").unlink()
    (folder / "area.csv").write_text("misspelt", "utf-8")
    code, said = checked(folder, "--json")
    answer = json.loads(said)
    assert code == 2
    assert (answer["sound"], answer["compared"]) == (False, False)
    found = {(one["file"], one["field"], one["problem"]) for one in answer["faults"]}
    assert found == {
        ("units.csv", "3, name_en", "missing"),
        ("areas.csv", "3, area_km2", "greater_than"),
        ("areas.csv", "4, area_km2", "float_parsing"),
        ("zone.yaml", "colour", "extra_forbidden"),
        ("recipe.yaml", "demonstration.terrain.pixel_m", "missing"),
        ("holders.csv", "*", "missing_file"),
        ("area.csv", "*", "unknown_file"),
    }
    for lang, words in (
        ("zh", ("缺少这个文件", "7 处")),
        ("en", ("the file is missing", "7 found")),
    ):
        code, said = checked(folder, "--lang", lang)
        assert code == 2
        assert all(one in said for one in (*words, "areas.csv", "area_km2 = ten", "colour"))
        assert "greater_than" not in said
    # Nothing was opened for it.
    assert not (folder.parent / "none").exists()


def test_files_that_contradict_each_other_are_all_listed(folder: Path) -> None:
    spoil(folder, "areas.csv", "east,approved,20", "east,approved,21")
    spoil(folder, "holders.csv", "harbour,港口办,Harbour Office\n", "")
    spoil(folder, "rasters.yaml", "window: bay", "window: gulf")
    spoil(folder, "places.yaml", "zh: 西片区", "zh: 西部片区")
    spoil(folder, "places.yaml", "published_area_km2: null", "published_area_km2: 6.5")
    code, said = checked(folder, "--json")
    answer = json.loads(said)
    assert (code, answer["compared"]) == (2, True)
    found = {(one["file"], one["field"], one["problem"]) for one in answer["faults"]}
    assert found == {
        ("recipe.yaml", "footprints.east.area_km2", "other_area"),
        ("holders.csv", "unit_id", "no_holder"),
        ("rasters.yaml", "demo_dem_bay", "no_window"),
        ("places.yaml", "west", "other_name"),
        ("places.yaml", "linkage_zones.harbour.published_area_km2", "not_in_areas"),
    }


@pytest.mark.parametrize(
    ("file", "before", "after", "found"),
    [
        # The sketch of 10 km2 is moved into the sea, far from its county.
        ("recipe.yaml", "centre: [117.09, 39.42]", "centre: [119.9, 38.0]",
         ("recipe.yaml", "footprints.west", "area_does_not_fit")),
        ("layers.yaml", "kind: district", "kind: distrikt",
         ("layers.yaml", "districts.kind", "no_such_kind")),
        ("place_names.yaml", "'120116': [滨海新区, Binhai]\n", "",
         ("place_names.yaml", "120116", "no_name")),
        ("units.csv", "全市,The City", '"全市"x,The City', ("units.csv", "6", "quotes")),
    ],
)  # fmt: skip
def test_what_only_a_start_finds_is_found(
    folder: Path, file: str, before: str, after: str, found: tuple[str, str, str]
) -> None:
    spoil(folder, file, before, after)
    code, said = checked(folder, "--json")
    (fault,) = json.loads(said)["faults"]
    assert code == 2
    assert (fault["file"], fault["field"], fault["problem"]) == found


@pytest.mark.slow
def test_a_sound_folder_says_what_the_zone_is(folder: Path) -> None:
    code, said = checked(folder, "--json")
    answer = json.loads(said)
    assert (code, answer["sound"], answer["faults"]) == (0, True, [])
    assert (answer["id"], answer["name"]["en"]) == ("bay", "Bay Demonstration Zone")
    assert {one["id"]: one["approved_km2"] for one in answer["units"]} == {
        "bay": 30.0, "east": 20.0, "west": 10.0, "harbour": None, "city": None
    }  # fmt: skip
    kinds = {one["id"] for one in answer["kinds"]}
    assert "ecological_red_line" in kinds
    assert "lake_belt" not in kinds
    assert set(answer["rasters"]) == {"demo_dem_bay", "demo_cover_bay"}
    code, said = checked(folder, "--lang", "en")
    assert code == 0
    assert all(
        one in said for one in ("Bay Demonstration Zone", "East District", "20", "not stated")
    )
    assert not (folder.parent / "none").exists()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    code, said = checked(tmp_path / "nowhere", "--lang", "en")
    assert code == 2
    assert "nowhere" in said


def test_names_and_measures_that_no_figure_has_are_found(folder: Path) -> None:
    spoil(folder, "observations.csv", "east,gdp,2023", "east,gdpp,2023")
    spoil(folder, "observations.csv", "full_year,100,=,亿元", "full_year,1000000,=,万元")
    spoil(
        folder,
        "observations.csv",
        "200,=,亿元,海湾年报,made up,,",
        "200,=,亿元,海湾年报,made up,9,",
    )
    areas = folder / "areas.csv"
    areas.write_text(areas.read_text("utf-8") + "west,supply,3,2021,,海湾批复,made up\n", "utf-8")
    spoil(folder, "plan_indicators.csv", "亿元,50,100", "万元,500000,1000000")
    spoil(folder, "plan_shares.yaml", "indicator: trade", "indicator: trades")
    code, said = checked(folder, "--json")
    answer = json.loads(said)
    assert (code, answer["compared"]) == (2, True)
    found = {(one["file"], one["field"], one["problem"]): one["limit"] for one in answer["faults"]}
    assert found == {
        ("observations.csv", "3, indicator", "unknown_indicator"): None,
        ("observations.csv", "4, unit", "other_measure"): "亿元",
        ("observations.csv", "7, months", "months"): None,
        ("areas.csv", "5, denominator", "unknown_land"): (
            "administered, approved, built_up, impervious, industrial, planned, supplied"
        ),
        ("plan_indicators.csv", "2, unit", "other_measure"): "亿元",
        ("plan_shares.yaml", "trade_share.indicator", "unknown_indicator"): None,
    }
    # A start refuses the first of them: nothing is left out in silence.
    result = CliRunner().invoke(app, ["--zone", str(folder), "plan", "--lang", "en"])
    assert result.exit_code == 2
    assert "observations.csv" in result.output

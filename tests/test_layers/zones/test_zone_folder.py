"""A zone's folder. Oracle: the folder that ships, with one thing made wrong by hand."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import layers.zones
from layers.builtin.reference import read_counties
from layers.zones import load_zone, shipped_zone
from layers.zones.errors import ZoneFolderError
from maps.refusals import refusal_text

SHIPPED = Path(layers.zones.__file__).parent / "yunnan"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "zone"))


def test_the_same_files_are_the_same_zone_whatever_their_line_ends(folder: Path) -> None:
    copy = load_zone(folder)
    assert (copy, hash(copy)) == (shipped_zone(), hash(shipped_zone()))
    units = folder / "units.csv"
    units.write_bytes(units.read_bytes().replace(b"\n", b"\r\n"))
    assert load_zone(folder) == shipped_zone()
    units.write_text(units.read_text("utf-8").replace("Honghe District", "Honghe Area"), "utf-8")
    places = folder / "places.yaml"
    places.write_text(places.read_text("utf-8").replace("Honghe District", "Honghe Area"), "utf-8")
    assert load_zone(folder) != shipped_zone()


@pytest.mark.parametrize(
    ("file", "before", "after", "found"),
    [
        ("units.csv", "红河片区,Honghe District", ",Honghe District",
         ("units.csv", "4, name_zh", "missing")),
        ("units.csv", "昆明片区,Kunming District", "昆明片区,",
         ("units.csv", "3, name_en", "missing")),
        ("units.csv", "ftz,zone,", "ftz,district,", ("units.csv", "level zone", "how_many")),
        ("areas.csv", "dehong,approved,29.74", "dehong,approved,-29.74",
         ("areas.csv", "5, area_km2", "greater_than")),
        ("areas.csv", "dehong,approved,29.74", "dehong,approved,29.75",
         ("recipe.yaml", "footprints.dehong.area_km2", "other_area")),
        ("areas.csv", "honghe,approved,14.12", "mars,approved,14.12",
         ("areas.csv", "unit_id", "unknown_unit")),
        ("areas.csv", "honghe,approved,14.12", "kunming,approved,14.12",
         ("areas.csv", "4, unit_id", "repeated")),
        ("observations.csv", "ftz,public_budget_revenue,2020", "mars,public_budget_revenue,2020",
         ("observations.csv", "unit_id", "unknown_unit")),
        ("holders.csv", "honghe,红河片区管委会", "dehong,红河片区管委会",
         ("holders.csv", "unit_id", "repeated")),
        ("places.yaml", "zh: 德宏片区", "zh: 瑞丽片区", ("places.yaml", "dehong", "other_name")),
        ("plan_indicators.csv", "base_value,", "value,",
         ("plan_indicators.csv", "1, base_value", "missing")),
        ("zone.yaml", "target_year: 2025", "target_year: 2019",
         ("zone.yaml", "plan", "plan_years")),
        ("zone.yaml", "id: yunnan", "id: yunnan\ncolour: red",
         ("zone.yaml", "colour", "extra_forbidden")),
        ("zone.yaml", "name: {zh: 云南省, en: Yunnan}", "name: {zh: 云南省}",
         ("zone.yaml", "region.name.en", "missing")),
        ("recipe.yaml", "windows:", "windows: [", ("recipe.yaml", "*", "not_yaml")),
        ("lakes.geojson", "FeatureCollection", "FeatureCollection\"", ("lakes.geojson", "*", "not_geojson")),
        ("rasters.yaml", "window: honghe", "window: mars",
         ("rasters.yaml", "demo_dem_honghe", "no_window")),
        ("layers.yaml", "rivers:", "streams:", ("layers.yaml", "rivers", "not_the_layers")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_file_and_place(
    folder: Path, file: str, before: str, after: str, found: tuple[str, str, str]
) -> None:
    text = (folder / file).read_text("utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(ZoneFolderError) as caught:
        load_zone(folder)
    params = caught.value.params
    assert (params["file"], params["field"], params["problem"]) == found
    said = {lang: refusal_text(caught.value.code, params, lang) for lang in ("zh", "en")}
    assert all(found[0] in text and "{" not in text for text in said.values())
    assert "_" not in found[2] or all(found[2] not in text for text in said.values())


def test_a_file_that_is_missing_or_that_nothing_reads_is_refused(folder: Path) -> None:
    (folder / "notes.md").write_text("free", "utf-8")
    load_zone(folder)
    (folder / "area.csv").write_text("misspelt", "utf-8")
    with pytest.raises(ZoneFolderError) as caught:
        load_zone(folder)
    assert (caught.value.params["file"], caught.value.params["problem"]) == (
        "area.csv",
        "unknown_file",
    )
    (folder / "area.csv").unlink()
    (folder / "holders.csv").unlink()
    with pytest.raises(ZoneFolderError) as caught:
        load_zone(folder)
    assert caught.value.params["problem"] == "missing_file"
    with pytest.raises(ZoneFolderError) as caught:
        load_zone(folder / "nowhere")
    assert caught.value.params["problem"] == "no_folder"


def test_a_county_without_a_name_is_refused_and_so_are_codes_of_no_county() -> None:
    region = shipped_zone().region
    names = tuple(pair for pair in region.place_names if pair[0] != "530111")
    with pytest.raises(ZoneFolderError) as caught:
        read_counties(replace(region, place_names=names))
    assert caught.value.params == {
        "file": "place_names.yaml", "field": "530111", "problem": "no_name", "given": "官渡区"
    }  # fmt: skip
    with pytest.raises(ZoneFolderError) as caught:
        read_counties(replace(region, county_codes=("99",)))
    assert caught.value.params["problem"] == "no_county"

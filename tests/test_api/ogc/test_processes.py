"""OGC API Processes. Oracles: the product's own address of the same operation, the declarations,
and the words of the standard (18-062r2)."""

import base64
import json
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.ogc.processes import processes
from maps.i18n import LANGUAGES, tables

SITE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "甲"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[102.77, 24.935], [102.78, 24.935], [102.78, 24.945], [102.77, 24.945], [102.77, 24.935]]
                ],
            },
        }
    ],
}  # fmt: skip


def execute(client: TestClient, name: str, inputs: dict, **more: str):
    return client.post(f"/processes/{name}/execution", json={"inputs": inputs}, headers=more)


def ended(client: TestClient, url: str) -> dict:
    until = time.monotonic() + 60
    while (job := client.get(url).json())["status"] in {"accepted", "running"}:
        assert time.monotonic() < until
        time.sleep(0.02)
    return job


def test_every_process_describes_the_fields_of_its_declaration(shared_client: TestClient) -> None:
    listed = shared_client.get("/processes").json()["processes"]
    assert [one["id"] for one in listed] == list(processes())
    for one in listed:
        said = shared_client.get(f"/processes/{one['id']}").json()
        declared = processes()[one["id"]]
        assert set(said["inputs"]) - {"format"} == set(declared.fields)
        needed = {name for name, info in declared.fields.items() if info.is_required()}
        assert {n for n, i in said["inputs"].items() if i["minOccurs"]} == needed
        sync = "sync-execute" in said["jobControlOptions"]
        assert sync == (declared.task is None)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_job_has_a_name_on_the_page(lang: str) -> None:
    kinds = [one.task_kind for one in processes().values()]
    assert len(set(kinds)) == len(kinds)
    assert set(kinds) <= set(tables(lang)["task_kinds"])


def test_a_check_by_a_process_is_that_of_the_other_door(client: TestClient) -> None:
    direct = client.post("/api/v1/checks?geometry=true", json=SITE).json()
    answer = execute(client, "check", {"file": SITE, "geometry": True})
    assert answer.status_code == 200, answer.text
    whole = client.post(
        "/processes/check/execution",
        json={"inputs": {"file": {"value": SITE, "mediaType": "application/geo+json"}, "geometry": True},
              "response": "document"},
    ).json()["answer"]  # fmt: skip
    for found in (answer.json(), whole):
        assert found["verdict"] == direct["verdict"] == "conflict"
        assert found["sites"] == direct["sites"]


def test_a_file_comes_as_base64(client: TestClient, sites: dict[str, Path]) -> None:
    packed = base64.b64encode(sites["conflict"].read_bytes()).decode()
    assert execute(client, "check", {"file": packed}).json()["verdict"] == "conflict"
    converted = execute(client, "convert", {"file": packed, "format": "kml"})
    assert converted.headers["content-type"] == "application/vnd.google-earth.kml+xml"
    assert "<Placemark>" in converted.text


def test_a_job_runs_and_its_results_are_the_answer(client: TestClient) -> None:
    with client:
        begun = execute(client, "check", {"file": SITE}, prefer="respond-async")
        assert begun.status_code == 201
        assert begun.headers["preference-applied"] == "respond-async"
        url = begun.headers["location"]
        assert begun.json()["jobID"] in url
        job = ended(client, url)
        assert (job["status"], job["processID"], job["progress"]) == ("successful", "check", 100)
        results = next(one["href"] for one in job["links"] if one["rel"].endswith("/results"))
        assert client.get(results).json()["answer"]["verdict"] == "conflict"
        # The tasks of the page are the same.
        assert client.get(f"/api/v1/tasks/{job['jobID']}").json()["status"] == "finished"
        listed = client.get("/jobs?processID=check").json()
        assert [one["jobID"] for one in listed["jobs"]] == [job["jobID"]]
        assert client.get("/jobs?status=failed").json()["numberMatched"] == 0


def test_long_work_is_always_a_job_with_its_files(client: TestClient) -> None:
    with client:
        begun = execute(client, "layers-audit", {"layer": ["districts"]})
        assert begun.status_code == 201
        url = begun.headers["location"]
        assert ended(client, url)["status"] == "successful"
        files = client.get(f"{url}/results").json()["files"]
        assert "audit.xlsx" in files
        assert client.get(files["audit.xlsx"]["href"]).content[:2] == b"PK"


def test_a_job_that_failed_says_why(client: TestClient) -> None:
    with client:
        spoiled = {**SITE, "features": []}
        begun = execute(client, "check", {"file": spoiled}, prefer="respond-async")
        url = begun.headers["location"]
        job = ended(client, url)
        assert job["status"] == "failed"
        answer = client.get(f"{url}/results", headers={"accept-language": "en"})
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "layers.read.empty"
        assert "no features" in answer.json()["detail"]


def test_a_job_is_dismissed(client: TestClient) -> None:
    with client:
        urls = [
            execute(client, "stale", {}).headers["location"] for _ in range(4)
        ]  # two run at a time, the rest waits
        gone = client.delete(urls[-1]).json()
        assert gone["status"] in {"dismissed", "running", "successful"}
        assert ended(client, urls[-1])["status"] in {"dismissed", "successful"}
        pages = client.get("/jobs?limit=3").json()
        assert (pages["numberMatched"], pages["numberReturned"]) == (4, 3)
        rest = next(one["href"] for one in pages["links"] if one["rel"] == "next")
        assert client.get(rest).json()["numberReturned"] == 1
        ended(client, urls[0])


@pytest.mark.parametrize(
    ("name", "body", "status", "ending"),
    [
        ("nothing", {}, 404, "no-such-process"),
        ("check", {"inputs": {}}, 400, "api.request.invalid"),
        ("check", {"inputs": {"file": SITE, "nothing": 1}}, 400, "api.request.invalid"),
        ("check", {"inputs": {"file": {"href": "http://127.0.0.1:1/x"}}}, 400, "api.request.invalid"),
        ("check", {"inputs": {"file": "!"}}, 400, "api.request.invalid"),
        ("check", {"inputs": {"file": 1}}, 400, "api.request.invalid"),
        ("check", {"inputs": [], "outputs": {}}, 400, "api.request.invalid"),
        ("check", {"nothing": 1}, 400, "api.request.invalid"),
        ("convert", {"inputs": {"file": SITE, "format": "xyz"}}, 400, "api.files.format"),
        ("density", {"inputs": {"indicator": "nothing", "year": 2020, "denominator": "approved"}}, 400, ""),
        ("layers-audit", {"inputs": {"layer": ["nothing"]}}, 404, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_refused(
    shared_client: TestClient, name: str, body: dict, status: int, ending: str
) -> None:
    answer = shared_client.post(f"/processes/{name}/execution", json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith(ending)


def test_only_what_says_that_it_is_json_is_taken(shared_client: TestClient) -> None:
    text = json.dumps({"inputs": {"file": SITE}})
    url = "/processes/check/execution"
    plain = shared_client.post(url, content=text, headers={"content-type": "text/plain"})
    assert plain.status_code == 415
    foreign = shared_client.post(url, json={}, headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403


def test_jobs_that_there_are_not(shared_client: TestClient) -> None:
    for path in ("/jobs/nothing", "/jobs/nothing/results"):
        answer = shared_client.get(path)
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("no-such-job")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["/processes", "/processes/check", "/jobs"])
def test_pages_of_processes(shared_client: TestClient, path: str, lang: str) -> None:
    answer = shared_client.get(path, params={"f": "html", "lang": lang})
    assert answer.status_code == 200
    assert answer.text.count("<h1>") == 1
    assert "<script" not in answer.text

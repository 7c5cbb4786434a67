"""What was made with a version, and stands or falls with it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from layers.density.statistics.model import PublishedArea
from layers.density.statistics.store import StatisticsVersion
from maps.data.withdrawal_answers import Resting

Manifest = Mapping[str, Any]

_UNREADABLE: Final = (PlanningError, OSError, ValueError, KeyError, TypeError)


def resting_on(workspace: Workspace, of: str, number: int) -> list[Resting]:
    """Return what was made with a layer or raster version: checks, answers, publications, ...

    What is damaged is among them: nobody can tell what it rests on.
    """
    key = f"{of}@{number}"
    return [
        *_checks(workspace, key),
        *_runs(workspace, key),
        *publications_with(workspace, lambda manifest: _shows(manifest, of, number)),
        *_rasters(workspace, key),
        *_datasets(workspace, of),
    ]


def resting_on_table(workspace: Workspace, version: StatisticsVersion) -> list[Resting]:
    """Return publications that show a figure or an area that a version of a data set states."""
    return list(publications_with(workspace, lambda manifest: _shows_figure(manifest, version)))


def publications_with(workspace: Workspace, fits: Callable[[Manifest], bool]) -> Iterator[Resting]:
    """Return released bundles whose manifest fits."""
    store = workspace.publications
    for publication_id in store.ids():
        try:
            releases = store.state(publication_id).releases
        except PlanningError:
            yield _damaged("publication", publication_id)
            continue
        for release in {one.sha256: one for one in releases}.values():
            try:
                manifest = store.manifest(publication_id, release.sha256)
                title = str(manifest["plan"]["title"]["zh"])
                found = fits(manifest)
            except _UNREADABLE:
                yield _damaged("publication", f"{publication_id}/{release.sha256}")
                continue
            if found:
                yield Resting(
                    what="publication",
                    id=f"{publication_id}/{release.sha256}",
                    name=title,
                    day=release.released_at,
                    verdict=None,
                )


def _checks(workspace: Workspace, key: str) -> Iterator[Resting]:
    for check_id, _ in workspace.archive.newest():
        try:
            past = workspace.archive.short(check_id)
            found = key in past.record["layers"]
        except _UNREADABLE:
            yield _damaged("check", check_id)
            continue
        if found:
            yield Resting(
                what="check",
                id=past.id,
                name=past.name,
                day=past.checked_on,
                verdict=past.verdict,
            )


def _runs(workspace: Workspace, key: str) -> Iterator[Resting]:
    """Return searches, rankings, avoidances and reports that read a version."""
    for run_id in workspace.runs.ids():
        try:
            run = workspace.runs.get(run_id)
        except _UNREADABLE:
            yield _damaged("run", run_id)
            continue
        if key in run.layers:
            yield Resting(what="run", id=run_id, name=run.operation, day=run.kept_at, verdict=None)


def _rasters(workspace: Workspace, key: str) -> Iterator[Resting]:
    for version in workspace.rasters.everything():
        if key in version.made_from:
            yield Resting(
                what="raster",
                id=f"{version.raster_id}@{version.number}",
                name=version.spec.title_zh,
                day=version.created_at.isoformat(),
                verdict=None,
            )


def _datasets(workspace: Workspace, layer_id: str) -> Iterator[Resting]:
    """Return data sets whose rows are features of a layer; of which version they do not say."""
    for dataset in workspace.tables.datasets():
        for name in workspace.tables.damaged(dataset):
            yield _damaged("dataset", name)
        for version in workspace.tables.history(dataset):
            if any(unit.layer == layer_id for unit in version.units):
                yield Resting(
                    what="dataset",
                    id=f"{dataset}@{version.number}",
                    name=version.source_name,
                    day=version.created_at.isoformat(),
                    verdict=None,
                )


def _shows(manifest: Manifest, layer_id: str, number: int) -> bool:
    shown = any((one["id"], one["version"]) == (layer_id, number) for one in manifest["layers"])
    return shown or f"{layer_id}@{number}" in manifest.get("density_layers", ())


def _shows_figure(manifest: Manifest, version: StatisticsVersion) -> bool:
    stated = {(value.indicator, value.year) for value in version.observations}
    return any(
        (shown["indicator"], shown["year"]) in stated
        or any(_holds(area, shown["denominator"], shown["year"]) for area in version.areas)
        for shown in manifest["plan"]["densities"]
    )


def _holds(area: PublishedArea, denominator: str, year: int) -> bool:
    first, last = area.first_year or year, area.last_year or year
    return area.denominator == denominator and first <= year <= last


def _damaged(what: str, of: str) -> Resting:
    return Resting(what=what, id=of, name="", day=None, verdict=None, unreadable=True)

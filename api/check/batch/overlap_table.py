"""Overlaps of every parcel of a large file with one layer, as a table.

The file is worked through in partitions. Each needs only its own rows and the compiled
layer, and gives the same rows wherever it is computed: here, or on workers of a cluster.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from api.workspace.kernels import keep_machine_code
from api.workspace.needs import LayerFiles
from api.workspace.output import worded_output
from geo.kernel.pairs import index_polygons, polygon_areas
from layers.check.site_limits import SiteLimits
from layers.model import LayerVersion, Progress
from layers.store.compiled.layer import CompiledLayer, compiled_folder, mapped_layer, open_compiled
from layers.store.compiled.parcels import Partition, partitions, read_partition
from layers.store.durable import replace_file
from maps.answers import Title, Written
from maps.check.overlap_answers import OverlapTable

_SCHEMA: Final = pa.schema(
    [
        ("parcel_row", pa.int64()),
        ("parcel_id", pa.string()),
        ("feature_id", pa.string()),
        ("area_m2", pa.float64()),
        ("parcel_area_m2", pa.float64()),
        ("covered", pa.bool_()),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionWork:
    """All that a worker must know; it needs to see the same folders."""

    partition: Partition
    layer_folder: str
    kernel_folder: str
    id_column: str | None
    threads: int
    limits: SiteLimits


Run = Callable[[Iterable[PartitionWork]], Iterator[pa.Table]]
"""Computes works, anywhere, and returns their tables in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapRequest:
    """Which parcels, against which layer, and where the table goes."""

    parcels: Path
    layer_id: str
    id_column: str | None
    output: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who computes: how many processes, with how many threads each."""

    run: Run
    workers: int
    threads: int


def overlap_table(
    workspace: LayerFiles, request: OverlapRequest, crew: Crew, progress: Progress
) -> OverlapTable:
    """Write a Parquet table with a row for each parcel and feature that share ground.

    ``progress`` counts partitions done, and of all.

    Raises
    ------
    UnknownLayerError, NotPolygonalError
        There is no such layer, or it is not of polygons.
    LostVersionError, OfficialLostError
        The catalogue has lost a newer version, or the layer that this demonstration stands for.
    DamagedFileError, MissingCrsError, BinaryGeometryError
        The parcels cannot be used; see :func:`layers.store.compiled.parcels.read_partition`.
    OutputError
        The table cannot be written.
    """
    version = workspace.store.get(request.layer_id)
    workspace.store.require_standing(version)
    parts = partitions(request.parcels)
    open_compiled(workspace.settings.data_dir, workspace.store, version)
    works = [_work(workspace, version, part, request, crew.threads) for part in parts]
    sums = _Sums()
    with (
        worded_output(request.output),
        replace_file(request.output) as temporary,
        pq.ParquetWriter(temporary, _described(version)) as writer,
    ):
        for done, table in enumerate(crew.run(works), start=1):
            writer.write_table(table)
            sums.add(table)
            progress(done, len(works))
    return OverlapTable(
        layer_id=version.layer_id,
        layer_version=version.number,
        layer_status=version.spec.status,
        title=Title(zh=version.spec.title_zh, en=version.spec.title_en),
        parcels=sum(part.rows for part in parts),
        overlaps=sums.rows,
        touched=sums.touched,
        outside_region=sums.odd["outside_region"],
        too_small=sums.odd["too_small"],
        overlap_area_m2=sums.area_m2,
        workers=crew.workers,
        output=Written(path=str(request.output), size_bytes=request.output.stat().st_size),
    )


def in_this_process(threads: int) -> Crew:
    """Return a crew of this process alone."""
    return Crew(run=lambda works: map(partition_overlaps, works), workers=1, threads=threads)


def partition_overlaps(work: PartitionWork) -> pa.Table:
    """Return the rows of one partition, sorted by parcel, then feature."""
    keep_machine_code(Path(work.kernel_folder))
    layer = _layer(work.layer_folder)
    parcels = read_partition(work.partition, work.id_column)
    side = index_polygons(parcels.polygons)
    site, feature, area_m2, covered = layer.overlaps(side, threads=work.threads)
    order = np.lexsort((feature, site))
    site, feature = site[order], feature[order]
    own_m2 = polygon_areas(parcels.polygons, ellipsoidal=True)
    ids = pa.nulls(len(site), pa.string())
    if parcels.ids is not None:
        ids = parcels.ids.take(pa.array(site)).cast(pa.string())
    columns = (
        pa.array(site.astype(np.int64) + work.partition.start),
        ids,
        _names(layer).take(pa.array(feature)).cast(pa.string()),
        pa.array(area_m2[order]),
        pa.array(own_m2[site]),
        pa.array(covered[order]),
    )
    found = pa.Table.from_arrays(list(columns), schema=_SCHEMA)
    return found.replace_schema_metadata(_odd_parcels(side.boxes.bounds, own_m2, work.limits))


def _odd_parcels(
    bounds_lonlat: npt.NDArray[np.float64],
    areas_m2: npt.NDArray[np.float64],
    limits: SiteLimits,
) -> dict[str, str]:
    """Return how many parcels a check would not judge: without a row they look untouched."""
    west, south, east, north = limits.bounds_lonlat
    low, high = bounds_lonlat[:, :2] >= (west, south), bounds_lonlat[:, 2:] <= (east, north)
    # Parcels without a shape have no bounds and are below any area.
    outside = ~(low & high).all(axis=1) & ~np.isnan(bounds_lonlat[:, 0])
    small = ~(areas_m2 >= limits.least_area_m2)
    return {"outside_region": str(int(outside.sum())), "too_small": str(int(small.sum()))}


def _names(layer: CompiledLayer) -> pa.LargeStringArray:
    """Return the layer's feature ids without a Python text for each."""
    ends, text = pa.py_buffer(layer.id_ends), pa.py_buffer(layer.ids)
    return pa.LargeStringArray.from_buffers(len(layer.id_ends) - 1, ends, text)


class _Sums:
    """What the table comes to, partition after partition."""

    def __init__(self) -> None:
        self.rows, self.touched, self.area_m2 = 0, 0, 0.0
        self.odd = Counter[str]()

    def add(self, table: pa.Table) -> None:
        self.rows += table.num_rows
        for name, count in (table.schema.metadata or {}).items():
            self.odd[name.decode()] += int(count)
        self.touched += len(np.unique(table.column("parcel_row").to_numpy()))
        self.area_m2 += float(table.column("area_m2").to_numpy().sum())


@lru_cache(maxsize=4)
def _layer(folder: str) -> CompiledLayer:
    return mapped_layer(Path(folder))


def _work(
    workspace: LayerFiles,
    version: LayerVersion,
    partition: Partition,
    request: OverlapRequest,
    threads: int,
) -> PartitionWork:
    folder = compiled_folder(workspace.settings.data_dir, version)
    return PartitionWork(
        partition=partition,
        layer_folder=str(folder.resolve()),
        kernel_folder=str(workspace.settings.kernels.resolve()),
        id_column=request.id_column,
        threads=threads,
        limits=workspace.site_limits,
    )


def _described(version: LayerVersion) -> pa.Schema:
    """Return the table's schema with what its numbers rest on."""
    return _SCHEMA.with_metadata(
        {
            "layer": f"{version.layer_id}@{version.number}",
            "layer_content_sha256": version.content_sha256,
            "layer_status": str(version.spec.status),
            "area": "CGCS2000 ellipsoid, m2, edges straight in longitude and latitude",
        }
    )

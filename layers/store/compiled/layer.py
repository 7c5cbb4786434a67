"""A compiled layer version: polygons, the index of their boundaries, and their ids."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geo.kernel.boxes import RunBoxes
from geo.kernel.join import BoxGrid, box_grid
from geo.kernel.pairs import index_polygons, overlaps
from geo.kernel.ragged import Ragged, read_only
from geo.kernel.walk import Side
from layers.model import LayerVersion
from layers.store.compiled.arrow import read_polygons
from layers.store.compiled.folder import Arrays, open_arrays
from layers.store.geopackage import FEATURES
from layers.store.layer_store import LayerStore

FORM: Final = 2
"""Raised whenever other arrays, or another manifest, are written."""

_FOLDER: Final = "compiled"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledLayer:
    """Polygons of one version in EPSG:4490, mapped from files.

    ``grid`` finds the features near a place; ``ids`` and ``id_ends`` are the feature ids
    one after another in UTF-8, see :meth:`feature_ids`.
    """

    side: Side
    grid: BoxGrid
    ids: npt.NDArray[np.uint8]
    id_ends: npt.NDArray[np.int64]

    def feature_ids(self, features: Sequence[int] | npt.NDArray[np.integer]) -> list[str]:
        """Return the ids of some features."""
        return [
            self.ids[self.id_ends[at] : self.id_ends[at + 1]].tobytes().decode("utf-8")
            for at in features
        ]

    def overlaps(
        self, sites: Side, *, threads: int
    ) -> tuple[
        npt.NDArray[np.int32],
        npt.NDArray[np.int32],
        npt.NDArray[np.float64],
        npt.NDArray[np.bool_],
    ]:
        """Return site, feature, area in m2, and covered of all pairs that share ground."""
        return overlaps(sites, self.side, self.grid, ellipsoidal=True, threads=threads)


def compiled_folder(root: Path, version: LayerVersion) -> Path:
    """Return where a version is compiled to: equal content is compiled once."""
    return root / _FOLDER / f"{version.content_sha256[:32]}-{FORM}"


def open_compiled(root: Path, store: LayerStore, version: LayerVersion) -> CompiledLayer:
    """Return a version as mapped arrays, compiled first if it has not been.

    Parameters
    ----------
    root : Path
        The store's folder.
    store, version
        Where the version is read from if it must be compiled.

    Raises
    ------
    DamagedVersionError
        It must be compiled, and its file is not what was stored.
    NotPolygonalError
        It is a layer of lines or points.
    """
    folder = compiled_folder(root, version)
    return layer_of(open_arrays(folder, lambda: arrays_of(store.sound_path(version))))


def mapped_layer(folder: Path) -> CompiledLayer:
    """Return a layer that another process has compiled."""
    return layer_of(open_arrays(folder, _absent(folder)))


def arrays_of(path: Path) -> Arrays:
    """Return everything that a compiled layer is made of, by name, from a version's file."""
    polygons, names = read_polygons(path, "feature_id", layer=FEATURES)
    side = index_polygons(polygons)
    ids = pa.array(names).cast(pa.large_string())
    _, ends, text = ids.buffers()
    return {
        **{f"polygons_{name}": values for name, values in side.polygons._asdict().items()},
        **{f"boxes_{name}": values for name, values in side.boxes._asdict().items()},
        **{
            f"grid_{name}": values for name, values in box_grid(side.boxes.bounds)._asdict().items()
        },
        "ids": np.frombuffer(text or b"", dtype=np.uint8),
        "id_ends": np.frombuffer(ends, dtype=np.int64)[: len(ids) + 1],
    }


def layer_of(arrays: Arrays) -> CompiledLayer:
    """Return the layer that arrays make up."""

    def part(name: str) -> dict[str, Any]:
        return {
            key.removeprefix(name): read_only(values, values.dtype.type)
            for key, values in arrays.items()
            if key.startswith(name)
        }

    side = Side(Ragged(**part("polygons_")), RunBoxes(**part("boxes_")))
    return CompiledLayer(
        side=side,
        grid=BoxGrid(**part("grid_")),
        ids=arrays["ids"],
        id_ends=arrays["id_ends"],
    )


def _absent(folder: Path) -> Callable[[], Arrays]:
    def raise_absent() -> Arrays:
        raise FileNotFoundError(folder)

    return raise_absent

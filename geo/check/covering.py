"""Which polygons cover shapes whole, told by prepared polygons that many threads may ask."""

from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely


class Covering:
    """Polygons that are prepared when they are first asked.

    GEOS's prepared shapes serve one thread at a time: in two at once they crash the
    process. So copies are prepared, which nothing else can reach, and asked under a lock.
    """

    def __init__(self, geometries: npt.NDArray[Any]) -> None:
        self._geometries = geometries
        self._prepared: dict[int, Any] = {}
        self._lock = Lock()

    def covers(
        self, positions: npt.NDArray[np.intp], shapes: npt.NDArray[Any]
    ) -> npt.NDArray[np.bool_]:
        """Tell of each shape whether the polygon at the position beside it covers it whole."""
        wanted = positions.tolist()
        with self._lock:
            new = [at for at in dict.fromkeys(wanted) if at not in self._prepared]
            if new:
                copies = shapely.force_2d(self._geometries[new])
                shapely.prepare(copies)
                self._prepared.update(zip(new, copies, strict=True))
            polygons = np.array([self._prepared[at] for at in wanted], dtype=object)
            return np.asarray(shapely.covers(polygons, shapes), dtype=np.bool_)

"""Seeded natural-looking surfaces and outlines."""

from typing import Any

import contourpy
import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.restore import polygonal

FloatArray = npt.NDArray[np.float64]


def fractal_surface(size: int, spectrum: float, seed: int) -> FloatArray:
    """Return a periodic surface of shape (size, size), zero mean, unit variance.

    White noise whose Fourier amplitudes fall with frequency to the power ``spectrum / 2``:
    the statistics of hills.
    """
    noise = np.random.default_rng(seed).standard_normal((size, size))
    fx, fy = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :]
    frequency = np.hypot(fx, fy)
    frequency[0, 0] = np.inf
    surface = np.fft.irfft2(np.fft.rfft2(noise) * frequency ** (-spectrum / 2.0), s=(size, size))
    return np.asarray((surface - surface.mean()) / surface.std())


def region_above(x: FloatArray, y: FloatArray, surface: FloatArray, level: float) -> Any:  # noqa: ANN401
    """Return where a surface is above a level, as one valid geometry in the grid's plane."""
    generator = contourpy.contour_generator(x, y, surface, fill_type="OuterOffset")
    outers: Any = generator.filled(level, np.inf)
    polygons = []
    for points, offsets in zip(*outers, strict=True):
        shell, *holes = np.split(points, offsets[1:-1])
        polygons.append(shapely.Polygon(shell, holes))
    fixed = shapely.make_valid(np.array(polygons), method="structure", keep_collapsed=False)
    return shapely.union_all(polygonal(fixed))


def outline(vertices: int, roughness: float, seed: int) -> FloatArray:
    """Return a closed star-shaped outline of mean radius 1 as xy, shape (vertices, 2)."""
    rng = np.random.default_rng(seed)
    angle = 2.0 * np.pi * np.arange(vertices) / vertices
    radius = np.ones(vertices)
    for wave in range(2, 9):
        phase = rng.uniform(0.0, 2.0 * np.pi)
        radius += roughness * rng.normal() / wave * np.sin(wave * angle + phase)
    radius = np.clip(radius, 0.5, 1.6)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])

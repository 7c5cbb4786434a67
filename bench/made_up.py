"""Seeded made-up parcels and red lines in the shape that real ones have."""

import numpy as np
import shapely

_KM_DEG = 1.0 / 111.0


def parcels(count: int, extent: tuple[float, float, float, float], seed: int) -> np.ndarray:
    """Parcels of about 85 m radius and 12 vertices, half of them in clusters."""
    rng = np.random.default_rng(seed)
    centres = _centres(rng, count, extent)
    vertices = np.clip(rng.lognormal(np.log(12), 0.35, count).astype(int), 5, 60)
    radius = rng.lognormal(np.log(0.085), 0.4, count) * _KM_DEG
    return _stars(rng, centres, vertices, radius, roughness=0.25)


def red_lines(count: int, extent: tuple[float, float, float, float], seed: int) -> np.ndarray:
    """Ragged red-line polygons, log-normal in vertices (median 120), 15 % with a hole."""
    rng = np.random.default_rng(seed)
    west, south, east, north = extent
    centres = rng.uniform((west, south), (east, north), (count, 2))
    vertices = np.clip(rng.lognormal(np.log(120), 1.37, count).astype(int), 12, 50_000)
    share = 0.15 * (east - west) * (north - south) / count
    # A ragged boundary (fractal dimension 1.25) has r ** 1.25 vertices, so area follows
    # vertices ** 1.6: what a parcel meets is seldom a small polygon.
    size = vertices**1.6 * rng.lognormal(0.0, 0.5, count)
    radius = np.sqrt(share * size / size.mean() / np.pi)
    solid = _stars(rng, centres, vertices, radius, roughness=0.35)
    holed = rng.random(count) < 0.15
    holes = _stars(rng, centres[holed], np.full(holed.sum(), 16), 0.2 * radius[holed], 0.2)
    solid[holed] = shapely.difference(solid[holed], holes)
    return solid


def _centres(
    rng: np.random.Generator, count: int, extent: tuple[float, float, float, float]
) -> np.ndarray:
    west, south, east, north = extent
    loose = rng.uniform((west, south), (east, north), (count - count // 2, 2))
    towns = rng.uniform((west, south), (east, north), (max(count // 2000, 1), 2))
    near = towns[rng.integers(0, len(towns), count // 2)]
    return np.vstack([loose, near + rng.normal(0.0, 2.0 * _KM_DEG, near.shape)])


def _stars(
    rng: np.random.Generator,
    centres: np.ndarray,
    vertices: np.ndarray,
    radius: np.ndarray,
    roughness: float,
) -> np.ndarray:
    """Star-shaped rings with a boundary that is rough at every scale; always valid."""
    owner = np.repeat(np.arange(len(vertices)), vertices)
    first = np.cumsum(vertices) - vertices
    angle = 2.0 * np.pi * (np.arange(len(owner)) - first[owner]) / vertices[owner]
    wave = np.zeros(len(owner))
    for octave in range(1, 9):
        phase = rng.uniform(0.0, 2.0 * np.pi, len(vertices))[owner]
        weight = rng.normal(0.0, 1.0, len(vertices))[owner] / 2.0 ** (0.8 * octave)
        wave += weight * np.sin(angle * 2 ** (octave - 1) + phase)
    reach = radius[owner] * np.clip(1.0 + roughness * wave, 0.35, 2.0)
    xy = centres[owner] + reach[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return shapely.polygons(shapely.linearrings(xy, indices=owner))


def alike(
    count: int, vertices: int, extent: tuple[float, float, float, float], seed: int
) -> np.ndarray:
    """Ragged polygons of one number of vertices, 15 % of the ground, about the same size."""
    rng = np.random.default_rng(seed)
    west, south, east, north = extent
    centres = rng.uniform((west, south), (east, north), (count, 2))
    radius = np.full(count, np.sqrt(0.15 * (east - west) * (north - south) / count / np.pi))
    return _stars(rng, centres, np.full(count, vertices), radius, roughness=0.35)

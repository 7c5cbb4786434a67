"""Panels of their own scale. Oracles: pixels measured on the PNG, by hand, the map without them."""

import io
from dataclasses import replace

import numpy as np
import pytest
import shapely
from PIL import Image

from maps.density.answers import DensityRow
from maps.density.drawn.class_layers import unit_insets
from maps.figure.model import A4_MM, FigureLayer, Inset, MapSheet
from maps.figure.picture import MapPicture

FAR = np.array([shapely.box(102.0, 25.0, 102.02, 25.02), shapely.box(97.8, 24.0, 97.82, 24.02)])


def sheet_of_two(**options: object) -> MapSheet:
    layer = FigureLayer(look="conflict", title="x", geometries=FAR)
    return MapSheet(lang="en", layers=(layer,), focus=FAR, size_mm=A4_MM, **options)


def tinted(sheet: MapSheet) -> int:
    data = MapPicture(sheet=sheet).png(100.0)
    image = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
    return int((np.abs(image - np.array([238, 140, 164])).sum(axis=2) < 60).sum())


def test_specks_far_apart_fill_panels_of_their_own() -> None:
    # Two kilometres of 430: a speck of the map (and its box in the legend), half of a panel.
    alone = tinted(sheet_of_two())
    insets = tuple(Inset(title=f"U{at}", focus=FAR[at : at + 1]) for at in range(2))
    with_panels = tinted(sheet_of_two(insets=insets))
    assert with_panels > 40 * max(alone, 1)


def test_points_that_show_a_place_from_afar_are_left_out_of_panels() -> None:
    dots = np.array([*FAR, *(shapely.centroid(one) for one in FAR)])
    layer = FigureLayer(look="conflict", title="x", geometries=dots, names=("a", "b", "c", "d"))
    assert list(shapely.get_dimensions(layer.without_points().geometries)) == [2, 2]
    points = replace(layer, geometries=dots[2:], names=())
    assert len(points.without_points().geometries) == 2


def row(unit: str, level: str, density: float | None) -> DensityRow:
    known = dict.fromkeys(DensityRow.model_fields)
    return DensityRow.model_construct(
        **{**known, "unit_id": unit, "level": level, "density": density,
           "name": type("T", (), {"text": lambda _, __: unit})()}
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 6])
def test_districts_come_first_and_four_panels_are_most(count: int) -> None:
    rows = [row(f"p{at}", "park", 1.0) for at in range(count)]
    rows += [row("c", "county", 2.0), row("k", "district", None)]
    found = unit_insets(rows, {one.unit_id: FAR[0] for one in rows}, "en")
    titles = [one.title.split()[0] for one in found]
    assert titles[0] == "k"
    assert "c" not in titles
    assert len(titles) == min(count + 1, 4)


def test_one_unit_needs_no_panel() -> None:
    assert unit_insets([row("k", "district", 1.0)], {"k": FAR[0]}, "en") == ()

"""The map of a comparison: all its sites on the ground, the districts and the control lines."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from api.workspace.answers import shapes_of
from api.workspace.loaded import LoadedLayer
from api.workspace.map_layers import credits_of, drawn_layer, in_drawing_order, mark_of
from api.workspace.needs import ControlLayers, LayerSource
from geo.errors import PlanningError
from geo.model import Relation
from layers.model import LayerVersion, MissingLayer
from maps.check.report.material import shorten_name
from maps.expansion.answers import RankedSite, RankingReport
from maps.figure.model import FigureLayer, MapSheet
from maps.figure.picture import MapPicture, visible_box_lonlat
from maps.i18n import tr

_UNDER: Final = frozenset({"county", "lake", "river", "district", "bonded_zone"})
_LEAST_GROUND_M: Final = 3_000.0


def sites_map(workspace: ControlLayers, report: RankingReport, lang: str) -> MapPicture:
    """Return a map of compared sites, fit ones filled; the report must hold geometries.

    Layers that cannot be read are left out: the basis of the report names them.
    """
    fit = [site for site in report.sites if site.feasible]
    unfit = [site for site in report.sites if not site.feasible]
    above = tuple(
        _sites(sites, look, tr(f"siting.map_{name}", lang))
        for sites, look, name in ((unfit, "site", "unfit"), (fit, "site_filled", "fit"))
        if sites
    )
    below = list(_below(workspace))
    sheet = MapSheet(
        lang=lang,
        layers=above,
        focus=np.concatenate([layer.geometries for layer in above]),
        least_width_m=_LEAST_GROUND_M,
        mark=mark_of((basis.status for basis in report.basis), lang),
        notes=credits_of(below, lang),
    )
    box = shapely.box(*visible_box_lonlat(sheet))
    drawn = tuple(drawn_layer(one, box, lang) for one in in_drawing_order(below))
    return MapPicture(sheet=replace(sheet, layers=(*drawn, *above)))


def _below(workspace: ControlLayers) -> Iterator[LoadedLayer]:
    for version in (*_ground(workspace), *_forbidding(workspace)):
        try:
            yield workspace.load(version)
        except PlanningError:
            continue


def _ground(workspace: LayerSource) -> list[LayerVersion]:
    return [version for version in workspace.store.current() if version.spec.kind in _UNDER]


def _forbidding(workspace: ControlLayers) -> Iterator[LayerVersion]:
    rules = workspace.law(workspace.today()).accounted
    kinds = {rule.kind for rule in rules if rule.relation is Relation.MUST_NOT_OVERLAP}
    for kind in sorted(kinds):
        found = workspace.controls(kind)
        yield from () if isinstance(found, MissingLayer) else found


def _sites(sites: list[RankedSite], look: str, title: str) -> FigureLayer:
    shapes = shapes_of(site.geometry for site in sites)
    return FigureLayer(
        look=look,
        title=title,
        geometries=shapes,
        names=tuple(shorten_name(site.name or site.site_id) for site in sites),
        all_named=True,
    )

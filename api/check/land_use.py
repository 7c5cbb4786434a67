"""Split sites, and what control lines take of them, by class of land where a survey is there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from shapely.errors import GEOSException

from api.check.controls import Control, KindControls, is_out_of_date
from api.check.printed import print_area, print_parts
from api.workspace.answers import basis_of
from api.workspace.loaded import LoadedLayer
from api.workspace.needs import ControlSource
from geo.check.control_index import ControlIndex, index_controls
from geo.check.split import Split, split_by_class, taken_areas_m2
from geo.errors import PlanningError
from geo.measure.crs import GEOGRAPHIC
from geo.model import Reason, Relation, Sites
from layers.check.classes import cell_text
from layers.check.land_classes import LAND_USE, LandClass, LandClasses, load_land_classes
from layers.model import LayerVersion, MissingLayer
from layers.readers.field_names import plain_name
from maps.answers import Title
from maps.check.answers import SiteResult
from maps.check.finding import Finding
from maps.check.land_answers import (
    LandClassArea,
    LandLayer,
    LandSplit,
    LandUse,
    OverlapLand,
    SiteLand,
)

_Controls: TypeAlias = dict[tuple[str, str | None], Control]
"""Control layers by the rule and the layer that a finding names."""

_LAST: Final = "~"
"""Sorts after every code and every group."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a patch says of its class, and the class that is meant; None for none.

    ``ridge_share`` is the part of it that ridges between fields take, None where it says none.
    """

    code: str
    name: str
    meant: LandClass | None
    ridge_share: float | None = None


def land_controls(source: ControlSource, on: date) -> tuple[Control, ...]:
    """Return the layers of the land survey on a day; no rule speaks of them."""
    versions = source.controls(LAND_USE)
    if isinstance(versions, MissingLayer):
        return ()
    in_order = sorted(versions, key=lambda one: one.layer_id)
    return tuple(_control(source, one, is_out_of_date(one, on)) for one in in_order)


def _control(source: ControlSource, version: LayerVersion, faults: tuple[Reason, ...]) -> Control:
    loaded = None
    try:
        loaded = source.load(version)
    except (PlanningError, GEOSException):
        faults = (*faults, Reason.LAYER_UNREADABLE)
    return Control(version=version, loaded=loaded, index=None, unclassified=None, faults=faults)


def split_land(
    sites: Sites,
    results: Sequence[SiteResult],
    kinds: Sequence[KindControls],
    land: Sequence[Control],
) -> LandUse | None:
    """Return sites, and what control lines take of them, by class; None without a survey."""
    if not land:
        return None
    classes, used = load_land_classes(), [one for one in land if not one.faults]
    index, said = _patches(tuple(one.loaded for one in used if one.loaded is not None))
    controls: _Controls = {
        (kind.rule.id, one.version.layer_id): one for kind in kinds for one in kind.controls
    }
    found, failed = list[SiteLand](), list[str]()
    splits = _splits(sites, index, said)
    takings = _takings(results, splits, controls)
    for site, split, taken in zip(results, splits, takings, strict=True):
        if split is None or not all(one.areas_m2 for one in taken):
            failed.append(site.site_id)
        else:
            found.append(_site(site, split, taken, classes))
    return LandUse(
        layers=[_layer(one) for one in land],
        basis=basis_of(one.version for one in used),
        groups={name: Title(zh=zh, en=en) for name, (zh, en) in classes.groups.items()},
        sites=found,
        not_computable=failed,
    )


def _splits(sites: Sites, index: ControlIndex, said: Sequence[_Said]) -> list[Split[_Said] | None]:
    """Split all sites at once; where GEOS fails on one, each by itself, and None for that one."""
    shapes = sites.geometries
    try:
        return [*split_by_class(shapes, index, said)]
    except GEOSException:
        if len(shapes) == 1:
            return [None]
    each = (sites.take(np.array([at])) for at in range(len(sites)))
    return [split for one in each for split in _splits(one, index, said)]


def _layer(control: Control) -> LandLayer:
    spec = control.version.spec
    return LandLayer(
        layer_id=spec.id,
        version=control.version.number,
        title=Title(zh=spec.title_zh, en=spec.title_en),
        status=spec.status,
        left_out=list(control.faults),
    )


@lru_cache(maxsize=4)
def _patches(used: tuple[LoadedLayer, ...]) -> tuple[ControlIndex, Sequence[_Said]]:
    """Return the patches of all layers in one order, and the class of each.

    Within a layer they stand in the order of their ids, the shorter ones first: evidence
    proves features but not the order of a file.
    """
    shapes, ids, said = [gpd.GeoSeries([], crs=GEOGRAPHIC)], list[str](), list[_Said]()
    for loaded in used:
        features = loaded.features
        names = features["feature_id"].astype(str).tolist()
        order = sorted(range(len(names)), key=lambda at: (len(names[at]), names[at]))
        shapes.append(features.geometry.iloc[order])
        ids += [f"{loaded.version.layer_id}/{names[at]}" for at in order]
        found = _say_classes(features, load_land_classes())
        said += [found[at] for at in order]
    return index_controls(pd.concat(shapes) if ids else shapes[0], ids), said


def classes_of_patches(features: gpd.GeoDataFrame) -> list[LandClass | None]:
    """Return the class of each patch of a land survey; None where the dictionary has none."""
    return [one.meant for one in _say_classes(features, load_land_classes())]


def _say_classes(features: gpd.GeoDataFrame, classes: LandClasses) -> list[_Said]:
    def texts(column: str) -> list[str]:
        found = column in features.columns
        return [cell_text(one) for one in features[column]] if found else [""] * len(features)

    columns = {plain_name(str(one)): str(one) for one in features.columns}
    ridges = next(
        (columns[one] for one in map(plain_name, classes.ridge_fields) if one in columns), ""
    )
    rows = zip(texts(classes.code), texts(classes.name), texts(ridges), strict=True)
    known: dict[tuple[str, str, str], _Said] = {}
    said = []
    for row in rows:
        if row not in known:
            code, name, share = row
            meant = classes.find(code, name)
            code, name = ("", "") if meant else (code, name)
            known[row] = _Said(code, name, meant, _read_share(share))
        said.append(known[row])
    return said


def _read_share(text: str) -> float | None:
    """Return a share from 0 to below 1; None for anything else, percentages among it."""
    try:
        share = float(text)
    except ValueError:
        return None
    return share if 0.0 <= share < 1.0 else None


@dataclass(slots=True)
class _Taking:
    """What one line takes of the grounds of a site: m2 of each, nothing where GEOS failed."""

    finding: Finding
    grounds: npt.NDArray[Any]
    areas_m2: list[float] = field(default_factory=list)


def _takings(
    results: Sequence[SiteResult], splits: Sequence[Split[_Said] | None], controls: _Controls
) -> list[list[_Taking]]:
    """Return what lines take of each piece of each site; units that cover all land take nothing.

    Each line is asked once, about the pieces of all sites.
    """
    found, of_line = list[list[_Taking]](), dict[tuple[str, str | None], list[_Taking]]()
    for site, split in zip(results, splits, strict=True):
        own = [] if split is None else list(_unmeasured(site, split, controls))
        for one in own:
            of_line.setdefault((one.finding.rule_id, one.finding.layer_id), []).append(one)
        found.append(own)
    for line, takings in of_line.items():
        _measure(takings, controls[line])
    return found


def _unmeasured(site: SiteResult, split: Split[_Said], controls: _Controls) -> Iterator[_Taking]:
    grounds = np.array([*split.pieces.values(), split.rest], dtype=object)
    for finding in site.findings:
        known = (finding.rule_id, finding.layer_id) in controls
        if known and finding.parts and not finding.covers_all_land:
            yield _Taking(finding, grounds)


def _measure(takings: Sequence[_Taking], control: Control) -> None:
    """Measure what a line takes of all these grounds; where GEOS fails on one, each by itself."""
    ends = np.cumsum([len(one.grounds) for one in takings])
    try:
        areas_m2 = _taken_m2(
            np.concatenate([one.grounds for one in takings]), takings[0].finding, control
        )
    except GEOSException:
        for one in takings if len(takings) > 1 else ():
            _measure([one], control)
        return
    for one, own_m2 in zip(takings, np.split(areas_m2, ends[:-1]), strict=True):
        one.areas_m2 = own_m2.tolist()


def _taken_m2(
    grounds: npt.NDArray[Any], finding: Finding, control: Control
) -> npt.NDArray[np.float64]:
    if control.index is None or control.loaded is None:
        return np.zeros(len(grounds))
    outside = finding.relation == Relation.MUST_BE_INSIDE
    within = control.loaded.coverage_area if outside else None
    return taken_areas_m2(grounds, control.index.judged, outside=outside, within=within)


def _site(
    site: SiteResult, split: Split[_Said], takings: Sequence[_Taking], classes: LandClasses
) -> SiteLand:
    whole = _land(split.areas_m2, split.rest_m2, site.area_m2, classes)
    return SiteLand(
        **whole.model_dump(),
        site_id=site.site_id,
        shared_m2=split.shared_m2,
        overlaps=[_overlap(split, one, classes) for one in takings],
    )


def _overlap(split: Split[_Said], taking: _Taking, classes: LandClasses) -> OverlapLand:
    finding, (*areas_m2, rest_m2) = taking.finding, taking.areas_m2
    by_class = dict(zip(split.pieces, areas_m2, strict=True))
    whole = _land(by_class, rest_m2, finding.overlap_area_m2 or 0.0, classes)
    return OverlapLand(
        **whole.model_dump(),
        rule_id=finding.rule_id,
        layer_id=finding.layer_id,
        line=finding.named,
    )


def _land(
    areas_m2: Mapping[_Said, float], rest_m2: float, whole_m2: float, classes: LandClasses
) -> LandSplit:
    """Return ground by class in the order of groups and codes, printed so that it adds up."""
    by_class, ridges_m2, without_m2 = _deduct_ridges(areas_m2, classes)
    found = sorted(
        ((said, area_m2) for said, area_m2 in by_class.items() if area_m2 > 0.0),
        key=lambda one: _place(one[0], classes),
    )
    printed = print_parts([*(area_m2 for _, area_m2 in found), rest_m2], whole_m2)
    return LandSplit(
        area_m2=whole_m2,
        printed=print_area(whole_m2),
        classes=[
            _class_area(said, area_m2, whole_m2, classes).model_copy(update={"printed": area})
            for (said, area_m2), area in zip(found, printed[:-1], strict=True)
        ],
        ridges_m2=ridges_m2,
        without_coefficient_m2=without_m2,
        outside_m2=rest_m2,
        outside_pct=100.0 * rest_m2 / whole_m2,
        outside_printed=printed[-1],
    )


def _deduct_ridges(
    areas_m2: Mapping[_Said, float], classes: LandClasses
) -> tuple[Mapping[_Said, float], float, float]:
    """Return ground by class with ridges as their own, how much they are, and cropland without.

    The second is the ground of ridges, the third that of cropland that says no share of them.
    """
    found, ridges_m2, without_m2 = dict[_Said, float](), 0.0, 0.0
    for said, area_m2 in areas_m2.items():
        own_m2 = area_m2 * (said.ridge_share or 0.0)
        plain = replace(said, ridge_share=None)
        found[plain] = found.get(plain, 0.0) + area_m2 - own_m2
        ridges_m2 += own_m2
        if said.ridge_share is None and said.meant and said.meant.first == classes.cropland:
            without_m2 += area_m2
    if ridges_m2:
        ridges = _Said("", "", classes.ridges)
        found[ridges] = found.get(ridges, 0.0) + ridges_m2
    return found, ridges_m2, without_m2


def _place(said: _Said, classes: LandClasses) -> tuple[int, str, str, str]:
    groups, meant = list(classes.groups), said.meant
    if meant is None:
        return len(groups) + 1, _LAST, said.code, said.name
    group = groups.index(meant.group) if meant.group else len(groups)
    return group, meant.first, meant.code, ""


def _class_area(
    said: _Said, area_m2: float, whole_m2: float, classes: LandClasses
) -> LandClassArea:
    meant = said.meant
    first = classes.by_code[meant.first] if meant else None
    return LandClassArea(
        code=meant.code if meant else said.code or None,
        name=Title(zh=meant.title_zh, en=meant.title_en)
        if meant
        else Title(zh=said.name, en=said.name),
        first=Title(zh=first.title_zh, en=first.title_en) if first else None,
        group=meant.group if meant else None,
        known=meant is not None,
        area_m2=area_m2,
        share_pct=100.0 * area_m2 / whole_m2,
        printed=print_area(area_m2),
    )

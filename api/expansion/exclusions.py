"""What is excluded from building on the pixels of a grid, and where that cannot be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from api.expansion.mosaic import layers_on
from api.workspace.loaded import LoadedLayer
from api.workspace.needs import ControlLayers, GroundNeeds
from geo.errors import PlanningError
from geo.model import Grid, Reason
from geo.raster.zonal import filled_pixels, touched_pixels
from layers.check.classes import chosen_by, unspoken_of
from layers.check.rules import ControlRule
from layers.expansion.suitability import LayerExclusion, SuitabilityRule
from layers.model import LayerVersion, MissingLayer
from layers.rasters.kinds import class_dictionary
from maps.expansion.suitability_answers import MissingLine

Mask = npt.NDArray[np.bool_]

_GONE: Final = frozenset({Reason.LAYER_LOST, Reason.LAYER_WITHDRAWN, Reason.LAYER_WITHHELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusions:
    """Excluded pixels by reason, in the order in which reasons are named.

    A pixel is excluded if a hard line has any ground in it. ``cannot_tell``: a required
    layer does not speak about all of the pixel.
    """

    masks: dict[str, Mask]
    cannot_tell: Mask
    missing: tuple[MissingLine, ...]
    used: tuple[Any, ...]


def exclusions_on(
    workspace: GroundNeeds, rule: SuitabilityRule, grid: Grid, counted: Mask
) -> Exclusions:
    """Return the exclusions of a rule on the pixels of a grid.

    Layers that are missing, out of their time, unreadable or silent about where they
    speak are named, and never taken as nothing in the way. A layer that does not cover
    all of the ``counted`` pixels is named too.
    """
    masks: dict[str, Mask] = {}
    cannot_tell = np.zeros(grid.shape, dtype=bool)
    missing: list[MissingLine] = []
    used: list[Any] = []
    for line in rule.excluded_layers:
        mask, covered, reasons, versions = _line(workspace, line, grid, counted)
        masks[line.id] = mask
        used += versions
        missing += [
            MissingLine(kind=line.id, required=line.required, reason=reason) for reason in reasons
        ]
        if line.required or not _GONE.isdisjoint(reasons):
            cannot_tell |= ~covered & ~mask
    masks["water"], silent, waters = _water(workspace, rule, grid, counted)
    return Exclusions(
        masks=masks,
        cannot_tell=cannot_tell,
        missing=(*missing, *silent),
        used=(*used, *waters),
    )


def _line(
    workspace: ControlLayers, line: LayerExclusion, grid: Grid, counted: Mask
) -> tuple[Mask, Mask, list[Reason], list[LayerVersion]]:
    """Return what one kind excludes, what it speaks about, and why it is silent."""
    mask, covered = np.zeros(grid.shape, dtype=bool), np.zeros(grid.shape, dtype=bool)
    found = workspace.controls(line.id)
    if isinstance(found, MissingLayer):
        return mask, covered, [found.reason], []
    reasons, used = [], []
    for version in found:
        fault = reason_out_of_date(version, workspace.today())
        try:
            loaded = workspace.load(version)
        except PlanningError:
            reasons.append(Reason.LAYER_UNREADABLE)
            continue
        used.append(version)
        # What an expired layer forbids is still shown; what it leaves free is not believed.
        mask |= touched_pixels(excluding_shapes(loaded, line, workspace.rules), grid)
        if fault is not None:
            reasons.append(fault)
        elif loaded.coverage_area is None:
            reasons.append(Reason.COVERAGE_UNKNOWN)
        else:
            covered |= filled_pixels(np.array([loaded.coverage_area], dtype=object), grid)
    ended = [
        one.reason for one in workspace.law(workspace.today()).ended if one.rule.kind == line.id
    ]
    if ended:
        # What a rule forbade is still shown; that the rest is free nobody can tell.
        return mask, np.zeros_like(covered), [*dict.fromkeys([*reasons, *ended])], used
    if not reasons and not covered[counted].all():
        partly = covered[counted].any()
        reasons.append(Reason.COVERAGE_PARTIAL if partly else Reason.COVERAGE_NONE)
    return mask, covered, reasons, used


def reason_out_of_date(version: LayerVersion, on: date) -> Reason | None:
    """Return why a version says nothing on a day, None if it does."""
    spec = version.spec
    if spec.valid_to and on > spec.valid_to:
        return Reason.LAYER_EXPIRED
    if spec.valid_from and on < spec.valid_from:
        return Reason.LAYER_NOT_YET_VALID
    return None


def excluding_shapes(
    loaded: LoadedLayer, line: LayerExclusion, rules: Sequence[ControlRule]
) -> npt.NDArray[Any]:
    """Return the features on which nothing is built, by whatever name rules know their class.

    What no rule knows is among them, as is a layer without the attribute: nobody can say that
    it is free.
    """
    features, own = loaded.features, [rule for rule in rules if rule.kind == line.id]
    meant = np.ones(len(features), dtype=bool)
    for name, values in line.where.items():
        alike = [rule for rule in own if set(values) & set(rule.where.get(name, ()))]
        if alike:
            of_class = [chosen_by(features, rule) for rule in alike]
            meant &= np.any([*of_class, unspoken_of(features, own)], axis=0)
        elif name in features:
            meant &= features[name].isin(values).to_numpy()
    return np.asarray(features.geometry.to_numpy()[meant], dtype=object)


def _water(
    workspace: GroundNeeds, rule: SuitabilityRule, grid: Grid, counted: Mask
) -> tuple[Mask, list[MissingLine], list[Any]]:
    """Return lakes, and water of the land cover in use; without it water may go unseen."""
    wet, used, gone = np.zeros(grid.shape, dtype=bool), list[Any](), list[MissingLine]()
    for kind in rule.water_layers:
        layers = workspace.controls(kind)
        if isinstance(layers, MissingLayer):
            if layers.gone:
                gone.append(MissingLine(kind=kind, required=False, reason=layers.reason))
            continue
        for version in layers:
            shapes = workspace.load(version).features.geometry.to_numpy()
            wet |= touched_pixels(shapes, grid)
            used.append(version)
    seen = np.zeros(grid.shape, dtype=bool)
    for sheet, found in layers_on(workspace, "land_cover", grid):
        classes = class_dictionary(sheet.facts.classes or "").classes.values()
        codes = [one.code for one in classes if one.group in rule.water_groups]
        wet |= np.isin(found.values, codes) & ~seen
        seen |= found.known
        used += sheet.versions
    if seen[counted].all():
        return wet, gone, used
    missing = workspace.rasters.missing("land_cover") or MissingLayer(kind="land_cover")
    reason = Reason.COVERAGE_PARTIAL if seen[counted].any() else missing.reason
    return wet, [*gone, MissingLine(kind="land_cover", required=False, reason=reason)], used

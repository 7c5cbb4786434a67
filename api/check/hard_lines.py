"""The ground that hard lines forbid around a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from api.check.controls import Control, KindControls, kinds_of
from api.workspace.needs import ControlLayers
from geo.measure.restore import polygonal
from geo.model import Relation
from layers.check.rules import ControlRule
from layers.model import LayerVersion
from maps.answers import Title
from maps.check.finding import UntoldLine

Shapes = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class HardLine:
    """What one layer forbids by one rule: its features, or what lies outside of them.

    ``forbidden`` is valid and in EPSG:4490.
    """

    rule: ControlRule
    version: LayerVersion
    forbidden: Shapes

    @property
    def id(self) -> str:
        """Names rule and layer."""
        return f"{self.rule.id}@{self.version.layer_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HardLines:
    """All hard lines around a place, and the kinds of which nothing can be told there.

    ``kinds`` are those of the check, with every layer; ``unexamined`` those of which there is none
    and none must be, forbidding or not.
    """

    lines: tuple[HardLine, ...]
    kinds: tuple[KindControls, ...]
    untold: tuple[KindControls, ...]
    unexamined: tuple[KindControls, ...]


def hard_lines(workspace: ControlLayers, around: shapely.Geometry) -> HardLines:
    """Return what the rules of today forbid around a place.

    Rules that only impose conditions forbid nothing. A layer out of its time forbids all
    the same, for what it forbade may hold again; the check after says what it is worth.

    Parameters
    ----------
    workspace : Workspace
        The store and the day.
    around : Polygon
        EPSG:4490; what lies beyond it is left out.
    """
    law = workspace.law(workspace.today())
    every = kinds_of(workspace, law, workspace.today())
    kinds = [kind for kind in every if kind.rule.relation is not Relation.IMPOSES_CONDITIONS]
    lines, untold = list[HardLine](), list[KindControls]()
    for kind in kinds:
        if _is_untold(kind):
            untold.append(kind)
        for control in kind.controls:
            if control.index is not None:
                forbidden = _forbidden(kind.rule, control, around)
                lines.append(HardLine(rule=kind.rule, version=control.version, forbidden=forbidden))
    return HardLines(
        lines=tuple(lines),
        kinds=tuple(kinds),
        untold=tuple(untold),
        unexamined=tuple(one for one in every if not one.controls and not one.required),
    )


def _is_untold(kind: KindControls) -> bool:
    """Tell whether a layer of a kind says nothing here, or none is there that must be.

    A layer that stands beside one that cannot be read hides nothing of it.
    """
    if not kind.controls:
        return kind.required
    return any(control.index is None for control in kind.controls)


def name_unknown_lines(untold: Iterable[KindControls]) -> list[UntoldLine]:
    """Return by name of which kinds of lines nothing can be told, and why; each once."""
    found = {
        (one.kind.id, one.why_nothing): UntoldLine(
            kind=one.kind.id,
            title=Title(zh=one.kind.title_zh, en=one.kind.title_en),
            reason=one.why_nothing,
            law_day=one.law_day,
        )
        for one in untold
    }
    return list(found.values())


def unexamined_titles(hard: HardLines) -> list[Title]:
    """Return by name the kinds of which no layer stands and none must, each once."""
    kinds = {one.kind.id: one.kind for one in hard.unexamined}
    return [Title(zh=one.title_zh, en=one.title_en) for one in kinds.values()]


def find_common_coverage(kinds: Sequence[KindControls]) -> Shapes | None:
    """Return what the required layers all speak about; None if one of them does not say."""
    common: shapely.Geometry | None = None
    for kind in kinds:
        if not kind.required:
            continue
        if kind.stated is None:
            return None
        whole = shapely.union_all(kind.stated.geometries)
        common = whole if common is None else shapely.intersection(common, whole)
    if common is None:
        return None
    return polygonal(np.array([common], dtype=object))


def _forbidden(rule: ControlRule, control: Control, around: shapely.Geometry) -> Shapes:
    loaded, index = control.loaded, control.index
    assert loaded is not None  # noqa: S101 - an index is made of a loaded layer
    assert index is not None  # noqa: S101 - asked before
    near = index.judged.tree.query(around, predicate="intersects")
    features: Shapes = index.judged.geometries[np.sort(near)]
    if rule.relation is Relation.MUST_NOT_OVERLAP:
        return features
    asked = around
    if loaded.coverage_area is not None:
        asked = shapely.intersection(around, loaded.coverage_area)
    outside = shapely.difference(asked, shapely.union_all(features))
    found = polygonal(np.array([outside], dtype=object))
    solid: Shapes = found[~shapely.is_empty(found)]
    return solid

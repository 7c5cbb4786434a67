"""The maps of a report: where the sites are, how they lie to the control lines, each overlap."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from api.workspace.answers import shapes_of
from api.workspace.loaded import LoadedLayer
from api.workspace.map_layers import credits_of, drawn_layer, in_drawing_order, mark_of
from api.workspace.needs import LayerSource
from geo.check.verdict import gravity
from geo.errors import PlanningError
from layers.check.land_classes import LAND_USE
from maps.check.answers import CheckResult, SiteResult
from maps.check.finding import Finding
from maps.check.report.limits import report_limits
from maps.check.report.material import ENLARGED, SitePictures, shorten_name
from maps.figure.model import REPORT_MM, FigureLayer, MapSheet
from maps.figure.picture import MapPicture, visible_box_lonlat
from maps.i18n import tr

_GROUND: Final = frozenset({"county", "lake", "river"})
_ZONES: Final = frozenset({"district", "bonded_zone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """How large a map is printed, and how much ground it shows at least."""

    least_width_m: float
    size_mm: tuple[float, float] = REPORT_MM


_LOCATION: Final = _Size(least_width_m=40_000.0)
_RELATION: Final = _Size(least_width_m=600.0)
# Two of them with their tables fill a page.
_ENLARGEMENT: Final = _Size(least_width_m=40.0, size_mm=(165.0, 78.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawer:
    """What the maps of one report share."""

    lang: str
    ground: Sequence[LoadedLayer]
    zones: Sequence[LoadedLayer]
    controls: Sequence[LoadedLayer]
    mark: str | None
    notes: tuple[str, ...]

    def picture(
        self,
        focus: npt.NDArray[Any],
        below: Sequence[LoadedLayer],
        above: tuple[FigureLayer, ...],
        size: _Size,
    ) -> MapPicture:
        """Return a map of a focus: layers of the store, and above them the check's own."""
        sheet = MapSheet(
            lang=self.lang,
            layers=above,
            focus=focus,
            least_width_m=size.least_width_m,
            size_mm=size.size_mm,
            mark=self.mark,
            notes=(*self.notes, *credits_of(below, self.lang)),
        )
        box = shapely.box(*visible_box_lonlat(sheet))
        drawn = tuple(drawn_layer(one, box, self.lang) for one in in_drawing_order(below))
        return MapPicture(sheet=replace(sheet, layers=(*drawn, *above)))


def report_maps(
    workspace: LayerSource, result: CheckResult, lang: str
) -> tuple[MapPicture, tuple[SitePictures, ...]]:
    """Return the location map of a check and the maps of each of its sites, in their order."""
    drawer = _drawer(workspace, result, lang)
    shapes = shapes_of(site.geometry for site in result.sites).tolist()
    chosen, related = _select_findings(result), _select_sites(result)
    maps = tuple(
        SitePictures(
            relation=_relation(drawer, site, shape) if site.site_id in related else None,
            enlarged={
                at: _draw_enlarged(drawer, shape, finding)
                for at, finding in enumerate(site.findings)
                if (site.site_id, at) in chosen
            },
        )
        for site, shape in zip(result.sites, shapes, strict=True)
    )
    return _location(drawer, result, shapes), maps


def _drawer(workspace: LayerSource, result: CheckResult, lang: str) -> _Drawer:
    current = [v for v in workspace.store.current() if v.spec.kind in _GROUND | _ZONES]
    known = [workspace.load(version) for version in current]
    used = _read_used_layers(workspace, result)
    dates = sorted({str(one.version.spec.data_date) for one in used if one.version.spec.data_date})
    dated = tr("figure.data_date", lang, date=dates) if dates else None
    return _Drawer(
        lang=lang,
        ground=[one for one in known if one.version.spec.kind in _GROUND],
        zones=[one for one in known if one.version.spec.kind in _ZONES],
        controls=used,
        mark=mark_of((basis.status for basis in result.basis), lang),
        notes=(
            dated or tr("figure.data_date_unstated", lang),
            tr("figure.checked_on", lang, date=result.checked_on),
        ),
    )


def _read_used_layers(workspace: LayerSource, result: CheckResult) -> list[LoadedLayer]:
    """Return the control layers of a check that can still be read; the report names all."""
    found = []
    for name in sorted(result.record["layers"]):
        layer_id, _, number = name.rpartition("@")
        try:
            version = workspace.store.get(layer_id, int(number))
            # The land survey covers all ground: drawn under lines it would hide them.
            if version.spec.kind != LAND_USE:
                found.append(workspace.load(version))
        except PlanningError:
            continue
    return found


def _location(drawer: _Drawer, result: CheckResult, shapes: list[Any]) -> MapPicture:
    few = len(result.sites) <= report_limits().most_numbered
    names = tuple(_name(site) for site in result.sites) if few else ()
    sites = _sites("site_filled", shapes, names, drawer.lang)
    below = [*drawer.ground, *drawer.zones]
    return drawer.picture(_array(shapes), below, (sites,), _LOCATION)


def _relation(drawer: _Drawer, site: SiteResult, shape: Any) -> MapPicture:  # noqa: ANN401
    above = _sites("site", [shape], (_name(site),), drawer.lang)
    below = [*drawer.ground, *drawer.zones, *drawer.controls]
    return drawer.picture(_around(shape), below, (above,), _RELATION)


def _draw_enlarged(drawer: _Drawer, shape: Any, finding: Finding) -> MapPicture:  # noqa: ANN401
    drawn = [(at, part) for at, part in enumerate(finding.parts, start=1) if part.geometry]
    parts = shapes_of(part.geometry for _, part in drawn).tolist()
    few = len(parts) <= report_limits().most_numbered
    touched = FigureLayer(
        look=finding.verdict,
        title=_part_title(finding, drawer.lang),
        geometries=_array(parts),
        names=tuple(str(at) for at, _ in drawn) if few else (),
        all_named=True,
    )
    outline = _sites("site", [shape], (), drawer.lang)
    below = [one for one in drawer.controls if one.version.layer_id == finding.layer_id]
    return drawer.picture(_array(parts), below, (outline, touched), _ENLARGEMENT)


def _part_title(finding: Finding, lang: str) -> str:
    """Return what the parts are by the computed verdict, and by a reviewer's beside it."""
    computed = tr(f"figure.part_{finding.verdict}", lang)
    if finding.override is None:
        return computed
    reviewed = tr(f"verdicts.{finding.override.verdict}", lang)
    return tr("cli.reviewed_verdict", lang, computed=computed, reviewed=reviewed)


def _select_sites(result: CheckResult) -> frozenset[str]:
    """Return the sites whose relation is drawn: all of them, or the gravest."""
    gravest = sorted(result.sites, key=lambda site: gravity(site.verdict))
    return frozenset(site.site_id for site in gravest[: report_limits().most_relations])


def _select_findings(result: CheckResult) -> frozenset[tuple[str, int]]:
    """Return which findings are shown enlarged: those with parts, the gravest first."""
    found = [
        (ENLARGED.index(finding.verdict), -(finding.overlap_area_m2 or 0.0), site.site_id, at)
        for site in result.sites
        for at, finding in enumerate(site.findings)
        if finding.verdict in ENLARGED
        # What covers all land bounds nothing that an enlargement could show.
        and not finding.covers_all_land
        and any(part.geometry for part in finding.parts)
    ]
    return frozenset(
        (site_id, at) for _, _, site_id, at in sorted(found)[: report_limits().most_enlarged]
    )


def _sites(look: str, shapes: list[Any], names: tuple[str | None, ...], lang: str) -> FigureLayer:
    title = tr("figure.site", lang)
    return FigureLayer(
        look=look, title=title, geometries=_array(shapes), names=names, all_named=True
    )


def _name(site: SiteResult) -> str:
    return shorten_name(site.name or site.site_id)


def _around(shape: Any) -> npt.NDArray[Any]:  # noqa: ANN401 - a shapely geometry
    """Return a box that shows a site with as much ground again on every side."""
    west, south, east, north = shape.bounds
    wide, high = (east - west) * 0.6, (north - south) * 0.6
    return _array([shapely.box(west - wide, south - high, east + wide, north + high)])


def _array(shapes: list[Any]) -> npt.NDArray[Any]:
    return np.array(shapes, dtype=object)

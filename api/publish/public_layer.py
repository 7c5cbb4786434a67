"""A layer as the public sees it: its lines generalised, and of its attributes what may be told."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from api.check.protections import list_protections
from api.publish.publication_plan import PlannedLayer
from api.workspace.answers import geojson
from api.workspace.needs import LawSource, LayerSource, PublishNeeds
from geo.publish.generalise import Generalised, generalise
from layers.density.linkage import KIND as LINKAGE_ZONE
from layers.model import LayerVersion, Sensitivity
from layers.publish.fields import fields_of, read_fields
from layers.publish.policy import publish_policy
from layers.readers.field_names import read_names
from maps.answers import JsonObject, Title
from maps.check.protection_answers import Protection
from maps.publish.publication import PublicField, PublicLayer

_NAMES: Final = frozenset({"name", "name_zh"})
"""Of what a policy may let pass: either names a feature in the language that comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLayer:
    """A layer as the public sees it, beside what it was made from."""

    version: LayerVersion
    features: Any
    made: Generalised
    displacement_m: float

    @property
    def kept(self) -> list[int]:
        """Which features are left at this displacement."""
        return [at for at, shape in enumerate(self.made.geometries) if shape is not None]


def shown_layer(workspace: LayerSource, layer: PlannedLayer) -> ShownLayer:
    """Return the lines of a layer as a plan wants them.

    Raises
    ------
    UnknownLayerError
        There is no such layer.
    """
    version = workspace.store.get(layer.id)
    features = workspace.load(version).features
    geometries = features.geometry.to_numpy()
    made = (
        generalise(geometries, layer.displacement_m)
        if layer.displacement_m > 0.0
        else Generalised(geometries=geometries, displacement_m=0.0, shared_edges_kept=None)
    )
    return ShownLayer(
        version=version, features=features, made=made, displacement_m=layer.displacement_m
    )


def public_layer(workspace: PublishNeeds, one: ShownLayer) -> PublicLayer:
    """Return all that a map shows of a layer, and says of it."""
    spec = one.version.spec
    told = spec.sensitivity is Sensitivity.PUBLIC
    said = _public_properties(workspace, one) if told else [{} for _ in one.made.geometries]
    features = [
        {
            "type": "Feature",
            "id": f"{spec.id}-{number}",
            "properties": said[at],
            "geometry": geojson(one.made.geometries[at], decimals=6),
        }
        for number, at in enumerate(one.kept, start=1)
    ]
    return PublicLayer(
        id=spec.id,
        kind=spec.kind,
        title=Title(zh=spec.title_zh, en=spec.title_en),
        status=spec.status.value,
        source=spec.source,
        licence=spec.licence,
        version=one.version.number,
        displacement_m=one.displacement_m,
        features={"type": "FeatureCollection", "features": features},
        fields=[PublicField(id=field.id, form=field.form) for field in fields_of(spec.kind)]
        if told
        else [],
        protections=_protections(workspace, spec.kind),
    )


def _public_properties(workspace: PublishNeeds, one: ShownLayer) -> list[JsonObject]:
    """Return the properties of each feature of a public layer."""
    spec = one.version.spec
    allowed = publish_policy().allowances[spec.sensitivity].attributes
    names = [name for name in allowed if name in one.features.columns]
    units = {
        feature_id: unit.id
        for unit in workspace.statistics.units.values()
        if unit.layer == spec.id
        for feature_id in unit.feature_ids
    }
    grants = _grants(workspace, spec.id) if spec.kind == LINKAGE_ZONE else {}
    found = []
    for row, fields in zip(
        one.features.to_dict("records"), read_fields(spec.kind, one.features), strict=True
    ):
        own = {name: _plain(row[name]) for name in names}
        said = {name: value for name, value in own.items() if value is not None}
        unit = units.get(row["feature_id"])
        grant = grants.get(row["feature_id"]) or grants.get(unit) or {}
        found.append({**said, **({"unit": unit} if unit else {}), **grant, **fields})
    # Layers that came in call their features by other headers.
    titles = [] if set(names) & _NAMES else read_names(pd.DataFrame(one.features))
    for said, title in zip(found, titles, strict=False):
        if title:
            said.update(name_zh=title[0], name_en=title[1])
    return found


def _grants(workspace: PublishNeeds, layer_id: str) -> dict[str | None, JsonObject]:
    """Return what is known of the grants of linkage zones: by the features that draw them."""
    found = dict[str | None, JsonObject]()
    for one in workspace.linkage:
        said = {"batch": one.batch, "granted_on": one.since, "grant_document": one.document}
        grant = {name: text for name, text in said.items() if text}
        if one.unit.layer == layer_id:
            found |= dict.fromkeys(one.unit.drawn_as, grant)
        found[one.unit.id] = grant
    return found


def _protections(workspace: LawSource, kind: str) -> list[Protection]:
    """Return the cards of a control line; classes of features are no words for the public."""
    if not workspace.kind(kind).control:
        return []
    found = list_protections(workspace).protections
    return [one.model_copy(update={"where": {}}) for one in found if one.kind == kind]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of a table
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    return value.item() if isinstance(value, np.generic) else value

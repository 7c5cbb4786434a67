"""Answers of the self-audit of layers."""

from pydantic import Field

from maps.answers import Answer, Basis, JsonObject, Title, Written


class AuditedLayer(Answer):
    """A layer that was audited, and how many faults of each sort it has."""

    id: str
    kind: str
    title: Title
    status: str
    version: int
    feature_count: int
    faults: dict[str, int] = Field(examples=[{"overlap": 2, "sliver": 1}])


class LinePair(Answer):
    """Two of the lines that must not cross, and the ground that both take."""

    left: str
    right: str
    places: int
    area_m2: float = Field(description="Ground counted once.")


class AuditFault(Answer):
    """One fault and its place."""

    code: str = Field(
        examples=["invalid", "duplicate", "overlap", "lines_cross", "gap", "sliver", "area", "text"]
    )
    layer_id: str
    feature_id: str | None
    other_layer_id: str | None = None
    other_feature_id: str | None = None
    area_m2: float | None = Field(default=None, description="Of the place, on the ellipsoid.")
    width_m: float | None = Field(default=None, description="Largest width of the place.")
    stated_m2: float | None = Field(default=None, description="What an attribute says.")
    field: str | None = Field(default=None, description="Attribute concerned.")
    text: str | None = Field(default=None, description="Damaged text, or why it is invalid.")
    repaired: str | None = Field(default=None, description="What the text may have been.")
    at_lonlat: tuple[float, float] | None = None
    geometry: JsonObject | None = Field(default=None, description="GeoJSON, lon/lat.")


class LayerAudit(Answer):
    """What layers say against themselves and each other; no finding about any site."""

    checked_on: str
    basis: list[Basis]
    limits: JsonObject
    layers: list[AuditedLayer]
    line_pairs: list[LinePair]
    total: int = Field(description="Faults found.")
    faults: list[AuditFault] = Field(description="At most as many of a sort as the limits say.")

    def without_geometry(self) -> "LayerAudit":
        """Return the same audit without the places' geometry."""
        faults = [fault.model_copy(update={"geometry": None}) for fault in self.faults]
        return self.model_copy(update={"faults": faults})


class AuditWritten(Answer):
    """An audit, and the files that hold it with its places."""

    audit: LayerAudit
    outputs: list[Written]

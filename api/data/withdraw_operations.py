"""Operations that withdraw versions of layers and rasters, declared once for both doors."""

from api.operation import Call, operation
from api.reading import Said
from maps.data.withdrawal_answers import VersionStanding


class VersionQuestion(Said):
    """Which version of a layer or raster."""

    version: int


class LayerVersionQuestion(VersionQuestion):
    """Which version of a layer."""

    layer_id: str


class RasterVersionQuestion(VersionQuestion):
    """Which version of a raster."""

    raster_id: str


@operation(
    "layers withdraw",
    "POST /api/v1/layers/{layer_id}/versions/{version}/withdraw",
    arguments=("layer_id", "version"),
    text="maps.data.withdrawal_document:standing_document",
)
def withdraw_layer(call: Call, asked: LayerVersionQuestion) -> VersionStanding:
    """Let a version of a layer count no more; it is kept, and what rests on it is named."""
    from api.workspace.withdraw import Wish, change_layer

    wish = Wish(withdrawn=True, name=asked.name, reason=asked.reason)
    return change_layer(call.workspace, asked.layer_id, asked.version, wish)


@operation(
    "layers restore",
    "POST /api/v1/layers/{layer_id}/versions/{version}/restore",
    arguments=("layer_id", "version"),
    text="maps.data.withdrawal_document:standing_document",
)
def restore_layer(call: Call, asked: LayerVersionQuestion) -> VersionStanding:
    """Let a version of a layer that was withdrawn count again."""
    from api.workspace.withdraw import Wish, change_layer

    wish = Wish(withdrawn=False, name=asked.name, reason=asked.reason)
    return change_layer(call.workspace, asked.layer_id, asked.version, wish)


@operation(
    "rasters withdraw",
    "POST /api/v1/rasters/{raster_id}/versions/{version}/withdraw",
    arguments=("raster_id", "version"),
    text="maps.data.withdrawal_document:standing_document",
)
def withdraw_raster(call: Call, asked: RasterVersionQuestion) -> VersionStanding:
    """Let a version of a raster count no more; it is kept, and what rests on it is named."""
    from api.workspace.withdraw import Wish, change_raster

    wish = Wish(withdrawn=True, name=asked.name, reason=asked.reason)
    return change_raster(call.workspace, asked.raster_id, asked.version, wish)


@operation(
    "rasters restore",
    "POST /api/v1/rasters/{raster_id}/versions/{version}/restore",
    arguments=("raster_id", "version"),
    text="maps.data.withdrawal_document:standing_document",
)
def restore_raster(call: Call, asked: RasterVersionQuestion) -> VersionStanding:
    """Let a version of a raster that was withdrawn count again."""
    from api.workspace.withdraw import Wish, change_raster

    wish = Wish(withdrawn=False, name=asked.name, reason=asked.reason)
    return change_raster(call.workspace, asked.raster_id, asked.version, wish)


OPERATIONS = (withdraw_layer, restore_layer, withdraw_raster, restore_raster)

"""The operations that evaluate zones and firms, and the schemes that they do it by."""

from api.density.questions import IntensityQuestion, PermuQuestion, SchemeQuestion
from api.operation import Call, FileAnswer, Nothing, operation
from maps.density.evaluated_answers import EvaluatedPreview
from maps.density.evaluation_answers import PermuReport, SchemeList
from maps.density.intensity_answers import IntensityReport


@operation(
    "intensity",
    "POST /api/v1/intensity",
    arguments=("file",),
    text="maps.density.intensity_document:intensity_document",
    files="api.density.files:INTENSITY_FILES",
)
def intensity(call: Call, asked: IntensityQuestion) -> IntensityReport:
    """Evaluate the land use of development zones."""
    from api.density.intensity import evaluate_zones

    source = asked.file.source(call.workspace.limits)
    return evaluate_zones(
        call.workspace,
        source,
        asked.options,
        accept=asked.accept,
        nature=asked.nature,
        scheme=asked.scheme,
    )


@operation(
    "intensity-preview",
    "POST /api/v1/intensity/preview",
    arguments=("file",),
    text="maps.density.evaluated_document:evaluated_document",
)
def intensity_preview(call: Call, asked: IntensityQuestion) -> EvaluatedPreview:
    """Return what was understood of a table of zones, value by value; compute nothing."""
    from api.density.evaluated_preview import preview_zones

    source = asked.file.source(call.workspace.limits)
    return preview_zones(call.workspace, source, asked.options, asked.nature)


@operation(
    "schemes", "GET /api/v1/permu/schemes", text="maps.density.permu_document:schemes_document"
)
def schemes(call: Call, _: Nothing) -> SchemeList:
    """List the schemes by which firms can be scored."""
    from api.density.evaluation.schemes import list_schemes

    return list_schemes(call.workspace)


@operation(
    "scheme-sheet",
    "GET /api/v1/permu/schemes/{scheme}.yaml",
    arguments=("scheme",),
    forms={"yaml": "application/yaml"},
)
def scheme_sheet(call: Call, asked: SchemeQuestion) -> FileAnswer:
    """Return a scheme as a file to be filled in or changed."""
    from api.density.evaluation.schemes import scheme_sheet as sheet

    return sheet(call.workspace, asked.scheme, call.lang)


@operation(
    "permu",
    "POST /api/v1/permu",
    "GET /api/v1/permu",
    arguments=("file",),
    text="maps.density.permu_document:permu_document",
    files="api.density.files:PERMU_FILES",
)
def permu(call: Call, asked: PermuQuestion) -> PermuReport:
    """Score firms by the mu and find low-yield land: of a file, or of stored parcels."""
    from api.density.permu import NoFirmsError, PermuRequest, evaluate_firms, evaluate_layer

    request = PermuRequest(
        scheme=asked.scheme,
        parcel_layer=asked.parcels if asked.file is not None else None,
        with_features=asked.geometry,
        accept=asked.accept,
        nature=asked.nature,
    )
    if asked.file is not None:
        source = asked.file.source(call.workspace.limits)
        return evaluate_firms(call.workspace, source, asked.options, request)
    if asked.parcels is None:
        raise NoFirmsError
    return evaluate_layer(call.workspace, asked.parcels, request)


@operation(
    "permu-preview",
    "POST /api/v1/permu/preview",
    arguments=("file",),
    text="maps.density.evaluated_document:evaluated_document",
)
def permu_preview(call: Call, asked: PermuQuestion) -> EvaluatedPreview:
    """Return what was understood of a table of firms, value by value; score nothing."""
    from api.density.evaluated_preview import preview_firms
    from api.density.permu import NoFirmsError, PermuRequest

    if asked.file is None:
        raise NoFirmsError
    request = PermuRequest(
        scheme=asked.scheme, parcel_layer=None, with_features=False, nature=asked.nature
    )
    source = asked.file.source(call.workspace.limits)
    return preview_firms(call.workspace, source, asked.options, request)


EVALUATION_OPERATIONS = (intensity, intensity_preview, schemes, scheme_sheet, permu, permu_preview)

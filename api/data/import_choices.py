"""What a person chooses from when data come in, or when a search is asked for."""

from api.workspace.needs import LawSource
from layers.builtin.reference import read_counties
from layers.model import LayerStatus
from layers.rasters.kinds import ClassDictionary, RasterKind, class_dictionaries, raster_kinds
from layers.store.catalogue import Kind
from layers.zones import Region
from layers.zones.schema import RegionFile
from maps.answers import Title
from maps.data.import_answers import Choice, ImportChoices, ImportKind


def import_choices(workspace: LawSource) -> ImportChoices:
    """Return all kinds, dictionaries, statuses and areas; control lines come first."""
    kinds = sorted(
        workspace.kinds.values(),
        key=lambda one: (not one.control, one.precedence, one.order, one.id),
    )
    return ImportChoices(
        layer_kinds=[
            ImportKind(
                id=one.id, title=Title(zh=one.title_zh, en=one.title_en), control=one.control
            )
            for one in kinds
        ],
        raster_kinds=[
            ImportKind(
                id=one.id,
                title=_title(one),
                units=sorted(one.units),
                classes=one.classes,
            )
            for one in raster_kinds().values()
            if not one.made
        ],
        class_dictionaries=[
            Choice(id=one.id, title=_title(one)) for one in class_dictionaries().values()
        ],
        statuses=[status.value for status in LayerStatus],
        counties=_counties(workspace.zone.region),
        regions=_regions(workspace.zone.profile.region),
        prefectures=[
            Choice(id=code, title=Title(zh=zh, en=en))
            for code, (zh, en) in workspace.zone.region.prefectures().items()
        ],
    )


def _title(one: Kind | RasterKind | ClassDictionary) -> Title:
    return Title(zh=one.title_zh, en=one.title_en)


def _regions(region: RegionFile) -> list[Choice]:
    """Return the whole region: one choice for each beginning of its counties' codes."""
    alone = len(region.county_codes) == 1
    return [
        Choice(
            id=code,
            title=Title(
                zh=region.name.zh if alone else f"{region.name.zh} {code}",
                en=region.name.en if alone else f"{region.name.en} {code}",
            ),
        )
        for code in region.county_codes
    ]


def _counties(region: Region) -> list[Choice]:
    # Those that ship: a list must not fail because the layer of counties is damaged.
    counties = read_counties(region).sort_values("feature_id")
    columns = (counties["feature_id"], counties["name_zh"], counties["name_en"])
    return [
        Choice(id=code, title=Title(zh=zh, en=en)) for code, zh, en in zip(*columns, strict=True)
    ]

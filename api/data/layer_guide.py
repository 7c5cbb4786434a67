"""How a layer of a kind is prepared, by what its rules and readers ask for."""

from collections.abc import Iterator, Sequence

from api.workspace.answers import rule_title
from api.workspace.file_forms import FileForms
from api.workspace.needs import LawSource
from layers.check.rules import ControlRule
from layers.check.schema import Attribute
from layers.readers.field_names import role_names
from layers.store.catalogue import Kind
from layers.store.plausibility.concerns import import_limits
from layers.store.plausibility.said_places import place_fields
from maps.answers import Title
from maps.data.guide_answers import (
    GuideAttribute,
    GuideClass,
    GuideContact,
    ImportLimitsOut,
    KindGuide,
    KindGuides,
)
from maps.data.guide_document import guide_document
from maps.document.forms import writers

GUIDE_FILES = FileForms(stem="guide", writers=writers(guide_document))


def layer_guides(workspace: LawSource, kind: str | None) -> KindGuides:
    """Return the guide of a kind, or of all, the control lines first.

    Raises
    ------
    UnknownKindError
        There is no such kind.
    """
    chosen = [workspace.kind(kind)] if kind is not None else list(workspace.kinds.values())
    in_order = sorted(chosen, key=lambda one: (not one.control, one.precedence, one.order, one.id))
    return KindGuides(
        guides=[_guide(workspace, one) for one in in_order],
        id_fields=list(role_names("id")),
        name_fields=list(role_names("name")),
        county_fields=list(place_fields()),
        limits=_limits(),
    )


def _guide(workspace: LawSource, kind: Kind) -> KindGuide:
    # The newest edition of each rule, so that a layer can be prepared for law that is to come.
    newest = {rule.id: rule for rule in workspace.rules if rule.kind == kind.id}
    rules, schema = tuple(newest.values()), workspace.schema(kind.id)
    notes = zip(schema.notes.get("zh", ()), schema.notes.get("en", ()), strict=True)
    return KindGuide(
        kind=kind.id,
        title=Title(zh=kind.title_zh, en=kind.title_en),
        geometries=list(kind.geometries),
        control=kind.control,
        attributes=[
            GuideAttribute(
                name=one.name,
                asked=one.asked,
                fields=list(one.fields),
                classes=list(_classes(one, rules, kind)),
            )
            for one in schema.attributes
        ],
        contacts=[_contact(rule, kind) for rule in rules],
        notes=[Title(zh=zh, en=en) for zh, en in notes],
    )


def _classes(
    attribute: Attribute, rules: Sequence[ControlRule], kind: Kind
) -> Iterator[GuideClass]:
    for rule in rules:
        values = rule.where.get(attribute.name, ())
        spelled = [one for value in values for one in attribute.classes[value]]
        if spelled:
            yield GuideClass(rule=rule_title(rule, kind), spellings=list(dict.fromkeys(spelled)))


def _contact(rule: ControlRule, kind: Kind) -> GuideContact:
    return GuideContact(
        rule=rule_title(rule, kind),
        width_m=rule.tolerance.width_m,
        precision_factor=rule.tolerance.precision_factor,
        area_m2=rule.tolerance.area_m2,
    )


def _limits() -> ImportLimitsOut:
    limits = import_limits()
    return ImportLimitsOut(
        count_factor=limits.count_factor,
        area_factor=limits.area_factor,
        least_inside_pct=100.0 * limits.least_inside,
        border_m=limits.border_m,
    )

"""Operations of publishing, declared once for both doors."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from api.exits import Exit
from api.operation import Call, FileAnswer, Nothing, Question, operation
from api.publish.order_operations import ORDER_OPERATIONS
from api.publish.template_operations import TEMPLATE_OPERATIONS
from api.reading import Said
from api.upload import Upload
from api.workspace.withdraw_operations import withdrawal_operations
from maps.publish.answers import Bundle, PublicationList, PublicationOut, SiteExport, ThemeList
from maps.publish.replacement_answers import ReplacementVerification, ReplacementWritten


class ThemeQuestion(Question):
    """Which theme."""

    theme: str


class PublicationQuestion(Question):
    """Which publication."""

    publication_id: str


class PublicationVersionQuestion(Said):
    """Which released bundle, by its digest; all of a publication without one."""

    publication_id: str
    version: str | None = None


class BundleQuestion(PublicationQuestion):
    """Which bundle of a publication."""

    sha256: str


class ReleaseQuestion(BundleQuestion):
    """Which bundle to show, and when; without a zone as in China, without a time at once."""

    due_at: datetime | None = None


class PublishQuestion(Question):
    """The plan of a map as a file or as values; without ``release`` it is a preview."""

    file: Upload | None = None
    plan: dict[str, Any] | None = None
    release: bool = False
    due_at: datetime | None = None


class ReplacementQuestion(Question):
    """Which official layer came in."""

    layer_id: str


class ListQuestion(Question):
    """A list that was handed over, and the digest that was handed over with it."""

    file: Upload
    digest: Annotated[str, Field(max_length=64)] | None = None


def _exit_of_list(answer: ReplacementWritten) -> Exit:
    states = {item.state for item in answer.listed.items}
    if "changed" in states:
        return Exit.CONFLICT
    return Exit.UNDETERMINED if "undetermined" in states else Exit.FINE


@operation(
    "publications list",
    "GET /api/v1/publications",
    text="maps.publish.document:publications_document",
)
def publications(call: Call, _: Nothing) -> PublicationList:
    """List publications with their past versions."""
    from api.publish.bundle import list_publications

    return list_publications(call.workspace)


class SiteQuestion(Question):
    """The folder below which the maps are written."""

    site: Path


@operation(
    "publications export",
    arguments=("site",),
    text="maps.publish.document:site_document",
)
def export(call: Call, asked: SiteQuestion) -> SiteExport:
    """Write all maps that are shown as files for any web server; only at a terminal."""
    from api.publish.static_site import export_site

    return export_site(call.workspace, asked.site)


@operation(
    "publications themes",
    "GET /api/v1/publications/themes",
    text="maps.publish.document:themes_document",
)
def themes(call: Call, _: Nothing) -> ThemeList:
    """List the themes that a plan can be proposed for, and what the gate asks of layers."""
    from api.publish.publication_plan import list_themes

    return list_themes(call.workspace_if_any())


@operation(
    "publications plan",
    "GET /api/v1/publications/themes/{theme}",
    arguments=("theme",),
    forms={"json": "application/json", "yaml": "application/yaml"},
)
def propose(call: Call, asked: ThemeQuestion) -> FileAnswer:
    """Return the plan of a theme over the layers in use, to be filled in."""
    from api.publish.publication_plan import proposed_file

    return proposed_file(call.workspace, asked.theme, call.form)


@operation(
    "publish",
    "POST /api/v1/publications",
    arguments=("file",),
    task="publish",
    folder=True,
    text="maps.publish.document:bundle_document",
    require="api.publish.publication_plan:asked_plan",
)
def publish(call: Call, asked: PublishQuestion) -> Bundle:
    """Pass a map through the gate and keep it for a preview, or show it at once."""
    from api.publish.bundle import export_bundle
    from api.publish.bundle import publish as build
    from api.publish.publication_plan import asked_plan

    plan = asked_plan(call, asked)
    bundle = build(
        call.workspace,
        plan,
        release=asked.release or asked.due_at is not None,
        progress=call.progress,
        actor=call.actor,
        due_at=asked.due_at,
    )
    if call.folder is not None:
        export_bundle(call.workspace, bundle, call.folder)
    return bundle


@operation(
    "publications release",
    "POST /api/v1/publications/{publication_id}/{sha256}/release",
    arguments=("publication_id", "sha256"),
    text="maps.publish.document:publication_document",
)
def release(call: Call, asked: ReleaseQuestion) -> PublicationOut:
    """Show a bundle: one that was previewed, or an earlier one again."""
    from api.publish.bundle import release_bundle

    where = asked.publication_id, asked.sha256
    return release_bundle(call.workspace, *where, call.actor, asked.due_at)


@operation(
    "replacement make",
    "POST /api/v1/layers/{layer_id}/replacement",
    arguments=("layer_id",),
    task="replacement",
    folder=True,
    apart=True,
    text="maps.publish.replacement_document:replacement_document",
    require="api.publish.replacement:require_replacement",
    exit_of=_exit_of_list,
)
def replacement(call: Call, asked: ReplacementQuestion) -> ReplacementWritten:
    """Make again all that rests on what an official layer replaces, and list before and after."""
    from api.publish.replacement import replacement_by
    from api.publish.replacement_bundle import write_replacement
    from api.publish.restate import restate

    found = replacement_by(call.workspace, asked.layer_id)
    made = restate(call.workspace, found, call.progress)
    return write_replacement(made, call.folder, call.lang)


@operation(
    "replacement verify",
    "POST /api/v1/replacements/verify",
    arguments=("file",),
    text="maps.publish.replacement_document:verification_document",
    exit_of=lambda answer: Exit.FINE if answer.same else Exit.CONFLICT,
)
def verify_replacement(call: Call, asked: ListQuestion) -> ReplacementVerification:
    """Hold a list of a replacement against its answers, the store and its digest."""
    from api.publish.replacement_bundle import verify_replacement as verify
    from layers.readers import ReadLimits
    from layers.store.bundle import MOST_BYTES

    (data,) = asked.file.source(ReadLimits(max_bytes=MOST_BYTES)).files.values()
    return verify(call.workspace, data, asked.digest)


OPERATIONS = (
    publications,
    export,
    themes,
    propose,
    publish,
    release,
    *ORDER_OPERATIONS,
    *TEMPLATE_OPERATIONS,
    *withdrawal_operations(
        "publications",
        "/api/v1/publications/{publication_id}",
        "/api/v1/publications/{publication_id}/versions/{version}",
        question=PublicationVersionQuestion,
        change="api.publish.bundle:change_publication",
    ),
    replacement,
    verify_replacement,
)

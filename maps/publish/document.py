"""Publications as documents, and the gate's refusals in words."""

from collections.abc import Mapping

from maps.document.cells import Column
from maps.document.faults import damaged_blocks
from maps.document.model import Block, Document, Paragraph, Table, sheet_of
from maps.document.withdrawals import steps_blocks
from maps.i18n import tr
from maps.publish.answers import (
    Bundle,
    CheckPoint,
    PublicationList,
    PublicationOut,
    SiteExport,
    ThemeList,
)
from maps.publish.order_document import order_text
from maps.refusals import refusal_text


def bundle_document(answer: Bundle, lang: str) -> Document:
    """Return what was built, layer by layer, and where it can be seen."""
    key = "cli.published" if answer.released else "cli.publish_staged"
    texts = [tr(key, lang, id=answer.id, sha256=answer.sha256)]
    texts += [
        tr(
            "cli.publish_layer",
            lang,
            layer=layer.id,
            displacement_m=layer.displacement_m,
            moved_m=layer.moved_m,
            count=layer.feature_count,
            vanished=layer.vanished,
        )
        for layer in answer.layers
    ]
    texts += [
        tr("cli.publish_guessed", lang, layer=layer.id, guessed_m=layer.guessed_m)
        for layer in answer.layers
        if layer.guessed_m is not None
    ]
    texts.append(tr("cli.publish_address", lang, address=answer.address))
    if answer.order:
        texts.append(order_text(answer.order, lang))
    if answer.checklist:
        texts.append(tr("review_points.lead", lang))
        texts += [point_text(one, lang) for one in answer.checklist]
    return sheet_of("", tuple(Paragraph(text=text) for text in texts), lang=lang)


def point_text(point: CheckPoint, lang: str) -> str:
    """Return a question of the reviewer of maps, and what is known of it."""
    said = {
        name: ", ".join(map(str, value))
        if isinstance(value, list)
        else value.get(lang, "")
        if isinstance(value, Mapping)
        else value
        for name, value in point.params.items()
    }
    state = tr(f"review_states.{point.state}", lang)
    return f"  [{state}] {tr(f'review_points.{point.code}', lang, **said)}"


def publications_document(answer: PublicationList, lang: str) -> Document:
    """Return all publications, or that there is none."""
    blocks = [block for one in answer.publications for block in _blocks(one, lang)]
    blocks += damaged_blocks(answer.damaged, lang)
    none = Paragraph(text=tr("cli.publish_none", lang))
    return sheet_of("", tuple(blocks or [none]), lang=lang)


def publication_document(answer: PublicationOut, lang: str) -> Document:
    """Return one publication: what is shown, and its releases."""
    waits = (Paragraph(text=order_text(answer.order, lang)),) if answer.order else ()
    return sheet_of("", (*_blocks(answer, lang), *waits), lang=lang)


def site_document(answer: SiteExport, lang: str) -> Document:
    """Return what was written for the public, and what was left out."""
    said = {"path": answer.path, "count": len(answer.shown), "files": answer.files}
    texts = [tr("publish.site_written", lang, **said)]
    texts += [
        f"{one.id}: {refusal_text(one.code, {'publication_id': one.id, 'name': ''}, lang)}"
        for one in answer.left_out
    ]
    return sheet_of("", tuple(Paragraph(text=text) for text in texts), lang=lang)


def themes_document(answer: ThemeList, lang: str) -> Document:
    """Return the themes of publications."""
    rows = tuple((one.id, one.title.text(lang)) for one in answer.themes)
    columns = tuple(Column(title=tr(f"cli.col_{name}", lang)) for name in ("id", "title"))
    table = Table(id=columns[0].title, caption=None, columns=columns, rows=rows)
    return sheet_of("", (table,), lang=lang)


def fault_text(code: str, params: Mapping[str, object], lang: str) -> str:
    """Return in words why a bundle was refused."""
    said = dict(params)
    if "mark" in said:
        said["mark"] = tr(f"publish_marks.{said['mark']}", lang)
    if "status" in said:
        said["status"] = tr(f"statuses.{said['status']}", lang)
    return tr(f"publish_faults.{code}", lang, **said)


def _blocks(one: PublicationOut, lang: str) -> tuple[Block, ...]:
    if one.current:
        state = tr("cli.publish_current", lang, sha256=one.current)
    elif one.withdrawn_at:
        state = tr("cli.publish_withdrawn", lang, at=one.withdrawn_at)
    else:
        state = tr("cli.publish_unreleased", lang)
    title = one.title.text(lang) if one.title else ""
    return (
        Paragraph(text=f"{one.id}  {title}  {state}"),
        *(
            Paragraph(text=f"{release.released_at}  {release.sha256}", role="quote")
            for release in one.releases
        ),
        *steps_blocks([(release.sha256, release.withdrawals) for release in one.releases], lang),
    )

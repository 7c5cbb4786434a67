"""Releases that wait, and views of maps, as documents."""

from maps.document.cells import Column
from maps.document.model import Document, Paragraph, Table, sheet_of
from maps.i18n import tr
from maps.publish.answers import OrderList, OrderOut, ViewList
from maps.refusals import refusal_text


def order_document(answer: OrderOut, lang: str) -> Document:
    """Return how a release stands."""
    return sheet_of("", (Paragraph(text=order_text(answer, lang)),), lang=lang)


def orders_document(answer: OrderList, lang: str) -> Document:
    """Return how releases stand, or that there are none."""
    texts = [order_text(one, lang) for one in answer.orders] or [tr("orders.none", lang)]
    return sheet_of("", tuple(Paragraph(text=text) for text in texts), lang=lang)


def order_text(order: OrderOut, lang: str) -> str:
    """Return how a release stands, in one line."""
    due = order.due_at or tr("orders.at_once", lang)
    said = tr(
        f"orders.{order.state}",
        lang,
        id=order.publication_id,
        sha256=order.sha256[:12],
        name=order.asked_name or tr("orders.nobody", lang),
        at=order.asked_at,
        due=due,
        by=order.ended_name or "",
    )
    if not order.problem:
        return said
    why = refusal_text(order.problem, {"publication_id": order.publication_id}, lang)
    return f"{said} {why}"


def views_document(answer: ViewList, lang: str) -> Document:
    """Return the views by map, day and language, and what they are not."""
    key = "views.lead" if answer.counted else "views.off"
    lead = Paragraph(text=tr(key, lang, since=answer.since))
    columns = tuple(
        Column(title=tr(f"views.{name}", lang)) for name in ("map", "day", "language", "count")
    )
    rows = tuple((one.publication_id, one.day, one.lang, str(one.count)) for one in answer.views)
    if not rows:
        return sheet_of("", (lead,), lang=lang)
    table = Table(id="views", caption=None, columns=columns, rows=rows)
    return sheet_of("", (lead, table), lang=lang)

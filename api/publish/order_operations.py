"""Operations on releases that wait for another person, or for their time."""

from pydantic import Field

from api.operation import Call, Nothing, Question, operation
from maps.publish.answers import OrderList, OrderOut, ViewList


class OrderQuestion(Question):
    """Which bundle's release."""

    publication_id: str
    sha256: str


class ViewsQuestion(Question):
    """Of how many days until today."""

    days: int = Field(default=30, ge=1, le=3660)


@operation(
    "publications orders",
    "GET /api/v1/publications/orders",
    text="maps.publish.order_document:orders_document",
)
def orders(call: Call, _: Nothing) -> OrderList:
    """List releases that wait for a person or for their time, and what came of others."""
    from api.publish.release_orders import list_orders

    return list_orders(call.workspace)


@operation(
    "publications confirm",
    "POST /api/v1/publications/{publication_id}/{sha256}/confirm",
    arguments=("publication_id", "sha256"),
    text="maps.publish.order_document:order_document",
)
def confirm(call: Call, asked: OrderQuestion) -> OrderOut:
    """Confirm a release that another person asked for."""
    from api.publish.release_orders import confirm_release

    return confirm_release(call.workspace, asked.publication_id, asked.sha256, call.actor)


@operation(
    "publications drop",
    "POST /api/v1/publications/{publication_id}/{sha256}/drop",
    arguments=("publication_id", "sha256"),
    text="maps.publish.order_document:order_document",
)
def drop(call: Call, asked: OrderQuestion) -> OrderOut:
    """Take back a release that waits."""
    from api.publish.release_orders import drop_release

    return drop_release(call.workspace, asked.publication_id, asked.sha256, call.actor)


@operation("publications due", text="maps.publish.order_document:orders_document")
def due(call: Call, _: Nothing) -> OrderList:
    """Show all maps whose time has come; a server does so every minute."""
    from api.publish.release_orders import release_due

    return release_due(call.workspace)


@operation(
    "publications views",
    "GET /api/v1/publications/views",
    text="maps.publish.order_document:views_document",
)
def views(call: Call, asked: ViewsQuestion) -> ViewList:
    """Say how often published maps were looked at, where that is counted."""
    from api.publish.views import list_views

    return list_views(call.workspace, asked.days)


ORDER_OPERATIONS = (orders, confirm, drop, due, views)

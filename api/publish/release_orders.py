"""Show a bundle: at once, at a time, or once another person has said so."""

from datetime import UTC, datetime

from api.publish.reconstruction import require_hidden
from api.workspace.needs import CHINA_TIME, PublishNeeds
from api.workspace.people.actor import Actor, terminal_user
from geo.errors import InputError, PlanningError
from layers.publish.release_orders import OrderState, ReleaseOrder, ReleaseOrders
from maps.publish.answers import OrderList, OrderOut


class NeedsPersonError(InputError):
    """Two people must agree, and nobody is signed in here."""

    code = "api.publish.needs_person"


class SamePersonError(InputError):
    """Who asked for a release, or withdrew it, cannot confirm it. Params: ``name``."""

    code = "api.publish.same_person"


class ReleaseTimeError(InputError):
    """The time of a release has passed. Params: ``at``."""

    code = "api.publish.release_time"


def show_or_order(
    workspace: PublishNeeds,
    publication_id: str,
    sha256: str,
    actor: Actor,
    due_at: datetime | None = None,
) -> ReleaseOrder | None:
    """Show a bundle and return None, or return the order that it waits by.

    Raises
    ------
    PublicationRefusedError
        Together with what was released since it was built, it would give a survey away.
    NeedsPersonError, ReleaseTimeError, OrderedAlreadyError
        Two people must agree and nobody is signed in; the time has passed; it waits already.
    """
    now, due_at = workspace.now(), in_zone(due_at)
    if due_at is not None and due_at <= now:
        raise ReleaseTimeError(at=due_at.isoformat())
    require_hidden(workspace, publication_id, sha256)
    four_eyes = workspace.settings.four_eyes
    if four_eyes:
        _require_person(actor)
    if due_at is None and not four_eyes:
        workspace.publications.release(publication_id, sha256, now)
        return None
    # That it can be shown is seen before anybody waits for it.
    workspace.publications.require_showable(publication_id, sha256)
    order = ReleaseOrder(
        publication_id=publication_id,
        sha256=sha256,
        asked_by=actor.person_id,
        asked_name=_name(actor),
        asked_at=now.isoformat(),
        due_at=due_at.isoformat() if due_at else None,
        state=OrderState.TO_CONFIRM if four_eyes else OrderState.PLANNED,
    )
    _orders(workspace).add(order)
    return order


def confirm_release(
    workspace: PublishNeeds, publication_id: str, sha256: str, actor: Actor
) -> OrderOut:
    """Confirm what another person asked for: it is shown now, or when its time comes.

    Raises
    ------
    UnknownOrderError, NeedsPersonError, SamePersonError
        Nobody asked for it, or who confirms is nobody else.
    PublicationRefusedError
        By now it would give a survey away.
    """
    orders = _orders(workspace)
    order = orders.open_of(publication_id, sha256)
    _require_person(actor)
    if actor.person_id == order.asked_by:
        raise SamePersonError(name=order.asked_name)
    by = (actor.person_id, actor.signature)
    confirmed = orders.end(order, OrderState.PLANNED, workspace.now(), by=by)
    if confirmed.is_due(workspace.now()):
        confirmed = _carry_out(workspace, confirmed)
    return order_out(confirmed)


def drop_release(
    workspace: PublishNeeds, publication_id: str, sha256: str, actor: Actor
) -> OrderOut:
    """Take back a wish to release; whoever may publish may do so.

    Raises
    ------
    UnknownOrderError
        Nothing waits.
    """
    orders = _orders(workspace)
    order = orders.open_of(publication_id, sha256)
    by = (actor.person_id, _name(actor))
    return order_out(orders.end(order, OrderState.DROPPED, workspace.now(), by=by))


def release_due(workspace: PublishNeeds) -> OrderList:
    """Show all whose time has come, and return them; what may not be shown is named, not shown."""
    now = workspace.now()
    due = [one for one in _orders(workspace).all() if one.is_due(now)]
    return OrderList(orders=[order_out(_carry_out(workspace, one)) for one in due])


def list_orders(workspace: PublishNeeds) -> OrderList:
    """Return all orders, the newest first."""
    return OrderList(orders=[order_out(one) for one in reversed(_orders(workspace).all())])


def require_other_person(
    workspace: PublishNeeds, actor: Actor, withdrawn_by: frozenset[str]
) -> None:
    """Refuse to show again what the same person withdrew, where two people must agree.

    Raises
    ------
    NeedsPersonError, SamePersonError
        Nobody is signed in, or it is the same one.
    """
    if not workspace.settings.four_eyes:
        return
    _require_person(actor)
    if actor.signature in withdrawn_by:
        raise SamePersonError(name=actor.signature)


def order_out(order: ReleaseOrder) -> OrderOut:
    """Return an order as the doors answer it."""
    return OrderOut(
        publication_id=order.publication_id,
        sha256=order.sha256,
        asked_name=order.asked_name,
        asked_at=order.asked_at,
        due_at=order.due_at,
        state=order.state.value,
        ended_name=order.ended_name or None,
        ended_at=order.ended_at,
        problem=order.problem,
    )


def in_zone(time: datetime | None) -> datetime | None:
    """Return a time in UTC; one without a zone is meant as in China."""
    if time is None:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=CHINA_TIME)).astimezone(UTC)


def _carry_out(workspace: PublishNeeds, order: ReleaseOrder) -> ReleaseOrder:
    orders = _orders(workspace)
    if workspace.settings.four_eyes and not order.ended_by:
        # It was planned by one person alone, before two had to agree.
        return orders.end(order, OrderState.TO_CONFIRM, workspace.now())
    try:
        require_hidden(workspace, order.publication_id, order.sha256)
        workspace.publications.release(order.publication_id, order.sha256, workspace.now())
    except PlanningError as exc:
        return orders.end(order, OrderState.REFUSED, workspace.now(), problem=exc.code)
    return orders.end(order, OrderState.DONE, workspace.now())


def _require_person(actor: Actor) -> None:
    # A key acts in a person's name, and not with that person's eyes.
    if actor.way != "session" or not actor.is_known:
        raise NeedsPersonError


def _name(actor: Actor) -> str:
    if actor.is_known:
        return actor.signature
    return terminal_user() if actor.way == "terminal" else ""


def _orders(workspace: PublishNeeds) -> ReleaseOrders:
    return workspace.publications.orders

"""Pages to sign in, of one's own account, and of who administers: plain, without the map."""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import jinja2

from layers.audit.audit_trail import Entry
from maps.answers import Title
from maps.i18n import tables, tr
from maps.workbench.people_answers import KeyOut, Me, PersonOut
from maps.workbench.tasks_answers import Task

_PEOPLE: Final = ("id", "title", "roles", "clearance", "state")
_KEYS: Final = ("id", "person", "label", "roles", "expires_at", "used_at", "state")
_JOBS: Final = ("id", "kind", "status", "at")
_AUDIT: Final = (
    "number", "at", "person", "way", "address", "action", "object", "version", "result",
)  # fmt: skip


def sign_in_page(lang: str, zone: Title, said: str = "", *, by_provider: bool = False) -> str:
    """Return the page to sign in; ``said`` is why it did not work before.

    ``by_provider``: an identity provider is set, and the page leads there.
    """
    return _rendered("sign_in", lang, zone, said=said, by_provider=by_provider)


def signed_in_page(lang: str, zone: Title) -> str:
    """Return the page that leads on to the map when somebody was let in."""
    return _rendered("signed_in", lang, zone)


def account_page(
    lang: str, zone: Title, me: Me, said: str = "", *, has_password: bool = True
) -> str:
    """Return the page of one's own account."""
    words = tables(lang)
    roles = ", ".join(words["roles"][role] for role in me.roles)
    clearance = words["clearances"][me.clearance]
    return _rendered(
        "account", lang, zone, said=said, me=me, roles=roles, clearance=clearance,
        has_password=has_password,
    )  # fmt: skip


def administration_page(
    lang: str,
    zone: Title,
    people: Sequence[PersonOut],
    keys: Sequence[KeyOut],
    entries: Iterable[Entry],
    tasks: Iterable[Task],
) -> str:
    """Return the page of people, keys, tasks and the audit trail."""
    words = tables(lang)
    roles, clearances, own = words["roles"], words["clearances"], words["people"]

    def list_roles(names: Iterable[str]) -> str:
        return ", ".join(roles[name] for name in names)

    def state(one: PersonOut) -> str:
        name = "disabled" if one.disabled else "must_change" if one.must_change else "active"
        return str(own[name])

    return _rendered(
        "administration",
        lang,
        zone,
        roles=roles,
        clearances=clearances,
        ids=[one.id for one in sorted(people, key=lambda one: one.disabled)],
        key_ids=[one.id for one in keys if not one.revoked],
        people_head=_PEOPLE,
        people=[
            (one.id, one.title, list_roles(one.roles), clearances[one.clearance], state(one))
            for one in people
        ],
        keys_head=_KEYS,
        keys=[
            (
                one.id, one.person, one.label, list_roles(one.roles), one.expires_at[:16],
                one.used_at[:16] if one.used_at else None,
                own["revoked" if one.revoked else "active"],
            )
            for one in keys
        ],
        jobs_head=_JOBS,
        jobs=[
            (one.id, words["task_kinds"].get(one.kind, one.kind), one.status, one.created_at)
            for one in tasks
        ],
        audit_head=_AUDIT,
        audit=[
            (
                one.number, one.at.isoformat(timespec="seconds"),
                *(getattr(one.deed, name) for name in _AUDIT[2:]),
            )
            for one in entries
        ],
    )  # fmt: skip


def _rendered(template: str, lang: str, zone: Title, **more: object) -> str:
    words = tables(lang)
    return (
        _templates()
        .get_template(f"{template}.html")
        .render(
            lang=lang,
            other=words["ui"]["other_lang"],
            name=tr("zone_page.title", lang, zone=zone.text(lang)),
            words=words["people"],
            title=template,
            **more,
        )
    )


@cache
def _templates() -> jinja2.Environment:
    folder = files("maps").joinpath("templates", "office")
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(folder)),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )

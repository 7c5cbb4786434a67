"""The versions of a published map: what changed from one to the next, and a slider through them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from maps.answers import JsonObject
from maps.document.web import hash_source
from maps.i18n import LANGUAGES, tables, tr
from maps.page.assets import read_text
from maps.page.page import Texts, template

_STYLE: Final = "public/versions.css"
_SCRIPT: Final = "public/versions.js"
_SAID: Final = ("title", "maker", "disclaimer", "data_date", "review_number", "draft")

Manifest = JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A release as the public sees it; ``manifest`` is None where it cannot be read.

    ``withdrawn_on`` is the day on which it was withdrawn, ISO 8601; None of one that is not.
    """

    sha256: str
    released_on: str
    withdrawn_on: str | None
    current: bool
    manifest: Manifest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is otherwise in a later version; ``code`` is worded in ``version_changes``."""

    code: str
    params: Mapping[str, object]


def changes_between(before: Manifest, after: Manifest) -> list[Change]:
    """Return what changed from one bundle to another, by their manifests."""
    return [*_plan_changes(before, after), *_layer_changes(before, after)]


def _plan_changes(before: Manifest, after: Manifest) -> Iterator[Change]:
    one, other = before["plan"], after["plan"]
    for name in _SAID:
        if one[name] != other[name]:
            yield Change(code=name, params={"before": one[name], "after": other[name]})
    if one["story"] != other["story"]:
        yield Change(code="story", params={})
    if one["densities"] != other["densities"]:
        counts = {"before": len(one["densities"]), "after": len(other["densities"])}
        yield Change(code="densities", params=counts)


def _layer_changes(before: Manifest, after: Manifest) -> Iterator[Change]:
    one, other = ({row["id"]: row for row in side["layers"]} for side in (before, after))
    for layer_id in sorted(one.keys() | other.keys()):
        old, new = one.get(layer_id), other.get(layer_id)
        if old is None or new is None:
            code = "layer_added" if old is None else "layer_removed"
            yield Change(code=code, params={"layer": layer_id})
            continue
        for name in ("version", "status", "displacement_m", "feature_count"):
            if old[name] != new[name]:
                params = {"layer": layer_id, "before": old[name], "after": new[name]}
                yield Change(code=f"layer_{name}", params=params)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage:
    """A document, and the policy under which it may run."""

    html: str
    policy: str


def render_versions(versions: Sequence[Version], lang: str) -> VersionsPage:
    """Return the page of all versions, oldest first: the newest is shown, a slider leads back.

    Permanent addresses are relative to the one of the map.
    """
    style, script = read_text(_STYLE), read_text(_SCRIPT)
    rows = [_row(at, versions, lang) for at in range(len(versions))]
    shown = [row for row in rows if row["address"]]
    html = template("public_versions.html").render(
        lang="zh-CN" if lang == "zh" else lang,
        other=next(one for one in LANGUAGES if one != lang),
        words=Texts(tables(lang)["public_versions"]),
        title=_title(versions, lang),
        rows=rows,
        shown=shown,
        style=style,
        script=script,
    )
    policy = (
        "default-src 'none'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; "
        f"script-src {hash_source(script)}; style-src {hash_source(style)}"
    )
    return VersionsPage(html=html, policy=policy)


def render_withdrawn(version: Version, current: str | None, lang: str) -> str:
    """Return what stands in the place of a withdrawn map: that it is so, since when, what now."""
    words = tables(lang)["public_versions"]
    return template("public_withdrawn.html").render(
        lang="zh-CN" if lang == "zh" else lang,
        words=Texts(words),
        title=_title([version], lang),
        said=tr("public_versions.withdrawn", lang, day=version.withdrawn_on),
        current=current,
    )


def _title(versions: Sequence[Version], lang: str) -> str:
    known = [one.manifest["plan"]["title"][lang] for one in versions if one.manifest]
    return str(known[-1]) if known else ""


def _row(at: int, versions: Sequence[Version], lang: str) -> dict[str, object]:
    one = versions[at]
    before = versions[at - 1].manifest if at else None
    known = changes_between(before, one.manifest) if before and one.manifest else []
    state = (
        tr("public_versions.withdrawn", lang, day=one.withdrawn_on)
        if one.withdrawn_on
        else tr(f"public_versions.{'current' if one.current else 'superseded'}", lang)
    )
    first = tr("public_versions.first", lang)
    none = first if at == 0 else tr("public_versions.unchanged", lang)
    return {
        "name": tr("public_versions.version", lang, number=at + 1, day=one.released_on),
        "state": state,
        "address": None if one.withdrawn_on else f"{one.sha256}/index.html#lang={lang}",
        "changes": [_change_text(change, lang) for change in known] or [none],
    }


def _change_text(change: Change, lang: str) -> str:
    params = {name: _plain(value, lang) for name, value in change.params.items()}
    if change.code == "layer_status":
        said = {name: tr(f"statuses.{params[name]}", lang) for name in ("before", "after")}
        params = {**params, **said}
    return tr(f"version_changes.{change.code}", lang, **params)


def _plain(value: object, lang: str) -> str:
    if isinstance(value, Mapping):
        return str(value[lang])
    if isinstance(value, bool) or value is None:
        return tr(f"public_versions.{str(value).lower()}", lang)
    return str(value)

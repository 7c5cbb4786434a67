"""Publications as plain text for a terminal."""

from collections.abc import Iterable, Mapping
from typing import Any

from maps.i18n import tr
from maps.numbers import table
from maps.publish.answers import ThemeList

Answer = Mapping[str, Any]


def bundle_text(answer: Answer, lang: str) -> str:
    """Return what was built, layer by layer, and where it can be seen."""
    key = "cli.published" if answer["released"] else "cli.publish_staged"
    lines = [tr(key, lang, id=answer["id"], sha256=answer["sha256"])]
    lines += [
        tr(
            "cli.publish_layer",
            lang,
            layer=layer["id"],
            displacement_m=layer["displacement_m"],
            moved_m=layer["moved_m"],
            count=layer["feature_count"],
            vanished=layer["vanished"],
        )
        for layer in answer["layers"]
    ]
    return "\n".join([*lines, tr("cli.publish_address", lang, address=answer["address"])])


def publications_text(answer: Answer, lang: str) -> str:
    """Return all publications, or that there is none."""
    texts = [publication_text(one, lang) for one in answer["publications"]]
    return "\n".join(texts) or tr("cli.publish_none", lang)


def publication_text(answer: Answer, lang: str) -> str:
    """Return one publication: what is shown, and its releases."""
    if answer["current"]:
        state = tr("cli.publish_current", lang, sha256=answer["current"])
    elif answer["withdrawn_at"]:
        state = tr("cli.publish_withdrawn", lang, at=answer["withdrawn_at"])
    else:
        state = tr("cli.publish_unreleased", lang)
    title = answer["title"][lang] if answer["title"] else ""
    releases = [f"  {one['released_at']}  {one['sha256']}" for one in answer["releases"]]
    return "\n".join([f"{answer['id']}  {title}  {state}", *releases])


def fault_lines(faults: Iterable[Answer], lang: str) -> list[str]:
    """Return in words why a bundle was refused."""
    return [fault_text(fault, lang) for fault in faults]


def fault_text(fault: Answer, lang: str) -> str:
    """Return one fault in words."""
    params = dict(fault["params"])
    if "mark" in params:
        params["mark"] = tr(f"publish_marks.{params['mark']}", lang)
    if "status" in params:
        params["status"] = tr(f"statuses.{params['status']}", lang)
    return tr(f"publish_faults.{fault['code']}", lang, **params)


def themes_text(answer: ThemeList, lang: str) -> str:
    """Return the themes of publications."""
    return "\n".join(table([[one.id, one.title[lang]] for one in answer.themes]))

"""The list of a replacement as it is handed over, and whether one that comes back is true.

The bundle holds the list and both answers of every line, each under its digest. All lines can be
made again from the answers; a store that kept them says whether they are what it kept, and
whether the list names all that rested on the layer. The digest of the bundle binds all of it.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from api.publish.replacement import ASKED_AGAIN, Dependants, Replacement, replacement_by
from api.publish.replacement_lines import besides, lines_between, name_of
from api.publish.restate import Restatement, kept_check, named_layer, state_of
from api.workspace.output import worded_output, write_whole
from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from layers.errors import NotABundleError
from layers.provenance import canonical_json, digest
from layers.store.bundle import pack, unpack
from maps.answers import JsonObject
from maps.check.answers import Difference
from maps.document.book import xlsx_of
from maps.publish.replacement_answers import (
    ReplacementList,
    ReplacementVerification,
    ReplacementWritten,
    Restated,
)
from maps.publish.replacement_document import list_document

FORM: Final = "ftzgis-replacement-1"
BUNDLE: Final = "replacement.zip"
WORKBOOK: Final = "replacement.xlsx"
_LIST: Final = "list.json"
_ANSWERS: Final = "answers/"
_MALFORMED: Final = (AttributeError, KeyError, TypeError, ValueError)
"""What answers that are none of their kind make of the lines."""
Differences = Iterator[Difference]


def write_replacement(made: Restatement, folder: Path | None, lang: str) -> ReplacementWritten:
    """Return a list with the digest of its bundle, after bundle and workbook were written.

    Raises
    ------
    OutputError
        The folder cannot be made, or a file in it cannot be written.
    """
    answers = {f"{_ANSWERS}{sha256}.json": data for sha256, data in made.answers.items()}
    listed = canonical_json(made.listed.model_dump(mode="json"))
    bundle = pack({_LIST: listed, **answers}, FORM)
    outputs = []
    if folder is not None:
        with worded_output(folder):
            folder.mkdir(parents=True, exist_ok=True)
        files = {
            BUNDLE: bundle,
            WORKBOOK: xlsx_of(list_document(made.listed, lang)),
            **made.reports,
        }
        outputs = [
            write_whole(folder / name, data).model_copy(update={"path": name})
            for name, data in files.items()
        ]
    return ReplacementWritten(listed=made.listed, sha256=digest(bundle), outputs=outputs)


def verify_replacement(
    workspace: Workspace | None, data: bytes, expected: str | None
) -> ReplacementVerification:
    """Hold a list against its own answers, what a store kept, and a digest.

    Raises
    ------
    NotABundleError, AlteredBundleError
        The bytes are no bundle of a list, or a file in it was changed.
    """
    files = unpack(data, FORM)
    try:
        listed = ReplacementList.model_validate_json(files.pop(_LIST))
        datetime.fromisoformat(listed.made_at)
        answers = {name: _answer(name, content) for name, content in files.items()}
    except (KeyError, RecursionError, ValueError) as exc:
        raise NotABundleError(form=FORM) from exc
    sha256 = digest(data)
    differences = [
        *_digest_differs(sha256, expected),
        *_listed_otherwise(listed, answers),
        *(() if workspace is None else _kept_otherwise(workspace, listed, answers)),
    ]
    return ReplacementVerification(
        same=not differences,
        sha256=sha256,
        items=len(listed.items),
        unproved=list(_unproved(listed, expected, held=workspace is not None)),
        differences=differences,
    )


def _answer(name: str, content: bytes) -> JsonObject:

    answer = json.loads(content)
    if name != f"{_ANSWERS}{digest(canonical_json(answer))}.json":
        raise ValueError("not the answer that its name says")
    found: JsonObject = answer
    return found


def _unproved(listed: ReplacementList, expected: str | None, *, held: bool) -> Iterator[str]:
    if expected is None:
        yield "origin"
        if any(item.refusal for item in listed.items):
            yield "refusals"
        if listed.left_out:
            yield "left_out"
    if not held:
        yield "store"


def _digest_differs(sha256: str, expected: str | None) -> Differences:
    if expected is not None and expected.strip().lower() != sha256:
        yield Difference(path="digest", recorded=expected, recomputed=sha256)


def _listed_otherwise(listed: ReplacementList, answers: Mapping[str, JsonObject]) -> Differences:
    """Return lines that do not follow from the answers, and answers that no line names."""
    named = {
        f"{_ANSWERS}{sha256}.json"
        for item in listed.items
        for sha256 in (item.before_sha256, item.after_sha256)
        if sha256
    }
    for name in sorted(named ^ answers.keys()):
        recorded, found = (name if name in one else None for one in (named, answers))
        yield Difference(path="answers", recorded=recorded, recomputed=found)
    ids = sorted({listed.layer.id, *(one.id for one in listed.former)})
    for at, item in enumerate(listed.items):
        yield from _item_otherwise(f"items[{at}]", item, answers, ids)


def _item_otherwise(
    path: str, item: Restated, answers: Mapping[str, JsonObject], replaced: list[str]
) -> Differences:
    before = answers.get(f"{_ANSWERS}{item.before_sha256}.json")
    after = answers.get(f"{_ANSWERS}{item.after_sha256}.json")
    if before is None or (after is None) is not (item.refusal is not None):
        yield Difference(path=path, recorded=item.after_id, recomputed=None)
        return
    try:
        again = _made_again(item, before, after, replaced)
    except _MALFORMED:
        yield Difference(path=path, recorded=item.what, recomputed=None)
        return
    recorded = item.model_dump(mode="json", include=set(again))
    for name, value in again.items():
        if recorded[name] != value:
            yield Difference(path=f"{path}.{name}", recorded=recorded[name], recomputed=value)


def _made_again(
    item: Restated, before: JsonObject, after: JsonObject | None, replaced: list[str]
) -> dict[str, Any]:
    """Return what follows from both answers of a line."""
    lines = [] if after is None else lines_between(item.what, before, after)
    return {
        "name": name_of(item.what, before).model_dump(mode="json"),
        "state": "undetermined" if after is None else state_of(lines),
        "besides": [] if after is None else besides(item.what, before, after, replaced),
        "lines": [line.model_dump(mode="json") for line in lines],
        "after_id": None if after is None else item.after_id,
    }


def _kept_otherwise(
    workspace: Workspace, listed: ReplacementList, answers: Mapping[str, JsonObject]
) -> Differences:
    """Return what a store says otherwise: layers, answers, and what rests on them."""
    try:
        replacement = replacement_by(workspace, listed.layer.id, listed.layer.version)
    except PlanningError:
        yield Difference(path="layer", recorded=listed.layer.id, recomputed=None)
        return
    yield from _other_layers(listed, replacement)
    for at, item in enumerate(listed.items):
        for side in ("before", "after"):
            of, sha256 = getattr(item, f"{side}_id"), getattr(item, f"{side}_sha256")
            found = None if of is None else _kept_sha256(workspace, item.what, of)
            if found != sha256:
                yield Difference(path=f"items[{at}].{side}", recorded=sha256, recomputed=found)
    dependants = Dependants(workspace, replacement)
    yield from _other_dependants(workspace, listed, dependants)
    yield from _other_computed(listed, answers, dependants)


def _other_layers(listed: ReplacementList, replacement: Replacement) -> Differences:
    found = [named_layer(one) for one in (replacement.layer, *replacement.former)]
    stated = [listed.layer, *listed.former]
    if found != stated:
        recorded, known = (
            [one.model_dump(mode="json") for one in each] for each in (stated, found)
        )
        yield Difference(path="layers", recorded=recorded, recomputed=known)


def _kept_sha256(workspace: Workspace, what: str, of: str) -> str | None:
    """Return the digest of what is kept under an id; None where nothing sound is."""
    try:
        if what == "check":
            answer = kept_check(workspace, of)
        elif what == "publication":
            publication_id, _, sha256 = of.partition("/")
            answer = workspace.publications.manifest(publication_id, sha256)
        else:
            run = workspace.runs.get(of)
            answer = run.answer if run.operation == what else {}
    except PlanningError:
        return None
    return digest(canonical_json(answer))


def _other_dependants(
    workspace: Workspace, listed: ReplacementList, dependants: Dependants
) -> Differences:
    """Return what the list names and does not rest on the layer, and what it leaves out."""
    own: list[tuple[str, str]] = [(item.what, item.before_id) for item in listed.items]
    stated = {one for one in own if one[0] in ("check", *ASKED_AGAIN, "report")}
    resting = dict(_kept_at(workspace, dependants))
    made_s = datetime.fromisoformat(listed.made_at).timestamp()
    for what, of in sorted(stated - resting.keys()):
        yield Difference(path=f"items.{what}", recorded=of, recomputed=None)
    # What was kept afterwards is not in the list, and need not be.
    before = {key for key, kept_s in resting.items() if kept_s <= made_s}
    for what, of in sorted(before - stated):
        yield Difference(path=f"items.{what}", recorded=None, recomputed=of)
    yield from _other_publications(workspace, listed, dependants)
    if len(set(own)) != len(own):
        yield Difference(path="items", recorded=len(own), recomputed=len(set(own)))


def _kept_at(
    workspace: Workspace, dependants: Dependants
) -> Iterator[tuple[tuple[str, str], float]]:
    """Return checks and answers that rest on the layer, with when they were kept (POSIX)."""
    kept = dict(workspace.archive.newest())
    yield from ((("check", one.id), kept[one.id]) for one in dependants.checks)
    for run in dependants.runs:
        yield (run.operation, run.id), datetime.fromisoformat(run.kept_at).timestamp()


def _other_publications(
    workspace: Workspace, listed: ReplacementList, dependants: Dependants
) -> Differences:
    """Return bundles that the list should have, or should not; one that is shown no more may."""
    stated = {item.before_id for item in listed.items if item.what == "publication"}
    for name in sorted(stated):
        publication_id, _, sha256 = name.partition("/")
        if not dependants.shows(publication_id, sha256):
            yield Difference(path="items.publication", recorded=name, recomputed=None)
    for publication_id, sha256 in dependants.publications:
        releases = workspace.publications.state(publication_id).releases
        days = [one.released_at for one in releases if one.sha256 == sha256]
        name = f"{publication_id}/{sha256}"
        if name not in stated and min(days) <= listed.made_at:
            yield Difference(path="items.publication", recorded=None, recomputed=name)


def _other_computed(
    listed: ReplacementList, answers: Mapping[str, JsonObject], dependants: Dependants
) -> Differences:
    """Return claim and densities that the list should have, or should not."""
    wanted: list[tuple[str, str, int]] = [
        ("density", query.indicator, query.year) for query in dependants.densities
    ]
    wanted += [("claim", "", 0)] if dependants.claim else []
    computed = [one for one in listed.items if one.what in ("claim", "density")]
    stated = [_computed_key(one, answers) for one in computed]
    for key in sorted({*wanted} ^ {*stated}):
        known = key in wanted
        yield Difference(
            path=f"items.{key[0]}",
            recorded=None if known else key[1:],
            recomputed=key[1:] if known else None,
        )


def _computed_key(item: Restated, answers: Mapping[str, JsonObject]) -> tuple[str, str, int]:
    answer = answers.get(f"{_ANSWERS}{item.before_sha256}.json", {})
    return item.what, str(answer.get("indicator", "")), int(answer.get("year", 0))

"""The evidence of a check: everything that it rests on, in one file, to be proved later."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from api.check.proof.shown import shown_layer
from api.check.sites import stated_of
from api.check.withdrawn import withdrawn_layers
from api.workspace.needs import CheckSource, LayerSource
from api.workspace.output import write_whole
from geo.model import Reason
from layers.check.rules import rules_digest, rules_from_json
from layers.errors import RulesChangedError
from layers.provenance import canonical_json, digest
from layers.store.bundle import pack
from layers.store.content import content_of
from maps.answers import Written
from maps.check.answers import CheckResult

FORM: Final = "ftzgis-evidence-3"
RESULT: Final = "result.json"
OVERRIDES: Final = "overrides.json"
WITHDRAWALS: Final = "withdrawals.json"


def write_evidence(workspace: CheckSource, check_id: str, output: Path) -> Written:
    """Write the evidence of a kept check, whole or not at all."""
    return write_whole(output, build_evidence(workspace, check_id))


def build_evidence(workspace: CheckSource, check_id: str) -> bytes:
    """Return the bundle of a kept check, see :func:`evidence_files`.

    Raises
    ------
    UnknownCheckError, InputNotKeptError, RulesChangedError
        There can be none.
    """
    return pack(evidence_files(workspace, check_id), FORM)


def evidence_files(workspace: CheckSource, check_id: str) -> dict[str, bytes]:
    """Return the files of the bundle of a kept check, by their names in it.

    It holds the input as handed in with what was declared about it, the features of the
    layer versions that can matter to its sites with the proof that they belong to these
    versions and are all that does, the rules, and the result. The same check gives the same
    bytes on any machine, until a reviewer judges otherwise or one of its layers is withdrawn.

    Raises
    ------
    UnknownCheckError, InputNotKeptError
        There is no such check, or its input was not kept.
    RulesChangedError
        An older release kept the check without its rules, and those of this installation
        are others.
    """
    result = workspace.archive.get(check_id)
    files = dict(workspace.archive.input_files(check_id))
    # Checks of older releases were kept without their law.
    files = {**workspace.law(date.fromisoformat(result.checked_on)).files, **files}
    _require_its_law(result, files)
    files[RESULT] = canonical_json(result.model_dump(mode="json"))
    if overrides := workspace.archive.overrides(check_id):
        files[OVERRIDES] = canonical_json([one.model_dump(mode="json") for one in overrides])
    if withdrawn := withdrawn_layers(workspace, result.record["layers"]):
        rows = [one.model_dump(mode="json") for one in withdrawn]
        files[WITHDRAWALS] = canonical_json(rows)
    files["layers.json"] = canonical_json(_add_layers(workspace, result, files))
    return files


def _require_its_law(result: CheckResult, files: Mapping[str, bytes]) -> None:
    found = (
        rules_digest(rules_from_json(files["rules.json"])),
        digest(files["decisions.json"]),
    )
    if found != (result.record["rules_sha256"], result.record["parameters"]["decisions_sha256"]):
        raise RulesChangedError(check_id=result.id)


def _add_layers(
    workspace: LayerSource, result: CheckResult, files: dict[str, bytes]
) -> list[dict[str, Any]]:
    rows = []
    for name, recorded in sorted(result.record["layers"].items()):
        layer_id, _, number = name.rpartition("@")
        version = workspace.store.get(layer_id, int(number))
        if recorded != Reason.LAYER_UNREADABLE:
            # In memory from the check or its maps, if it needed no move there.
            frame = workspace.load(version).frame or workspace.store.read(version)
            content = content_of(frame)
            files[layer_file(layer_id)] = shown_layer(content, result.sites, layer_id)
        rows.append(stated_of(version, recorded))
    return rows


def layer_file(layer_id: str) -> str:
    """Return where a bundle keeps a layer; one that could not be read has no such file."""
    return f"layers/{layer_id}.json"

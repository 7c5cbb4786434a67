"""Which layer versions a past check rests on that were withdrawn since it was made."""

from collections.abc import Mapping

from api.workspace.answers import steps_out
from api.workspace.needs import LayerSource
from geo.model import Reason
from maps.check.answers import CheckResult, Verification, WithdrawnLayer


def withdrawn_layers(workspace: LayerSource, layers: Mapping[str, str]) -> list[WithdrawnLayer]:
    """Return the versions of a record (digest by ``id@number``) that were withdrawn.

    A version of the same name and number in another store is another one.
    """
    standing = workspace.store.memory.standing()
    found = []
    for version in workspace.store.everything():
        key = (version.layer_id, version.number)
        used = layers.get(f"{version.layer_id}@{version.number}")
        same = used in (version.content_sha256, Reason.LAYER_UNREADABLE)
        if used is not None and same and standing.is_withdrawn(key):
            (step,) = steps_out(standing.steps[key][-1:])
            found.append(
                WithdrawnLayer(layer_id=version.layer_id, version=version.number, step=step)
            )
    return found


def with_withdrawals(workspace: LayerSource, result: CheckResult) -> CheckResult:
    """Return a check that says which of its layers were withdrawn."""
    found = withdrawn_layers(workspace, result.record["layers"])
    return result.model_copy(update={"withdrawn": found}) if found else result


def verified_here(verification: Verification, workspace: LayerSource | None) -> Verification:
    """Return a verification that says what this store knows of withdrawals.

    Without a store only what the evidence itself says is known.
    """
    if workspace is None:
        return verification
    told = {(one.layer_id, one.version): one for one in verification.withdrawn}
    for one in withdrawn_layers(workspace, verification.layers):
        told[one.layer_id, one.version] = one
    return verification.model_copy(update={"withdrawn": [told[key] for key in sorted(told)]})

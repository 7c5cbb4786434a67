"""Compile a layer version when it comes in, so that the first large overlap need not wait."""

import logging

from api.workspace.needs import IntakeNeeds
from layers.model import LayerVersion

log = logging.getLogger(__name__)


def compile_version(workspace: IntakeNeeds, version: LayerVersion) -> bool | None:
    """Compile a version that is kept; whatever goes wrong, it stays kept.

    Returns
    -------
    bool or None
        Whether it is compiled now; if not, the next who needs it tries again. None for
        lines and points, which are never compiled.
    """
    if workspace.kind(version.spec.kind).geometry != "polygon":
        return None
    # Late: it imports numba.
    from layers.store.compiled.layer import open_compiled  # noqa: PLC0415

    try:
        open_compiled(workspace.settings.data_dir, workspace.store, version)
    except Exception:
        # A full disk, or too little memory: the import itself was none the worse for it.
        log.exception("%s v%d was not compiled", version.layer_id, version.number)
        return False
    return True

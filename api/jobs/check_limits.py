"""What a server checks at once: a person's own machine has no such limit."""

from typing import Final

import numpy as np
import shapely

from api.jobs.workspace import Workspace
from geo.errors import InputError
from layers.model import SiteFrame

SITES_OF_MOST_VERTICES: Final = 20


class CheckTooLargeError(InputError):
    """Sites have more vertices than the server checks. Params: ``site``, ``found``, ``limit``.

    ``site`` is None where all of them together are over the limit.
    """

    code = "api.check.too_large"


def require_bounded(workspace: Workspace, sites: SiteFrame, *, together: bool) -> None:
    """Refuse sites that would keep a server busy for minutes.

    A few thousand vertices in spikes cost as much as a hundred thousand along a coast; no
    count tells them apart, so the limit is set for the worst. Only a server, which takes
    sites from anybody, has one. ``together``: the sum counts too; work that is followed can
    be stopped, and has none.

    Raises
    ------
    CheckTooLargeError
    """
    if workspace.reader is None:
        return
    most = workspace.settings.max_site_vertices
    counts = shapely.get_num_coordinates(sites.features.geometry.to_numpy())
    largest = int(np.argmax(counts))
    if counts[largest] > most:
        site = str(sites.features["site_id"].iloc[largest])
        raise CheckTooLargeError(site=site, found=int(counts[largest]), limit=most)
    most *= SITES_OF_MOST_VERTICES
    if together and int(counts.sum()) > most:
        raise CheckTooLargeError(site=None, found=int(counts.sum()), limit=most)

"""What a server checks at once: a person's own machine has no such limit."""

import time
from typing import Final

import numpy as np
import shapely

from api.workspace.needs import CheckNeeds
from geo.errors import InputError
from geo.measure.pieces import cut_counts
from layers.model import Progress, SiteFrame

SITES_OF_MOST_VERTICES: Final = 20
PIECES_OF_MOST_VERTICES: Final = 5
"""Long edges are measured in pieces: so many times the vertices of a site are allowed."""


class CheckTooLargeError(InputError):
    """A site has more vertices than the server checks. Params: ``site``, ``found``, ``limit``."""

    code = "api.check.too_large"


class CheckTooLongError(InputError):
    """A site's edges are too long in sum. Params: ``site``, ``found``, ``limit``: pieces."""

    code = "api.check.too_long"


class CheckTooMuchError(InputError):
    """Sites are too much together. Params: ``found``, ``limit``: pieces of edges."""

    code = "api.check.too_much"


class CheckTooSlowError(InputError):
    """A check took longer than the server allows. Params: ``seconds``."""

    code = "api.check.too_slow"


def limit_check_time(seconds: float) -> Progress:
    """Return what stops a check that has not come to its end by then.

    It is asked between layers: what GEOS has begun it finishes, in a thread of its own
    that holds up no other request.
    """
    end = time.monotonic() + seconds

    def stop(done: int, total: int, note: str = "") -> None:  # noqa: ARG001 - only when counts
        if time.monotonic() > end:
            raise CheckTooSlowError(seconds=seconds)

    return stop


def require_bounded(workspace: CheckNeeds, sites: SiteFrame, *, together: bool) -> None:
    """Refuse sites that would keep a server busy for minutes.

    A few thousand vertices in spikes cost as much as a hundred thousand along a coast; no
    count tells them apart, so the limit is set for the worst. Only a server, which takes
    sites from anybody, has one. ``together``: the sum counts too; work that is followed can
    be stopped, and has none.

    Raises
    ------
    CheckTooLargeError, CheckTooLongError, CheckTooMuchError
    """
    if not workspace.serves_anybody:
        return
    most = workspace.settings.max_site_vertices
    counts = shapely.get_num_coordinates(sites.features.geometry.to_numpy())
    largest = int(np.argmax(counts))
    if counts[largest] > most:
        site = str(sites.features["site_id"].iloc[largest])
        raise CheckTooLargeError(site=site, found=int(counts[largest]), limit=most)
    pieces = cut_counts(sites.features.geometry)
    longest, limit = int(np.argmax(pieces)), most * PIECES_OF_MOST_VERTICES
    if pieces[longest] > limit:
        site = str(sites.features["site_id"].iloc[longest])
        raise CheckTooLongError(site=site, found=int(pieces[longest]), limit=limit)
    most *= SITES_OF_MOST_VERTICES
    if together and int(pieces.sum()) > most:
        raise CheckTooMuchError(found=int(pieces.sum()), limit=most)

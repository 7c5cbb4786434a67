"""Previews of bundles that need not be released; not for the public."""

from fastapi import APIRouter, Response

from api.publish.routes import StoreDep, bundle_file
from api.web.description import ANY_FILE

router = APIRouter(tags=["publications"])


@router.get("/drafts/{publication_id}/{sha256}/{name}", **ANY_FILE)
def get_draft(store: StoreDep, publication_id: str, sha256: str, name: str) -> Response:
    """Return a file of a bundle that need not be released: the preview."""
    return bundle_file(store, publication_id, sha256, name, lasting=False)

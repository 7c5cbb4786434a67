"""Previews of bundles that need not be released; not for the public."""

from fastapi import APIRouter, Response

from api.publish.routes import StoreDep, bundle_file

router = APIRouter(tags=["publications"])


@router.get("/drafts/{publication_id}/{sha256}/{name}")
def get_draft(store: StoreDep, publication_id: str, sha256: str, name: str) -> Response:
    """Return a file of a bundle that need not be released: the preview."""
    return bundle_file(store, publication_id, sha256, name, lasting=False)

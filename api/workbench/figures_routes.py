"""Printed maps of chosen layers and ground."""

from typing import Final

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.web.deps import LanguageDep, WorkspaceDep
from api.workbench.figure import FigureWish, build_figure

router = APIRouter(prefix="/api/v1/figures", tags=["figures"])

_MEDIA: Final = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}


class FigureBody(BaseModel):
    """Which map is wanted; see the answer's file for what it carries."""

    model_config = ConfigDict(extra="forbid")
    layers: tuple[str, ...] = Field(
        default=(), max_length=40, examples=[["districts", "demo_ecological_red_line"]]
    )
    bounds_lonlat: tuple[float, float, float, float] | None = Field(
        default=None,
        description="West, south, east, north; null: all of the sites, else of the layers.",
        examples=[[102.70, 24.88, 102.92, 25.06]],
    )
    check_id: str | None = Field(default=None, description="Draw the sites of a past check too.")
    title: str | None = None
    format: str = Field(default="pdf", description="pdf, png or svg.")
    paper: str = Field(default="A4", description="A4 or A3.")
    upright: bool = False
    maker: str | None = None
    review_number: str | None = Field(default=None, description="Map review number (审图号).")


@router.post("", responses={200: {"content": {media: {} for media in _MEDIA.values()}}})
def post_figure(workspace: WorkspaceDep, lang: LanguageDep, body: FigureBody) -> Response:
    """Return a map for print: true scale, legend, grid, north arrow, CRS, data date, foot."""
    wish = FigureWish(
        layer_ids=body.layers,
        form=body.format,
        lang=lang,
        title=body.title,
        bounds_lonlat=body.bounds_lonlat,
        check_id=body.check_id,
        paper=body.paper,
        upright=body.upright,
        maker=body.maker,
        review_number=body.review_number,
    )
    return Response(
        build_figure(workspace, wish),
        media_type=_MEDIA[wish.form],
        headers={"content-disposition": f'attachment; filename="map.{wish.form}"'},
    )

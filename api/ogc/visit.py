"""A request to the OGC interfaces: what is asked, in which language and form, and from where.

Parameters that are unknown, stand twice or do not fit are answered 400, as the standards say
(the product's own interface says 422).
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Literal, TypeVar
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException
from typing_extensions import override

from api.errors import RequestError, request_error, status_of
from api.web.errors import problem, unreadable_body
from geo.errors import InputError
from maps.i18n import LANGUAGES, negotiate, tr
from maps.ogc.answers import GEOJSON_TYPE, HTML_TYPE, JSON_TYPE, Link

HTML: Final = "html"
JSON: Final = "json"
_HTML_TYPES: Final = ("text/html", "application/xhtml+xml", "text/*")
_WILD: Final = "*/*"
_CACHED: Final = {"vary": "accept, accept-language"}


class Spoken(BaseModel):
    """What everything may be asked: the language of its words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lang: Literal["zh", "en"] | None = None


class Asked(Spoken):
    """What every document may be asked: its form, too."""

    f: Literal["json", "html"] | None = None


A = TypeVar("A", bound=Spoken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request as the documents need it; ``base`` is the root of the server without a slash."""

    base: str
    path: str
    query: tuple[tuple[str, str], ...]
    lang: str
    html: bool

    def word(self, name: str, **params: object) -> str:
        """Return a text of the interfaces in the language of the request."""
        return tr(f"ogc.{name}", self.lang, **params)

    def status(self, status: str) -> str:
        """Return the status of a layer in words."""
        return tr(f"statuses.{status}", self.lang)

    def href(self, path: str, query: Iterable[tuple[str, str]] = ()) -> str:
        """Return an address under the root."""
        asked = urlencode(list(query))
        return f"{self.base}{quote(path, safe=_SAFE)}{'?' if asked else ''}{asked}"

    def link(self, rel: str, path: str, media_type: str = JSON_TYPE, title: str = "") -> Link:
        """Return a link to another resource, called by one of our words."""
        return Link(
            href=self.href(path),
            rel=rel,
            type=media_type,
            title=self.word(title) if title else None,
        )

    def own_links(self, media_type: str = JSON_TYPE) -> list[Link]:
        """Return links to this resource, as it is answered and in its other form."""
        kept = [(name, value) for name, value in self.query if name != "f"]
        made = [
            (JSON, media_type, "geojson_form" if media_type == GEOJSON_TYPE else "json_form"),
            (HTML, HTML_TYPE, "html_form"),
        ]
        return [
            Link(
                href=self.href(self.path, [*kept, ("f", form)]),
                rel="self" if (form == HTML) == self.html else "alternate",
                type=kind,
                title=self.word(title),
            )
            for form, kind, title in made
        ]

    def in_language(self, lang: str) -> str:
        """Return the address of this page in another language."""
        kept = [(name, value) for name, value in self.query if name not in {"f", "lang"}]
        return self.href(self.path, [*kept, ("f", HTML), ("lang", lang)])


_SAFE: Final = "/@:"


class OgcRoute(APIRoute):
    """A route whose refusals of what was asked are 400."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler that answers what cannot be asked."""
        original = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                response = await original(request)
            except InputError as error:
                return _refused(request, error)
            except RequestValidationError as error:
                field = ".".join(str(step) for step in error.errors()[0]["loc"][1:])
                return _refused(
                    request, RequestError(field=field, problem=error.errors()[0]["type"])
                )
            except HTTPException as error:
                if error.status_code != HTTPStatus.BAD_REQUEST:
                    raise
                return _refused(request, unreadable_body())
            for name, value in _CACHED.items():
                response.headers.setdefault(name, value)
            return response

        return handle


def _refused(request: Request, error: InputError) -> Response:
    status = status_of(error)
    return problem(error, language_of(request), HTTPStatus.BAD_REQUEST if status == 422 else status)


def visit_of(request: Request, asked: Asked) -> Visit:
    """Return a request as documents need it."""
    wanted = asked.f or preferred_form(request.headers.get("accept"))
    return Visit(
        base=str(request.base_url).rstrip("/"),
        path=request.scope["path"].removeprefix(request.scope.get("root_path", "")),
        query=tuple(request.query_params.multi_items()),
        lang=asked.lang or negotiate(request.headers.get("accept-language")),
        html=wanted == HTML,
    )


def asked_of(
    request: Request, kind: type[A], more: Iterable[str] = (), *, any_case: bool = False
) -> A:
    """Return what is asked of a resource; ``more`` are names that are read elsewhere.

    ``any_case``: names are taken however they are written, as older standards want it.

    Raises
    ------
    RequestError
        A parameter is unknown, stands twice, or has a value that does not fit.
    """
    given: dict[str, str] = {}
    for written, value in request.query_params.multi_items():
        name = written.lower() if any_case else written
        if name in given:
            raise RequestError(field=name, problem="twice")
        given[name] = value
    left = {name: value for name, value in given.items() if name not in set(more)}
    try:
        return kind.model_validate(left)
    except ValidationError as exc:
        raise request_error(exc) from exc


def preferred_form(accept: str | None) -> str:
    """Return whether a page or JSON is wanted: a page only where it is named and preferred.

    Examples
    --------
    >>> [preferred_form(one) for one in ("text/html,*/*;q=0.8", "*/*", "application/geo+json")]
    ['html', 'json', 'json']
    """
    html, other = 0.0, 0.0
    for wish in (accept or _WILD).split(","):
        media_type, _, rest = wish.strip().partition(";")
        weight = _weight(rest)
        if media_type.strip().lower() in _HTML_TYPES:
            html = max(html, weight)
        elif media_type.strip() != _WILD and "json" in media_type:
            other = max(other, weight)
    return HTML if html > other else JSON


def _weight(parameters: str) -> float:
    for one in parameters.split(";"):
        name, _, value = one.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def language_of(request: Request) -> str:
    """Return the language that a request asks for."""
    lang = request.query_params.get("lang")
    return lang if lang in LANGUAGES else negotiate(request.headers.get("accept-language"))


def parameters_of(kind: type[BaseModel]) -> list[dict[str, Any]]:
    """Return the parameters of a model as OpenAPI describes them."""
    schema = kind.model_json_schema(by_alias=True)
    return [
        _parameter(name, dict(entry), required=name in schema.get("required", ()))
        for name, entry in schema["properties"].items()
    ]


def _parameter(name: str, entry: dict[str, Any], *, required: bool) -> dict[str, Any]:
    described = entry.pop("description", "") or tr(f"ogc_parameters.{name}", "en")
    own: Mapping[str, Any] = entry.pop("parameter", {})
    choices = [one for one in entry.pop("anyOf", []) if one.get("type") != "null"]
    schema = {**(choices[0] if choices else {}), **entry}
    schema = own.get("schema", {key: schema[key] for key in schema if key not in _DROPPED})
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": described,
        "schema": schema,
        "style": "form",
        "explode": False,
    }


_DROPPED: Final = ("title", "default")

"""The plan of a publication: a file that a person writes, or a form of the page."""

import json
from datetime import date
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.data.browse_layers import in_use
from api.density.land import DensityQuery, list_indicators
from api.operation import Call, FileAnswer
from api.publish.operations import PublishQuestion
from api.publish.template_operations import TemplateQuestion
from api.workspace.needs import PublishNeeds, StatisticsSource
from geo.errors import InputError
from geo.model import Nature
from layers.publish.plan_templates import PlanTemplates
from layers.publish.policy import Theme, publish_policy
from layers.yaml_text import load_yaml
from maps.answers import Title
from maps.i18n import LANGUAGES, tables
from maps.publish.answers import ThemeList, ThemeOut

Degrees = Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]


class UnknownThemeError(InputError):
    """There is no such theme. Params: ``theme``, ``known``."""

    code = "api.publish.unknown_theme"


class NothingToShowError(InputError):
    """No layer of the kind that a theme is about is in use. Params: ``theme``, ``kind``."""

    code = "api.publish.nothing_to_show"


class PlanError(InputError):
    """A field of a plan cannot be what it is. Params: ``field``, ``problem``."""

    code = "api.publish.plan"


class PlanNotYamlError(InputError):
    """A file is no plan. Params: ``name``."""

    code = "api.publish.not_yaml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Part):
    """A text in both languages."""

    zh: Annotated[str, Field(max_length=4000)]
    en: Annotated[str, Field(max_length=4000)]


class PlannedLayer(_Part):
    """A layer, and how far its lines are moved at most."""

    id: str
    displacement_m: Annotated[float, Field(ge=0.0, le=10_000.0, allow_inf_nan=False)]


class PlannedDensity(_Part):
    """A density as a theme of the map; ``nature`` is what the map calls it."""

    indicator: str
    year: int
    denominator: str
    nature: Nature = Nature.FACT

    def query(self) -> DensityQuery:
        """Return what the density job is asked."""
        return DensityQuery(indicator=self.indicator, year=self.year, denominator=self.denominator)


class Step(_Part):
    """A step of the story: text beside the map, and what the map shows with it.

    ``layers`` empty leaves them as they are; ``density`` counts the plan's densities from 0.
    """

    heading: Words
    text: Words
    layers: tuple[str, ...] = ()
    density: Annotated[int, Field(ge=0)] | None = None
    bounds_lonlat: tuple[Degrees, Degrees, Degrees, Degrees] | None = None


class PublicationPlan(_Part):
    """Everything that a publication says and shows; nothing about law has a default.

    ``prints``: add A4 sheets of the map as PDF and PNG in both languages.
    """

    id: Annotated[str, Field(max_length=63)]
    title: Words
    maker: Words
    disclaimer: Words
    data_date: date
    review_number: str | None
    draft: bool
    prints: bool
    layers: Annotated[tuple[PlannedLayer, ...], Field(min_length=1, max_length=30)]
    densities: Annotated[tuple[PlannedDensity, ...], Field(max_length=30)] = ()
    story: Annotated[tuple[Step, ...], Field(max_length=50)] = ()


def asked_plan(call: Call, asked: PublishQuestion | TemplateQuestion) -> PublicationPlan:
    """Return the plan that a person hands in, as a file or as plain values.

    Raises
    ------
    PlanNotYamlError, PlanError
        As :func:`read_plan`; there must be one of the two.
    """
    if asked.file is not None:
        source = asked.file.source(call.workspace.limits)
        return read_plan(source.name, source.files[source.name])
    return parse_plan(asked.plan)


def list_themes(workspace: PublishNeeds | None) -> ThemeList:
    """Return themes and templates that a plan can be proposed for, and what the gate asks."""
    policy = publish_policy()
    templates = _templates(workspace).names() if workspace else []
    return ThemeList(
        themes=[
            *(
                ThemeOut(id=theme.id, title=Title(zh=theme.title_zh, en=theme.title_en))
                for theme in policy.themes.values()
            ),
            *(ThemeOut(id=name, title=Title(zh=name, en=name), own=True) for name in templates),
        ],
        least_displacement_m={
            name.value: allowed.least_displacement_m if allowed.publishable else None
            for name, allowed in policy.allowances.items()
        },
    )


def proposed_file(workspace: PublishNeeds, theme: str, form: str) -> FileAnswer:
    """Return the plan of a theme as JSON for the page, or as YAML for a person."""
    plan = propose_plan(workspace, theme)
    if form == "json":
        text = json.dumps(plan, ensure_ascii=False)
        return FileAnswer(name=f"{theme}.json", data=text.encode(), media_type="application/json")
    text = yaml.safe_dump(plan, allow_unicode=True, sort_keys=False)
    return FileAnswer(name=f"{theme}.yaml", data=text.encode(), media_type="application/yaml")


def read_plan(name: str, data: bytes) -> PublicationPlan:
    """Return the plan in a YAML file.

    Raises
    ------
    PlanNotYamlError, PlanError
        It is no YAML in UTF-8, or a field is missing, unknown or impossible.
    """
    try:
        content = load_yaml(data.decode("utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as exc:
        raise PlanNotYamlError(name=name) from exc
    return parse_plan(content)


def parse_plan(content: object) -> PublicationPlan:
    """Return a plan from plain values.

    Raises
    ------
    PlanError
        A field is missing, unknown or impossible.
    """
    try:
        plan = PublicationPlan.model_validate(content)
    except ValidationError as exc:
        first = exc.errors()[0]
        field = ".".join(map(str, first["loc"])) or "*"
        raise PlanError(field=field, problem=first["type"]) from exc
    ids = [layer.id for layer in plan.layers]
    for at, step in enumerate(plan.story):
        if step.density is not None and step.density >= len(plan.densities):
            raise PlanError(field=f"story.{at}.density", problem="unknown")
        if not set(step.layers) <= set(ids):
            raise PlanError(field=f"story.{at}.layers", problem="unknown")
    if len(set(ids)) != len(ids):
        raise PlanError(field="layers", problem="repeated")
    return plan


def propose_plan(workspace: PublishNeeds, theme_id: str) -> dict[str, Any]:
    """Return the plan of a theme over the layers in use, as plain values to fill in.

    It is a draft without a review number: those are a person's to state.

    Raises
    ------
    UnknownThemeError
        There is no such theme.
    NothingToShowError
        No layer of the kind that it is about is in use.
    """
    themes, templates = publish_policy().themes, _templates(workspace)
    if theme_id in templates.names():
        return _plan_of_template(workspace, templates.read(theme_id))
    if theme_id not in themes:
        raise UnknownThemeError(theme=theme_id[:40], known=sorted([*themes, *templates.names()]))
    theme = themes[theme_id]
    shown = [
        version
        for version in workspace.store.current()
        if version.spec.kind in theme.kinds and in_use(workspace, version)
    ]
    if theme.about and all(version.spec.kind != theme.about for version in shown):
        raise NothingToShowError(theme=theme_id, kind=theme.about)
    return {
        "id": theme.id,
        "title": {"zh": theme.title_zh, "en": theme.title_en},
        "maker": {"zh": "", "en": ""},
        "disclaimer": {lang: tables(lang)["public"]["disclaimer"] for lang in LANGUAGES},
        "data_date": workspace.today().isoformat(),
        "review_number": None,
        "draft": True,
        "prints": True,
        "layers": [
            {"id": version.layer_id, "displacement_m": theme.kinds[version.spec.kind]}
            for version in shown
        ],
        "densities": _newest_densities(workspace, theme) if theme.density else [],
        "story": _read_story(theme) if theme.id == "story" else [],
    }


def keep_template(call: Call, asked: TemplateQuestion) -> ThemeList:
    """Keep a plan to publish by, and return all themes.

    Raises
    ------
    PlanNotYamlError, PlanError, TemplateNameError
        It is no plan, or its name is that of a theme.
    """
    plan = asked_plan(call, asked)
    kept = _templates(call.workspace)
    kept.keep(asked.name, plan.model_dump(mode="json"), frozenset(publish_policy().themes))
    return list_themes(call.workspace)


def _templates(workspace: PublishNeeds) -> PlanTemplates:
    return PlanTemplates(workspace.settings.data_dir / "publication_templates")


def _plan_of_template(workspace: PublishNeeds, content: dict[str, Any]) -> dict[str, Any]:
    """Return a new draft: day and review number belong to one map, and not to the next."""
    kept = parse_plan(content).model_dump(mode="json")
    said = {"data_date": workspace.today().isoformat(), "review_number": None, "draft": True}
    return {**kept, **said}


def _newest_densities(workspace: StatisticsSource, theme: Theme) -> list[dict[str, Any]]:
    found = []
    for option in list_indicators(workspace).indicators:
        # What is planned is proposed as what is to nobody: a map of targets says so by its theme.
        facts = [year for year in option.years if year.nature == Nature.FACT]
        others = [year for year in option.years if year.nature != Nature.FACT]
        for years in (facts, others) if theme.targets else (facts,):
            newest = max(years, key=lambda year: year.year, default=None)
            found += (
                []
                if newest is None
                else [
                    {
                        "indicator": option.id,
                        "year": newest.year,
                        "denominator": denominator,
                        "nature": newest.nature,
                    }
                    for denominator in newest.denominators
                ]
            )
    return found


def _read_story(theme: Theme) -> list[dict[str, Any]]:
    return [
        {
            "heading": {"zh": theme.title_zh, "en": theme.title_en},
            "text": {"zh": "", "en": ""},
            "layers": [],
            "density": None,
            "bounds_lonlat": None,
        }
    ]

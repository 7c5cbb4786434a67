"""Maps to give away."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import AsJson, LangOption
from api.terminal.run import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer()
publications_app = typer.Typer(
    help="已发布的地图。 Published maps.", no_args_is_help=True, pretty_exceptions_enable=False
)

PublicationId = Annotated[str, typer.Argument(help="发布编号。 Id of the publication.")]


@app.command(name="map")
def map_(
    output: Annotated[Path, typer.Option("-o", "--output", help="HTML 文件。 File to write.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """导出可离线打开的单文件地图。 Write one self-contained offline map."""

    def run(workspace: "Workspace") -> Exit:
        from api.workbench.build_map import write_single_file
        from maps.document.reading import written_document

        show(
            [write_single_file(workspace, lang, output)],
            written_document,
            as_json=as_json,
            lang=lang,
        )
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def publish(
    plan: Annotated[Path, typer.Argument(help="发布方案 YAML。 Plan as YAML.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="另存发布包的文件夹。 Folder for a copy."),
    ] = None,
    *,
    stage: Annotated[
        bool, typer.Option("--stage", help="只生成待审包，不公开。 Build for a preview only.")
    ] = False,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """审查并发布一张公开地图。 Pass a map through the gate and publish it."""

    def run(workspace: "Workspace") -> Exit:
        from api.publish.bundle import export_bundle, publish
        from api.publish.publication_plan import read_plan
        from maps.publish.document import bundle_document

        bundle = publish(workspace, read_plan(plan), release=not stage)
        if output is not None:
            export_bundle(workspace, bundle, output)
        show([bundle], bundle_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@publications_app.command(name="plan")
def plan_(
    theme: Annotated[
        str, typer.Argument(help="overview、density、controls、candidates 或 story。 Theme.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="YAML 文件。 File to write.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """按主题生成发布方案，供修改。 Write the plan of a theme, to be filled in."""

    def run(workspace: "Workspace") -> Exit:
        import yaml

        from api.publish.publication_plan import propose_plan
        from api.workspace.output import write_whole
        from maps.document.reading import written_document

        text = yaml.safe_dump(propose_plan(workspace, theme), allow_unicode=True, sort_keys=False)
        written = write_whole(output, text.encode("utf-8"))
        show([written], written_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@publications_app.command(name="list")
def list_(*, as_json: AsJson = False, lang: LangOption = Lang.ZH) -> None:
    """列出已发布的地图及其历史版本。 List publications with their past versions."""

    def run(workspace: "Workspace") -> Exit:
        from api.publish.bundle import list_publications
        from maps.publish.document import publications_document

        show([list_publications(workspace)], publications_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@publications_app.command()
def withdraw(
    publication: PublicationId, *, as_json: AsJson = False, lang: LangOption = Lang.ZH
) -> None:
    """撤回一张地图。 Show nothing of a publication any more."""

    def run(workspace: "Workspace") -> Exit:
        from api.publish.bundle import withdraw
        from maps.publish.document import publication_document

        show([withdraw(workspace, publication)], publication_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@publications_app.command()
def release(
    publication: PublicationId,
    sha256: Annotated[str, typer.Argument(help="发布包摘要。 Digest of the bundle.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """公开待审包，或恢复旧版。 Show a staged bundle, or an earlier one again."""

    def run(workspace: "Workspace") -> Exit:
        from api.publish.bundle import release_bundle
        from maps.publish.document import publication_document

        out = release_bundle(workspace, publication, sha256)
        show([out], publication_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)

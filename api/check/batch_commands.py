"""Commands over many checks: batches, and the watch over past ones."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import AsJson, CrsOption, DatumOption, EncodingOption, LangOption
from api.terminal.run import Exit, Lang, datum_of, exit_of, in_workspace, shares, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer()


@app.command()
def batch(
    paths: Annotated[list[Path], typer.Argument(help="文件夹或文件。 Folders or files.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="输出文件夹。 Output folder.")],
    nature: Annotated[
        str | None, typer.Option(help="项目性质，如 park_expansion。 Nature of the project.")
    ] = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    datum: DatumOption = "true",
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """批量核查，输出汇总表、冲突图层。 Check folders in one run."""

    def run(workspace: "Workspace") -> Exit:
        from api.check.batch import BatchTerms, entries_of, run_batch
        from api.check.batch_output import write_batch
        from api.workspace.sandbox import sandbox_of
        from layers.model import ReadOptions
        from maps.check.batch_document import batch_summary
        from maps.i18n import tr

        options = ReadOptions(crs=crs, encoding=encoding, datum=datum_of(datum))
        entries = entries_of(paths, workspace.limits, leave_out=output)
        terms = BatchTerms(options=options, nature=nature)
        with sandbox_of(workspace) as sandbox, shares(tr("cli.checking_bar", lang)) as told:
            workspace.reader = sandbox.read_sites
            done = run_batch(workspace, entries, terms, told)
        written = write_batch(done, output, lang)
        show([written], batch_summary, as_json=as_json, lang=lang)
        return exit_of_batch(done.complete, [file.status for file in done.files], written.verdicts)

    in_workspace(run, lang, as_json=as_json)


@app.command()
def stale(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="只看此日起的核查。 Since a day.")
    ] = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """找出结论因图层、规则更新而改变的往次核查。 Find past checks that would come out otherwise."""

    def run(workspace: "Workspace") -> Exit:
        from api.check.stale import find_stale
        from api.workspace.sandbox import sandbox_of
        from maps.check.batch_document import stale_document
        from maps.i18n import tr

        with sandbox_of(workspace) as sandbox, shares(tr("cli.checking_bar", lang)) as told:
            workspace.reader = sandbox.read_sites
            found = find_stale(workspace, since.date() if since else None, told)
        show([found], stale_document, as_json=as_json, lang=lang)
        changed = any(one.state == "changed" for one in found.checks)
        return Exit.CONFLICT if changed else Exit.FINE

    in_workspace(run, lang, as_json=as_json)


def exit_of_batch(complete: bool, statuses: list[str], verdicts: dict[str, int]) -> Exit:  # noqa: FBT001
    """Let a conflict outweigh a file that failed, and that what cannot be told."""
    found = exit_of(verdicts)
    if found is Exit.CONFLICT:
        return found
    return Exit.BAD_INPUT if "refused" in statuses or not complete else found

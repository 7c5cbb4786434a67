"""Schemes by which firms and zones are evaluated: listed, and as files to fill in."""

from collections.abc import Mapping

from api.density.intensity import ideals_out
from api.operation import FileAnswer
from api.workspace.needs import Configured
from layers.density.intensity_schemes import load_ideal_schemes
from layers.density.permu import Scheme, load_schemes
from layers.density.scheme_sheets import scheme_text
from maps.answers import Title
from maps.density.evaluation_answers import SchemeList, SchemeOut
from maps.i18n import tr


def list_schemes(workspace: Configured) -> SchemeList:
    """Return all schemes of firms and of zones, those that ship first.

    Raises
    ------
    SchemeFileError
        An own scheme is not as it must be.
    """
    ideals = load_ideal_schemes(workspace.settings.data_dir / "intensity")
    return SchemeList(
        schemes=[scheme_out(one) for one in known_schemes(workspace).values()],
        ideals=[ideals_out(one) for one in ideals.values()],
    )


def scheme_sheet(workspace: Configured, wanted: str, lang: str) -> FileAnswer:
    """Return a scheme as a file to fill in or change, in the form that the data folder takes.

    Raises
    ------
    UnknownSchemeError
        There is none with this id.
    """
    folder = workspace.settings.data_dir
    found = scheme_text(wanted, folder)
    head = tr(f"permu.sheet_{found.room}", lang, name=wanted)
    lines = "".join(f"# {line}\n" for line in head.splitlines())
    data = (lines + found.text).encode()
    return FileAnswer(name=f"{wanted}.yaml", data=data, media_type="application/yaml")


def known_schemes(workspace: Configured) -> Mapping[str, Scheme]:
    """Return the schemes by id: those that ship, and a person's own.

    Raises
    ------
    SchemeFileError
        An own scheme is not as it must be.
    """
    return load_schemes(workspace.settings.data_dir / "permu")


def scheme_out(scheme: Scheme) -> SchemeOut:
    """Return what a scheme is, as an answer."""
    return SchemeOut(
        id=scheme.id,
        name=Title(zh=scheme.name_zh, en=scheme.name_en),
        source=scheme.source,
        note=Title(zh=scheme.note_zh, en=scheme.note_en),
        groups=list(scheme.groups),
        to_fill=list(scheme.to_fill),
    )

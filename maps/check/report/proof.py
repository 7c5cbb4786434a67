"""What the report rests on: law, layer versions, digests, and how to prove it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict

from layers.model import ReadOptions
from maps.check.answers import CheckResult
from maps.check.finding import Cited
from maps.check.report.material import CheckMaterial, LineNames, findings_of, say, word
from maps.document.cells import Column
from maps.document.model import Facts, Paragraph, Section, Table, basis_text
from maps.i18n import tr
from maps.law_words import article_text
from maps.source_words import source_text


def basis_section(material: CheckMaterial, lang: str) -> Section:
    """Return the chapter of law and layers; upright: turned, it leaves pages half empty."""
    notices = tuple(
        Paragraph(text=basis_text(one, lang), role="notice", tone="conflict")
        for one in material.check.basis
    )
    tables = (_citations_table(material.check, lang), _layers_table(material, lang))
    digests = Facts(
        id=say("sheet_digests", lang),
        caption=say("digests_table", lang),
        rows=tuple((f"{one.id}@{one.version}", one.content_sha256) for one in material.layers),
    )
    note = Paragraph(text=say("layers_note", lang), role="small")
    return Section(title=say("basis", lang), blocks=(*notices, *tables, digests, note))


def _citations_table(check: CheckResult, lang: str) -> Table:
    names = LineNames(check, lang)
    rules = {finding.rule_id: finding for _, finding in findings_of(check)}
    notes = {name: split_sentences(one.citation.note(lang)) for name, one in rules.items()}
    shared = _shared_by_all(notes.values())
    rows = tuple(
        (
            names.short(finding),
            finding.demands.text(lang),
            _law_text(finding.citation, lang),
            tr(f"certainty.{finding.citation.certainty}", lang),
            _join((one for one in notes[name] if one not in shared), lang) or None,
        )
        for name, finding in rules.items()
    )
    return Table(
        id=say("sheet_citations", lang),
        caption=say("citations_table", lang),
        columns=(
            Column(title=say("rule", lang), share=1.5),
            Column(title=say("demands", lang), share=2.2),
            Column(title=say("law", lang), share=2.2),
            Column(title=say("certainty", lang), share=1.5),
            Column(title=say("note", lang), share=2.2),
        ),
        rows=rows,
        note=say("citations_note", lang, notes=_join(shared, lang)) if shared else None,
    )


def _law_text(law: Cited, lang: str) -> str:
    """Return the instrument with its number and clause; of what nobody has seen, that it is so."""
    named = (("document_number", law.number), ("clause", law.clause))
    articles = (
        article_text(one, lang) if one else say("law_unseen", lang, name=say(name, lang))
        for name, one in named
    )
    return " ".join((law.document(lang), *articles))


def _shared_by_all(notes: Collection[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the sentences that every note has, where there are several notes."""
    first, *others = notes
    return tuple(one for one in first if others and all(one in other for other in others))


def split_sentences(text: str | None) -> tuple[str, ...]:
    """Return what a text says, piece by piece, without the marks between.

    Examples
    --------
    >>> split_sentences("In force from 2022; see art. 1242.")
    ('In force from 2022', 'See art. 1242')
    >>> split_sentences("条文未核对；非法定值。")
    ('条文未核对', '非法定值')
    """
    pieces = re.split(r"[。；]|[.;] (?=[A-Za-z])", text.rstrip(".")) if text else ()
    return tuple(one[0].upper() + one[1:] for one in pieces if one)


def _join(sentences: Iterable[str], lang: str) -> str:
    return "".join(say("sentence", lang, text=one) for one in sentences).strip()


def _layers_table(material: CheckMaterial, lang: str) -> Table:
    nothing = say("not_stated", lang)
    rows = tuple(
        (
            layer.title or layer.id,
            f"{layer.id}@{layer.version}",
            tr(f"statuses.{layer.status}", lang) if layer.status else nothing,
            layer.data_date or nothing,
            nothing if layer.precision_m is None else f"{layer.precision_m:g}",
            source_text(layer.source, lang) if layer.source else nothing,
        )
        for layer in material.layers
    )
    return Table(
        id=say("sheet_layers", lang),
        caption=say("layers_table", lang),
        columns=(
            Column(title=say("layer", lang), share=1.6),
            Column(title=say("layer_id", lang), share=1.5),
            Column(title=say("status", lang), share=0.95),
            Column(title=say("data_date", lang), share=0.8),
            Column(title=say("layer_precision_m", lang), share=0.75),
            Column(title=say("source", lang), share=3.0),
        ),
        rows=rows,
    )


def proof_section(material: CheckMaterial, lang: str) -> Section:
    """Return the chapter by which the result can be run again and held against this one."""
    check, record = material.check, material.check.record
    parameters = record["parameters"]
    inputs = tuple(
        (say("input_digest", lang, name=name), digest) for name, digest in record["inputs"].items()
    )
    software = ", ".join(f"{name} {number}" for name, number in record["software"].items())
    rows = (
        (say("check_id", lang), check.id),
        (say("checked_on", lang), check.checked_on),
        *(() if check.zone is None else ((say("zone", lang), check.zone.text(lang)),)),
        *inputs,
        (say("rules_digest", lang), record["rules_sha256"]),
        (say("decisions_digest", lang), parameters["decisions_sha256"]),
        *zip(
            (say("bundle_digest", lang), say("result_digest", lang)),
            material.digests or (say("no_evidence", lang),) * 2,
            strict=True,
        ),
        (say("declared", lang), _declared(parameters["declared"], lang)),
        (say("software", lang), software),
    )
    facts = Facts(id=say("sheet_proof", lang), caption=say("proof_table", lang), rows=rows)
    known = material.digests[0] if material.digests else check.id
    how = Paragraph(text=say("verify_how", lang))
    commands = Paragraph(text=say("verify_commands", lang, id=check.id, digest=known), role="quote")
    said = Paragraph(text=say("verify_answer", lang))
    return Section(title=say("proof", lang), blocks=(facts, how, commands, said))


def _declared(declared: Mapping[str, object], lang: str) -> str:
    """Return what a person declared of the file, as words; what nobody declared is not named."""
    undeclared = asdict(ReadOptions())
    said = [
        f"{word('declared', name, lang)}: {_value(value, lang)}"
        for name, value in declared.items()
        if value != undeclared.get(name)
    ]
    return "; ".join(said) or say("nothing_declared", lang)


def _value(value: object, lang: str) -> str:
    return say("yes" if value else "no", lang) if isinstance(value, bool) else str(value)

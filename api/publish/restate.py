"""Make again what rests on a layer that was replaced, and say what was before and is after.

Nothing that stands is touched: checks, answers and bundles made again are new ones beside the
old. Publications become drafts, which a person releases or not.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any, Final

from api.check.plan_claim import check_claim
from api.check.sites import read_and_check
from api.density.land import DensityQuery, density_table
from api.operation import JSON, Call, FileAnswer, Operation
from api.publish.bundle import publish
from api.publish.publication_plan import PublicationPlan
from api.publish.replacement import ASKED_AGAIN, Dependants, Replacement
from api.publish.replacement_lines import besides, differs, lines_between, name_of
from api.workspace.archive import input_from
from api.workspace.runs import Run, plain_answer
from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from geo.model import Verdict
from layers.model import LayerVersion, Progress, ignore_progress
from layers.provenance import canonical_json, digest
from maps.answers import JsonObject, Title
from maps.check.batch_answers import PastCheck, Refusal
from maps.publish.replacement_answers import LayerNamed, Line, ReplacementList, Restated, What

_ROOMS: Final = ("check", "expansion")
"""Rooms whose operations keep what they answer."""

Made = tuple[str, JsonObject]
"""The id of what was made again, and its answer."""


@dataclass(frozen=True, kw_only=True)
class Restatement:
    """The list, all answers in it by their digests, and reports that were written again."""

    listed: ReplacementList
    answers: dict[str, bytes]
    reports: dict[str, bytes]


@dataclass(kw_only=True)
class _Collected:
    answers: dict[str, bytes] = field(default_factory=dict)
    reports: dict[str, bytes] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)

    def add(self, answer: JsonObject) -> str:
        data = canonical_json(answer)
        self.answers[digest(data)] = data
        return digest(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """Something to be made again: what stood, and how it is made."""

    what: What
    before: Made
    again: Callable[[], Made]


def restate(workspace: Workspace, replacement: Replacement, progress: Progress) -> Restatement:
    """Make again everything that rests on the former layer.

    What cannot be made again is in the list with the reason, and stops nothing.
    """
    work = _Work(workspace, replacement)
    cases = list(work.cases())
    items = []
    for at, case in enumerate(cases):
        progress(at, len(cases), case.before[0])
        items.append(work.restated(case))
    listed = ReplacementList(
        layer=named_layer(replacement.layer),
        former=[named_layer(one) for one in replacement.former],
        today=workspace.today().isoformat(),
        made_at=workspace.now().isoformat(),
        items=items,
        left_out=list(work.dependants.left_out()),
    )
    return Restatement(listed=listed, answers=work.found.answers, reports=work.found.reports)


def named_layer(version: LayerVersion) -> LayerNamed:
    """Return a version as the list names it."""
    return LayerNamed(
        id=version.layer_id,
        version=version.number,
        status=version.spec.status.value,
        title=Title(zh=version.spec.title_zh, en=version.spec.title_en),
        content_sha256=version.content_sha256,
    )


class _Work:
    def __init__(self, workspace: Workspace, replacement: Replacement) -> None:
        self._workspace, self._replacement = workspace, replacement
        self.dependants = Dependants(workspace, replacement)
        self.found = _Collected()

    def cases(self) -> Iterator[_Case]:
        """Return all that rests on the layer; reports after the checks that they are of."""
        yield from map(self._check, self.dependants.checks)
        if self.dependants.claim:
            yield self._computed("claim", _claim)
        for query in self.dependants.densities:
            yield self._computed("density", partial(_density, query=query))
        runs = self.dependants.runs
        yield from (self._asked(run) for run in runs if run.operation != "report")
        yield from (self._reported(run) for run in runs if run.operation == "report")
        yield from (self._published(*one) for one in self.dependants.publications)

    def restated(self, case: _Case) -> Restated:
        """Return one line of the list, with both answers kept beside it."""
        before_id, before = case.before
        untold = Restated(
            what=case.what,
            name=name_of(case.what, before),
            before_id=before_id,
            after_id=None,
            before_sha256=self.found.add(before),
            after_sha256=None,
            state="undetermined",
            besides=[],
            lines=[],
        )
        try:
            after_id, after = case.again()
        except PlanningError as exc:
            return untold.model_copy(update={"refusal": Refusal(code=exc.code, params=exc.params)})
        lines = lines_between(case.what, before, after)
        made = {
            "after_id": after_id,
            "after_sha256": self.found.add(after),
            "state": state_of(lines),
            "besides": besides(case.what, before, after, replaced_ids(self._replacement)),
            "lines": lines,
        }
        return untold.model_copy(update=made)

    def _check(self, past: PastCheck) -> _Case:
        def again() -> Made:
            source, declared = input_from(self._workspace.archive.input_files(past.id))
            made = read_and_check(self._workspace, source, declared, past.nature).id
            self.found.checks[past.id] = made
            return made, kept_check(self._workspace, made)

        return _Case(
            what="check", before=(past.id, kept_check(self._workspace, past.id)), again=again
        )

    def _computed(self, what: What, compute: Callable[[Workspace], JsonObject]) -> _Case:
        """Return what is not kept by itself: computed with the former layer, and with the new."""
        before = self._kept_run(what, self.dependants.before, compute)
        return _Case(
            what=what,
            before=before,
            again=partial(self._kept_run, what, self._workspace, compute),
        )

    def _kept_run(
        self, what: What, view: Workspace, compute: Callable[[Workspace], JsonObject]
    ) -> Made:
        watched = view.watched()
        answer = compute(watched)
        run = Run(
            id="", operation=what, form=JSON, lang="zh", kept_at=view.now().isoformat(),
            asked={}, uploads={}, layers=dict(sorted(watched.loaded_digests.items())),
            answer=answer,
        )  # fmt: skip
        return self._workspace.runs.keep(run, {}).id, answer

    def _asked(self, run: Run) -> _Case:
        def again() -> Made:
            return self._ask(run, run.asked)

        return _Case(what=ASKED_AGAIN[run.operation], before=(run.id, run.answer), again=again)

    def _reported(self, run: Run) -> _Case:
        """Return a report of a check that was made again: of the new check."""

        def again() -> Made:
            check_id = run.asked["check_id"]
            if check_id not in self.found.checks:
                # The check could not be made again; asked for, its reason is told once more.
                self._workspace.archive.input_files(check_id)
            return self._ask(
                run, {**run.asked, "check_id": self.found.checks.get(check_id, check_id)}
            )

        return _Case(what="report", before=(run.id, run.answer), again=again)

    def _ask(self, run: Run, asked: JsonObject) -> Made:
        declared = _operation(run.operation)
        workspace = self._workspace.watched()
        call = Call(
            lang=run.lang, open_workspace=lambda: workspace, progress=ignore_progress, form=run.form
        )
        question = declared.ask({**self._workspace.runs.asked(run), **asked})
        answer = declared.run(call, question)
        if isinstance(answer, FileAnswer):
            self.found.reports[answer.name] = answer.data
        kept = Run(
            id="", operation=run.operation, form=run.form, lang=run.lang,
            kept_at=workspace.now().isoformat(), asked=asked, uploads=run.uploads,
            layers=dict(sorted(workspace.loaded_digests.items())), answer=plain_answer(answer),
        )  # fmt: skip
        made = self._workspace.runs.keep(kept, self._workspace.runs.files(run))
        return made.id, made.answer

    def _published(self, publication_id: str, sha256: str) -> _Case:
        store = self._workspace.publications
        before = store.manifest(publication_id, sha256)

        def again() -> Made:
            plan = self._new_plan(PublicationPlan.model_validate(before["plan"]))
            made = publish(self._workspace, plan, release=False).sha256
            assert made is not None  # noqa: S101 - a bundle that passed the gate is stored
            return f"{publication_id}/{made}", store.manifest(publication_id, made)

        return _Case(what="publication", before=(f"{publication_id}/{sha256}", before), again=again)

    def _new_plan(self, plan: PublicationPlan) -> PublicationPlan:
        """Return a plan with the new layer in the place of a former one of another id."""
        new, old = self._replacement.layer.layer_id, self._replacement.ids

        def named(layer_id: str) -> str:
            return new if layer_id in old else layer_id

        layers = {
            named(one.id): one.model_copy(update={"id": named(one.id)}) for one in plan.layers
        }
        story = tuple(
            step.model_copy(update={"layers": tuple(dict.fromkeys(map(named, step.layers)))})
            for step in plan.story
        )
        return plan.model_copy(update={"layers": tuple(layers.values()), "story": story})


def state_of(lines: Sequence[Line]) -> str:
    """Return whether anything reads otherwise."""
    return "changed" if any(differs(line) for line in lines) else "same"


def replaced_ids(replacement: Replacement) -> list[str]:
    """Return the ids of both the new and the former layers."""
    return sorted({replacement.layer.layer_id, *replacement.ids})


def kept_check(workspace: Workspace, check_id: str) -> JsonObject:
    """Return a kept check as the list carries it: as it was computed, without geometry."""
    found: JsonObject = workspace.archive.get(check_id).without_geometry().model_dump(mode="json")
    return found


def _density(workspace: Workspace, query: DensityQuery) -> JsonObject:
    """Return a table of densities; where there is none, what was asked without rows."""
    try:
        return plain_answer(density_table(workspace, query))
    except PlanningError as exc:
        return {
            "indicator": query.indicator, "year": query.year, "denominator": query.denominator,
            "rows": [], "problem": exc.code,
        }  # fmt: skip


def _claim(workspace: Workspace) -> JsonObject:
    """Return the claim without the ground of each overlap; or why it cannot be told."""
    try:
        answer = plain_answer(check_claim(workspace))
    except PlanningError as exc:
        return {"verdict": Verdict.UNDETERMINED.value, "units": [], "problem": exc.code}
    for unit in answer["units"]:
        unit["findings"] = [{**finding, "parts": []} for finding in unit["findings"]]
    return answer


def _operation(name: str) -> Operation[Any, Any]:
    """Return a declared operation of another room by its name."""
    every = (one for room in _ROOMS for one in import_module(f"api.{room}.operations").OPERATIONS)
    return next(one for one in every if one.name == name)

"""Forged evidence: whatever is changed and however well it is mended, it is not the same.

Oracle: a property. A forger recomputes everything that a program could: manifest, result, the
trees of what is shown; what cannot be made is another content under the digests that the id of
the check is made of.
"""

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from api.check.override import OverrideRequest, override_finding
from api.check.proof import verify
from api.check.proof.evidence import FORM, OVERRIDES, build_evidence
from api.check.proof.verify import verify_evidence
from api.check.sites import read_and_check
from api.settings import Settings
from api.workspace.archive import input_from
from api.workspace.workspace import Workspace
from geo.errors import PlanningError
from layers.builtin.reference import read_counties
from layers.model import ReadOptions
from layers.provenance import canonical_json, digest
from layers.readers import Source
from layers.store.bundle import MANIFEST, pack, unpack
from layers.zones import shipped_zone
from maps.check.answers import CheckResult

RING = [[102.77, 24.935], [102.78, 24.935], [102.78, 24.945], [102.77, 24.945]]
RED = "layers/demo_ecological_red_line.json"
Files = dict[str, bytes]
Chance = np.random.Generator


class Remembered:
    """A function of its arguments alone, which is asked the same a thousand times over.

    A forgery changes one file of twenty; what follows from the others is known. ``key`` holds
    all that a call is given: values by what they say, frames by which they are.
    """

    def __init__(self, function: Callable[..., Any], key: Callable[..., object]) -> None:
        self._function, self._key = function, key
        # With what was given: while it lives, no other frame has its number.
        self._known: dict[object, tuple[object, object]] = {}

    def __call__(self, *given: Any, **named: Any) -> Any:
        key = self._key(*given, **named)
        if key not in self._known:
            self._known[key] = (given, named), self._function(*given, **named)
        return self._known[key][1]


def key_of_layers(source: verify.BundleLayers) -> object:
    layers = [(name, id(layer.features)) for name, layer in sorted(source._layers.items())]
    return repr((source._versions, layers, source._kinds, source._gone))


@pytest.fixture
def _equal_inputs_are_worked_on_once() -> Iterator[None]:
    load = Remembered(verify.loaded_layer, lambda version, frame: id(frame))
    ways = {
        "read_shown": lambda data: data,
        "index_for": lambda layer, rule: (id(layer.features), repr(rule)),
        "index_unclassified": lambda layer, rules: (id(layer.features), repr(rules)),
        "read_sites": lambda source, options, **_: repr((source, options)),
        "compute_check": lambda layers, sites, terms: (
            key_of_layers(layers), id(sites), repr(terms),
        ),
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patched:
        for name, key in ways.items():
            patched.setattr(verify, name, Remembered(getattr(verify, name), key))
        patched.setattr(
            verify, "loaded_layer", lambda version, frame: replace(
                load(version, frame), version=version
            ),
        )  # fmt: skip
        yield


@pytest.fixture(scope="module")
def bundle(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("forged") / "data"
    shutil.copytree(built_store, folder, ignore=shutil.ignore_patterns("checks", "tasks"))
    workspace = Workspace(Settings(data_dir=folder))
    body = json.dumps({"type": "Polygon", "coordinates": [[*RING, RING[0]]]}).encode()
    source = Source(name="site.geojson", files={"site.geojson": body})
    result = read_and_check(workspace, source, ReadOptions())
    for finding in result.sites[0].findings[:2]:
        said = OverrideRequest(
            site_id=result.sites[0].site_id, rule_id=finding.rule_id, layer_id=finding.layer_id,
            verdict="conditional", reason="复核", name="张三",
        )  # fmt: skip
        override_finding(workspace, result.id, said)
    return build_evidence(workspace, result.id)


def of_json(files: Files, name: str, change: Callable[[object], None]) -> None:
    content = json.loads(files[name])
    change(content)
    files[name] = canonical_json(content)


def some_layer(files: Files, chance: Chance) -> str:
    return str(chance.choice(sorted(name for name in files if name.startswith("layers/"))))


def moved(files: Files, chance: Chance) -> None:
    def change(layer) -> None:
        row = layer["features"]["rows"][chance.integers(len(layer["features"]["rows"]))][1]
        shape = shapely.from_wkb(row[1])
        by = chance.choice([1e-9, 1e-6, 1e-3, 0.5]) * chance.choice([-1, 1])
        row[1] = shapely.to_wkb(
            shapely.transform(shape, lambda xy: xy + by), hex=True, byte_order=1
        )

    of_json(files, some_layer(files, chance), change)


def renamed(files: Files, chance: Chance) -> None:
    def change(layer) -> None:
        row = layer["features"]["rows"][chance.integers(len(layer["features"]["rows"]))][1]
        if row[2] and chance.random() < 0.7:
            row[2][sorted(row[2])[chance.integers(len(row[2]))]] = f"x{chance.integers(1e9)}"
        else:
            row[0] = f"{row[0]}'"

    of_json(files, some_layer(files, chance), change)


def left_out(files: Files, chance: Chance) -> None:
    """Leave a feature out, and say of a smaller layer that it is all of it."""

    def change(layer) -> None:
        tree = layer["features"]
        place, _ = tree["rows"].pop(chance.integers(len(tree["rows"])))
        if chance.random() < 0.5:
            tree["count"] -= 1
        tree["tree"] = without(tree["tree"], place)

    of_json(files, some_layer(files, chance), change)


def without(tree, place: int):
    if not isinstance(tree, list):
        return None if tree == place else tree
    halves = [half for half in (without(one, place) for one in tree) if half is not None]
    return halves if len(halves) == 2 else halves[0] if halves else None


def pruned(files: Files, chance: Chance) -> None:
    """Shut the branch of a feature: a proof that holds, but for the box of what it hides."""
    from api.check.proof import shown as proof

    def change(layer) -> None:
        tree = layer["coverage" if layer["coverage"] and chance.random() < 0.3 else "features"]
        place, row = tree["rows"].pop(chance.integers(len(tree["rows"])))
        leaf = proof.leaf_of(row, proof.boxes_of([row])[0])
        tree["tree"] = shut_in(tree["tree"], place, proof.tree_to_json(leaf))

    of_json(files, some_layer(files, chance), change)


def shut_in(tree, place: int, leaf):
    if isinstance(tree, list):
        return [shut_in(half, place, leaf) for half in tree]
    return leaf if tree == place else tree


def digest_of_layer(data: bytes) -> str:
    from api.check.proof.shown import read_shown

    return read_shown(data).sha256


def branch_changed(files: Files, chance: Chance) -> None:
    def change(layer) -> None:
        shut = list(branches_of(layer["features"]["tree"]))
        if not shut:
            layer["features"]["count"] += 1
            return
        one = shut[chance.integers(len(shut))]
        if chance.random() < 0.5:
            one["box"] = [170.0, 10.0, 171.0, 11.0]
        else:
            one["sha256"] = digest(chance.bytes(8))

    of_json(files, some_layer(files, chance), change)


def branches_of(tree):
    if isinstance(tree, list):
        for half in tree:
            yield from branches_of(half)
    elif isinstance(tree, dict):
        yield tree


def spec_changed(files: Files, chance: Chance) -> None:
    def change(rows) -> None:
        row = rows[chance.integers(len(rows))]
        name, value = [
            ("status", "official"), ("precision_m", 5000.0), ("valid_to", "2020-01-01"),
            ("title_zh", "别的"), ("source", "别处"), ("sensitivity", "public"),
        ][chance.integers(6)]  # fmt: skip
        if row["spec"][name] == value:
            value = "classified" if name == "sensitivity" else "别的"
        row["spec"][name] = value

    of_json(files, "layers.json", change)


def layer_dropped(files: Files, chance: Chance) -> None:
    def change(rows) -> None:
        del rows[chance.integers(len(rows))]

    of_json(files, "layers.json", change)


def rule_changed(files: Files, chance: Chance) -> None:
    def change(rules) -> None:
        rule = rules[chance.integers(len(rules))]
        name = ["tolerance", "demands_zh", "required", "buffer_m"][chance.integers(4)]
        rule[name] = {
            "tolerance": {"width_m": 1e6, "precision_factor": 3.0, "area_m2": 1e12},
            "demands_zh": "随意",
            "required": not rule["required"],
            "buffer_m": float(chance.integers(1, 400)),
        }[name]

    of_json(files, "rules.json", change)


def kind_changed(files: Files, chance: Chance) -> None:
    def change(kinds) -> None:
        kinds[chance.integers(len(kinds))]["title_zh"] = f"别的{chance.integers(1e9)}"

    of_json(files, "kinds.json", change)


def decision_changed(files: Files, chance: Chance) -> None:
    text = files["decisions.json"].decode()
    words = [word for word in ("avoid", "不得", "禁止", "避让") if word in text]
    word = words[chance.integers(len(words))]
    files["decisions.json"] = text.replace(word, "准许" if word != "avoid" else "nothing").encode()


def input_changed(files: Files, chance: Chance) -> None:
    which = chance.integers(3)
    if which == 0:
        by = float(chance.choice([1e-7, 1e-4, 0.2]))
        ring = [[x + by, y] for x, y in RING]
        files["input/0"] = json.dumps(
            {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        ).encode()
    elif which == 1:
        of_json(files, "input.json", lambda said: said["options"].update(datum="gcj02"))
    else:
        of_json(files, "input.json", lambda said: said.update(names=["site.json"]))


def result_changed(files: Files, chance: Chance) -> None:
    def change(result) -> None:
        finding = result["sites"][0]["findings"][
            chance.integers(len(result["sites"][0]["findings"]))
        ]
        which = chance.integers(4)
        if which == 0:
            finding["verdict"] = "clear" if finding["verdict"] != "clear" else "conflict"
        elif which == 1:
            finding["overlap_area_m2"] = float(chance.integers(1, 1e9))
        elif which == 2:
            result["sites"][0]["area_m2"] *= 1.001
        else:
            result["record"]["software"]["shapely"] = f"9.{chance.integers(1e9)}"

    of_json(files, "result.json", change)


def review_changed(files: Files, chance: Chance) -> None:
    def change(rows) -> None:
        row = rows[chance.integers(len(rows))]
        which = chance.integers(3)
        if which == 0:
            row["verdict"] = "clear"
        elif which == 1:
            row["name"] = f"李{chance.integers(1e9)}"
        else:
            rows.clear()

    of_json(files, OVERRIDES, change)


def key_added(files: Files, chance: Chance) -> None:
    """Say something more, in a place that no program looks at but that a person may."""
    names = sorted(name for name in files if not name.startswith("input/"))
    name = names[chance.integers(len(names))]
    content = json.loads(files[name])
    places = list(objects_of(content))
    places[chance.integers(len(places))][f"批准{chance.integers(1e9)}"] = "同意"
    files[name] = canonical_json(content)


def objects_of(content):
    if isinstance(content, dict):
        yield content
    for one in content.values() if isinstance(content, dict) else content:
        if isinstance(one, dict | list):
            yield from objects_of(one)


def name_said_twice(files: Files, chance: Chance) -> None:
    """Say one thing to a person who reads from the start, and another to a program."""
    names = sorted(name for name in files if not name.startswith("input/"))
    name = names[chance.integers(len(names))]
    text = files[name].decode()
    at = text.index('{"')
    key, rest = text[at + 1 :].split(":", 1)
    files[name] = f"{text[: at + 1]}{key}:{chance.integers(1e9)},{key}:{rest}".encode()


def file_added(files: Files, chance: Chance) -> None:
    files[f"layers/{chance.integers(1e9)}.json"] = b"{}"


FORGERIES = (
    moved, renamed, left_out, pruned, branch_changed, spec_changed, layer_dropped, rule_changed,
    kind_changed, decision_changed, input_changed, result_changed, review_changed, key_added,
    name_said_twice, file_added,
)  # fmt: skip


def mended(files: Files) -> Files:
    """Return a bundle whose result is what follows from it, under the id of the true check."""
    recorded = CheckResult.model_validate_json(files["result.json"])
    try:
        source, declared = input_from(files)
        terms = verify._terms(
            recorded, declared, verify._law(files, date.fromisoformat(recorded.checked_on))
        )
        layers, _ = verify._layers(files, recorded)
        sites = verify.read_sites(source, declared, counties=read_counties(shipped_zone().region))
        again = verify.compute_check(layers, sites, terms)
    except (PlanningError, *verify._MALFORMED):
        return files
    kept = again.model_copy(update={"id": recorded.id, "record": recorded.record})
    return {**files, "result.json": canonical_json(kept.model_dump(mode="json"))}


def packed(files: Files, form: str) -> bytes:
    """Return a bundle whose bytes are not pressed together; a forger may pack as he likes."""
    digests = {name: digest(data) for name, data in files.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr(MANIFEST, canonical_json({"form": form, "files": digests}))
    return target.getvalue()


def passes(data: bytes, expected: str, forgery: str) -> bool:
    """Whether a forgery is called the same by one who knows the id of the check from a report.

    Reviews are not in the id: there it must be said that they are not proved.
    """
    try:
        found = verify_evidence(data, expected)
    except PlanningError:
        return False
    excused = {"layers", "reviews"} if forgery == review_changed.__name__ else {"layers"}
    return found.same and not excused & set(found.unproved)


def forged(bundle: bytes, seed: int) -> tuple[str, bytes]:
    """Return a forgery; one in five is packed as a release without proofs did."""
    chance = np.random.default_rng(seed)
    files = unpack(bundle, FORM)
    result = files["result.json"]
    forgery = FORGERIES[seed % len(FORGERIES)]
    forgery(files, chance)
    # To mend a forged result would be to take the forgery back.
    if files["result.json"] == result and chance.random() < 0.7:
        files = mended(files)
    form = FORM if chance.random() < 0.8 else verify._OLD_FORM
    return forgery.__name__, packed(files, form)


@pytest.mark.parametrize("seed", range(2 * len(FORGERIES)))
def test_no_forgery_of_any_kind_passes(bundle: bytes, seed: int) -> None:
    name, data = forged(bundle, seed)
    assert data != bundle
    assert not passes(data, verify_evidence(bundle).check_id, name), name


def test_what_is_not_forged_passes_however_it_is_packed(bundle: bytes) -> None:
    data = packed(unpack(bundle, FORM), FORM)
    assert passes(data, verify_evidence(bundle).check_id, moved.__name__)


@pytest.mark.slow
@pytest.mark.usefixtures("_equal_inputs_are_worked_on_once")
def test_none_of_a_thousand_forgeries_passes(bundle: bytes) -> None:
    known = verify_evidence(bundle)
    for seed in range(1_000, 2_000):
        name, data = forged(bundle, seed)
        assert not passes(data, known.check_id, name), (seed, name)


def test_the_true_bundle_passes_by_each_thing_that_a_report_prints(bundle: bytes) -> None:
    known = verify_evidence(bundle)
    assert (known.same, known.unproved, known.reviews) == (True, ["origin", "reviews"], 2)
    assert verify_evidence(bundle, known.bundle_sha256).unproved == []
    assert verify_evidence(bundle, known.result_sha256).unproved == ["reviews"]
    assert verify_evidence(bundle, known.check_id).unproved == ["reviews"]
    assert not verify_evidence(bundle, "0" * 64).same


def test_a_hidden_feature_makes_up_the_root_and_is_missed_all_the_same(bundle: bytes) -> None:
    """The branch of what is hidden is a true one; only its box gives it away."""
    whole = unpack(bundle, FORM)
    for seed in range(6):
        files = dict(whole)
        pruned(files, np.random.default_rng(seed))
        (name,) = [name for name, data in files.items() if data != whole[name]]
        assert digest_of_layer(files[name]) == digest_of_layer(whole[name])
        assert not verify_evidence(pack(mended(files), FORM)).same

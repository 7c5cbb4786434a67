"""Rule files of suitability: the built-in one, own ones, and refusals in words."""

from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from geo.expansion.errors import SuitabilityError
from layers.errors import RuleFileError
from layers.expansion.suitability import load_suitability
from layers.store.catalogue import load_kinds


def content() -> dict:
    text = (
        files("layers.expansion")
        .joinpath("suitability_data/urban_building.yaml")
        .read_text("utf-8")
    )
    return yaml.safe_load(text)


def write(folder: Path, said: dict) -> Path:
    (folder / "own.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    return folder


def test_every_part_says_where_it_is_from() -> None:
    rule = load_suitability(None, load_kinds())["urban_building"]
    for citation in rule.citations.values():
        assert citation.note_zh
        assert citation.note_en
    # Nothing in the file was compared with an official text, so nothing may claim it.
    assert "official_text" not in {one.certainty for one in rule.citations.values()}


def test_an_own_file_of_the_same_id_takes_the_place(tmp_path: Path) -> None:
    said = content()
    said["exclusions"]["slope_above_deg"] = 20.0
    rule = load_suitability(write(tmp_path, said), load_kinds())["urban_building"]
    assert rule.excluded_slope_deg == 20.0
    assert load_suitability(None, load_kinds())["urban_building"].excluded_slope_deg == 25.0


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        (("terrain", "slope_deg", "grades"), [1, 2], RuleFileError),
        (("terrain", "slope_deg", "upper_bounds"), [8.0, 3.0, 15.0, 25.0], RuleFileError),
        (("integration", "matrix_factor"), "watre", RuleFileError),
        (("exclusions", "layers"), [{"id": "red_line", "required": True}], RuleFileError),
        (("exclusions", "surprise"), 1, RuleFileError),
        (("form", "steps"), [{"from_compactness": 0.2, "adds": 1}], RuleFileError),
        (("form", "steps"), [{"from_compactness": 0.0, "adds": 1, "sets": 5}], RuleFileError),
        (("integration", "matrix"), [[1] * 5] * 3, SuitabilityError),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, path, value, error) -> None:
    said = content()
    place = said
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(error):
        load_suitability(write(tmp_path, said), load_kinds())


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(RuleFileError):
        load_suitability(tmp_path, load_kinds())

"""The editor's copy of the front-matter schema says what the articles' schemas say today."""

import json
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipeline.law.rulebook import REGULATION, load
from tools.editor_schema import ROOT, TARGET, editor_schema, editor_settings


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Law and schemas of the product, to be changed."""
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    (tmp_path / REGULATION).parent.mkdir(parents=True)
    shutil.copy(ROOT / REGULATION, tmp_path / REGULATION)
    return tmp_path


def _stored() -> dict[str, Any]:
    value: dict[str, Any] = json.loads((ROOT / TARGET).read_text(encoding="utf-8"))
    return value


def test_it_is_up_to_date() -> None:
    assert (ROOT / TARGET).read_bytes() == editor_schema(ROOT), (
        "make it again: python -m tools.editor_schema"
    )


def test_a_new_key_of_an_article_changes_it(copy: Path) -> None:
    path = copy / "schemas" / "articles" / "aff_form.json"
    article = json.loads(path.read_text(encoding="utf-8"))
    keys = article["properties"]["front_matter"]["properties"]
    keys["occasion"] = {"clause": "F-1", "type": "string"}
    path.write_text(json.dumps(article), encoding="utf-8")
    made = json.loads(editor_schema(copy))
    assert made["properties"].keys() - _stored()["properties"].keys() == {"occasion"}


def test_it_is_no_part_of_the_rulebook() -> None:
    paths = [p.relative_to(ROOT).as_posix() for p in (ROOT / "schemas").rglob("*.json")]
    assert TARGET.as_posix() in paths
    schemas = {p: (ROOT / p).read_bytes() for p in paths}
    without = {p: raw for p, raw in schemas.items() if p != TARGET.as_posix()}
    law = (ROOT / REGULATION).read_bytes()
    assert load(law, schemas) == load(law, without)


def test_it_refuses_what_the_pipeline_refuses() -> None:
    Draft202012Validator.check_schema(_stored())
    problems = list(Draft202012Validator(_stored()).iter_errors({"titel": "x", "category": 8}))
    assert any(p.validator == "additionalProperties" and "titel" in p.message for p in problems)
    assert any(p.validator == "maximum" and list(p.path) == ["category"] for p in problems)
    assert any(p.validator == "required" and "'title'" in p.message for p in problems)


def test_the_editor_settings_bind_files_that_exist() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    bound = settings["yaml.schemas"]
    assert editor_settings(deepcopy(settings)) == settings
    assert _schemas("registers") | _schemas("records") <= bound.keys()
    assert _schemas("statements") == {each["url"] for each in settings["json.schemas"]}
    for schema, globs in bound.items():
        assert (ROOT / schema).is_file(), schema
        for glob in [globs] if isinstance(globs, str) else globs:
            name = Path(schema).stem  # the demo holds not every kind
            own = (f"content/records/{name}/**/*.yml", f"content/registers/{name}.yml")
            assert glob in own or any(ROOT.glob(glob)), glob


def _schemas(kind: str) -> set[str]:
    paths = (ROOT / "schemas" / kind).glob("*.json")
    return {f"./{p.relative_to(ROOT).as_posix()}" for p in paths}
